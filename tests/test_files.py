"""Finished files: whole under their names, or not there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from audiocoach.build.files import prepare_folder, replacing, routine_files
from audiocoach.errors import StorageError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_stands_under_its_name_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    with replacing(path) as file:
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
    with pytest.raises(error), replacing(path) as file:  # noqa: PT012 - the block is what is stopped
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.mp3"]


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(StorageError, match="out cannot be used"):
        prepare_folder(tmp_path / "out")


def test_a_full_disk_is_said() -> None:
    with pytest.raises(StorageError, match="could not be written"), replacing(Path("/proc/nothing.mp3")):
        pass


def test_what_a_killed_build_left_is_swept_away_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".a.mp3.{dead.pid}.part").write_bytes(b"half")
    (tmp_path / f".b.mp3.{os.getpid()}.part").write_bytes(b"half")
    (tmp_path / ".profile").write_bytes(b"not ours")
    prepare_folder(tmp_path)
    assert names(tmp_path) == [f".b.mp3.{os.getpid()}.part", ".profile"]


def test_a_folder_gives_its_routines_and_not_its_libraries(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "audiocoach.yaml", "notes.txt", ".hidden.yaml", "moves/x.yaml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    assert routine_files((tmp_path,)) == [tmp_path / "a.yml", tmp_path / "b.yaml"]
    assert routine_files((tmp_path / "b.yaml", tmp_path)) == [tmp_path / "b.yaml", tmp_path / "a.yml"]
