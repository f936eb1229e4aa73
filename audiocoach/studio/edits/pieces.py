"""Several rounds of changes of one text, told as one: each against the text as it was at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.studio.edits.document import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    # What is old, by its span in the first text, or what is new.
    Piece = tuple[int, int] | str


class Pieces:
    """A text as what is left of the first one, and what came in between."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._pieces: list[Piece] = [(0, len(text))]

    def change(self, changes: Iterable[Change]) -> None:
        """Change the text as it is now; the changes are ascending, none in another."""
        for change in reversed(tuple(changes)):
            before, rest = _split(self._pieces, change.start)
            _, after = _split(rest, change.end - change.start)
            self._pieces = [*before, *([change.insert] if change.insert else []), *after]

    def changes(self) -> tuple[Change, ...]:
        """All of them, ascending, none in another, against the text as it was at first."""
        return tuple(self._gaps())

    def _gaps(self) -> Iterator[Change]:
        start, new = 0, ""
        for piece in (*self._pieces, (self._length, self._length)):
            if isinstance(piece, str):
                new += piece
                continue
            is_last = piece[0] == piece[1] == self._length
            if piece[0] == piece[1] and not is_last:
                continue
            if new or piece[0] != start:
                yield Change(start, piece[0], new)
            start, new = piece[1], ""


def _split(pieces: list[Piece], at: int) -> tuple[list[Piece], list[Piece]]:
    """The pieces before a place, and those behind it."""
    before: list[Piece] = []
    for number, piece in enumerate(pieces):
        size = _size(piece)
        if at < size:
            head, tail = _halves(piece, at)
            return [*before, *([head] if at else [])], [tail, *pieces[number + 1 :]]
        at -= size
        before.append(piece)
    return before, []


def _size(piece: Piece) -> int:
    return len(piece) if isinstance(piece, str) else piece[1] - piece[0]


def _halves(piece: Piece, at: int) -> tuple[Piece, Piece]:
    if isinstance(piece, str):
        return piece[:at], piece[at:]
    return (piece[0], piece[0] + at), (piece[0] + at, piece[1])
