"""Loudness as ITU-R BS.1770 and EBU R 128 measure it, and the one gain that makes a voice -19 LUFS.

A mono file reads 3 LU below what two speakers give: -19 LUFS measured is -16 as heard, the level
of podcasts. Encoding takes some of the level, so a voice is measured as it comes out of the MP3.
"""

from __future__ import annotations

import io
import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

import av
import lameenc

from audiocoach.errors import SoundError
from audiocoach.units import SAMPLE_RATE_HZ
from audiocoach.voice import filters
from audiocoach.voice.finish import levelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer

    from audiocoach.voice.take import Take

TARGET_LUFS = -19.0
PASSAGE = (
    "Squat, slow down for three, chest tall and knees over your toes. "
    "Now hold it there. Three, two, one, and rest."
)
_CLOSE_ENOUGH_LU = 0.6  # a correction this small is as good as exact
_ROUNDS = 4
_MOST_GAIN_DB = 40.0
_KBPS = 64
_QUALITY = 5


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness in LUFS (-70: nothing to measure), true peak in dB of full scale."""

    integrated_lufs: float
    true_peak_db: float


def measure_loudness(sound: bytes | Path) -> Loudness:
    """The loudness of an audio file, or of samples: 48 kHz, 16 bit, little endian, mono.

    Raises:
        SoundError: the file cannot be decoded.
    """
    if isinstance(sound, bytes):
        return _measured(filters.frames(sound, SAMPLE_RATE_HZ), "metadata=1:peak=true")
    with _decoded(str(sound)) as frames:
        return _measured(frames, "metadata=1:peak=true")


def calibrate(take: Take) -> float:
    """The gain in dB, to a tenth, with which this take of the passage is -19 LUFS on a mono MP3."""
    gain_db = TARGET_LUFS - _loudness_lufs(filters.frames(take.samples, take.rate_hz))
    for _ in range(_ROUNDS):
        missing_lu = TARGET_LUFS - _loudness_lufs_on_mp3(levelled(take, gain_db))
        gain_db += missing_lu
        if abs(missing_lu) < _CLOSE_ENOUGH_LU:
            break
    return round(max(-_MOST_GAIN_DB, min(gain_db, _MOST_GAIN_DB)), 1)


def encoded(samples: bytes) -> bytes:
    """Samples (48 kHz, 16 bit, mono) as a plain MP3, as the finished file has them: 64 kb/s mono."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(_KBPS)
    encoder.set_in_sample_rate(SAMPLE_RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(_QUALITY)
    encoder.silence()
    return bytes(encoder.encode(samples)) + bytes(encoder.flush())


def _loudness_lufs_on_mp3(samples: bytes) -> float:
    with _decoded(io.BytesIO(encoded(samples))) as frames:
        return _loudness_lufs(frames)


def _loudness_lufs(frames: Iterator[av.AudioFrame]) -> float:
    return _measured(frames, "metadata=1").integrated_lufs


def _measured(frames: Iterator[av.AudioFrame], options: str) -> Loudness:
    """The filter writes its readings so far into every frame of 100 ms; a shorter last one has none."""
    readings: dict[str, str] = {}
    for frame in filters.filtered(frames, [("ebur128", options)]):
        readings = frame.metadata or readings
    peak = float(readings.get("lavfi.r128.true_peak", 0))
    return Loudness(
        integrated_lufs=float(readings.get("lavfi.r128.I", -70)),
        true_peak_db=20 * math.log10(peak) if peak else -math.inf,
    )


@contextmanager
def _decoded(source: str | IO[bytes]) -> Iterator[Iterator[av.AudioFrame]]:
    try:
        with av.open(source) as container:
            yield cast("InputContainer", container).decode(audio=0)
    except (av.FFmpegError, IndexError) as error:
        raise SoundError(f"{source}: cannot be decoded: {error}") from error
