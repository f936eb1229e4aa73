"""How a session was laid out, step by step, so that the next one keeps what is the same. Pure.

In: what a step is laid out from. Out: what came of it when it was laid out from the same. A trace is a value
that one layout hands to the next; a layout with one and a layout without are the same to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.identity import is_same
from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.coaching.identity import Known
    from audiocoach.coaching.memory import Fact
    from audiocoach.coaching.schedule import Passage, Playhead
    from audiocoach.coaching.steps import Plan, Step
    from audiocoach.coaching.timeline import Utterance
    from audiocoach.routine.model import Routine


@dataclass(frozen=True, slots=True)
class Row:
    """One step as it was laid out: from what is `around` it and a `state`, to the state after it.

    `said` is what it hangs on of what holds for the whole session: its title, what it says of its length.
    `lengths` is how long each phrase took that was asked for, `asked` which facts and phrases somebody asked
    the listener for.
    """

    around: tuple[object, ...]
    state: Playhead
    said: tuple[object, ...]
    lengths: tuple[tuple[Utterance, int], ...]
    asked: frozenset[Fact | str]
    after: Playhead
    part: Passage

    def began_so(self, state: Playhead) -> bool:
        """Whether a state is the same for all that was asked of it."""
        mine = self.state
        is_there = (mine.now_ms, mine.clear_ms) == (state.now_ms, state.clear_ms)
        is_left = is_same(_left_of(mine), _left_of(state), {})
        return is_there and is_left and (mine.told is state.told or mine.told.is_like(state.told, self.asked))

    def going_on(self, state: Playhead) -> Row:
        """The same, from a state that began so: the listener knows the rest of it afterwards as well.

        Which facts are known, and how often phrases were used, is all that may be otherwise (`is_like`).
        What is the same stays one thing, so that the next step finds it with a look.
        """
        mine, theirs = self.state.told, state.told
        if theirs is mine or theirs == mine:
            return self
        facts = (fact for cue in self.part.cues for fact in cue.facts)
        told = replace(self.after.told, facts=theirs.facts.union(facts))
        if theirs.turns != mine.turns:
            told = replace(told, turns=self.part.told(theirs).turns)
        return replace(self, state=state, after=replace(self.after, told=told))


@dataclass(frozen=True, slots=True)
class Whole:
    """What holds for a whole session: what is said of it, and how long a phrase takes."""

    said: frozenset[object]
    measure: Callable[[Utterance], int]

    def is_as_in(self, row: Row) -> bool:
        """Whether it was so when a step was laid out; its phrases are asked for as they were then."""
        lengths_ms = [self.measure(phrase) == length_ms for phrase, length_ms in row.lengths]
        return all(lengths_ms) and self.said.issuperset(row.said)


@dataclass(frozen=True, slots=True)
class Reach:
    """How short and how long a `routine` can be made, in ms, without what its words need beside it."""

    routine: Routine
    shortest_ms: int
    longest_ms: int


@dataclass(frozen=True, slots=True)
class Trace:
    """A layout: what held for all of its steps, the steps, and for each pass a row for each act.

    `reach` is how far the session can be stretched, where somebody asked.
    """

    frame: tuple[object, ...] = ()
    steps: tuple[Step, ...] = ()
    passes: tuple[tuple[Row, ...], ...] = ()
    reach: Reach | None = None

    def row(self, number: int, around: tuple[object, ...], state: Playhead, whole: Whole) -> Row | None:
        """The row of an act, where it was laid out from the same."""
        for rows in self.passes:
            row = rows[number] if number < len(rows) else None
            if row and is_same(row.around, around, {}) and row.began_so(state) and whole.is_as_in(row):
                return row.going_on(state)
        return None

    def under(self, frame: tuple[object, ...]) -> Trace:
        """Itself where the same held for all of it, else nothing."""
        return self if self.frame == frame else NO_TRACE

    def aligned(self, plan: Plan) -> Plan:
        """The plan, in which steps that did not change are those of before: they are compared once.

        One that is at its line still, and has become another node, is another step.
        """
        known: Known = {}
        pairs = zip(self.steps, plan.steps, strict=False)
        same = tuple(old if is_same(old, new, known) else new for old, new in pairs)
        return replace(plan, steps=(*same, *plan.steps[len(same) :]))


def _left_of(state: Playhead) -> tuple[object, ...]:
    """What a state has of the steps before it."""
    return state.before, state.met, state.next_gap, state.carried


NO_TRACE = Trace()
