"""A text as rows: headings, items of lists, rows of tables, paragraphs; whatever marks them.

Nothing is lost: every line with a letter or a figure in it is a row, or a part of one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

RowKind = Literal["heading", "item", "cells", "text"]

_BULLET = re.compile(
    r"^\s*(?:[-*+\u2022\u2023\u25aa\u25cf\u2013\u2014]|\[[ xX]?\])\s+(?:\[[ xX]?\]\s+)?(?=\S)"
)
_NUMBER = re.compile(r"^\s*(?:step )?(\d{1,2})[.):]\s+(?=\S)", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"^(\d{1,2})[ \t]+(?=[A-Z])")
_MARK = re.compile(r"^#{1,6}\s+(?:\d{1,2}[.):]\s+)?(?=\S)|^#\d{1,2}[.):]?\s+(?=\S)")
_EMPHASIS = re.compile(
    r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|`([^`]+)`"
)
_RULE = re.compile(r"^[\s|:*_=+-]+$")
_CAPITALS = re.compile(
    r"(?<![\w])((?:[A-Z][A-Z'/-]+ ){1,7}?[A-Z][A-Z'/-]+ [-:\u2013\u2014] (?=[A-Z\d ,/-]*(?:SETS?"
    r"|REPS?|SECONDS?|SECS?|MINUTES?|MINS?)\b)"
    r"[A-Z\d ,/-]*[A-Z\d])(?=\s[A-Z][a-z]|\s*$)"
)
_SENTENCE = re.compile(
    r"(?<=[.!?])[\"\u201d\u2019)]*\s+(?=[\"\u201c(#]?[A-Z\d])|(?<=[.!?][\"\u201d])\s+(?=[A-Z])"
)
_UNMARKED = re.compile(r"(?<=[a-z)?!]) (?=[A-Z][a-z]+\b(?! [A-Z][a-z]))")
_LONG = 200
_MOST_HEADING_WORDS = 10
_LEAST_CELLS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `text` without its marks, `raw` as it stood, `cells` of a table, the number of its list."""

    kind: RowKind
    text: str
    raw: str
    cells: tuple[str, ...] = ()
    group: int = 0


def rows(text: str) -> list[Row]:
    """The rows of a text, in turn."""
    lines = [piece for line in text.split("\n") for piece in _at_capitals(line)]
    return list(_grouped(_row(line, lines, at) for at, line in enumerate(lines) if _says_something(line)))


def _says_something(line: str) -> bool:
    return any(char.isalnum() for char in line) and not _RULE.match(line)


def _at_capitals(line: str) -> list[str]:
    """A page whose lines were lost, cut at what stands in capitals with a dose behind it."""
    if len(line) <= _LONG:
        return [line]
    return [piece for piece in _CAPITALS.split(line) if piece.strip()]


def _grouped(found: Iterator[Row]) -> Iterator[Row]:
    """Rows with the number of the list that they are in."""
    group, before = 0, ""
    for row in found:
        group += row.kind != before
        before = row.kind
        yield Row(row.kind, row.text, row.raw, row.cells, group)


def _row(line: str, lines: list[str], at: int) -> Row:
    raw = line.strip()
    bullet, mark = _BULLET.match(line), _MARK.match(raw)
    if mark:
        return Row("heading", plain(raw[mark.end() :]), raw)
    if bullet:
        return Row("item", plain(line[bullet.end() :]), raw)
    number = _NUMBER.match(line) or (_BARE_NUMBER.match(line) if _is_counted(lines, at) else None)
    if number:
        return Row("item", plain(line[number.end() :]), raw)
    cells = _cells(raw)
    if cells:
        return Row("cells", plain(raw), raw, cells)
    is_heading = _is_heading(raw, lines, at)
    return Row("heading" if is_heading else "text", plain(raw), raw)


def _is_counted(lines: list[str], at: int) -> bool:
    """Whether figures without a point number the lines here: 1, 2, 3."""
    here = _BARE_NUMBER.match(lines[at])
    around = [_BARE_NUMBER.match(lines[i]) for i in (at - 1, at + 1) if 0 <= i < len(lines)]
    return here is not None and any(
        match is not None and abs(int(match[1]) - int(here[1])) == 1 for match in around
    )


def _cells(raw: str) -> tuple[str, ...]:
    """The cells of a row of a table, with lines or tabs between them."""
    sign = "|" if "|" in raw else "\t" if "\t" in raw else ""
    cells = [plain(cell.strip()) for cell in raw.strip("|").split(sign)] if sign else []
    short = all(len(cell) <= _LONG for cell in cells)
    return tuple(cells) if len(cells) >= _LEAST_CELLS and short else ()


def _is_heading(raw: str, lines: list[str], at: int) -> bool:
    """Whether a bare line is a heading: marked as a whole, in capitals, or short and alone."""
    if re.fullmatch(r"(\*\*|__).+\1:?", raw):
        return True
    words = raw.split()
    if len(words) > _MOST_HEADING_WORDS or raw.endswith((".", ",", ";", "!")):
        return False
    if raw.endswith(":") or (raw.isupper() and len(words) > 1):
        return True
    alone = all(not (0 <= i < len(lines)) or not lines[i].strip() for i in (at - 1, at + 1))
    return alone and raw[0].isupper()


def plain(text: str) -> str:
    """The text without the signs of Markdown."""
    return " ".join(_EMPHASIS.sub(lambda match: match[2] or match[3] or match[4], text).split())


def sentences(text: str) -> list[str]:
    """The sentences of a text; where the stops are lost, what begins with a capital begins one."""
    found = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    return [
        piece
        for part in found
        for piece in (
            _UNMARKED.split(part) if len(part) > _LONG and part.count(",") < len(part) / 60 else [part]
        )
    ]
