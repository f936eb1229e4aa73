"""Tones as they come out of a phone, in wind and over music: what tests tell them apart by."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from numpy.typing import NDArray

from audiocoach import assets
from audiocoach.sound import tones

Samples = NDArray[np.float64]

RATE_HZ = 48_000
# What a phone's speaker gives back of a tone.
LOWEST_HZ, HIGHEST_HZ = 500, 4000
_FRAME = RATE_HZ // 50
_FRAMES = 46
_BANDS = np.geomspace(LOWEST_HZ, HIGHEST_HZ, 19)


def rendered(name: str) -> Samples:
    """A tone's samples, of full scale 1."""
    return np.frombuffer(tones.render(name), dtype="<i2").astype(float) / 32_768


def names_of(family: str) -> list[str]:
    """The tones of a set, as they are drawn: a breath lasts four seconds, of which the first is compared."""
    return [
        f"{family}/{name}@3832" if name in {"inhale", "exhale"} else f"{family}/{name}"
        for name in assets.tones()
    ]


def share_in_band(samples: Samples) -> float:
    """How much of the energy a phone's speaker gives back."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    pitch_hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return float(power[(pitch_hz >= LOWEST_HZ) & (pitch_hz <= HIGHEST_HZ)].sum() / power.sum())


def noise(kind: str, seed: int, count: int) -> Samples:
    """`pink`; `wind`, which falls by 12 dB an octave and comes in gusts; or `music`, chords over a beat."""
    random = np.random.default_rng(seed)
    if kind == "music":
        return _music(random, count)
    spectrum = np.fft.rfft(random.standard_normal(count))
    pitch_hz = np.maximum(np.fft.rfftfreq(count, 1 / RATE_HZ), 20)
    slope = {"pink": 0.5, "wind": 2.0}[kind]
    found = np.fft.irfft(spectrum / pitch_hz**slope, count)
    gusts = np.sin(np.linspace(0, 3 * np.pi, count) + random.uniform(0, 6)) if kind == "wind" else 0.0
    return found * (1 + 0.7 * gusts)


def _music(random: np.random.Generator, count: int) -> Samples:
    time = np.arange(count) / RATE_HZ
    root_hz = 110 * 2 ** (random.integers(0, 12) / 12)
    chord = sum(
        np.sin(2 * np.pi * root_hz * step * harmonic * time + random.uniform(0, 6)) / harmonic
        for step in (1, 1.26, 1.5)
        for harmonic in range(1, 16)
    )
    beat = np.exp(-((time * 2.1 + random.uniform()) % 1) * 12) * random.standard_normal(count)
    return np.asarray(chord + 2 * beat)


def picture(samples: Samples) -> Samples:
    """How strong it is in each sixth of an octave and each fiftieth of a second, as one vector."""
    padded = np.zeros(_FRAME * _FRAMES)
    padded[: min(len(samples), len(padded))] = samples[: len(padded)]
    power = np.abs(np.fft.rfft(padded.reshape(_FRAMES, _FRAME) * np.hanning(_FRAME), 2048)) ** 2
    pitch_hz = np.fft.rfftfreq(2048, 1 / RATE_HZ)
    bands = [
        power[:, (pitch_hz >= low) & (pitch_hz < high)].sum(axis=1)
        for low, high in itertools.pairwise(_BANDS)
    ]
    return np.asarray(np.cbrt(np.stack(bands, axis=1)).ravel())


@cache
def pictures(family: str) -> dict[str, Samples]:
    """Each tone of a set as it is heard in silence, at one level."""
    found = {}
    for name in names_of(family):
        samples = rendered(name)[: _FRAME * _FRAMES]
        seen = picture(samples)
        found[name] = seen / np.linalg.norm(seen)
    return found


def distance(one: Samples, other: Samples) -> float:
    """0 for what sounds alike, 1 for what has nothing in common."""
    return float(1 - one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def in_noise(name: str, kind: str, snr_db: float, seed: int) -> Samples:
    """A tone with so much less noise in the band that a phone gives back, less what the ear knows of that."""
    samples = rendered(name)[: _FRAME * _FRAMES]
    around = noise(kind, seed, _FRAME * _FRAMES)
    tone_power = share_in_band(samples) * np.mean(samples**2)
    noise_power = share_in_band(around) * np.mean(around**2)
    around *= np.sqrt(tone_power / noise_power) * 10 ** (-snr_db / 20)
    heard = around.copy()
    heard[: len(samples)] += samples
    steady = picture(around).reshape(_FRAMES, -1).mean(axis=0)
    return np.asarray(np.maximum(picture(heard).reshape(_FRAMES, -1) - steady, 0).ravel())


def nearest(family: str, heard: Samples) -> tuple[str, float]:
    """Which tone of a set it is taken for, and how much nearer it is than the next."""
    rows = sorted((distance(heard, seen), name) for name, seen in pictures(family).items())
    return rows[0][1], rows[1][0] - rows[0][0]
