"""The tutorial of recorded voices: its commands run, its files are read."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from audiocoach.cli import cli
from audiocoach.making import cut_list, reading
from audiocoach.voice import recordings
from audiocoach.voice.recordings import Beside
from tests.readings import Reader

GUIDE = (Path(__file__).parents[1] / "docs" / "engines" / "recorded.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOCOACH_CACHE", str(tmp_path / "cache"))


def run(command: str) -> str:
    """What a command of the guide prints; it goes into the file that the command names."""
    program, *arguments = shlex.split(command)
    assert program == "audiocoach"
    target = arguments[arguments.index(">") + 1] if ">" in arguments else ""
    done = CliRunner().invoke(cli, arguments[: arguments.index(">")] if target else arguments)
    assert done.exit_code == 0, done.output
    if target:
        Path(target).write_text(done.stdout)
    return done.stdout


def test_the_commands_lead_to_a_session_in_the_readers_voice() -> None:
    sheet, cut, cut_again, build, missing = blocks("sh")
    (routine,) = blocks("yaml")
    Path("squats.yaml").write_text(routine)
    run(sheet)
    reader = Reader(21)
    for line in reading.parsed(Path("sheet.txt"), Path("sheet.txt").read_text()):
        reader.say(line)
        reader.quiet(1200)
    reader.write(Path("reading.wav"))
    run(cut)
    run(cut_again)
    run(build)
    assert Path("out/squats.mp3").is_file()
    assert "# Nothing is missing" in run(missing)


def test_the_cut_list_that_is_shown_is_read() -> None:
    _, listed = blocks("text")
    lines = (reading.Line(1, "Last one."), reading.Line(2, "Rest."))
    cuts = cut_list.parsed(Path("cuts.txt"), listed, lines).cuts
    assert [(cut.line.number, cut.start_ms) for cut in cuts] == [(1, 1500), (2, 5790)]


def test_the_index_that_is_shown_is_read(tmp_path: Path) -> None:
    (index,) = blocks("json")
    (tmp_path / "voice.json").write_text(index)
    kept = recordings.read(tmp_path)
    assert kept.beside == Beside("pyttsx3", "en-gb")
    assert dict(kept.sentences) == json.loads(index)["sentences"]


def test_the_guide_asks_for_what_the_sheet_asks_for() -> None:
    words = " ".join(GUIDE.split())
    for row in reading.HOW_TO.splitlines():
        for sentence in re.findall(r"[A-Z][^.?:]+", row):
            assert sentence in words or sentence.partition(",")[0] in words
