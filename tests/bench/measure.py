"""Whole processes from the shell, timed from outside, commands in turn."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Command = Callable[[int], Sequence[str]]

_LOOKED_S = 0.01


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process with its children: the memory is that of the largest of them."""

    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Turns:
    """The same work done by several commands in turn, several times: `runs[command][turn]`."""

    runs: tuple[tuple[Run, ...], ...]

    def seconds(self, command: int) -> float:
        """The median."""
        return median(run.seconds for run in self.runs[command])

    def peak_mb(self, command: int) -> float:
        """The largest."""
        return max(run.peak_mb for run in self.runs[command])

    def ratio(self, slower: int, faster: int) -> float:
        """How many times longer one takes than the other: the median of the turns."""
        pairs = zip(self.runs[slower], self.runs[faster], strict=True)
        return median(one.seconds / other.seconds for one, other in pairs)


def run(command: Sequence[str]) -> Run:
    """Run a command to its end. What was prepared for it is on the disk before its time begins.

    Raises:
        RuntimeError: it failed: a figure of failed work is no figure.
    """
    os.sync()
    start = time.perf_counter()
    process = _started(command)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def tree_peak_mb(command: Sequence[str]) -> float:
    """The most that a process holds at one time with all that come of it; what they share is counted once.

    Raises:
        RuntimeError: as `run`.
    """
    with _watched(command) as moments:
        return max(sum(_held_kb(process) for process in _tree(root)) for root in moments) / 1024


def seconds_until(command: Sequence[str], folder: Path, prefix: str) -> float:
    """How long a process runs until there is a file of such a name under the folder; then it runs to its end.

    Raises:
        RuntimeError: as `run`, or there was none.
    """
    start, seconds = time.perf_counter(), 0.0
    with _watched(command) as moments:
        for _ in moments:
            if not seconds and folder.is_dir() and any(folder.rglob(f"{prefix}*")):
                seconds = time.perf_counter() - start
    if not seconds:
        raise RuntimeError(f"{' '.join(command)} left nothing called {prefix}* in {folder}")
    return seconds


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A user's interpreter keeps compiled modules: so does the one that is measured.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


@contextmanager
def _watched(command: Sequence[str]) -> Iterator[Iterator[int]]:
    """Moments of a process that runs to its end, and one after it: its number, when it may be looked at."""

    def moments() -> Iterator[int]:
        while process.poll() is None:
            yield process.pid
            time.sleep(_LOOKED_S)
        yield process.pid

    process = _started(command)
    yield moments()
    if process.wait():
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")


def _tree(root: int) -> set[int]:
    """A process and all that come of it, but for those whose parents have ended."""
    parents = dict(_parents())
    tree, size = {root}, 0
    while len(tree) > size:
        size = len(tree)
        tree |= {process for process, parent in parents.items() if parent in tree}
    return tree


def _parents() -> Iterator[tuple[int, int]]:
    """Processes and their parents (proc(5), Linux)."""
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            if folder.name.isdigit():
                # Behind the name, which may have any letters: the state, the parent.
                fields = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
                yield int(folder.name), int(fields.split()[1])


def _held_kb(process: int) -> int:
    """Its proportional set size: of a page that is shared by four it has a quarter. 0 where it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def turns(runs: int, *commands: Command, warmup: int = 1) -> Turns:
    """All commands in turn; each is made anew for every run, with the run's number."""
    done = [[run(command(number)) for command in commands] for number in range(warmup + runs)][warmup:]
    return Turns(tuple(zip(*done, strict=True)))
