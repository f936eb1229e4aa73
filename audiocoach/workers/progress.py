"""What is seen of a build while it goes on: a line or a bar a stage."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID
    from typing_extensions import Self


STAGES = ("speech", "sound", "files")
# Work that is over sooner than this needs no bar.
_BAR_AFTER_S = 0.5
_LINE_EVERY_S = 5.0
_MANY = 10


class Progress(Protocol):
    """Told what there is to do and what is done; shows it or does not. Stages go on side by side."""

    def expect(self, stage: str, more: int) -> None:
        """So many more steps will be done in a stage."""

    def advance(self, stage: str) -> None:
        """One of them is done."""


class _Stage:
    """How far a stage is."""

    def __init__(self) -> None:
        self.total = self.done = 0
        self.began_s: float | None = None

    def expect(self, more: int) -> None:
        self.total += more
        self.began_s = self.began_s or time.monotonic()

    def line(self, name: str, now_s: float) -> str:
        """`speech 20/99, 41 a second, 2 s left`."""
        passed_s = max(now_s - (self.began_s or now_s), 0.001)
        rate = self.done / passed_s
        left = f", {(self.total - self.done) / rate:.0f} s left" if self.done < self.total and rate else ""
        return f"{name} {self.done}/{self.total}, {rate:.{0 if rate >= _MANY else 1}f} a second{left}"


class _Shown:
    """A context that shows stages somewhere; `close` leaves the place tidy."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stages = {name: _Stage() for name in STAGES}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def expect(self, stage: str, more: int) -> None:
        """So many more steps will be done in a stage."""
        self._stages[stage].expect(more)
        self._show()

    def advance(self, stage: str) -> None:
        """One of them is done."""
        self._stages[stage].done += 1
        self._show()

    def _show(self) -> None:
        """Something has changed."""

    def close(self) -> None:
        """Nothing more will be shown."""


class Lines(_Shown):
    """Plain lines, for where there is no terminal: some in long work, and one a stage at its end."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self.since_s = time.monotonic()

    def _show(self) -> None:
        now_s = time.monotonic()
        if now_s - self.since_s > _LINE_EVERY_S:
            self.since_s = now_s
            self._say(now_s, lambda stage: 0 < stage.done < stage.total)

    def _say(self, now_s: float, chosen: Callable[[_Stage], bool]) -> None:
        lines = [f"{stage.line(name, now_s)}\n" for name, stage in self._stages.items() if chosen(stage)]
        # Whoever does not look at the progress gets the result all the same.
        with contextlib.suppress(OSError):
            self._out.write("".join(lines))

    def close(self) -> None:
        """One line for each stage in which something was done."""
        self._say(time.monotonic(), lambda stage: stage.done > 0)


class Bar(_Shown):
    """A bar a stage with rate and time left, on a terminal; rich is loaded when work turns out to be long."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._rich: RichProgress | None = None
        self._tasks: dict[str, TaskID] = {}
        self.started_s = time.monotonic()

    def _show(self) -> None:
        if self._rich is None and time.monotonic() - self.started_s > _BAR_AFTER_S:
            self._start()
        if self._rich is None:
            return
        for name, stage in self._stages.items():
            if stage.total and name not in self._tasks:
                self._tasks[name] = self._rich.add_task(name, total=stage.total, rate="")
            if stage.total:
                rate = stage.line(name, time.monotonic()).split(", ")[1]
                self._rich.update(self._tasks[name], total=stage.total, completed=stage.done, rate=rate)

    def _start(self) -> None:
        from rich.console import Console  # 50 ms
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description:<7}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        self._rich = Progress(*columns, console=Console(file=self._out), transient=True)
        self._rich.start()

    def close(self) -> None:
        """Take the bars away."""
        if self._rich is not None:
            self._rich.stop()


def progress_on(out: TextIO) -> Lines | Bar:
    """A bar on a terminal, plain lines elsewhere, and on one that cannot draw, or is listened to."""
    return Bar(out) if out.isatty() and not is_plain() else Lines(out)


def is_plain() -> bool:
    """Whether nothing on the terminal may be drawn again: it is of the kind that is called `dumb`."""
    return os.environ.get("TERM") == "dumb"
