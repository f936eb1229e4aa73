"""Words that are heard, written otherwise at their source: in an author's field, or as a phrase of the coach.

In: the text with its nodes, and the words. Out: what stands there, and edits that have something else said.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.routine.source import Mapping, Scalar, Sequence
from audiocoach.studio.edits.document import child, find
from audiocoach.studio.edits.edit import Define, Set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.language.phrases import Pack
    from audiocoach.studio.edits.document import Manuscript, Pointer

    # Edits one of which is enough, the nicest first.
    Edits = tuple[Set | Define, ...]


@dataclass(frozen=True, slots=True)
class Rewording:
    """What is `written` where words come from, as it can be written otherwise; `<...>` in it is filled in.

    `head` and `tail` are what stands around it in its field. `others` are the wordings that take turns with
    this one, None in its place, where the routine has none of its own yet.
    """

    written: str
    pointer: Pointer
    head: str = ""
    tail: str = ""
    others: tuple[str | None, ...] = ()

    def edits(self, said: str) -> Edits:
        """What has this said instead."""
        alone = Set(self.pointer, f"{self.head}{said}{self.tail}")
        if not any(self.others):
            return (alone,)
        lines = (f"- {json.dumps(one or said, ensure_ascii=False)}" for one in self.others)
        return (Define(self.pointer, "\n".join(lines)), alone)


def of_words(page: Manuscript, pointer: Pointer, words: str) -> Rewording | None:
    """Of an author's field: that part of it which is heard, or all of it where it is heard otherwise."""
    node = find(page.tree, pointer)
    if isinstance(node, Mapping):
        pointer = (*pointer, "say")
        node = child(node, "say")
    if not isinstance(node, Scalar):
        return None
    plain = " ".join(node.text.split())
    head, found, tail = plain.partition(words)
    return Rewording(words, pointer, head, tail) if found else Rewording(plain, pointer)


def of_phrase(page: Manuscript, entry: str, wording: str, pack: Pack) -> Rewording:
    """Of a phrase: the routine's own, else one that it gets, beside those that take turns with it."""
    own: Pointer = ("phrases", entry)
    node = find(page.tree, own)
    if isinstance(node, Sequence):
        return Rewording(wording, (*own, _place(node, wording)))
    if node is not None:
        return Rewording(wording, own)
    every = dict.fromkeys((*pack.entries.get(entry, ()), *pack.others.get(entry, ())))
    return Rewording(wording, own, others=tuple(None if one == wording else one for one in every))


def _place(node: Sequence, wording: str) -> int:
    texts: Iterator[str] = (item.text if isinstance(item, Scalar) else "" for item in node.items)
    return next((at for at, text in enumerate(texts) if text == wording), 0)
