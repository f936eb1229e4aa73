"""`audiocoach record-sheet`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from audiocoach.cli import cli
from audiocoach.errors import SeveralError
from audiocoach.making.reading import parsed
from tests.builds import built, squats
from tests.recorded import write_voice

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))


def ran(tmp_path: Path, *arguments: object) -> Result:
    command = ["record-sheet", *map(str, arguments), "--cache", str(tmp_path / "cache")]
    return CliRunner().invoke(cli, command)


def texts_of(result: Result, tmp_path: Path) -> list[str]:
    return [line.text for line in parsed(tmp_path / "sheet.txt", result.stdout)]


def test_a_folder_gives_one_sheet_and_nothing_is_spoken_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "routines"
    folder.mkdir()
    squats(folder)
    squats(folder, "more", setup="Feet apart.")
    done = ran(tmp_path, folder)
    assert done.exit_code == 0
    assert " sentences cover your 2 sessions, read in about 1 minute." in done.stdout
    assert {"Stand tall.", "Feet apart."} <= set(texts_of(done, tmp_path))
    assert not (tmp_path / "cache").exists()


def test_it_is_printed_as_json_too(tmp_path: Path) -> None:
    done = ran(tmp_path, squats(tmp_path), "--json")
    assert "Stand tall." in [one["text"] for one in json.loads(done.stdout)["sentences"]]


def test_words_stand_as_a_coach_reads_them(tmp_path: Path) -> None:
    path = squats(tmp_path, engine="pyttsx3", setup="Close your eyes for 3x10.")
    assert "Close your eyes for 3 times 10." in texts_of(ran(tmp_path, path), tmp_path)


def test_all_levels_are_on_one_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "title: A\nmoves: {squat: {name: Squat}}\nsession: [{do: squat, for: 20s-40s, sets: 2, rest: 30s}]\n"
    )
    at_all = set(texts_of(ran(tmp_path, path, "--level", "all"), tmp_path))
    at_each = [
        set(texts_of(ran(tmp_path, path, "--level", level), tmp_path))
        for level in ("gentle", "standard", "strong")
    ]
    assert at_all == set.union(*at_each)
    assert all(at_all > one for one in at_each)


def test_what_a_voice_lacks_is_what_the_build_has_others_speak(tmp_path: Path) -> None:
    write_voice(tmp_path / "data", {"Stand tall.": 4000})
    path = squats(tmp_path, engine="recorded, name: anna")
    ((done,), _) = built(tmp_path, path)
    (note,) = (one for one in done.notes if one.code == "unrecorded-words")
    texts = texts_of(ran(tmp_path, path, "--voice", "anna"), tmp_path)
    assert "Stand tall." not in texts
    assert note.message.startswith(f"{len(texts)} sentences are not recorded by anna")


def test_a_voice_that_is_not_there_yet_lacks_everything(tmp_path: Path) -> None:
    path = squats(tmp_path, engine="recorded, name: anna")
    assert texts_of(ran(tmp_path, path, "--voice", "anna"), tmp_path) == texts_of(
        ran(tmp_path, path), tmp_path
    )


def test_a_routine_that_fails_takes_no_other_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "routines"
    folder.mkdir()
    squats(folder)
    (folder / "wrong.yaml").write_text("title: Wrong\n")
    done = ran(tmp_path, folder)
    assert isinstance(done.exception, SeveralError)
    assert "wrong.yaml:1:1: " in str(done.exception)
    assert "Stand tall." in texts_of(done, tmp_path)
