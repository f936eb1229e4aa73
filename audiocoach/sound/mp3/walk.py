"""A finished MP3 is proven to hold together, frame by frame, without being decoded."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from audiocoach.errors import SoundError
from audiocoach.sound.mp3.frame import kind_of, walk_chunk
from audiocoach.sound.mp3.info import read_info

if TYPE_CHECKING:
    from typing import BinaryIO

    from audiocoach.sound.mp3.frame import Kind

_STEADY_FRAMES = 32


def walk(stream: BinaryIO) -> int:
    """Walk all frames of a finished MP3 and return how many they are, the Info frame not counted.

    Every frame has our header, its audio bits begin no earlier than the frame before has used them,
    and the number of frames and bytes is what the Info frame says. Memory is bounded.

    Raises:
        SoundError: what is wrong, and where.
    """
    info = read_info(stream)
    kind = kind_of(info)
    told_frames, told_bytes = struct.unpack_from(">II", info, kind.side_bytes + 8)
    frames = used = 0
    quiet = b""
    for chunk in iter(lambda: stream.read(_STEADY_FRAMES * kind.frame_bytes), b""):
        length = len(chunk) // kind.frame_bytes
        if chunk == quiet:
            used += length * kind.main_bytes
        else:
            used = walk_chunk(chunk, frames, used, kind)
            quiet = _quiet(chunk[-kind.frame_bytes :], kind)
        frames += length
    if (told_frames, told_bytes) != (frames, (1 + frames) * kind.frame_bytes):
        raise SoundError(f"the Info frame tells of {told_frames} frames, {frames} are there")
    return frames


def _quiet(frame: bytes, kind: Kind) -> bytes:
    """The chunk that may follow unread: a frame without audio bits, as often as a chunk holds it."""
    _, bits = kind.main_data(frame)
    return b"" if bits else frame * _STEADY_FRAMES
