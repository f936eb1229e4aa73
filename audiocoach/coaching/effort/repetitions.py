"""Repetitions on a tempo: their numbers, their sides, and their phases' words as they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Line
from audiocoach.coaching.effort.beats import Beat, BeatSound, Free, mark_all, tick, with_marks
from audiocoach.coaching.effort.layout import CALL_SLACK_MS
from audiocoach.coaching.space import APART_MS
from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.coaching.effort.beats import Marked
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Phase

# For so many repetitions the phases of a new move are said in full.
FULL_REPS = 2
_SIDED = {"rep": "rep_side", "rep_last": "rep_side_last"}


@dataclass(frozen=True, slots=True)
class Number:
    """What a repetition is called by as it begins: with its side, where sides take turns, and without."""

    sided: Line = SILENCE
    plain: Line = SILENCE
    entry: str = ""


def lay_repetitions(layout: EffortLayout, until_rep: int | None = None) -> EffortLayout:
    """A repetition's number and a phase's words as they begin; "last one" before the last."""
    ground = layout.ground
    last = ground.reps - 1
    # A time ends with its count: where steps mark its repetitions, only the side is worth a word.
    counted = ground.effort.traits.is_counted
    end_rep = ground.reps if until_rep is None else until_rep
    marks: list[Marked] = []
    is_called, free = False, Free()
    for rep in range(layout.next_rep, end_rep):
        calls_last = counted and rep == last > 0 and not is_called
        earliest_ms = free.words_ms
        of_rep, free = mark_all(layout, repetition_beats(ground, rep, calls_last=calls_last), free)
        marks += of_rep
        if calls_last:
            is_called = any(said.cue.cue == "count" for said in of_rep[0].words)
        if counted and rep == last - 1:
            called = _call_last(layout, of_rep, rep, earliest_ms)
            is_called, layout = called is not None, called or layout
    layout = replace(with_marks(layout, marks), next_rep=end_rep)
    # A tick stands for a number; that it is the last one it does not tell.
    untold = counted and end_rep > last > 0 and not is_called and ground.effort.delivery.cues != "tones"
    return layout.noting(ground.effort.position, ground.phrase("rep_last", {})) if untold else layout


def _call_last(
    layout: EffortLayout, marks: Sequence[Marked], rep: int, earliest_ms: int
) -> EffortLayout | None:
    """`Last one`, at the end of the repetition before it, beside the beats of that one."""
    start_ms = layout.ground.bounds.start_ms + rep * layout.ground.effort.rep_ms
    until_ms = start_ms + layout.ground.effort.rep_ms
    spans_ms = [span for marked in marks for span in marked.spans_ms]
    return last_before(layout, max(start_ms, earliest_ms), until_ms, "rep_last", spans_ms)


def last_before(
    layout: EffortLayout, from_ms: int, until_ms: int, entry: str, spans_ms: Sequence[tuple[int, int]] = ()
) -> EffortLayout | None:
    """`Last one`, as late as it can be said before the last one begins, beside these sounds."""
    ground = layout.ground
    if ground.effort.delivery.cues == "tones":
        return None
    line = ground.phrase(entry, {})
    length_ms = ground.length_ms(line)
    space = layout.words.taking(spans_ms)
    place = space.last(max(from_ms, ground.open_ms), until_ms - APART_MS - length_ms, length_ms)
    return layout.say(ground.cue("last", line, entry=entry), place)


def lay_hold_number(layout: EffortLayout) -> EffortLayout:
    """Which of several holds this is."""
    ground, effort = layout.ground, layout.ground.effort
    if effort.rep is None or effort.reps == 1:
        return layout
    is_last = effort.rep == effort.reps
    number = hold_number(ground, effort.rep, is_last=is_last)
    if not number.sided:
        return layout
    from_ms, length_ms = ground.open_ms + APART_MS, ground.length_ms(number.sided)
    place = layout.words.first(from_ms, ground.open_ms + CALL_SLACK_MS, length_ms)
    cue = ground.cue("last" if is_last else "count", number.sided, entry=number.entry)
    # That the first hold is the first is no news.
    return layout.say(cue, place) or (
        layout.noting(effort.position, number.sided) if effort.rep > 1 else layout
    )


def hold_number(ground: Ground, rep: int, *, is_last: bool) -> Number:
    """Which hold of how many: a number alone would not tell that it is one of a hold."""
    number = number_of(ground, rep - 1, is_called=is_last)
    if is_last or not number.plain:
        return number
    values = {**ground.values_at(rep - 1), "count": str(rep), "reps": str(ground.effort.reps)}
    plain = ground.phrase("hold", values)
    sided = ground.phrase("hold_side", values) if number.sided != number.plain else plain
    return Number(sided, plain, "hold" if sided == plain else "hold_side")


def number_of(ground: Ground, rep: int, *, is_called: bool = False) -> Number:
    """The number of a repetition, or that it is the last where that `is_called` as it begins."""
    if ground.effort.delivery.cues == "tones":
        return Number()
    if ground.effort.delivery.announce.count is False and not is_called:
        return Number(side_alone(ground, rep))
    sided = bool(ground.effort.rep_sides)
    if not ground.full and not sided and not is_called:
        return Number()
    entry = "rep_last" if is_called else "rep"
    values = {**ground.values_at(rep), "count": str(rep + 1)}
    plain = ground.phrase(entry, values)
    said = _SIDED[entry] if sided else entry
    return Number(ground.phrase(said, values) if sided else plain, plain, said)


def tells_sides(ground: Ground) -> bool:
    """Whether a repetition's side has to be said with it: no step tells it."""
    return bool(ground.effort.rep_sides) and (not ground.effort.phases or not ground.full)


def side_alone(ground: Ground, rep: int) -> Line:
    """What tells the side where nothing else does, and its number with it is too much."""
    if not ground.hides_side:
        return SILENCE
    return Line(f"{ground.values_at(rep)['side'].capitalize()}.", frozenset({"side"}))


def repetition_beats(
    ground: Ground, rep: int, *, calls_last: bool = False, shortest: bool = False
) -> Iterator[Beat]:
    """What marks one repetition: its number with its first phase, and its other phases.

    The `shortest` wordings are those for which room is kept.
    """
    effort = ground.effort
    start_ms = ground.bounds.start_ms + rep * effort.rep_ms
    first, *others = effort.phases or (None,)
    yield _opening_beat(ground, rep, first, _called(ground, rep, calls_last=calls_last), shortest=shortest)
    for phase in others:
        if phase is not None and phase.length_ms:
            time_ms, lines = start_ms + phase.start_ms, phase_lines(ground, phase, rep, shortest=shortest)
            said = [(BeatSound("step", line, phase.words.position),) for line in lines]
            unsaid = (tick("phase", phase.words.position, lines[-1] if lines else SILENCE),)
            until_ms = time_ms + phase.length_ms - APART_MS
            yield Beat(time_ms, until_ms, (*said, unsaid), time_ms)


def _called(ground: Ground, rep: int, *, calls_last: bool) -> Number:
    """How a repetition is called: in a time whose steps mark it, by its side alone."""
    if ground.effort.traits.is_counted:
        return number_of(ground, rep, is_called=calls_last)
    teaches = rep == 0 and ground.new and ground.full and ground.effort.phases
    if teaches or not tells_sides(ground):
        return Number(side_alone(ground, rep))
    return number_of(ground, rep, is_called=calls_last)


def _opening_beat(ground: Ground, rep: int, phase: Phase | None, number: Number, *, shortest: bool) -> Beat:
    """The number and the first phase's words; where both do not fit, the number is a tick."""
    effort = ground.effort
    start_ms = ground.bounds.start_ms + rep * effort.rep_ms
    begin_ms = start_ms if rep else max(start_ms, ground.open_ms + APART_MS)
    lines = phase_lines(ground, phase, rep, shortest=shortest) if phase and phase.length_ms else []
    later_ms = min((other.start_ms for other in effort.phases if other.start_ms), default=effort.rep_ms)
    phase_ms = phase.start_ms + phase.length_ms if phase and phase.length_ms else later_ms
    return Beat(
        start_ms=begin_ms,
        until_ms=start_ms + phase_ms - APART_MS,
        wordings=tuple(_opening_wordings(ground, rep, phase, number, lines)),
        tone_ms=begin_ms,
    )


def _opening_wordings(
    ground: Ground, rep: int, phase: Phase | None, number: Number, lines: list[Line]
) -> Iterator[tuple[BeatSound, ...]]:
    effort = ground.effort
    tries = [(line, counted) for line in (*lines, SILENCE) for counted in _numbers(ground, rep, number, line)]
    if ground.hides_side and (rep or not (ground.full and ground.new)):
        # A side is never left out for a longer wording of the phase, but for the first that teaches it:
        # then the side is told before.
        tries.sort(key=lambda words: not (words[1] or "side" in words[0].slots))
    missed = number.sided or (lines[-1] if lines else SILENCE)
    for line, counted in tries:
        # What is counted is ticked where its number is not said; elsewhere the words mark the beginning.
        # The tone that opens the effort marks the first.
        opened = rep == 0 and bool(ground.bounds.opens_with.tone or line)
        ticked = not counted and not opened and (effort.traits.is_counted or not line)
        marks = (BeatSound("count", counted, effort.position, entry=number.entry),) if counted else ()
        marks = (tick("count", effort.position, missed),) if ticked else marks
        said = (BeatSound("step", line, phase.words.position),) if line and phase else ()
        yield marks + said


def _numbers(ground: Ground, rep: int, number: Number, line: Line) -> Iterable[Line]:
    """What may be said of a repetition's number beside a wording of its phase, and at last nothing."""
    if "side" in line.slots:
        return dict.fromkeys((number.plain, SILENCE))
    if ground.hides_side:
        return dict.fromkeys((number.sided, side_alone(ground, rep), SILENCE))
    return (number.sided, SILENCE) if number.sided else (SILENCE,)


def phase_lines(ground: Ground, phase: Phase, rep: int, *, shortest: bool) -> list[Line]:
    """The wordings to try, the longest first: in full for the first repetitions of a move.

    Words that have no shorter form are said each time there is room for them.
    """
    if not ground.full:
        return []
    in_full = phase.short is None or (ground.new and rep < FULL_REPS)
    wanted = [words for words in (phase.words if in_full else None, phase.short) if words is not None]
    return [ground.fill(words, rep) for words in (wanted[-1:] if shortest else wanted)]
