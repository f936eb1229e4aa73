"""The work table for one effort."""

import pytest

from audiocoach.coaching.bounds import Bounds, Edge
from audiocoach.coaching.narration import Coach
from audiocoach.coaching.steps import FixedDose
from audiocoach.coaching.table import Table
from audiocoach.coaching.timeline import Speech
from tests.generate import planned
from tests.test_steps import effort


@pytest.fixture
def table() -> Table:
    """Ten seconds, in which every phrase takes one."""
    coach = Coach(planned("title: T\nsession: [{say: Hi.}]\n"), lambda _: 1000, 60_000)
    bounds = Bounds(0, 10_000, Edge("go", ""), Edge("stop", ""))
    return Table(effort("Bend", FixedDose("reps", reps=10)), bounds, coach)


def test_words_take_their_place_and_keep_others_away(table: Table) -> None:
    assert table.exactly("step", "Up.", 2000)
    assert not table.exactly("step", "Down.", 3100)
    assert table.exactly("step", "Down.", 3168)
    assert [event.start_ms for event in table.events] == [2000, 3168]


def test_words_go_to_the_first_free_place_in_their_window(table: Table) -> None:
    assert table.exactly("step", "Up.", 2400)
    assert table.within("reminder", "Breathe.", 2000, 4000)
    assert not table.within("reminder", "Relax.", 2500, 3000)
    (_, free) = table.events
    assert isinstance(free, Speech)
    assert (free.text, free.start_ms) == ("Breathe.", 3576)


def test_a_tone_that_gives_the_pace_yields_to_words(table: Table) -> None:
    assert table.exactly("step", "Up.", 2000)
    table.soft_tone("phase", "tick", 2500)
    table.soft_tone("phase", "tick", 4000)
    assert [event.start_ms for event in table.events] == [2000, 4000]


def test_no_place_is_no(table: Table) -> None:
    assert not table.say(table.cue("step", "Up."), "Up.", None)
    assert table.events == []
