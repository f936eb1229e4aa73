"""Cues of the phrase pack."""

from dataclasses import replace

from audiocoach.coaching.cues import SILENCE
from audiocoach.coaching.memory import Told
from audiocoach.coaching.pen import Pen
from audiocoach.coaching.steps import Delivery
from audiocoach.routine.voice import Voice
from tests.test_diagnostics import HERE
from tests.test_speaker import speaker

PEN = Pen(speaker(), Told(), HERE, Delivery("full", "full", Voice()))


def test_wordings_take_turns_by_what_was_heard() -> None:
    rest = PEN.own("rest", "rest", {})
    after = replace(PEN, told=Told().heard([rest]))
    assert [rest.line.text, after.own("rest", "rest", {}).line.text] == ["Rest.", "Take a rest."]
    assert PEN.own("rest", "rest", {}) == rest


def test_a_shorter_wording_that_is_the_same_is_none() -> None:
    values = {"name": "Plank", "dose": "40 seconds"}
    assert PEN.own("next", "announce", values, short="named").short.text == "Plank."
    assert PEN.own("named", "announce", values, short="named").short == SILENCE
