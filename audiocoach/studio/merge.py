"""Two changes of one text joined by lines; what both changed in one place is a conflict."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    # A stretch of lines of the base, and the lines that take its place.
    Hunk = tuple[int, int, list[str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of a joined text: where `ours` and `theirs` are not the same, both changed what is there.

    `is_old` where ours are those of before: in what both changed, only they changed these.
    """

    ours: str
    theirs: str
    is_old: bool = False


def merge(base: str, ours: str, theirs: str) -> str | None:
    """A text with both changes; None where they meet: the same lines, or lines without one between them."""
    return joined_of(pieces(base, ours, theirs))


def joined_of(found: tuple[Piece, ...]) -> str | None:
    """The text of pieces, None where one of them has to be chosen."""
    return "".join(one.ours for one in found) if all(one.ours == one.theirs for one in found) else None


def pieces(base: str | None, ours: str, theirs: str) -> tuple[Piece, ...]:
    """Both changes in the order of the text; of a base that is not known, every difference is a conflict."""
    if base is None:
        return tuple(_apart(ours, theirs))
    if ours in {base, theirs}:
        return (Piece(theirs, theirs),)
    if theirs == base:
        return (Piece(ours, ours),)
    lines = base.splitlines(keepends=True)
    return tuple(_joined(lines, list(_hunks(lines, ours)), list(_hunks(lines, theirs))))


def _apart(ours: str, theirs: str) -> Iterator[Piece]:
    """Every difference by itself, line beside line where there are as many."""
    lines = ours.splitlines(keepends=True)
    behind = 0
    for start, end, others in _hunks(lines, theirs):
        yield from _same(lines[behind:start])
        if len(others) == end - start:
            yield from map(Piece, lines[start:end], others)
        else:
            yield Piece("".join(lines[start:end]), "".join(others))
        behind = end
    yield from _same(lines[behind:])


def _same(lines: list[str]) -> Iterator[Piece]:
    if lines:
        yield Piece("".join(lines), "".join(lines))


def _hunks(base: list[str], text: str) -> Iterator[Hunk]:
    lines = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, base, lines, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield start, end, lines[first:last]


def _joined(base: list[str], ours: list[Hunk], theirs: list[Hunk]) -> Iterator[Piece]:
    """The base with all of them; those that meet, or touch, are one piece of both."""
    left = sorted((*ours, *theirs), key=lambda one: one[:2])
    behind = 0
    while left:
        start, end, _ = left.pop(0)
        while left and left[0][0] <= end:
            end = max(end, left.pop(0)[1])
        yield from _same(base[behind:start])
        yield from _pieces(base[start:end], _within(ours, start, end), _within(theirs, start, end))
        behind = end
    yield from _same(base[behind:])


def _within(hunks: list[Hunk], start: int, end: int) -> list[Hunk]:
    """Those of a stretch, counted from its beginning."""
    return [(one - start, last - start, lines) for one, last, lines in hunks if start <= one and last <= end]


def _pieces(base: list[str], ours: list[Hunk], theirs: list[Hunk]) -> Iterator[Piece]:
    """What each made of a stretch of the base, apart; what one alone changed is both's."""
    before = "".join(base)
    for one in _apart(_made(base, ours or theirs), _made(base, theirs or ours)):
        yield replace(one, is_old=one.ours != one.theirs and one.ours in before and one.theirs not in before)


def _made(base: list[str], hunks: list[Hunk]) -> str:
    parts, behind = [], 0
    for start, end, lines in hunks:
        parts += [*base[behind:start], *lines]
        behind = end
    return "".join([*parts, *base[behind:]])
