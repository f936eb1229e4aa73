"""Loudness as ITU-R BS.1770 and EBU R 128 measure it, and the one gain that makes a voice -19 LUFS.

A mono file reads 3 LU below what two speakers give: -19 LUFS measured is -16 as heard, the level
of podcasts. Encoding takes some of the level, so a voice is measured as it comes out of the MP3.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av

from audiocoach.encoder import mp3_stream
from audiocoach.voice import filters
from audiocoach.voice.finish import apply_gain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer

    from audiocoach.voice.filters import FilterSpec
    from audiocoach.voice.take import Take

TARGET_LUFS = -19.0
_CLOSE_ENOUGH_LU = 0.6  # a correction this small is as good as exact
_ROUNDS = 4
_MOST_GAIN_DB = 40.0
_LOUDNESS = "lavfi.r128.I"
_NOTHING_LUFS = -70.0
_TAIL_BYTES = 200


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
    with av.open(io.BytesIO(mp3_stream(samples))) as container:
        return _loudness_lufs(cast("InputContainer", container).decode(audio=0))


def _loudness_lufs(frames: Iterator[av.AudioFrame]) -> float:
    """The filter's last reading. It goes through a file, since PyAV 17 does not show a frame's metadata."""
    with tempfile.TemporaryDirectory(prefix="audiocoach-loudness-") as folder:
        readings = Path(folder, "readings")
        for _ in filters.filtered(frames, meter(readings)):
            pass
        return last_reading(readings)


def meter(readings: Path) -> tuple[FilterSpec, ...]:
    """Filters that let sound through, and write how loud it was so far to a file."""
    printer = {"mode": "print", "key": _LOUDNESS, "file": str(readings), "direct": "1"}
    return ("ebur128", {"metadata": "1"}), ("ametadata", printer)


def last_reading(file: Path) -> float:
    """The loudness of all sound in LUFS: the number in the last `key=number` of the file."""
    if not file.is_file():
        return _NOTHING_LUFS
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - _TAIL_BYTES))
        _, equals, value = lines.read().rpartition(b"=")
    return float(value) if equals else _NOTHING_LUFS
