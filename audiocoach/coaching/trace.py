"""How a session was laid out, step by step, so that the next one keeps what is the same. Pure.

In: what a step is laid out from. Out: what came of it when it was laid out from the same. A trace is a value
that one layout hands to the next; a layout with one and a layout without are the same to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from audiocoach.coaching.schedule import Passage, Playhead
    from audiocoach.coaching.steps import Plan, Step


@dataclass(frozen=True, slots=True)
class Row:
    """One step as it was laid out: from what is `around` it and a `state`, to the state after it.

    `said` is what it hangs on of what holds for the whole session: its title, what it says of its length.
    """

    around: tuple[object, ...]
    state: Playhead
    said: tuple[object, ...]
    after: Playhead
    part: Passage


@dataclass(frozen=True, slots=True)
class Trace:
    """A layout: what held for all of its steps, the steps, and for each pass a row for each act.

    How long words take was the same in all of it.
    """

    frame: tuple[object, ...] = ()
    steps: tuple[Step, ...] = ()
    passes: tuple[tuple[Row, ...], ...] = ()

    def row(
        self, number: int, around: tuple[object, ...], state: Playhead, whole: frozenset[object]
    ) -> Row | None:
        """The row of an act, where it was laid out from the same; `whole` is what holds for the session."""
        for rows in self.passes:
            row = rows[number] if number < len(rows) else None
            if row and whole.issuperset(row.said) and row.state == state and row.around == around:
                return row
        return None

    def under(self, frame: tuple[object, ...]) -> Trace:
        """Itself where the same held for all of it, else nothing."""
        return self if self.frame == frame else NO_TRACE

    def aligned(self, plan: Plan) -> Plan:
        """The plan, in which steps that did not change are those of before: they are compared once."""
        same = tuple(old if old == new else new for old, new in zip(self.steps, plan.steps, strict=False))
        return replace(plan, steps=(*same, *plan.steps[len(same) :]))


NO_TRACE = Trace()
