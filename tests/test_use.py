"""`audiocoach voices use`: what is written, and what is refused with a word about what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach import configuration
from audiocoach.commands import use
from audiocoach.commands.use import use_voice
from audiocoach.configuration import DefaultVoice
from audiocoach.errors import InputError, RefusedError
from audiocoach.voice.directory import Entry
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]

KNOWN = (
    Entry("command", Listed("flite", (), "")),
    Entry("hibari", Listed("heart", ("en",), "", "python -m pip install x")),
    Entry("kokoro", Listed("zf", ("cmn", "zh"), "")),
    Entry("piper", Listed("joe", ("en",), "")),
    Entry("piper", Listed("thorsten", ("de",), "", "audiocoach voices get thorsten")),
    Entry("pyttsx3", Listed("de", ("de",), "")),
    Entry("pyttsx3", Listed("en-us", ("en",), "")),
    Entry("pyttsx3", Listed("en-us+f3", ("en",), "")),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv(configuration.VARIABLE, str(path))
    monkeypatch.setattr(use, "known_voices", lambda: KNOWN)
    return path


@pytest.mark.parametrize(
    ("name", "language", "written"),
    [
        ("piper/joe", None, {"en": DefaultVoice("piper", "joe")}),
        ("joe", "EN", {"en": DefaultVoice("piper", "joe")}),
        ("pyttsx3/de", None, {"de": DefaultVoice("pyttsx3", "de")}),
        ("de+f3", None, {"de": DefaultVoice("pyttsx3", "de+f3")}),
        ("pyttsx3", None, {"en": DefaultVoice("pyttsx3")}),
        ("pyttsx3", "de", {"de": DefaultVoice("pyttsx3")}),
        ("zf", "zh", {"zh": DefaultVoice("kokoro", "zf")}),
        ("flite", None, {"en": DefaultVoice("command", "flite")}),
        ("flite", "cy", {"cy": DefaultVoice("command", "flite")}),
    ],
)
def test_a_default_voice_is_written(
    name: str, language: str | None, written: dict[str, DefaultVoice], place: Path
) -> None:
    use_voice(name, language)
    assert configuration.read(place).voice == written


def test_what_the_user_wrote_stays(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place.write_text('# Mine.\n[voice.de]\nengine = "piper" # the best\n')
    use_voice("joe", None)
    assert place.read_text().startswith('# Mine.\n[voice.de]\nengine = "piper" # the best\n')
    assert capsys.readouterr().out == f"piper/joe speaks en where a routine names no voice: so says {place}\n"
    use_voice("pyttsx3/de", None)
    assert capsys.readouterr().out.endswith("What audiocoach says by itself is there for: en\n")


@pytest.mark.parametrize(
    ("name", "language", "message"),
    [
        ("thorsten", None, "piper/thorsten is not installed: audiocoach voices get thorsten"),
        ("hibari", None, "hibari is not installed: python -m pip install x"),
        ("hart", None, "there is no voice 'hart': did you mean heart"),
        ("joe", "de", "piper/joe does not speak 'de', it speaks: en"),
        ("joe", "e n", "expected a language such as en, found 'e n'"),
        ("zf", None, "kokoro/zf speaks cmn, zh: say which, with --language cmn"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    name: str, language: str | None, message: str, place: Path
) -> None:
    with pytest.raises(RefusedError) as caught:
        use_voice(name, language)
    assert caught.value.message.startswith(message)
    assert caught.value.exit_status == 2
    assert not place.exists()


def test_a_configuration_that_cannot_be_used_stays_as_it_is(place: Path) -> None:
    place.write_text("[voice.en\n")
    with pytest.raises(InputError):
        use_voice("joe", None)
    assert place.read_text() == "[voice.en\n"


def test_what_is_used_speaks(audiocoach: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(configuration.VARIABLE, str(tmp_path / "mine" / "config.toml"))
    assert audiocoach("voices", "use", "en-gb", "--language", "en").returncode == 0
    rows = audiocoach("voices", "--language", "en").stdout.splitlines()
    assert rows[1].split()[:3] == ["en", "pyttsx3/en-gb", "speaks"]
    refused = audiocoach("voices", "use", "en-gbb")
    assert refused.returncode == 2
    assert refused.stderr.startswith("there is no voice 'en-gbb': did you mean ")
