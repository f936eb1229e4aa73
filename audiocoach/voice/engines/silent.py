"""The silent voice, for tests and for previews that need no sound: exact lengths, hardly a sound.

It writes a steady 1 kHz sine at -50 dB, 48 kHz, 16 bit, mono: quiet, but sound to every check, and
without an edge that trimming could find, so a clip is as long as `length_ms` says.
"""

from __future__ import annotations

import math
import struct
import wave
from typing import TYPE_CHECKING

from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.routine.voice import Voice

BASE_MS = 240
CHARACTER_MS = 72
_PEAK = 104


def length_ms(text: str) -> int:
    """240 ms and 72 ms a character: a multiple of 24 ms, near what a real voice takes."""
    return BASE_MS + CHARACTER_MS * len(text)


class SilentEngine:
    """A voice of known length and level. It needs no calibration, and its rate makes no difference."""

    gain_db = 0.0

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """One for all voices: the length is made of characters alone."""
        del voice
        return f"silent 1 {BASE_MS} {CHARACTER_MS} {_PEAK}"

    def speak(self, text: str, path: Path) -> None:
        """Write `length_ms(text)` of the sine to `path`: 48 kHz, 16 bit, mono."""
        with wave.open(str(path), "wb") as file:
            file.setparams((1, SAMPLE_BYTES, SAMPLE_RATE_HZ, 0, "NONE", ""))
            file.writeframes(_millisecond() * length_ms(text))


def _millisecond() -> bytes:
    """One period of 1 kHz: 48 samples, little endian."""
    turn = 2 * math.pi / SAMPLES_PER_MS
    period = (round(_PEAK * math.sin(turn * sample)) for sample in range(SAMPLES_PER_MS))
    return struct.pack(f"<{SAMPLES_PER_MS}h", *period)
