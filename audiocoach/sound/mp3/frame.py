"""One frame of MPEG-1 Layer III, as all of ours are: its sizes, its header, where its audio bits lie.

At 48 kHz and a constant bit rate a frame is 1152 samples, 24 ms and the same number of bytes, always. It is a
header, side information and the audio bits of this or later frames: its own bits may begin up to 511
bytes before it (ISO 11172-3 2.4.2.7, `main_data_begin`; LAME calls it the bit reservoir).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.encoder import BIT_RATE_KBPS
from audiocoach.errors import SoundError
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAME_SAMPLES = 1152
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS
FRAME_PCM_BYTES = FRAME_SAMPLES * SAMPLE_BYTES
FRAME_BYTES = 144 * BIT_RATE_KBPS * 1000 // SAMPLE_RATE_HZ
HEADER_BYTES = 4
SIDE_BYTES = HEADER_BYTES + 17
MAIN_BYTES = FRAME_BYTES - SIDE_BYTES

# Sync, MPEG-1, Layer III, no CRC, 64 kb/s, 48 kHz, no padding, mono, original (ISO 11172-3 2.4.1.3).
HEADER = bytes.fromhex("fffb54c4")

# What LAME adds in front, and a decoder (528 + 1): decoded sound begins after both.
ENCODER_DELAY = 576
DECODER_DELAY = 529
DELAY = ENCODER_DELAY + DECODER_DELAY


def split(data: bytes) -> Iterator[bytes]:
    """The frames of a stream, the last as long as it is."""
    return (data[at : at + FRAME_BYTES] for at in range(0, len(data), FRAME_BYTES))


def clock(frame: int) -> str:
    """When a frame begins, for people."""
    return ms_to_clock(max(0, frame) * FRAME_MS)


def frame_count(duration_samples: int) -> int:
    """Frames that hold so many samples behind the delay of encoder and decoder; no Info frame."""
    return -(-(duration_samples + DELAY) // FRAME_SAMPLES)


def walk_chunk(chunk: bytes, first: int, used: int) -> int:
    """Where the last frame's audio bits end, in bytes of main data since frame 0; it begins at `first`.

    Raises:
        SoundError: a frame is none of ours, or needs bytes that another uses: `used` so far.
    """
    for index, frame in enumerate(split(chunk), first):
        used = _walk_frame(frame, index, used)
    return used


def _walk_frame(frame: bytes, index: int, used: int) -> int:
    """Where the frame's audio bits end, counted like `used` in bytes of main data since frame 0."""
    if len(frame) != FRAME_BYTES or frame[:HEADER_BYTES] != HEADER:
        raise SoundError(f"frame {index} at {clock(index)} is cut short or has a strange header")
    back_bytes, bits = main_data(frame)
    begin = index * MAIN_BYTES - back_bytes
    end = begin + -(-bits // 8)
    if begin < used:
        raise SoundError(f"frame {index} at {clock(index)} needs bytes that are not there")
    if end > (index + 1) * MAIN_BYTES:
        raise SoundError(f"frame {index} at {clock(index)} needs bytes of the frame behind it")
    return end


def main_data(frame: bytes) -> tuple[int, int]:
    """`main_data_begin` in bytes and the sum of both `part2_3_length` in bits (ISO 11172-3 2.4.1.7)."""
    side = int.from_bytes(frame[HEADER_BYTES:SIDE_BYTES], "big")
    return side >> 127, (side >> 106 & 0xFFF) + (side >> 47 & 0xFFF)
