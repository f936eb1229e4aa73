"""Advice on a session as it is heard: talk without end, starts out of silence, what is said too often. Pure.

In: a routine and its timeline. Out: notes for `check`, less what the routine says to `ignore`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from audiocoach.coaching.effort.fading import MOST_TIMES
from audiocoach.coaching.steps import EXERCISES
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import Problem, quote
from audiocoach.language.language import traits
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audiocoach.coaching.timeline import Interval, Timeline
    from audiocoach.routine.model import Routine

MOST_TALK_MS = 2 * MS_PER_MINUTE
# From here on a body wants to be warmed, and to come down.
LONG_SESSION_MS = 15 * MS_PER_MINUTE
MOST_SILENCE_MS = 10 * MS_PER_SECOND
# Whoever was told how to get into position does so.
MOST_POSITIONING_MS = 15 * MS_PER_SECOND
_GAPS = frozenset({"rest", "ready", "switch", "release"})
# Numbers, what is left, and breaths are a beat, not a text.
_BEATS = frozenset({"count", "last", "left", "time_left", "breath"})


def advise(routine: Routine, timeline: Timeline) -> tuple[Problem, ...]:
    """What to think about, each once, by place."""
    advice = (problem for check in _CHECKS for problem in check(routine, timeline))
    return tuple(sorted({problem for problem in advice if problem.code not in routine.ignore}))


def _talk(_: Routine, timeline: Timeline) -> Iterator[Problem]:
    for kind, group in groupby(timeline.intervals, key=lambda interval: interval.kind):
        talk = list(group)
        length_ms = sum(interval.duration_ms for interval in talk)
        if kind == "talk" and length_ms > MOST_TALK_MS:
            message = (
                f"{ms_to_clock(length_ms)} of talk at {ms_to_clock(talk[0].start_ms)}: who came to move "
                f"listens for {ms_to_clock(MOST_TALK_MS)} at most: spread it over rests"
            )
            yield Problem(talk[0].position, message, "note", "endless-talk")


def _silence(_: Routine, timeline: Timeline) -> Iterator[Problem]:
    """Nobody knows how long a silence lasts: a call before its end brings the listener back."""
    speeches = [event for event in timeline.events if isinstance(event, Speech)]
    ends_ms = sorted(event.end_ms for event in speeches)
    setups_ms = sorted(event.start_ms for event in speeches if event.cue == "setup")
    silences = [
        (after.position, before.end_ms, silence_ms)
        for before, after in pairwise(timeline.intervals)
        if before.kind in _GAPS and after.kind in EXERCISES
        if (silence_ms := _silence_before(before, ends_ms)) >= _most_silence(before, setups_ms)
    ]
    for position, group in groupby(sorted(silences), key=lambda row: row[0]):
        rows = list(group)
        longest_ms = max(silence_ms for _, _, silence_ms in rows)
        times = f"{len(rows)} times, first at" if len(rows) > 1 else "at"
        message = (
            f"{longest_ms // MS_PER_SECOND} seconds of silence before the start, {times} "
            f"{ms_to_clock(rows[0][1])}: add get_ready to the move, or a shorter rest"
        )
        yield Problem(position, message, "note", "silent-start")


def _silence_before(gap: Interval, ends_ms: Sequence[int]) -> int:
    """How long nothing is said at the end of a gap; `ends_ms` are those of all words, in order."""
    last = bisect_right(ends_ms, gap.end_ms) - 1
    return gap.end_ms - max(ends_ms[last] if last >= 0 else 0, gap.start_ms)


def _most_silence(gap: Interval, setups_ms: Sequence[int]) -> int:
    """How long it may be, where it is told in order when somebody is told how to get into position."""
    first = bisect_left(setups_ms, gap.start_ms)
    is_told = first < len(setups_ms) and setups_ms[first] < gap.end_ms
    return MOST_POSITIONING_MS if is_told else MOST_SILENCE_MS


def _warm_up(routine: Routine, timeline: Timeline) -> Iterator[Problem]:
    pattern = traits(routine.language).listening.warm_up
    if _lacks(timeline, pattern, first=True):
        message = "a session as long as this begins with no warm-up: add a section called Warm-up"
        yield Problem(routine.position, message, "note", "missing-warm-up")


def _cool_down(routine: Routine, timeline: Timeline) -> Iterator[Problem]:
    pattern = traits(routine.language).listening.cool_down
    if _lacks(timeline, pattern, first=False):
        message = "a session as long as this ends with no cool-down: add a section called Cool-down"
        yield Problem(routine.position, message, "note", "missing-cool-down")


def _lacks(timeline: Timeline, pattern: str, *, first: bool) -> bool:
    """Whether the exercise at one end of a long session stands in no section of such a name."""
    exercises = [interval for interval in timeline.intervals if interval.kind in EXERCISES]
    if timeline.duration_ms < LONG_SESSION_MS or not exercises:
        return False
    section = exercises[0 if first else -1].section or ""
    return re.search(pattern, section, re.IGNORECASE) is None


def _repetition(_: Routine, timeline: Timeline) -> Iterator[Problem]:
    spoken = [e for e in timeline.events if isinstance(e, Speech) and e.cue not in _BEATS]
    for text, times in Counter(event.text for event in spoken).items():
        if times > MOST_TIMES:
            position = next(event.position for event in spoken if event.text == text)
            message = f"{times} times {quote(text)}: after {MOST_TIMES} nobody hears it: vary it, or leave it"
            yield Problem(position, message, "note", "repeated-words")


_CHECKS: tuple[Callable[[Routine, Timeline], Iterator[Problem]], ...] = (
    _talk,
    _silence,
    _warm_up,
    _cool_down,
    _repetition,
)
