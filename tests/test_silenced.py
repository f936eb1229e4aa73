"""Phrases that are silenced: nothing sounds in their place, whoever says them, in any edition."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import EngineError, Position, within
from audiocoach.routine import wordings
from audiocoach.voice.clips import Failure, RecordingError
from tests.generate import constant, planned, routines

SILENCEABLE = sorted(key for key in wordings.load("en") if wordings.may_be_silent(key))
LESSON = (
    'title: T\ncues: learn\nphrases: {%s: ""}\nmoves: {a: {name: Alpha, sides: each, equipment: [mat]}}\n'
)


def silent(text: str, cues: str, keys: set[str]) -> str:
    lines = [line for line in text.splitlines() if not line.startswith("cues:")]
    phrases = ", ".join(f'{key}: ""' for key in sorted(keys))
    return "\n".join([*lines, f"cues: {cues}", f"phrases: {{{phrases}}}", ""])


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(routines(), st.sampled_from(("learn", "full", "brief")), st.sets(st.sampled_from(SILENCEABLE)))
def test_no_event_is_without_words_whatever_is_silenced(text: str, cues: str, keys: set[str]) -> None:
    timeline = schedule(planned(silent(text, cues, keys)), constant)
    assert all(event.text.strip() for event in timeline.events if isinstance(event, Speech))
    assert all(row.duration_ms > 0 for row in timeline.intervals)


@pytest.mark.parametrize("key", ["learn_close", "learn_opening_one", "learn_out", "named", "equipment"])
def test_a_silent_phrase_of_a_lesson_leaves_its_time(key: str) -> None:
    session = "session: [{do: a, for: 40s}]\n"
    timeline = schedule(planned(LESSON % key + session), constant)
    whole = schedule(planned((LESSON % key + session).replace(f'phrases: {{{key}: ""}}\n', "")), constant)
    pauses, as_before = ([row for row in line.intervals if row.kind == "pause"] for line in (timeline, whole))
    assert [row.duration_ms for row in pauses] == [row.duration_ms for row in as_before]
    assert timeline.duration_ms <= whole.duration_ms


def test_what_a_voice_failed_at_may_be_told_with_its_routine() -> None:
    _, utterance, *_ = schedule(planned("title: T\nsession: [{say: Hello.}]\n"), constant).events
    assert isinstance(utterance, Speech)
    failed = RecordingError(Failure(utterance.utterance, "no sound"))
    told = within("a.yaml", failed)
    assert isinstance(told, EngineError)
    assert told.position == Position("a.yaml", 1, 1)
    assert str(told).endswith("'Hello.': no sound")
