"""What was rendered once: small files named by what they hold, checked by a digest on every read.

An entry is its SHA-256 and then its bytes. It is written beside its place and renamed there, never
synced: a torn or damaged entry fails its digest, which is one miss and nothing else. A cache that
cannot be written is no error: the work is done again next time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_DIGEST_BYTES = 32
# Part of every path: raise it when entries are laid out differently.
_FORMAT = "1"


class Cache:
    """Bytes by name in one folder, which other processes may share."""

    def __init__(self, folder: Path) -> None:
        self._root = str(folder / _FORMAT)
        self._made: set[str] = set()

    def get(self, key: str) -> bytes | None:
        """What was put under `key`, or None where it is missing or damaged."""
        try:
            with open(self._path(key), "rb") as file:  # noqa: PTH123 - pathlib costs as much as the read
                entry = file.read()
        except OSError:
            return None
        body = entry[_DIGEST_BYTES:]
        whole = hashlib.sha256(body).digest() == entry[:_DIGEST_BYTES]
        return body if whole else None

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key`, if it can be kept."""
        path = self._path(key)
        beside = f"{path}.{os.getpid()}.tmp"
        try:
            self._make(os.path.dirname(path))  # noqa: PTH120 - as above
            with open(beside, "wb") as file:  # noqa: PTH123 - as above
                file.write(hashlib.sha256(data).digest() + data)
            os.replace(beside, path)  # noqa: PTH105 - as above
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(beside)  # noqa: PTH108 - as above

    def _path(self, key: str) -> str:
        return f"{self._root}/{key[-2:]}/{key}"

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - as above
            self._made.add(folder)


def default_folder() -> Path:
    """The user's cache folder for this program."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - 20 ms, and not needed for --help

    return user_cache_path("audiocoach", appauthor=False)
