"""The commands without a shell: they open the cache where they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.build.command import Shown, build_all, check_all, preview_one
from audiocoach.build.manifest import NAME
from audiocoach.build.order import Order, Wanted
from audiocoach.build.report import REPORT
from audiocoach.errors import InputError, SeveralError
from tests.builds import squats

if TYPE_CHECKING:
    from pathlib import Path


def test_build_and_preview_share_the_cache(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, cache = squats(tmp_path), tmp_path / "cache"
    build_all(Order((path,), tmp_path / "out", Wanted(), 1), cache, Shown())
    capsys.readouterr()
    preview_one(path, "text", Wanted(), cache, estimate=False)
    assert capsys.readouterr().err == ""


def test_an_empty_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no routine in this folder"):
        check_all((tmp_path,), Wanted(), tmp_path)


def test_everything_that_failed_is_raised_together(tmp_path: Path) -> None:
    squats(tmp_path, "a", setup="<sid>")
    squats(tmp_path, "b", setup="<nex>")
    with pytest.raises(SeveralError) as caught:
        check_all((tmp_path,), Wanted(), tmp_path / "cache")
    assert [str(error).partition(": ")[2][:30] for error in caught.value.errors] == [
        "unknown placeholder <sid>; did",
        "unknown placeholder <nex>; did",
    ]


@pytest.mark.parametrize("name", [REPORT, NAME])
def test_what_failed_is_raised_even_where_the_folders_own_files_cannot_be_written(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "out" / name / "in the way").mkdir(parents=True)
    squats(tmp_path, "a", setup="<sid>")
    squats(tmp_path, "b")
    with pytest.raises(SeveralError) as caught:
        build_all(Order((tmp_path,), tmp_path / "out", Wanted(), 1), tmp_path / "cache", Shown())
    first, last = map(str, caught.value.errors)
    assert first.startswith(f"{tmp_path}/a.yaml:4:31: unknown placeholder <sid>")
    assert last == f"{tmp_path}/out/{name} could not be written: Is a directory"
    assert (tmp_path / "out" / "b.mp3").is_file()
