"""Runs of frames as they are kept: what each needs of the bytes before it, and what it has used.

A frame may only be moved together with what lies in the bytes before it that it points to.
"""

from __future__ import annotations

from dataclasses import field

from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound.mp3.frame import Kind, kind_of, walk_chunk

START_FRAMES = 2
_LEAD_BYTES = 4


@dataclass(frozen=True, slots=True)
class Chain:
    """How a run of frames hangs on what stands before it.

    Bytes of main data, counted from the run's first frame: it `needs` so many of those before, and has
    `used` its own up to there.
    """

    needs: int
    used: int

    @classmethod
    def of(cls, frames: bytes) -> Chain:
        """Walk whole frames.

        Raises:
            SoundError: a frame is none of ours, or needs bytes that another uses.
        """
        if not frames:
            return cls(0, 0)
        kind = kind_of(frames)
        needs = kind.main_data(frames[: kind.frame_bytes])[0]
        return cls(needs, walk_chunk(frames, 0, -needs, kind))


@dataclass(frozen=True, slots=True)
class RegionFrames:
    """The frames of one region: whole frames of one kind, none where it decodes to silence.

    They begin `lead` frames before the region's first frame; behind it where `lead` is negative,
    because the region begins with silence. `chain` was found by walking them.
    """

    lead: int
    frames: bytes
    chain: Chain = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chain", Chain.of(self.frames))

    @property
    def kind(self) -> Kind:
        """What its frames are."""
        return kind_of(self.frames)

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.frames) // self.kind.frame_bytes

    def to_bytes(self) -> bytes:
        """The lead in four bytes, then the frames: what a cache keeps."""
        return self.lead.to_bytes(_LEAD_BYTES, "big", signed=True) + self.frames

    @classmethod
    def from_bytes(cls, data: bytes) -> RegionFrames:
        """The inverse of `to_bytes`.

        Raises:
            SoundError: `data` is no lead and whole frames that hang together.
        """
        lead, frames = data[:_LEAD_BYTES], data[_LEAD_BYTES:]
        if len(lead) < _LEAD_BYTES or len(frames) % kind_of(frames).frame_bytes:
            raise SoundError(f"region frames: {len(data)} bytes are no whole frames")
        return cls(int.from_bytes(lead, "big", signed=True), frames)


@dataclass(frozen=True, slots=True)
class Silence:
    """What the encoder makes of silence: two frames to start with, then one that comes for ever.

    Where there is `noise`, long silence is filled with it.
    A file cannot start with `steady`: it points 340 bytes back, and LAME's decoder and libmad drop a
    frame whose bytes they never had, which would put everything 24 ms early.
    """

    start: bytes
    steady: bytes
    noise: RegionFrames | None = None

    def frame(self, index: int) -> bytes:
        """The frame at `index` in a file of nothing but silence."""
        size = len(self.steady)
        return self.start[index * size : (index + 1) * size] or self.steady

    @property
    def kind(self) -> Kind:
        """What its frames are."""
        return kind_of(self.steady)

    def to_bytes(self) -> bytes:
        """Three frames: what a cache keeps; noise is kept by itself."""
        return self.start + self.steady

    @classmethod
    def from_bytes(cls, data: bytes) -> Silence:
        """The inverse of `to_bytes`.

        Raises:
            SoundError: `data` is not three frames.
        """
        size = kind_of(data).frame_bytes
        if len(data) != (START_FRAMES + 1) * size:
            raise SoundError(f"silent frames: {len(data)} bytes are not three frames")
        return cls(data[:-size], data[-size:])
