"""What the placeholders stand for."""

from dataclasses import replace

from audiocoach.coaching.slots import names_side, reminders_of, round_values, values_of
from audiocoach.coaching.steps import FixedDose, NestedBlock, Nesting
from audiocoach.language.phrases import Pack
from audiocoach.routine import wordings
from audiocoach.routine.model import Words
from tests.test_diagnostics import HERE
from tests.test_steps import effort

PACK = Pack.of(wordings.language("en"))


def test_sides_take_turns_with_the_repetitions() -> None:
    bend = replace(effort("Bend", FixedDose("reps", reps=4)), rep_sides=("right", "left"))
    sides = [values_of(bend, PACK, rep)["side"] for rep in range(3)]
    assert sides == ["right", "left", "right"]
    assert values_of(bend, PACK)["other_side"] == "left"


def test_a_dose_is_told_in_words() -> None:
    values = values_of(effort("Plank", FixedDose("hold", time_ms=90_000)), PACK)
    assert values["dose"] == "hold for 1 minute 30 seconds"
    assert values["hold"] == "1 minute 30 seconds"
    assert "reps" not in values


def test_rounds_are_those_of_the_innermost_block() -> None:
    place = Nesting((NestedBlock(HERE, "Core", 1, 3), NestedBlock(HERE, None, 2, 4)))
    assert round_values(place) == {"round": "2", "rounds": "4"}
    assert round_values(Nesting()) == {}


def test_words_name_a_side_by_their_placeholder_alone() -> None:
    assert names_side(Words("The <other_side> leg.", HERE, (("other_side", HERE),)))
    assert not names_side(Words("What is left of the minute.", HERE))
    assert not names_side(None)


def test_a_move_without_reminders_has_none() -> None:
    assert reminders_of(effort("Bend", None)) == ()
