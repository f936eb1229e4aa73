"""Finished files: whole under their names, or not there."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from audiocoach.errors import StorageError
from audiocoach.store import files
from audiocoach.store.files import (
    UNFINISHED,
    Digests,
    folder_of_built,
    is_orphan,
    make_folders,
    prepare_folder,
    replacing,
    routine_files,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_stands_under_its_name_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    with replacing(path) as (file,):
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert names(tmp_path) == ["a.mp3"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_stops_the_writing_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(b"old")
    with pytest.raises(error), replacing(path) as (file,):  # noqa: PT012 - the block is what is stopped
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.mp3"]


def test_a_folder_in_the_place_of_one_file_is_named_before_any_takes_its_place(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("a.mp3", "a.opus", "a.txt")]
    places[0].write_bytes(b"old")
    places[1].mkdir()
    with pytest.raises(StorageError) as caught, replacing(*places):
        raise AssertionError
    assert str(caught.value) == (
        f"{places[1]} could not be written: there is a folder of this name: move it away"
    )
    assert (places[0].read_bytes(), names(tmp_path)) == (b"old", ["a.mp3", "a.opus"])


def test_a_folder_that_comes_meanwhile_is_named(tmp_path: Path) -> None:
    places = [tmp_path / name for name in ("a.mp3", "a.opus")]
    with (
        pytest.raises(StorageError, match=r"/a\.opus could not be written: Is a directory$"),
        replacing(*places),
    ):
        places[1].mkdir()
    assert names(tmp_path) == ["a.mp3", "a.opus"]


def test_a_link_to_a_folder_gives_its_place(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.mp3").symlink_to("folder")
    with replacing(tmp_path / "a.mp3") as (file,):
        file.write(b"whole")
    assert (tmp_path / "a.mp3").read_bytes() == b"whole"


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(StorageError, match="out cannot be used"):
        prepare_folder(tmp_path / "out")


def test_a_full_disk_is_said() -> None:
    with pytest.raises(StorageError, match=r"mp3 could not be written"), replacing(Path("/proc/nothing.mp3")):
        pass


def test_what_a_killed_build_left_is_swept_away_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with UNFINISHED.beside(str(tmp_path / "b.mp3")) as (living, _):
        name = Path(living).name
        orphan = name.replace(".b.", ".a.").replace(f".{os.getpid()}.", f".{dead.pid}.")
        # Whether a process of another machine lives cannot be asked: only its age counts.
        stranger = ".c.mp3.00000000.1.0.part"
        for other in (orphan, stranger, ".profile"):
            (tmp_path / other).write_bytes(b"half")
        prepare_folder(tmp_path)
        assert names(tmp_path) == sorted([name, stranger, ".profile"])
        os.utime(tmp_path / stranger, (0, 0))
        prepare_folder(tmp_path)
        assert names(tmp_path) == sorted([name, ".profile"])
    assert names(tmp_path) == [".profile"]


def test_where_nobody_can_be_asked_who_lives_only_age_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Path(UNFINISHED.name(str(tmp_path / "a.mp3")))
    another = mine.with_name(mine.name.replace(f".{os.getpid()}.", f".{os.getppid()}."))
    for path in (mine, another):
        path.write_bytes(b"half")
    monkeypatch.setattr(files, "_CAN_ASK", False)
    assert (is_orphan(mine), is_orphan(another)) == (False, False)
    os.utime(another, (0, 0))
    assert (is_orphan(mine), is_orphan(another)) == (False, True)


def test_files_that_belong_together_are_replaced_together(tmp_path: Path) -> None:
    first, second = tmp_path / "a.mp3", tmp_path / "a.vtt"
    first.write_bytes(b"old")
    with pytest.raises(ValueError, match="half"), replacing(first, second) as (one, _):  # noqa: PT012 - the block is what is stopped
        one.write(b"new")
        raise ValueError("half")
    assert (first.read_bytes(), names(tmp_path)) == (b"old", ["a.mp3"])
    with replacing(first, second) as (one, other):
        one.write(b"new")
        other.write(b"cues")
    assert (first.read_bytes(), second.read_bytes(), names(tmp_path)) == (b"new", b"cues", ["a.mp3", "a.vtt"])


def test_a_folder_gives_its_routines_and_not_its_libraries(tmp_path: Path) -> None:
    for name in (
        "b.yaml",
        "a.yml",
        "UP.YAML",
        "audiocoach.yaml",
        "notes.txt",
        ".hidden.yaml",
        "moves/x.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    up, first, second = (tmp_path / name for name in ("UP.YAML", "a.yml", "b.yaml"))
    assert routine_files((tmp_path,)) == [up, first, second]
    assert routine_files((second, tmp_path)) == [second, up, first]


def test_a_show_that_a_shells_glob_names_is_passed_over(tmp_path: Path) -> None:
    paths = tuple(tmp_path / name for name in ("a.yaml", "audiocoach.yaml", "b.yaml"))
    for path in paths:
        path.write_text("")
    assert routine_files(paths) == [paths[0], paths[2]]
    assert routine_files((paths[1],)) == []


def test_what_is_built_stands_apart_for_each_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = {"routines": "out", "./routines/": "out", ".": "out", "anna": "out/anna", "a/b": "out/a/b"}
    assert {name: str(folder_of_built(Path(name))) for name in own} == own
    elsewhere = {str(folder_of_built(Path(name))) for name in ("../anna", "../ben", "../x/anna", "..")}
    assert len(elsewhere) == 4
    assert all(re.fullmatch(r"out/.+-[0-9a-f]{8}", path) for path in elsewhere)


def test_files_that_belong_together_are_said_by_the_first(tmp_path: Path) -> None:
    places = [tmp_path / "gone" / name for name in ("a.mp3", "a.vtt", "a.txt")]
    with pytest.raises(StorageError) as failed, replacing(*places):
        pass
    assert failed.value.message == (
        f"{places[0]} and 2 files beside it could not be written: No such file or directory"
    )


def test_a_digest_is_of_the_content_and_waits_for_nobody(tmp_path: Path) -> None:
    path, pipe = tmp_path / "a", tmp_path / "pipe"
    path.write_bytes(b"abc")
    os.mkfifo(pipe)
    digests = Digests()
    assert digests.of(str(path)) == hashlib.sha256(b"abc").hexdigest()
    assert digests.of(str(tmp_path / "gone")) == digests.of(str(path / "gone")) == ""
    # Something came where nothing was.
    assert digests.of(str(pipe)) == "it is no regular file"
    # A folder is what is in it: music that comes is heard.
    before = digests.of(str(tmp_path))
    (tmp_path / "b").write_bytes(b"")
    assert len(before) == 64
    assert Digests().of(str(tmp_path)) != before


def test_a_digest_is_not_of_what_never_ends(tmp_path: Path) -> None:
    pipe, huge = tmp_path / "pipe", tmp_path / "huge"
    os.mkfifo(pipe)
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    digests = Digests()
    # Both ends: so a pipe that somebody writes to has nothing yet, and has not ended.
    writer = os.open(pipe, os.O_RDWR)
    try:
        assert digests.of(str(pipe)) == digests.of("/dev/zero") == "it is no regular file"
    finally:
        os.close(writer)
    assert digests.of(str(huge)) == "it is larger than 4,000,000,000 bytes"


def deep(levels: int) -> str:
    return "/".join("o" * levels)


def test_34_a_folder_deeper_than_any_name_may_be_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be used: File name too long"):
        prepare_folder(tmp_path / deep(2000))
    assert list(tmp_path.iterdir()) == []


def test_34_a_folder_as_deep_as_names_may_be_is_made(tmp_path: Path) -> None:
    folder = tmp_path / deep(1500)
    prepare_folder(folder)
    assert os.path.isdir(folder)  # noqa: PTH112 - without the depth of pathlib
    os.rmdir(folder)  # noqa: PTH106 - without the depth of pathlib
    for level in range(1499, 0, -1):
        os.rmdir(tmp_path / deep(level))  # noqa: PTH106 - without the depth of pathlib


def test_folders_are_made_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long"):
        make_folders(tmp_path / "a" / "b" / ("n" * 300))
    assert list(tmp_path.iterdir()) == []
    make_folders(tmp_path / "a" / "b")
    make_folders(tmp_path / "a" / "b")
    (tmp_path / "a" / "file").touch()
    with pytest.raises(NotADirectoryError):
        make_folders(tmp_path / "a" / "file")
    with pytest.raises(NotADirectoryError):
        make_folders(tmp_path / "a" / "file" / "c")
