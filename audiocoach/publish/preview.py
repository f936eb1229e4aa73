"""The timeline as text, Markdown and JSON, the same object that becomes sound; and all its shapes.

JSON comes back as a timeline, for whoever has only the file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audiocoach.coaching.timeline import Chapter, Interval, Speech, Timeline, Tone, Utterance
from audiocoach.errors import Position, Problem
from audiocoach.publish import picture, sheet, transcript
from audiocoach.publish.labels import PACE, interval_label
from audiocoach.routine import wordings
from audiocoach.routine.voice import Voice
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.coaching.timeline import Event
    from audiocoach.language.language import Language

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


def as_text(timeline: Timeline) -> str:
    """The script with its times, for a terminal."""
    head = f"{timeline.title}  {ms_to_clock(timeline.duration_ms)}"
    return "\n".join([head, "", *_script(timeline, _text_row), *_notes(timeline, "")]) + "\n"


def as_markdown(timeline: Timeline) -> str:
    """The script as a Markdown page, a heading for each chapter."""
    length = _language(timeline).label("in_all", clock=ms_to_clock(timeline.duration_ms))
    head = [f"# {timeline.title}", "", f"{length}.", ""]
    return "\n".join([*head, *_script(timeline, _markdown_row), *_notes(timeline, "- ")]) + "\n"


def _language(timeline: Timeline) -> Language:
    return wordings.nearest(timeline.language)


def _stamp(time_ms: int) -> str:
    return f"{ms_to_clock(time_ms):>7}.{time_ms % MS_PER_SECOND // 100}"


def _text_row(kind: str, time_ms: int, text: str) -> str:
    match kind:
        case "chapter":
            return f"\n== {text}"
        case "interval":
            return f"{_stamp(time_ms)}  [{text}]"
        case "tone":
            return f"{_stamp(time_ms)}      * {text}"
        case _:
            return f"{_stamp(time_ms)}      {text}"


def _markdown_row(kind: str, time_ms: int, text: str) -> str:
    match kind:
        case "chapter":
            return f"\n## {text}\n"
        case "interval":
            return f"- **{_stamp(time_ms).strip()} {text}**"
        case "tone":
            return f"  - {_stamp(time_ms).strip()} *{text}*"
        case _:
            return f"  - {_stamp(time_ms).strip()} “{text}”"


def _script(timeline: Timeline, row: Callable[[str, int, str], str]) -> Iterator[str]:
    items = [(one.start_ms, 0, "chapter", one.title) for one in timeline.chapters]
    language = _language(timeline)
    items += [(one.start_ms, 1, "interval", interval_label(one, language)) for one in timeline.intervals]
    for event in timeline.events:
        if isinstance(event, Speech):
            items.append((event.start_ms, 3, "speech", event.text))
        elif event.cue not in PACE:
            items.append((event.start_ms, 2, "tone", event.cue))
    for time_ms, _, kind, text in sorted(items, key=lambda item: item[:2]):
        yield row(kind, time_ms, text)


def _notes(timeline: Timeline, mark: str) -> list[str]:
    rows = [f"{mark}{note}" for note in timeline.notes]
    return ["", "Notes", "", *rows] if rows and mark else ["", *rows] if rows else []


SHAPES: dict[str, Callable[[Timeline], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "csv": sheet.csv,
    "vtt": transcript.vtt,
    "srt": transcript.srt,
    "lrc": transcript.lrc,
    "svg": picture.svg,
}
