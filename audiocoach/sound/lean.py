"""To which side sound lies, and when: heard as a stream, both channels apart.

In: pieces of sound and stretches of it. Out: how much louder the left channel is in each than the right one,
in dB.
"""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.sound.hearing import Stretch

_WIDTH = 2 * SAMPLE_BYTES
# A side by 60 % is 6 dB: half of that is the line between it and the middle.
_LEAST_DB = 3.0


def side_of(lean_db: float) -> str:
    """The side to which a stretch sounds, `left` or `right`; `""` where that is the middle."""
    if abs(lean_db) < _LEAST_DB:
        return ""
    return "left" if lean_db > 0 else "right"


class Ears:
    """Hears pieces of sound in order of time, and adds up what each channel gives in a stretch.

    `leans` tells of each in which something sounds: exactly 0 where both channels are one.
    """

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self._ahead = deque(sorted(set(stretches)))
        self._here: dict[Stretch, tuple[float, float]] = {}
        self._at = 0
        self.leans: dict[Stretch, float] = {}

    def hear(self, pcm: bytes) -> None:
        """The samples of both channels that come next: 48 kHz, 16 bit, interleaved."""
        at, end = self._at, self._at + len(pcm) // _WIDTH
        self._at = end
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
