"""Regular files are read; what never ends is refused, and nobody waits for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audiocoach import regular


def test_a_file_and_what_a_link_leads_to_are_read(tmp_path: Path) -> None:
    path, link = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"abc\r\n")
    link.symlink_to(path)
    assert regular.read(path) == regular.read(str(link), 5) == b"abc\r\n"


def test_a_file_may_be_as_large_as_was_said_and_no_larger(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert regular.read(tmp_path / "a", 3) == b"abc"
    with pytest.raises(regular.TooLargeError, match="larger than 2 bytes"):
        regular.read(tmp_path / "a", 2)


@pytest.mark.parametrize("what", ["a folder", "a pipe", "a pipe with a writer", "a device"])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a"
    match what:
        case "a folder":
            path.mkdir()
        case "a device":
            path.symlink_to("/dev/zero")
        case _:
            os.mkfifo(path)
    ends = [os.open(path, os.O_RDWR)] if "writer" in what else []
    with pytest.raises(regular.IrregularError, match="it is no regular file"):
        regular.read(path)
    for end in ends:
        os.close(end)


def test_what_is_refused_is_closed() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(regular.IrregularError):
        regular.open_regular("/dev/null")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_is_not_there_is_said_by_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        regular.read(tmp_path / "a")
