"""The files of a session: joined from the frames of its regions, digested, and renamed together."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from audiocoach.keys import key
from audiocoach.sound import mp3
from audiocoach.store.files import replacing
from audiocoach.store.fingerprint import libraries
from audiocoach.store.manifest import File, ManifestEntry
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path
    from typing import BinaryIO

    from audiocoach.store.recipe import Recipe
    from audiocoach.voice.clips import Store

_FORMAT = "1"
_HANDED_OVER_BYTES = 1 << 20


def write_session(
    folder: Path, slug: str, recipe: Recipe, frames: Callable[[str], mp3.RegionFrames], store: Store
) -> ManifestEntry:
    """Write the MP3 and its companions.

    Raises:
        SoundError: the frames do not hold together.
        StorageError: a file could not be written: then each is as it was, or whole and new.
    """
    texts = [(f"{slug}{suffix}", text.encode("utf-8")) for suffix, text in recipe.companions]
    names = (f"{slug}.mp3", *(name for name, _ in texts))
    with ThreadPoolExecutor(1) as thread, replacing(*(folder / name for name in names)) as (sound, *besides):
        digested = _Digested(sound, thread)
        placed = ((first_frame, frames(key)) for first_frame, key in recipe.regions)
        mp3.write(digested, placed, ms_to_samples(recipe.duration_ms), _silence(store), recipe.tag)
        digested.hand_over()
        for beside, (_, text) in zip(besides, texts, strict=True):
            beside.write(text)
    files = (
        File(names[0], digested.size_bytes, digested.digest),
        *(File(name, len(text), hashlib.sha256(text).hexdigest()) for name, text in texts),
    )
    return ManifestEntry(
        recipe.source, recipe.listing, files, recipe.duration_ms, len(recipe.clips), recipe.notes
    )


class _Digested:
    """A file that is written from start to end, and the SHA-256 of what was.

    That is found in a thread, while more is written and synced: it takes as long as either.
    """

    def __init__(self, file: BinaryIO, thread: Executor) -> None:
        self._file = file
        self._thread = thread
        self._hash = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self.size_bytes = 0

    def write(self, data: bytes) -> int:
        """Write all of it."""
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        self.size_bytes += len(data)
        if self._waiting_bytes >= _HANDED_OVER_BYTES:
            self.hand_over()
        return self._file.write(data)

    def hand_over(self) -> None:
        """Have digested what waits for it."""
        self._thread.submit(self._hash.update, b"".join(self._waiting))
        self._waiting.clear()
        self._waiting_bytes = 0

    @property
    def digest(self) -> str:
        """Of everything that was handed over, once the thread has ended."""
        return self._hash.hexdigest()


def _silence(store: Store) -> mp3.Silence:
    """The silent frames: made once, then kept."""
    name = key("silence", _FORMAT, libraries())
    stored = store.get(name)
    if stored is not None:
        return mp3.Silence.from_bytes(stored)
    silence = mp3.silence()
    store.put(name, silence.to_bytes())
    return silence
