"""A routine with what its author left open settled: how far up its ranges it is done, and in how many rounds.

In: the author's tree. Out: the same tree, with ranges of one value in place of those that were open. Pure.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from audiocoach.errors import Position
from audiocoach.records import dataclass, replace
from audiocoach.routine.model import Pause, Range, Rest, Words
from audiocoach.units import MS_PER_SECOND, floor_to

if TYPE_CHECKING:
    from audiocoach.routine.model import Routine

WHOLE = 1000
# Time in which one recovers: these ranges stay open for the level, which fitting then scales.
_GAPS = frozenset({"rest_ms", "switch_ms", "ready_ms", "release_ms", "pause_ms"})
_ROUNDS = "repeat"
_UNSETTLED = (Words, Rest, Pause, Position)
# What no amount is in.
_TOLD = (Words, Position)
_LEAVES = frozenset({type(None), str, int, bool, *_UNSETTLED})
_Node = TypeVar("_Node")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How far up the ranges of doses and sets, and those of rounds: 0 to `WHOLE`, None as the level says."""

    doses: int | None = None
    rounds: int | None = None


def settled(routine: Routine, amounts: Amounts) -> Routine:
    """The routine with its ranges taken so far up."""
    return routine if amounts == Amounts() else _settled(routine, "", amounts)


def rounds_left_open(routine: Routine) -> int:
    """How many steps there are between the fewest rounds and the most, where they are most open."""
    return max((span.high - span.low for name, span in _ranges(routine, "") if name == _ROUNDS), default=0)


def _ranges(node: object, name: str) -> list[tuple[str, Range]]:
    if isinstance(node, Range):
        return [(name, node)]
    if isinstance(node, tuple):
        return [found for part in node for found in _ranges(part, name)]
    children = ((key, getattr(node, key)) for key in _keys(node))
    return [found for key, child in children for found in _ranges(child, key)]


def _keys(node: object) -> tuple[str, ...]:
    """The fields in which ranges may stand; none where a node holds none that are settled."""
    kind: Any = type(node)
    return _keys_of(kind)


# Asked of every node of every try.
@cache
def _keys_of(kind: type) -> tuple[str, ...]:
    if not is_dataclass(kind) or issubclass(kind, _UNSETTLED):
        return ()
    return tuple(field.name for field in fields(kind))


def _settled(node: _Node, name: str, amounts: Amounts) -> _Node:
    if isinstance(node, Range):
        return _taken(node, name, amounts)  # type: ignore[return-value]
    if isinstance(node, tuple):
        parts = tuple(_settled(part, name, amounts) for part in node)
        same = all(part is old for part, old in zip(parts, node, strict=True))
        return node if same else parts  # type: ignore[return-value]
    changes = {}
    for key in _keys(node):
        old = getattr(node, key)
        if type(old) not in _LEAVES and (new := _settled(old, key, amounts)) is not old:
            changes[key] = new
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


def _taken(span: Range, name: str, amounts: Amounts) -> Range:
    share = amounts.rounds if name == _ROUNDS else amounts.doses
    if share is None or name in _GAPS or span.low == span.high:
        return span
    value = span.low + (span.high - span.low) * share // WHOLE
    if name.endswith("_ms") and value < span.high:
        # As a level takes it: in whole seconds where the range lets it.
        value = max(span.low, floor_to(value, MS_PER_SECOND))
    return Range(value, value)


def is_like(one: object, other: object) -> bool:
    """Whether two routines, or parts of them, are the same but for their words and where they stand."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(is_like, one, other))
    if isinstance(one, _TOLD):
        return True
    names = _names(one)
    return all(is_like(getattr(one, name), getattr(other, name)) for name in names) if names else one == other


def _names(node: object) -> tuple[str, ...]:
    """The fields of a record; none of what is no record."""
    kind: Any = type(node)
    return _names_of(kind)


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
