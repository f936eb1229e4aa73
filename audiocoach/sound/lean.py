"""To which side a finished file sounds, and when: decoded whole, as a stream, both channels apart.

In: a file and stretches of it. Out: how much louder the left channel is in each than the right one, in dB.
"""

from __future__ import annotations

import math
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING

from audiocoach.errors import SoundError
from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from audiocoach.sound.hearing import Stretch

_WIDTH = 2 * SAMPLE_BYTES
# A side by 60 % is 6 dB: half of that is the line between it and the middle.
_LEAST_DB = 3.0


def side_of(lean_db: float) -> str:
    """The side to which a stretch sounds, `left` or `right`; `""` where that is the middle."""
    if abs(lean_db) < _LEAST_DB:
        return ""
    return "left" if lean_db > 0 else "right"


def leans(
    path: Path,
    stretches: Iterable[Stretch],
    demuxer: str,
    also: Callable[[bytes], object] = lambda _: None,
) -> dict[Stretch, float] | None:
    """How each stretch leans in which something sounds; None where the file has one channel alone.

    `also` hears all of it, piece by piece: 48 kHz, 16 bit, interleaved.

    Raises:
        SoundError: it does not decode.
        OSError: it cannot be read.
    """
    import av  # 0.06 s that only this pays

    ears, at = _Ears(stretches), 0
    to_16_bit = av.AudioResampler(format="s16", layout="stereo", rate=SAMPLE_RATE_HZ)
    try:
        with av.open(str(path), format=demuxer) as container:
            if container.streams.audio[0].channels == 1:
                return None
            for frame in chain(container.decode(audio=0), [None]):
                for piece in to_16_bit.resample(frame):
                    pcm = bytes(piece.planes[0])[: piece.samples * _WIDTH]
                    ears.hear(at, pcm)
                    also(pcm)
                    at += piece.samples
    except av.FFmpegError as error:
        raise SoundError(f"it does not decode: {error.strerror}") from error
    return ears.leans


class _Ears:
    """Hears pieces of sound in order of time, and adds up what each channel gives in a stretch."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self._ahead = deque(sorted(set(stretches)))
        self._here: dict[Stretch, tuple[float, float]] = {}
        self.leans: dict[Stretch, float] = {}

    def hear(self, at: int, pcm: bytes) -> None:
        """Samples of both channels that begin with the one numbered `at`."""
        end = at + len(pcm) // _WIDTH
        while self._ahead and self._ahead[0].begin < end:
            self._here[self._ahead.popleft()] = (0.0, 0.0)
        for stretch, (left, right) in list(self._here.items()):
            part = pcm[max(0, stretch.begin - at) * _WIDTH : max(0, stretch.end - at) * _WIDTH]
            self._here[stretch] = left + _power(part, 0), right + _power(part, 1)
            if stretch.end <= end:
                self._settle(stretch)

    def _settle(self, stretch: Stretch) -> None:
        left, right = self._here.pop(stretch)
        if left or right:
            # What one channel lacks altogether is as good as silent there.
            self.leans[stretch] = 10 * math.log10(max(left, 1.0) / max(right, 1.0))


def _power(both: bytes, side: int) -> float:
    """The sum of the squares of one channel."""
    alone = mixer.channel(both, side)
    return float(mixer.load("audioop").rms(alone, SAMPLE_BYTES) ** 2 * len(alone))
