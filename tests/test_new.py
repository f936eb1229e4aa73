"""`audiocoach new`: sessions to begin with, and the files that they become."""

from __future__ import annotations

import shlex
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from audiocoach import api, assets, cli
from audiocoach.commands.new import list_templates, write_new
from audiocoach.errors import InputError
from audiocoach.routine.library import load
from audiocoach.routine.model import Move
from audiocoach.routine.templates import from_template, templates
from tests.conftest import ROOT
from tests.hostile import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.routine.model import LevelName

LEVELS: tuple[LevelName, ...] = ("gentle", "standard", "strong")
NAMES = [one.name for one in templates()]
every_template = pytest.mark.parametrize("name", NAMES)


@every_template
def test_a_template_has_nothing_that_check_would_tell(name: str, tmp_path: Path) -> None:
    document = api.load(from_template(name, "Mine"))
    for level in LEVELS:
        assert api.check(document, level=level, cache=tmp_path) == ()


@every_template
def test_a_template_lasts_as_long_as_its_own_title_says(name: str, tmp_path: Path) -> None:
    told = api.check(api.load(assets.template(name)), cache=tmp_path)
    assert [one for one in told if one.code == "untrue-length"] == []


@every_template
def test_a_template_is_a_small_session_under_its_new_title(name: str, tmp_path: Path) -> None:
    text = from_template(name, "Mine")
    timeline = api.preview(api.load(text), estimate=True, cache=tmp_path)
    assert timeline.title == "Mine"
    assert 4 <= timeline.duration_ms / 60_000 <= 20
    # Comments teach.
    assert text.count("# ") >= 2


@every_template
def test_what_a_template_has_of_the_library_is_as_it_stands_there(name: str) -> None:
    library = {
        move.key: move for move in load(ROOT / "routines" / "ready" / "before-a-run.yaml").routine.moves
    }
    own = [move for move in api.load(from_template(name, "Mine")).routine.moves if move.key in library]
    for move in own:
        written = library[move.key]
        for field in fields(Move):
            if field.name == "reminders":
                # Those for which the session has no silence are left out.
                assert set(said(move)) <= set(said(written))
            elif field.name not in PLACED:
                assert getattr(move, field.name) == getattr(written, field.name), field.name
    # Some need none of it.
    assert own or name in {"breathing", "five-minutes", "run-walk"}


# What holds a place in a file.
PLACED = {
    *("position", "setup", "say", "steps", "dose", "terms", "get_ready", "at_go", "caution", "finish", "why"),
    *("avoid_if", "easier", "harder"),
}


def said(move: Move) -> list[str]:
    return [words.text for words in move.reminders or ()]


def test_the_command_offers_every_template() -> None:
    assert list(cli._TEMPLATES) == NAMES == list(assets.templates())  # noqa: SLF001 - what help shows


def test_the_list_tells_each_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    list_templates()
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == NAMES
    assert all(row.endswith(".") for row in rows)


@pytest.mark.parametrize(
    "title", ["My morning", "Knee: day 1", "yes", "12", "# 1", "a 'b' \"c\"", "Überzüge", "a 🏋🏽"]
)
def test_a_title_is_the_title_whatever_yaml_thinks_of_it(title: str) -> None:
    assert api.load(from_template("yoga", title)).routine.title == title


def test_there_is_no_template_of_another_name() -> None:
    with pytest.raises(InputError, match="no such template: expected one of breathing, "):
        from_template("../voices", "Mine")


@pytest.mark.parametrize(
    "names",
    [
        ("my-morning", "my-morning.yaml", "My morning"),
        ("My morning", "my-morning.yaml", "My morning"),
        ("evening.yaml", "evening.yaml", "Evening"),
        ("anna/knee/day_1", "anna/knee/day-1.yaml", "Day 1"),
        ("Anna's back: week 2", "anna-s-back-week-2.yaml", "Anna's back: week 2"),
        ("Rücken", "rücken.yaml", "Rücken"),
    ],
)
def test_a_name_becomes_the_title_and_the_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    names: tuple[str, str, str],
) -> None:
    (name, file, title) = names
    monkeypatch.chdir(tmp_path)
    write_new(name, "stretching")
    told = capsys.readouterr()
    assert told.out == f"{file}\n"
    assert told.err == f"read what the coach will say: audiocoach preview {shlex.quote(file)}\n"
    assert load(tmp_path / file).routine.title == title
    before = (tmp_path / file).read_bytes()
    with pytest.raises(InputError, match="this is there already: choose another name, such as"):
        write_new(name, "yoga")
    assert (tmp_path / file).read_bytes() == before


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/..", "???", "audiocoach", "-", "x" * 101, *TEXTS.values()]
)
def test_a_name_that_no_file_can_have_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        write_new(name, "yoga")
    except InputError as error:
        assert "expected a name such as my-morning, of at most 100 letters" in str(error)  # noqa: PT017 - or a file
        assert not list(tmp_path.iterdir())
        return
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert path.suffix == ".yaml"
    load(path)
