"""What sounds in an effort so far, and where there is room for more."""

import pytest

from audiocoach.coaching.cues import Line
from audiocoach.coaching.effort.bounds import Bounds, Edge
from audiocoach.coaching.effort.layout import EffortLayout, empty, ground_of, tone
from audiocoach.coaching.memory import Told
from audiocoach.coaching.speaker import speaker_of
from audiocoach.coaching.steps import FixedDose
from tests.generate import planned
from tests.test_steps import effort


@pytest.fixture
def layout() -> EffortLayout:
    """Ten seconds, in which every phrase takes one."""
    speaker = speaker_of(planned("title: T\nsession: [{say: Hi.}]\n"), lambda _: 1000, 60_000)
    bounds = Bounds(0, 10_000, Edge("go", ""), Edge("stop", ""))
    return empty(ground_of(effort("Bend", FixedDose("reps", reps=10)), bounds, speaker, Told()))


def say(layout: EffortLayout, text: str, start_ms: int) -> EffortLayout:
    laid = layout.say(layout.ground.cue("step", Line(text)), start_ms)
    assert laid is not None
    return laid


def test_words_take_their_place_and_keep_others_away(layout: EffortLayout) -> None:
    said = say(layout, "Up.", 2000)
    assert not said.words.fits(3100, 1000)
    assert said.words.fits(3168, 1000)
    assert [event.start_ms for event in say(said, "Down.", 3168).events] == [2000, 3168]


def test_a_try_leaves_no_trace(layout: EffortLayout) -> None:
    say(layout, "Up.", 2000)
    assert layout.events == ()
    assert layout.words.fits(2000, 1000)


def test_no_place_is_none(layout: EffortLayout) -> None:
    assert layout.say(layout.ground.cue("step", Line("Up.")), None) is None


def test_what_is_closed_to_words_is_open_to_tones(layout: EffortLayout) -> None:
    closed = layout.closing(7000, 10_000)
    assert not closed.words.fits(8000, 1000)
    assert closed.tones.fits(8000, 60)
    rung = closed.ringing([tone(closed.ground, "count", "count", 8000)])
    assert not rung.tones.fits(8080, 60)
    assert rung.tones.fits(8090, 60)


def test_what_is_heard_is_told_in_the_order_of_its_time(layout: EffortLayout) -> None:
    said = say(say(layout, "Down.", 5000), "Up.", 2000)
    assert [cue.line.text for cue in said.cues] == ["Up.", "Down."]
