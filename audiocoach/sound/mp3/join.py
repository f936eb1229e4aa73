"""Silent frames and region frames become one MP3 without being encoded again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound.mp3.frame import clock, frame_count
from audiocoach.sound.mp3.info import info_frame
from audiocoach.sound.mp3.reservoir import START_FRAMES, Chain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.sound.container import Sink
    from audiocoach.sound.mp3.reservoir import RegionFrames, Silence

_CHUNK_FRAMES = 1024
# So many silent frames lie between noise and whatever else: what a decoder remembers of a frame reaches into
# the second behind it.
APART_FRAMES = 3


def write(
    out: Sink,
    placed: Iterable[tuple[int, RegionFrames]],
    duration_samples: int,
    silence: Silence,
    tag: bytes = b"",
) -> int:
    """Write a whole MP3 of exactly `duration_samples` and return its size in bytes.

    The join is proven as it is written: every run of frames has been walked once, and where two meet
    the second needs no byte that the first uses.

    Args:
        out: takes the bytes in order; is not sought in.
        placed: each region's first frame and its frames, in order of time; read as it is written.
        duration_samples: of the session at 48 kHz, the silence after its last sound included; what
            sounds longer is cut.
        silence: from `silence()`, or kept from an earlier run of the same encoder.
        tag: an ID3v2 tag to stand in front.

    Raises:
        SoundError: a region would stand before the beginning, behind the end, or in another one; or
            the frames do not hang together.
    """
    total, kind = frame_count(duration_samples), silence.kind
    out.write(tag)
    out.write(info_frame(duration_samples, silence.steady, kind))
    join = Join(out, silence)
    for first_frame, region in placed:
        begin = first_frame - region.lead
        _check_place(begin, join.written, total)
        if region.frames and region.kind is not kind:
            raise SoundError(f"a sound at {clock(begin)} is of another kind than its file")
        join.quiet(begin)
        fits = begin + region.count <= total
        fitting = region.frames if fits else region.frames[: (total - begin) * kind.frame_bytes]
        join.frames(fitting, region.chain if fits else Chain.of(fitting))
    join.quiet(total)
    return len(tag) + (1 + total) * kind.frame_bytes


class Join:
    """Runs of frames one behind the other: `written` frames, which have `used` so many bytes of main data."""

    def __init__(self, out: Sink, silence: Silence) -> None:
        self._out = out
        self._silence = silence
        self._kind = silence.kind
        self._steady = Chain.of(silence.steady * 2)
        self._noise = _noise_of(silence)
        self.written = 0
        self._used = 0

    def frames(self, run: bytes, chain: Chain) -> None:
        """Write a run that was walked; none leaves all as it is."""
        if not run:
            return
        start = self.written * self._kind.main_bytes
        if start - chain.needs < self._used:
            raise SoundError(f"frame {self.written} at {clock(self.written)} needs bytes that are not there")
        self._out.write(run)
        self._used = start + chain.used
        self.written += len(run) // self._kind.frame_bytes

    def quiet(self, end: int) -> None:
        """Write what nobody hears up to the frame `end`: silence, filled with noise where there is any."""
        if self._noise:
            room = end - APART_FRAMES - max(self.written, START_FRAMES)
            count = max(0, room) // self._noise.frames
            # What is left over stays silent, behind the sound that was.
            self.silence(end - APART_FRAMES - count * self._noise.frames)
            for at in range(0, count, self._noise.most):
                self.frames(*self._noise.times(min(self._noise.most, count - at)))
        self.silence(end)

    def silence(self, end: int) -> None:
        """Write silence up to the frame `end`."""
        while self.written < min(end, START_FRAMES):
            frame = self._silence.frame(self.written)
            self.frames(frame, Chain.of(frame))
        chunk = self._silence.steady * min(max(end - self.written, 0), _CHUNK_FRAMES)
        while self.written < end:
            run = chunk[: (end - self.written) * self._kind.frame_bytes]
            # Two silent frames were walked: any number of them hangs together as they do.
            further = (len(run) // self._kind.frame_bytes - 2) * self._kind.main_bytes
            self.frames(run, Chain(self._steady.needs, self._steady.used + further))


@dataclass(frozen=True, slots=True)
class _Noise:
    """A stretch of noise with silence before it, `frames` in all: up to `most` of them one behind the other.

    Two were walked, the second at `shift` bytes of main data behind the first; any number hangs together so.
    """

    run: bytes
    frames: int
    most: int
    one: Chain
    shift: int

    def times(self, count: int) -> tuple[bytes, Chain]:
        """So many of them, and how they hang on what stands before."""
        chain = Chain(self.one.needs, self.one.used + (count - 1) * self.shift)
        return self.run[: count * len(self.run) // self.most], chain


def _noise_of(silence: Silence) -> _Noise | None:
    if silence.noise is None:
        return None
    unit = silence.steady * APART_FRAMES + silence.noise.frames
    count = len(unit) // silence.kind.frame_bytes
    most = max(1, _CHUNK_FRAMES // count)
    one, two = Chain.of(unit), Chain.of(unit * 2)
    return _Noise(unit * most, count, most, one, two.used - one.used)


def _check_place(begin: int, written: int, total: int) -> None:
    if begin < written:
        raise SoundError(f"two stretches of sound meet at {clock(begin)}: one needs the other's frames")
    if begin > total:
        raise SoundError(f"a sound at {clock(begin)} is behind the end at {clock(total)}")
