"""What the output folder holds: which files a build wrote there, and from what.

An entry says which inputs a session was made from, by their content, and which files came of it, by
their size. If both still hold, there is nothing to do. Time stamps decide nothing. A manifest that is
missing or damaged knows nothing: everything is built again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach import __version__, assets
from audiocoach.build.files import replacing
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import EngineError
from audiocoach.routine.model import Voice
from audiocoach.voice import installed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.build.sessions import Session, Wanted
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.voice.studio import Studio

NAME = ".audiocoach.json"
# Raise it when the same inputs would become other files.
_FORMAT = 1
_LIBRARIES = ("av", "lameenc", "pydub")


@dataclass(frozen=True, slots=True)
class Entry:
    """One session. `inputs` are paths and the SHA-256 of their content, `files` names and bytes."""

    routine: str
    inputs: tuple[tuple[str, str], ...]
    voices: tuple[Voice, ...]
    setting: str
    files: tuple[tuple[str, int], ...]
    duration_ms: int
    phrases: int


class Digests:
    """The content of files, each read once a run."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The SHA-256 of a file, `""` where it cannot be read."""
        if path not in self._known:
            try:
                with open(path, "rb") as file:  # noqa: PTH123 - 500 of them may cost no second
                    self._known[path] = hashlib.sha256(file.read()).hexdigest()
            except OSError:
                self._known[path] = ""
        return self._known[path]


class Manifest:
    """The entries of one output folder by slug."""

    def __init__(self, folder: Path, studio: Studio, wanted: Wanted) -> None:
        self._folder = folder
        self._studio = studio
        self._digests = Digests()
        self._general = _general(wanted)
        self._entries = _read(folder / NAME)

    def entry(self, path: Path) -> Entry | None:
        """The entry of a routine whose files stand as they should, or None if it has to be built."""
        entry = self._entries.get(path.stem)
        if entry is None or entry.routine != _absolute(path):
            return None
        same = all(self._digests.of(name) == digest for name, digest in entry.inputs)
        if not same or entry.setting != self._setting(entry.voices) or not self._stands(entry):
            return None
        return entry

    def remember(self, session: Session, timeline: Timeline, files: Iterable[Path]) -> None:
        """A session was built: these are the files that came of it."""
        utterances = {event.utterance for event in timeline.events if isinstance(event, Speech)}
        voices = tuple(sorted({one.voice for one in utterances}, key=astuple))
        self._entries[session.slug] = Entry(
            routine=_absolute(session.path),
            inputs=tuple((_absolute(one), self._digests.of(_absolute(one))) for one in session.files),
            voices=voices,
            setting=self._setting(voices),
            files=tuple((one.name, one.stat().st_size) for one in files),
            duration_ms=timeline.duration_ms,
            phrases=len(utterances),
        )

    def sweep(self) -> tuple[str, ...]:
        """Remove the files of routines that are gone, and forget them; the slugs that went.

        Only files that a build wrote and that still have the size it gave them.
        """
        gone = [slug for slug, entry in self._entries.items() if not os.path.exists(entry.routine)]  # noqa: PTH110
        for slug in gone:
            for name, size in self._entries.pop(slug).files:
                with contextlib.suppress(OSError):
                    if (self._folder / name).stat().st_size == size:
                        (self._folder / name).unlink()
        return tuple(gone)

    def save(self) -> None:
        """Write the manifest.

        Raises:
            StorageError: it could not be written.
        """
        rows = {slug: asdict(entry) for slug, entry in sorted(self._entries.items())}
        with replacing(self._folder / NAME) as file:
            file.write(json.dumps({"format": _FORMAT, "sessions": rows}, indent=1).encode("utf-8"))

    def _setting(self, voices: tuple[Voice, ...]) -> str:
        """Everything that shapes a byte beside the routine's own files."""
        try:
            keys = [self._studio.voice_key(voice) for voice in voices]
        except EngineError:
            return ""
        return hashlib.sha256(repr((self._general, keys)).encode()).hexdigest()

    def _stands(self, entry: Entry) -> bool:
        with contextlib.suppress(OSError):
            return all(os.stat(self._folder / name).st_size == size for name, size in entry.files)  # noqa: PTH116
        return False


def _general(wanted: Wanted) -> str:
    versions = [f"{name} {installed.version(name)}" for name in _LIBRARIES]
    shipped = sorted(path for path in assets.folder().rglob("*") if path.is_file())
    contents = [hashlib.sha256(path.read_bytes()).hexdigest() for path in shipped]
    return repr((_FORMAT, __version__, versions, contents, asdict(wanted)))


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - links stay as they are: their targets are inputs


def _read(path: Path) -> dict[str, Entry]:
    try:
        data = json.loads(path.read_bytes())
        if data["format"] != _FORMAT:
            return {}
        return {str(slug): _entry(row) for slug, row in data["sessions"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        routine=str(row["routine"]),
        inputs=tuple((str(name), str(digest)) for name, digest in row["inputs"]),
        voices=tuple(Voice(**voice) for voice in row["voices"]),
        setting=str(row["setting"]),
        files=tuple((_plain_name(name), int(size)) for name, size in row["files"]),
        duration_ms=int(row["duration_ms"]),
        phrases=int(row["phrases"]),
    )


def _plain_name(name: str) -> str:
    """A file's name that leads nowhere else: a manifest may have been edited.

    Raises:
        ValueError: it has a folder in it.
    """
    if Path(name).name != name:
        raise ValueError(name)
    return name
