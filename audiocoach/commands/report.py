"""What is told of a finished build: a closing table, JSON, and the report in the folder."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.api import (
    bought_record,
    dumped,
    facts_record,
    failure_record,
    outcome_record,
    said_of_voices,
)
from audiocoach.errors import printable, records
from audiocoach.store.files import replacing
from audiocoach.units import ms_to_clock
from audiocoach.voice.purchases import amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiocoach.errors import AudiocoachError
    from audiocoach.store.recipe import Level
    from audiocoach.voice.purchases import Bought
    from audiocoach.workers.forecast import Forecast, Words
    from audiocoach.workers.jobs import Built, Outcome

REPORT = "audiocoach-report.json"


def as_json(done: Outcome, seconds: float, errors: Sequence[AudiocoachError] = ()) -> str:
    """The end of a build for programs: each routine once, what went, and how long everything took.

    `errors` are those that are no single routine's.
    """
    body = {
        **outcome_record(done),
        "problems": records(problem for error in errors for problem in error.problems),
        "seconds": round(seconds, 3),
    }
    return dumped(body)


def keep(folder: Path, done: Outcome) -> None:
    """Leave the report in the output folder, where it says another thing than the one that is there.

    It holds no time and nothing that depends on the cache: the same build gives the same report.

    Raises:
        StorageError: it could not be written.
    """
    built = sorted(done.built, key=lambda one: one.path.name)
    rows = [{"routine": str(one.routine), **facts_record(one), "file": one.path.name} for one in built]
    # In the order of names, and not in that in which they were asked for.
    failed = [failure_record(one) for one in sorted(done.failed, key=lambda one: str(one.path))]
    body = {"routines": rows, "failed": failed, "voice": said_of_voices(done)}
    text = dumped(body).encode("utf-8", "backslashreplace")
    with contextlib.suppress(OSError):
        if regular.read(folder / REPORT) == text:
            return
    with replacing(folder / REPORT) as (file,):
        file.write(text)


def bought_lines(bought: Sequence[Bought]) -> str:
    """What paid voices were asked for, a line each."""
    return "".join(
        f"{printable(one.engine)} {printable(one.name)}: {_count(one.texts, 'text')},"
        f" {_count(one.characters, 'character')}, {amount(one.cost)}\n"
        for one in bought
    )


def forecast_text(found: Forecast) -> str:
    """What would be spoken, by voice, and what it would cost."""
    if not found.words:
        return "nothing would be spoken\n"
    spoken = "".join(f"{line}\n" for words in found.words for line in _forecast_lines(words))
    paid = f"to be paid for:\n{bought_lines(found.bought)}" if found.bought else "nothing to be paid for\n"
    return f"{spoken}{paid}"


def _forecast_lines(words: Words) -> Iterator[str]:
    name = printable(f"{words.engine} {words.name}".strip())
    yield f"{name}: {_count(len(words.texts), 'text')}, {_count(words.characters, 'character')}"
    yield from (f"  {printable(text)}" for text in words.texts)


def forecast_json(found: Forecast) -> str:
    """The same for programs."""
    return dumped(
        {
            "voices": [
                {
                    "engine": words.engine,
                    "name": words.name,
                    "characters": words.characters,
                    "texts": words.texts,
                }
                for words in found.words
            ],
            "bought": [bought_record(one) for one in found.bought],
            "failed": [failure_record(one) for one in found.failed],
        }
    )


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"


_HEAD = ("routine", "length", "phrases", "new", "reused", "size", "LUFS", "dBTP", "time", "file")


def table(built: Sequence[Built], seconds: float) -> str:
    """The closing table: what was built, in columns."""
    rows = [_HEAD, *(row for one in built for row in (_row(one), *_other_rows(one)))]
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


def level_cells(level: Level | None) -> tuple[str, str]:
    """How loud a sound is and its true peak, as a table has them."""
    measured = (level.lufs, level.peak_db) if level else (None, None)
    lufs, peak_db = ("-" if value is None else f"{value:.1f}" for value in measured)
    return lufs, peak_db


def _other_rows(one: Built) -> Iterator[tuple[str, ...]]:
    """The files of other kinds: what is theirs alone."""
    for file in one.others:
        size = f"{file.size_bytes / 1_000_000:.1f} MB"
        path = printable(one.path.with_name(file.name))
        yield ("", "", "", "", "", size, *level_cells(file.level), "", path)


def _row(one: Built) -> tuple[str, ...]:
    size = f"{one.size_bytes / 1_000_000:.1f} MB"
    counts = (str(one.phrases), str(one.new), str(one.phrases - one.new))
    return (
        printable(one.slug),
        ms_to_clock(one.duration_ms),
        *counts,
        size,
        *level_cells(one.level),
        f"{one.seconds:.1f} s",
        printable(one.path),
    )
