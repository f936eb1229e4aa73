"""Repetitions on a tempo: their numbers, their sides, and their phases' words as they begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach.coaching.bounds import tone_ms
from audiocoach.coaching.narration import names_side
from audiocoach.coaching.space import APART_MS
from audiocoach.coaching.table import CALL_SLACK_MS
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from audiocoach.coaching.steps import Phase
    from audiocoach.coaching.table import Table
    from audiocoach.routine.model import Words

# For so many repetitions the phases of a new move are said in full.
FULL_REPS = 2
_SIDED = {"rep": "rep_side", "rep_last": "rep_side_last"}


def lay_repetitions(table: Table) -> None:
    """A repetition's number and a phase's words as they begin; "last one" before the last."""
    effort = table.effort
    count = effort.length_ms // effort.rep_ms
    # A time ends with its count: where steps mark its repetitions, only the side is worth a word.
    counted = effort.kind == "reps"
    named = counted or tells_sides(table)
    last_said = False
    for rep in range(table.next_rep, count):
        table.coach.check()
        start_ms = table.bounds.start_ms + rep * effort.rep_ms
        is_last = counted and rep == count - 1
        number = Number(side_alone(table, rep))
        if named:
            number = number_of(table, rep, is_called=is_last and rep > 0 and not last_said)
        repetition(table, rep, start_ms, number)
        if counted and rep == count - 2:
            last_said = last_before(table, start_ms, start_ms + effort.rep_ms, "rep_last")


def number_hold(table: Table) -> None:
    """Which of several holds this is."""
    effort = table.effort
    if effort.rep is None or effort.reps == 1:
        return
    is_last = effort.rep == effort.reps
    number = number_of(table, effort.rep - 1, is_called=is_last)
    if number.sided:
        kind = "last" if is_last else "count"
        table.within(kind, number.sided, table.open_ms + APART_MS, table.open_ms + CALL_SLACK_MS)


@dataclass(frozen=True, slots=True)
class Number:
    """What a repetition is called by as it begins: with its side, where sides take turns, and without."""

    sided: str = ""
    plain: str = ""


def number_of(table: Table, rep: int, *, is_called: bool = False) -> Number:
    """The number of a repetition, or that it is the last where that `is_called` as it begins."""
    if table.effort.manner.cues == "tones":
        return Number()
    sided = bool(table.effort.rep_sides)
    if not table.full and not sided and not is_called:
        return Number()
    key = "rep_last" if is_called else "rep"
    values = {**table.coach.values(table.effort, rep), "count": str(rep + 1)}
    plain = table.coach.phrase(key, values)
    return Number(table.coach.phrase(_SIDED[key], values) if sided else plain, plain)


def tells_sides(table: Table) -> bool:
    """Whether a repetition's side has to be said with it: no step tells it."""
    return bool(table.effort.rep_sides) and (not table.effort.phases or not table.full)


def side_is_untold(table: Table) -> bool:
    """Whether sides take turns and the words that mark the phases do not say which it is."""
    phases = table.effort.phases if table.full else ()
    told = any(names_side(phase.short or phase.words) for phase in phases)
    return bool(table.effort.rep_sides) and table.effort.manner.cues != "tones" and not told


def side_alone(table: Table, rep: int) -> str:
    """What tells the side where nothing else does, and its number with it is too much."""
    if not side_is_untold(table):
        return ""
    return f"{table.coach.values(table.effort, rep)['side'].capitalize()}."


def last_before(table: Table, from_ms: int, until_ms: int, key: str) -> bool:
    """`Last one`, as late as it can be said before the last one begins."""
    if table.effort.manner.cues == "tones":
        return False
    text = table.coach.phrase(key, {})
    length_ms = table.length_ms(text)
    place = table.space.last(max(from_ms, table.open_ms), until_ms - APART_MS - length_ms, length_ms)
    return table.say(table.cue("last", text), text, place)


def repetition(table: Table, rep: int, start_ms: int, number: Number) -> None:
    """One repetition from `start_ms` on: its number, and the words or ticks of its phases."""
    first, *others = table.effort.phases or (None,)
    _begin(table, rep, start_ms, number, first)
    for phase in others:
        if phase is not None and phase.length_ms:
            texts = phase_texts(table, phase, rep)
            time_ms = start_ms + phase.start_ms
            if not any(_in_phase(table, text, phase, time_ms, time_ms) for text in texts):
                table.soft_tone("phase", "tick", time_ms)


def _begin(table: Table, rep: int, start_ms: int, number: Number, phase: Phase | None) -> None:
    """The number and the first phase's words; where both do not fit, the number is a tick."""
    texts = phase_texts(table, phase, rep) if phase and phase.length_ms else []
    begin_ms = start_ms if rep else max(start_ms, table.open_ms + APART_MS)
    side = table.coach.values(table.effort, rep).get("side", "")
    tries = []
    for text in (*texts, ""):
        numbers = (number.plain, "") if _tells(text, side) else (number.sided, side_alone(table, rep), "")
        tries += [(text, counted) for counted in dict.fromkeys(numbers)]
    if side_is_untold(table) and (rep or not (table.full and table.new)):
        # A side is never left out for a longer wording of the phase, but for the first that teaches it:
        # then the side is told before.
        tries.sort(key=lambda one: not (one[1] or _tells(one[0], side)))
    for text, counted in tries:
        # What is counted is ticked where its number is not said; elsewhere the words mark the beginning.
        ticked = not counted and rep > 0 and (table.effort.kind == "reps" or not text)
        after_ms = _after_number(table, counted, start_ms, begin_ms, ticked=ticked)
        if after_ms is None:
            continue
        if not text or phase is None:
            _sound_number(table, counted, begin_ms, ticked=ticked)
            return
        if _room(table, text, phase, after_ms, start_ms + phase.start_ms):
            _sound_number(table, counted, begin_ms, ticked=ticked)
            table.say(table.cue("step", text, phase.words.position), text, after_ms)
            return


def _tells(text: str, side: str) -> bool:
    return bool(side) and side in re.findall(r"\w+", text.lower())


def _after_number(table: Table, number: str, start_ms: int, begin_ms: int, *, ticked: bool) -> int | None:
    """When the first phase's words may begin, or None where the number is too long for its place."""
    if not number:
        sounds = ticked and table.effort.manner.tones == "full"
        return begin_ms + (tone_ms("tick") + APART_MS if sounds else 0)
    after_ms = begin_ms + table.length_ms(number) + APART_MS
    later_ms = (other.start_ms for other in table.effort.phases if other.start_ms)
    in_time = after_ms <= start_ms + min(later_ms, default=table.effort.rep_ms)
    return after_ms if in_time and table.space.fits(begin_ms, table.length_ms(number)) else None


def _sound_number(table: Table, number: str, begin_ms: int, *, ticked: bool) -> None:
    if number:
        table.say(table.cue("count", number), number, begin_ms)
    elif ticked:
        table.soft_tone("count", "tick", begin_ms)


def phase_texts(table: Table, phase: Phase, rep: int) -> list[str]:
    """The wordings to try, the longest first: in full for the first repetitions of a move."""
    values = table.coach.values(table.effort, rep)
    in_full = table.full and table.new and (rep < FULL_REPS or phase.short is None)
    wanted = (phase.words if in_full else None, short(table, phase))
    return [table.coach.fill(words, values) for words in wanted if words is not None]


def short(table: Table, phase: Phase) -> Words | None:
    """What marks the phase; where little is to be said, a tick does."""
    return phase.short if table.full else None


def _room(table: Table, text: str, phase: Phase, time_ms: int, phase_ms: int) -> bool:
    length_ms = table.length_ms(text)
    in_time = time_ms + length_ms + APART_MS <= phase_ms + phase.length_ms
    return in_time and table.space.fits(time_ms, length_ms)


def _in_phase(table: Table, text: str, phase: Phase, time_ms: int, phase_ms: int) -> bool:
    room = _room(table, text, phase, time_ms, phase_ms)
    return room and table.say(table.cue("step", text, phase.words.position), text, time_ms)
