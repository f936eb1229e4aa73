"""What a session is told to be as loud as, held against the meter of ffmpeg."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.making.meter import Meter, Powers, Tally, measure
from audiocoach.sound import mixer, tones
from audiocoach.store.recipe import Level
from tests.levels import measure_loudness

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 48_000
# On two speakers a channel counts twice.
TWO_SPEAKERS_LU = 10 * math.log10(2)


def sine(frequency_hz: float, level_db: float, seconds: float, phase: float = 0.0) -> NDArray[np.float64]:
    moments = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave: NDArray[np.float64] = np.sin(2 * np.pi * frequency_hz * moments + phase)
    return wave * 10 ** (level_db / 20)


def pcm(*parts: NDArray[np.float64]) -> bytes:
    return (np.concatenate(parts) * 32_767).round().astype("<i2").tobytes()


def silence(seconds: float) -> NDArray[np.float64]:
    return np.zeros(round(seconds * RATE_HZ))


def heard(sound: bytes, piece_bytes: int = 2048) -> Level:
    meter = Meter()
    for at in range(0, len(sound), piece_bytes):
        meter.hear(sound[at : at + piece_bytes])
    return meter.level()


NOISE = np.random.default_rng(7).standard_normal(RATE_HZ * 3) * 0.05


@pytest.mark.parametrize(
    "sound",
    [
        pcm(silence(1), sine(997, -20, 3), silence(1)),
        pcm(silence(1), sine(100, -10, 2), silence(2), sine(5000, -14, 1.37), silence(0.6)),
        pcm(NOISE, silence(0.25), NOISE * 0.1, silence(3), NOISE),
        pcm(silence(1)) + tones.render("done") + pcm(silence(1)),
        # So quiet that the gates leave it out beside the loud part.
        pcm(silence(1), NOISE, silence(1), NOISE * 0.01, silence(1)),
    ],
    ids=["sine", "low and high", "noise", "tone", "gated"],
)
def test_it_reads_what_ffmpeg_reads(sound: bytes) -> None:
    level, theirs = heard(sound), measure_loudness(sound)
    assert level.lufs == pytest.approx(theirs.integrated_lufs + TWO_SPEAKERS_LU, abs=0.11)
    assert level.peak_db == pytest.approx(theirs.true_peak_db, abs=0.2)


def test_a_tone_of_997_hz_on_two_speakers_is_as_loud_as_its_level() -> None:
    """EBU Tech 3341, case 1, at another level."""
    assert heard(pcm(sine(997, -20, 5))).lufs == pytest.approx(-20, abs=0.1)


def test_a_peak_between_samples_is_found() -> None:
    """At a quarter of the rate every sample lies 3 dB under the top of the wave."""
    sound = sine(RATE_HZ / 4, -6, 1, phase=np.pi / 4)
    edges = np.minimum(1, np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / 4800)
    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(-9, abs=0.1)
    assert heard(pcm(sound * edges)).peak_db == pytest.approx(-6, abs=0.2)


def test_pieces_are_heard_as_the_whole() -> None:
    sound = pcm(NOISE, silence(30), NOISE * 0.5, NOISE, NOISE, NOISE, NOISE, silence(1))
    assert heard(sound, 1000) == heard(sound, 4_000_000)


def test_sounds_that_are_far_apart_count_as_one_file_with_both() -> None:
    """Short ones too: which blocks of the meter a tone of 120 ms falls into decides how loud it counts."""
    noise, go = pcm(silence(0.1), NOISE), tones.render("go")
    places = ((0, noise), (4004, noise), (9996, noise), (3300, go), (8016, go), (16_072, go))
    tally, file = Tally(), bytearray(96 * 20_000)
    for at_ms, sound in places:
        tally.lay(at_ms // 4, measure(sound))
        file[at_ms * 96 : at_ms * 96 + len(sound)] = sound
    assert tally.level(20_000) == heard(bytes(file))
    assert tally.level(20_000).lufs == pytest.approx(
        measure_loudness(bytes(file)).integrated_lufs + TWO_SPEAKERS_LU, abs=0.11
    )


def test_nothing_is_no_loudness() -> None:
    for sound in (b"", bytes(96_000)):
        assert heard(sound) == Tally().level(1000) == Level(None, None)
        assert measure(sound) == Powers(0, (), 0.0)


def test_powers_come_back_from_a_cache() -> None:
    powers = measure(pcm(silence(0.05), NOISE))
    kept = Powers.from_bytes(powers.to_bytes())
    assert (kept.first, kept.peak) == (12, powers.peak)
    assert kept.powers == pytest.approx(powers.powers, rel=1e-6)


def test_two_channels_are_measured_as_they_are_heard_together() -> None:
    loud, quiet, between = (pcm(sine(1000, level_db, 1.0)) for level_db in (-20.0, -26.02, -22.04))
    both = measure(mixer.interleaved(loud, quiet), 2)
    # The mean of the powers 4 and 1 is 2.5.
    assert both.powers == pytest.approx(measure(between).powers, rel=0.01)
    assert both.peak == pytest.approx(measure(loud).peak, abs=0.001)
    assert measure(mixer.interleaved(quiet, loud), 2).peak == both.peak
    assert measure(mixer.interleaved(loud, loud), 2) == measure(loud)
