"""A picture of the session as SVG: time runs in rows, like a score, and each row has three lanes.

In: a timeline. Out: one file without scripts or requests, in the reader's light or dark scheme. The
lanes are intervals, as high as they are hard, under the names of their moves; speech; and tones. All
lengths are units of the drawing, 480 of them from side to side, so a phone of 360 px shows the
smallest text 7 px high; whole texts appear where a pointer rests.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.publish.chapters import chapters
from audiocoach.publish.drawing import fitted, number, path, rect, text, whole, width
from audiocoach.publish.labels import PACE, interval_label, kind_label, side_label
from audiocoach.publish.markup import xml_text
from audiocoach.publish.palette import LOOKS, style
from audiocoach.records import dataclass
from audiocoach.routine import wordings
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.timeline import Chapter, Interval, Timeline
    from audiocoach.language.language import Language

_WIDTH = 480
_MARGIN = 16
_RIGHT = _WIDTH - _MARGIN
# How wide a full row is: the last one may be a twentieth longer, so that 16:01 needs no row for its second.
_INNER = 424
_TITLE, _BOLD, _NAME, _SMALL = 17, 12.5, 11, 10
_HEAD = 38
# How many minutes a row may last, and how many seconds its marks are then apart.
_SPANS = ((1, 10), (2, 20), (5, 60), (10, 120), (15, 180), (30, 300), (60, 600), (120, 1200))
_MOST_ROWS = 16
# From the top of a row: the line of the moves' names, the floor of the intervals, and so on.
_NAMES, _FLOOR, _SPEECH, _TONES, _CLOCKS, _NEXT = 10, 43, 46, 61, 77, 84
_TALLEST = max(look.height for look in LOOKS.values())
# A row in which a chapter begins has its name above.
_CHAPTER = 18
_LEGEND, _LEGEND_LINE = 16, 15


@dataclass(frozen=True, slots=True)
class Mark:
    """How a tone is drawn: a class, and the strokes around its moment."""

    look: str
    strokes: str


# By the tone's cue, and for the rest by what it is for.
_MARKS = {
    "go": Mark("go", "m4,0l-7,-4v8z"),
    "stop": Mark("stop", "m-3.5,-3.5h7v7h-7z"),
    "switch": Mark("turn", "m0,-4.5l4.5,4.5l-4.5,4.5l-4.5,-4.5z"),
    "other": Mark("ink", "m-3,0a3,3 0 1 0 6,0a3,3 0 1 0 -6,0z"),
    "pace": Mark("faint", "m-.4,-2h.8v4h-.8z"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of the session. `top_y` is where it is drawn; `chapters` begin in it."""

    start_ms: int
    end_ms: int
    span_ms: int
    mark_ms: int
    top_y: int
    chapters: tuple[Chapter, ...]

    def x(self, time_ms: int) -> float:
        """Where a moment is drawn; one outside, at the edge."""
        inside_ms = min(max(time_ms, self.start_ms), self.end_ms) - self.start_ms
        return _MARGIN + inside_ms * _INNER / self.span_ms

    def meets(self, start_ms: int, end_ms: int) -> bool:
        """Whether a stretch is seen in this row."""
        return start_ms < self.end_ms and end_ms > self.start_ms


def svg(timeline: Timeline) -> str:
    """The picture (SVG 1.1, XML 1.0 §2.2): the same timeline is the same bytes."""
    rows = tuple(_rows(timeline))
    legend = tuple(_legend(timeline, rows[-1].top_y + _NEXT + _LEGEND))
    height = max(y for y, _ in legend) + _LEGEND_LINE
    parts = [part for row in rows for part in _row(row, timeline)] + [part for _, part in legend]
    return "\n".join((*_open(timeline, height), *_heading(timeline), *filter(None, parts), "</svg>\n"))


def _open(timeline: Timeline, height: int) -> Iterator[str]:
    box = f'viewBox="0 0 {_WIDTH} {height}"'
    language = f'xml:lang="{xml_text(timeline.language)}"'
    told = ", ".join(f"{ms_to_clock(one.start_ms)} {one.title}" for one in chapters(timeline))
    length = wordings.nearest(timeline.language).label("in_all", clock=ms_to_clock(timeline.duration_ms))
    yield f'<svg xmlns="http://www.w3.org/2000/svg" class="session" role="img" {language} {box}>'
    yield f"<title>{xml_text(timeline.title)}</title>"
    yield f"<desc>{xml_text(f'{length}: {told}')}</desc>"
    yield f"<style>{style()}</style>"
    yield rect("paper", (0, 0, _WIDTH, height))


def _heading(timeline: Timeline) -> Iterator[str]:
    clock = ms_to_clock(timeline.duration_ms)
    room = _RIGHT - _MARGIN - width(clock, _TITLE) - 10
    yield text(_MARGIN, 25, _TITLE, fitted(timeline.title, room, _TITLE), "ink bold")
    yield text(_RIGHT, 25, _TITLE, clock, "faint end")


def _rows(timeline: Timeline) -> Iterator[Row]:
    length_ms = max(timeline.duration_ms, 1)
    span_ms, mark_ms = _scale(length_ms)
    top_y = _HEAD
    starts_ms = range(0, length_ms - span_ms // 20, span_ms) or (0,)
    for start_ms in starts_ms:
        end_ms = length_ms if start_ms == starts_ms[-1] else start_ms + span_ms
        begun = tuple(one for one in chapters(timeline) if start_ms <= one.start_ms < end_ms)
        top_y += _CHAPTER if begun else 0
        yield Row(start_ms, end_ms, span_ms, mark_ms, top_y, begun)
        top_y += _NEXT


def _scale(length_ms: int) -> tuple[int, int]:
    """How long a row lasts and how far its marks are apart: the finest that needs few enough rows."""
    few = (pair for pair in _SPANS if length_ms <= pair[0] * MS_PER_MINUTE * _MOST_ROWS)
    minutes, seconds = next(few, _SPANS[-1])
    return minutes * MS_PER_MINUTE, seconds * MS_PER_SECOND


# -- what a row shows ---------------------------------------------------------------------------


def _row(row: Row, timeline: Timeline) -> Iterator[str]:
    yield from _grid(row)
    yield from _names(row, timeline)
    language = wordings.nearest(timeline.language)
    for one in timeline.intervals:
        if row.meets(one.start_ms, one.end_ms):
            yield from _interval(row, one, language)
    yield from _speech(row, timeline)
    yield from _tones(row, timeline)
    yield from _chapters(row)


def _grid(row: Row) -> Iterator[str]:
    floor_y = row.top_y + _FLOOR
    for time_ms in range(row.start_ms, row.end_ms + 1, row.mark_ms):
        x = row.x(time_ms)
        yield rect("grid", (x - 0.4, floor_y - _TALLEST, 0.8, _TONES + 6 - _FLOOR + _TALLEST))
        yield text(x, row.top_y + _CLOCKS, _SMALL, ms_to_clock(time_ms), "faint middle")
    yield rect("faint", (_MARGIN, floor_y, row.x(row.end_ms) - _MARGIN, 0.8))


def _chapters(row: Row) -> Iterator[str]:
    ends = [row.x(one.start_ms) for one in row.chapters[1:]] + [_RIGHT]
    free_x: float = _MARGIN
    for one, end_x in zip(row.chapters, ends, strict=False):
        x, y, wide = row.x(one.start_ms), row.top_y - _CHAPTER, width(one.title, _BOLD)
        # A title that must be cut behind its line stands before it, if it need not be there.
        before = wide > end_x - x - 8 and wide <= x - free_x - 8
        yield rect("ink", (x - 0.8, y + 3, 1.6, _CHAPTER + _TONES + 3))
        yield _title(one.title, x, y + 13, None if before else end_x - x - 8)
        free_x = x if before else min(x + 5 + wide, end_x)


def _title(title: str, x: float, y: float, room: float | None) -> str:
    """A chapter's title in the room behind its line, or before it where none is given."""
    if room is None:
        return text(x - 5, y, _BOLD, title, "ink bold end")
    return text(x + 5, y, _BOLD, fitted(title, room, _BOLD), "ink bold")


def _names(row: Row, timeline: Timeline) -> Iterator[str]:
    """The name of each move, once over all that belongs to it."""
    for _, group in groupby(timeline.intervals, key=lambda one: (one.section, one.round, one.move)):
        stretch = tuple(group)
        move = stretch[0].move
        if move and row.meets(stretch[0].start_ms, stretch[-1].end_ms):
            yield _name(row, move, stretch)


def _name(row: Row, move: str, stretch: tuple[Interval, ...]) -> str:
    start_ms, end_ms = stretch[0].start_ms, stretch[-1].end_ms
    here_ms = min(end_ms, row.end_ms) - max(start_ms, row.start_ms)
    x, room = row.x(start_ms) + 3, here_ms * _INNER / row.span_ms - 4
    # Where most of it is in another row, that one has the name; it stands here only if it need not be cut.
    fit = fitted if 2 * here_ms >= min(end_ms - start_ms, row.span_ms) else whole
    return text(x, row.top_y + _NAMES, _NAME, fit(move, room, _NAME), "ink")


def _interval(row: Row, one: Interval, language: Language) -> Iterator[str]:
    high, floor_y = LOOKS[one.kind].height, row.top_y + _FLOOR
    x, wide = row.x(one.start_ms), row.x(one.end_ms) - row.x(one.start_ms)
    title = f"{ms_to_clock(one.start_ms)} {interval_label(one, language)}"
    # What is left free parts it from its neighbour.
    yield rect(one.kind, (x, floor_y - high, max(wide - 0.6, 0.4), high), title)
    for at, line in enumerate(_facts(one, high, language)):
        y = floor_y - high + 10.5 + 11.5 * at
        yield text(x + 3, y, _SMALL, whole(line, wide - 4, _SMALL), f"on-{one.kind}")


def _facts(one: Interval, high: int, language: Language) -> tuple[str, ...]:
    """What stands on an interval: its length, and under it its set and side."""
    clock = ms_to_clock(one.duration_ms)
    sets = f"{one.set}/{one.sets}" if one.sets and one.sets > 1 else ""
    facts = (clock, " ".join(part for part in (sets, side_label(one.side, language)) if part))
    return facts[: high // 12]


def _speech(row: Row, timeline: Timeline) -> Iterator[str]:
    for one in timeline.events:
        if isinstance(one, Speech) and row.meets(one.start_ms, one.end_ms):
            x = row.x(one.start_ms)
            box = (x, row.top_y + _SPEECH, max(row.x(one.end_ms) - x, 0.8), 8)
            yield rect("speech", box, f"{ms_to_clock(one.start_ms)} {one.text}")


def _tones(row: Row, timeline: Timeline) -> Iterator[str]:
    """One path for each kind of mark: tones are many."""
    strokes = dict.fromkeys(_MARKS, "")
    for one in timeline.events:
        if isinstance(one, Tone) and row.start_ms <= one.start_ms < row.end_ms:
            name = _mark(one)
            strokes[name] += f"M{number(row.x(one.start_ms))},{row.top_y + _TONES}{_MARKS[name].strokes}"
    for name, drawn in strokes.items():
        yield path(_MARKS[name].look, drawn) if drawn else ""


def _mark(tone: Tone) -> str:
    if tone.cue in PACE:
        return "pace"
    return tone.cue if tone.cue in _MARKS else "other"


# -- what the colours and marks mean ------------------------------------------------------------


def _legend(timeline: Timeline, y: int) -> Iterator[tuple[int, str]]:
    """Each piece of the legend with the line that it stands on."""
    x: float = _MARGIN
    for name, words in _meanings(timeline):
        wide = 15 + width(words, _SMALL)
        if x + wide > _RIGHT:
            x, y = _MARGIN, y + _LEGEND_LINE
        yield y, _sample(name, x, y)
        yield y, text(x + 15, y, _SMALL, words, "ink")
        x += wide + 10


def _meanings(timeline: Timeline) -> Iterator[tuple[str, str]]:
    kinds = {one.kind for one in timeline.intervals}
    marks = {_mark(one) for one in timeline.events if isinstance(one, Tone)}
    language = wordings.nearest(timeline.language)
    yield from ((kind, kind_label(kind, language)) for kind in LOOKS if kind in kinds)
    yield "speech", language.label("mark_speech")
    yield from ((f"tone {name}", language.label(f"mark_{name}")) for name in _MARKS if name in marks)


def _sample(name: str, x: float, y: int) -> str:
    if name in LOOKS:
        high = LOOKS[name].height * 10 / _TALLEST
        return rect(name, (x, y - high, 11, high))
    if name == "speech":
        return rect("speech", (x, y - 7, 11, 6))
    mark = _MARKS[name.removeprefix("tone ")]
    return path(mark.look, f"M{number(x + 6)},{y - 4}{mark.strokes}")
