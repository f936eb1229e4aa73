"""What is seen of a build: a progress line a stage, and a closing table."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, TextIO

from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID
    from typing_extensions import Self

    from audiocoach.build.jobs import Built

# Work that is over sooner than this needs no bar.
_BAR_AFTER_S = 0.5
_LINE_EVERY_S = 5.0


class Progress(Protocol):
    """Told what is done; shows it or does not."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""

    def advance(self) -> None:
        """One step is done."""


class _Shown:
    """A context that shows stages somewhere; `close` leaves the place tidy."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing more will be shown."""


class Lines(_Shown):
    """Plain lines, for where there is no terminal: one when a stage is over, some in a long one."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._name, self._total, self._done = "", 0, 0
        self._said_at_s = 0.0

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""
        self._name, self._total, self._done = name, total, 0
        self._said_at_s = time.monotonic()

    def advance(self) -> None:
        """One step is done."""
        self._done += 1
        now_s = time.monotonic()
        if self._done == self._total or now_s - self._said_at_s > _LINE_EVERY_S:
            self._said_at_s = now_s
            print(f"{self._name} {self._done}/{self._total}", file=self._out)


class Bar(_Shown):
    """A bar with the time left, on a terminal; rich is loaded when the work turns out to be long."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._rich: RichProgress | None = None
        self._task: TaskID | None = None
        self._name, self._total, self._done = "", 0, 0
        self.started_s = time.monotonic()

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""
        self._name, self._total, self._done = name, total, 0
        self._task = self._rich.add_task(name, total=total) if self._rich and total else None

    def advance(self) -> None:
        """One step is done."""
        self._done += 1
        if self._rich is None and time.monotonic() - self.started_s > _BAR_AFTER_S:
            self._start()
        if self._rich is not None and self._task is not None:
            self._rich.update(self._task, completed=self._done)

    def _start(self) -> None:
        from rich.console import Console  # noqa: PLC0415 - 50 ms
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        columns = (
            TextColumn("{task.description:<7}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._rich = Progress(*columns, console=Console(file=self._out), transient=True)
        self._rich.start()
        self._task = self._rich.add_task(self._name, total=self._total)

    def close(self) -> None:
        """Take the bars away."""
        if self._rich is not None:
            self._rich.stop()


def progress_on(out: TextIO) -> Lines | Bar:
    """A bar on a terminal, plain lines elsewhere."""
    return Bar(out) if out.isatty() else Lines(out)


_HEAD = ("routine", "length", "phrases", "new", "size", "file")


def table(built: list[Built], seconds: float) -> str:
    """The closing table: what was built, in columns."""
    rows = [_HEAD, *(_row(one) for one in built)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    whole_ms = sum(one.duration_ms for one in built)
    return "\n".join([*lines, f"{_sum(built)}, {ms_to_clock(whole_ms)} in all, in {seconds:.1f} s", ""])


def _sum(built: list[Built]) -> str:
    done = sum(one.done for one in built)
    count = "1 routine" if len(built) == 1 else f"{len(built)} routines"
    if done == len(built):
        return f"{count}, nothing to do"
    return f"{count}, {len(built) - done} built, {done} done before" if done else f"{count} built"


def _row(one: Built) -> tuple[str, ...]:
    size = f"{one.size_bytes / 1_000_000:.1f} MB"
    return (one.slug, ms_to_clock(one.duration_ms), str(one.phrases), str(one.new), size, str(one.path))
