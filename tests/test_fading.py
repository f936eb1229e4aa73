"""How calls fade as a move becomes known."""

import pytest

from audiocoach.coaching.cues import Cue, Line
from audiocoach.coaching.effort.fading import are_breaths_led, is_called
from audiocoach.coaching.effort.layout import Ground
from audiocoach.records import replace
from tests.test_beats import STEPS, ground

TWELVE = f"{STEPS}, tempo: 3-3, reps: 12"


def after(first: Ground, text: str, times: int) -> Ground:
    """The same, once a text was heard so often."""
    cue = Cue("step", Line(text), first.effort.position, first.effort.delivery)
    return replace(first, told=first.told.heard([cue] * times))


@pytest.mark.parametrize(
    ("before", "now", "called"),
    [
        (0, 0, range(12)),
        (0, 5, range(12)),
        (0, 6, (0, 1, 10, 11)),
        (8, 0, (0, 1, 10, 11)),
        (8, 4, ()),
        # Four more would be more than twelve.
        (9, 0, ()),
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
    assert not is_called(known, "Low", {}, 0, each=2)


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
