"""A cut list: from when to when in a recording each line of a sheet was spoken, and what is doubtful.

It is text that people can mend, and read back: a start, an end and a number a line, the sentence behind them.

    0:01.500  0:02.371   1  Last one.
    0:04.120  0:04.880   2  Rest.    # doubtful: it may be another line
    # 0:06.010  0:06.300   3  an earlier take
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from audiocoach.errors import InputError, Position, Problem
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audiocoach.making.reading import Line

_ROW = re.compile(r"\s*(?:(\d+):)?(\d+(?:\.\d{1,3})?)\s+(?:(\d+):)?(\d+(?:\.\d{1,3})?)\s+(\d+)(?:\s.*)?")
_S_PER_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Cut:
    """`line` was spoken from `start_ms` to `end_ms`; `doubts` say why that may be wrong."""

    line: Line
    start_ms: int
    end_ms: int
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unused:
    """What was heard and is no cut: `why` it was left out, of which line, 0 where of none."""

    number: int
    start_ms: int
    end_ms: int
    why: str


@dataclass(frozen=True, slots=True)
class CutList:
    """The cuts by their start, what was left out, and the lines of which there is no take."""

    cuts: tuple[Cut, ...]
    unused: tuple[Unused, ...] = ()
    missing: tuple[Line, ...] = ()

    @property
    def doubtful(self) -> tuple[Cut, ...]:
        """Those that somebody should listen to."""
        return tuple(cut for cut in self.cuts if cut.doubts)


def clock(time_ms: int) -> str:
    """`1:02.345`: minutes, seconds, milliseconds, as players show a time."""
    minutes, rest_ms = divmod(time_ms, _S_PER_MINUTE * MS_PER_SECOND)
    return f"{minutes}:{rest_ms // MS_PER_SECOND:02}.{rest_ms % MS_PER_SECOND:03}"


def as_text(listed: CutList) -> str:
    """The list in order of time; what is no cut is a remark."""
    rows = [(cut.start_ms, _cut_row(cut)) for cut in listed.cuts]
    rows += [
        (one.start_ms, f"# {_row(one.start_ms, one.end_ms, one.number, one.why)}") for one in listed.unused
    ]
    missing = [f"# missing: {line.number}  {line.text}" for line in listed.missing]
    return "".join(f"{row}\n" for row in (*(row for _, row in sorted(rows)), *missing))


def _cut_row(cut: Cut) -> str:
    doubts = f"    # doubtful: {'; '.join(cut.doubts)}" if cut.doubts else ""
    return _row(cut.start_ms, cut.end_ms, cut.line.number, cut.line.text) + doubts


def _row(start_ms: int, end_ms: int, number: int, text: str) -> str:
    return f"{clock(start_ms):>9} {clock(end_ms):>9} {number:>4}  {text}"


def as_json(listed: CutList) -> str:
    """The list for programs."""
    body = {
        "cuts": [
            {
                "number": cut.line.number,
                "text": cut.line.text,
                "start_ms": cut.start_ms,
                "end_ms": cut.end_ms,
                "doubts": list(cut.doubts),
            }
            for cut in listed.cuts
        ],
        "unused": [
            {"number": one.number or None, "start_ms": one.start_ms, "end_ms": one.end_ms, "why": one.why}
            for one in listed.unused
        ],
        "missing": [{"number": line.number, "text": line.text} for line in listed.missing],
    }
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def parsed(path: Path, text: str, lines: Sequence[Line]) -> CutList:
    """A list that was written or mended by hand, for the lines of its sheet. The last cut of a line counts.

    Raises:
        InputError: a row is no cut, ends before it starts, or its number is not on the sheet.
    """
    by_number = {line.number: line for line in lines}
    cuts = {cut.line.number: cut for cut in _cuts(path, text, by_number)}
    missing = tuple(line for line in lines if line.number not in cuts)
    return CutList(tuple(sorted(cuts.values(), key=lambda cut: cut.start_ms)), missing=missing)


def _cuts(path: Path, text: str, lines: dict[int, Line]) -> Iterator[Cut]:
    for at, row in enumerate(text.splitlines(), start=1):
        if not row.strip() or row.lstrip().startswith("#"):
            continue
        match = _ROW.fullmatch(row)
        if match is None:
            _refuse(
                path,
                at,
                f"expected a start, an end and a number, such as 0:01.500 0:02.371 1, found {row.strip()!r}",
            )
        start_ms, end_ms, number = _ms(match[1], match[2]), _ms(match[3], match[4]), int(match[5])
        if end_ms <= start_ms:
            _refuse(path, at, f"expected an end after the start {clock(start_ms)}, found {clock(end_ms)}")
        if number not in lines:
            _refuse(path, at, f"there is no line {number} on the sheet")
        yield Cut(lines[number], start_ms, end_ms)


def _refuse(path: Path, row: int, message: str) -> NoReturn:
    raise InputError(Problem(Position(str(path), row, 1), message))


def _ms(minutes: str | None, seconds: str) -> int:
    return round((int(minutes or 0) * _S_PER_MINUTE + float(seconds)) * MS_PER_SECOND)
