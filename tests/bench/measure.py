"""Whole processes from the shell, timed from outside, commands in turn."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Command = Callable[[int], Sequence[str]]


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
    # A user's interpreter keeps compiled modules: so does the one that is measured.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    os.sync()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def turns(runs: int, *commands: Command, warmup: int = 1) -> Turns:
    """All commands in turn; each is made anew for every run, with the run's number."""
    done = [[run(command(number)) for command in commands] for number in range(warmup + runs)][warmup:]
    return Turns(tuple(zip(*done, strict=True)))
