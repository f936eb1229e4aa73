"""The directory of voices: its order, who speaks where nobody is named, and what a name means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice import directory, engines
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.voice.directory import Entry

FREE = "CC0-1.0"
LISTED = {
    "fake": (),
    "hibari": (Listed("heart", ("en",), "Apache-2.0"),),
    "piper": (
        Listed("joe", ("en",), FREE),
        Listed("thorsten", ("de",), FREE, "audiocoach voices get thorsten"),
        Listed("eva", ("de",), FREE),
    ),
    "pyttsx3": (
        Listed("de", ("de",), "GPL-3.0-or-later"),
        Listed("en-gb", ("en",), "GPL-3.0-or-later"),
        Listed("en-us", ("en",), "GPL-3.0-or-later"),
        Listed("en-us+f3", ("en",), "GPL-3.0-or-later"),
        Listed("joe", ("en",), "GPL-3.0-or-later"),
    ),
    "mute": (),
    "strange": (),
}


class Strange:
    """An engine that lists nothing, and can speak."""

    @staticmethod
    def fingerprint(_: Voice) -> str:
        return "1"


class Mute:
    """An engine that lists nothing, and cannot speak."""

    @staticmethod
    def fingerprint(_: Voice) -> str:
        raise RefusedError("the engine 'mute' needs a program: install it")


def voices_of(name: str) -> tuple[Listed, ...]:
    if name == "broken":
        raise RefusedError("the engine 'broken' cannot be loaded: no module")
    return LISTED[name]


@pytest.fixture(autouse=True)
def _engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "names", lambda: (*LISTED, "broken"))
    monkeypatch.setattr(engines, "voices_of", voices_of)
    monkeypatch.setattr(directory, "catalogue", tuple)
    monkeypatch.setattr(engines, "engine_class", {"mute": Mute, "strange": Strange, "fake": Strange}.get)


def known(*defaults: Voice, tests: bool = False) -> tuple[Entry, ...]:
    return directory.entries(defaults, tests=tests)


def test_voices_stand_by_language_and_those_that_speak_stand_first() -> None:
    assert [
        entry.path for entry in known(Voice("pyttsx3", "en-gb"), Voice("piper", "eva", language="de"))
    ] == [
        *("strange", "broken", "mute"),
        *("piper/eva", "pyttsx3/de", "piper/thorsten"),
        *("pyttsx3/en-gb", "hibari/heart", "piper/joe", "pyttsx3/en-us", "pyttsx3/en-us+f3", "pyttsx3/joe"),
    ]


@pytest.mark.parametrize(
    ("voice", "path"),
    [
        (Voice("pyttsx3"), "pyttsx3/en-us"),
        (Voice("pyttsx3", language="de"), "pyttsx3/de"),
        (Voice("hibari"), "hibari/heart"),
        (Voice("piper", "joe"), "piper/joe"),
        (Voice("strange"), "strange"),
    ],
)
def test_a_voice_without_a_name_is_the_first_choice_of_its_engine(voice: Voice, path: str) -> None:
    speaking = [entry for entry in known(voice) if entry.speaks_for]
    assert [(entry.path, entry.speaks_for) for entry in speaking] == [(path, (voice.language,))]


def test_a_voice_that_is_to_speak_is_told_though_its_engine_does_not_list_it() -> None:
    speaking = known(Voice("pyttsx3", "de+f3", language="de"), Voice("piper", "jo"))
    told = {
        entry.path: (entry.voice.is_installed, entry.speaks_for) for entry in speaking if entry.speaks_for
    }
    assert told == {"pyttsx3/de+f3": (True, ("de",)), "piper/jo": (False, ("en",))}


def test_an_engine_that_cannot_speak_says_why() -> None:
    why = {entry.engine: entry.voice.remedy for entry in known() if not entry.voice.name}
    assert why == {
        "broken": "the engine 'broken' cannot be loaded: no module",
        "mute": "the engine 'mute' needs a program: install it",
        "strange": "",
    }


def test_engines_for_tests_are_shown_where_they_are_asked_for() -> None:
    assert "fake" not in {entry.engine for entry in known()}
    assert "fake" in {entry.engine for entry in known(tests=True)}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("piper/joe", "piper/joe"),
        ("heart", "hibari/heart"),
        ("eva", "piper/eva"),
        ("pyttsx3", "pyttsx3"),
        ("pyttsx3/en-us+f3", "pyttsx3/en-us+f3"),
        ("de+f3", "pyttsx3/de+f3"),
        ("strange", "strange"),
    ],
)
def test_a_name_is_an_engine_and_a_voice_or_one_of_them(name: str, path: str) -> None:
    assert directory.find(known(), name).path == path


@pytest.mark.parametrize(
    ("find", "message"),
    [
        (lambda: directory.find(known(), "joe"), "say which: piper/joe, pyttsx3/joe"),
        (lambda: directory.find(known(), "hart"), "there is no voice 'hart': did you mean heart"),
        (lambda: directory.find(known(), "piper/torsten"), "piper/thorsten"),
        (lambda: directory.find(known(), "de+f4"), "there is no voice 'de+f4'"),
        (lambda: directory.find(known(), "eva+f3"), "there is no voice 'eva+f3'"),
        (lambda: directory.of_language(known(), "dee"), "for the language 'dee': did you mean de?"),
    ],
)  # fmt: skip
def test_a_name_that_means_none_or_several_is_told_with_what_is_near(
    find: Callable[[], object], message: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        find()
    assert message in caught.value.message


def test_a_language_may_be_written_in_capitals() -> None:
    assert {entry.path for entry in directory.of_language(known(), "DE")} == {
        *("piper/eva", "piper/thorsten", "pyttsx3/de"),
    }


def test_a_voice_that_says_of_no_language_has_the_one_that_it_is_to_speak(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(LISTED, "recorded", (Listed("anna", (), "your own"), Listed("ben", (), "your own")))
    speaking = directory.of_language(known(Voice("recorded", "anna")), "en")[0]
    assert (speaking.path, speaking.speaks_for) == ("recorded/anna", ("en",))


def test_of_many_languages_a_few_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = tuple(Listed(f"v{number}", (f"q{number}",), "MIT") for number in range(100))
    monkeypatch.setitem(LISTED, "piper", codes)
    with pytest.raises(RefusedError, match=r"'zz': there are 102, such as de, en, q0, q1, q10$"):
        directory.of_language(known(), "zz")
