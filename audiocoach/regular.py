"""Regular files, opened and read: what else a name may lead to is refused, and not waited for.

Whoever opens a pipe waits for its other end, and a device may never end. Both may stand wherever a file
is expected: in a folder of routines, in a cache that others share, in an output folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

# The name of what is piped into the program.
STDIN = "-"
# A picture is the largest of what authors write.
MOST_BYTES = 40_000_000
# Music may be larger than whatever else a session is made of; no 20 minutes of it are larger than this.
MOST_MUSIC_BYTES = 4_000_000_000
_NAMED_TEXT = ("<", ">")
_CHUNK_BYTES = 1 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def is_file(path: str) -> bool:
    """Whether a name is a file's: neither standard input nor a text that was handed in, as `<morning>`."""
    first, last = _NAMED_TEXT
    name = path.rpartition(os.sep)[2]
    return path != STDIN and not (name.startswith(first) and name.endswith(last))


def named_text(name: str) -> str:
    """What stands for the file's name where a text is handed in: Python's own way to name such a thing."""
    return name.join(_NAMED_TEXT)


def encoded(text: str) -> bytes:
    """A text that was handed in, as the file that it stands for would hold it."""
    return text.encode("utf-8", "surrogatepass")


class IrregularError(OSError):
    """There is something of this name, and it is no regular file."""


class TooLargeError(OSError):
    """The file is larger than what it should be can be."""


def open_regular(path: str | Path) -> BinaryIO:
    """A regular file, to be read and closed by whoever asked.

    Raises:
        IrregularError: it is none.
        OSError: it cannot be opened.
    """
    handle = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise IrregularError(errno.EINVAL, "it is no regular file", str(path))
    return os.fdopen(handle, "rb")


def read(path: str | Path, most_bytes: int = -1) -> bytes:
    """All of a regular file, or of standard input, of at most `most_bytes` unless that is negative.

    Raises:
        IrregularError, TooLargeError: it is none, or larger.
        OSError: it cannot be read.
    """
    if str(path) == STDIN:
        data = _standard_input()
    else:
        with open_regular(path) as file:
            data = file.read(most_bytes + 1) if most_bytes >= 0 else file.read()
    if 0 <= most_bytes < len(data):
        raise TooLargeError(errno.EFBIG, f"it is larger than {most_bytes:,} bytes", str(path))
    return data


def digest(path: str | Path, most_bytes: int) -> str:
    """The SHA-256 of a regular file, which is not held in memory.

    Raises:
        IrregularError, TooLargeError: it is none, or larger.
        OSError: it cannot be read.
    """
    found = hashlib.sha256()
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > most_bytes:
            raise TooLargeError(errno.EFBIG, f"it is larger than {most_bytes:,} bytes", str(path))
        while chunk := file.read(_CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest()


def folder_digest(path: str | Path) -> str:
    """The SHA-256 of the names in a folder.

    Raises:
        OSError: it cannot be read.
    """
    with os.scandir(path) as entries:
        names = sorted(entry.name for entry in entries)
    return hashlib.sha256(repr(names).encode("utf-8", "backslashreplace")).hexdigest()


@cache
def _standard_input() -> bytes:
    """All of it: it can be read once only, and is asked for by whoever asks for a file."""
    return sys.stdin.buffer.read(MOST_BYTES + 1)
