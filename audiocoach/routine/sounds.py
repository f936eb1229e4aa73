"""The files that `music:` names: found in the project, looked at, and digested.

In: a routine as it was parsed. Out: the same with the paths and digests of its tracks. What a file is its
first bytes tell, never its name: nothing that leads to other files is opened as sound.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.errors import quote
from audiocoach.records import replace
from audiocoach.routine.diagnostics import nearest
from audiocoach.routine.model import Block
from audiocoach.routine.music import GENERATED, Music, Track

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import Item, Routine, Settings

SUFFIXES = (".wav", ".mp3", ".m4a", ".ogg", ".opus", ".flac")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_HEAD_BYTES = 16
_MOST_TRACKS = 200
_SYNC, _SYNC_MASK = 0xFFE0, 0xFFE0
_PROTECTED = b"ftypM4P "


def demuxer_of(head: bytes) -> str:
    """What reads a file that begins so, as FFmpeg calls it; empty where it is no sound that is known."""
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"fLaC":
        return "flac"
    if head[:4] == b"OggS":
        return "ogg"
    if head[4:8] == b"ftyp":
        return "mov"
    synced = int.from_bytes(head[:2], "big") & _SYNC_MASK == _SYNC
    return "mp3" if head[:3] == b"ID3" or synced else ""


def _is_there(path: Path) -> bool:
    """Whether there is such a file: a name may be of any length."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def _links_in(folder: Path) -> set[str]:
    """The names of links that are there, whatever they lead to."""
    is_folder = _is_there(folder) and folder.is_dir()
    return {one.name for one in folder.iterdir() if one.is_symlink()} if is_folder else set()


class Shelf:
    """The music of one routine. `files` are what was read: paths and digests, folders by what they hold."""

    def __init__(self, routine: Path, root: Path, diagnostics: Diagnostics) -> None:
        self._routine = routine
        self._root = root
        self._diagnostics = diagnostics
        self._found: dict[tuple[str, int], tuple[Track, ...]] = {}
        self.files: dict[Path, str] = {}

    def filled(self, routine: Routine) -> Routine:
        """The routine with its music found, where there is any."""
        settings = self._settings(routine.settings)
        session = self._items(routine.session)
        if settings is routine.settings and session is routine.session:
            return routine
        return replace(routine, settings=settings, session=session)

    def _items(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        found = tuple(self._block(item) if isinstance(item, Block) else item for item in items)
        return items if all(one is other for one, other in zip(found, items, strict=True)) else found

    def _block(self, block: Block) -> Block:
        settings, items = self._settings(block.settings), self._items(block.items)
        if settings is block.settings and items is block.items:
            return block
        return replace(block, settings=settings, items=items)

    def _settings(self, settings: Settings) -> Settings:
        music = settings.music
        if music is None:
            return settings
        filled = Music(self._tracks(music.work), self._tracks(music.rest), music.level_lu)
        return replace(settings, music=filled)

    def _tracks(self, tracks: tuple[Track, ...]) -> tuple[Track, ...]:
        return tuple(found for track in tracks for found in self._files_of(track))

    def _files_of(self, track: Track) -> tuple[Track, ...]:
        """The track, or those of its folder; none where that was told to be wrong."""
        key = (track.name, track.bpm)
        if key not in self._found:
            self._found[key] = (track,) if track.name in GENERATED else tuple(self._looked_up(track))
        return self._found[key]

    def _looked_up(self, track: Track) -> Iterator[Track]:
        path = self._inside(track)
        if path is None:
            return
        if not path.is_dir():
            yield from self._file(track, path)
            return
        names = sorted(one.name for one in path.iterdir() if one.suffix.lower() in SUFFIXES)
        self.files[path] = regular.folder_digest(path)
        if not names or len(names) > _MOST_TRACKS:
            count = f"{len(names)} files" if names else "none"
            what = f"from 1 to {_MOST_TRACKS} files such as song.mp3 in this folder"
            self._tell(track, f"expected {what}, found {count}")
            return
        for name in names:
            yield from self._file(track, path / name)

    def _file(self, track: Track, path: Path) -> Iterator[Track]:
        try:
            with regular.open_regular(path) as file:
                head = file.read(_HEAD_BYTES)
            digest = regular.digest(path, regular.MOST_MUSIC_BYTES)
        except regular.IrregularError:
            self._tell(track, f"{quote(path.name)} is no file: expected music such as song.mp3")
            return
        except OSError as error:
            self._tell(track, f"{quote(path.name)} cannot be read: {error.strerror}")
            return
        if head[4:12] == _PROTECTED:
            self._tell(track, f"{quote(path.name)} is protected against copying: nobody else can play it")
            return
        if not demuxer_of(head):
            what = "a sound as wav, mp3, m4a, ogg, opus or flac"
            self._tell(track, f"{quote(path.name)} is none that can be read: expected {what}")
            return
        self.files[path] = digest
        yield replace(track, path=os.path.normpath(path.absolute()), digest=digest)

    def _inside(self, track: Track) -> Path | None:
        """The path of what is named, where it is there and in the project."""
        written = track.name
        if _SCHEME.match(written) or Path(written).is_absolute() or "\\" in written or "\0" in written:
            what = "a file or folder inside the project, such as music/calm.mp3"
            return self._tell(track, f"expected {what}, found {quote(written)}")
        path = self._routine.parent / written
        if not Path(os.path.realpath(path)).is_relative_to(self._root):
            return self._tell(track, f"{quote(written)} leads out of the project")
        if not _is_there(path) and path.name in _links_in(path.parent):
            return self._tell(track, f"{quote(written)} is a link that leads to no file")
        if not _is_there(path):
            near, fix = self._near(written)
            beside = f"there is no file or bed {quote(written)} beside {self._routine.name}"
            return self._tell(track, beside + (near or f"; beds that ship: {', '.join(GENERATED)}"), fix)
        return path

    def _near(self, written: str) -> tuple[str, str | None]:
        folder = (self._routine.parent / written).parent
        names = list(GENERATED)
        if _is_there(folder) and folder.is_dir():
            beside = [one for one in folder.iterdir() if one.suffix.lower() in SUFFIXES]
            names += [one.relative_to(self._routine.parent).as_posix() for one in beside]
        # Its ending may have been left out.
        whole = [name for name in names if name.rpartition(".")[0].lower() == written.lower()]
        near = whole[0] if whole else nearest(written, names)
        return (f"; did you mean {quote(near)}?", near) if near else ("", None)

    def _tell(self, track: Track, message: str, fix: str | None = None) -> None:
        position: Position | None = track.position
        if position is not None:
            self._diagnostics.error(position, message, "unusable-music", fix)
