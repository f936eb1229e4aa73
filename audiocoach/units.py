"""Units and their conversions, named `a_to_b`. Time is an `int` of milliseconds everywhere.

Sound is 48 kHz, 16 bit, mono: 48 samples a millisecond.
"""

from __future__ import annotations

MS_PER_SECOND = 1000
MS_PER_MINUTE = 60_000
MS_PER_HOUR = 3_600_000
SAMPLE_RATE_HZ = 48_000
SAMPLES_PER_MS = SAMPLE_RATE_HZ // MS_PER_SECOND
SAMPLE_BYTES = 2


def ms_to_samples(time_ms: int) -> int:
    """48 samples a millisecond."""
    return time_ms * SAMPLES_PER_MS


def db_to_gain(level_db: float) -> float:
    """Decibels of amplitude to a linear factor."""
    return float(10 ** (level_db / 20))


def ceil_to(time_ms: int, step_ms: int) -> int:
    """The first multiple of `step_ms` at or after `time_ms`."""
    return -(-time_ms // step_ms) * step_ms


def floor_to(time_ms: int, step_ms: int) -> int:
    """The last multiple of `step_ms` at or before `time_ms`."""
    return time_ms // step_ms * step_ms


def ms_to_clock(time_ms: int) -> str:
    """`0:05`, `12:40`, `1:02:03`; parts of a second are cut off."""
    minutes, seconds = divmod(time_ms // MS_PER_SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def ms_to_stamp(time_ms: int) -> str:
    """`00:01:05.250`, hours always."""
    minutes, seconds = divmod(time_ms // MS_PER_SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{time_ms % MS_PER_SECOND:03}"
