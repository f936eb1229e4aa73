"""A routine with what its author left open settled: how far up its ranges it is done, and in how many rounds.

In: the author's tree. Out: the same tree, with ranges of one value in place of those that were open. Pure.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, TypeVar

from audiocoach.records import dataclass, replace
from audiocoach.routine.model import Pause, Range, Rest, Words
from audiocoach.units import MS_PER_SECOND, floor_to

if TYPE_CHECKING:
    from audiocoach.routine.model import Routine

WHOLE = 1000
# Time in which one recovers: these ranges stay open for the level, which fitting then scales.
_GAPS = frozenset({"rest_ms", "switch_ms", "ready_ms", "release_ms", "pause_ms"})
_ROUNDS = "repeat"
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
    if _is_leaf(node):
        return []
    children = ((field.name, getattr(node, field.name)) for field in fields(node))  # type: ignore[arg-type]
    return [found for key, child in children for found in _ranges(child, key)]


def _is_leaf(node: object) -> bool:
    return not is_dataclass(node) or isinstance(node, Words | Rest | Pause)


def _settled(node: _Node, name: str, amounts: Amounts) -> _Node:
    if isinstance(node, Range):
        return _taken(node, name, amounts)  # type: ignore[return-value]
    if isinstance(node, tuple):
        parts = tuple(_settled(part, name, amounts) for part in node)
        same = all(part is old for part, old in zip(parts, node, strict=True))
        return node if same else parts  # type: ignore[return-value]
    if _is_leaf(node):
        return node
    changes = {}
    for field in fields(node):  # type: ignore[arg-type]
        old = getattr(node, field.name)
        new = _settled(old, field.name, amounts)
        if new is not old:
            changes[field.name] = new
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
