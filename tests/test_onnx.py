"""onnxruntime as neural voices use it: what it is told, and what is told where it or a model is missing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from audiocoach import installed
from audiocoach.errors import RefusedError
from audiocoach.voice import engines
from audiocoach.voice.engines import onnx

if TYPE_CHECKING:
    from pathlib import Path

INTEL = "processor\t: 0\nflags\t\t: fpu sse4_1 avx avx2 fma\n\nprocessor\t: 1\nflags\t\t: none\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd asimddp\n"


@pytest.mark.parametrize(
    ("text", "machine", "expected"),
    [
        (INTEL, "x86_64", "x86_64 sse4_1 avx fma avx2"),
        (INTEL.replace(" avx2 fma", ""), "x86_64", "x86_64 sse4_1 avx"),
        (ARM, "aarch64", "aarch64 asimd asimddp"),
        ("", "arm64", "arm64"),
    ],
)
def test_a_family_of_kernels_is_what_the_first_processor_can_do(
    text: str, machine: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "_cpu_info", lambda: text)
    monkeypatch.setattr(onnx, "_machine", lambda: machine)
    onnx.kernel_family.cache_clear()
    assert onnx.kernel_family() == expected
    onnx.kernel_family.cache_clear()


def test_the_identity_names_versions_alone() -> None:
    versions = {name: installed.version(name) for name in ("onnxruntime", "numpy")}
    expected = f"onnxruntime {versions['onnxruntime']} numpy {versions['numpy']}"
    assert onnx.identity() == expected


@pytest.mark.parametrize("lacking", ["onnxruntime", "numpy"])
def test_without_a_library_the_command_that_installs_it_is_told(
    lacking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = installed.version
    monkeypatch.setattr(installed, "version", lambda name: "" if name == lacking else there(name))
    with pytest.raises(RefusedError, match=r' -m pip install "audiocoach\[natural\]"$'):
        onnx.identity()


@pytest.mark.parametrize("lacking", ["onnxruntime", "numpy"])
def test_a_library_that_does_not_load_is_told_likewise(lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another test may have loaded it in this process.
    for name in [name for name in sys.modules if name.startswith("onnxruntime")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, lacking, None)
    with pytest.raises(RefusedError, match=r'needs onnxruntime and numpy \(.+\): .+"audiocoach\[natural\]"$'):
        onnx.runtime()


@pytest.mark.parametrize("content", [b"", b"<html>404</html>", b"\x08\x07" + bytes(5000)])
def test_a_file_that_is_no_model_is_named(content: bytes, tmp_path: Path) -> None:
    model = tmp_path / "joe.onnx"
    model.write_bytes(content)
    with pytest.raises(RefusedError) as refused:
        onnx.session(model, "joe")
    assert refused.value.message == f"the file {model} of the voice 'joe' is no ONNX model: fetch it anew"


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"joe\.onnx of the voice 'joe'"):
        onnx.session(tmp_path / "joe.onnx", "joe")


def test_the_runtime_is_told_to_call_nobody_before_it_is_imported_and_starts_no_thread() -> None:
    code = """
import os, sys
sys.path[:] = __import__("json").loads(sys.argv[1])
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "onnxruntime":
            print(os.environ.get("ORT_DISABLE_TELEMETRY"))
sys.meta_path.insert(0, Watch())
from audiocoach.voice.engines import onnx
onnx.identity()
assert not {"onnxruntime", "numpy", "platform"} & set(sys.modules)
onnx.runtime()
if sys.platform == "linux":
    assert len(os.listdir("/proc/self/task")) == 1
"""
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(sys.path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "1\n"


@pytest.mark.parametrize("name", ["hibari", "kokoro", "piper"])
def test_a_cluster_compares_the_processor_for_every_neural_voice(name: str) -> None:
    assert engines.machine_of(name) == onnx.kernel_family()
