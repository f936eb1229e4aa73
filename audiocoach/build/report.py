"""What is seen of a build: a progress line a stage, and a closing table."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from audiocoach import regular
from audiocoach.build.files import replacing
from audiocoach.errors import printable, records
from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID
    from typing_extensions import Self

    from audiocoach.build.jobs import Built, Failed, Outcome
    from audiocoach.errors import AudiocoachError

REPORT = "audiocoach-report.json"
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
        from rich.console import Console  # noqa: PLC0415 - 50 ms
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

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
    """A bar on a terminal, plain lines elsewhere."""
    return Bar(out) if out.isatty() else Lines(out)


def as_json(done: Outcome, seconds: float, errors: Sequence[AudiocoachError] = ()) -> str:
    """The end of a build for programs: each routine once, what went, and how long everything took.

    `errors` are those that are no single routine's.
    """
    rows = [
        {
            "routine": str(one.routine),
            "status": "standing" if one.reason is None else "built",
            "reason": one.reason,
            **_facts(one),
            "new_phrases": one.new,
            "seconds": round(one.seconds, 3),
            "file": str(one.path),
        }
        for one in done.built
    ]
    body = {
        "routines": rows,
        "failed": [_failure(one) for one in done.failed],
        "removed": done.removed,
        "problems": records(problem for error in errors for problem in error.problems),
        "seconds": round(seconds, 3),
    }
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def keep(folder: Path, done: Outcome) -> None:
    """Leave the report in the output folder, where it says another thing than the one that is there.

    It holds no time and nothing that depends on the cache: the same build gives the same report.

    Raises:
        StorageError: it could not be written.
    """
    rows = [{"routine": str(one.routine), **_facts(one), "file": one.path.name} for one in done.built]
    body = {"routines": rows, "failed": [_failure(one) for one in done.failed]}
    text = (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    with contextlib.suppress(OSError):
        if regular.read(folder / REPORT) == text:
            return
    with replacing(folder / REPORT) as (file,):
        file.write(text)


def _facts(one: Built) -> dict[str, Any]:
    return {
        "duration_ms": one.duration_ms,
        "phrases": one.phrases,
        "size_bytes": one.size_bytes,
        "notes": records(one.notes),
    }


def _failure(one: Failed) -> dict[str, Any]:
    return {"routine": str(one.path), "problems": records(one.error.problems)}


_HEAD = ("routine", "length", "phrases", "new", "reused", "size", "time", "file")


def table(built: Sequence[Built], seconds: float) -> str:
    """The closing table: what was built, in columns."""
    rows = [_HEAD, *(_row(one) for one in built)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    whole_ms = sum(one.duration_ms for one in built)
    return "\n".join([*lines, f"{_sum(built)}, {ms_to_clock(whole_ms)} in all, in {seconds:.1f} s", ""])


def _sum(built: Sequence[Built]) -> str:
    done = sum(one.reason is None for one in built)
    count = "1 routine" if len(built) == 1 else f"{len(built)} routines"
    if done == len(built):
        return f"{count}, nothing to do"
    return f"{count}, {len(built) - done} built, {done} done before" if done else f"{count} built"


def _row(one: Built) -> tuple[str, ...]:
    size = f"{one.size_bytes / 1_000_000:.1f} MB"
    counts = (str(one.phrases), str(one.new), str(one.phrases - one.new))
    return (
        printable(one.slug),
        ms_to_clock(one.duration_ms),
        *counts,
        size,
        f"{one.seconds:.1f} s",
        printable(one.path),
    )
