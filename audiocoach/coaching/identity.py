"""Whether two values are the same in all that they are made of, also in what they are not compared by.

A position is compared by its line and column, not by whose it is and where that ends. What is kept of one
text and used for another has to be of the same node, or a page would change another exercise.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiocoach.errors import Position

if TYPE_CHECKING:
    from audiocoach.coaching.steps import NestedBlock

# Pairs that were found to be the same: a session does one move many times.
Known = dict[tuple[int, int], tuple[object, object]]


def is_same(old: object, new: object, known: Known) -> bool:
    """Whether they are equal, and their positions those of the same nodes; `known` is for further pairs."""
    if old is new:
        return True
    return old == new and _is_same_within(old, new, known)


def _is_same_within(old: object, new: object, known: Known) -> bool:
    """The same of two that are equal."""
    if old is new or (id(old), id(new)) in known:
        return True
    if isinstance(old, _nested_block()) and isinstance(new, _nested_block()):
        # Where a section ends says nothing of what is in it: any edit in it would make all of it another.
        return old.block.node == new.block.node
    if isinstance(old, Position) and isinstance(new, Position):
        return (old.node, old.end) == (new.node, new.end)
    if isinstance(old, tuple) and isinstance(new, tuple):
        return all(_is_same_within(one, other, known) for one, other in zip(old, new, strict=True))
    names = getattr(old, "__match_args__", None)
    if names is None:
        return old == new
    same = all(_is_same_within(getattr(old, name), getattr(new, name), known) for name in names)
    if same:
        # They are held, so that nothing else gets their ids.
        known[id(old), id(new)] = (old, new)
    return same


@cache
def _nested_block() -> type[NestedBlock]:
    from audiocoach.coaching.steps import NestedBlock  # and with it YAML, which no cached build reads

    return NestedBlock
