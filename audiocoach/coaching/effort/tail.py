"""What comes next, said within an effort that no gap follows; and what the gap before it had no room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Laid, Weight
from audiocoach.coaching.effort.bounds import tone_ms
from audiocoach.coaching.effort.fading import FULL_REPS, fades
from audiocoach.coaching.effort.layout import CALL_SLACK_MS
from audiocoach.coaching.effort.repetitions import last_span, repetition_beats
from audiocoach.coaching.gaps import CARRIED_KINDS, line_up, spoken
from audiocoach.coaching.space import APART_MS, PAUSE_MS
from audiocoach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.effort.layout import EffortLayout
    from audiocoach.coaching.space import Space


# The part of an effort, one in so many, that is its beginning.
_BEGINNING = 3
_CHANGES = frozenset({"side", "way"})


def lay_tail(layout: EffortLayout, cues: Sequence[Cue]) -> EffortLayout:
    """What comes next, said before the last count where no gap follows: all of it or nothing.

    It goes between the beats. Only what has to be said makes the second repetition be told more shortly, and
    only a change of side or way takes the place of calls.
    """
    if not cues:
        return layout
    for room in _rooms(layout, cues):
        laid = _beside_beats(layout, cues, room)
        if laid is not None:
            return laid
    return replace(layout, lost=(*layout.lost, *cues))


def _rooms(layout: EffortLayout, cues: Sequence[Cue]) -> Iterator[Space]:
    """Where the cues may be said, the best first."""
    ground, effort, start_ms = layout.ground, layout.ground.effort, layout.ground.bounds.start_ms
    changes = any(cue.cue in _CHANGES for cue in cues) and fades(ground) and effort.reps > FULL_REPS
    if changes:
        last_ms = ground.bounds.end_ms - effort.rep_ms
        yield layout.room.closed(start_ms, last_ms)
        yield _between_ticks(layout, 1)
    taught = FULL_REPS if effort.phases and ground.full and ground.new else 0
    yield layout.room.closed(start_ms, start_ms + taught * effort.rep_ms)
    if taught > 1 and any(cue.weight == Weight.ANCHORED for cue in cues):
        yield layout.room.closed(start_ms, start_ms + effort.rep_ms)
    if changes:
        yield _between_ticks(layout, FULL_REPS)


def _between_ticks(layout: EffortLayout, reps: int) -> Space:
    """The last repetitions as if they were ticked: a change that is told sooner is done sooner."""
    ground, bounds = layout.ground, layout.ground.bounds
    beats = [
        beat for rep in range(ground.reps - reps, ground.reps) for beat in repetition_beats(ground, rep, {})
    ]
    ticks = [(beat.time_ms, tone_ms("phase", ground.effort.delivery)) for beat in beats]
    last = last_span(ground, bounds.end_ms - ground.effort.rep_ms, "rep_last")
    return layout.words.closed(bounds.start_ms, beats[0].time_ms).taking([*ticks, last])


def _beside_beats(layout: EffortLayout, cues: Sequence[Cue], room: Space) -> EffortLayout | None:
    """The cues from the end backwards, where there is room."""
    ground, effort = layout.ground, layout.ground.effort
    if effort.rep is not None:
        room = room.closed(ground.bounds.start_ms, ground.open_ms + 2 * CALL_SLACK_MS)
    end_ms = ground.bounds.end_ms
    for run in reversed(_runs(cues)):
        rows = line_up([spoken(cue, cue.line, ground.speaker) for cue in run], 0, ground.speaker.grid_ms)
        length_ms = rows[-1][0] + rows[-1][1].length_ms
        free = _less_last_two(room, layout) if any(cue.cue in CARRIED_KINDS for cue in run) else room
        place = free.last(ground.open_ms + APART_MS, end_ms - length_ms, length_ms)
        if place is None:
            return None
        laid = [Laid(place + start_ms, words.length_ms, words.cue, words.line) for start_ms, words in rows]
        layout = layout.saying(laid)
        end_ms = place - PAUSE_MS
    return layout


def _less_last_two(room: Space, layout: EffortLayout) -> Space:
    """The room less the time from the beginning of the last repetition but one to that of the last.

    Which set or round it is, heard there, would be taken for the repetitions' number.
    """
    effort, end_ms = layout.ground.effort, layout.ground.bounds.end_ms
    if not effort.traits.is_counted or effort.reps == 1:
        return room
    return room.closed(end_ms - 2 * effort.rep_ms, end_ms - effort.rep_ms)


def _runs(cues: Sequence[Cue]) -> list[tuple[Cue, ...]]:
    """What is said in one go. A next move is: its words among those of the running one would be orders."""
    if any(cue.cue == "announce" for cue in cues):
        return [tuple(cues)]
    return [(cue,) for cue in cues]


def lay_carried(layout: EffortLayout, cues: Sequence[Cue]) -> EffortLayout:
    """Which set it is, where the gap before had no room to say it: as it begins, or noted.

    Later it would be taken for the next one.
    """
    ground = layout.ground
    from_ms = ground.open_ms + APART_MS
    latest_ms = ground.bounds.start_ms + ground.effort.length_ms // _BEGINNING
    for cue in cues:
        length_ms = ground.length_ms(cue.line)
        place = layout.room.first(from_ms, latest_ms, length_ms)
        layout = layout.say(cue, place) or layout.noting(cue.position, cue.line)
        # A round within a round comes behind that.
        from_ms = from_ms if place is None else place + length_ms
    return layout
