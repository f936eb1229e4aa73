"""The sounds that `tones:` names: found in the project, heard for their length, and digested.

In: a routine as it was parsed. Out: the same with the paths, digests and lengths of its own sounds. They are
read as music is (`routine.sounds`): by their first bytes, and from inside of the project alone.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import decoding, regular
from audiocoach.errors import SoundError, quote
from audiocoach.records import replace
from audiocoach.routine.diagnostics import nearest
from audiocoach.routine.model import Block, Do
from audiocoach.routine.sounds import SUFFIXES, demuxer_of
from audiocoach.routine.tones import SoundFile
from audiocoach.units import MS_PER_SECOND, SAMPLES_PER_MS

if TYPE_CHECKING:
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import Item, Routine, Settings

MOST_MS = 3000
# These come a second apart: longer ones would sound into each other, twice as loud.
_COUNTS = frozenset({"count", "count_out"})
_MOST_COUNT_MS = 1000
_MOST_BYTES = 10_000_000
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_HEAD_BYTES = 16


class ToneShelf:
    """The tones of one routine that are files. `files` are those that were read, with their digests."""

    def __init__(self, routine: Path, root: Path, diagnostics: Diagnostics) -> None:
        self._routine = routine
        self._root = root
        self._diagnostics = diagnostics
        self._found: dict[str, SoundFile] = {}
        self.files: dict[Path, str] = {}

    def filled(self, routine: Routine) -> Routine:
        """The routine with its sounds found, where there are any."""
        settings, session = self._settings(routine.settings), self._items(routine.session)
        if settings is routine.settings and session is routine.session:
            return routine
        return replace(routine, settings=settings, session=session)

    def _items(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        found = tuple(self._item(item) for item in items)
        return items if all(one is other for one, other in zip(found, items, strict=True)) else found

    def _item(self, item: Item) -> Item:
        if not isinstance(item, Block | Do):
            return item
        settings = self._settings(item.settings)
        found: Item = item if settings is item.settings else replace(item, settings=settings)
        if isinstance(found, Block):
            items = self._items(found.items)
            return found if items is found.items else replace(found, items=items)
        return found

    def _settings(self, settings: Settings) -> Settings:
        sounds = settings.sounds
        if sounds is None or not any(isinstance(sound, SoundFile) for _, sound in sounds.own):
            return settings
        own = tuple(
            (name, self._of(sound, name) if isinstance(sound, SoundFile) else sound)
            for name, sound in sounds.own
        )
        return replace(settings, sounds=replace(sounds, own=own))

    def _of(self, sound: SoundFile, meaning: str) -> SoundFile:
        if sound.name not in self._found:
            self._found[sound.name] = self._looked_up(sound)
        found = replace(self._found[sound.name], position=sound.position)
        if meaning in _COUNTS and found.length_ms > _MOST_COUNT_MS:
            lasts = f"lasts {found.length_ms / MS_PER_SECOND:g} s"
            self._tell(found, f"{lasts}: expected at most 1 second for {meaning}, which comes every second")
        return found

    def _looked_up(self, sound: SoundFile) -> SoundFile:
        """The sound with what is known of it, or as it was where that was told to be wrong."""
        path = self._routine.parent / sound.name
        if self._is_outside(sound, path):
            return sound
        try:
            digest = regular.digest(path, _MOST_BYTES)
            length_ms = len(decoding.short_sound(path, _demuxer_at(path), MOST_MS)) // SAMPLES_PER_MS
        except (FileNotFoundError, NotADirectoryError):
            self._tell_missing(sound)
        except SoundError as error:
            self._tell(sound, f"cannot be used: {error}")
        except regular.IrregularError:
            self._tell(sound, "cannot be read: expected a file such as sounds/gong.wav")
        except (OSError, ValueError) as error:
            self._tell(sound, f"cannot be read: {_why(error)}")
        else:
            self.files[path] = digest
            return replace(sound, path=os.path.normpath(path.absolute()), digest=digest, length_ms=length_ms)
        return sound

    def _is_outside(self, sound: SoundFile, path: Path) -> bool:
        written = sound.name
        if _SCHEME.match(written) or Path(written).is_absolute() or "\\" in written or "\0" in written:
            self._tell(sound, "is no file inside the project, such as sounds/gong.wav")
            return True
        if not Path(os.path.realpath(path)).is_relative_to(self._root):
            self._tell(sound, "leads out of the project")
            return True
        return False

    def _tell_missing(self, sound: SoundFile) -> None:
        home = self._routine.parent
        folder = (home / sound.name).parent
        there = folder.iterdir() if folder.is_dir() else ()
        names = [one.relative_to(home).as_posix() for one in there if one.suffix.lower() in SUFFIXES]
        near = nearest(sound.name, names)
        hint = f"; did you mean {quote(near)}?" if near else ""
        what = f"is not there: expected a file beside {self._routine.name}{hint}"
        self._tell(sound, what, near or None)

    def _tell(self, sound: SoundFile, what: str, fix: str | None = None) -> None:
        if sound.position is not None:
            self._diagnostics.error(
                sound.position, f"the sound {quote(sound.name)} {what}", "unusable-tone", fix
            )


def _demuxer_at(path: Path) -> str:
    """What reads a file."""
    with regular.open_regular(path) as file:
        demuxer = demuxer_of(file.read(_HEAD_BYTES))
    if not demuxer:
        raise SoundError("it is no sound: expected wav, mp3, m4a, ogg, opus or flac")
    return demuxer


def _why(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or "there is no such name"
