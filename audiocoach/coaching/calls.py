"""The calls of a long effort: halfway and ten seconds; as many rounds as one can are called by the minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.beats import beside_beats
from audiocoach.coaching.bounds import tone_ms
from audiocoach.coaching.table import CALL_SLACK_MS
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from audiocoach.coaching.table import Table

HALFWAY_FROM_MS = 40 * MS_PER_SECOND


def lay_calls(table: Table) -> bool:
    """Halfway, ten seconds, and the minutes of as many rounds as one can; whether all are heard."""
    effort, start_ms, end_ms = table.effort, table.bounds.start_ms, table.bounds.end_ms
    if effort.kind not in ("work", "hold") or effort.length_ms < HALFWAY_FROM_MS:
        return True
    middle_ms = start_ms + effort.length_ms // 2
    heard = [
        _call(table, "halfway", "halfway", {}, middle_ms),
        _call(table, "ten_seconds", "time_left", {}, end_ms - 10 * MS_PER_SECOND),
    ]
    for left_ms in range(MS_PER_MINUTE, effort.length_ms if effort.circuit else 0, MS_PER_MINUTE):
        if abs(end_ms - left_ms - middle_ms) > 2 * MS_PER_SECOND:
            values = {"text": table.coach.pack.time(left_ms)}
            heard.append(_call(table, "time_left", "time_left", values, end_ms - left_ms))
    return all(heard)


def _call(table: Table, key: str, cue: str, values: dict[str, str], time_ms: int) -> bool:
    """A call at its time or a little later, or a tone where words are not wanted or have no room.

    Beats keep their places; what is told at them may be told more shortly to make room.
    """
    room = beside_beats(table, 0)
    if table.full:
        text = table.coach.phrase(key, values)
        length_ms = table.length_ms(text)
        late_ms = room.first(time_ms, time_ms + CALL_SLACK_MS, length_ms)
        if table.say(table.cue(cue, text), text, time_ms if room.fits(time_ms, length_ms) else late_ms):
            return True
    if key == "halfway" and room.fits(time_ms, tone_ms("halfway")):
        table.soft_tone("halfway", "halfway", time_ms)
    return False
