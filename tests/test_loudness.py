"""Loudness, measured on finished MP3s of real phrases."""

from __future__ import annotations

import array
import math
import sys
from typing import TYPE_CHECKING

import pytest

from audiocoach.encoder import mp3_stream
from audiocoach.errors import SoundError
from audiocoach.voice.finish import apply_gain
from audiocoach.voice.loudness import TARGET_LUFS, calibrate, measure_loudness
from audiocoach.voice.studio import Studio
from audiocoach.voice.take import Take
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
    turn = 2 * math.pi * 997 / 48_000
    return array.array(
        "h", (round(32_767 * peak * math.sin(turn * i)) for i in range(48_000 * seconds))
    ).tobytes()


@pytest.mark.parametrize(("peak", "lufs"), [(1.0, -3.01), (0.5, -9.03), (0.1, -23.01)])
def test_a_sine_reads_what_the_standard_says(peak: float, lufs: float) -> None:
    """ITU-R BS.1770-4: 997 Hz at full scale in one channel is -3.01 LKFS."""
    loudness = measure_loudness(sine(peak))
    assert loudness.integrated_lufs == pytest.approx(lufs, abs=0.05)
    assert loudness.true_peak_db == pytest.approx(20 * math.log10(peak), abs=0.1)


@pytest.mark.parametrize("sound", [b"", bytes(96), bytes(960_000)])
def test_silence_has_no_loudness(sound: bytes) -> None:
    loudness = measure_loudness(sound)
    assert loudness.integrated_lufs == -70
    assert loudness.true_peak_db == -math.inf


def test_a_file_reads_like_its_samples(tmp_path: Path) -> None:
    path = tmp_path / "sine.mp3"
    path.write_bytes(mp3_stream(sine(0.25, 10)))
    assert measure_loudness(path).integrated_lufs == pytest.approx(-15.05, abs=0.6)


def test_a_file_that_is_no_sound_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "page.mp3"
    path.write_text("<html>")
    with pytest.raises(SoundError, match="cannot be decoded"):
        measure_loudness(path)
    with pytest.raises(SoundError, match="cannot be decoded"):
        measure_loudness(tmp_path / "gone.mp3")


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
