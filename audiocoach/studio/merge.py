"""Two changes of one text joined by lines; what both changed in one place is a conflict."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    # A stretch of lines of the base, and the lines that take its place.
    Hunk = tuple[int, int, list[str]]


def merge(base: str, ours: str, theirs: str) -> str | None:
    """A text with both changes; None where they meet: the same lines, or lines without one between them."""
    if ours in {base, theirs}:
        return theirs
    if theirs == base:
        return ours
    lines = base.splitlines(keepends=True)
    return _joined(lines, list(_hunks(lines, ours)), list(_hunks(lines, theirs)))


def _hunks(base: list[str], text: str) -> Iterator[Hunk]:
    lines = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, base, lines, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield start, end, lines[first:last]


def _joined(base: list[str], ours: list[Hunk], theirs: list[Hunk]) -> str | None:
    """The base with all of them; one that both made is made once."""
    hunks = sorted([*ours, *(one for one in theirs if one not in ours)], key=lambda one: one[:2])
    merged: list[str] = []
    behind = -1
    for start, end, lines in hunks:
        if start <= behind:
            return None
        merged += [*base[max(behind, 0) : start], *lines]
        behind = end
    return "".join([*merged, *base[max(behind, 0) :]])
