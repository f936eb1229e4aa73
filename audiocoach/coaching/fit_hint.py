"""What to write where a session cannot be made to last as wanted: ranges of sets that reach it, all at once.

In: the author's tree, its plan, and a function that tells how short and how long the session could be with
other sets. Out: the end of a message. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.steps import Effort
from audiocoach.errors import InputError, quote
from audiocoach.records import dataclass, replace
from audiocoach.routine.model import Block, Do, Range
from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audiocoach.coaching.steps import Plan
    from audiocoach.errors import Position
    from audiocoach.routine.model import Item, Routine

    # About how short and how long a routine can be, in ms.
    Limits = Callable[[Routine], tuple[int, int]]

# Nobody does more of one move.
_MOST_SETS = 12
_MOST_NAMED = 3
# What is said in other sets is not known before they are laid out: so much of the length is kept, as a part.
_MARGIN = 50


@dataclass(frozen=True, slots=True)
class _Line:
    """A `do` with sets that could be others, and how long it takes in all."""

    do: Do
    name: str
    sets: int
    took_ms: int


def hint(routine: Routine, plan: Plan, wanted_ms: int, limits: Limits, *, longer: bool) -> str:
    """`; line 6 could give: …`: the lines that take most time, as many as needed; or that none reaches it."""
    changes: dict[Position, Range] = {}
    told: list[tuple[_Line, Range]] = []
    for line in sorted(_lines(routine, plan), key=lambda line: -line.took_ms):
        span = _longer(routine, changes, line, wanted_ms, limits) if longer else Range(1, line.sets)
        if span is None or span.low == span.high:
            continue
        changes[line.do.position] = span
        told.append((line, span))
        if _reaches(_limits(limits, routine, changes), wanted_ms, longer=longer):
            return _told(told, plan)
    more = "add a move" if longer else "leave a move out"
    most = [] if longer else _most_time(routine, plan)
    named = f"; those that take most time are {', '.join(most)}" if most else ""
    return f"; no other numbers of sets reach it: {more}{named}"


def _most_time(routine: Routine, plan: Plan) -> list[str]:
    """The moves that take most time, each with its line: those that are left out first."""
    lines = sorted(_lines(routine, plan), key=lambda line: -line.took_ms)[:_MOST_NAMED]
    return [f"{quote(line.name)} in {_where(line, plan)} ({ms_to_clock(line.took_ms)})" for line in lines]


def _told(rows: list[tuple[_Line, Range]], plan: Plan) -> str:
    line, span = rows[0]
    if len(rows) == 1:
        took = ms_to_clock(line.took_ms)
        text = f"{quote(line.name)} takes {took} in all; write sets: {span.low}-{span.high}"
        return f"; {_where(line, plan)} could give: {text}"
    parts = [f"sets: {span.low}-{span.high} in {_where(line, plan)}" for line, span in rows]
    return f"; several lines could give: write {', '.join(parts[:-1])} and {parts[-1]}"


def _where(line: _Line, plan: Plan) -> str:
    at = line.do.position
    return f"line {at.line}" if at.path == plan.position.path else f"{at.path}:{at.line}"


def _lines(routine: Routine, plan: Plan) -> Iterator[_Line]:
    efforts = [step for step in plan.steps if isinstance(step, Effort)]
    for do in _dos(routine.session):
        own = [effort for effort in efforts if _is_of(effort, do)]
        # Sets of their own doses are as many as those, and on a shared grid each turn is one.
        if own and not any(effort.ladder or effort.weights or effort.turn for effort in own):
            took_ms = sum(effort.length_ms for effort in own)
            yield _Line(do, own[0].name, max(effort.sets for effort in own), took_ms)


def _is_of(effort: Effort, do: Do) -> bool:
    """Whether an effort is of a `do`; the steps of a guided move were written apart."""
    return effort.move.key == do.move if effort.guide else effort.position == do.position


def _dos(items: tuple[Item, ...]) -> Iterator[Do]:
    for item in items:
        if isinstance(item, Do):
            yield item
        elif isinstance(item, Block):
            yield from _dos(item.items)


def _longer(
    routine: Routine, changes: Mapping[Position, Range], line: _Line, wanted_ms: int, limits: Limits
) -> Range | None:
    """So many more sets of a line as reach a length, if that many can be done."""
    before = _limits(limits, routine, changes)
    one_more = {**changes, line.do.position: Range(line.sets, line.sets + 1)}
    after = _limits(limits, routine, one_more)
    if before is None or after is None or after[1] <= before[1]:
        return None
    missing_ms = wanted_ms + wanted_ms // _MARGIN - before[1]
    more = -(-missing_ms // (after[1] - before[1]))
    return Range(line.sets, min(_MOST_SETS, line.sets + more)) if line.sets < _MOST_SETS else None


def _limits(limits: Limits, routine: Routine, changes: Mapping[Position, Range]) -> tuple[int, int] | None:
    try:
        return limits(replace(routine, session=_with_sets(routine.session, changes)))
    except InputError:
        return None


def _reaches(ends: tuple[int, int] | None, wanted_ms: int, *, longer: bool) -> bool:
    if ends is None:
        return False
    margin_ms = wanted_ms // _MARGIN
    return ends[1] >= wanted_ms + margin_ms if longer else ends[0] <= wanted_ms - margin_ms


def _with_sets(items: tuple[Item, ...], changes: Mapping[Position, Range]) -> tuple[Item, ...]:
    return tuple(_changed(item, changes) for item in items)


def _changed(item: Item, changes: Mapping[Position, Range]) -> Item:
    match item:
        case Do() if item.position in changes:
            return replace(item, terms=replace(item.terms, sets=changes[item.position]))
        case Block():
            return replace(item, items=_with_sets(item.items, changes))
        case _:
            return item
