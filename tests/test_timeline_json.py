"""The timeline as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.timeline import Event, Speech, Timeline, Utterance
from audiocoach.errors import Position, Problem
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish.timeline_json import as_json, from_json
from audiocoach.routine.voice import Voice
from audiocoach.store.options import Overrides
from tests.conftest import ROOT, ROUTINES
from tests.hostile import session, texts
from tests.test_preview import TIMELINE


def test_json_holds_the_whole_timeline() -> None:
    assert json.loads(as_json(TIMELINE)) == {
        "title": "Squats",
        "duration_ms": 65_000,
        "language": "en",
        "events": [
            {
                "start_ms": 1008,
                "duration_ms": 900,
                "kind": "speech",
                "cue": "say",
                "text": 'Say "hi" — now.',
                "line": 7,
            },
            {"start_ms": 2000, "duration_ms": 90, "kind": "tone", "cue": "count", "tone": "count", "line": 7},
            {"start_ms": 5000, "duration_ms": 360, "kind": "tone", "cue": "go", "tone": "go", "line": 7},
        ],
        "intervals": [
            {
                "start_ms": 0,
                "duration_ms": 5000,
                "kind": "ready",
                "move": "Squat",
                "set": 1,
                "sets": 3,
                "rep": None,
                "side": None,
                "way": None,
                "round": None,
                "section": None,
                "line": 7,
            },
            {
                "start_ms": 5000,
                "duration_ms": 60_000,
                "kind": "work",
                "move": "Squat",
                "set": 1,
                "sets": 3,
                "rep": 2,
                "side": "left",
                "way": None,
                "round": None,
                "section": "Legs",
                "line": 7,
            },
        ],
        "chapters": [{"start_ms": 0, "title": "Legs"}],
        "notes": [{"line": 7, "message": "too long"}],
    }


def place(at: Position) -> Position:
    """All that JSON holds of it, in the one file that is named when it is read."""
    return Position("a.yaml", at.line, 1)


def held(timeline: Timeline) -> Timeline:
    """The timeline less what JSON does not hold."""
    return replace(
        timeline,
        events=tuple(held_event(event) for event in timeline.events),
        intervals=tuple(replace(one, position=place(one.position)) for one in timeline.intervals),
        notes=tuple(Problem(place(note.position), note.message, "note") for note in timeline.notes),
    )


def held_event(event: Event) -> Event:
    event = replace(event, position=place(event.position))
    return replace(event, utterance=Utterance(event.text, Voice())) if isinstance(event, Speech) else event


@pytest.mark.parametrize("slug", ROUTINES)
def test_a_timeline_comes_back_from_json(slug: str) -> None:
    path = ROOT / "routines" / f"{slug}.yaml"
    timeline = timeline_of(open_session(path, Overrides()), estimate_ms)
    assert from_json(as_json(timeline), "a.yaml") == held(timeline)
    assert as_json(from_json(as_json(timeline), "a.yaml")) == as_json(timeline)


@given(texts(), texts())
@settings(deadline=None)
def test_any_timeline_comes_back_from_json(first: str, second: str) -> None:
    timeline = replace(session(first, second), notes=TIMELINE.notes)
    assert from_json(as_json(timeline), "a.yaml") == held(timeline)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"title": "a"}', '{"title": 1, "events": [{}]}'])
def test_other_texts_are_no_timeline(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_json(text, "a.yaml")
