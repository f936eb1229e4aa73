"""The benchmark's own instruments: memory of a whole tree of processes, and when a file is there."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench import measure
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# It holds 60 MB, and so does a process that it has started: 30 of them are those of its parent.
TWO = """
import os, time
shared = bytearray(b"x") * (30 << 20)
ready, tell = os.pipe()
if not (child := os.fork()):
    own = bytearray(b"y") * (30 << 20)
    os.write(tell, b".")
    time.sleep(1)
    os._exit(0)
own = bytearray(b"z") * (30 << 20)
os.read(ready, 1)
os.waitpid(child, 0)
"""
WRITES = (
    "import pathlib, sys; folder = pathlib.Path(sys.argv[1]); folder.mkdir(); (folder / 'clip-1').touch()"
)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_that_of_all_processes_and_what_they_share_counts_once() -> None:
    assert 90 < measure.tree_peak_mb((sys.executable, "-c", TWO)) < 115


def test_the_first_file_is_seen_wherever_it_lies(tmp_path: Path) -> None:
    command = (sys.executable, "-c", WRITES, str(tmp_path / "2"))
    assert measure.seconds_until(command, tmp_path, "clip-") > 0


def test_a_system_without_fork_can_be_played() -> None:
    code = "from audiocoach.voice.studio import Studio; from audiocoach.workers import crew; "
    code += "print(crew.FORKS, Studio(None)._forks)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "bench" / "forkless")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False False\n"


def test_a_figure_of_failed_work_is_no_figure(tmp_path: Path) -> None:
    fails = (sys.executable, "-c", "raise SystemExit(3)")
    with pytest.raises(RuntimeError, match="ended with 3"):
        measure.tree_peak_mb(fails)
    with pytest.raises(RuntimeError, match=r"left nothing called clip-\*"):
        measure.seconds_until((sys.executable, "-c", ""), tmp_path, "clip-")
