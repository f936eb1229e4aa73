"""Notices that files change: in, a function that names them; out, those whose content became another.

By looking, not by asking the system for news: that works on every system and network folder, and needs no
library. A look at a thousand files that stay costs their `stat`.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.store.files import Digests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# What a site is made from: routines, their libraries, the show, pictures.
_YAML = (".yaml", ".yml")
_SOURCES = (*_YAML, ".jpg", ".jpeg", ".png")
# Two contents of the same size may have one time stamp where a file system counts in seconds.
_CERTAIN_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """A content and the stamp of its file; `is_certain` if no other content can have that stamp."""

    size_bytes: int
    modified_ns: int
    number: int
    is_certain: bool
    digest: str

    def is_of(self, found: os.stat_result) -> bool:
        """Whether the file holds this without being read."""
        stamp = (self.size_bytes, self.modified_ns, self.number)
        return self.is_certain and stamp == (found.st_size, found.st_mtime_ns, found.st_ino)


class Watch:
    """The files that `look` names, and what was in them; `now_ns` is Unix time."""

    def __init__(self, look: Callable[[], Iterable[Path]], now_ns: Callable[[], int] = time.time_ns) -> None:
        self._paths = look
        self._now_ns = now_ns
        self._known: dict[Path, _Seen] = {}
        self._before = self._told = self._digests()

    def changed(self) -> tuple[Path, ...]:
        """The files that came, went or have another content since this was last told.

        Only once two looks agree: whoever saves may still be writing.
        """
        before, self._before = self._before, self._digests()
        if self._before != before:
            return ()
        told, self._told = self._told, self._before
        return tuple(sorted(path for path in {*told, *before} if told.get(path) != before.get(path)))

    def _digests(self) -> dict[Path, str]:
        seen = {path: one for path in self._paths() if (one := self._look_at(path)) is not None}
        self._known = seen
        return {path: one.digest for path, one in seen.items()}

    def _look_at(self, path: Path) -> _Seen | None:
        try:
            found = path.stat()
        except OSError:
            return None
        known = self._known.get(path)
        if known is not None and known.is_of(found):
            return known
        is_certain = found.st_mtime_ns + _CERTAIN_NS < self._now_ns()
        digest = Digests().of(str(path))
        return _Seen(found.st_size, found.st_mtime_ns, found.st_ino, is_certain, digest)


def find_sources(routines: Path, besides: Path) -> Iterator[Path]:
    """Whatever a site may be made from, in a folder or for one routine; the folder `besides` is not."""
    left_out = os.path.realpath(besides)
    return _for_one(routines, left_out) if routines.is_file() else _in_folder(routines, left_out)


def _for_one(routine: Path, left_out: str) -> Iterator[Path]:
    """It may lie in a home folder: no more than its own folder is looked at, and libraries just below."""
    for path in _entries(routine.parent):
        if path.name.lower().endswith(_YAML) or (path.stem == routine.stem and _is_source(path.name)):
            yield path
        elif path.is_dir() and os.path.realpath(path) != left_out:
            yield from (below for below in _entries(path) if below.name.lower().endswith(_YAML))


def _entries(folder: Path) -> list[Path]:
    """What is in a folder and not hidden; nothing where nobody may look."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return []


def _in_folder(folder: Path, left_out: str) -> Iterator[Path]:
    """Hidden files are none."""
    for place, folders, names in os.walk(folder):
        shown = (name for name in folders if not name.startswith("."))
        folders[:] = [name for name in shown if os.path.realpath(Path(place, name)) != left_out]
        yield from (Path(place, name) for name in names if _is_source(name))


def _is_source(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith(_SOURCES)
