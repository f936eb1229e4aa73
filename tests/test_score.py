"""Which music plays when, from where in it, and how it comes and goes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.coaching.timeline import Bed
from audiocoach.routine.music import Track
from audiocoach.sound.bed.score import FADE_MS, Piece, Reel, period_of, pieces, playings

RAIN, SONG = Track("rain"), Track("song.mp3", path="song.mp3", digest="1")
REELS = {RAIN: Reel("rain", 60_000, FADE_MS, -3.0), SONG: Reel("song", 12_000, FADE_MS, 2.0)}


def sounding(*beds: Bed, start_ms: int, end_ms: int) -> tuple[Piece, ...]:
    return tuple(pieces(playings(beds, REELS), start_ms, end_ms))


def power(found: tuple[Piece, ...], at_ms: int) -> float:
    """Of everything that sounds at a moment, where each track alone has 1."""
    return sum(piece.gain(at_ms) ** 2 for piece in found if piece.start_ms <= at_ms < piece.end_ms)


@pytest.mark.parametrize(
    ("length_ms", "bpm", "wanted"),
    [
        (200_000, 0, (192_000, 2000)),  # a song: a whole number of blocks
        (62_000, 0, (60_000, 2000)),
        (15_000, 0, (12_000, 2000)),
        (6_000, 0, (4_000, 2000)),
        (5_999, 0, (0, 0)),
        (8_000, 120, (8_000, 0)),  # a drum loop: whole bars
        (9_000, 120, (8_000, 10)),
        (7_500, 128, (7_500, 0)),
        (1_900, 120, (0, 0)),
    ],
)
def test_a_track_is_repeated_where_nobody_hears_it(length_ms: int, bpm: int, wanted: tuple[int, int]) -> None:
    assert period_of(length_ms, bpm) == wanted


def test_it_fades_in_and_out_and_goes_from_one_round_into_the_next() -> None:
    bed = Bed(0, 30_000, (SONG,), -8.0)
    found = sounding(bed, start_ms=0, end_ms=30_000)
    assert [(piece.origin_ms, piece.start_ms, piece.end_ms) for piece in found] == [
        (0, 0, 14_000),
        (12_000, 12_000, 26_000),
        (24_000, 24_000, 30_000),
    ]
    assert {piece.gain_db for piece in found} == {-6.0}
    assert power(found, 0) < 1e-3
    assert power(found, 1000) == pytest.approx(0.5, abs=0.01)
    assert [power(found, at) for at in (2000, 12_500, 13_999, 24_100)] == pytest.approx([1] * 4, abs=0.01)
    assert power(found, 29_999) < 1e-3


def test_one_goes_into_the_other_where_they_meet_and_each_goes_on_where_it_was_left() -> None:
    beds = (
        Bed(0, 20_000, (RAIN,), -8.0),
        Bed(20_000, 20_000, (SONG,), -8.0),
        Bed(40_000, 20_000, (RAIN,), -8.0),
    )
    found = sounding(*beds, start_ms=0, end_ms=60_000)
    assert {piece.key for piece in found if piece.start_ms <= 20_000 < piece.end_ms} == {"rain", "song"}
    assert [power(found, at) for at in range(2000, 58_000, 500)] == pytest.approx([1] * 112, abs=0.01)
    again = next(piece for piece in found if piece.key == "rain" and piece.start_ms > 30_000)
    # It was heard for 21 s, with the fade, and begins a second before its time.
    assert again.start_ms - again.origin_ms == 21_000


def test_a_window_that_begins_within_a_seam_has_both_sides_of_it() -> None:
    found = sounding(Bed(0, 60_000, (SONG,), -8.0), start_ms=13_000, end_ms=13_500)
    assert [piece.origin_ms for piece in found] == [-13_000, -1_000]
    assert power(found, 250) == pytest.approx(1, abs=0.01)


def test_windows_with_the_same_sound_are_the_same() -> None:
    bed = Bed(0, 600_000, (RAIN,), -8.0)
    first, second = (sounding(bed, start_ms=at, end_ms=at + 12_000) for at in (120_960, 180_960))
    assert first == second
    assert first != sounding(bed, start_ms=132_960, end_ms=144_960)


@given(st.integers(1, 90_000), st.integers(0, 90_000), st.integers(1, 15_000))
def test_a_window_has_what_the_whole_has_there(length_ms: int, start_ms: int, window_ms: int) -> None:
    bed = Bed(5000, length_ms, (SONG, RAIN), -8.0)
    whole = sounding(bed, start_ms=0, end_ms=200_000)
    seen = sounding(bed, start_ms=start_ms, end_ms=start_ms + window_ms)
    for at_ms in range(0, window_ms, 501):
        here = {
            (piece.key, start_ms + at_ms - start_ms - piece.origin_ms, round(piece.gain(at_ms), 9))
            for piece in seen
            if piece.start_ms <= at_ms < piece.end_ms
        }
        there = {
            (piece.key, start_ms + at_ms - piece.origin_ms, round(piece.gain(start_ms + at_ms), 9))
            for piece in whole
            if piece.start_ms <= start_ms + at_ms < piece.end_ms
        }
        assert here == there
        assert math.isfinite(power(seen, at_ms))
