"""The folder of a recorded voice: its index, and how sentences are told apart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import RefusedError
from audiocoach.voice import recordings
from audiocoach.voice.recordings import Beside, Recordings
from tests.recorded import write_voice

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path))
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [
        ("Stand tall.", "stand tall"),
        ("  Stand\u00a0 tall!", "Stand tall."),
        ("Don\u2019t lock it.", "Don't lock it."),
        ("\u201cEasy.\u201d", "Easy"),
        ("3, 2, 1.", "3, 2, 1"),
        ("Über den Kopf", "U\u0308BER DEN KOPF."),
    ],
)
def test_a_sentence_is_found_however_it_is_written(asked: str, recorded: str) -> None:
    assert recordings.normal(asked) == recordings.normal(recorded)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Set 2 of 3.", "Set 3 of 3."), ("Left side.", "Right side."), ("Rest.", "Rest, rest."), ("!", "?")],
)
def test_other_words_are_another_sentence(one: str, other: str) -> None:
    assert recordings.normal(one) != recordings.normal(other)
    assert recordings.file_name(one) != recordings.file_name(other)


def test_a_sentence_has_one_file_name_that_says_what_it_is() -> None:
    assert recordings.file_name("Stand tall.") == recordings.file_name("stand  tall")
    assert recordings.file_name("Stand tall.").startswith("stand-tall-")
    assert recordings.file_name("\u4f60\u597d").startswith("sentence-")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    for beside in (None, Beside(), Beside("pyttsx3", "en-gb")):
        kept = Recordings(tmp_path, (("Go.", "go.wav"), ("Rest.", "rest.m4a")), beside)
        (tmp_path / "voice.json").write_bytes(recordings.index_of(kept))
        assert recordings.read(tmp_path) == kept


def test_a_file_that_is_gone_is_no_recording(tmp_path: Path) -> None:
    folder = write_voice(tmp_path, {"Go.": 300, "Rest.": 400})
    kept = recordings.read(folder)
    assert (kept.file_of("go"), kept.file_of("Stop.")) == (folder / "0.wav", None)
    (folder / "0.wav").unlink()
    assert kept.file_of("go") is None


@pytest.mark.parametrize(
    ("index", "says"),
    [
        ("nonsense", "expected an index such as"),
        ("{}", "expected an index such as"),
        ('{"sentences": {"Go.": "../go.wav"}}', "it has to lie in the same folder"),
        ('{"sentences": {"Go.": 3}}', "it has to lie in the same folder"),
        ('{"sentences": {}, "beside": {"engine": "recorded"}}', "cannot stand in for another"),
    ],
)
def test_what_is_no_index_is_refused_with_an_example(tmp_path: Path, index: str, says: str) -> None:
    (tmp_path / "voice.json").write_text(index)
    with pytest.raises(RefusedError, match=says):
        recordings.read(tmp_path)


def test_a_pipe_in_place_of_the_index_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "voice.json")
    with pytest.raises(RefusedError, match="it is no regular file"):
        recordings.read(tmp_path)


def test_voices_lie_in_the_users_data_folder(tmp_path: Path) -> None:
    write_voice(tmp_path, {}, "berta")
    write_voice(tmp_path, {}, "anna")
    assert recordings.names() == ("anna", "berta")
    assert recordings.folder_of("anna") == tmp_path / "voices" / "recorded" / "anna"


def test_the_configuration_gives_a_voice_another_folder(tmp_path: Path) -> None:
    elsewhere = write_voice(tmp_path / "elsewhere", {}, "anna")
    config = tmp_path / "config.toml"
    config.write_text(f"[recorded.anna]\nfolder = '{elsewhere}'\n")
    assert (recordings.folder_of("anna"), recordings.names()) == (elsewhere, ("anna",))
    config.write_text("[recorded.anna]\nfolder = 3\n")
    with pytest.raises(RefusedError, match=r"config\.toml:2:1: folder: expected a folder"):
        recordings.folder_of("anna")


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a\\b", "/etc"])
def test_a_name_leads_nowhere_else(name: str) -> None:
    with pytest.raises(RefusedError, match="expected a name of letters"):
        recordings.folder_of(name)


def test_a_digest_follows_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    digests = []
    for content in (b"a", b"bb", b"a"):
        path.write_bytes(content)
        digests.append(recordings.digest_of(path))
    assert digests[0] == digests[2] != digests[1]
