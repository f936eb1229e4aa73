"""The timeline as text and Markdown, the same object that becomes sound; and all its shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech
from audiocoach.publish import picture, sheet, transcript
from audiocoach.publish.labels import PACE, interval_label
from audiocoach.publish.timeline_json import as_json
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.coaching.timeline import Timeline


def as_text(timeline: Timeline) -> str:
    """The script with its times, for a terminal."""
    head = f"{timeline.title}  {ms_to_clock(timeline.duration_ms)}"
    return "\n".join([head, "", *_script(timeline, _text_row), *_notes(timeline, "")]) + "\n"


def as_markdown(timeline: Timeline) -> str:
    """The script as a Markdown page, a heading for each chapter."""
    head = [f"# {timeline.title}", "", f"{ms_to_clock(timeline.duration_ms)} in all.", ""]
    return "\n".join([*head, *_script(timeline, _markdown_row), *_notes(timeline, "- ")]) + "\n"


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
    items += [(one.start_ms, 1, "interval", interval_label(one)) for one in timeline.intervals]
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
