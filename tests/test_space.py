import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocoach.coaching.space import APART_MS, Space

SOUNDS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 3000)), max_size=8)


def test_words_keep_seven_frames_to_every_sound() -> None:
    space = Space(0, 10_000, 24).taken(1000, 500)
    assert APART_MS == 168
    assert space.first(1000, 5000, 400) == 1680
    assert not space.fits(1600, 400)
    assert space.fits(1668, 400)


def test_the_last_place_is_on_the_grid_and_ends_in_time() -> None:
    space = Space(0, 10_000, 24)
    assert space.last(0, 9000, 1000) == 9000
    space = space.closed(7000, 10_000)
    assert space.last(0, 9000, 1000) == 6000
    assert space.last(6500, 9000, 1000) is None


def test_words_may_touch_what_is_closed() -> None:
    space = Space(0, 4800, 24).closed(2400, 4800)
    assert space.first(0, 4800, 2400) == 0
    assert space.first(0, 4800, 2401) is None


def test_a_margin_is_kept_on_both_sides() -> None:
    space = Space(0, 10_000, 24).closed(0, 1000)
    assert space.first(0, 9000, 500, margin_ms=1000) == 2016


def test_what_is_taken_of_a_try_is_free_in_the_space_that_it_came_from() -> None:
    space = Space(0, 1000, 24)
    assert not space.closed(0, 1000).fits(0, 1000)
    assert space.fits(0, 1000)


@settings(derandomize=True, deadline=None)
@given(SOUNDS, SOUNDS)
def test_many_sounds_at_once_take_what_each_of_them_takes(
    before: list[tuple[int, int]], sounds: list[tuple[int, int]]
) -> None:
    space = Space(0, 20_000, 24).taking(before)
    in_turn = space
    for start, length in sounds:
        in_turn = in_turn.taken(start, length)
    assert space.taking(sounds) == in_turn


@settings(derandomize=True, deadline=None)
@given(SOUNDS, st.integers(0, 20_000), st.integers(1, 4000))
def test_whatever_place_is_found_is_free(sounds: list[tuple[int, int]], earliest: int, length: int) -> None:
    space = Space(0, 20_000, 24)
    for start, sound in sounds:
        space = space.taken(start, sound)
    for place in (space.first(earliest, 20_000, length), space.last(earliest, 20_000, length)):
        if place is not None:
            assert place % 24 == 0
            assert earliest <= place <= 20_000 - length
            assert all(place + length <= s - 168 or place >= s + n + 168 for s, n in sounds)


@pytest.mark.parametrize(
    ("grid_ms", "first_ms", "last_ms"), [(24, 1008, 8976), (20, 1000, 8980), (1, 997, 8995)]
)
def test_words_start_on_the_grid_that_was_handed_in(grid_ms: int, first_ms: int, last_ms: int) -> None:
    space = Space(0, 10_000, grid_ms)
    assert space.first(997, 5000, 400) == first_ms
    assert space.last(0, 8995, 400) == last_ms
    assert space.taken(0, 10).grid_ms == grid_ms
