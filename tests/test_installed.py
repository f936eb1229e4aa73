"""What is installed, without importlib.metadata's price."""

from __future__ import annotations

import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from audiocoach import installed

if TYPE_CHECKING:
    from pathlib import Path


def test_versions_are_those_of_importlib_metadata() -> None:
    for name in ("av", "lameenc", "pyttsx3", "espeakng-loader"):
        assert installed.version(name) == metadata.version(name)


def test_what_is_not_installed_has_no_version() -> None:
    assert installed.version("no-such-thing") == ""


def test_entry_points_are_those_of_importlib_metadata() -> None:
    group = "audiocoach.engines"
    assert installed.entry_points(group) == installed.all_entry_points(group)
    assert {"pyttsx3", "silent", "fake"} <= set(installed.entry_points(group))


def test_the_first_place_on_the_path_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for place, number in (("first", "2.0"), ("second", "1.0")):
        folder = tmp_path / place / f"Some_Voice-{number}.dist-info"
        folder.mkdir(parents=True)
        (folder / "entry_points.txt").write_text(
            f"[other]\na = b:c\n\n[voices]\nx = {place}:X\n\n[more]\nd = e:f\n"
        )
    monkeypatch.syspath_prepend(str(tmp_path / "second"))
    monkeypatch.syspath_prepend(str(tmp_path / "first"))
    assert installed.version("some-voice") == "2.0"
    assert installed.entry_points("voices") == {"x": "first:X"}


def test_a_place_that_is_not_there_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path / "gone"))
    assert installed.version("av")


@pytest.mark.parametrize(
    ("executable", "called"),
    [
        ("{here}/.venv/bin/python", ".venv/bin/python"),
        ("/usr/bin/python3", "/usr/bin/python3"),
        ("", "python"),
    ],
)
def test_a_command_that_is_told_calls_the_interpreter_that_runs(
    executable: str, called: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", executable.format(here=tmp_path))
    assert installed.pip_install("x") == f"{called} -m pip install x"
