"""What was rendered once: small files named by what they hold, checked by a digest on every read.

An entry is a head and then its bytes. The head is their number and their SHA-256, and before these a
SHA-256 of both and of the entry's name: so the number can be believed where nothing else is read. An entry
is written under another name and renamed, never synced: one that is torn, damaged or another's fails, which
is one miss and nothing else. A cache that cannot be written is no error: the work is done again next time.
So several builds, on several machines, may share a folder, and any entry may be removed at any moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.records import dataclass
from audiocoach.store.files import UNFINISHED, is_orphan, make_folders, remove_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_LIMIT_BYTES = 2_000_000_000
_DIGEST_BYTES = 32
_SIZE = slice(_DIGEST_BYTES, _DIGEST_BYTES + 8)
_HEAD_BYTES = _SIZE.stop + _DIGEST_BYTES
# Part of every path: raise it when entries are laid out differently.
_FORMAT = "2"
_BESIDE = ".tmp"
# An entry's time says when it was last of use, to the day: touching it at every read would cost as
# much as the read.
_DAY_S = 86_400


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
            body = self._read(root, key)
            if body is not None:
                return body
        return None

    def size_bytes(self, key: str) -> int | None:
        """How many bytes `key` has, None where it is missing or torn: what they are is not read."""
        for root in self._roots:
            with contextlib.suppress(OSError), regular.open_regular(_place(root, key)) as file:
                head, status = file.read(_HEAD_BYTES), os.fstat(file.fileno())
                if _is_head(head, key, status.st_size):
                    self._touch(_place(root, key), status)
                    return status.st_size - _HEAD_BYTES
        return None

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key`, if it can be kept."""
        entry = _head(key, data) + data
        for root in self._roots:
            # Once more, since the folder may have gone after we made it.
            if self._write(root, key, entry) or self._write(root, key, entry):
                return

    def _read(self, root: str, key: str) -> bytes | None:
        path = _place(root, key)
        try:
            with regular.open_regular(path) as file:
                entry = file.read()
                status = os.fstat(file.fileno())
        except OSError:
            return None
        body = entry[_HEAD_BYTES:]
        if _head(key, body) != entry[:_HEAD_BYTES]:
            return None
        self._touch(path, status)
        return body

    def _touch(self, path: str, status: os.stat_result) -> None:
        """It was of use today."""
        if status.st_mtime < self._old_s:
            with contextlib.suppress(OSError):
                os.utime(path)

    def _write(self, root: str, key: str, entry: bytes) -> bool:
        path = _place(root, key)
        try:
            self._make(os.path.dirname(path))
            # Without a buffer a clip is written in a seventh of the time.
            with UNFINISHED.beside(f"{root}/{key}", _BESIDE, buffering=0) as (beside, file):
                if file.write(entry) < len(entry):
                    return False
                file.close()
                _replace(beside, path)
        except OSError:
            self._made.clear()
            return False
        return True

    def tidy(self) -> None:
        """After a build that may have added something: keep the folder within its limit."""
        self.prune(self._limit_bytes)

    def sweep(self) -> None:
        """Remove what builds that were killed left half written: these files lie together.

        Beside them, one folder up, lie those by which the workers of a cluster see the cache.
        """
        for entry in (*_scan(self._root), *_scan(os.path.dirname(self._root))):
            if entry.name.startswith(".") and is_orphan(Path(entry.path)):
                _remove(entry.path)

    def holding(self) -> Holding:
        """How many entries there are, and their bytes."""
        files = list(_walk(self._root))
        return Holding(len(files), sum(file.size_bytes for file in files))

    def prune(self, limit_bytes: int) -> Holding:
        """Remove what was not used for longest until the rest is within the limit; what was removed.

        What a killed build left half written goes as well.
        """
        self.sweep()
        files = sorted(_walk(self._root), key=lambda file: (file.used_s, file.path))
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
        for file in _walk(self._root):
            good = self.get(os.path.basename(file.path)) is not None
            (whole if good else damaged).append(file)
        for file in damaged:
            _remove(file.path)
        return _sum(whole), _sum(damaged)

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            make_folders(folder)
            self._made.add(folder)


def _head(key: str, data: bytes) -> bytes:
    facts = len(data).to_bytes(8, "big") + hashlib.sha256(data).digest()
    return hashlib.sha256(key.encode() + facts).digest() + facts


def _is_head(head: bytes, key: str, entry_bytes: int) -> bool:
    """Whether an entry of so many bytes begins with this, and has all of its own."""
    sealed = hashlib.sha256(key.encode() + head[_DIGEST_BYTES:]).digest()
    size_bytes = int.from_bytes(head[_SIZE], "big")
    return head[:_DIGEST_BYTES] == sealed and entry_bytes == _HEAD_BYTES + size_bytes


def _replace(beside: str, path: str) -> None:
    """Give a file its name, whatever has it."""
    try:
        os.replace(beside, path)
    except IsADirectoryError:
        remove_tree(Path(path))
        os.replace(beside, path)


def _place(root: str, key: str) -> str:
    return f"{root}/{key[-1]}/{key}"


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
        os.unlink(path)
    except OSError:
        return False
    return True


def _sum(files: list[_File]) -> Holding:
    return Holding(len(files), sum(file.size_bytes for file in files))
