"""Loudness, measured on finished MP3s of real phrases."""

from __future__ import annotations

import array
import math
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.encoder import mp3_stream
from audiocoach.voice.finish import apply_gain
from audiocoach.voice.loudness import TARGET_LUFS, calibrate
from audiocoach.voice.studio import Studio
from audiocoach.voice.take import Take
from tests.levels import measure_loudness, without_long_silence
from tests.voices import DictStore, spoken, tone

if TYPE_CHECKING:
    from pathlib import Path

linux = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")

SESSION = (
    "Squat, set one of three. Slow down for three, chest tall and knees over your toes.",
    "Switch sides.",
    "Next: push-ups. Breathe out on the way up.",
    "Keep your back flat.",
    "Halfway, well done.",
    "Hold the plank for forty seconds, and do not forget to breathe.",
    "Three, two, one.",
    "Rest. Shake out your arms.",
)


def sine(peak: float, seconds: int = 3) -> bytes:
    """ITU-R BS.1770-4: 997 Hz at full scale in one channel is -3.01 LKFS."""
    turn = 2 * math.pi * 997 / 48_000
    return array.array(
        "h", (round(32_767 * peak * math.sin(turn * i)) for i in range(48_000 * seconds))
    ).tobytes()


@pytest.mark.parametrize(("peak", "lufs"), [(1.0, -3.01), (0.5, -9.03), (0.1, -23.01)])
def test_a_sine_gets_the_gain_that_it_lacks_by_the_standard(peak: float, lufs: float) -> None:
    assert calibrate(Take(sine(peak), 48_000)) == pytest.approx(TARGET_LUFS - lufs, abs=0.6)


@pytest.mark.parametrize("sound", [bytes(96), bytes(960_000)])
def test_silence_gets_the_most_gain_that_there_is(sound: bytes) -> None:
    assert calibrate(Take(sound, 48_000)) == 40


def test_long_silence_counts_for_nothing_where_others_measure() -> None:
    silence = bytes(96_000 * 20)
    whole = np.frombuffer(silence + sine(0.5) + silence + sine(0.2) + silence, dtype="<i2")
    short = without_long_silence(whole)
    assert len(short) < len(whole) / 8
    assert measure_loudness(short.tobytes()) == measure_loudness(whole.tobytes())


@pytest.mark.parametrize("peak", [500, 8000, 32_000])
def test_calibration_brings_any_take_to_the_level(peak: int, tmp_path: Path) -> None:
    take = Take(tone(4000, peak=peak), 22_050)
    path = tmp_path / "tone.mp3"
    path.write_bytes(mp3_stream(apply_gain(take, calibrate(take))))
    assert measure_loudness(path).integrated_lufs == pytest.approx(TARGET_LUFS, abs=0.5)


def test_calibration_of_next_to_nothing_is_bounded() -> None:
    assert calibrate(Take(tone(4000, peak=34), 22_050)) <= 40


@linux
@pytest.mark.parametrize("voice", ["", "en-gb", "en-us+f3", "de"])
def test_a_session_is_as_loud_as_a_podcast_and_never_clips(voice: str, tmp_path: Path) -> None:
    pause = bytes(96 * 700)
    with Studio(DictStore()) as studio:
        studio.record([spoken(text, voice) for text in SESSION])
        samples = pause.join(studio.clip(spoken(text, voice)).samples for text in SESSION)
    path = tmp_path / "session.mp3"
    path.write_bytes(mp3_stream(samples))
    loudness = measure_loudness(path)
    assert loudness.integrated_lufs == pytest.approx(TARGET_LUFS, abs=1)
    assert loudness.true_peak_db <= -1
