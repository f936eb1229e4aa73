"""The calls of a long effort: halfway and ten seconds; as many rounds as one can are called by the minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.effort.bounds import tone_ms
from audiocoach.coaching.effort.layout import CALL_SLACK_MS, tone
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Effort

HALFWAY_FROM_MS = 40 * MS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Call:
    """What is called at a time: an entry of the pack, and what fills it."""

    time_ms: int
    entry: str
    kind: str
    text: str = ""


def lay_calls(layout: EffortLayout) -> tuple[EffortLayout, bool]:
    """Halfway, ten seconds, and the minutes of as many rounds as one can; whether all are heard in words."""
    heard = True
    for call in _calls(layout.ground):
        layout, is_heard = _lay_call(layout, call)
        heard = heard and is_heard
    return layout, heard


def is_called(effort: Effort) -> bool:
    """Whether an effort is long enough for calls."""
    return effort.traits.by_clock and effort.length_ms >= HALFWAY_FROM_MS


def _calls(ground: Ground) -> Iterator[Call]:
    effort, start_ms, end_ms = ground.effort, ground.bounds.start_ms, ground.bounds.end_ms
    if not is_called(effort):
        return
    middle_ms = start_ms + effort.length_ms // 2
    yield Call(middle_ms, "halfway", "halfway")
    yield Call(end_ms - 10 * MS_PER_SECOND, "ten_seconds", "time_left")
    for left_ms in range(MS_PER_MINUTE, effort.length_ms if effort.circuit else 0, MS_PER_MINUTE):
        if abs(end_ms - left_ms - middle_ms) > 2 * MS_PER_SECOND:
            yield Call(end_ms - left_ms, "time_left", "time_left", ground.speaker.pack.time(left_ms))


def _lay_call(layout: EffortLayout, call: Call) -> tuple[EffortLayout, bool]:
    """A call at its time, or a tone where words are not wanted or have no room.

    Beats keep their places; what is told at them may be told more shortly to make room.
    """
    ground = layout.ground
    line = ground.phrase(call.entry, {"text": call.text} if call.text else {})
    if ground.full:
        place = _place_ms(layout, call.time_ms, ground.length_ms(line))
        called = layout.say(ground.cue(call.kind, line, entry=call.entry), place)
        if called is not None:
            return called, True
    rings = call.entry == "halfway" and ground.effort.delivery.tones == "full"
    if rings and layout.room.fits(call.time_ms, tone_ms("halfway")):
        return layout.ringing([tone(ground, "halfway", "halfway", call.time_ms)]), False
    return (layout.noting(ground.effort.position, line) if ground.full else layout), False


def _place_ms(layout: EffortLayout, time_ms: int, length_ms: int) -> int | None:
    """At its time; else a little later; else so that it ends a little before."""
    if layout.room.fits(time_ms, length_ms):
        return time_ms
    late_ms = layout.room.first(time_ms, time_ms + CALL_SLACK_MS, length_ms)
    if late_ms is not None:
        return late_ms
    return layout.room.last(time_ms - CALL_SLACK_MS - length_ms, time_ms - length_ms, length_ms)
