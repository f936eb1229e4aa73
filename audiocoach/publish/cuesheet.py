"""The session as a table in HTML: a row for each interval with its time, move, dose and words.

In: a timeline and the address of its sound. Out: markup. On a screen it is the script that follows the
voice, on paper the cue sheet. Every line leads to its moment in the sound (Media Fragments URI 1.0 §4.2.1),
with the player or without it.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from audiocoach.publish.chapters import chapters
from audiocoach.publish.labels import details, kind_name
from audiocoach.publish.templates import Markup, fill, joined
from audiocoach.publish.transcript import lines
from audiocoach.routine import wordings
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Chapter, Interval, Timeline
    from audiocoach.language.language import Language
    from audiocoach.publish.transcript import Line

_TIME = '<time datetime="PT${minutes}M${seconds}S">$clock</time>'
_CHAPTER = '<tr class="chapter"><th scope="rowgroup" colspan="4" dir="auto">$title</th></tr>'
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


def bodies(timeline: Timeline, sound: str) -> Markup:
    """The rows of the table, a `tbody` for each chapter."""
    said = _by_interval(timeline)
    told = chapters(timeline) or (None,)
    groups: list[list[Markup]] = [[_heading(one)] for one in told]
    starts_ms = [one.start_ms for one in told if one]
    language = wordings.nearest(timeline.language)
    for one, words in zip(timeline.intervals, said, strict=True):
        row = _row(one, words, sound, language)
        groups[max(bisect_right(starts_ms, one.start_ms) - 1, 0)].append(row)
    return joined(fill("<tbody>\n$rows\n</tbody>", rows=joined(group)) for group in groups)


def _heading(chapter: Chapter | None) -> Markup:
    return fill(_CHAPTER, title=chapter.title) if chapter else Markup()


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
