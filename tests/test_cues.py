"""Lines and cues before they have a time."""

from audiocoach.coaching.cues import SILENCE, Cue, Line, Weight
from audiocoach.coaching.steps import Delivery
from audiocoach.routine.voice import Voice
from tests.test_diagnostics import HERE


def test_silence_is_nothing_to_say() -> None:
    assert not SILENCE
    assert Line("Up.")


def test_what_was_to_be_told_ahead_has_another_wording_in_a_gap() -> None:
    delivery = Delivery("full", "full", Voice())
    cue = Cue("set", Line("Then set 2 of 3."), HERE, delivery, arrived=Line("Set 2 of 3."))
    assert cue.in_gap().line.text == "Set 2 of 3."
    assert cue.in_gap().in_gap() == cue.in_gap()


def test_what_fills_a_silence_goes_before_what_is_anchored() -> None:
    assert min([Weight.REST, Weight.ANCHORED, Weight.COUNT]) is Weight.ANCHORED
    assert Weight.REMINDER > Weight.OFFER > Weight.SECTION
