"""A take becomes a clip: 48 kHz, level, peaks, edges, whole milliseconds."""

from __future__ import annotations

import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocoach.encoder import PEAK_CEILING
from audiocoach.voice.finish import apply_gain, finish
from audiocoach.voice.take import Take
from tests.conftest import examples
from tests.voices import tone


def peak(samples: bytes) -> int:
    return max(map(abs, array.array("h", samples)))


def test_a_take_that_is_a_clip_already_keeps_its_samples_between_the_edges() -> None:
    samples = tone(600, rate_hz=48_000)
    clip = finish(Take(samples, 48_000), 0.0)
    edge = 2 * 48 * 3
    assert len(clip) == len(samples)
    assert clip[edge:-edge] == samples[edge:-edge]


def test_edges_are_soft() -> None:
    clip = array.array("h", finish(Take(tone(600, rate_hz=48_000, peak=20_000), 48_000), 0.0))
    assert abs(clip[0]) < 300
    assert abs(clip[-1]) < 300


@given(count=st.integers(1, 3000), rate_hz=st.sampled_from([8000, 16_000, 22_050, 44_100, 48_000]))
@settings(max_examples=examples(60), deadline=None)
def test_every_clip_is_whole_milliseconds(count: int, rate_hz: int) -> None:
    clip = finish(Take(tone(400, rate_hz)[: 2 * count], rate_hz), 0.0)
    seconds = count / rate_hz
    assert len(clip) % 96 == 0
    assert len(clip) / 96_000 == pytest.approx(seconds, abs=0.0015)


def test_gain_is_gain() -> None:
    take = Take(tone(600), 22_050)
    assert peak(apply_gain(take, 6.0)) == pytest.approx(8000 * 10 ** (6 / 20), rel=0.01)
    assert peak(apply_gain(take, -6.0)) == pytest.approx(8000 * 10 ** (-6 / 20), rel=0.01)


@pytest.mark.parametrize("gain_db", [12.0, 20.0, 30.0])
def test_peaks_are_limited_and_lengths_kept(gain_db: float) -> None:
    take = Take(tone(600), 22_050)
    loud = apply_gain(take, gain_db)
    assert peak(loud) <= round(PEAK_CEILING * 32_768) + 1
    assert len(loud) == len(apply_gain(take, 0.0))


def test_the_same_take_gives_the_same_bytes() -> None:
    take = Take(tone(900), 22_050)
    assert len({finish(take, 9.0) for _ in range(20)}) == 1


def test_a_long_take_goes_in_blocks_and_stays_one_sound() -> None:
    take = Take(tone(1000) * 25, 22_050)
    assert len(finish(take, 3.0)) == 25_000 * 96
