"""Repetitions on a tempo: phases are called ahead, numbers end theirs, and "last one" begins the last."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiocoach.coaching.countdown import count_in_ms
from audiocoach.coaching.cues import SILENCE, Laid, Line
from audiocoach.coaching.effort.beats import (
    LATE_MS,
    Beat,
    BeatSound,
    Free,
    least_spans,
    mark_all,
    tick,
    with_marks,
)
from audiocoach.coaching.effort.bounds import tone_ms
from audiocoach.coaching.effort.fading import FULL_REPS, are_called, fades, is_called, may_be_called
from audiocoach.coaching.effort.layout import CALL_SLACK_MS
from audiocoach.coaching.memory import Taught
from audiocoach.coaching.slots import side_in
from audiocoach.coaching.space import APART_MS
from audiocoach.records import dataclass, replace
from audiocoach.unions import assert_never
from audiocoach.units import floor_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiocoach.coaching.effort.beats import Marked
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Effort, Phase
    from audiocoach.routine.model import CountName

# A call that begins earlier is done as it is heard: words that take longer are none.
CALL_MS = 1500
_SIDED = {"rep": "rep_side", "rep_last": "rep_side_last"}
_LAST_COUNTED = 3
_FIVE = 5


@dataclass(frozen=True, slots=True)
class Number:
    """What a repetition is called by: with its side, where sides take turns, and without."""

    sided: Line = SILENCE
    plain: Line = SILENCE
    entry: str = ""


def lay_repetitions(layout: EffortLayout, until_rep: int | None = None) -> EffortLayout:
    """Every phase is called as it comes, a number ends a repetition, "last one" begins the last."""
    ground = layout.ground
    end_rep = ground.reps if until_rep is None else until_rep
    heard = Counter(said.line.text for said in layout.laid)
    marks: list[Marked] = []
    last, free = None, Free()
    for rep in range(layout.next_rep, end_rep):
        if _is_last(ground, rep):
            of_rep, last = _mark_last(layout, rep, heard, free)
        else:
            of_rep, free = mark_all(layout, repetition_beats(ground, rep, heard), free)
        for marked in of_rep:
            if marked.words:
                heard[marked.words.line.text] += 1
        marks += of_rep
    numbered = range(max(layout.next_rep - 1, 0), end_rep - 1)
    layout = replace(with_marks(layout, marks), next_rep=end_rep).saying([last] if last else [])
    return _with_last_noted(_with_numbers(layout, numbered), end_rep)


def _is_last(ground: Ground, rep: int) -> bool:
    """Whether a repetition is told to be the last: a time ends with its count instead."""
    return ground.effort.delivery.cues != "tones" and _ends(ground, rep)


def _with_last_noted(layout: EffortLayout, end_rep: int) -> EffortLayout:
    # A tick stands for a number; that it is the last one it does not tell.
    ground = layout.ground
    is_due = end_rep == ground.reps and _is_last(ground, end_rep - 1)
    if not is_due or any(said.cue.cue == "last" and said.cue.entry in _LAST for said in layout.laid):
        return layout
    return layout.noting(ground.effort.position, ground.phrase("rep_last", {}))


_LAST = frozenset({"rep_last", "rep_side_last"})


def _mark_last(
    layout: EffortLayout, rep: int, heard: Mapping[str, int], free: Free
) -> tuple[list[Marked], Laid | None]:
    """The last repetition, and "last one": as it begins, else in place of its call, else of all its calls."""
    ground = layout.ground
    start_ms = ground.bounds.start_ms + ground.effort.rep_start_ms(rep)
    beats = tuple(repetition_beats(ground, rep, heard))
    marks, _ = mark_all(layout, beats, free)
    place = place_last(layout, marks, start_ms, "rep_last")
    if place is not None:
        return marks, place
    number = last_of(ground, rep)
    called = [
        _last_sound(ground, line, number) for line in dict.fromkeys((number.sided, number.plain)) if line
    ]
    instead, _ = mark_all(layout, (replace(beats[0], wordings=tuple(called)), *beats[1:]), free)
    if instead[0].words is not None:
        return instead, None
    bare, _ = mark_all(layout, (replace(beat, wordings=()) for beat in beats), free)
    place = place_last(layout, bare, start_ms, "rep_last", ground.effort.rep_ms)
    return (bare, place) if place is not None else (marks, None)


def _last_sound(ground: Ground, line: Line, number: Number) -> BeatSound:
    return BeatSound("last", line, ground.effort.position, entry=number.entry)


def place_last(
    layout: EffortLayout,
    marks: Sequence[Marked],
    start_ms: int,
    entry: str,
    within_ms: int = CALL_SLACK_MS,
) -> Laid | None:
    """`Last one`, as soon as it can be said after the last one has begun, beside these marks."""
    ground = layout.ground
    line = ground.phrase(entry, {})
    if not line:
        return None
    length_ms = ground.length_ms(line)
    space = layout.words.taking([span for marked in marks for span in marked.spans_ms])
    place = space.first(start_ms, start_ms + within_ms, length_ms)
    if place is None:
        return None
    return Laid(place, length_ms, ground.cue("last", line, entry=entry), line)


def _with_numbers(layout: EffortLayout, reps: Iterable[int]) -> EffortLayout:
    """The numbers of repetitions with phases, each as late as it can be said; one that has no room is noted.

    A repetition is done when its last phase is: heard before that, its number would be taken for the next.
    """
    ground, effort = layout.ground, layout.ground.effort
    if not _is_numbered_apart(ground):
        return layout
    closing_ms = _closing_ms(effort)
    said: list[Laid] = []
    calling = {one.line.text for one in layout.laid if one.cue.cue == "count" and one.cue.entry == "rep"}
    for rep in reps:
        number = number_of(ground, rep)
        if number and number.text not in calling:
            start_ms = ground.bounds.start_ms + effort.rep_start_ms(rep)
            length_ms = ground.length_ms(number)
            earliest_ms = max(start_ms + closing_ms, ground.open_ms + APART_MS)
            place = layout.words.last(earliest_ms, start_ms + effort.rep_ms - length_ms, length_ms)
            if place is not None:
                said.append(Laid(place, length_ms, ground.cue("count", number, entry="rep"), number))
            elif not stands_for_count(ground, rep + 1):
                layout = layout.noting(effort.position, number)
    return layout.saying(said)


def _closing_ms(effort: Effort) -> int:
    """When in a repetition its last phase begins."""
    return max((phase.start_ms for phase in effort.phases if phase.length_ms), default=0)


def _is_numbered_apart(ground: Ground) -> bool:
    """Whether a number is said beside what calls the next repetition; else it is the call itself."""
    effort = ground.effort
    return effort.traits.is_counted and ground.full and bool(effort.phases or effort.rep_sides)


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
    """Which hold of how many: a number alone would not tell that it is one of a hold.

    Counted down, it is one of those that are left.
    """
    if ground.effort.delivery.announce.count is False and not is_last:
        return Number(side_alone(ground, rep - 1))
    number = hold_number_of(ground, rep - 1, is_called=is_last)
    if is_last or not number.plain or ground.effort.move.count not in {None, "up"}:
        return number
    values = {**ground.values_at(rep - 1), "count": str(rep), "reps": str(ground.effort.reps)}
    plain = ground.phrase("hold", values)
    sided = ground.phrase("hold_side", values) if number.sided != number.plain else plain
    return Number(sided, plain, "hold" if sided == plain else "hold_side")


def hold_number_of(ground: Ground, rep: int, *, is_called: bool) -> Number:
    """The number of a hold, told as it begins: counted down it is one of those that are left itself."""
    count, reps = ground.effort.move.count, ground.effort.reps
    number = str(rep + 1) if count in {None, "up"} else counted(count, rep - 1, reps)
    return _number(ground, rep, number or "", is_called=is_called)


def number_of(ground: Ground, rep: int) -> Line:
    """The number of a repetition as it ends; nothing where none is told."""
    is_wanted = ground.full and ground.effort.delivery.announce.count is not False
    count = counted(ground.effort.move.count, rep, ground.reps) if is_wanted else None
    return ground.phrase("rep", {"count": count}) if count else SILENCE


def last_of(ground: Ground, rep: int) -> Number:
    """That a repetition is the last."""
    return _number(ground, rep, "", is_called=True)


def _number(ground: Ground, rep: int, count: str, *, is_called: bool) -> Number:
    sided = bool(ground.effort.rep_sides)
    if ground.effort.delivery.cues == "tones":
        return Number()
    if not is_called and (not count or not (ground.full or sided)):
        return Number()
    entry = "rep_last" if is_called else "rep"
    values = {**ground.values_at(rep), "count": count}
    plain = ground.phrase(entry, values)
    said = _SIDED[entry] if sided else entry
    return Number(ground.phrase(said, values) if sided else plain, plain, said)


def counted(count: CountName | None, rep: int, reps: int) -> str | None:
    """What is counted as the repetition `rep`, from 0, of `reps` is done; None where nothing is.

    Counted down it is what is left. That one is left "last one" tells, and after the last one the tone does.
    """
    left = reps - 1 - rep
    if left < 1:
        return None
    match count:
        case None | "up":
            return str(rep + 1)
        case "down":
            return str(left) if left > 1 else None
        case "last-three":
            return str(left) if 1 < left <= _LAST_COUNTED else None
        case "none":
            return None
        case _:
            assert_never(count)


def side_alone(ground: Ground, rep: int) -> Line:
    """What tells the side where nothing else does."""
    return _side(ground, rep) if ground.hides_side else SILENCE


def _side(ground: Ground, rep: int) -> Line:
    values, slots = ground.values_at(rep), frozenset({"side"})
    return Line(f"{values['side'].capitalize()}.", slots, side_in(slots, values))


def with_side(ground: Ground, line: Line, rep: int) -> Line:
    """A call with the side in one utterance, where it does not tell it and nothing else does."""
    if not ground.hides_side or "side" in line.slots:
        return line
    return ground.speaker.phrase("rep_call", ground.values_at(rep), within=line)


def repetition_beats(
    ground: Ground, rep: int, heard: Mapping[str, int], *, shortest: bool = False
) -> Iterator[Beat]:
    """What marks one repetition: the call of its first phase, and those of the others.

    `heard` is how often each text was heard in this effort so far. The `shortest` wordings are those for
    which room is kept.
    """
    effort = ground.effort
    start_ms = ground.bounds.start_ms + effort.rep_start_ms(rep)
    first, *others = effort.phases or (None,)
    opening = _opening_beat(ground, rep, first, heard, shortest=shortest)
    yield opening
    # Where no tone keeps the pace, each phase is told all the same.
    is_silent = fades(ground) and (
        _opens_silently(ground, opening) or _follows_a_side_unheard(ground, rep, first, heard)
    )
    before_ms = start_ms
    for phase in others:
        if phase is not None and phase.length_ms:
            time_ms = start_ms + phase.start_ms
            lines = [] if is_silent else phase_lines(ground, phase, rep, heard)
            lines = lines[-1:] if shortest else lines
            said = tuple(BeatSound("step", line, phase.words.position) for line in lines)
            unsaid = tick("phase", "phase", phase.words.position, lines[-1] if lines else SILENCE)
            yield Beat(time_ms, before_ms, _until_ms(time_ms, phase.length_ms), said, unsaid)
            before_ms = time_ms


def _opens_silently(ground: Ground, opening: Beat) -> bool:
    """Whether go leaves no room for the first call: the next one would be done in its place."""
    lengths_ms = [ground.length_ms(part.line) for part in opening.wordings if part.line]
    return opening.opens and bool(lengths_ms) and opening.from_ms + min(lengths_ms) > opening.until_ms


def _ends(ground: Ground, rep: int) -> bool:
    """Whether it is the last of several that are counted."""
    return ground.effort.traits.is_counted and rep == ground.reps - 1 > 0


def _until_ms(time_ms: int, length_ms: int) -> int:
    """The latest end of a call: a little late, and not into what marks the next phase."""
    return time_ms + max(0, min(LATE_MS, length_ms - APART_MS))


def _opening_beat(
    ground: Ground, rep: int, phase: Phase | None, heard: Mapping[str, int], *, shortest: bool
) -> Beat:
    """The call of a repetition: of its first phase, else its side, else the number of the one before."""
    effort = ground.effort
    start_ms = ground.bounds.start_ms + effort.rep_start_ms(rep)
    later_ms = min((other.start_ms for other in effort.phases if other.start_ms), default=effort.rep_ms)
    said = [
        sound
        for sound in _opening_sounds(ground, rep, phase, heard)
        if not ("side" in sound.line.slots and _follows_a_side_unheard(ground, rep, phase, heard))
    ] or list(_fifth(ground, rep))
    said = said[-1:] if shortest else said
    missed = said[-1].line if said else SILENCE
    unsaid = tick("count", "last" if _ends(ground, rep) else "tick", effort.position, missed)
    if rep == 0:
        begin_ms = max(start_ms, ground.open_ms + APART_MS)
        # The tone that opens the effort marks the first.
        marked = None if ground.bounds.opens_with.tone else unsaid
        return Beat(begin_ms, begin_ms, start_ms + later_ms - APART_MS, tuple(said), marked, opens=True)
    before_ms = ground.bounds.start_ms + effort.rep_start_ms(rep - 1)
    before_ms += max((other.start_ms for other in effort.phases if other.length_ms), default=0)
    return Beat(start_ms, before_ms, _until_ms(start_ms, later_ms), tuple(said), unsaid)


def _follows_a_side_unheard(ground: Ground, rep: int, phase: Phase | None, heard: Mapping[str, int]) -> bool:
    """Whether this is the second repetition, and the side of the first was not called: go had no room for it.

    The first side that is called is the one that begins: else the other would be taken for it.
    """
    if rep != 1 or not ground.effort.rep_sides:
        return False
    words = (phase.words, phase.short or phase.words) if phase is not None else ()
    calls = (with_side(ground, ground.fill(one, 0), 0) for one in words)
    return not any(heard.get(call.text) for call in (_side(ground, 0), *calls))


def _opening_sounds(
    ground: Ground, rep: int, phase: Phase | None, heard: Mapping[str, int]
) -> Iterator[BeatSound]:
    effort, side = ground.effort, side_alone(ground, rep)
    if phase is not None and phase.length_ms and ground.tells_steps(rep):
        lines = phase_lines(ground, phase, rep, heard, opens=True)
        yield from (BeatSound("step", line, phase.words.position) for line in lines)
        # What has faded, its side has as well.
        side = (side or _side_of_a_quick_call(ground, rep, lines[-1])) if lines else SILENCE
    if side and is_side_called(ground, side, heard, rep) and leaves_number_room(ground, rep):
        yield BeatSound("count", side, effort.position)
    if rep and effort.traits.is_counted and ground.full and not _is_numbered_apart(ground):
        number = number_of(ground, rep - 1)
        if number:
            yield BeatSound("count", number, effort.position, entry="rep")


def is_side_called(ground: Ground, side: Line, heard: Mapping[str, int], rep: int) -> bool:
    """Whether a side is called alone: where little is said nothing else tells it, and all of them are."""
    return not ground.full or is_called(ground, side.text, heard, rep)


def _fifth(ground: Ground, rep: int) -> Iterator[BeatSound]:
    """The number of the repetition before as the call of this one: every fifth, where others have no room.

    What is too quick for a number and its tick is ticked; by the fives one still knows where one is.
    """
    if not (rep and rep % _FIVE == 0 and fades(ground) and _is_numbered_apart(ground)) or _ends(ground, rep):
        return
    number, effort = number_of(ground, rep - 1), ground.effort
    room_ms = effort.rep_ms - _closing_ms(effort) - tone_ms("phase", effort.delivery)
    if number and ground.length_ms(number) + 2 * (APART_MS + ground.speaker.grid_ms) > room_ms:
        yield BeatSound("count", number, effort.position, entry="rep")


def _side_of_a_quick_call(ground: Ground, rep: int, call: Line) -> Line:
    """The side alone, where the call that tells it takes longer than the phase ahead of it."""
    effort = ground.effort
    ahead_ms = effort.rep_ms - _closing_ms(effort) if rep else effort.phases[0].length_ms - ground.open_ms
    if not effort.rep_sides or ground.length_ms(call) + 2 * APART_MS <= ahead_ms + LATE_MS:
        return SILENCE
    return _side(ground, rep)


def phase_lines(
    ground: Ground, phase: Phase, rep: int, heard: Mapping[str, int], *, opens: bool = False
) -> list[Line]:
    """The wordings to try, the longest first: in full for the first repetitions of a move, then the call.

    One that `opens` a repetition tells its side. A call that was heard often enough is no longer said. Words
    that were taught before the effort are called shortly from its first repetition on.
    """
    if not ground.tells_steps(rep):
        return []
    call = phase.short or phase.words
    short = ground.fill(call, rep)
    short = with_side(ground, short, rep) if opens else short
    if ground.new and rep < FULL_REPS and leaves_number_room(ground, rep):
        is_taught = phase.short is not None and ground.told.knows(Taught(phase.words))
        full = ground.fill(phase.words, rep)
        full = with_side(ground, full, rep) if opens else full
        called = [short] if may_be_called(ground, short.text, heard) else []
        is_short = is_taught or phase.short is None or not leaves_number_room(ground, rep, in_full=True)
        return called if is_short else [full, *called]
    is_called_now = may_be_called(ground, short.text, heard) and is_cycle_called(ground, rep, heard)
    return [short] if is_called_now else []


def is_cycle_called(ground: Ground, rep: int, heard: Mapping[str, int]) -> bool:
    """Whether the phases of a repetition are called."""
    texts = [line.text for line in _short_calls(ground, rep)]
    is_called_now = are_called(ground, texts, heard, rep, brief=_are_brief(ground))
    return is_called_now and leaves_number_room(ground, rep)


def _are_brief(ground: Ground) -> bool:
    """Whether each phase has a call: a short form, or words that are as short as one."""
    return all(
        phase.short is not None or ground.length_ms(ground.fill(phase.words, rep)) <= CALL_MS
        for phase in ground.effort.phases
        for rep in range(len(ground.values))
    )


def leaves_number_room(ground: Ground, rep: int, *, in_full: bool = False) -> bool:
    """Whether the number of the repetition before is heard ahead of the call of this one.

    What is counted is owed: where both have no room, the calls end with the first repetition, or, where sides
    take turns, once each was called twice.
    """
    number = number_of(ground, rep - 1) if rep and fades(ground) and _is_numbered_apart(ground) else SILENCE
    if not number or stands_for_count(ground, rep):
        return True
    effort = ground.effort
    call = _opening_call(ground, rep, in_full=in_full)
    apart_ms, length_ms = APART_MS + ground.speaker.grid_ms, ground.length_ms(call)
    # The tick of the last phase goes before them, where that is not called.
    room_ms = effort.rep_ms - _closing_ms(effort) - tone_ms("phase", effort.delivery)
    both_ms = ground.length_ms(number) + length_ms + 2 * apart_ms
    # A call that is too long for the phase ahead, though it may end late, is ticked: the number has its room.
    return length_ms + apart_ms > room_ms + LATE_MS or both_ms <= room_ms


def stands_for_count(ground: Ground, rep: int) -> bool:
    """Whether the side that a repetition is called by counts for the number of the one before."""
    sides = len(ground.effort.rep_sides)
    return 0 < rep < FULL_REPS * sides


def _opening_call(ground: Ground, rep: int, *, in_full: bool) -> Line:
    """What calls a repetition: its first phase, else its side."""
    if not ground.effort.phases:
        return side_alone(ground, rep)
    opening = ground.effort.phases[0]
    words = opening.words if in_full else opening.short or opening.words
    return with_side(ground, ground.fill(words, rep), rep)


def _short_calls(ground: Ground, rep: int) -> Iterator[Line]:
    for phase in ground.effort.phases:
        line = ground.fill(phase.short or phase.words, rep)
        yield with_side(ground, line, rep) if phase is ground.effort.phases[0] else line


def repetition_spans(ground: Ground, first: int, laid: Iterable[str] = ()) -> Iterator[tuple[int, int]]:
    """What repetitions take for themselves from the `first` on: calls in their shortest wordings, counts.

    `laid` are the texts that are heard in those before: what fades there takes a tone alone.
    """
    heard = Counter(laid)
    for rep in range(first, ground.reps):
        beats = tuple(repetition_beats(ground, rep, heard, shortest=True))
        for beat in beats:
            for part in beat.wordings:
                heard[part.line.text] += 1
        spans = list(least_spans(ground, beats))
        yield from spans
        if rep > first and spans:
            yield from _number_span(ground, rep - 1, spans[0][0])
    if _is_last(ground, ground.reps - 1):
        yield last_span(ground, ground.bounds.end_ms - ground.effort.rep_ms, "rep_last")


def last_span(ground: Ground, start_ms: int, entry: str) -> tuple[int, int]:
    """Where "last one" has its place: as the last begins, ahead of it where the next count begins with it."""
    length_ms, bounds = ground.length_ms(ground.phrase(entry, {})), ground.bounds
    count_ms = count_in_ms(bounds.ahead) if bounds.ahead else 0
    until_ms = min(bounds.end_ms, bounds.end_ms + bounds.gap_after_ms - count_ms)
    if start_ms + APART_MS + length_ms <= until_ms:
        return start_ms + APART_MS, length_ms
    return floor_to(start_ms - length_ms, ground.speaker.grid_ms), length_ms


def _number_span(ground: Ground, rep: int, before_ms: int) -> Iterator[tuple[int, int]]:
    """Where the number of a repetition has its place: before the call of the next."""
    number = number_of(ground, rep) if _is_numbered_apart(ground) else SILENCE
    if number:
        length_ms = ground.length_ms(number)
        yield floor_to(before_ms - APART_MS - length_ms, ground.speaker.grid_ms), length_ms
