"""The files of a session: joined from what was made of its regions, digested, and renamed together."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from audiocoach.making.keeping import keeper
from audiocoach.sound.mp3.container import MP3
from audiocoach.store.files import replacing
from audiocoach.store.manifest import File, ManifestEntry
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path
    from typing import BinaryIO

    from audiocoach.making.others import Others
    from audiocoach.sound.container import AnyContainer, Stretch
    from audiocoach.store.recipe import Recipe
    from audiocoach.voice.clips import Store

_HANDED_OVER_BYTES = 1 << 20


def write_session(  # noqa: PLR0913, PLR0917 - where to, what of, and what in
    folder: Path,
    slug: str,
    recipe: Recipe,
    stretches: Callable[[str], Stretch],
    store: Store,
    container: AnyContainer = MP3,
    others: Others | None = None,
) -> ManifestEntry:
    """Write the sound, its companions, and the files of other kinds, where there is who makes them.

    Raises:
        SoundError: the stretches do not hold together.
        StorageError: a file could not be written: then each is as it was, or whole and new.
    """
    texts = [(f"{slug}{suffix}", text.encode("utf-8")) for suffix, text in recipe.companions]
    suffixes = [suffix for suffix, _ in recipe.others] if others else []
    names = (f"{slug}{container.suffix}", *(name for name, _ in texts), *(slug + one for one in suffixes))
    with ThreadPoolExecutor(1) as thread, replacing(*(folder / name for name in names)) as (sound, *besides):
        digested = _Digested(sound, thread)
        placed = ((first_frame, stretches(key)) for first_frame, key in recipe.regions)
        keep = keeper(store, (recipe.duration_ms, recipe.regions))
        container.join(digested, placed, ms_to_samples(recipe.duration_ms), recipe.tag, keep)
        digested.hand_over()
        for beside, (_, text) in zip(besides, texts, strict=False):
            beside.write(text)
        beside_it = [_Digested(beside, thread) for beside in besides[len(texts) :]]
        if others:
            for other, suffix in zip(beside_it, suffixes, strict=True):
                others.write(other, suffix)
                other.hand_over()
    files = (
        File(names[0], digested.size_bytes, digested.digest, recipe.level),
        *(File(name, len(text), hashlib.sha256(text).hexdigest()) for name, text in texts),
        *(
            File(f"{slug}{one}", found.size_bytes, found.digest, others.level(folder / f"{slug}{one}", one))
            for one, found in zip(suffixes, beside_it, strict=True)
            if others
        ),
    )
    return ManifestEntry(
        recipe.source,
        recipe.listing,
        files,
        recipe.duration_ms,
        len(recipe.clips),
        recipe.notes,
        recipe.is_awake,
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
