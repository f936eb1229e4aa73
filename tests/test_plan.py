import re

import pytest

from audiocoach.coaching.steps import Effort, Gap
from audiocoach.errors import InputError
from tests.generate import planned

TEXT = "title: T\nsafety: Mind your back.\npronounce: {Pilates: puh LAH teez}\nphrases: {rest: Breathe.}\n"
MOVES = "moves: {bend: {name: Bend, for: 9s, sets: 2, rest: 5s}}\nsession: [do: bend]\n"


def test_a_plan_holds_what_the_whole_session_needs() -> None:
    plan = planned(TEXT + MOVES)
    assert (plan.title, plan.language) == ("T", "en")
    assert plan.safety is not None
    assert plan.safety.text == "Mind your back."
    assert plan.pronounce == (("Pilates", "puh LAH teez"),)
    assert plan.pack.say("rest", {}) == "Breathe."


def test_every_effort_has_exactly_one_gap_before_it() -> None:
    kinds = [type(step) for step in planned(TEXT + MOVES).steps]
    assert kinds == [Gap, Effort, Gap, Effort]


def test_the_next_move_of_the_last_move_is_an_error() -> None:
    moves = "moves: {bend: {name: Bend, for: 9s, setup: Then <next>.}}\nsession: [do: bend]\n"
    with pytest.raises(
        InputError, match=re.escape('<next> has no value in "Then <next>.": no other move follows')
    ):
        planned("title: T\n" + moves)


def test_sets_without_a_rest_between_them_are_noted() -> None:
    from audiocoach.routine.diagnostics import Diagnostics  # noqa: PLC0415

    diagnostics = Diagnostics()
    planned("title: T\nmoves: {bend: {name: Bend, for: 9s, sets: 2}}\nsession: [do: bend]\n", diagnostics)
    assert [one.message for one in diagnostics.problems] == [
        "2 sets with no rest between them: write rest: 20s, or rest: 0s if it is meant"
    ]
