"""`audiocoach record-import`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from audiocoach.cli import cli
from audiocoach.making.reading import Reading, as_text, parsed
from audiocoach.voice import recordings
from tests.builds import SQUATS, built
from tests.readings import LINES, Reader
from tests.recorded import write_tone

SHEET = "sheet.txt"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AUDIOCOACH_CACHE", str(tmp_path / "cache"))
    Path(SHEET).write_text(as_text(Reading(LINES[:6])))


def ran(*arguments: object) -> Result:
    command = ["record-import", *map(str, arguments), "--voice", "anna", "--sheet", SHEET]
    return CliRunner().invoke(cli, command)


def read_few(*, but: int = 0) -> None:
    reader = Reader(11)
    for line in LINES[:6]:
        if line.number != but:
            reader.say(line)
            reader.quiet(1200)
    reader.write(Path("reading.wav"))


def kept() -> set[str]:
    return {text for text, _ in recordings.read(recordings.folder_of("anna")).sentences}


def test_a_recording_becomes_a_voice() -> None:
    read_few()
    done = ran("reading.wav")
    assert done.exit_code == 0, done.output
    assert kept() == {line.text for line in LINES[:6]}
    folder = recordings.folder_of("anna")
    assert done.stderr == (
        f"6 sentences cut into {folder}, to speak as {{engine: recorded, name: anna}}: "
        "0 doubtful, 0 missing\n"
    )
    assert [row.split()[2] for row in done.stdout.splitlines()] == ["1", "2", "3", "4", "5", "6"]


def test_what_is_missing_is_listed_and_what_to_do() -> None:
    read_few(but=5)
    done = ran("reading.wav", "--json")
    assert json.loads(done.stdout)["missing"] == [{"number": 5, "text": "Switch sides."}]
    assert "missing: 5 Switch sides.\n" in done.stderr
    assert "import with --cuts" in done.stderr


def test_a_dry_run_lists_and_writes_nothing() -> None:
    read_few()
    done = ran("reading.wav", "--dry-run")
    assert "6 sentences would be cut" in done.stderr
    assert done.stdout.count("\n") == 6
    assert not Path("data").exists()


def test_a_list_is_mended_and_cut_again() -> None:
    write_tone(Path("a.wav"), 5000)
    Path("cuts.txt").write_text("0:00.500 0:01.500 2  Rest.\n")
    done = ran("a.wav", "--cuts", "cuts.txt")
    assert done.exit_code == 0, done.output
    assert kept() == {"Rest."}
    assert "missing: 1 Last one." in done.stderr


def test_a_part_of_a_sheet_is_read() -> None:
    write_tone(Path("a.wav"), 5000)
    Path("cuts.txt").write_text("0.5 1.5 2\n2 3 3\n")
    assert "0 doubtful, 0 missing" in ran("a.wav", "--cuts", "cuts.txt", "--lines", "2-3").stderr
    assert "there are no lines 8 to 9 on this sheet" in str(ran("a.wav", "--lines", "8-9").exception)
    for wrong in ("3", "3-2", "a-b", "0-3"):
        assert (
            f"expected two numbers of lines such as 31-62, found {wrong!r}"
            in ran("a.wav", "--lines", wrong).stderr
        )


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    assert str(ran("none.wav").exception).startswith("none.wav: cannot be read")
    (tmp_path / SHEET).write_bytes(b"\xff\xfe")
    assert str(ran("none.wav").exception) == "sheet.txt: expected a text in UTF-8, found other bytes"
    (tmp_path / SHEET).unlink()
    assert str(ran("none.wav").exception) == "sheet.txt: cannot be read: No such file or directory"


def test_a_routine_in_the_place_of_either_file_is_told_in_a_sentence() -> None:
    Path("squats.yaml").write_text(SQUATS)
    assert str(ran("squats.yaml").exception) == (
        "squats.yaml: cannot be decoded: expected a recording such as WAV, FLAC, MP3 or M4A"
    )
    Path(SHEET).write_text("# Mine\n1 Stand tall.\ntitle: T\n")
    assert str(ran("none.wav").exception).startswith("sheet.txt:3:1: expected a number and a sentence")


def test_the_whole_way_from_a_routine_to_a_session_in_the_coachs_voice(tmp_path: Path) -> None:
    path = tmp_path / "squats.yaml"
    path.write_text(
        SQUATS.format(title="Squats", setup="Stand tall with your feet apart.", engine="recorded, name: anna")
    )
    Path(SHEET).write_text(CliRunner().invoke(cli, ["record-sheet", str(path)]).stdout)
    lines = parsed(Path(SHEET), Path(SHEET).read_text())
    reader = Reader(12)
    for line in lines:
        reader.say(line)
        reader.quiet(1200)
    reader.write(Path("reading.wav"))
    done = ran("reading.wav")
    assert f"{len(lines)} sentences cut into" in done.stderr
    (session,), failed = built(tmp_path, path)
    assert failed == []
    assert session.notes == ()
    assert (
        "# Nothing is missing"
        in CliRunner().invoke(cli, ["record-sheet", str(path), "--voice", "anna"]).stdout
    )
