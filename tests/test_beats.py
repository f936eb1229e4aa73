"""What keeps its place in an effort, whatever else is said."""

from audiocoach.coaching.beats import beats, beside_beats
from audiocoach.coaching.bounds import Bounds, Edge
from audiocoach.coaching.narration import Coach
from audiocoach.coaching.steps import Effort
from audiocoach.coaching.table import Table
from tests.generate import planned
from tests.test_efforts import MOVE


def table(fields: str) -> Table:
    """The first effort of a move, from 0 on, in which every phrase takes 400 ms."""
    plan = planned(MOVE.format("", fields))
    effort = next(step for step in plan.steps if isinstance(step, Effort))
    bounds = Bounds(0, effort.length_ms, Edge("go", ""), Edge("stop", ""))
    return Table(effort, bounds, Coach(plan, lambda _: 400, 60_000))


def test_a_repetition_keeps_its_number_and_its_phases_in_their_short_forms() -> None:
    steps = "steps: [{say: Down., short: Low}, {say: Up., short: High}], tempo: 3-3, reps: 2"
    assert list(beats(table(steps))) == [
        (168, 400),
        (736, 400),
        (3000, 400),
        (6000, 400),
        (6568, 400),
        (9000, 400),
    ]


def test_a_number_too_long_for_its_phase_is_a_tick() -> None:
    steps = "steps: [{say: Down., short: Low}, {say: Up., short: High}], tempo: 0.8-3, reps: 1"
    assert next(beats(table(steps))) == (168, 60)


def test_breaths_keep_their_words_where_words_lead_them() -> None:
    lengths = [length_ms for _, length_ms in beats(table("breaths: 4, breath: 3-4"))]
    assert lengths == [400] * 4 + [240] * 2 + [400] * 2


def test_nothing_else_is_said_in_a_repetition_that_is_told_in_full() -> None:
    steps = "steps: [{say: Down., short: Low}, {say: Up., short: High}], tempo: 3-3, reps: 2"
    assert beside_beats(table(steps), 1).first(0, 9000, 400) == 7152
    assert beside_beats(table(steps), 0).first(0, 9000, 400) == 1320
