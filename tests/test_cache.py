"""The cache: what is damaged is one miss, and nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from audiocoach.build.cache import Cache, default_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEY = "clip-0123456789abcdef"


def entry_of(folder: Path) -> Path:
    (found,) = [path for path in folder.rglob("*") if path.name == KEY]
    return found


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    Cache(tmp_path).put(KEY, b"sound")
    assert Cache(tmp_path).get(KEY) == b"sound"


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    assert Cache(tmp_path).get(KEY) is None


def test_nothing_but_entries_is_left(tmp_path: Path) -> None:
    Cache(tmp_path).put(KEY, b"sound")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [KEY]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-2] ^= 7
    path.write_bytes(data)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(bytes(64)),
        make_folder,
    ],
    ids=["three bits flipped", "truncated", "emptied", "zeroed", "made a folder"],
)
def test_a_damaged_entry_is_one_miss(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    damage(entry_of(tmp_path))
    assert cache.get(KEY) is None


def test_an_entry_under_anothers_name_is_still_checked_by_its_own_digest(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    cache.put(KEY, b"other")
    assert cache.get(KEY) == b"other"


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    cache = Cache(blocked)
    cache.put(KEY, b"sound")
    assert cache.get(KEY) is None


def test_the_default_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder().name == "audiocoach"
    if os.name == "posix" and "XDG_CACHE_HOME" in os.environ:
        assert default_folder().is_absolute()
