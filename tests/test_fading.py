"""How calls fade as a move becomes known."""

import pytest

from audiocoach.coaching.cues import Cue, Line
from audiocoach.coaching.effort.fading import are_breaths_led, are_called, is_called
from audiocoach.coaching.effort.layout import Ground
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.records import replace
from tests.generate import constant, planned
from tests.test_beats import STEPS, ground

TWELVE = f"{STEPS}, tempo: 3-3, reps: 12"


def after(first: Ground, text: str, times: int) -> Ground:
    """The same, once a text was heard so often."""
    cue = Cue("step", Line(text), first.effort.position, first.effort.delivery)
    return replace(first, told=first.told.heard([cue] * times, first.effort.move.key))


@pytest.mark.parametrize(
    ("before", "now", "called"),
    [
        (0, 0, range(12)),
        (0, 5, range(12)),
        (0, 6, (0, 1, 10, 11)),
        (8, 0, (0, 1, 10, 11)),
        (8, 4, ()),
        # Four more would be more than twelve.
        (9, 0, (0, 1)),
        # The first repetition of a set is called as long as there is one.
        (11, 0, (0,)),
        (12, 0, ()),
    ],
)
def test_a_call_comes_each_time_then_at_both_ends_then_no_more(
    before: int, now: int, called: tuple[int, ...]
) -> None:
    known = after(ground(TWELVE), "Low", before)
    assert [rep for rep in range(12) if is_called(known, "Low", {"Low": now}, rep)] == list(called)


def test_what_comes_twice_in_a_repetition_fades_sooner() -> None:
    known = after(ground(TWELVE), "Low", 6)
    assert is_called(known, "Low", {}, 0, each=1)
    assert is_called(known, "Low", {}, 0, each=2)
    assert not is_called(known, "Low", {}, 11, each=2)


def test_what_another_move_is_called_by_is_new_in_this_one() -> None:
    first = ground(TWELVE)
    cue = Cue("step", Line("Low"), first.effort.position, first.effort.delivery)
    other = replace(first, told=first.told.heard([cue] * 8, "another"))
    assert is_called(other, "Low", {}, 5)


def test_on_a_new_side_the_first_two_are_called_again() -> None:
    known = replace(after(ground(TWELVE), "Low", 10), new_side=True)
    assert [rep for rep in range(12) if is_called(known, "Low", {}, rep)] == [0, 1]


def test_no_words_are_called_more_than_twelve_times_of_all_moves_and_sides() -> None:
    first = ground(TWELVE)
    cue = Cue("step", Line("Low"), first.effort.position, first.effort.delivery)
    for new_side in (False, True):
        other = replace(first, told=first.told.heard([cue] * 12, "another"), new_side=new_side)
        assert not any(is_called(other, "Low", {}, rep) for rep in range(12))


def test_a_repetition_is_called_as_a_whole_or_not_at_all() -> None:
    known = after(ground(TWELVE), "Low", 6)
    assert are_called(known, ["Low", "High"], {}, 0)
    assert not are_called(known, ["Low", "High"], {}, 5)
    assert are_called(known, ["High"], {}, 5)


def test_each_side_of_a_move_begins_with_its_calls() -> None:
    bend = "{steps: [{say: Bend all the way., short: Down}, {say: And up., short: Up}], tempo: 3-3, reps: 14}"
    timeline = schedule(
        planned(f"title: T\nmoves: {{bend: {bend}}}\nsession: [{{do: bend, sides: each}}]\n"), constant
    )
    left, right = (
        [
            (event.start_ms - one.start_ms + 500) // 6000
            for event in timeline.events
            if isinstance(event, Speech) and event.text == "Up" and one.start_ms < event.start_ms < one.end_ms
        ]
        for one in timeline.intervals
        if one.kind == "reps"
    )
    assert (left, right) == ([2, 3, 4, 5, 6, 7, 12, 13], [0, 1, 12, 13])


def test_without_tones_nothing_fades() -> None:
    known = after(ground(TWELVE, "tones: soft\n"), "Low", 100)
    assert is_called(known, "Low", {}, 5)


def test_breaths_are_led_as_they_begin_then_the_first_alone_then_no_more() -> None:
    calm = ground("breaths: 6, breath: 3-4")
    led = [
        [
            breath
            for breath in range(6)
            if are_breaths_led(replace(calm, told=calm.told.heard([cue] * times)), "In.", {}, breath)
        ]
        for cue in [Cue("breath", Line("In."), calm.effort.position, calm.effort.delivery)]
        for times in (0, 6, 12)
    ]
    assert led == [list(range(6)), [0], []]


def test_the_last_two_that_are_called_in_a_time_are_over_before_its_end_is_counted() -> None:
    # The count of 30 s begins at 27 s, within the fourteenth repetition of 2 s.
    known = after(ground("steps: [{say: Down., short: Low}], tempo: 2s, for: 30s"), "Low", 6)
    assert [rep for rep in range(15) if is_called(known, "Low", {}, rep)] == [0, 1, 11, 12]
