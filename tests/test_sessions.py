"""From a routine file to a session, as the command line wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.sentences import phrase_ms
from audiocoach.errors import InputError
from audiocoach.making.sessions import draft_of, open_session, timeline_of
from audiocoach.routine.voice import Voice
from audiocoach.store.options import Overrides
from tests.builds import squats

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Utterance


def test_the_level_is_the_one_wanted_or_the_routines_or_the_middle_one(tmp_path: Path) -> None:
    path = squats(tmp_path)
    assert open_session(path, Overrides()).level == "standard"
    path.write_text(f"level: gentle\n{path.read_text('utf-8')}", "utf-8")
    assert open_session(path, Overrides()).level == "gentle"
    assert open_session(path, Overrides(level="strong")).level == "strong"


def test_another_engine_keeps_the_rate_and_not_the_name(tmp_path: Path) -> None:
    path = squats(tmp_path, engine="pyttsx3, name: en-gb, rate: 140")
    assert open_session(path, Overrides(engine="silent")).plan.delivery.voice == Voice("silent", "", 140)
    assert open_session(path, Overrides(engine="pyttsx3")).plan.delivery.voice == Voice(
        "pyttsx3", "en-gb", 140
    )


def test_a_draft_names_what_nobody_has_spoken(tmp_path: Path) -> None:
    session = open_session(squats(tmp_path), Overrides())

    def heard(utterance: Utterance) -> int | None:
        return None if utterance.text == "Stand tall." else 960

    assert [one.text for one in draft_of(session, heard).unheard] == ["Stand tall."]
    assert draft_of(session, lambda _: 960).unheard == ()
    assert draft_of(session, lambda _: 960).timeline == timeline_of(
        session, lambda utterance: phrase_ms(utterance, lambda _: 960, 24)
    )


def test_problems_of_the_plan_are_problems_of_the_file(tmp_path: Path) -> None:
    path = squats(tmp_path, setup='"Then comes <next>."')
    with pytest.raises(InputError, match=r"squats.yaml:4:43: <next> has no value"):
        open_session(path, Overrides())


def test_what_was_rounded_is_a_note_of_the_timeline(tmp_path: Path) -> None:
    path = squats(tmp_path)
    path.write_text(path.read_text("utf-8").replace("reps: 3", "reps: 3, sides: alternate"), "utf-8")
    notes = timeline_of(open_session(path, Overrides()), lambda _: 960).notes
    assert [note.message for note in notes] == [
        "3 repetitions on alternating sides: 4, so that both do as many"
    ]
