"""Whether two passages begin with the same words."""

from __future__ import annotations

import math

import pytest

from audiocoach.voice.cutting.alike import beginning, distance
from audiocoach.voice.cutting.passages import Passage

BANDS = 4


def word(*bands: int, slower: int = 1, quieter_db: float = 0.0) -> list[tuple[float, ...]]:
    """Frames whose loudest band changes: a sound a band, five frames each."""
    rows = [band for band in bands for _ in range(5 * slower)]
    return [tuple((0.0 if band == at else -30.0) - quieter_db for at in range(BANDS)) for band in rows]


def test_the_same_is_no_distance_apart() -> None:
    assert distance(word(0, 1, 2), word(0, 1, 2)) == 0


def test_nobody_says_a_thing_twice_at_one_speed() -> None:
    slow, quick = word(0, 1, 2, 1), word(0, 0, 1, 1, 2, 2, 1, 1)
    slow = slow[:3] + slow[:]
    assert distance(slow, word(0, 1, 2, 1)) < 1
    assert distance(quick, word(3, 2, 3, 0)) > 10


def test_a_line_that_was_broken_off_is_the_beginning_of_the_whole() -> None:
    whole = word(0, 1, 2, 3, 0, 1)
    assert distance(word(0, 1), whole) == distance(whole, word(0, 1)) == 0
    assert distance(word(1, 0), whole) > 5


def test_what_is_too_short_tells_nothing() -> None:
    assert distance(word(0)[:3], word(0)) == math.inf


def test_a_beginning_is_told_from_its_loudest_and_not_from_its_level() -> None:
    rows = [row for row in word(0, 1, 2) for _ in range(3)]
    quiet = [row for row in word(0, 1, 2, quieter_db=12) for _ in range(3)]
    passage = Passage(0, len(rows) * 10, 0.0)
    assert beginning(rows, passage, 10) == beginning(quiet, passage, 10)
    assert len(beginning(rows, passage, 10)) == 15


def test_of_a_long_passage_the_beginning_is_enough() -> None:
    rows = [(float(at % 7),) for at in range(2000)]
    frames = beginning(rows, Passage(0, 20_000, 0.0), 10)
    assert len(frames) == pytest.approx(61, abs=1)
