"""The files of a session: joined from the frames of its regions, digested, and renamed together."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from audiocoach.build.files import replacing
from audiocoach.build.manifest import Entry, File
from audiocoach.build.setting import libraries
from audiocoach.sound import mp3
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from audiocoach.build.recipe import Recipe
    from audiocoach.voice.clips import Store

_FORMAT = "1"


def write_session(
    folder: Path, slug: str, recipe: Recipe, frames: Callable[[str], mp3.RegionFrames], store: Store
) -> Entry:
    """Write the MP3 and its companions.

    Raises:
        SoundError: the frames do not hold together.
        StorageError: a file could not be written: then all are as they were.
    """
    texts = [(f"{slug}{suffix}", text.encode("utf-8")) for suffix, text in recipe.companions]
    names = (f"{slug}.mp3", *(name for name, _ in texts))
    with replacing(*(folder / name for name in names)) as (sound, *besides):
        digested = _Digested(sound)
        placed = ((first_frame, frames(key)) for first_frame, key in recipe.regions)
        mp3.write(digested, placed, ms_to_samples(recipe.duration_ms), _silence(store), recipe.tag)
        for beside, (_, text) in zip(besides, texts, strict=True):
            beside.write(text)
    files = (
        File(names[0], digested.size_bytes, digested.digest),
        *(File(name, len(text), hashlib.sha256(text).hexdigest()) for name, text in texts),
    )
    return Entry(recipe.source, files, recipe.duration_ms, len(recipe.clips), recipe.notes)


class _Digested:
    """A file that is written from start to end, and the SHA-256 of what was."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def write(self, data: bytes) -> int:
        """Write all of it."""
        self._hash.update(data)
        self.size_bytes += len(data)
        return self._file.write(data)

    @property
    def digest(self) -> str:
        """Of everything so far."""
        return self._hash.hexdigest()


def _silence(store: Store) -> mp3.Silence:
    """The silent frames: made once, then kept."""
    key = "silence-" + hashlib.sha256(repr((_FORMAT, libraries())).encode()).hexdigest()[:39]
    stored = store.get(key)
    if stored is not None:
        return mp3.Silence.from_bytes(stored)
    silence = mp3.silence()
    store.put(key, silence.to_bytes())
    return silence
