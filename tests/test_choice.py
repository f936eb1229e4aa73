"""Who speaks where a routine names nobody, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach import assets, configuration, installed
from audiocoach.configuration import DefaultVoice
from audiocoach.routine.voice import Voice
from audiocoach.store.options import Overrides
from audiocoach.voice import choice
from audiocoach.voice.choice import best_engine, default_voices, describe, voices_without
from tests.builds import built, squats
from tests.conftest import run_audiocoach

if TYPE_CHECKING:
    from pathlib import Path

ESPEAK = "spoken by espeak-ng (pyttsx3)"
COMMAND = installed.pip_install('"audiocoach[natural]"')
BETTER = f"{ESPEAK}; a natural voice is one command away: {COMMAND}"
NAMELESS = """\
title: Squats
moves:
  squat: {name: Squat, setup: Stand tall.}
session:
  - {do: squat, reps: 3}
"""


@pytest.fixture
def no_hibari(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine on which the wheel is not installed."""
    monkeypatch.setattr("audiocoach.voice.engines.hibari.installed.version", lambda _: "")


def test_english_is_spoken_by_the_natural_voice_where_it_is_installed() -> None:
    assert best_engine("en") == "hibari"
    assert default_voices({}) == (Voice("hibari", language="en"),)


@pytest.mark.usefixtures("no_hibari")
def test_without_its_wheel_the_usual_voice_speaks() -> None:
    assert best_engine("en") == assets.USUAL_ENGINE


def test_a_language_that_no_engine_speaks_well_has_the_usual_voice() -> None:
    assert best_engine("xx") == assets.USUAL_ENGINE


def test_what_the_user_has_set_comes_first() -> None:
    assert default_voices({"en": DefaultVoice("piper", "joe")}) == (Voice("piper", "joe", language="en"),)


def test_tests_hear_the_voice_that_their_own_configuration_names() -> None:
    assert default_voices(configuration.read().voice) == (Voice("pyttsx3", language="en"),)


def test_an_engine_that_refuses_leaves_its_place_to_the_next_best() -> None:
    voices = (Voice("hibari", language="en"), Voice("piper", "thorsten", language="de"))
    assert voices_without(voices, {"hibari"}) == (Voice("pyttsx3", language="en"), voices[1])


@pytest.mark.usefixtures("no_hibari")
def test_who_hears_the_usual_voice_is_told_how_to_have_a_better_one() -> None:
    assert describe([Voice()], {}) == BETTER


@pytest.mark.parametrize(
    ("spoken", "refused", "said"),
    [
        ([], {}, ""),
        ([Voice("hibari")], {}, "spoken by hibari"),
        ([Voice("hibari", rate_wpm=rate) for rate in (150, 165)], {}, "spoken by hibari"),
        ([Voice("hibari"), Voice("pyttsx3", "en-gb")], {}, f"spoken by hibari and {ESPEAK[10:]} (en-gb)"),
        # It is installed: whoever hears another one has asked for it.
        ([Voice()], {}, ESPEAK),
        ([Voice()], {"hibari": "no model"}, f"{ESPEAK}; hibari would not load: no model"),
    ],
)
def test_one_line_says_who_has_spoken(spoken: list[Voice], refused: dict[str, str], said: str) -> None:
    assert describe(spoken, refused) == said


def test_an_engine_that_was_chosen_and_will_not_load_fails_no_build(tmp_path: Path) -> None:
    path = tmp_path / "squats.yaml"
    path.write_text(NAMELESS, encoding="utf-8")
    broken = Overrides(voices=(Voice("fake", "missing", language="en"),))
    done, failed = built(tmp_path, path, overrides=broken)
    assert (len(done), failed) == (1, [])
    assert {voice.engine for voice in done[0].voices} == {choice.best_engine("en")}


@pytest.mark.parametrize(
    ("engine", "name", "reason"),
    [
        ("pytsx3", "", "there is no engine 'pytsx3'"),
        ("piper", "nobody", "there is no Piper voice 'nobody'"),
        ("http", "gone", "there is no [http.gone]"),
        ("command", "gone", "there is no [command.gone]"),
        ("recorded", "gone", "there is no recorded voice 'gone'"),
        ("pyttsx3", "xx-none", "there is no voice 'xx-none'"),
    ],
)
def test_one_that_the_user_has_set_and_that_is_not_there_fails_no_command(
    engine: str, name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    named = f'name = "{name}"\n' if name else ""
    (tmp_path / "config.toml").write_text(f'[voice.en]\nengine = "{engine}"\n{named}', encoding="utf-8")
    path = tmp_path / "squats.yaml"
    path.write_text(NAMELESS, encoding="utf-8")
    cache = ("--cache", tmp_path / "cache")
    done = run_audiocoach("build", path, "-o", tmp_path / "out", *cache, check=True)
    assert f"spoken by hibari; {engine} would not load: {reason}" in done.stderr
    run_audiocoach("check", path, check=True)
    run_audiocoach("build", path, "-o", tmp_path / "new", *cache, "--dry-run", check=True)


def test_one_that_was_asked_for_does_and_says_where(tmp_path: Path) -> None:
    path = squats(tmp_path, engine="fake, name: missing")
    _, failed = built(tmp_path, path, overrides=Overrides(voices=(Voice("fake", "missing"),)))
    assert str(failed[0].error).startswith(f"{path}:2:8: ")


@pytest.mark.parametrize(
    ("voice", "spoken"),
    [
        ("", "hibari"),
        ("voice: {rate: 150}\n", "hibari"),
        ("voice: {engine: pyttsx3}\n", ESPEAK[10:]),
        # A name without an engine is one of the voices that every machine has.
        ("voice: {name: en-gb}\n", f"{ESPEAK[10:]} (en-gb)"),
    ],
)
def test_a_routine_pins_its_voice(
    voice: str, spoken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "none.toml"))
    path = tmp_path / "squats.yaml"
    path.write_text(voice + NAMELESS, encoding="utf-8")
    done = run_audiocoach("build", path, "-o", tmp_path / "out", "--cache", tmp_path / "cache", check=True)
    assert f"spoken by {spoken}" in done.stderr.splitlines()
