"""What is kept of a sound: all of it, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import BuildError
from audiocoach.making.keeping import is_kept, keeper
from tests.voices import DictStore

if TYPE_CHECKING:
    from collections.abc import Iterator

SOUND = ("words", 3)


def made() -> Iterator[bytes]:
    yield from (b"one", b"two", b"three")


def refused() -> Iterator[bytes]:
    raise AssertionError("this is made twice")


def test_a_sound_is_made_once_and_only_that_one() -> None:
    store = DictStore()
    assert list(keeper(store, SOUND).pieces("opus", made)) == list(made())
    assert list(keeper(store, SOUND).pieces("opus", refused)) == list(made())
    assert is_kept("opus", store, SOUND)
    assert not is_kept("aac", store, SOUND)
    assert not is_kept("opus", store, ("words", 4))


def test_what_was_broken_off_or_has_lost_a_piece_is_made_again() -> None:
    store = DictStore()

    def broken() -> Iterator[bytes]:
        yield b"one"
        raise ValueError("the proof failed")

    with pytest.raises(ValueError, match="the proof failed"):
        list(keeper(store, SOUND).pieces("opus", broken))
    assert not is_kept("opus", store, SOUND)
    list(keeper(store, SOUND).pieces("opus", made))
    pieces = [name for name in store.entries if name.startswith("piece-")]
    del store.entries[pieces[1]]
    assert not is_kept("opus", store, SOUND)
    assert list(keeper(store, SOUND).pieces("opus", made)) == list(made())


def test_a_piece_that_goes_while_it_is_read_is_told() -> None:
    store = DictStore()
    list(keeper(store, SOUND).pieces("opus", made))
    pieces = keeper(store, SOUND).pieces("opus", refused)
    next(pieces)
    for name in [name for name in store.entries if name.startswith("piece-")]:
        del store.entries[name]
    with pytest.raises(BuildError, match="build once more"):
        next(pieces)


def test_what_all_sessions_need_has_no_sound_in_its_name() -> None:
    store = DictStore()
    keeper(store, SOUND)("silence", lambda: b"quiet")
    assert keeper(store)("silence", lambda: b"other") == b"quiet"
