"""From a take to a clip's samples: one gain, 48 kHz, a peak limit, soft edges, whole milliseconds.

Every clip goes through filters of its own, so its bytes depend on nothing but the take and the gain.
"""

from __future__ import annotations

import array
import sys
from typing import TYPE_CHECKING

from audiocoach.encoder import PEAK_CEILING
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, db_to_gain, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.voice.filters import FilterSpec
    from audiocoach.voice.take import Take

# Resampling raises peaks as well; below this the limiter could have nothing to do.
_SURELY_BELOW = 0.7
_FULL_SCALE = 32_768
_FADE_MS = 3


def finish(take: Take, gain_db: float) -> bytes:
    """The samples of a clip: 48 kHz, 16 bit, little endian, mono, whole milliseconds."""
    return _padded(_faded(apply_gain(take, gain_db)))


def apply_gain(take: Take, gain_db: float, layout: str = "mono") -> bytes:
    """`take` at 48 kHz and at its level, peaks limited: 16 bit, little endian, in its channels."""
    specs = tuple(_filters(take, db_to_gain(gain_db)))
    if not specs:
        return take.samples
    from audiocoach.voice import filters  # noqa: PLC0415 - a take that is a clip already needs no PyAV

    frames = filters.filtered(
        filters.frames(take.samples, take.rate_hz, layout), (*specs, _clip_format(layout))
    )
    return b"".join(map(filters.samples, frames))


def _clip_format(layout: str) -> FilterSpec:
    return "aformat", {
        "sample_fmts": "s16",
        "channel_layouts": layout,
        "sample_rates": str(SAMPLE_RATE_HZ),
    }


def _filters(take: Take, gain: float) -> Iterator[FilterSpec]:
    """Those that would change something; none for a take that is a clip already."""
    limited = take.peak * gain > _SURELY_BELOW * _FULL_SCALE
    if gain != 1 and not limited:
        yield "volume", {"volume": f"{gain:.6f}", "precision": "float"}
    if take.rate_hz != SAMPLE_RATE_HZ:
        yield "aresample", {"sample_rate": str(SAMPLE_RATE_HZ)}
    if limited:
        level = {"level_in": f"{gain:.6f}", "level": "false"}
        yield "alimiter", {**level, "limit": str(PEAK_CEILING), "latency": "true"}


def _faded(samples: bytes) -> bytes:
    """A straight fade of 3 ms at both ends: a hard edge would sound before its time in the MP3."""
    fade = min(ms_to_samples(_FADE_MS), len(samples) // SAMPLE_BYTES // 2)
    size = fade * SAMPLE_BYTES
    head, tail = _ramped(samples[:size]), _ramped(samples[len(samples) - size :], falling=True)
    return head + samples[size : len(samples) - size] + tail


def _ramped(samples: bytes, *, falling: bool = False) -> bytes:
    values = _native(samples)
    count = len(values)
    steps = range(count, 0, -1) if falling else range(1, count + 1)
    ramp = array.array("h", (value * step // (count + 1) for value, step in zip(values, steps, strict=True)))
    return _native(ramp.tobytes()).tobytes()


def _native(samples: bytes) -> array.array[int]:
    """Little-endian samples in this machine's order, and back again."""
    values = array.array("h", samples)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _padded(samples: bytes) -> bytes:
    step = SAMPLES_PER_MS * SAMPLE_BYTES
    return samples + bytes(-len(samples) % step)
