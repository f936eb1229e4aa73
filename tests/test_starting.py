"""Who works, and when they are sure to be needed."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import MANIFEST, Place
from audiocoach.workers.starting import is_sure, start_workers
from tests.builds import built, squats

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("gone", "sure"),
    [
        (("out", "cache"), True),
        (("out",), False),
        (("cache",), False),
        ((f"out/{MANIFEST}", "cache"), True),
        ((f"out/{MANIFEST}",), False),
    ],
)
def test_where_nothing_was_finished_there_is_work(
    gone: tuple[str, ...], *, sure: bool, tmp_path: Path
) -> None:
    path = squats(tmp_path)
    built(tmp_path, path)
    for name in gone:
        one = tmp_path / name
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    assert is_sure(BuildOptions((path,), tmp_path / "out", Overrides(), 2), Place(tmp_path / "cache")) is sure


@pytest.mark.parametrize(
    ("change", "sure"),
    [
        (lambda folder: squats(folder, setup="Stand wide."), True),
        (lambda folder: squats(folder, "new"), True),
        (lambda folder: os.utime(squats(folder), (0, 0)), False),
    ],
    ids=["a word", "a second routine", "a time stamp"],
)
def test_content_decides(change: Callable[[Path], object], *, sure: bool, tmp_path: Path) -> None:
    built(tmp_path, squats(tmp_path))
    shutil.rmtree(tmp_path / "out")
    change(tmp_path)
    paths = tuple(sorted(tmp_path.glob("*.yaml")))
    assert is_sure(BuildOptions(paths, tmp_path / "out", Overrides(), 2), Place(tmp_path / "cache")) is sure


def test_a_routine_that_cannot_be_read_is_work_as_well(tmp_path: Path) -> None:
    options = BuildOptions((tmp_path / "gone.yaml",), tmp_path / "out", Overrides(), 2)
    assert is_sure(options, Place(tmp_path / "cache"))


def test_an_order_gets_its_workers(tmp_path: Path) -> None:
    options = BuildOptions((), tmp_path / "out", Overrides(), 2)
    with start_workers(options, Place(tmp_path / "cache")) as makers:
        makers.muster()
        assert makers.submit(os.getpid).result() != os.getpid()
