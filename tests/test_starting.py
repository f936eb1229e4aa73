"""Who works, and when they are sure to be needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from audiocoach.routine.voice import Voice
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import MANIFEST, Place
from audiocoach.workers.starting import is_sure, likely_engine, start_workers
from tests.builds import built, squats
from tests.conftest import ROOT

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
@pytest.mark.parametrize("stands", [True, False])
def test_content_decides(
    change: Callable[[Path], object], *, sure: bool, stands: bool, tmp_path: Path
) -> None:
    built(tmp_path, squats(tmp_path))
    if not stands:
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


@pytest.mark.parametrize(
    ("overrides", "text", "engine"),
    [
        (Overrides(), "title: T", "pyttsx3"),
        (Overrides(voices=(Voice("hibari"),)), "title: T", "hibari"),
        (Overrides(voices=(Voice("hibari"),)), "voice: {engine: silent}", "silent"),
        (Overrides(engine="fake"), "voice: {engine: silent}", "fake"),
    ],
)
def test_the_engine_that_is_loaded_for_all_is_the_one_that_is_likely_to_speak(
    overrides: Overrides, text: str, engine: str, tmp_path: Path
) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(text, encoding="utf-8")
    assert likely_engine(BuildOptions((path,), tmp_path, overrides, 2)) == engine
    assert likely_engine(BuildOptions((path,), tmp_path, overrides, 2, texts=((path, text),))) == engine


def test_a_routine_that_is_gone_has_the_usual_one(tmp_path: Path) -> None:
    assert likely_engine(BuildOptions((tmp_path / "gone.yaml",), tmp_path, Overrides(), 2)) == "pyttsx3"


# Imported by the interpreter, and so known to all its forks: each module that is loaded is a line.
_SPY = """
import os, sys
def note(event, arguments):
    if event == "import":
        with open({log!r}, "a") as file:
            file.write(arguments[0] + "\\n")
sys.addaudithook(note)
"""


def test_who_finds_all_in_the_cache_loads_neither_yaml_nor_a_voice_in_any_process(tmp_path: Path) -> None:
    path, log = squats(tmp_path), tmp_path / "log"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    command = [sys.executable, "-m", "audiocoach", "build", path.name, "--cache", "cache"]
    for spy in ("", _SPY.format(log=str(log))):
        (tmp_path / "sitecustomize.py").write_text(spy, "utf-8")
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    loaded = set(log.read_text("utf-8").split())
    assert (tmp_path / "out" / f"{path.stem}.mp3").is_file()
    assert "audiocoach.making.outputs" in loaded
    assert not loaded & {
        *("yaml", "av", "lameenc", "pyttsx3", "PIL", "audiocoach.routine.values", "audiocoach.sound.m4b"),
        "audiocoach.workers.worker",
    }
