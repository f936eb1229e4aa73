"""How many are left: "Three more." as the last three repetitions begin, "Five more breaths." at half of many.

They fill a silence between the beats, which tell the number anyway: where there is none, nothing is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.space import APART_MS

if TYPE_CHECKING:
    from audiocoach.coaching.effort.layout import EffortLayout
    from audiocoach.coaching.steps import Effort

REPS_LEFT = 3
# Of fewer one knows how many are left without being told.
REPS_FROM = 6
BREATHS_FROM = 8


def tells_left(effort: Effort) -> bool:
    """Whether an effort is long enough for it to be told how much is left."""
    if effort.delivery.cues != "full" or effort.delivery.announce.count is False:
        return False
    if effort.move.count not in {None, "up"}:
        # Counted down, the number tells it; uncounted, it is not wanted.
        return False
    return (effort.traits.is_counted and effort.reps >= REPS_FROM) or (
        effort.traits.is_led and _breaths(effort) >= BREATHS_FROM
    )


def lay_left(layout: EffortLayout) -> EffortLayout:
    """How many repetitions or breaths are left: behind the number of the one before, or before the breath."""
    ground, effort = layout.ground, layout.ground.effort
    if not tells_left(effort):
        return layout
    if effort.traits.is_led:
        return _lay_breaths_left(layout, _breaths(effort) // 2)
    line = ground.phrase("reps_left", {"count": str(REPS_LEFT)})
    begins_ms, length_ms = ground.bounds.end_ms - REPS_LEFT * effort.rep_ms, ground.length_ms(line)
    place = layout.room.first(begins_ms, begins_ms + effort.rep_ms // 2, length_ms)
    return layout.say(ground.cue("left", line, entry="reps_left"), place) or layout


def _lay_breaths_left(layout: EffortLayout, left: int) -> EffortLayout:
    ground = layout.ground
    pack = ground.speaker.pack
    count = pack.traits.in_words(left)
    line = ground.phrase("breaths_left", {"count": count, "text": pack.counted("breath", left, count)})
    one_ms = sum(ground.effort.breath_ms)
    until_ms = ground.bounds.end_ms - left * one_ms
    length_ms = ground.length_ms(line)
    place = layout.room.last(until_ms - one_ms, until_ms - APART_MS - length_ms, length_ms)
    return layout.say(ground.cue("left", line, entry="breaths_left"), place) or layout


def _breaths(effort: Effort) -> int:
    return effort.length_ms // sum(effort.breath_ms) if effort.breath_ms else 0
