"""How loud stereo is: what `meter` does, of both sides together.

In: pieces of decoded sound, 48 kHz, 16 bit, left and right in turn. A meter adds the power of the two sides
(ITU-R BS.1770-4, equation 2), which is what two speakers give: half of that sum is what the one channel of a
mono file would have that is as loud.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.making import meter
from audiocoach.making.meter import STEP_MS, Powers, Tally
from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_BYTES, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.store.recipe import Level

_MS_BYTES = ms_to_samples(1) * SAMPLE_BYTES * 2
_STEP_BYTES = STEP_MS * _MS_BYTES
# What the filters still hear, and what a peak between two samples is made of.
_BEFORE_BYTES = 100 * _MS_BYTES
_PIECE_BYTES = 10_000 * _MS_BYTES


def measure_part(pcm: bytes, start_ms: int, length_ms: int) -> Powers:
    """A part of a sound that goes on before and behind it, from its first step on; whole steps."""
    before = pcm[max(0, start_ms * _MS_BYTES - _BEFORE_BYTES) : start_ms * _MS_BYTES]
    sound = pcm[start_ms * _MS_BYTES : (start_ms + length_ms) * _MS_BYTES].ljust(length_ms * _MS_BYTES, b"\0")
    return Powers(0, tuple(_step_powers(before, sound)), _true_peak(before, sound))


class StereoMeter:
    """Hears a file piece by piece, ten hours of it if need be; `level` tells what was heard."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._waiting = bytearray()
        self._before = b""
        self._heard_bytes = 0
        self._measured_ms = 0

    def hear(self, pcm: bytes) -> None:
        """What comes next, any number of samples of both sides."""
        self._waiting += pcm
        self._heard_bytes += len(pcm)
        while len(self._waiting) >= _PIECE_BYTES:
            self._look(_PIECE_BYTES)

    def level(self) -> Level:
        """All has come. May be asked twice."""
        if self._waiting:
            self._look(-(-len(self._waiting) // _STEP_BYTES) * _STEP_BYTES)
        return self._tally.level(self._heard_bytes // _MS_BYTES)

    def _look(self, size_bytes: int) -> None:
        sound = bytes(self._waiting[:size_bytes]).ljust(size_bytes, b"\0")
        del self._waiting[:size_bytes]
        powers = Powers(0, tuple(_step_powers(self._before, sound)), _true_peak(self._before, sound))
        self._tally.lay(self._measured_ms // STEP_MS, powers)
        self._measured_ms += size_bytes // _MS_BYTES
        self._before = sound[-_BEFORE_BYTES:]


def _step_powers(before: bytes, sound: bytes) -> Iterator[float]:
    """The mean square of each 4 ms as ears weigh it, behind what was heard before."""
    return meter.weighed_powers(before, sound, "stereo")


def _true_peak(before: bytes, sound: bytes) -> float:
    """The higher one of the two sides."""
    audioop = mixer.load("audioop")
    pcm = before[-2 * _MS_BYTES :] + sound
    sides = (audioop.tomono(pcm, SAMPLE_BYTES, *share) for share in ((1, 0), (0, 1)))
    return max(map(meter.true_peak, sides))
