"""The timeline as JSON, both ways: what stands in `<slug>.timeline.json`, and a timeline from it.

Whoever has only the file has the timeline again, less what JSON does not hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audiocoach.coaching.timeline import Chapter, Interval, Speech, Timeline, Tone, Utterance
from audiocoach.errors import Position, Problem
from audiocoach.routine.voice import Voice

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Event

_INTERVAL = (
    "start_ms",
    "duration_ms",
    "kind",
    "move",
    "set",
    "sets",
    "rep",
    "side",
    "way",
    "round",
    "section",
)


def as_json(timeline: Timeline) -> str:
    """The timeline as in `<slug>.timeline.json`: two-space indented, one event a line."""
    head = {
        "title": timeline.title,
        "duration_ms": timeline.duration_ms,
        "language": timeline.language,
    }
    lists = {
        "events": [_event(event) for event in timeline.events],
        "intervals": [_interval(interval) for interval in timeline.intervals],
        "chapters": [{"start_ms": one.start_ms, "title": one.title} for one in timeline.chapters],
        "notes": [{"line": note.position.line, "message": note.message} for note in timeline.notes],
    }
    rows = [f' "{key}": {_dump(value)}' for key, value in head.items()]
    for key, items in lists.items():
        body = ",\n".join(f"  {_dump(item)}" for item in items)
        rows.append(f' "{key}": [\n{body}\n ]' if items else f' "{key}": []')
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _event(event: Event) -> dict[str, object]:
    head: dict[str, object] = {"start_ms": event.start_ms, "duration_ms": event.duration_ms}
    match event:
        case Speech():
            head |= {"kind": "speech", "cue": event.cue, "text": event.text}
        case Tone():
            head |= {"kind": "tone", "cue": event.cue, "tone": event.tone}
    return head | {"line": event.position.line}


def _interval(one: Interval) -> dict[str, object]:
    return {name: getattr(one, name) for name in _INTERVAL} | {"line": one.position.line}


def from_json(text: str, path: str) -> Timeline:
    """The inverse of `as_json`; `path` is the routine that positions are in.

    What JSON does not hold is lost: columns, the library that a line is in, and how a voice was told
    to say the words: each utterance is the text, in the default voice.

    Raises:
        ValueError, KeyError, TypeError: this is no timeline.
    """
    data = json.loads(text)
    return Timeline(
        title=data["title"],
        language=data["language"],
        duration_ms=data["duration_ms"],
        events=tuple(_event_of(row, path) for row in data["events"]),
        intervals=tuple(
            Interval(position=_at(row, path), **{name: row[name] for name in _INTERVAL})
            for row in data["intervals"]
        ),
        chapters=tuple(Chapter(row["start_ms"], row["title"]) for row in data["chapters"]),
        notes=tuple(Problem(_at(row, path), row["message"], "note") for row in data["notes"]),
    )


def _event_of(row: dict[str, Any], path: str) -> Event:
    head = (row["start_ms"], row["duration_ms"], row["cue"])
    if row["kind"] == "tone":
        return Tone(*head, row["tone"], _at(row, path))
    return Speech(*head, row["text"], Utterance(row["text"], Voice()), _at(row, path))


def _at(row: dict[str, Any], path: str) -> Position:
    return Position(path, row["line"], 1)
