"""The commands without a shell: they open the cache where they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.build.command import Shown, build_all, check_all, preview_one
from audiocoach.build.order import Order, Wanted
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
