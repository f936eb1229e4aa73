"""Loudness as ITU-R BS.1770 and EBU R 128 measure it, and the one gain that makes a voice -19 LUFS.

A mono file reads 3 LU below what two speakers give: -19 LUFS measured is -16 as heard, the level
of podcasts. Encoding takes some of the level, so a voice is measured as it comes out of the MP3.
"""

from __future__ import annotations

import io
import math
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import av

from audiocoach.encoder import mp3_stream
from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.units import SAMPLE_RATE_HZ
from audiocoach.voice import filters
from audiocoach.voice.finish import apply_gain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.container import InputContainer

    from audiocoach.voice.take import Take

TARGET_LUFS = -19.0
_CLOSE_ENOUGH_LU = 0.6  # a correction this small is as good as exact
_ROUNDS = 4
_MOST_GAIN_DB = 40.0
_LOUDNESS = "lavfi.r128.I"
_PEAK = "lavfi.r128.true_peak"
_NOTHING_LUFS = -70.0
_TAIL_BYTES = 200


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
        return _measured(filters.frames(sound, SAMPLE_RATE_HZ), peak=True)
    with _decoded(str(sound)) as frames:
        return _measured(frames, peak=True)


def calibrate(take: Take) -> float:
    """The gain in dB, to a tenth, with which this take of a passage is -19 LUFS on a mono MP3."""
    gain_db = TARGET_LUFS - _loudness_lufs(filters.frames(take.samples, take.rate_hz))
    for _ in range(_ROUNDS):
        missing_lu = TARGET_LUFS - _loudness_lufs_on_mp3(apply_gain(take, gain_db))
        gain_db += missing_lu
        if abs(missing_lu) < _CLOSE_ENOUGH_LU:
            break
    return round(max(-_MOST_GAIN_DB, min(gain_db, _MOST_GAIN_DB)), 1)


def _loudness_lufs_on_mp3(samples: bytes) -> float:
    with _decoded(io.BytesIO(mp3_stream(samples))) as frames:
        return _loudness_lufs(frames)


def _loudness_lufs(frames: Iterator[av.AudioFrame]) -> float:
    return _measured(frames, peak=False).integrated_lufs


def _measured(frames: Iterator[av.AudioFrame], *, peak: bool) -> Loudness:
    readings = _readings(frames, (_LOUDNESS, _PEAK) if peak else (_LOUDNESS,))
    highest = readings.get(_PEAK, 0)
    return Loudness(
        integrated_lufs=readings.get(_LOUDNESS, _NOTHING_LUFS),
        true_peak_db=20 * math.log10(highest) if highest else -math.inf,
    )


def _readings(frames: Iterator[av.AudioFrame], keys: Sequence[str]) -> dict[str, float]:
    """The filter's last readings. They go through files, since PyAV 17 does not show a frame's metadata."""
    with tempfile.TemporaryDirectory(prefix="audiocoach-loudness-") as folder:
        files = {key: Path(folder, key) for key in keys}
        meter = {"metadata": "1", "peak": "true" if _PEAK in keys else "none"}
        printers = [
            ("ametadata", {"mode": "print", "key": key, "file": str(file), "direct": "1"})
            for key, file in files.items()
        ]
        for _ in filters.filtered(frames, [("ebur128", meter), *printers]):
            pass
        found = {key: _last_value(file) for key, file in files.items() if file.is_file()}
    return {key: value for key, value in found.items() if value is not None}


def _last_value(file: Path) -> float | None:
    """The number in the last `key=number` of the file."""
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - _TAIL_BYTES))
        _, equals, value = lines.read().rpartition(b"=")
    return float(value) if equals else None


@contextmanager
def _decoded(source: str | IO[bytes]) -> Iterator[Iterator[av.AudioFrame]]:
    try:
        with av.open(source) as container:
            yield cast("InputContainer", container).decode(audio=0)
    except (av.FFmpegError, IndexError) as error:
        raise SoundError(f"{source}: cannot be decoded: {error}") from error
