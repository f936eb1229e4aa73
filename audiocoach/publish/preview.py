"""The timeline as text and Markdown, the same object that becomes sound; and all its shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.publish import picture, sheet, summary, transcript
from audiocoach.publish.rows import folded, whole
from audiocoach.publish.timeline_json import as_json
from audiocoach.routine import wordings
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.language.language import Language
    from audiocoach.publish.rows import Row

    Shape = Callable[[Timeline], str]


def as_text(timeline: Timeline) -> str:
    """The whole script with its times, for a terminal."""
    head = f"{timeline.title}  {ms_to_clock(timeline.duration_ms)}"
    return "\n".join([head, "", *map(_text_row, whole(timeline)), *_notes(timeline, "")]) + "\n"


def as_markdown(timeline: Timeline) -> str:
    """The whole script as a Markdown page, a heading for each chapter."""
    length = _language(timeline).label("in_all", clock=ms_to_clock(timeline.duration_ms))
    head = [f"# {timeline.title}", "", f"{length}.", ""]
    return "\n".join([*head, *map(_markdown_row, whole(timeline)), *_notes(timeline, "- ")]) + "\n"


def _language(timeline: Timeline) -> Language:
    return wordings.nearest(timeline.language)


def _stamp(time_ms: int) -> str:
    return f"{ms_to_clock(time_ms):>7}.{time_ms % MS_PER_SECOND // 100}"


def _text_row(row: Row) -> str:
    match row.kind:
        case "chapter":
            return f"\n== {row.text}"
        case "interval":
            return f"{_stamp(row.time_ms)}  [{row.text}]"
        case "tone":
            return f"{_stamp(row.time_ms)}      * {row.text}"
        case "fold":
            return f"{_stamp(row.time_ms)}      ({row.text})"
        case "speech":
            return f"{_stamp(row.time_ms)}      {row.text}"


def _markdown_row(row: Row) -> str:
    stamp = _stamp(row.time_ms).strip()
    match row.kind:
        case "chapter":
            return f"\n## {row.text}\n"
        case "interval":
            return f"- **{stamp} {row.text}**"
        case "tone":
            return f"  - {stamp} *{row.text}*"
        case "fold":
            return f"  - {stamp} ({row.text})"
        case "speech":
            return f"  - {stamp} “{row.text}”"


def _notes(timeline: Timeline, mark: str) -> list[str]:
    rows = [f"{mark}{note}" for note in timeline.notes]
    return ["", "Notes", "", *rows] if rows and mark else ["", *rows] if rows else []


def _to_read(timeline: Timeline, rows: Iterable[Row]) -> str:
    script = "\n".join((*map(_text_row, rows), *_notes(timeline, "")))
    return f"{summary.as_text(timeline)}{script}\n"


def _page(timeline: Timeline, rows: Iterable[Row]) -> str:
    script = "\n".join((*map(_markdown_row, rows), *_notes(timeline, "- ")))
    return f"{summary.as_markdown(timeline)}{script}\n"


SHAPES: dict[str, Shape] = {
    "text": lambda timeline: _to_read(timeline, folded(timeline)),
    "markdown": lambda timeline: _page(timeline, folded(timeline)),
    "json": as_json,
    "csv": sheet.csv,
    "vtt": transcript.vtt,
    "srt": transcript.srt,
    "lrc": transcript.lrc,
    "svg": picture.svg,
}
# The shapes that people read, with every line, and in short.
IN_FULL: dict[str, Shape] = {
    "text": lambda timeline: _to_read(timeline, whole(timeline)),
    "markdown": lambda timeline: _page(timeline, whole(timeline)),
}
SUMMARIES: dict[str, Shape] = {"text": summary.as_text, "markdown": summary.as_markdown}
