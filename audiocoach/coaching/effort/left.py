"""How many are left: "Three more." before the last three repetitions, "Five breaths left." at half of many.

They fill a silence between the beats, which tell the number anyway: where there is none, nothing is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.space import APART_MS

if TYPE_CHECKING:
    from audiocoach.coaching.cues import Line
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Effort

REPS_LEFT = 3
# Of fewer one knows how many are left without being told.
REPS_FROM = 6
BREATHS_FROM = 8


def tells_left(effort: Effort) -> bool:
    """Whether an effort is long enough for it to be told how much is left."""
    if effort.delivery.cues != "full" or effort.delivery.announce.count is False:
        return False
    return (effort.traits.is_counted and effort.reps >= REPS_FROM) or (
        effort.traits.is_led and _breaths(effort) >= BREATHS_FROM
    )


def lay_left(layout: EffortLayout) -> EffortLayout:
    """How many repetitions or breaths are left, said right before the first of them."""
    ground, effort = layout.ground, layout.ground.effort
    if not tells_left(effort):
        return layout
    if effort.traits.is_led:
        return _lay_breaths_left(layout, _breaths(effort) // 2)
    line = ground.phrase("reps_left", {"count": str(REPS_LEFT)})
    return _lay(layout, line, "reps_left", effort.rep_ms, REPS_LEFT)


def _lay_breaths_left(layout: EffortLayout, left: int) -> EffortLayout:
    ground = layout.ground
    text = ground.speaker.pack.counted("breath", left)
    line = ground.phrase("breaths_left", {"text": text})
    return _lay(layout, line, "breaths_left", sum(ground.effort.breath_ms), left)


def _lay(layout: EffortLayout, line: Line, entry: str, one_ms: int, left: int) -> EffortLayout:
    """In the last silence of the one before the first of those that are `left`."""
    ground: Ground = layout.ground
    until_ms = ground.bounds.end_ms - left * one_ms
    length_ms = ground.length_ms(line)
    place = layout.room.last(until_ms - one_ms, until_ms - APART_MS - length_ms, length_ms)
    return layout.say(ground.cue("left", line, entry=entry), place) or layout


def _breaths(effort: Effort) -> int:
    return effort.length_ms // sum(effort.breath_ms) if effort.breath_ms else 0
