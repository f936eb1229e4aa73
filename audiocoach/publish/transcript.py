"""What is said in a session, in the formats that players read.

In: a timeline. Out: text whose lines end with a line feed. Every phrase that has words is told once,
in order, from the millisecond it begins to the one it ends; texts are on one line first (`tags.clean`).
What an author wrote stands last in its line, so that marks of writing direction turn nothing of ours.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech
from audiocoach.publish.chapters import chapters
from audiocoach.records import dataclass
from audiocoach.routine import wordings
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_SECOND, ms_to_clock, ms_to_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.timeline import Timeline

# What apps show of a transcript without breaking lines again.
_LINE_LENGTH = 65
# SRT and LRC have no escapes, and players take these for markup or times: look-alikes stand in.
_LOOK_ALIKES = str.maketrans("<>[]{}", "\u2039\u203a()()")


@dataclass(frozen=True, slots=True)
class Line:
    """A phrase on one line. `end_ms` is the first moment after it, and after `start_ms`."""

    start_ms: int
    end_ms: int
    text: str


def lines(timeline: Timeline) -> tuple[Line, ...]:
    """The phrases that have words, in order of time."""
    spoken = [event for event in timeline.events if isinstance(event, Speech)]
    found = (Line(one.start_ms, max(one.end_ms, one.start_ms + 1), clean(one.text)) for one in spoken)
    return tuple(line for line in found if line.text)


def vtt(timeline: Timeline) -> str:
    """WebVTT (W3C, WebVTT §4.1) in lines of up to 65 characters: what apps want of a transcript."""
    blocks = ("\n".join((_span(line), *map(_vtt_text, _wrapped(line.text)))) for line in lines(timeline))
    return "\n\n".join(("WEBVTT", *blocks)) + "\n"


def _vtt_text(text: str) -> str:
    # With `>` escaped there is no `-->` left either.
    return escape(text, quote=False)


def srt(timeline: Timeline) -> str:
    """SubRip, as players read it: it has no standard and no escapes."""
    blocks = (
        "\n".join((str(number), _span(line).replace(".", ","), *_wrapped(_plain(line.text)), ""))
        for number, line in enumerate(lines(timeline), start=1)
    )
    return "\n".join(blocks)


def _plain(text: str) -> str:
    return text.translate(_LOOK_ALIKES)


def _wrapped(text: str) -> list[str]:
    return wrap(text, _LINE_LENGTH, break_on_hyphens=False)


def _span(line: Line) -> str:
    return f"{ms_to_stamp(line.start_ms)} --> {ms_to_stamp(line.end_ms)}"


def lrc(timeline: Timeline) -> str:
    """Lyrics with times to the hundredth of a second, minutes counting on past 59."""
    title = _plain(clean(timeline.title))
    head = [f"[ti:{title}]", f"[length:{_lrc_clock(timeline.duration_ms)}]", "[re:audiocoach]"]
    body = (
        f"[{_lrc_clock(line.start_ms)}.{line.start_ms % MS_PER_SECOND // 10:02}]{_plain(line.text)}"
        for line in lines(timeline)
    )
    return "\n".join((*head, *body)) + "\n"


def _lrc_clock(time_ms: int) -> str:
    minutes, seconds = divmod(time_ms // MS_PER_SECOND, 60)
    return f"{minutes:02}:{seconds:02}"


def to_read(timeline: Timeline) -> Iterator[tuple[int, str]]:
    """What is said, and where a rest waits for its listener: when, and the text."""
    waits = wordings.nearest(timeline.language).label("until_ready")
    for one in timeline.intervals:
        if one.until:
            yield one.start_ms, f"({waits})"
    for line in lines(timeline):
        yield line.start_ms, line.text


def txt(timeline: Timeline) -> str:
    """The words to read: the title, and under each chapter what is said in it, with its time."""
    heads = [(one.start_ms, 0, f"\n{ms_to_clock(one.start_ms)}  {one.title}\n") for one in chapters(timeline)]
    said = [(start_ms, 1, f"{ms_to_clock(start_ms):>9}  {text}") for start_ms, text in to_read(timeline)]
    rows = [row for *_, row in sorted(heads + said)]
    return "\n".join((clean(timeline.title), ms_to_clock(timeline.duration_ms), *rows)) + "\n"
