"""A move of a library that becomes the routine's own where words of it are to be others: the library stays.

In: the nodes of a routine and of a library. Out: edits of the routine, from edits of the library.
"""

from __future__ import annotations

import contextlib
import textwrap
from itertools import chain, count
from typing import TYPE_CHECKING

from audiocoach.errors import InputError
from audiocoach.records import dataclass
from audiocoach.routine.source import Mapping
from audiocoach.studio.cards import cards_of
from audiocoach.studio.edits.document import applied, find, read, refusal, said
from audiocoach.studio.edits.edit import Define, Set, edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.routine.source import Node
    from audiocoach.studio.edits.document import Manuscript, Pointer
    from audiocoach.studio.edits.edit import Edit


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A move of a `library` that a `routine` does: its `key`."""

    routine: Manuscript
    library: Manuscript
    key: str

    def made_own(self, edits: Iterable[Edit]) -> tuple[Define | Set, ...]:
        """The edits of the routine that give it the move with these edits of the library, and have it done.

        Raises:
            InputError: they cannot be made, or nothing of the routine does the move by its key.
        """
        move: Pointer = ("moves", self.key)
        # Under another key it is called the same.
        named = () if find(self.library.tree, (*move, "name")) else (Set((*move, "name"), self.key),)
        library = self.library.text
        changed = read(applied(library, edit(library, (*edits, *named))))
        own = self._free_key()
        done = tuple(Set(pointer, own) for pointer in self._doing())
        if not done:
            raise refusal(f"no card of this session does {self.key}: change the words in the library")
        return (Define(("moves", own), _cut_out(changed, find(changed.tree, move))), *done)

    def _free_key(self) -> str:
        names = chain((f"my-{self.key}",), (f"my-{self.key}-{number}" for number in count(2)))
        return next(name for name in names if find(self.routine.tree, ("moves", name)) is None)

    def _doing(self) -> list[Pointer]:
        fields = ((card.pointer, field) for card in cards_of(self.routine) for field in card.fields)
        return [
            (*pointer, "do") for pointer, field in fields if (field.name, field.value) == ("do", self.key)
        ]


def _cut_out(page: Manuscript, node: Node | None) -> str:
    """The lines of a node as they would stand alone, with its comments unless it is in braces."""
    if not isinstance(node, Mapping):
        raise refusal("nothing of this move would be left: take it out of the session instead")
    for alone in (_unbraced(page, node) if node.flow else "", _lines(page, node)):
        if _says(alone, node):
            return alone
    raise refusal("this move cannot be taken over into the session: change the words in its library")


def _lines(page: Manuscript, node: Node) -> str:
    start, end = page.span(node)
    return textwrap.dedent(" " * (node.position.column - 1) + page.plain[start:end])


def _unbraced(page: Manuscript, node: Mapping) -> str:
    entries = ((page.start(entry.key.position), page.span(entry.value)[1]) for entry in node.entries)
    return "\n".join(page.plain[start:end] for start, end in entries)


def _says(text: str, node: Node) -> bool:
    with contextlib.suppress(InputError):
        return said(read(text).tree) == said(node)
    return False
