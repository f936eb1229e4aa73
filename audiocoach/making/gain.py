"""A session that is louder or quieter than usual: one gain for all of it, then the limiter for its peaks.

Words are spoken once, at one level (`voice.loudness`), and turned up or down as they are mixed: what is built
for outdoors asks no voice anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.units import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from audiocoach.store.options import Overrides

# As heard: a mono file plays on two speakers, 3 LU louder than the one channel is measured.
USUAL_LUFS = -16.0
# The limiter takes back part of what is added: of 2 dB hibari keeps 95 %, espeak 75 %, Piper 65 %. With this
# the three come to -13.9, -14.6 and -14.9. Past -14 a peak may pass -1 dBTP.
_MADE_UP = 1.3


def gain_db(overrides: Overrides) -> float:
    """What to add so that a session is as loud as is wanted."""
    wanted_lufs = overrides.loudness_lufs
    louder_db = 0.0 if wanted_lufs is None else wanted_lufs - USUAL_LUFS
    return round(louder_db * _MADE_UP if louder_db > 0 else louder_db, 2)


def amplified(pcm: bytes, by_db: float, channels: int = 1) -> bytes:
    """The same samples (48 kHz, 16 bit, interleaved), so much louder; peaks are limited as a voice's are.

    Both channels are limited alike: nothing moves to the other side.
    """
    if not by_db:
        return pcm
    from audiocoach.voice.finish import apply_gain
    from audiocoach.voice.take import Take

    return apply_gain(Take(pcm, SAMPLE_RATE_HZ), by_db, "mono" if channels == 1 else "stereo")
