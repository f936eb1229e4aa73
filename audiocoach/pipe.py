"""Frames on a pipe between this program's processes: eight bytes of length, then a message.

Between workers a message is a pickle: both ends are this program, so that is as safe as an import. In a
speech process a foreign engine is at work, so what comes from there is JSON: data, whatever was written. Its
ends are bare descriptors: in a process that is about to be forked little may be touched.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct(">Q")


def send(pipe: BinaryIO, message: Any) -> None:
    """Write one frame."""
    import pickle

    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """Read one frame.

    Raises:
        EOFError: the other end is gone.
    """
    import pickle

    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    if len(body) < length:
        raise EOFError
    return pickle.loads(body)  # noqa: S301 - from ourselves


def send_json(descriptor: int, message: Any) -> None:
    """Write one frame of JSON in ASCII."""
    body = json.dumps(message).encode("ascii")
    write_all(descriptor, _LENGTH.pack(len(body)) + body)


def receive_json(descriptor: int) -> Any:
    """Read one frame of JSON; `None` when the pipe has ended."""
    head = _read(descriptor, _LENGTH.size)
    body = _read(descriptor, _LENGTH.unpack(head)[0]) if head else b""
    return json.loads(body) if body else None


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, however much the pipe takes at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _read(descriptor: int, count: int) -> bytes:
    """Exactly `count` bytes, or none when the pipe ends before them."""
    parts = b""
    while len(parts) < count:
        part = os.read(descriptor, count - len(parts))
        if not part:
            return b""
        parts += part
    return parts
