"""`audiocoach record-import`: one long recording of a sheet becomes a recorded voice."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.commands.common import tell
from audiocoach.errors import InputError, Problem, printable, whole
from audiocoach.making import cut_list, reading
from audiocoach.making.recording import find_cuts, keep
from audiocoach.records import dataclass
from audiocoach.voice import recordings

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.making.cut_list import Cut, CutList
    from audiocoach.making.reading import Line

_MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Import:
    """What is asked for: a recording of so many lines of a sheet, all unless `numbers` has first and last.

    Without `cuts`, a list that was written before, it is listened to.
    """

    path: Path
    voice: str
    sheet: Path
    numbers: tuple[int, int] | None = None
    cuts: Path | None = None


def import_recording(asked: Import, *, dry_run: bool, json: bool) -> None:
    """Cut a recording into the lines of its sheet, and print the cut list; what is doubtful is told.

    Raises:
        InputError: the sheet or the cut list cannot be used, or nobody speaks.
        SoundError: the recording cannot be read.
        StorageError: the voice's folder cannot be written.
    """
    folder = recordings.folder_of(asked.voice)
    lines = _lines(asked.sheet, asked.numbers)
    listed = (
        cut_list.parsed(asked.cuts, _text(asked.cuts), lines) if asked.cuts else find_cuts(asked.path, lines)
    )
    if not dry_run:
        keep(asked.path, listed, folder)
    sys.stdout.write((cut_list.as_json if json else cut_list.as_text)(listed))
    tell(_report(listed, asked.voice, folder, dry_run=dry_run))


def _lines(sheet: Path, numbers: tuple[int, int] | None) -> tuple[Line, ...]:
    lines = reading.parsed(sheet, _text(sheet))
    first, last = numbers or (0, max(line.number for line in lines))
    chosen = tuple(line for line in lines if first <= line.number <= last)
    if not chosen:
        raise InputError(Problem(whole(sheet), f"there are no lines {first} to {last} on this sheet"))
    return chosen


def _text(path: Path) -> str:
    try:
        return regular.read(path, _MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "expected a text in UTF-8, found other bytes"
        raise InputError(Problem(whole(path), message, code="bad-encoding")) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise InputError(Problem(whole(path), message, code="unreadable-file")) from error


def _report(listed: CutList, voice: str, folder: Path, *, dry_run: bool) -> str:
    """What became of the lines: those that are doubtful or missing, each, and what to do about them."""
    rows = [
        *(f"doubtful: {_told(cut)}" for cut in listed.doubtful),
        *(f"missing: {line.number} {line.text}" for line in listed.missing),
        _summary(listed, voice, folder, dry_run=dry_run),
    ]
    if listed.doubtful or listed.missing:
        rows.append(
            "listen to what is doubtful, mend the times or numbers in the list, and import with --cuts"
        )
    return "".join(f"{printable(row)}\n" for row in rows)


def _told(cut: Cut) -> str:
    return f"{cut_list.clock(cut.start_ms)} {cut.line.number} {cut.line.text}: {'; '.join(cut.doubts)}"


def _summary(listed: CutList, voice: str, folder: Path, *, dry_run: bool) -> str:
    count = len(listed.cuts)
    done = (
        "would be cut" if dry_run else f"cut into {folder}, to speak as {{engine: recorded, name: {voice}}}"
    )
    sentences = "1 sentence" if count == 1 else f"{count} sentences"
    doubts = f"{len(listed.doubtful)} doubtful, {len(listed.missing)} missing"
    return f"{sentences} {done}: {doubts}"
