"""PyAV's filters as a function."""

from __future__ import annotations

import av
import pytest

from audiocoach.voice import filters
from tests.voices import tone


@pytest.mark.parametrize("count", [1, 7, 48, 1151, 22_051])
def test_frames_hold_the_samples_and_nothing_else(count: int) -> None:
    sound = tone(1100)[: 2 * count]
    assert b"".join(map(filters.samples, filters.frames(sound, 22_050))) == sound


def test_no_sound_is_no_frames() -> None:
    assert list(filters.filtered(filters.frames(b"", 48_000), [("volume", {"volume": "2"})])) == []


def test_filters_follow_one_another() -> None:
    sound = tone(500, rate_hz=48_000, peak=1000)
    chain = [("volume", {"volume": "2", "precision": "fixed"})] * 2
    out = b"".join(map(filters.samples, filters.filtered(filters.frames(sound, 48_000), chain)))
    assert len(out) == len(sound)
    assert int.from_bytes(out[:2], "little") == 4000


def test_a_wrong_option_is_an_error() -> None:
    with pytest.raises((av.FFmpegError, ValueError)):
        list(filters.filtered(filters.frames(tone(100), 22_050), [("volume", {"volume": "please"})]))
