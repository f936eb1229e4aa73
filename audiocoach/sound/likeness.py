"""Whether decoded sound is what went into the encoder, whatever encoder that was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_BYTES, SAMPLES_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WINDOW_MS = 24
_WINDOW_BYTES = _WINDOW_MS * SAMPLES_PER_MS * SAMPLE_BYTES
# The error of a window against the loudest within a window of it. Measured: speech, tones and noise of any
# length 0.41 at most; a sound that is another one, lies 2 ms or a frame off, or lacks a frame, 1.25 at least.
MOST_ERROR = 0.8
_ERROR_FLOOR = 20
_REACH = 2
_DULLER = 8


def first_difference_ms(decoded: bytes, intended: bytes, *, subsonic: bool = True) -> int | None:
    """Where decoded sound is not the one that was encoded, or lies elsewhere; None where it is right."""
    return next(differences_ms(decoded, intended, subsonic=subsonic), None)


def differences_ms(
    decoded: bytes, intended: bytes, *, subsonic: bool = True, most_error: float = MOST_ERROR
) -> Iterator[int]:
    """Every place where decoded sound is not the one that was encoded, or lies elsewhere.

    Both are 48 kHz, 16 bit, mono, and of the same length. Without `subsonic` each window's mean is left out:
    an encoder may take away what nobody hears.
    """
    audioop = mixer.load("audioop")
    # Encoders cut the highs, so the lows are compared; halved, so that no sum can pass full scale.
    flipped = audioop.mul(_dull(intended), SAMPLE_BYTES, -0.5)
    level = audioop.rms if subsonic else _audible
    errors = _levels(
        audioop.add(audioop.mul(_dull(decoded), SAMPLE_BYTES, 0.5), flipped, SAMPLE_BYTES), level
    )
    levels = _levels(flipped, level)
    for index, error in enumerate(errors):
        around = max(levels[max(0, index - _REACH) : index + _REACH + 1])
        if error > most_error * (around + _ERROR_FLOOR):
            yield index * _WINDOW_MS // 2


def _audible(pcm: bytes, width: int) -> int:
    audioop = mixer.load("audioop")
    loudness: int = audioop.rms(audioop.bias(pcm, width, -audioop.avg(pcm, width)), width)
    return loudness


def _levels(dull: bytes, level: Callable[[bytes, int], int]) -> list[int]:
    """The loudness of each window, every half window, of sound at 6 kHz."""
    size = _WINDOW_BYTES // _DULLER
    return [level(dull[at : at + size], SAMPLE_BYTES) for at in range(0, len(dull), size // 2)]


def _dull(pcm: bytes) -> bytes:
    """The mean of every eight samples, at 6 kHz: a low pass in the cheapest way that audioop has.

    Neighbours taken for the two channels of a stereo sound and mixed to one, three times.
    """
    audioop = mixer.load("audioop")
    dull = pcm.ljust(-(-len(pcm) // (_DULLER * SAMPLE_BYTES)) * _DULLER * SAMPLE_BYTES, b"\0")
    for _ in range(_DULLER.bit_length() - 1):
        dull = audioop.tomono(dull, SAMPLE_BYTES, 0.5, 0.5)
    return dull
