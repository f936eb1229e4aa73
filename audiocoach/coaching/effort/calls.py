"""The calls of a long effort: halfway and ten seconds; as many rounds as one can are called by the minute.

What an `announce` says of them goes before what is good in most routines.
"""

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
# Where a coach asks for it, halfway is called in shorter ones, too.
_HALFWAY_WHERE_WANTED_FROM_MS = 20 * MS_PER_SECOND
_LAST_CALL_MS = 10 * MS_PER_SECOND
# So much of an interval lies before its last call.
_LEAST_BEFORE_MS = 5 * MS_PER_SECOND
# Two calls that are nearer than this would be one too many.
_NEAR_MS = 2 * MS_PER_SECOND


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
    return effort.traits.by_clock and bool(_halfway(effort) or _last_ms(effort) or any(_minutes_ms(effort)))


def _halfway(effort: Effort) -> bool:
    wanted = effort.delivery.announce.halfway
    from_ms = _HALFWAY_WHERE_WANTED_FROM_MS if wanted else HALFWAY_FROM_MS
    return wanted is not False and effort.length_ms >= from_ms


def _last_ms(effort: Effort) -> int:
    """How long before the end the last call comes, 0 where none does."""
    wanted = effort.delivery.announce.last_ms
    if wanted is None:
        return _LAST_CALL_MS if effort.length_ms >= HALFWAY_FROM_MS else 0
    return wanted if effort.length_ms >= wanted + _LEAST_BEFORE_MS else 0


def _minutes_ms(effort: Effort) -> range:
    """How much is left where that is called, from the end on."""
    wanted = effort.delivery.announce.every_ms
    every_ms = (MS_PER_MINUTE if effort.circuit else 0) if wanted is None else wanted
    return range(every_ms, effort.length_ms, every_ms) if every_ms else range(0)


def _calls(ground: Ground) -> Iterator[Call]:
    effort, start_ms, end_ms = ground.effort, ground.bounds.start_ms, ground.bounds.end_ms
    if not is_called(effort):
        return
    taken_ms = []
    if _halfway(effort):
        taken_ms.append(start_ms + effort.length_ms // 2)
        yield Call(taken_ms[0], "halfway", "halfway")
    for left_ms in dict.fromkeys((_last_ms(effort), *_minutes_ms(effort))):
        time_ms = end_ms - left_ms
        if left_ms and all(abs(time_ms - other_ms) > _NEAR_MS for other_ms in taken_ms):
            taken_ms.append(time_ms)
            entry = "ten_seconds" if left_ms == _LAST_CALL_MS else "time_left"
            text = "" if left_ms == _LAST_CALL_MS else ground.speaker.pack.time(left_ms)
            yield Call(time_ms, entry, "time_left", text)


def _lay_call(layout: EffortLayout, call: Call) -> tuple[EffortLayout, bool]:
    """A call at its time, or a tone where words are not wanted or have no room.

    Beats keep their places; what is told at them may be told more shortly to make room.
    """
    ground = layout.ground
    line = ground.phrase(call.entry, {"text": call.text} if call.text else {})
    if ground.full and line:
        place = _place_ms(layout, call.time_ms, ground.length_ms(line))
        called = layout.say(ground.cue(call.kind, line, entry=call.entry), place)
        if called is not None:
            return called, True
    rings = call.entry == "halfway" and ground.effort.delivery.tones == "full"
    if rings and layout.room.fits(call.time_ms, tone_ms("halfway", ground.effort.delivery)):
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
