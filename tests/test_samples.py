"""`audiocoach voices --sample`: an MP3 of each voice that is there, and a word about each that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mutagen
import pytest

from audiocoach import assets
from audiocoach.commands import samples
from audiocoach.commands.samples import make_samples
from audiocoach.errors import RefusedError, SeveralError, StorageError
from audiocoach.voice.directory import Entry
from audiocoach.voice.engines.silent import length_ms
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]

KNOWN = (
    Entry("silent", Listed("Anna B/1", ("de", "en"), "")),
    Entry("silent", Listed("anna+f3", ("en",), "")),
    Entry("silent", Listed("dora", ("en",), "", "audiocoach voices get dora")),
    Entry("fake", Listed("crash", ("fr",), "")),
    Entry("silent", Listed("", ("fr",), "")),
    Entry("silent", Listed("eva", ("it",), "", "audiocoach voices get eva")),
    Entry("silent", Listed("fi", ("fi",), "")),
)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(samples, "known_voices", lambda: KNOWN)
    monkeypatch.chdir(tmp_path)


def made(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("language", "names", "sentence"),
    [
        (None, ["silent-Anna-B-1.mp3"], "Now hold it there, chest tall. Three, two, one, and rest."),
        ("DE", ["silent-Anna-B-1.mp3"], assets.samples()["de"]),
        ("fi", ["silent-fi.mp3"], "10, 9, 8, 7, 6, 5, 4, 3, 2, 1."),
    ],
)
def test_each_voice_says_a_sentence_in_its_language(
    language: str | None,
    names: list[str],
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_samples(tmp_path / "s", language, tmp_path / "cache")
    assert made(tmp_path / "s") == names
    assert capsys.readouterr().out.splitlines() == [f"{tmp_path}/s/{name}" for name in names]
    sample = mutagen.File(tmp_path / "s" / names[0])
    assert sentence in sample.tags.getall("USLT")[0].text
    assert 1000 * sample.info.length > length_ms(sentence)


def test_a_voice_that_fails_is_told_and_the_others_are_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SeveralError, match="the voice crashed") as caught:
        make_samples(tmp_path / "s", "fr", tmp_path / "cache")
    assert "fake-crash" in str(caught.value)
    assert made(tmp_path / "s") == ["silent.mp3"]
    assert capsys.readouterr().out == f"{tmp_path}/s/silent.mp3\n"


def test_what_is_not_installed_says_how_to_have_it(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        make_samples(tmp_path / "s", "it", None)
    assert caught.value.message == ("no voice for the language 'it' is installed: audiocoach voices get eva")
    with pytest.raises(RefusedError, match="there is no voice for the language 'xx'"):
        make_samples(tmp_path / "s", "xx", None)
    assert not (tmp_path / "s").exists()


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used"):
        make_samples(tmp_path / "s", None, tmp_path / "cache")


def test_a_real_voice_is_heard(audiocoach: Program, tmp_path: Path) -> None:
    done = audiocoach("voices", "--sample", "--language", "de", "-o", "s", "--cache", "cache")
    assert done.returncode == 0, done.stderr
    assert "s/pyttsx3-de.mp3" in done.stdout.splitlines()
    assert mutagen.File(tmp_path / "s" / "pyttsx3-de.mp3").info.length > 4


def test_every_sentence_is_for_a_language_of_its_own() -> None:
    assert set(assets.samples()) & set(assets.languages()) == set()
    assert all(text.strip() for text in assets.samples().values())
