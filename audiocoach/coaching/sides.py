"""Which events are of a side: words that name it have it already, tones have it from their interval. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.steps import EXERCISES
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.coaching.timeline import Event, Interval

# Before an exercise these are of it: the count to it, and what tells that one changes to it.
_OF_WHAT_COMES = frozenset({"count", "switch"})


def on_their_sides(events: Sequence[Event], intervals: Sequence[Interval]) -> Iterable[Event]:
    """Events in order of time, each tone on the side of what it is of; the words as they are."""
    if not any(interval.side for interval in intervals):
        return events
    return _on_their_sides(events, intervals)


def in_the_middle(events: Iterable[Event]) -> Iterator[Event]:
    """Events of which none is on a side."""
    return (replace(event, side="") if event.side else event for event in events)


def _on_their_sides(events: Sequence[Event], intervals: Sequence[Interval]) -> Iterator[Event]:
    at = 0
    for event in events:
        while at + 1 < len(intervals) and intervals[at].end_ms <= event.start_ms:
            at += 1
        if isinstance(event, Speech):
            yield event
            continue
        before = intervals[at - 1] if at and intervals[at].start_ms == event.start_ms else None
        side = _side_of(event, before, intervals[at])
        yield replace(event, side=side) if side else event


def _side_of(tone: Tone, before: Interval | None, here: Interval) -> str:
    """The side of the interval that a tone sounds in, or that it closes."""
    is_change = _OF_WHAT_COMES & {tone.cue, tone.tone}
    if tone.cue == "stop" and not is_change:
        here = before or here
    return here.side or "" if here.kind in EXERCISES or is_change else ""
