"""The PCM of a region as its file wants it: of one channel, or of two with each sound on its side.

What lies to a side is louder in the near channel than it was spoken, so its peaks are limited as a voice's
are; what the limiter takes is made up for, so that a word is as loud on its side as in the middle.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiocoach.making.gain import amplified
from audiocoach.sound import mixer, pan
from audiocoach.units import SAMPLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.sound.mixer import Part, Region

_TRIES = 5
_NEAR_ENOUGH_DB = 0.03
# Of what is added a limiter keeps so much of a voice's; Piper's, which has the highest peaks, 30 %.
_KEPT, _LEAST_KEPT = 0.75, 0.15
_MOST_DB = 12.0


def mixed(region: Region, fetch: Callable[[str], bytes], channels: int = 1, gain_db: float = 0.0) -> bytes:
    """All of a region, so much louder: 48 kHz, 16 bit, interleaved.

    Raises:
        SoundError: as `mixer.mix`.
    """
    pcm = mixer.mix(region, fetch) if channels == 1 else on_sides(region, fetch)
    return amplified(pcm, gain_db, channels)


def on_sides(region: Region, fetch: Callable[[str], bytes]) -> bytes:
    """All of a region in two channels.

    Raises:
        SoundError: as `mixer.mix`.
    """

    def place(part: Part) -> tuple[bytes, bytes]:
        return pan.placed(fetch(part.sound), part.side, nearer)

    return mixer.mix_sides(region, place)


def nearer(pcm: bytes) -> bytes:
    """A sound as it is in the channel that it lies to: `pan.NEAR` times as loud, its peaks limited."""
    loudness = mixer.load("audioop").rms
    wanted = loudness(pcm, SAMPLE_BYTES) * pan.NEAR

    def missing_db(louder: bytes) -> float:
        found = loudness(louder, SAMPLE_BYTES)
        return 20 * math.log10(wanted / found) if found else 0.0

    by_db, kept = pan.NEAR_DB, _KEPT
    louder = amplified(pcm, by_db)
    left_db = missing_db(louder)
    for _ in range(_TRIES):
        if left_db < _NEAR_ENOUGH_DB or by_db >= _MOST_DB:
            break
        more_db, before_db = min(left_db / kept, _MOST_DB - by_db), left_db
        by_db = by_db + more_db
        louder = amplified(pcm, by_db)
        left_db = missing_db(louder)
        kept = max(_LEAST_KEPT, (before_db - left_db) / more_db)
    return louder
