"""Where somebody speaks, by the level of every 10 ms."""

from __future__ import annotations

import math
import random
import struct

import pytest

from audiocoach.voice.cutting.passages import Passage, bands_db, levels_db, passages, peak

ROOM, VOICE, BREATH, WEAK = -60.0, -20.0, -44.0, -46.0
Part = tuple[float, int]


def levels(*parts: Part) -> list[float]:
    """So many milliseconds at each level, a room around them."""
    chance = random.Random(1)  # noqa: S311 - a test, not a secret
    whole = ((ROOM, 1000), *parts, (ROOM, 1000))
    return [level + chance.uniform(-1, 1) for level, length_ms in whole for _ in range(length_ms // 10)]


def spans(*parts: Part) -> list[tuple[int, int]]:
    return [(one.start_ms, one.end_ms) for one in passages(levels(*parts))]


def test_silences_part_passages_and_pauses_within_a_line_do_not() -> None:
    assert spans((VOICE, 500), (ROOM, 800), (VOICE, 300), (ROOM, 200), (VOICE, 300)) == [
        (1000, 1500),
        (2300, 3100),
    ]


@pytest.mark.parametrize("pause_ms", [30, 200, 500])
def test_a_breath_is_no_part_of_what_follows_it(pause_ms: int) -> None:
    start_ms = 1000 + 500 + 600 + 350 + pause_ms
    parts = ((VOICE, 500), (ROOM, 600), (BREATH, 350), (ROOM, pause_ms), (VOICE, 500))
    (_, second) = spans(*parts)
    assert second == (start_ms, start_ms + 500)


def test_the_end_of_a_word_belongs_to_it() -> None:
    assert spans((VOICE, 400), (ROOM, 80), (WEAK, 60)) == [(1000, 1540)]


def test_what_dies_away_belongs_to_it() -> None:
    ((start_ms, end_ms),) = spans((VOICE, 400), (-50.0, 100))
    assert (start_ms, end_ms) == (1000, 1500)


def test_a_click_is_no_passage() -> None:
    assert spans((VOICE, 500), (ROOM, 1000), (VOICE, 30)) == [(1000, 1500)]


def test_nobody_speaks_in_silence_or_in_noise() -> None:
    assert passages([]) == []
    assert passages([-90.0] * 200) == []
    assert passages(levels()) == []


def test_levels_are_of_full_scale() -> None:
    loud = struct.pack("<160h", *(round(16384 * math.sin(at / 3)) for at in range(160)))
    assert levels_db(loud + bytes(320) + bytes(10)) == [pytest.approx(-9, abs=0.2), -90.0]
    assert peak(loud + bytes(320), Passage(0, 10, 0.0)) == pytest.approx(16384, abs=10)
    assert peak(loud + bytes(320), Passage(10, 20, 0.0)) == 0


def test_a_tone_is_in_its_band() -> None:
    tone = struct.pack(
        "<1600h", *(round(8000 * math.sin(2 * math.pi * 1150 * at / 16_000)) for at in range(1600))
    )
    frame = bands_db(tone)[5]
    assert max(range(len(frame)), key=lambda band: frame[band]) == 4
