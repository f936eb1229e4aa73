"""Blocks of frames become one MP3: two streams of one sound are joined where their bits allow it.

A frame's audio bits begin `main_data_begin` bytes of main data before it. Two encodings of one sound can be
joined at a frame before which the first has kept at least as many bytes free as the second has filled: the
first's frames up to there stay, but for the last of their bytes, which become the second's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.errors import SoundError
from audiocoach.sound.mp3.block import JOINT_FRAMES
from audiocoach.sound.mp3.frame import STEREO, clock, frame_count, split, walk_chunk
from audiocoach.sound.mp3.info import info_frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.sound.container import Sink
    from audiocoach.sound.mp3.block import BlockFrames

_SIZE = STEREO.frame_bytes


def write(
    out: Sink,
    placed: Iterable[tuple[int, BlockFrames]],
    duration_samples: int,
    signed: bytes,
    tag: bytes = b"",
) -> None:
    """Write a whole MP3 of exactly `duration_samples`; it is proven as it is written.

    Args:
        out: takes the bytes in order; is not sought in.
        placed: each block's first frame and its frames, in order of time, with nothing between them; read
            as it is written.
        duration_samples: of the session at 48 kHz.
        signed: a frame with the encoder's name in it.
        tag: an ID3v2 tag to stand in front.

    Raises:
        SoundError: a block is missing, or two cannot be joined.
    """
    total = frame_count(duration_samples)
    out.write(tag)
    out.write(info_frame(duration_samples, signed, STEREO))
    splice = Splice(out)
    for first_frame, block in placed:
        splice.add(first_frame, block)
    splice.close(total)


class Splice:
    """A stream that grows by blocks: what of the last one may still be joined to the next is held back."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self._held: list[bytes] = []
        self._written = 0
        self._used = 0

    def add(self, first_frame: int, block: BlockFrames) -> None:
        """The block that begins at this frame.

        Raises:
            SoundError: the stream does not reach so far, or cannot be joined to it.
        """
        frames = list(split(block.frames, _SIZE))
        if not first_frame:
            self._held = frames
            return
        self._write(first_frame - block.lead)
        at = _joint(self._held, frames, block.lead)
        if at is None:
            raise SoundError(f"two blocks of sound cannot be joined at {clock(first_frame)}")
        head = _with_bytes_of(self._held[:at], frames[:at], STEREO.main_data(frames[at])[0])
        self._held = [*head, *frames[at:]]

    def close(self, total: int) -> None:
        """Write what is held back, up to the frame `total`."""
        self._write(total)

    def _write(self, end: int) -> None:
        """Write what is certain: up to the frame `end`."""
        count = end - self._written
        if not 0 <= count <= len(self._held):
            raise SoundError(f"no sound was made for {clock(self._written + len(self._held))}")
        run = b"".join(self._held[:count])
        self._used = walk_chunk(run, self._written, self._used, STEREO)
        self._out.write(run)
        self._written = end
        del self._held[:count]


def _joint(first: list[bytes], second: list[bytes], lead: int) -> int | None:
    """The first frame at which the second stream can go on, both counted from the second's first one."""
    end = min(len(first), len(second), lead + JOINT_FRAMES)
    return next((at for at in range(lead, end) if _back(first[at]) >= _back(second[at])), None)


def _back(frame: bytes) -> int:
    return STEREO.main_data(frame)[0]


def _with_bytes_of(frames: list[bytes], others: list[bytes], count: int) -> list[bytes]:
    """The frames with the last `count` bytes of main data of the others in place of theirs."""
    made = list(frames)
    for index in reversed(range(len(frames))):
        taken = min(count, STEREO.main_bytes)
        if not taken:
            break
        made[index] = frames[index][: _SIZE - taken] + others[index][_SIZE - taken :]
        count -= taken
    return made
