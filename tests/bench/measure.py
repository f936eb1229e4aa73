"""Whole processes from the shell, timed from outside, two commands in turn."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process."""

    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Pair:
    """The same work done by two commands in turn, several times; ratios are pair by pair."""

    ours: tuple[Run, ...]
    theirs: tuple[Run, ...]

    @property
    def ratio(self) -> float:
        """How many times faster ours is: the median of the pairs."""
        return median(their.seconds / our.seconds for our, their in zip(self.ours, self.theirs, strict=True))


def run(command: Sequence[str]) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: it failed: a figure of failed work is no figure.
    """
    # A user's interpreter keeps compiled modules: so does the one that is measured.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def pair(
    ours: Callable[[int], Sequence[str]], theirs: Callable[[int], Sequence[str]], runs: int, warmup: int = 1
) -> Pair:
    """Both commands in turn; each is made anew for every run, with the run's number."""
    done = [(run(ours(number)), run(theirs(number))) for number in range(warmup + runs)][warmup:]
    return Pair(tuple(one for one, _ in done), tuple(other for _, other in done))


def seconds(runs: Sequence[Run]) -> float:
    """The median."""
    return median(one.seconds for one in runs)


def peak_mb(runs: Sequence[Run]) -> float:
    """The largest."""
    return max(one.peak_mb for one in runs)
