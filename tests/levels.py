"""Loudness as others measure it: ITU-R BS.1770 and EBU R 128, by ffmpeg."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audiocoach.sound import awake
from tests.decoders import need

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SAMPLES = ("-f", "s16le", "-ar", "48000", "-ac", "1")
_METER = ("-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-")
# The measure looks at 400 ms, begun every 100 ms: with so much of each silence all of them are as they were.
_STEP, _STEPS = 4800, 5


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness in LUFS (-70: nothing to measure), true peak in dB of full scale."""

    integrated_lufs: float
    true_peak_db: float


def measure_loudness(sound: bytes | Path) -> Loudness:
    """The loudness of an audio file, or of samples: 48 kHz, 16 bit, little endian, mono."""
    given = (*_SAMPLES, "-i", "-") if isinstance(sound, bytes) else ("-i", str(sound))
    done = subprocess.run(
        [need("ffmpeg"), "-hide_banner", "-nostats", *given, *_METER],
        input=sound if isinstance(sound, bytes) else b"",
        capture_output=True,
        check=True,
        timeout=120,
    )
    said = done.stderr.decode(errors="replace").rpartition("Summary:")[2]
    (lufs,) = re.findall(r"I: +(\S+) LUFS", said)
    (peak_db,) = re.findall(r"Peak: +(\S+) dBFS", said)
    return Loudness(float(lufs), float(peak_db))


def without_long_silence(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Samples that measure as these do, which took longer: silence counts for nothing in either measure."""
    steps = np.pad(samples, (0, -len(samples) % _STEP)).reshape(-1, _STEP)
    sounds = (np.abs(steps.astype(np.int32)) > awake.PEAK).any(axis=1)
    near = np.convolve(sounds, np.ones(_STEPS + 1))[: len(steps)] > 0
    return steps[near].reshape(-1)
