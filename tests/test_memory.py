"""What the listener has heard: a value that grows only by cues that were laid."""

from audiocoach.coaching.cues import Cue, Line
from audiocoach.coaching.memory import Equipped, Reminded, Told, way_in
from audiocoach.coaching.steps import Delivery
from audiocoach.routine.model import Move, Words
from audiocoach.routine.voice import Voice
from tests.test_diagnostics import HERE
from tests.test_steps import effort

FULL = Delivery("full", "full", Voice())
CHIN = Words("Chin in.", HERE)


def test_what_a_cue_tells_is_known_once_it_was_heard() -> None:
    cue = Cue("equipment", Line("You need: a mat."), HERE, FULL, facts=(Equipped("a mat"),))
    before = Told()
    assert before.heard([cue]).knows(Equipped("a mat"))
    assert not before.knows(Equipped("a mat"))


def test_wordings_take_turns_as_they_are_heard() -> None:
    rest = Cue("rest", Line("Rest."), HERE, FULL, entry="rest")
    assert Told().heard([rest, rest]).turn("rest") == 2
    assert Told().turn("rest") == 0


def test_the_last_reminder_is_known_of_each_move() -> None:
    cue = Cue("reminder", Line("Chin in."), HERE, FULL, facts=(Reminded("bend", CHIN),))
    told = Told().heard([cue])
    assert told.reminder == CHIN
    assert told.last_reminder("bend") == CHIN
    assert told.last_reminder("plank") is None


def test_a_move_is_new_until_somebody_led_it() -> None:
    bend = effort("Bend", None)
    assert Told().is_new(bend)
    assert not Told().led_through(bend).is_new(bend)


def test_a_side_is_another_way_in() -> None:
    move = Move(HERE, "bend", setup=Words("Lie on the <side>.", HERE))
    assert way_in(move) != way_in(move, "left") != way_in(move, "right")
