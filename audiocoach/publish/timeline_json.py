"""The timeline as JSON, both ways: what stands in `<slug>.timeline.json`, and a timeline from it.

Whoever has only the file has the timeline again, less what JSON does not hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audiocoach import regular
from audiocoach.coaching.timeline import Bed, Chapter, Interval, Speech, Timeline, Tone, Utterance
from audiocoach.errors import Position, Problem, Way
from audiocoach.routine.music import Track
from audiocoach.routine.voice import Voice
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Event

INTERVAL_FIELDS = (
    "start_ms",
    "duration_ms",
    "kind",
    "move",
    "set",
    "sets",
    "rep",
    "reps",
    "side",
    "way",
    "round",
    "rounds",
    "section",
    "weight",
    "until",
)
# Raise it when a reader of the file would have to know. Files without one are of the first version: a line
# instead of a range, no node, neither `reps` nor `rounds` nor what is spoken. Those of the second have no
# parts of what is repeated.
VERSION = 3


def as_json(timeline: Timeline) -> str:
    """The timeline as in `<slug>.timeline.json`: two-space indented, one event a line."""
    head = {
        "version": VERSION,
        "title": timeline.title,
        "duration_ms": timeline.duration_ms,
        "language": timeline.language,
    }
    lists = {
        "events": [_event(event) for event in timeline.events],
        "intervals": [_interval(interval) for interval in timeline.intervals],
        "chapters": [{"start_ms": one.start_ms, "title": one.title} for one in timeline.chapters],
        "notes": [
            {**_range(note.position), "code": note.code, "message": note.message} for note in timeline.notes
        ],
    }
    if timeline.music:
        lists["music"] = [_bed(bed) for bed in timeline.music]
    rows = [f' "{key}": {_dump(value)}' for key, value in head.items()]
    for key, items in lists.items():
        body = ",\n".join(f"  {_dump(item)}" for item in items)
        rows.append(f' "{key}": [\n{body}\n ]' if items else f' "{key}": []')
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _bed(bed: Bed) -> dict[str, object]:
    tracks = [track.name for track in bed.tracks]
    return {
        "start_ms": bed.start_ms,
        "duration_ms": bed.duration_ms,
        "level_lu": bed.level_lu,
        "tracks": tracks,
    }


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _event(event: Event) -> dict[str, object]:
    head: dict[str, object] = {"start_ms": event.start_ms, "duration_ms": event.duration_ms}
    match event:
        case Speech():
            head |= {"kind": "speech", "cue": event.cue, "text": event.text}
            # For the ear alone: `3 times 10` in place of `3x10`, and what the author has pronounced.
            differs = event.utterance.text != event.text
            head |= {"spoken": event.utterance.text} if differs else {}
        case Tone():
            head |= {"kind": "tone", "cue": event.cue, "tone": event.tone}
            # Of another set, or a breath that is as long as it: `wood/go`, `inhale@3832`.
            head |= {"sound": event.sound} if event.sound and isinstance(event.sound, str) else {}
        case _:
            assert_never(event)
    return head | ({"side": event.side} if event.side else {}) | _place(event.position)


def _interval(one: Interval) -> dict[str, object]:
    told = {name: getattr(one, name) for name in INTERVAL_FIELDS}
    return told | {"cycle_ms": list(one.cycle_ms)} | _place(one.position)


def _range(at: Position) -> dict[str, object]:
    """From a line and column to those just behind; null where the end is not known."""
    end = {"line": at.end[0], "column": at.end[1]} if at.end else None
    return {"line": at.line, "column": at.column, "end": end}


def _place(at: Position) -> dict[str, object]:
    return _range(at) | {"node": str(at.node)}


def read(path: Path, routine: str) -> Timeline:
    """The timeline in a file; `routine` is what positions are in.

    Raises:
        OSError: it cannot be read.
        MALFORMED: it is no timeline.
    """
    return from_json(regular.read(path).decode("utf-8"), routine)


def from_json(text: str, path: str) -> Timeline:
    """The inverse of `as_json`; `path` is the routine that positions are in.

    What JSON does not hold is lost: the library that a line is in, and who speaks: it is the default voice.
    An earlier version holds less: its positions have no columns and no node.

    Raises:
        MALFORMED: this is no timeline.
    """
    data = json.loads(text)
    return Timeline(
        title=data["title"],
        language=data["language"],
        duration_ms=int(data["duration_ms"]),
        events=tuple(_event_of(row, path) for row in data["events"]),
        intervals=tuple(
            Interval(
                position=_at(row, path),
                cycle_ms=tuple(row.get("cycle_ms", ())),
                **{name: row.get(name) for name in INTERVAL_FIELDS},
            )
            for row in data["intervals"]
        ),
        chapters=tuple(Chapter(row["start_ms"], row["title"]) for row in data["chapters"]),
        notes=tuple(_note_of(row, path) for row in data["notes"]),
        music=tuple(_bed_of(row) for row in data.get("music", ())),
    )


def _bed_of(row: dict[str, Any]) -> Bed:
    tracks = tuple(Track(str(name)) for name in row["tracks"])
    return Bed(int(row["start_ms"]), int(row["duration_ms"]), tracks, float(row["level_lu"]))


def _event_of(row: dict[str, Any], path: str) -> Event:
    head, side = (int(row["start_ms"]), int(row["duration_ms"]), row["cue"]), str(row.get("side", ""))
    if row["kind"] == "tone":
        return Tone(*head, row["tone"], _at(row, path), row.get("sound", ""), side)
    utterance = Utterance(row.get("spoken", row["text"]), Voice())
    return Speech(*head, row["text"], utterance, _at(row, path), side)


def _note_of(row: dict[str, Any], path: str) -> Problem:
    return Problem(_at(row, path), row["message"], "note", row.get("code", "decision"))


def _at(row: dict[str, Any], path: str) -> Position:
    end = row.get("end")
    behind = (end["line"], end["column"]) if end else None
    return Position(path, row["line"], row.get("column", 1), behind, Way(row.get("node", "")))
