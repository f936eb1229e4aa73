"""How loud stereo is, held against the meter of ffmpeg."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.making.both_sides import StereoMeter, measure_part
from audiocoach.making.meter import Powers, Tally
from audiocoach.store.recipe import Level
from tests.decoders import need
from tests.levels import measure_loudness

if TYPE_CHECKING:
    from pathlib import Path

RATE_HZ = 48_000
DICE = np.random.default_rng(5)


def stereo(left: np.ndarray, right: np.ndarray) -> bytes:
    return (np.stack([left, right], axis=1) * 32_767).round().astype("<i2").tobytes()


def heard(sound: bytes, piece_bytes: int) -> Level:
    meter = StereoMeter()
    for at in range(0, len(sound), piece_bytes):
        meter.hear(sound[at : at + piece_bytes])
    level = meter.level()
    assert meter.level() == level
    return level


NOISE = DICE.standard_normal(RATE_HZ * 14) * 0.05
# At a quarter of the rate every sample lies 3 dB under the top of the wave.
MOMENTS = np.arange(RATE_HZ * 14)
EDGES = np.minimum(1, np.minimum(MOMENTS, MOMENTS[::-1]) / 4800)
BETWEEN = np.sin(MOMENTS * np.pi / 2 + np.pi / 4) * 0.3 * EDGES


@pytest.mark.parametrize(
    ("left", "right"), [(NOISE, NOISE[::-1]), (NOISE, NOISE * 0), (NOISE * 0.1, BETWEEN), (NOISE, -NOISE)]
)
def test_it_reads_what_ffmpeg_reads(left: np.ndarray, right: np.ndarray, tmp_path: Path) -> None:
    sound, path = stereo(left, right), tmp_path / "sound.wav"
    asked = ("-f", "s16le", "-ar", str(RATE_HZ), "-ac", "2", "-i", "-", str(path))
    subprocess.run([need("ffmpeg"), "-v", "error", *asked], input=sound, check=True)
    theirs = measure_loudness(path)
    # Pieces of any length are heard as the whole.
    for level in (heard(sound, 40_000), heard(sound, len(sound))):
        assert level.lufs == pytest.approx(theirs.integrated_lufs, abs=0.11)
        assert level.peak_db == pytest.approx(theirs.true_peak_db, abs=0.2)


def test_parts_that_are_laid_side_by_side_count_as_the_whole() -> None:
    sound = stereo(NOISE, BETWEEN)
    tally = Tally()
    for start_ms, end_ms in ((0, 4800), (4800, 7200), (7200, 14_000)):
        tally.lay(start_ms // 4, measure_part(sound, start_ms, end_ms - start_ms))
    assert tally.level(14_000) == heard(sound, len(sound))


def test_nothing_is_no_loudness() -> None:
    assert heard(bytes(4 * RATE_HZ), 1000) == StereoMeter().level() == Level(None, None)
    assert measure_part(b"", 0, 24) == Powers(0, (0.0,) * 6, 0.0)
