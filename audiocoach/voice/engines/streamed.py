"""WAV that was written as a stream: its header was out before anybody knew how long it would be.

Such a header says 0xFFFFFFFF bytes, or 0, or nearly 2 GB, and every reader of files takes the rest for cut
off. With the sizes that are there it is a WAV file like others (EBU Tech 3306 has the same marker).
"""

from __future__ import annotations

import struct

_RIFF_BYTES = 12
_CHUNK_BYTES = 8
# What programs write that do not know: espeak-ng 0x7FFFF000, ffmpeg and servers 0xFFFFFFFF, others 0.
_LEAST_UNKNOWN = 0x7FFF_0000


def is_wav(body: bytes) -> bool:
    """Whether it begins as a WAV file does."""
    return body[:4] == b"RIFF" and body[8:_RIFF_BYTES] == b"WAVE"


def completed(body: bytes) -> bytes:
    """A WAV file with the sizes that are there; one that knew its sizes is as it was, cut off or not."""
    start = _RIFF_BYTES
    while start + _CHUNK_BYTES <= len(body):
        name, size_bytes = struct.unpack_from("<4sI", body, start)
        content = start + _CHUNK_BYTES
        if name == b"data":
            is_unknown = size_bytes == 0 or size_bytes >= _LEAST_UNKNOWN
            return _with_sizes(body, content) if is_unknown else body
        start = content + size_bytes + size_bytes % 2
    return body


def _with_sizes(body: bytes, content: int) -> bytes:
    """Whole samples of two channels at most: what a stream has of a last one is no sound."""
    frame_bytes = max(1, struct.unpack_from("<H", body, _block_align(body))[0])
    size_bytes = (len(body) - content) // frame_bytes * frame_bytes
    whole = bytearray(body[: content + size_bytes])
    struct.pack_into("<I", whole, 4, len(whole) - _CHUNK_BYTES)
    struct.pack_into("<I", whole, content - 4, size_bytes)
    return bytes(whole)


def _block_align(body: bytes) -> int:
    """Where the bytes of a frame stand in the chunk `fmt `, which comes first in every WAV file."""
    return body.index(b"fmt ", _RIFF_BYTES) + _CHUNK_BYTES + _RIFF_BYTES
