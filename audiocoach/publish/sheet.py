"""The whole timeline as a table for spreadsheets and programs: one row for each thing that begins."""

from __future__ import annotations

import io
from csv import DictWriter
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech
from audiocoach.publish.chapters import chapters
from audiocoach.sound.tags import clean
from audiocoach.units import ms_to_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.timeline import Event, Interval, Timeline

Row = dict[str, object]

_OF_INTERVALS = ("move", "set", "sets", "rep", "side", "way", "round", "section", "weight", "until")
_COLUMNS = ("start", "start_ms", "duration_ms", "lane", "kind", "text", *_OF_INTERVALS, "line")
# What begins at the same moment stands in this order.
_LANES = ("chapter", "interval", "tone", "speech")
# A spreadsheet takes a cell that begins like this for a formula, which may send what it reads elsewhere.
_FORMULA = ("=", "+", "-", "@")


def csv(timeline: Timeline) -> str:
    """The timeline as CSV (RFC 4180, but each line ends with a line feed alone).

    `start` is `start_ms` as a clock. `lane` is chapter, interval, tone or speech; `kind` an interval's
    kind or an event's cue; `text` a chapter's title, a tone's name or the words. Texts that a
    spreadsheet would compute have an apostrophe before them.
    """
    rows = sorted(_rows(timeline), key=lambda pair: (pair[0], _LANES.index(pair[1])))
    out = io.StringIO()
    writer = DictWriter(out, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for start_ms, lane, row in rows:
        head = {"start": ms_to_stamp(start_ms), "start_ms": start_ms, "lane": lane}
        writer.writerow(head | {name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def _rows(timeline: Timeline) -> Iterator[tuple[int, str, Row]]:
    for one in chapters(timeline):
        yield one.start_ms, "chapter", {"text": one.title}
    for interval in timeline.intervals:
        yield interval.start_ms, "interval", _interval(interval)
    for event in timeline.events:
        yield event.start_ms, "speech" if isinstance(event, Speech) else "tone", _event(event)


def _interval(one: Interval) -> Row:
    names = ("duration_ms", "kind", *_OF_INTERVALS)
    return {name: getattr(one, name) for name in names} | {"line": one.position.line}


def _event(event: Event) -> Row:
    text = event.text if isinstance(event, Speech) else event.tone
    return {"duration_ms": event.duration_ms, "kind": event.cue, "text": text, "line": event.position.line}


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = clean(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
