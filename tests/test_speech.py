"""A session's draft, and failures with their line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach import api
from audiocoach.errors import EngineError, RefusedError, SeveralError
from audiocoach.making.sessions import open_session
from audiocoach.making.speech import draft
from audiocoach.store.options import Overrides
from audiocoach.voice.clips import Failure
from audiocoach.voice.engines.hibari import NOTHING_TO_READ
from audiocoach.voice.studio import Studio
from tests.builds import squats
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path


def test_what_nobody_has_spoken_is_asked_for(tmp_path: Path) -> None:
    session = open_session(squats(tmp_path), Overrides())
    with Studio(DictStore()) as studio:
        studio.record(draft(session, studio).unheard)
        assert draft(session, studio).unheard == ()


def test_a_failure_has_the_line_of_the_words(tmp_path: Path) -> None:
    path = squats(tmp_path)
    session = open_session(path, Overrides())
    with Studio(DictStore()) as studio:
        words = next(one for one in draft(session, studio).unheard if "tall" in one.text)
        with pytest.raises(SeveralError) as caught:
            draft(session, studio, [Failure(words, "the voice crashed")])
    assert [type(error) for error in caught.value.errors] == [EngineError]
    assert str(caught.value) == f"{path}:4:31: the voice crashed"


def test_a_voice_that_does_not_exist_has_its_own_line(tmp_path: Path) -> None:
    path = squats(tmp_path, engine="nobody")
    with Studio(DictStore()) as studio, pytest.raises(RefusedError, match=f"{path}:2:8: there is no engine"):
        draft(open_session(path, Overrides()), studio)


MANY = """\
title: Many voices
voice: {engine: silent}
moves:
  squat: {name: Squat}
session:
  - {do: squat, for: 30s, voice: {name: low}}
  - section: Lower
    voice: {%s}
    items:
      - {do: squat, for: 30s, voice: {rate: 120}}
"""


def test_an_engine_that_does_not_exist_is_said_where_it_was_chosen(tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(MANY % "engine: nobody", "utf-8")
    with (
        Studio(DictStore()) as studio,
        pytest.raises(RefusedError, match=f"^{path}:8:12: there is no engine"),
    ):
        draft(open_session(path, Overrides()), studio)


@pytest.mark.parametrize(
    ("voice", "place"),
    [(("silent", ""), "2:8"), (("silent", "low"), "6:34"), (("fake", "low"), "8:12")],
)
def test_a_voice_that_is_refused_is_said_where_it_was_chosen(
    tmp_path: Path, voice: tuple[str, str], place: str
) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(MANY % "engine: fake, name: low", "utf-8")
    session = open_session(path, Overrides())
    with Studio(DictStore()) as studio:
        unheard = draft(session, studio).unheard
        words = next(one for one in unheard if (one.voice.engine, one.voice.name) == voice)
        with pytest.raises(SeveralError) as caught:
            draft(session, studio, [Failure(words, "there is no such voice", refused=True)])
    assert str(caught.value) == f"{path}:{place}: there is no such voice"


@pytest.mark.parametrize(("engine", "count"), [("hibari", 1), ("pyttsx3", 0)])
def test_a_sentence_in_which_its_voice_finds_nothing_to_say_is_told_before_anybody_speaks(
    engine: str, count: int, tmp_path: Path
) -> None:
    path = tmp_path / "squats.yaml"
    session = "session: [{say: 足を肩幅に開きます。}, {say: T1.}]"
    path.write_text(f"title: Squats\nvoice: {{engine: {engine}}}\n{session}\n", encoding="utf-8")
    problems = api.check([path], cache=tmp_path / "cache")
    errors = [str(problem) for problem in problems if problem.kind == "error"]
    assert errors == [f"{path}:3:17: {NOTHING_TO_READ}"][:count]
