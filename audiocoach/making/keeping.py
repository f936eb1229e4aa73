"""What containers have kept: for all sessions, and of one sound, so that nothing is encoded twice.

A sound is named by all that shapes it, and by nothing that a file tells of it: another title, another cover
or another feed costs no encoder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.errors import BuildError
from audiocoach.keys import key
from audiocoach.records import dataclass
from audiocoach.store.fingerprint import libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.sound.container import Keep
    from audiocoach.voice.clips import Store

# Part of every key: raise it when the same sound would become other bytes.
_FORMAT = "1"


def keeper(store: Store, sound: tuple[object, ...] = ()) -> Keep:
    """Keeps what a container needs of every session, and what it has made of this sound."""
    return _Keeper(store, sound)


@dataclass(frozen=True, slots=True)
class _Keeper:
    """All by the versions of what makes it; `sound` is all that shapes one."""

    store: Store
    sound: tuple[object, ...]

    def __call__(self, name: str, make: Callable[[], bytes], /) -> bytes:
        own = key(name, _FORMAT, libraries())
        stored = self.store.get(own)
        if stored is None:
            stored = make()
            self.store.put(own, stored)
        return stored

    def pieces(self, name: str, make: Callable[[], Iterator[bytes]], /) -> Iterator[bytes]:
        own = _whole_key(name, self.sound)
        count = _count(own, self.store)
        return self._made(own, make()) if count is None else self._kept(own, count)

    def _made(self, own: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
        count = 0
        for piece in pieces:
            self.store.put(_piece_key(own, count), piece)
            count += 1
            yield piece
        # Last: whoever has it has them all.
        self.store.put(own, str(count).encode("ascii"))

    def _kept(self, own: str, count: int) -> Iterator[bytes]:
        for index in range(count):
            piece = self.store.get(_piece_key(own, index))
            if piece is None:
                raise BuildError("an encoded sound went while a file was being made of it: build once more")
            yield piece


def is_kept(name: str, store: Store, sound: tuple[object, ...]) -> bool:
    """Whether all that was made of a sound under this name is there."""
    return _count(_whole_key(name, sound), store) is not None


def _whole_key(name: str, sound: tuple[object, ...]) -> str:
    return key("whole", _FORMAT, libraries(), name, *sound)


def _piece_key(whole: str, index: int) -> str:
    return key("piece", whole, index)


def _count(whole: str, store: Store) -> int | None:
    """In how many pieces it is there, None where it is not."""
    stored = store.get(whole)
    if stored is None:
        return None
    count = int(stored)
    return count if all(store.size_bytes(_piece_key(whole, index)) for index in range(count)) else None
