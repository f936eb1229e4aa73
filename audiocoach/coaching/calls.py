"""The calls of a long effort: halfway and ten seconds; as many rounds as one can are called by the minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.table import CALL_SLACK_MS
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from audiocoach.coaching.table import Table

HALFWAY_FROM_MS = 40 * MS_PER_SECOND


def lay_calls(table: Table) -> None:
    """Halfway, ten seconds, and the minutes of as many rounds as one can."""
    effort, start_ms, end_ms = table.effort, table.bounds.start_ms, table.bounds.end_ms
    if effort.kind not in ("work", "hold") or effort.length_ms < HALFWAY_FROM_MS:
        return
    middle_ms = start_ms + effort.length_ms // 2
    _call(table, "halfway", "halfway", {}, middle_ms)
    _call(table, "ten_seconds", "time_left", {}, end_ms - 10 * MS_PER_SECOND)
    if not effort.circuit:
        return
    for left_ms in range(MS_PER_MINUTE, effort.length_ms, MS_PER_MINUTE):
        if abs(end_ms - left_ms - middle_ms) > 2 * MS_PER_SECOND:
            values = {"text": table.coach.pack.time(left_ms)}
            _call(table, "time_left", "time_left", values, end_ms - left_ms)


def _call(table: Table, key: str, cue: str, values: dict[str, str], time_ms: int) -> None:
    """A call at its time, or a tone where words are not wanted or have no room."""
    text = table.coach.phrase(key, values)
    if table.full and (
        table.exactly(cue, text, time_ms) or table.within(cue, text, time_ms, time_ms + CALL_SLACK_MS)
    ):
        return
    if key == "halfway":
        table.soft_tone("halfway", "halfway", time_ms)
