"""The session as tables in HTML, one an exercise: a row for each interval: its time, move, dose and words.

In: a timeline and the address of its sound. Out: markup. On a screen it is the script that follows the
voice, on paper the cue sheet. Every line leads to its moment in the sound (Media Fragments URI 1.0 §4.2.1),
with the player or without it. On a screen the words are folded, but for those of the first exercise.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import repeat
from typing import TYPE_CHECKING

from audiocoach.publish.chapters import chapters
from audiocoach.publish.labels import details, kind_name
from audiocoach.publish.templates import NO_MARKUP, Markup, fill, joined, part
from audiocoach.publish.transcript import lines
from audiocoach.routine import wordings
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiocoach.coaching.timeline import Chapter, Interval, Timeline
    from audiocoach.language.language import Language
    from audiocoach.publish.transcript import Line

_TIME = '<time datetime="PT${minutes}M${seconds}S">$clock</time>'
_FOLD = """\
<details class="fold"$is_open>
<summary>$time <span dir="auto">$title</span></summary>
$words
</details>"""
_OPEN = Markup(" open")
_ROW = """\
<tr class="interval $kind">
<td class="at">$time</td>
<th scope="row" dir="auto">$move$details</th>
<td class="dose">$dose</td>
<td class="words">$words</td>
</tr>"""
_LINE = '<a class="line" href="$sound#t=$seconds">$time <span dir="auto">$text</span></a>'
_ENTRY = '<li><a href="$sound#t=$seconds">$time <span dir="auto">$title</span></a></li>'


def time_tag(time_ms: int) -> Markup:
    """`<time datetime="PT0M12S">0:12</time>`: exact for programs, in whole seconds for people."""
    minutes, rest_ms = divmod(time_ms, MS_PER_MINUTE)
    return fill(_TIME, minutes=minutes, seconds=_seconds(rest_ms), clock=ms_to_clock(time_ms))


def entries(timeline: Timeline, sound: str) -> Markup:
    """The chapters as items of a list."""
    return joined(
        fill(
            _ENTRY, sound=sound, seconds=_seconds(one.start_ms), time=time_tag(one.start_ms), title=one.title
        )
        for one in chapters(timeline)
    )


def tables(timeline: Timeline, sound: str) -> Markup:
    """A table for each chapter, folded; without chapters there is one, which cannot be folded."""
    language = wordings.nearest(timeline.language)
    rows = [
        (one.start_ms, _row(one, words, sound, language))
        for one, words in zip(timeline.intervals, _by_interval(timeline), strict=True)
    ]
    return folded(timeline, rows, lambda group: part("words.html", language, rows=group))


def folded(
    timeline: Timeline, rows: Iterable[tuple[int, Markup]], whole: Callable[[Markup], Markup]
) -> Markup:
    """What begins at some time, in order, folded by chapter; `whole` makes one thing of a chapter's rows.

    A chapter is an exercise, unless its author has cut the session otherwise.
    """
    told = chapters(timeline)
    groups: list[list[Markup]] = [[] for _ in told or (None,)]
    starts_ms = [one.start_ms for one in told]
    for start_ms, row in rows:
        groups[max(bisect_right(starts_ms, start_ms) - 1, 0)].append(row)
    contents = [whole(joined(group)) for group in groups]
    return joined(map(_fold, told, contents, (_OPEN, *repeat(NO_MARKUP, len(told))))) if told else contents[0]


def _fold(chapter: Chapter, words: Markup, is_open: Markup) -> Markup:
    return fill(_FOLD, is_open=is_open, time=time_tag(chapter.start_ms), title=chapter.title, words=words)


def _by_interval(timeline: Timeline) -> list[list[Line]]:
    """What is said in each interval: a line belongs to the one that it begins in."""
    starts_ms = [one.start_ms for one in timeline.intervals]
    said: list[list[Line]] = [[] for _ in starts_ms]
    for line in lines(timeline):
        said[max(bisect_right(starts_ms, line.start_ms) - 1, 0)].append(line)
    return said


def _row(one: Interval, words: list[Line], sound: str, language: Language) -> Markup:
    move, name, clock = clean(one.move or ""), kind_name(one.kind, language), ms_to_clock(one.duration_ms)
    return fill(
        _ROW,
        kind=one.kind,
        time=time_tag(one.start_ms),
        move=move or name,
        details=_details(one, language),
        dose=f"{name} {clock}" if move else clock,
        words=joined(_line(line, sound) for line in words),
    )


def _details(one: Interval, language: Language) -> Markup:
    parts = details(one, language)
    parts += [language.label("round_number", round=one.round)] if one.round else []
    return fill(' <small dir="auto">$parts</small>', parts=", ".join(parts)) if parts else Markup()


def _line(line: Line, sound: str) -> Markup:
    seconds, time = _seconds(line.start_ms), time_tag(line.start_ms)
    return fill(_LINE, sound=sound, seconds=seconds, time=time, text=line.text)


def _seconds(time_ms: int) -> str:
    """`12` or `12.336`, exactly."""
    whole, rest = divmod(time_ms, MS_PER_SECOND)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)
