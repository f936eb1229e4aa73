"""The Info frame: it sounds like nothing and tells how long the file is, and how much to leave out."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from audiocoach.encoder import QUALITY
from audiocoach.errors import SoundError
from audiocoach.sound import tags
from audiocoach.sound.mp3.frame import (
    ENCODER_DELAY,
    FRAME_SAMPLES,
    HEADER_BYTES,
    MONO,
    SIDED,
    STEREO,
    frame_count,
    kind_of,
)

if TYPE_CHECKING:
    from typing import BinaryIO

    from audiocoach.sound.mp3.frame import Kind

_TOC_ENTRIES = 100
_TOLD_BYTES = 154
# 48 kHz, how many channels and how they are joined, noise shaping 1.
_SOURCES = {MONO: 0x81, SIDED: 0x8D, STEREO: 0x8D}


def info_frame(duration_samples: int, signed: bytes, kind: Kind = MONO) -> bytes:
    """A frame that sounds like nothing and tells how long the file is (LAME tag rev 1).

    Frame count without itself, byte count with itself, seek table, and the delay and padding that
    let a decoder return exactly `duration_samples`. `signed` is a frame with the encoder's name in it.
    """
    total = frame_count(duration_samples)
    size_bytes = (1 + total) * kind.frame_bytes
    padding = total * FRAME_SAMPLES - ENCODER_DELAY - duration_samples
    table = _seek_table(total, size_bytes, kind.frame_bytes)
    xing = struct.pack(">4sIII", b"Info", 0x0F, total, size_bytes) + table
    lame = struct.pack(
        ">I9sBBIHHBB3sBBHIH",
        100 - 10 * 4 - QUALITY,
        _encoder_name(signed),
        0x01,  # revision 0, constant bit rate
        0,  # low pass: not told
        0,  # peak, and two replay gains: not measured
        0,
        0,
        0x14,  # nspsytune, absolute threshold of hearing type 4
        kind.kbps,
        (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
        _SOURCES[kind],
        0,  # gain applied to the file
        kind.kbps,  # preset
        size_bytes,
        0,  # music CRC: accepted, and a join cannot afford one
    )
    frame = kind.header + bytes(kind.side_bytes - HEADER_BYTES) + xing + lame
    return (frame + crc16(frame).to_bytes(2, "big")).ljust(kind.frame_bytes, b"\0")


def _seek_table(total: int, size_bytes: int, frame_bytes: int) -> bytes:
    """Where each hundredth of the time begins, in 256ths of the file."""
    starts = ((1 + total * hundredth // _TOC_ENTRIES) * frame_bytes for hundredth in range(_TOC_ENTRIES))
    return bytes(256 * start // size_bytes for start in starts)


def _encoder_name(signed: bytes) -> bytes:
    """`LAME3.100`: nine bytes; the encoder signs its stuffing. ffmpeg trims only what LAME signed."""
    found = re.search(rb"LAME\d+\.\d+", signed)
    return (found[0] if found else b"LAME")[:9].ljust(9)


def crc16(data: bytes) -> int:
    """CRC-16/ARC, from the frame's first byte to the checksum itself (LAME tag rev 1)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def read_info(stream: BinaryIO) -> bytes:
    """The Info frame at the beginning of an MP3, behind its tag.

    Raises:
        SoundError: there is none, or its checksum is wrong.
    """
    start = stream.read(10)
    tag_bytes = tags.size_bytes(start)
    if tag_bytes:
        # What is cut short inside its tag has no Info frame either.
        stream.read(tag_bytes - len(start))
        start = b""
    head = start + stream.read(max(0, HEADER_BYTES - len(start)))
    kind = kind_of(head)
    info = head + stream.read(kind.frame_bytes - len(head))
    checked = info[: kind.side_bytes + _TOLD_BYTES]
    if info[:HEADER_BYTES] != kind.header or info[kind.side_bytes : kind.side_bytes + 4] != b"Info":
        raise SoundError("the MP3 does not start with an Info frame")
    if info[len(checked) : len(checked) + 2] != crc16(checked).to_bytes(2, "big"):
        raise SoundError("the Info frame has a wrong checksum")
    return info
