"""The timeline as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Event, Speech, Timeline, Utterance
from audiocoach.errors import MALFORMED, Position, Problem
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish.timeline_json import as_json, from_json, read
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.source import Mapping, Sequence, compose
from audiocoach.routine.voice import Voice
from audiocoach.store.options import Overrides
from tests.conftest import ROOT, ROUTINES
from tests.generate import HEAD, planned
from tests.hostile import session, texts
from tests.test_layers import modules, name_of
from tests.test_preview import TIMELINE

if TYPE_CHECKING:
    from audiocoach.routine.source import Node


PLACE = {"line": 7, "column": 5, "end": None, "node": ""}


def test_json_holds_the_whole_timeline() -> None:
    assert json.loads(as_json(TIMELINE)) == {
        "version": 3,
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
                "spoken": "Say hi now.",
                **PLACE,
            },
            {"start_ms": 2000, "duration_ms": 90, "kind": "tone", "cue": "count", "tone": "count", **PLACE},
            {"start_ms": 5000, "duration_ms": 360, "kind": "tone", "cue": "go", "tone": "go", **PLACE},
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
                "reps": None,
                "side": None,
                "way": None,
                "round": None,
                "rounds": None,
                "section": None,
                "weight": None,
                "until": None,
                "cycle_ms": [],
                **PLACE,
            },
            {
                "start_ms": 5000,
                "duration_ms": 60_000,
                "kind": "work",
                "move": "Squat",
                "set": 1,
                "sets": 3,
                "rep": 2,
                "reps": None,
                "side": "left",
                "way": None,
                "round": None,
                "rounds": None,
                "section": "Legs",
                "weight": None,
                "until": None,
                "cycle_ms": [],
                **PLACE,
            },
        ],
        "chapters": [{"start_ms": 0, "title": "Legs"}],
        "notes": [{"line": 7, "column": 5, "end": None, "code": "bad-value", "message": "too long"}],
    }


def place(at: Position) -> Position:
    """All that JSON holds of it, in the one file that is named when it is read."""
    return replace(at, path="a.yaml")


def held(timeline: Timeline) -> Timeline:
    """The timeline less what JSON does not hold."""
    return replace(
        timeline,
        events=tuple(held_event(event) for event in timeline.events),
        intervals=tuple(
            replace(one, position=place(one.position), breaths=None) for one in timeline.intervals
        ),
        equipment=(),
        outline=(),
        notes=tuple(
            Problem(place(note.position), note.message, "note", note.code) for note in timeline.notes
        ),
    )


def held_event(event: Event) -> Event:
    event = replace(event, position=place(event.position))
    return (
        replace(event, utterance=Utterance(event.utterance.text, Voice()))
        if isinstance(event, Speech)
        else event
    )


def test_what_is_spoken_is_told_where_it_differs() -> None:
    speech, *others = TIMELINE.events
    assert isinstance(speech, Speech)
    spoken = replace(speech, utterance=Utterance("Say high now.", Voice()))
    timeline = replace(TIMELINE, events=(spoken, *others))
    assert json.loads(as_json(timeline))["events"][0]["spoken"] == "Say high now."
    assert from_json(as_json(timeline), "a.yaml") == held(timeline)


@pytest.mark.parametrize("slug", ROUTINES)
def test_a_timeline_of_the_first_version_is_read(slug: str) -> None:
    path = ROOT / "routines" / f"{slug}.yaml"
    timeline = timeline_of(open_session(path, Overrides()), estimate_ms)
    data = json.loads(as_json(timeline))
    del data["version"]
    for row in (*data["events"], *data["intervals"], *data["notes"]):
        for name in ("column", "end", "node", "spoken", "reps", "rounds", "code"):
            row.pop(name, None)
    old = from_json(json.dumps(data), "a.yaml")
    assert [(one.start_ms, one.position) for one in old.events] == [
        (one.start_ms, Position("a.yaml", one.position.line, 1)) for one in timeline.events
    ]


@pytest.mark.parametrize("slug", ROUTINES)
def test_every_node_is_where_it_says(slug: str) -> None:
    timeline = timeline_of(open_session(ROOT / "routines" / f"{slug}.yaml", Overrides()), estimate_ms)
    for one in (*timeline.events, *timeline.intervals):
        at = one.position
        node = led_to(at)
        ends = [(at.line, at.column), (node.position.line, node.position.column), at.end]
        assert at.end is None or ends == sorted(ends)  # type: ignore[type-var]
        assert at.line <= node.position.line


def led_to(at: Position) -> Node:
    """What the way to a node leads to, in the file that it is in."""
    node = compose(Path(at.path).read_text("utf-8"), at.path, Diagnostics())
    assert node is not None
    for step in str(at.node).split("/") if at.node.step else ():
        if isinstance(node, Mapping):
            node = next(entry.value for entry in node.entries if entry.key.text == step)
        else:
            assert isinstance(node, Sequence)
            node = node.items[int(step)]
    return node


def test_a_node_is_told_for_steps_of_every_kind() -> None:
    items = ("{say: Hello., pause: 2s}", "{do: plank, sets: 2, rest: 20s}", "{tone: bell}", "{pause: 3s}")
    block = "{section: Legs, repeat: 2, rest: 30s, items: [{do: plank}]}"
    text = HEAD + "".join(f"  - {item}\n" for item in (*items, block))
    timeline = schedule(planned(text), estimate_ms)
    ways = dict.fromkeys(str(one.position.node) for one in (*timeline.intervals, *timeline.events))
    assert list(ways) == [
        *("session/0/say", "session/1/do", "session/2/tone", "session/3/pause", "session/4/items/0/do"),
        *("", "session/4/section"),
    ]


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


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"title": "a"}', '{"title": 1, "events": [{}]}', "[" * 100_000),
        as_json(TIMELINE).replace("65000", '"soon"'),
        as_json(TIMELINE).replace("1008", "null"),
        as_json(TIMELINE).replace('"line": 7', '"place": 7'),
    ],
)
def test_other_texts_are_no_timeline(text: str, tmp_path: Path) -> None:
    with pytest.raises(MALFORMED):
        from_json(text, "a.yaml")
    path = tmp_path / "a.timeline.json"
    path.write_text(text, "utf-8")
    with pytest.raises(MALFORMED):
        read(path, "a.yaml")


def test_a_file_is_read_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.timeline.json"
    path.write_text(as_json(TIMELINE), "utf-8")
    assert read(path, "a.yaml") == held(TIMELINE)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "b.timeline.json", "b.yaml")


def test_nobody_else_reads_it() -> None:
    readers = [path for path in modules() if '["events"]' in path.read_text("utf-8")]
    assert [name_of(path) for path in readers] == ["publish/timeline_json.py"]
