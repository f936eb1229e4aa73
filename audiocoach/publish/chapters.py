"""The chapters of a session: the one list that every carrier reads, and its JSON file.

Carriers are the MP3's tag, the JSON file, and the feed: they tell the same times and titles because
they have them from here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Chapter
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.timeline import Timeline

_VERSION = "1.2.0"


def chapters(timeline: Timeline) -> tuple[Chapter, ...]:
    """The chapters as they are published: on whole seconds, at most one a second, none without a title.

    There are apps that read whole seconds only, so a time between two is told as the first; of two
    chapters that would then begin together the later one stays, the other being over at once.
    """
    return tuple(Chapter(start_ms, title) for start_ms, title in dict(_whole(timeline)).items())


def _whole(timeline: Timeline) -> Iterator[tuple[int, str]]:
    for one in timeline.chapters:
        start_ms = one.start_ms // MS_PER_SECOND * MS_PER_SECOND
        yield start_ms, clean(one.title) or ms_to_clock(start_ms)


def as_json(timeline: Timeline) -> str:
    """`application/json+chapters`, one a line (podcast namespace, JSON Chapters Format 1.2)."""
    rows = [{"startTime": one.start_ms // MS_PER_SECOND, "title": one.title} for one in chapters(timeline)]
    body = ",\n".join(f"  {_dump(row)}" for row in rows)
    title = _dump(clean(timeline.title))
    return f'{{\n "version": "{_VERSION}",\n "title": {title},\n "chapters": [\n{body}\n ]\n}}\n'


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
