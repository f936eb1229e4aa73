"""What sounds in a finished file, and when: decoded whole, as a stream.

Ten hours are 7 GB of samples, so one frame of them is held at a time. Most frames are silence, which
the decoder gives as zeros: they are counted and not looked at.
"""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import TYPE_CHECKING

from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound import awake, mixer
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import av
    from av.container import InputContainer

_WINDOW_BYTES = ms_to_samples(20) * SAMPLE_BYTES
_APART_BYTES, _DIFFERENCES = 20 * SAMPLE_BYTES, 3
# Decoded from any container the noise has 13.6 at most; the softest words that may be asked for, those of the
# silent voice at -20 dB with `--loudness -24`, have 20.
_NOISE_RMS = 17


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A part of the sound, in samples; `end` is the first one after it."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Heard:
    """How many samples there are, the first that is heard of each stretch, and the longest silence."""

    samples: int
    first: dict[Stretch, int]
    silence: Stretch


def listen(
    path: Path,
    stretches: Iterable[Stretch],
    demuxer: str,
    also: Callable[[bytes], object] = lambda _: None,
    over_noise: Iterable[Stretch] | None = None,
) -> Heard:
    """Decode a file of this format to 16 bit, without the delays that it names itself.

    `also` hears all of it, piece by piece: 48 kHz, mono. Where devices are kept awake (`over_noise` is not
    None) no sample that may be noise is heard; in those stretches whatever is none, however soft it is.

    Raises:
        SoundError: it does not decode.
        OSError: it cannot be read.
    """
    import av  # 0.06 s that only this pays

    ear = _Ear(stretches, over_noise)
    samples = 0
    try:
        # The format is said: a playlist that is called .mp3 must not be followed.
        with av.open(str(path), format=demuxer) as container:
            for count, pcm in _decoded(container):
                if pcm:
                    ear.hear(samples, pcm)
                else:
                    ear.hear_nothing(samples, count)
                also(pcm or bytes(count * SAMPLE_BYTES))
                samples += count
    except av.FFmpegError as error:
        raise SoundError(f"it does not decode: {error.strerror}") from error
    return Heard(samples, ear.first, ear.silence)


def listen_to_sides(
    path: Path,
    stretches: Iterable[Stretch],
    demuxer: str,
    also: Callable[[bytes], object],
    over_noise: Iterable[Stretch] | None = None,
) -> Heard:
    """The same of a file in which sounds lie to a side, as one speaker plays it; `also` hears both sides.

    Raises:
        SoundError: it does not decode.
        OSError: it cannot be read.
    """
    audioop, ear, samples = mixer.load("audioop"), _Ear(stretches, over_noise), 0

    def hear(both: bytes) -> None:
        nonlocal samples
        pcm = audioop.tomono(both, SAMPLE_BYTES, 0.5, 0.5)
        if not pcm.strip(b"\0"):
            # What one speaker takes away from itself sounds from two.
            pcm = mixer.channel(both, 0)
        ear.hear(samples, pcm)
        samples += len(pcm) // SAMPLE_BYTES
        also(both)

    listen_to_both(path, demuxer, hear)
    return Heard(samples, ear.first, ear.silence)


def listen_to_both(path: Path, demuxer: str, also: Callable[[bytes], object]) -> int:
    """Decode a file in stereo, in which something sounds all the time; how many samples each side has.

    `also` hears all of it, piece by piece: 48 kHz, left and right in turn; one channel is heard on both.

    Raises:
        SoundError: it does not decode.
        OSError: it cannot be read.
    """
    import av

    audioop, samples = mixer.load("audioop"), 0
    try:
        with av.open(str(path), format=demuxer) as container:
            is_mono = container.streams.audio[0].channels == 1
            layout = "mono" if is_mono else "stereo"
            to_16_bit = av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE_HZ)
            for frame in chain(container.decode(audio=0), [None]):
                for piece in to_16_bit.resample(frame):
                    pcm = bytes(piece.planes[0])[: piece.samples * SAMPLE_BYTES * (1 if is_mono else 2)]
                    also(audioop.tostereo(pcm, SAMPLE_BYTES, 1, 1) if is_mono else pcm)
                    samples += piece.samples
    except av.FFmpegError as error:
        raise SoundError(f"it does not decode: {error.strerror}") from error
    return samples


def _decoded(container: InputContainer) -> Iterator[tuple[int, bytes]]:
    """Pieces in order of time: how many samples of 48 kHz, and what they are where they are not all 0."""
    import av  # 0.06 s that only this pays

    to_16_bit = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    frames = container.decode(audio=0)
    if container.streams.audio[0].rate != SAMPLE_RATE_HZ:
        # What finds samples between others has to hear all of them.
        yield from (part for frame in chain(frames, [None]) for part in _pieces(to_16_bit.resample(frame)))
        return
    for frame in frames:
        sound = bytes(frame.planes[0])
        if sound == bytes(len(sound)):
            yield frame.samples, b""
        else:
            yield from _pieces(to_16_bit.resample(frame))


def _pieces(frames: Iterable[av.AudioFrame]) -> Iterator[tuple[int, bytes]]:
    for frame in frames:
        yield frame.samples, bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES]


class _Ear:
    """Hears pieces of sound in order of time, and notes when a stretch is first broken by one.

    And the longest `silence`: runs of zeros within a piece alone are too short to count.
    """

    def __init__(self, stretches: Iterable[Stretch], over_noise: Iterable[Stretch] | None = None) -> None:
        self._unheard = 0 if over_noise is None else awake.PEAK
        self._over_noise = frozenset(over_noise or ())
        self._silent_from = 0
        self.silence = Stretch(0, 0)
        self._ahead = deque(sorted(set(stretches)))
        self._here: list[Stretch] = []
        self.first: dict[Stretch, int] = {}

    def hear_nothing(self, at: int, count: int) -> None:
        """So many zeros."""
        found = Stretch(self._silent_from, at + count)
        self.silence = max(self.silence, found, key=lambda one: one.end - one.begin)

    def hear(self, at: int, pcm: bytes) -> None:
        """16-bit samples that begin with the one numbered `at`."""
        end = at + len(pcm) // SAMPLE_BYTES
        begun = pcm.lstrip(b"\0")
        self.hear_nothing(at, (len(pcm) - len(begun)) // SAMPLE_BYTES)
        if begun:
            self._silent_from = end - (len(begun) - len(begun.rstrip(b"\0"))) // SAMPLE_BYTES
        while self._ahead and self._ahead[0].begin < end:
            self._here.append(self._ahead.popleft())
        for stretch in self._here:
            begin = max(at, stretch.begin)
            part = pcm[(begin - at) * SAMPLE_BYTES : max(0, stretch.end - at) * SAMPLE_BYTES]
            first = _first_over(part, self._unheard)
            if first is None and stretch in self._over_noise:
                first = _first_over_noise(part)
            if first is not None:
                self.first[stretch] = begin + first
        self._here = [one for one in self._here if one.end > end and one not in self.first]


def _first_over(pcm: bytes, unheard: int) -> int | None:
    """Which sample is the first that is further than this from 0."""
    if not unheard:
        loud = pcm.lstrip(b"\0")
        return (len(pcm) - len(loud)) // SAMPLE_BYTES if loud else None
    audioop = mixer.load("audioop")
    if audioop.max(pcm, SAMPLE_BYTES) <= unheard:
        return None
    samples = (audioop.getsample(pcm, SAMPLE_BYTES, at) for at in range(len(pcm) // SAMPLE_BYTES))
    return next(at for at, sample in enumerate(samples) if abs(sample) > unheard)


def _first_over_noise(pcm: bytes) -> int | None:
    """Where the first whole window begins in which something else sounds than what keeps devices awake.

    Thrice the difference to what was 20 samples before: what lies below 240 Hz goes, what lies about 1 kHz
    becomes ten times as loud.
    """
    audioop = mixer.load("audioop")
    for at in range(0, len(pcm) - _WINDOW_BYTES + 1, _WINDOW_BYTES):
        high = pcm[at : at + _WINDOW_BYTES]
        for _ in range(_DIFFERENCES):
            high = audioop.add(
                high[_APART_BYTES:], audioop.mul(high[:-_APART_BYTES], SAMPLE_BYTES, -1), SAMPLE_BYTES
            )
        if audioop.rms(high, SAMPLE_BYTES) > _NOISE_RMS:
            return at // SAMPLE_BYTES
    return None
