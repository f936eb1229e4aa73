"""The inside of an effort: its tones, and the words that fit between them.

An effort's length is fixed before anything is said in it: what does not fit is said shorter, ticked,
taught before the go tone, or left out with a note. Never does it take longer.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from audiocoach.coaching.beats import beside_beats
from audiocoach.coaching.bounds import tone_ms
from audiocoach.coaching.breaths import lay_breaths
from audiocoach.coaching.calls import lay_calls
from audiocoach.coaching.gaps import COUNT_MS, line_up, spoken
from audiocoach.coaching.narration import ANCHORED
from audiocoach.coaching.paces import PHASE_REST_MS, lay_paced, paced, steps_once
from audiocoach.coaching.reminders import lay_offer, lay_reminders
from audiocoach.coaching.repetitions import (
    FULL_REPS,
    Number,
    lay_repetitions,
    number_hold,
    repetition,
    side_alone,
)
from audiocoach.coaching.space import APART_MS, PAUSE_MS
from audiocoach.coaching.table import CALL_SLACK_MS, Table
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiocoach.coaching.bounds import Bounds, Edge
    from audiocoach.coaching.narration import Coach, Cue
    from audiocoach.coaching.remarks import Remark
    from audiocoach.coaching.steps import Effort, Phase
    from audiocoach.coaching.timeline import Event
    from audiocoach.routine.model import Words

COUNT_OUT_FROM_MS = 10 * MS_PER_SECOND


@dataclass(frozen=True, slots=True)
class EffortLayout:
    """What sounds in an effort, and what is noted."""

    events: tuple[Event, ...] = ()
    notes: tuple[Remark, ...] = ()


def untaught(effort: Effort, coach: Coach) -> tuple[Words, ...]:
    """The phases whose words do not fit into the effort: they are taught before its go tone."""
    if effort.guide or not effort.phases or not coach.is_new(effort):
        return ()
    every = tuple(phase.words for phase in effort.phases)
    never_begun = effort.rep_ms > effort.length_ms
    if effort.kind == "breaths" or effort.manner.cues != "full" or never_begun:
        return every
    if effort.rep_ms:
        return tuple(phase.words for phase in effort.phases if not _phase_fits(phase, effort, coach))
    lengths = [coach.length_ms(coach.fill(words, coach.values(effort)), effort.manner) for words in every]
    spoken_ms = sum(lengths) + len(lengths) * (PHASE_REST_MS + APART_MS)
    return every if spoken_ms + tone_ms("go") + COUNT_MS > effort.length_ms else ()


def _phase_fits(phase: Phase, effort: Effort, coach: Coach) -> bool:
    text = coach.fill(phase.words, coach.values(effort))
    opens_ms = tone_ms("go") + APART_MS if phase.start_ms == 0 else 0
    # The last three seconds may belong to the count before the next interval.
    until_ms = min(phase.start_ms + phase.length_ms, effort.length_ms - COUNT_MS) - APART_MS
    return phase.start_ms + opens_ms + coach.length_ms(text, effort.manner) <= until_ms


def lay_effort(effort: Effort, bounds: Bounds, tail: Sequence[Cue], coach: Coach) -> EffortLayout:
    """Fill one effort. `tail` is said as late as it can be, before the last count."""
    if effort.kind == "pause":
        return EffortLayout()
    table = Table(effort, bounds, coach)
    called = _begin(table)
    _tail(table, tail)
    number_hold(table)
    if not called:
        lay_calls(table)
    _beat(table)
    lay_offer(table)
    lay_reminders(table)
    return EffortLayout(tuple(table.events), tuple(table.notes))


def tail_fits(effort: Effort, bounds: Bounds, tail: Sequence[Cue], coach: Coach) -> bool:
    """Whether the words about what comes next find a place in this effort."""
    if effort.kind == "pause":
        return not tail
    with coach.rehearsal():
        table = Table(effort, bounds, coach)
        _begin(table)
        return _tail(table, tail)


def beat_of(effort: Effort, bounds: Bounds, coach: Coach) -> tuple[Event, ...]:
    """What gives the pace of an effort, with nothing else said in it."""
    with coach.rehearsal():
        table = Table(effort, bounds, coach)
        _begin(table)
        _beat(table)
        return tuple(table.events)


def offer_fits(effort: Effort, bounds: Bounds, coach: Coach) -> bool:
    """Whether the easier version can be offered while the effort lasts."""
    with coach.rehearsal():
        table = Table(effort, bounds, coach)
        if not _begin(table):
            lay_calls(table)
        _beat(table)
        return lay_offer(table)


def _beat(table: Table) -> None:
    effort = table.effort
    if effort.rep_ms:
        lay_repetitions(table)
    elif effort.breath_ms:
        lay_breaths(table)
    elif effort.phases and effort.kind == "work":
        lay_paced(table)


def _begin(table: Table) -> bool:
    """What comes before all else: the tones, and the steps of a new move. Whether calls were laid as well."""
    _frame(table)
    return _teach(table)


def _frame(table: Table) -> None:
    """The tones that open and close the effort, and the counts before its end."""
    bounds, ticks = table.bounds, set[int]()
    if bounds.opens_with.tone:
        table.space.close(bounds.start_ms, table.open_ms + APART_MS)
    if not bounds.met:
        _edge(table, bounds.opens_with, bounds.start_ms)
    _edge(table, bounds.closes_with, bounds.end_ms)
    if table.effort.kind in ("work", "hold") and table.effort.length_ms >= COUNT_OUT_FROM_MS:
        ticks |= _count(table, bounds.end_ms, table.effort)
    if bounds.ahead is not None and bounds.gap_after_ms < COUNT_MS:
        ticks |= _count(table, bounds.end_ms + bounds.gap_after_ms, bounds.ahead)
    for tick_ms in sorted(ticks):
        table.tone("count", "count", tick_ms)


def _edge(table: Table, edge: Edge, time_ms: int) -> None:
    if edge.tone:
        table.tone(edge.cue, edge.tone, time_ms)


def _count(table: Table, time_ms: int, counted: Effort) -> set[int]:
    """The ticks of the count to `time_ms` that lie inside: no words from the first of them on."""
    table.space.close(time_ms - COUNT_MS, table.bounds.end_ms)
    if counted.manner.tones != "full":
        return set()
    ticks_ms = (time_ms - seconds * MS_PER_SECOND for seconds in (3, 2, 1))
    return {tick_ms for tick_ms in ticks_ms if table.bounds.start_ms < tick_ms < table.bounds.end_ms}


def _teach(table: Table) -> bool:
    """Steps that are told within the effort come before all else in it. Whether its calls were laid as well.

    Where the steps have no times of their own and a call has no room beside them, they are told around
    the calls, if they still end in time.
    """
    effort = table.effort
    if not (table.full and table.new and effort.phases):
        return False
    if effort.kind == "work" and 0 < effort.rep_ms <= effort.length_ms:
        # On a tempo some phases may be told here although others were taught before.
        repetition(table, 0, table.bounds.start_ms, Number(side_alone(table, 0)))
        table.next_rep = 1
        return False
    if untaught(effort, table.coach) or effort.rep_ms or effort.kind not in _TOLD:
        return False
    return _tell_around_calls(table, _TOLD[effort.kind])


def _tell_around_calls(table: Table, tell: Callable[[Table], bool]) -> bool:
    before = table.mark()
    for first, then in ((tell, lay_calls), (lay_calls, tell)):
        first(table)
        if then(table):
            return True
        table.restore(before)
    tell(table)
    return False


_TOLD: dict[str, Callable[[Table], bool]] = {"hold": steps_once, "work": partial(paced, in_full=True)}


def _tail(table: Table, cues: Sequence[Cue]) -> bool:
    """What comes next, said before the last count where no gap follows: all of it or nothing.

    It goes between the beats. Only what has to be said makes the second repetition be told more shortly.
    """
    if not cues:
        return True
    taught = FULL_REPS if table.effort.phases and table.full and table.new else 0
    if _tail_beside(table, cues, taught):
        return True
    needed = any(cue.weight == ANCHORED for cue in cues)
    return needed and taught > 1 and _tail_beside(table, cues, 1)


def _tail_beside(table: Table, cues: Sequence[Cue], in_full: int) -> bool:
    before, end_ms, room = table.mark(), table.bounds.end_ms, beside_beats(table, in_full)
    if table.effort.rep is not None:
        room.close(table.bounds.start_ms, table.open_ms + 2 * CALL_SLACK_MS)
    for run in reversed(_runs(cues)):
        rows = line_up([spoken(cue, cue.text, table.coach) for cue in run], 0)
        length_ms = rows[-1][0] + rows[-1][1].length_ms
        place = room.last(table.open_ms + APART_MS, end_ms - length_ms, length_ms)
        if place is None:
            table.restore(before)
            return False
        for offset_ms, one in rows:
            table.say(one.cue, one.text, place + offset_ms)
        end_ms = place - PAUSE_MS
    return True


def _runs(cues: Sequence[Cue]) -> list[tuple[Cue, ...]]:
    """What is said in one go. A next move is: its words among those of the running one would be orders."""
    if any(cue.cue == "announce" for cue in cues):
        return [tuple(cues)]
    return [(cue,) for cue in cues]
