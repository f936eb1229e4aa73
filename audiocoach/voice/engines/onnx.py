"""onnxruntime, as every neural voice wants it: one thread, no telemetry, and errors that say what to install.

Which bytes a model makes depends on more than the model: sums that are added in another order end in other
digits. So a session has one thread, and what else decides has a name: the versions (`identity`), and the
kernels that the runtime picks for this processor (`kernel_family`).
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from audiocoach import installed
from audiocoach.errors import RefusedError, is_for_want_of_memory

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

_LIBRARIES = ("onnxruntime", "numpy")
_CPU_INFO = "/proc/cpuinfo"
# The flags of the first processor stand in the first 4 kB: a machine with 256 of them writes a megabyte.
_CPU_INFO_BYTES = 8192
# What onnxruntime (MLAS) and numpy look for to pick a kernel, by the names of Linux.
_KERNEL_FLAGS = (
    *("sse4_1", "avx", "fma", "avx2", "avx_vnni", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8"),
    *("asimd", "asimddp", "i8mm", "bf16", "sve"),
)
_ERRORS_ALONE = 3
_AS_IMPORTED = {"ORT_DISABLE_TELEMETRY": "1", "OPENBLAS_NUM_THREADS": "1"}


def install() -> str:
    """The command that installs what a neural voice needs."""
    return installed.pip_install('"audiocoach[natural]"')


class NeuralEngine:
    """What all engines on this runtime share: none can forget that its bytes depend on the machine."""

    @staticmethod
    def machine() -> str:
        """The kernels that are picked for this processor."""
        return kernel_family()

    @staticmethod
    def prepare() -> None:
        """Load onnxruntime.

        Raises:
            RefusedError: it is missing.
        """
        runtime()


def session(model: Path, name: str) -> Any:
    """An `InferenceSession` of this file: on the CPU, with one thread and silent but for errors.

    `name` is what the user calls the voice.

    Raises:
        RefusedError: onnxruntime is missing, or the file is no model that it reads.
    """
    chosen = options()
    try:
        return inference(str(model), chosen)
    except Exception as error:
        if is_for_want_of_memory(error):
            raise
        raise RefusedError(
            f"the file {model} of the voice {name!r} is no ONNX model: fetch it anew"
        ) from error


def options(*, optimizes: bool = True) -> Any:
    """How all sessions are: one thread, silent but for errors; `optimizes` not where that was done before.

    Raises:
        RefusedError: onnxruntime is missing.
    """
    onnxruntime = runtime()
    chosen = onnxruntime.SessionOptions()
    chosen.intra_op_num_threads = chosen.inter_op_num_threads = 1
    chosen.log_severity_level = _ERRORS_ALONE
    if not optimizes:
        chosen.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return chosen


def inference(model: str | bytes, chosen: Any) -> Any:
    """An `InferenceSession` on the CPU, of a file or of its content.

    Raises:
        RefusedError: onnxruntime is missing.
        Exception: whatever the runtime says of what it does not read.
    """
    return runtime().InferenceSession(model, chosen, providers=["CPUExecutionProvider"])


def runtime() -> ModuleType:
    """The module `onnxruntime`, imported so that it calls nobody and starts no thread.

    From 1.29 on it writes an id of the machine and looks up a collector, unless a variable is set before.
    numpy starts a thread for each processor, which no inference needs, and no fork would have.

    Raises:
        RefusedError: it is missing, or does not load.
    """
    os.environ |= _AS_IMPORTED
    try:
        import onnxruntime
    except ImportError as error:
        raise _missing(f" ({error})") from error
    module: ModuleType = onnxruntime
    return module


def identity() -> str:
    """The versions that shape a neural voice's bytes: part of its fingerprint.

    Raises:
        RefusedError: a library is not installed.
    """
    versions = {name: installed.version(name) for name in _LIBRARIES}
    if not all(versions.values()):
        raise _missing("")
    return " ".join(f"{name} {version}" for name, version in versions.items())


@lru_cache(maxsize=1)
def kernel_family() -> str:
    """What kind of processor this is, as far as kernels are picked by it: `x86_64 sse4_1 avx fma avx2`.

    Where the system does not say which instructions there are, the machine's name alone.
    """
    flags = _flags(_cpu_info())
    return " ".join((_machine(), *(flag for flag in _KERNEL_FLAGS if flag in flags)))


def _flags(text: str) -> frozenset[str]:
    """The instructions of the first processor: `flags` on x86, `Features` on ARM."""
    for line in text.splitlines():
        name, _, flags = line.partition(":")
        if name.strip() in {"flags", "Features"}:
            return frozenset(flags.split())
    return frozenset()


def _cpu_info() -> str:
    try:
        with open(_CPU_INFO, "rb", buffering=0) as file:
            return file.read(_CPU_INFO_BYTES).decode("ascii", "replace")
    except OSError:
        return ""


def _machine() -> str:
    if hasattr(os, "uname"):
        return os.uname().machine
    import platform

    return platform.machine()


def _missing(reason: str) -> RefusedError:
    return RefusedError(f"a neural voice needs onnxruntime and numpy{reason}: {install()}")
