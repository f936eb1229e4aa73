"""Beats of a `bpm`: a tick on each, and the tens of quick repetitions, which are too short to be counted.

A beat is where the tempo has it from the start on, to the millisecond: nothing adds up. Words come before
ticks: the beat is silent while they last, and goes on where it would be without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.effort.bounds import tone_ms
from audiocoach.coaching.effort.layout import CALL_SLACK_MS, tone
from audiocoach.coaching.steps import beats_ms
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Effort

_TENS = 10


def lay_tens(layout: EffortLayout) -> EffortLayout:
    """`10.`, `20.`: how many are done, or left, as the next one begins, where there is room for it."""
    ground, effort = layout.ground, layout.ground.effort
    if not (effort.traits.is_counted and ground.full):
        return layout
    for done, count in _tens(effort):
        ground.speaker.check()
        line = ground.phrase("rep", {**ground.values_at(done), "count": str(count)})
        time_ms = ground.bounds.start_ms + beats_ms(done, effort.bpm)
        place = layout.words.first(time_ms, time_ms + CALL_SLACK_MS, ground.length_ms(line))
        layout = layout.say(ground.cue("tens", line, entry="rep"), place) or layout
    return layout


def _tens(effort: Effort) -> Iterator[tuple[int, int]]:
    """After how many which number is told; the last three are too quick to be counted."""
    if effort.delivery.announce.count is False:
        return
    match effort.move.count:
        case None | "up":
            yield from ((done, done) for done in range(_TENS, effort.reps, _TENS))
        case "down":
            yield from ((effort.reps - left, left) for left in reversed(range(_TENS, effort.reps, _TENS)))
        case "last-three" | "none":
            pass
        case _:
            assert_never(effort.move.count)


def lay_metronome(layout: EffortLayout) -> EffortLayout:
    """A tick on each beat that no other sound takes, where tones are wanted."""
    ground, effort = layout.ground, layout.ground.effort
    if not effort.bpm or effort.delivery.tones != "full":
        return layout
    length_ms = tone_ms("beat", effort.delivery)
    ticks = [
        tone(ground, "beat", "beat", time_ms)
        for time_ms in _times_ms(ground)
        if time_ms >= ground.open_ms and layout.tones.fits(time_ms, length_ms)
    ]
    return layout.ringing(ticks)


def _times_ms(ground: Ground) -> Iterator[int]:
    """When each beat begins; the first is the start itself."""
    bounds, bpm = ground.bounds, ground.effort.bpm
    number = 0
    while (time_ms := bounds.start_ms + beats_ms(number, bpm)) < bounds.end_ms:
        ground.speaker.check()
        yield time_ms
        number += 1
