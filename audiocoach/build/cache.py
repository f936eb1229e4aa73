"""What was rendered once: small files named by what they hold, checked by a digest on every read.

An entry is its SHA-256 and then its bytes. It is written beside its place and renamed there, never
synced: a torn or damaged entry fails its digest, which is one miss and nothing else. A cache that
cannot be written is no error: the work is done again next time. So several builds, on several
machines, may share a folder, and any entry may be removed at any moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiocoach.build.files import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEFAULT_LIMIT_BYTES = 2_000_000_000
_DIGEST_BYTES = 32
# Part of every path: raise it when entries are laid out differently.
_FORMAT = "1"
_BESIDE = ".tmp"
# An entry's time says when it was last of use, to the day: touching it at every read would cost as
# much as the read.
_DAY_S = 86_400
_ABANDONED_S = 3600


@dataclass(frozen=True, slots=True)
class Holding:
    """What a cache holds."""

    entries: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    size_bytes: int
    used_s: float


class Cache:
    """Bytes by name in one folder, which other processes may share. `limit_bytes` is for `tidy`.

    What the folder does not take goes to `spare`, where there is one: a folder of this build alone.
    """

    def __init__(
        self, folder: Path, limit_bytes: int = DEFAULT_LIMIT_BYTES, *, spare: Path | None = None
    ) -> None:
        self._roots = tuple(str(one / _FORMAT) for one in (folder, spare) if one is not None)
        self._root = self._roots[0]
        self._limit_bytes = limit_bytes
        self._made: set[str] = set()
        self._old_s = time.time() - _DAY_S

    def get(self, key: str) -> bytes | None:
        """What was put under `key`, or None where it is missing or damaged."""
        for root in self._roots:
            body = self._read(_place(root, key))
            if body is not None:
                return body
        return None

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key`, if it can be kept."""
        entry = hashlib.sha256(data).digest() + data
        for root in self._roots:
            if self._write(_place(root, key), entry):
                return

    def _read(self, path: str) -> bytes | None:
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs as much as the read
                entry = file.read()
                old = os.fstat(file.fileno()).st_mtime < self._old_s
        except OSError:
            return None
        body = entry[_DIGEST_BYTES:]
        if hashlib.sha256(body).digest() != entry[:_DIGEST_BYTES]:
            return None
        if old:
            with contextlib.suppress(OSError):
                os.utime(path)
        return body

    def _write(self, path: str, entry: bytes) -> bool:
        try:
            self._make(os.path.dirname(path))  # noqa: PTH120 - as above
            # Without a buffer a clip is written in a seventh of the time.
            with UNFINISHED.beside(path, _BESIDE, buffering=0) as (beside, file):
                if file.write(entry) < len(entry):
                    return False
                file.close()
                os.replace(beside, path)  # noqa: PTH105 - as above
        except OSError:
            # The folder may have gone, and may come back.
            self._made.clear()
            return False
        return True

    def tidy(self) -> None:
        """After a build that may have added something: keep the folder within its limit."""
        self.prune(self._limit_bytes)

    def holding(self) -> Holding:
        """How many entries there are, and their bytes."""
        files = list(self._files())
        return Holding(len(files), sum(file.size_bytes for file in files))

    def prune(self, limit_bytes: int) -> Holding:
        """Remove what was not used for longest until the rest is within the limit; what was removed.

        What a killed build left half written goes as well.
        """
        self._sweep()
        files = sorted(self._files(), key=lambda file: (file.used_s, file.path))
        over_bytes = sum(file.size_bytes for file in files) - limit_bytes
        gone = freed_bytes = 0
        for file in files:
            if freed_bytes >= over_bytes:
                break
            if _remove(file.path):
                gone += 1
            freed_bytes += file.size_bytes
        return Holding(gone, freed_bytes)

    def verify(self) -> tuple[Holding, Holding]:
        """Read every entry; the whole ones, and the damaged ones, which are removed."""
        whole: list[_File] = []
        damaged: list[_File] = []
        for file in self._files():
            good = self.get(os.path.basename(file.path)) is not None  # noqa: PTH119 - as above
            (whole if good else damaged).append(file)
        for file in damaged:
            _remove(file.path)
        return _sum(whole), _sum(damaged)

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - as above
            self._made.add(folder)

    def _files(self) -> Iterator[_File]:
        return (file for file in _walk(self._root) if not file.path.endswith(_BESIDE))

    def _sweep(self) -> None:
        abandoned_s = time.time() - _ABANDONED_S
        for file in _walk(self._root):
            if file.path.endswith(_BESIDE) and file.used_s < abandoned_s:
                _remove(file.path)


def _place(root: str, key: str) -> str:
    return f"{root}/{key[-2:]}/{key}"


def default_folder() -> Path:
    """The user's cache folder for this program."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - 20 ms, and not needed for --help

    return user_cache_path("audiocoach", appauthor=False)


def _walk(root: str) -> Iterator[_File]:
    """The files of the cache's folders; what another build removes meanwhile is passed over."""
    for folder in _scan(root):
        for entry in _scan(folder.path) if folder.is_dir(follow_symlinks=False) else ():
            with contextlib.suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield _File(entry.path, status.st_size, status.st_mtime)


def _scan(folder: str) -> list[os.DirEntry[str]]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _remove(path: str) -> bool:
    try:
        os.unlink(path)  # noqa: PTH108 - as above
    except OSError:
        return False
    return True


def _sum(files: list[_File]) -> Holding:
    return Holding(len(files), sum(file.size_bytes for file in files))
