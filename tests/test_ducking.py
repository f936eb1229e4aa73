"""How music makes room: from what is said and when, and never from how it sounds."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.coaching.timeline import Speech, Tone, Utterance
from audiocoach.errors import Position
from audiocoach.routine.voice import Voice
from audiocoach.sound.bed.ducking import dips, gains

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Event

AT = Position("a.yaml", 1, 1)
# A window begins a second before the first sound.
SECOND = 1000


def said(start_ms: int, length_ms: int) -> Speech:
    return Speech(start_ms, length_ms, "say", "Bend.", Utterance("Bend.", Voice()), AT)


def tone(start_ms: int, length_ms: int = 100) -> Tone:
    return Tone(start_ms, length_ms, "count", "count", AT)


def levels_db(*events: Event, length_ms: int = 8 * SECOND) -> list[float]:
    return [20 * math.log10(gain) for gain in gains(dips(events), length_ms)]


def test_it_is_down_as_the_first_syllable_begins_and_up_half_a_second_after_the_last() -> None:
    level = levels_db(said(2000, 1000))
    assert level[:1850] == [0] * 1850
    assert level[1924] == pytest.approx(-6, abs=0.1)
    assert level[2000:3000] == pytest.approx([-12] * 1000)
    assert level[3250] == pytest.approx(-6, abs=0.1)
    assert level[3500:] == [0] * 4500
    assert level[1849:2000] == sorted(level[1849:2000], reverse=True)
    assert level[3000:3501] == sorted(level[3000:3501])


@pytest.mark.parametrize(("pause_ms", "comes_up"), [(849, False), (850, True), (1500, True)])
def test_a_short_pause_is_no_place_to_come_up_in(pause_ms: int, *, comes_up: bool) -> None:
    between = levels_db(said(2000, 1000), said(3000 + pause_ms, 1000))[3000 : 3000 + pause_ms]
    assert (max(between) == 0) is comes_up
    assert comes_up or max(between) == pytest.approx(-12)


def test_tones_lower_it_less_and_a_count_does_not_make_it_pump() -> None:
    level = levels_db(*(tone(at) for at in (1000, 2000, 3000, 4000)))
    assert level[1000:4100] == pytest.approx([-5] * 3100)
    assert level[0] == level[4600] == 0


def test_between_words_and_a_tone_it_comes_up_to_the_tone_s_level_alone() -> None:
    level = levels_db(said(1000, 1000), tone(2700))
    assert max(level[2000:2700]) == pytest.approx(-5)
    assert level[1999] == pytest.approx(-12)


events = st.lists(
    st.builds(said, st.integers(0, 9000), st.integers(1, 2000))
    | st.builds(tone, st.integers(0, 9000), st.integers(50, 700)),
    max_size=12,
)


@given(events)
def test_whatever_is_said_music_is_lower_by_twelve_and_never_steps(found: list[Event]) -> None:
    level = levels_db(*found, length_ms=12_000)
    for event in found:
        wanted = -12 if isinstance(event, Speech) else -5
        assert max(level[event.start_ms : event.end_ms]) <= wanted + 1e-9
    steps = [abs(after - before) for before, after in pairwise(level)]
    assert max(steps) <= 12 / 150 + 1e-9
    assert min(level) >= -12 - 1e-9
    assert max(level) <= 0


@given(events, st.integers(0, 9000))
def test_a_window_has_what_the_whole_has_there(found: list[Event], start_ms: int) -> None:
    """A block of sound depends on nothing that lies outside of it."""
    whole = gains(dips(found), 12_000)
    near = [dip.moved(-start_ms) for dip in dips(found) if dip.meets(start_ms, start_ms + 3000)]
    assert gains(near, 3000) == whole[start_ms : start_ms + 3000]
