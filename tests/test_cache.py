"""The cache: what is damaged is one miss, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach.commands.cache import prune_cache
from audiocoach.errors import StorageError
from audiocoach.store.cache import Cache, Holding, default_folder
from audiocoach.store.files import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "clip-0123456789abcdef"


def entry_of(folder: Path) -> Path:
    (found,) = [path for path in folder.rglob("*") if path.name == KEY]
    return found


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    Cache(tmp_path).put(KEY, b"sound")
    assert Cache(tmp_path).get(KEY) == b"sound"


def test_how_much_there_is_can_be_told_without_reading_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    assert cache.size_bytes(KEY) == 5
    entry_of(tmp_path).write_bytes(entry_of(tmp_path).read_bytes()[:-1] + b"X")
    assert (cache.size_bytes(KEY), cache.get(KEY)) == (5, None)


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x", lambda data: data[1:]])
def test_what_is_torn_has_no_size(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    entry_of(tmp_path).write_bytes(change(entry_of(tmp_path).read_bytes()))
    assert cache.size_bytes(KEY) is None
    other = KEY.replace("clip-", "slip-")
    cache.put(other, b"sound")
    next(tmp_path.rglob(other)).replace(entry_of(tmp_path))
    assert cache.size_bytes(KEY) is None
    assert cache.size_bytes(other) is None


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


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "damage",
    [
        flip,
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(bytes(64)),
        make_folder,
        make_pipe,
    ],
    ids=["three bits flipped", "truncated", "emptied", "zeroed", "made a folder", "made a pipe"],
)
def test_a_damaged_entry_is_one_miss(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    damage(entry_of(tmp_path))
    assert cache.get(KEY) is None


def test_the_last_that_is_put_comes_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    cache.put(KEY, b"other")
    assert cache.get(KEY) == b"other"


def test_an_entry_under_anothers_name_is_a_miss(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    cache.put("clip-another", b"another sound")
    (other,) = tmp_path.rglob("clip-another")
    other.replace(entry_of(tmp_path))
    assert cache.get(KEY) is None


@pytest.mark.parametrize("inside", ["", "a/file"])
def test_a_folder_in_the_place_of_an_entry_makes_way(tmp_path: Path, inside: str) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, b"sound")
    path = entry_of(tmp_path)
    make_folder(path)
    if inside:
        (path / inside).parent.mkdir()
        (path / inside).write_bytes(b"whatever")
    cache.put(KEY, b"sound")
    assert cache.get(KEY) == b"sound"


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    cache = Cache(blocked)
    cache.put(KEY, b"sound")
    assert cache.get(KEY) is None


def put_three(folder: Path) -> Cache:
    """Entries of 1000 bytes, the digest included; a was used first, c last."""
    cache = Cache(folder)
    for age, name in enumerate("cba"):
        cache.put(f"clip-{name}", bytes(928))
        (entry,) = [path for path in folder.rglob("*") if path.name == f"clip-{name}"]
        os.utime(entry, (1_000_000 - age, 1_000_000 - age))
    return cache


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_pruning_removes_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = put_three(tmp_path)
    assert cache.holding() == Holding(3, 3000)
    assert cache.prune(3000) == Holding(0, 0)
    assert cache.prune(2000) == Holding(1, 1000)
    assert names(tmp_path) == ["clip-b", "clip-c"]
    assert cache.prune(0) == Holding(2, 2000)
    assert names(tmp_path) == []


def test_what_is_read_counts_as_used(tmp_path: Path) -> None:
    cache = put_three(tmp_path)
    cache.get("clip-a")
    cache.prune(1000)
    assert names(tmp_path) == ["clip-a"]


def test_a_build_that_adds_something_keeps_the_limit(tmp_path: Path) -> None:
    put_three(tmp_path)
    cache = Cache(tmp_path, limit_bytes=2000)
    cache.put("clip-d", bytes(928))
    cache.tidy()
    assert names(tmp_path) == ["clip-c", "clip-d"]


def test_verifying_removes_the_damaged_and_no_other(tmp_path: Path) -> None:
    cache = put_three(tmp_path)
    (entry,) = [path for path in tmp_path.rglob("*") if path.name == "clip-b"]
    flip(entry)
    assert cache.verify() == (Holding(2, 2000), Holding(1, 1000))
    assert names(tmp_path) == ["clip-a", "clip-c"]


def test_what_a_killed_build_left_goes_and_what_a_living_one_writes_does_not(tmp_path: Path) -> None:
    put_three(tmp_path)
    folder = next(path for path in tmp_path.rglob("clip-a")).parents[1]
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    living = Path(UNFINISHED.name(str(folder / "clip-y"), ".tmp")).name
    orphan = living.replace(f".{os.getpid()}.", f".{dead.pid}.")
    # Of another machine's files only their age is known.
    stranger, old = ".clip-z.00000000.1.0.tmp", ".clip-z.00000000.1.1.tmp"
    for name in (living, orphan, stranger, old):
        (folder / name).write_bytes(b"half")
    os.utime(folder / old, (1_000_000, 1_000_000))
    # By these files the workers of a cluster see the cache.
    (tmp_path / orphan.replace(".tmp", ".part")).write_bytes(b"token")
    cache = Cache(tmp_path)
    assert cache.holding().entries == 3
    cache.sweep()
    assert names(tmp_path) == sorted([living, stranger, "clip-a", "clip-b", "clip-c"])


def test_what_cannot_be_removed_is_not_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_three(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "unlink", refuse)
    assert Cache(tmp_path).prune(0) == Holding(0, 0)
    with pytest.raises(StorageError, match=r"removed 0 entries \(0\.0 MB\); 3 entries"):
        prune_cache(tmp_path, 0)


def test_an_empty_or_missing_cache_holds_nothing(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "none")
    assert (cache.holding(), cache.prune(0), cache.verify()[0]) == (Holding(0, 0),) * 3


def test_the_default_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder().name == "audiocoach"
    if os.name == "posix" and "XDG_CACHE_HOME" in os.environ:
        assert default_folder().is_absolute()
