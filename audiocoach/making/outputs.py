"""The files of a session: joined from what was made of its regions, digested, and renamed together."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from audiocoach.keys import key
from audiocoach.sound.mp3.container import MP3
from audiocoach.store.files import replacing
from audiocoach.store.fingerprint import libraries
from audiocoach.store.manifest import File, ManifestEntry
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path
    from typing import BinaryIO

    from audiocoach.sound.container import AnyContainer, Keep, Stretch
    from audiocoach.store.recipe import Recipe
    from audiocoach.voice.clips import Store

_FORMAT = "1"
_HANDED_OVER_BYTES = 1 << 20


def write_session(  # noqa: PLR0913, PLR0917 - where to, what of, and what in
    folder: Path,
    slug: str,
    recipe: Recipe,
    stretches: Callable[[str], Stretch],
    store: Store,
    container: AnyContainer = MP3,
    gain_db: float = 0.0,
) -> ManifestEntry:
    """Write the sound, its companions, and the files of other kinds: these so much louder than their clips.

    Raises:
        SoundError: the stretches do not hold together.
        StorageError: a file could not be written: then each is as it was, or whole and new.
    """
    texts = [(f"{slug}{suffix}", text.encode("utf-8")) for suffix, text in recipe.companions]
    suffixes = [suffix for suffix, _ in recipe.others]
    names = (f"{slug}{container.suffix}", *(name for name, _ in texts), *(slug + one for one in suffixes))
    with ThreadPoolExecutor(1) as thread, replacing(*(folder / name for name in names)) as (sound, *besides):
        digested = _Digested(sound, thread)
        placed = ((first_frame, stretches(key)) for first_frame, key in recipe.regions)
        container.join(digested, placed, ms_to_samples(recipe.duration_ms), recipe.tag, keeper(store))
        digested.hand_over()
        for beside, (_, text) in zip(besides, texts, strict=False):
            beside.write(text)
        others = [_Digested(beside, thread) for beside in besides[len(texts) :]]
        for other, suffix in zip(others, suffixes, strict=True):
            from audiocoach.making.others import write_other  # what is an MP3 alone needs no other container

            write_other(other, suffix, recipe, store, gain_db)
            other.hand_over()
    files = (
        File(names[0], digested.size_bytes, digested.digest, recipe.level),
        *(File(name, len(text), hashlib.sha256(text).hexdigest()) for name, text in texts),
        *(
            _other_file(folder / f"{slug}{one}", found, store)
            for one, found in zip(suffixes, others, strict=True)
        ),
    )
    return ManifestEntry(
        recipe.source, recipe.listing, files, recipe.duration_ms, len(recipe.clips), recipe.notes
    )


def _other_file(path: Path, written: _Digested, store: Store) -> File:
    from audiocoach.making.others import measured

    level = measured(path, written.digest, store)
    return File(path.name, written.size_bytes, written.digest, level)


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


def keeper(store: Store) -> Keep:
    """Keeps what a container needs of every session, by the versions of what makes it."""

    def keep(name: str, make: Callable[[], bytes]) -> bytes:
        own = key(name, _FORMAT, libraries())
        stored = store.get(own)
        if stored is None:
            stored = make()
            store.put(own, stored)
        return stored

    return keep
