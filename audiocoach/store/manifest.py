"""What the output folder holds: which files a build wrote there, and from what.

An entry says which inputs a session was made from, by their content, and which files came of it. If
both still hold, there is nothing to do. Time stamps decide nothing. A manifest that is missing or
damaged knows nothing: everything is built again. Builds that share the folder merge what they learn.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from audiocoach import regular
from audiocoach.errors import MALFORMED, StorageError
from audiocoach.records import dataclass
from audiocoach.store.files import Digests, absolute, from_here, replacing
from audiocoach.store.place import MANIFEST
from audiocoach.store.recipe import (
    Level,
    Listing,
    Source,
    level_from_json,
    level_to_json,
    listing_from_json,
    listing_to_json,
    notes_from_json,
    notes_to_json,
    source_from_json,
    source_to_json,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from audiocoach.errors import Problem
    from audiocoach.store.editions import Edition
    from audiocoach.store.fingerprint import Fingerprint

_FORMAT = 3


@dataclass(frozen=True, slots=True)
class File:
    """One file of a session: its name in the output folder, its bytes, their SHA-256; a sound has a level."""

    name: str
    size_bytes: int
    digest: str
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One session: what it was made from, how it is listed, what came of it; the first file is the MP3.

    Where it `is_awake` noise that nobody hears lies in its silence.
    """

    source: Source
    listing: Listing
    files: tuple[File, ...]
    duration_ms: int
    phrases: int
    notes: tuple[Problem, ...]
    is_awake: bool = False


class Manifest:
    """The entries of one output folder by slug, as they were found, with what this build changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries = _read(folder / MANIFEST)
        self._changes: dict[str, ManifestEntry | None] = {}

    @property
    def entries(self) -> dict[str, ManifestEntry]:
        """Every session that is known to stand in the folder."""
        return dict(sorted(self._entries.items()))

    def reason(self, edition: Edition, digests: Digests, setting: Fingerprint) -> str | None:
        """Why a session has to be built, or None where its files stand as they should."""
        entry = self._entries.get(edition.slug)
        if entry is None or entry.source.routine != absolute(edition.path):
            return "there is no record of it here"
        changed = entry.source.changed(digests.of)
        if changed is not None:
            return f"{from_here(changed)} has changed"
        if entry.source.setting != setting.of(entry.source.voices):
            return "an option, the voice, or the program has changed"
        missing = self._missing(entry)
        return None if missing is None else f"{missing} is missing or has another size"

    def damaged(self, slug: str) -> str | None:
        """The first file of a session whose bytes are not those that were built; every byte is read."""
        files = self.entry(slug).files
        return next((file.name for file in files if not self._is_as_built(file)), None)

    def entry(self, slug: str) -> ManifestEntry:
        """What is known of a session that stands."""
        return self._entries[slug]

    def remember(self, slug: str, entry: ManifestEntry, *, save_after: int = 1) -> None:
        """A session was built; what was built is saved whenever there is so much of it, if it can be.

        Files that it came in before and does not come in now are removed.
        """
        names = {file.name for file in entry.files}
        before = self._entries.get(slug)
        for file in before.files if before and before.source.routine == entry.source.routine else ():
            if file.name not in names:
                self._remove(file)
        self._entries[slug] = self._changes[slug] = entry
        if len(self._changes) >= save_after:
            with contextlib.suppress(StorageError):
                self.save()

    def taken(self, edition: Edition) -> str | None:
        """The other routine, still there, whose files have the names that this one's would have."""
        path, entry = edition.path, self._entries.get(edition.slug)
        if entry is None or entry.source.routine == absolute(path) or _is_gone(entry.source.routine):
            return None
        if not regular.is_file(entry.source.routine) and not regular.is_file(str(path)):
            # A text of the same name takes the place of the one before.
            return None
        with contextlib.suppress(OSError):
            if path.samefile(entry.source.routine):
                return None
        return from_here(entry.source.routine)

    def sweep(
        self, standing: Container[str] = (), known: Mapping[str, Container[str]] = MappingProxyType({})
    ) -> tuple[str, ...]:
        """Remove the files of routines that are gone, and forget them; the slugs that went.

        Only files that a build wrote and that nobody has changed since. The slugs that this build tells to be
        `standing` stay, even if a routine went meanwhile; and so does what cannot be looked for. `known` are
        all slugs of a routine, by its absolute path: a variant that is not among them is gone.
        """

        def is_gone(slug: str, routine: str) -> bool:
            is_dropped = routine in known and slug not in known[routine]
            return slug not in standing and (is_dropped or _is_gone(routine))

        gone = [slug for slug, entry in self._entries.items() if is_gone(slug, entry.source.routine)]
        for slug in gone:
            for file in self._entries.pop(slug).files:
                self._remove(file)
            self._changes[slug] = None
        return tuple(gone)

    def save(self) -> None:
        """Write what changed into the manifest, beside what other builds wrote meanwhile.

        Raises:
            StorageError: it could not be written.
        """
        if not self._changes:
            return
        with _locked(self._folder):
            entries: dict[str, ManifestEntry | None] = {**_read(self._folder / MANIFEST), **self._changes}
            rows = {slug: _row(entry) for slug, entry in sorted(entries.items()) if entry is not None}
            with replacing(self._folder / MANIFEST) as (file,):
                file.write(json.dumps({"format": _FORMAT, "sessions": rows}, indent=1).encode("utf-8"))
        self._changes.clear()

    def _missing(self, entry: ManifestEntry) -> str | None:
        for file in entry.files:
            try:
                same = (self._folder / file.name).stat().st_size == file.size_bytes
            except OSError:
                return file.name
            if not same:
                return file.name
        return None

    def _remove(self, file: File) -> None:
        with contextlib.suppress(OSError):
            if self._is_as_built(file):
                (self._folder / file.name).unlink()

    def _is_as_built(self, file: File) -> bool:
        try:
            found = regular.read(self._folder / file.name, file.size_bytes)
        except OSError:
            return False
        return hashlib.sha256(found).hexdigest() == file.digest


def _is_gone(path: str) -> bool:
    """Whether there surely is no such file: a folder that lets nobody look, a failing disk say nothing.

    What came from standard input, or was handed in as a text, has no file that could go.
    """
    if not regular.is_file(path):
        return False
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Alone with the folder's manifest; the lock goes with its holder, however that ends.

    Where there are no such locks (Windows, some network folders) the last of two builds that save in
    the same moment wins: the other's sessions are built again.
    """
    descriptor = None
    with contextlib.suppress(OSError, ImportError):
        import fcntl  # noqa: PLC0415 - POSIX only

        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def known(folder: Path) -> dict[str, ManifestEntry] | None:
    """What the folder's manifest says of every session, None where there is no manifest.

    Raises:
        StorageError: it cannot be read, or is damaged.
    """
    try:
        return _parsed(folder / MANIFEST)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StorageError(f"{folder / MANIFEST} cannot be read: {error.strerror}") from error
    except MALFORMED as error:
        raise StorageError(f"{folder / MANIFEST} is damaged: build once more") from error


def _read(path: Path) -> dict[str, ManifestEntry]:
    try:
        return _parsed(path)
    except (OSError, *MALFORMED):
        return {}


def _parsed(path: Path) -> dict[str, ManifestEntry]:
    """What a manifest says.

    Raises:
        OSError: there is nothing to read.
        MALFORMED: it is no manifest of this version.
    """
    data = json.loads(regular.read(path))
    if data["format"] != _FORMAT:
        raise ValueError(data["format"])
    return {str(slug): _entry(row) for slug, row in data["sessions"].items()}


def _row(entry: ManifestEntry) -> dict[str, Any]:
    return {
        **source_to_json(entry.source),
        "listing": listing_to_json(entry.listing),
        "files": [
            [file.name, file.size_bytes, file.digest, *level_to_json(file.level)] for file in entry.files
        ],
        "duration_ms": entry.duration_ms,
        "phrases": entry.phrases,
        "notes": notes_to_json(entry.notes),
        "is_awake": entry.is_awake,
    }


def _entry(row: dict[str, Any]) -> ManifestEntry:
    return ManifestEntry(
        source=source_from_json(row),
        listing=listing_from_json(row["listing"]),
        files=tuple(_files(row["files"])),
        duration_ms=int(row["duration_ms"]),
        phrases=int(row["phrases"]),
        notes=notes_from_json(row["notes"]),
        # What an earlier version has built is silent.
        is_awake=bool(row.get("is_awake")),
    )


def _files(rows: list[list[Any]]) -> Iterator[File]:
    if not rows:
        raise ValueError("no files")
    for name, size, digest, *level in rows:
        yield File(_plain_name(str(name)), int(size), str(digest), level_from_json(level))


def _plain_name(name: str) -> str:
    """A file's name that leads nowhere else: a manifest may have been edited.

    Raises:
        ValueError: it has a folder in it.
    """
    if Path(name).name != name:
        raise ValueError(name)
    return name
