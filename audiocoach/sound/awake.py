"""Noise that nobody hears, in the place of digital silence: it keeps a device awake that sleeps on zeros.

A stretch of it is short, always the same, and begins and ends in nothing: whoever fills silence lays it again
and again with a little silence between (`fill`). It is made of whole numbers alone, so that it is the same on
every machine: a generator of Knuth's (The Art of Computer Programming 2, 3.3.4), dulled to what lies between
60 and 240 Hz, where ears are deafest and a meter's weighing adds nothing.
"""

from __future__ import annotations

import array
import math
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach.units import SAMPLE_BYTES, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVEL_DBFS = -70
# What is joined from frames has it at no cost; an encoder that is held to a bit rate takes from words what it
# spends on noise. Shorter than the blocks of 400 ms by which loudness is measured: with the silence
# around it none passes the gate of a meter.
STRETCH_MS, SHORT_MS = 144, 48
# No sample of it lies higher, decoded from whatever file; every word and every tone does.
PEAK = 50
# A device that is to stay awake hears nothing for so long at most.
MOST_SILENCE_MS = 1000

_FADE_MS = 8
# 32,768 times 10 to the power of -70/20, in hundredths.
_RMS_HUNDREDTHS = 1036
_SEED, _FACTOR, _STEP, _BITS = 1, 1_664_525, 1_013_904_223, 32
# Shifts of filters of one pole: at 48 kHz 5 is 240 Hz, 7 is 60 Hz. They are at rest after so many samples.
_LOW_PASS, _HIGH_PASS, _SETTLED = 5, 7, 2000


@lru_cache(maxsize=2)
def stretch(length_ms: int = STRETCH_MS) -> bytes:
    """So much noise: 48 kHz, 16 bit, little endian, mono."""
    wave = _wave(ms_to_samples(length_ms))
    fade = ms_to_samples(_FADE_MS)
    full = wave[fade:-fade]
    rms = math.isqrt(sum(value * value for value in full) // len(full))
    # Rounded, not cut: cutting would add half a step of nothing but offset.
    even = [(2 * _RMS_HUNDREDTHS * value + 100 * rms) // (200 * rms) for value in wave]
    samples = array.array("h", _faded(even, fade))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def _wave(count: int) -> list[int]:
    white, low, lower, slow = _SEED, 0, 0, 0
    wave = []
    for _ in range(_SETTLED + count):
        white = (_FACTOR * white + _STEP) % (1 << _BITS)
        low += ((white - (1 << _BITS - 1)) - low) >> _LOW_PASS
        lower += (low - lower) >> _LOW_PASS
        slow += (lower - slow) >> _HIGH_PASS
        wave.append(lower - slow)
    return wave[_SETTLED:]


def _faded(wave: list[int], fade: int) -> Iterator[int]:
    """With straight ramps at both ends."""
    for index, value in enumerate(wave):
        beside = min(index, len(wave) - 1 - index, fade)
        yield value * beside // fade


def fill(samples: int, apart_samples: int) -> Iterator[bytes]:
    """So much silence, filled with noise; before, between and behind it stays silent for so long.

    The noise is the short one.
    """
    unit = bytes(apart_samples * SAMPLE_BYTES) + stretch(SHORT_MS)
    count = max(0, samples - apart_samples) * SAMPLE_BYTES // len(unit)
    # What is left over is silent, and stands in front: what wakes comes right before what is heard.
    yield bytes(samples * SAMPLE_BYTES - count * len(unit) - min(samples, apart_samples) * SAMPLE_BYTES)
    yield from (unit for _ in range(count))
    yield bytes(min(samples, apart_samples) * SAMPLE_BYTES)
