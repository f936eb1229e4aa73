"""What is said in a gap: cues with their importance and a shorter wording, before they have a time.

In: a gap, the effort before it, what the effort ahead has no room for, and what was heard so far. Out: cues.
Each writer is a function of these: what one writes the next ones take as heard, and all of it is thrown away:
`Told` grows by the cues that are laid, not by those that are offered here.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Cue, Line, Weight
from audiocoach.coaching.encouragement import praise, reason
from audiocoach.coaching.introduction import advise, introduce, offer_later
from audiocoach.coaching.memory import Advised, Foretold, Reminded, Taught, way_in
from audiocoach.coaching.pen import Pen
from audiocoach.coaching.places import half_cues, last_one_cue, place_cues
from audiocoach.coaching.positions import (
    BESIDE_A_SETUP,
    Arrival,
    at_go_cue,
    caution_cues,
    finish_cue,
    is_left,
    transition_cue,
)
from audiocoach.coaching.rests import (
    CALL_FROM_MS,
    call_back_of,
    get_ready_cue,
    has_time_for_words,
    rest_cues,
)
from audiocoach.coaching.slots import in_blocks, names_side, round_values, set_values, values_of
from audiocoach.coaching.steps import Nesting
from audiocoach.language.phrases import slots_in
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audiocoach.coaching.lookahead import Lookahead
    from audiocoach.coaching.memory import Told
    from audiocoach.coaching.places import Place
    from audiocoach.coaching.rests import CallBack
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Effort, Gap, SayStep
    from audiocoach.routine.model import Words


@dataclass(frozen=True, slots=True)
class Moment:
    """A gap, the effort `before` it, what has to be said of the one ahead, and how one comes to it.

    It begins at `now_ms` of a session that lasts `session_ms`; the effort ahead has a `place` among the
    moves.
    """

    gap: Gap
    before: Effort | None
    lookahead: Lookahead
    speaker: Speaker
    arrival: Arrival = Arrival()
    now_ms: int = 0
    session_ms: int = 0
    place: Place | None = None

    def pen(self, told: Told, effort: Effort) -> Pen:
        """Who writes about an effort."""
        return Pen(self.speaker, told, effort.position, effort.delivery)


def gap_cues(moment: Moment, told: Told) -> tuple[Cue, ...]:
    """Everything that is said before an effort, in order, as far as its manner lets it."""
    cues: list[Cue] = []
    for write in _WRITERS:
        # A phrase that the author has silenced is no cue.
        allowed = [cue for cue in write(moment, told) if cue.line and _is_allowed(cue)]
        if allowed:
            told = told.heard(allowed)
            cues += allowed
    return tuple(cues)


def talk_cue(talk: SayStep, speaker: Speaker) -> Cue:
    """The words of a talk, as they are."""
    values = round_values(talk.place)
    if talk.next_name:
        values["next"] = talk.next_name
    return Cue(talk.cue, speaker.fill(talk.words, values), talk.words.position, talk.delivery)


def call_back(gap: Gap, told: Told, speaker: Speaker) -> CallBack | None:
    """What calls the listener back before the end of a gap, None where nothing does."""
    effort = gap.ahead
    if effort is None or gap.kind == "release":
        return None
    pen = Pen(speaker, told, effort.position, effort.delivery)
    return call_back_of(pen, gap, effort, known=_is_known(effort, told))


def _is_known(effort: Effort, told: Told) -> bool:
    """Whether the move was done before, in this `do` or another."""
    return not (effort.opens and told.is_new(effort))


def _ready_again(moment: Moment, told: Told) -> Iterator[Cue]:
    """How to get ready for a move that comes again without a rest; its way in tells it where it has one."""
    gap, effort = moment.gap, moment.gap.ahead
    if effort is None or not effort.opens or gap.grows != "ready":
        return
    if effort.move.at_go and effort.move.get_ready:
        return
    cue = get_ready_cue(moment.pen(told, effort), effort, known=_is_known(effort, told))
    if cue is not None:
        yield cue


# -- out of what was held ---------------------------------------------------------------------------


def _finish(moment: Moment, _told: Told) -> Iterator[Cue]:
    held = moment.arrival.held
    if held is not None and is_left(held, moment.gap, rests=has_time_for_words(moment.gap)):
        cue = finish_cue(held, moment.speaker, moment.gap)
        yield from (cue,) if cue else ()


# -- arriving: rest, talks, sections, rounds --------------------------------------------------------


def _arrival(moment: Moment, told: Told) -> Iterator[Cue]:
    gap, speaker = moment.gap, moment.speaker
    pen = Pen(speaker, told, gap.position, gap.delivery)
    if gap.is_last:
        yield from last_one_cue(pen, moment.before)
    else:
        yield from rest_cues(pen, gap)
    # Behind the length of the rest, which is counted from where it is told.
    yield from praise(gap, moment.before, told, speaker)
    if moment.before is not None:
        yield from half_cues(pen, gap, moment.now_ms, moment.session_ms)
    effort = gap.ahead if gap.ahead and gap.ahead.opens else None
    known = moment.before.place if moment.before else Nesting()
    for talk in gap.says:
        if effort:
            place = _shared(talk.place, effort.place)
            yield from _arrive(gap, place, known, effort, pen)
            known = place
        yield talk_cue(talk, speaker)
    if effort:
        yield from _arrive(gap, effort.place, known, effort, pen)


def _arrive(gap: Gap, place: Nesting, known: Nesting, effort: Effort, pen: Pen) -> Iterator[Cue]:
    """The sections and rounds that begin here, from the outermost on."""
    pen = replace(pen, position=effort.position)
    for depth, level in enumerate(place.levels, 1):
        here = Nesting(place.levels[:depth])
        # A circuit is announced by its section's name: that is said once.
        named = effort.circuit and level.section == effort.name and here == effort.place
        if level.section and not named and known.sections[: len(here.sections)] != here.sections:
            values = {**round_values(place), "section": level.section}
            is_first = effort.number == 1 and len(here.sections) == 1
            told = "section_first" if is_first else "section"
            yield pen.own(told, "section", values, weight=Weight.SECTION)
        is_named = bool(level.section) and known.sections[: len(here.sections)] != here.sections
        entry = _round_entry(here, is_named=is_named) if pen.delivery.announce.set is not False else None
        if entry and level.round and known.turns[: len(here.turns)] != here.turns:
            values = {**round_values(here), "section": level.section or ""}
            cue = pen.own(entry, "round", values, weight=Weight.COUNT)
            # That there are so many rounds is true before the first begins.
            yield cue if level.round == 1 else _changed(gap, pen, cue, values, entry)


def _round_entry(place: Nesting, *, is_named: bool) -> str | None:
    """What the innermost round is announced by: a round within a round is never taken for the outer one.

    It is called by its section, which may be named right before it, else it is the same again.
    """
    if place.round is None or place.rounds is None or place.rounds == 1:
        return None
    is_inner, section = any(rounds > 1 for _, rounds in place.turns[:-1]), place.levels[-1].section
    entry = ("part" if section else "inner") if is_inner else "round"
    if place.round == 1:
        return "round_first" if is_named else f"{entry}_first"
    if place.round == place.rounds:
        return f"{entry}_last"
    return "rounds_to_go" if entry == "round" and place.rounds - place.round == 1 < place.round - 1 else entry


def _shared(place: Nesting, other: Nesting) -> Nesting:
    """The blocks around both."""
    pairs = zip(place.levels, other.levels, strict=False)
    return Nesting(tuple(level for level, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _turn(moment: Moment, told: Told) -> Iterator[Cue]:
    """Which start of a block's grid comes, of how many: `Minute 3 of 10`."""
    gap, effort = moment.gap, moment.gap.ahead
    if effort is None or effort.turn is None or effort.turn[1] == 1:
        return
    number, count = effort.turn
    entry = "minute_turn" if effort.every_ms == MS_PER_MINUTE else "turn"
    entry, kind = (f"{entry}_last", "last") if number == count else (entry, "set")
    pen, values = moment.pen(told, effort), {"round": str(number), "rounds": str(count)}
    cue = pen.own(entry, kind, values, weight=Weight.COUNT)
    yield cue if number == 1 else _changed(gap, pen, cue, values, entry)


# -- a move that begins, and its next set, side or way ----------------------------------------------


def _introduction(moment: Moment, told: Told) -> Iterator[Cue]:
    ahead = moment.gap.ahead
    if ahead is not None and ahead.opens:
        pen = moment.pen(told, ahead)
        yield from place_cues(pen, moment.gap, moment.place)
        yield from introduce(pen, ahead, moment.before, moment.lookahead, _way(moment, told, ahead))


def _way(moment: Moment, told: Told, ahead: Effort) -> Iterator[Cue]:
    """What leads on from a posture; where a known move has words of its own to get ready, these do."""
    gap, pen = moment.gap, moment.pen(told, ahead)
    ready = get_ready_cue(pen, ahead, known=_is_known(ahead, told)) if ahead.move.get_ready else None
    for cue in transition_cue(pen, moment.arrival.posture, ahead.move, gap):
        is_told_by_it = BESIDE_A_SETUP.get(cue.entry, cue.entry) is None
        if ready is not None and is_told_by_it and gap.kind == "rest":
            yield replace(ready, weight=cue.weight)
        else:
            yield cue


def _change(moment: Moment, told: Told) -> Iterator[Cue]:
    """From one set, side or way of a move to the next."""
    gap, last, effort = moment.gap, moment.before, moment.gap.ahead
    if effort is None or effort.opens or last is None or (effort.rep or 1) > 1:
        return
    pen, values = moment.pen(told, effort), values_of(effort, moment.speaker.pack)
    is_next = effort.set > last.set or (effort.set < last.set and effort.side == last.side)
    if is_next and effort.delivery.announce.set is not False:
        yield _set(gap, pen, effort, values)
    # Each set begins anew: which side does is no longer known from the one before.
    if moment.lookahead.side and not _is_at_once(gap):
        yield pen.own("side_first", "side", values, weight=Weight.POSITION, short="side")
    # Who rests between two sets of a side may think that the other one comes.
    if is_next and in_blocks(effort) and has_time_for_words(gap) and effort.delivery.cues != "tones":
        yield pen.own("side_again", "side", values, weight=Weight.TIME)
    if effort.side and effort.side != last.side:
        weight = _change_weight(effort, "side", told)
        # Where tones alone tell the rest, the sound of the change has said that it is one.
        is_told = gap.kind == "switch" and effort.delivery.cues != "tones"
        entry, short = ("switch_sides", "side") if is_told else ("side", "")
        cue = pen.own(entry, "side", values, weight=weight, short=short)
        yield _changed(gap, pen, cue, values, "switch_sides")
        # On a second side the sets begin again: the side is said, and "set 1" where it has a dose of its own.
        if effort.set < last.set and (effort.ladder or effort.weights):
            yield _set(gap, pen, effort, values)
        yield from tuple(_setup_again(pen, gap, effort, values)) or _ready_at_once(pen, gap, effort)
    if effort.way and effort.way != last.way:
        weight = _change_weight(effort, "way", told)
        entry = "way" if effort.delivery.cues == "tones" else "switch_ways"
        cue = pen.own(entry, "way", values, weight=weight, short="way")
        yield _changed(gap, pen, cue, values, "switch_ways")


def _set(gap: Gap, pen: Pen, effort: Effort, values: Mapping[str, str]) -> Cue:
    """Which set it is, with its dose where the sets differ."""
    entry, kind = ("set_last", "last") if _is_last_set(effort) else ("set", "set")
    dose = set_values(effort, pen.speaker.pack)
    if dose:
        entry, values = f"{entry}_dose", {**values, **dose}
    return _changed(gap, pen, pen.own(entry, kind, values, weight=Weight.COUNT), values, entry)


def _changed(gap: Gap, pen: Pen, cue: Cue, values: Mapping[str, str], entry: str) -> Cue:
    """A change; where no gap follows, it is told ahead: in words that nobody can obey too early."""
    if not _is_at_once(gap):
        return cue
    return replace(cue, line=pen.speaker.phrase(f"{entry}_ahead", values), short=Line(""), arrived=cue.line)


def _is_at_once(gap: Gap) -> bool:
    """Whether one effort meets the next: there is no gap, and it cannot grow."""
    return not gap.length_ms and gap.grows in ("fixed", "grid")


def _change_weight(effort: Effort, change: str, told: Told) -> Weight:
    return Weight.FORETOLD if told.knows(Foretold(effort.number, change)) else Weight.ANCHORED


def _is_last_set(effort: Effort) -> bool:
    """Whether no set follows: where all are done on one side first, those on the other do."""
    sides = effort.sides
    side_follows = sides is not None and sides.sharing == "blocks" and effort.side != sides.order[-1]
    return effort.set == effort.sets and not side_follows


def _setup_again(pen: Pen, gap: Gap, effort: Effort, values: Mapping[str, str]) -> Iterator[Cue]:
    """The sentences of a setup that name the side: for the other one, and again where one came out of it."""
    setup, fact = effort.move.setup, way_in(effort.move, effort.side)
    if setup is None or not names_side(setup) or effort.delivery.cues == "tones":
        return
    at_once = _is_at_once(gap)
    if pen.told.knows(fact) and (at_once or effort.move.finish is None or effort.move.get_ready):
        return
    sentences = pen.speaker.pack.traits.sentences(setup.text)
    sided = [part for part in sentences if slots_in(part) & {"side", "other_side"}]
    line = pen.speaker.fill_text(" ".join(sided), values)
    # What is to be changed over takes time: it is told with the side, however long the rest is, and a gap
    # grows to it; words of no gap leave it out.
    weight = Weight.POSITION if at_once else Weight.ANCHORED
    yield Cue("setup", line, setup.position, effort.delivery, weight=weight, facts=(fact,))


def _ready_at_once(pen: Pen, gap: Gap, effort: Effort) -> Iterator[Cue]:
    """How to get ready for the other side, as one changes to it; in a long rest before its end."""
    is_short = gap.kind == "rest" and gap.length_ms < CALL_FROM_MS and effort.move.finish is not None
    if not gap.length_ms or not (gap.kind == "switch" or is_short):
        return
    cue = get_ready_cue(pen, effort, known=True)
    if cue is not None:
        # Whoever came out of the position has to get back into it.
        yield replace(cue, late=False, weight=Weight.ANCHORED if effort.move.finish else cue.weight)


# -- into what comes --------------------------------------------------------------------------------


def _caution(moment: Moment, told: Told) -> Iterator[Cue]:
    ahead = moment.gap.ahead
    if ahead is not None:
        yield from caution_cues(moment.pen(told, ahead), ahead)


def _at_go(moment: Moment, told: Told) -> Iterator[Cue]:
    gap, ahead, held = moment.gap, moment.gap.ahead, moment.arrival.held
    if ahead is None:
        return
    # Whoever heard tones alone was not led into it yet.
    is_due = held is None or told.is_new(ahead) or is_left(held, gap, rests=has_time_for_words(gap))
    if is_due:
        yield from at_go_cue(moment.pen(told, ahead), ahead, at_once=_is_at_once(gap))


# -- what the effort ahead has no room for ----------------------------------------------------------


def _lessons(moment: Moment, told: Told) -> Iterator[Cue]:
    effort, speaker = moment.gap.ahead, moment.speaker
    if effort is None or not moment.lookahead.phases:
        return
    values, calls = values_of(effort, speaker.pack), {phase.words: phase.short for phase in effort.phases}
    entry = _lesson_entry(effort)

    def framed(words: Words, number: int) -> Line:
        line = speaker.fill(words, values)
        # So that nobody takes the lesson for the command.
        return line if number else speaker.phrase(entry, {}, told.turn(entry), within=line)

    # The author's words about the steps are never left out: the steps go before them, shortly at the least.
    is_kept = effort.move.say is not None and not told.knows(Advised(effort.move.say))
    may_wait = moment.lookahead.may_wait
    for number, words in enumerate(moment.lookahead.phases):
        weight = Weight.LESSON if may_wait and not is_kept else Weight.ANCHORED
        call = calls.get(words) if may_wait and is_kept else None
        yield Cue(
            "step",
            framed(words, number),
            words.position,
            effort.delivery,
            short=framed(call, number) if call else SILENCE,
            weight=weight,
            late=True,
            facts=(Taught(words),),
        )


def _advice(moment: Moment, told: Told) -> Iterator[Cue]:
    ahead = moment.gap.ahead
    if ahead is not None and ahead.opens:
        yield from advise(moment.pen(told, ahead), ahead, moment.lookahead)


def _guide(moment: Moment, told: Told) -> Iterator[Cue]:
    """What is done in a step with a time of its own: the last words before it."""
    effort, speaker = moment.gap.ahead, moment.speaker
    if effort is not None and effort.guide:
        fact = Taught(effort.guide)
        if moment.gap.kind == "rest" and not effort.opens and (ready := _ready_for_steps(moment, told)):
            yield ready
        # The other side and later sets are told shortly, once the whole was heard.
        words = effort.guide_short if effort.guide_short and told.knows(fact) else effort.guide
        line = speaker.fill(words, values_of(effort, speaker.pack))
        yield Cue("guide", line, words.position, effort.delivery, late=True, facts=(fact,))


def _ready_for_steps(moment: Moment, told: Told) -> Cue | None:
    """How to get ready for timed steps again: what is done first goes behind it, and is known by then."""
    effort = moment.gap.ahead
    if effort is None or effort.move.get_ready is None or effort.delivery.cues == "tones":
        return None
    return get_ready_cue(moment.pen(told, effort), effort, known=_is_known(effort, told))


def _lesson_entry(effort: Effort) -> str:
    """What steps are told under, ahead of their time."""
    if effort.traits.moves:
        return "lesson_sides" if effort.rep_sides else "lesson"
    if effort.traits.is_led:
        return "lesson_breaths"
    return "lesson_holds" if effort.reps > 1 else "lesson_hold"


def _waiting(moment: Moment, told: Told) -> Iterator[Cue]:
    """A reminder that no silence of its move can hold waits for a rest before the next time, once.

    So does what is easier; in a rest one of them is heard.
    """
    gap, effort = moment.gap, moment.gap.ahead
    if effort is None or not has_time_for_words(gap) or (effort.opens and told.is_new(effort)):
        return
    offers = tuple(offer_later(moment.pen(told, effort), effort))
    if offers:
        yield from offers
        return
    for words in moment.lookahead.reminders:
        fact = Reminded(effort.move.key, words, in_rest=True)
        if words != told.reminder and not told.knows(fact):
            inner = moment.speaker.fill(words, values_of(effort, moment.speaker.pack))
            # Told in a rest, it would be taken for what to do now.
            line = moment.speaker.phrase("reminder_ahead", {}, told.turn("reminder_ahead"), within=inner)
            yield Cue(
                "reminder", line, words.position, effort.delivery, weight=Weight.REMINDER, facts=(fact,)
            )
            return


def _reason(moment: Moment, told: Told) -> Iterator[Cue]:
    return reason(moment.gap, moment.before, told, moment.speaker)


_WRITERS: tuple[Callable[[Moment, Told], Iterator[Cue]], ...] = (
    _finish,
    _arrival,
    _turn,
    _introduction,
    _change,
    _caution,
    _lessons,
    _advice,
    _guide,
    _reason,
    _waiting,
    _ready_again,
    _at_go,
)

# What is said at each setting of `cues`; what the author wrote as `say` is always said.
_BRIEF = frozenset(
    {
        "section",
        "round",
        "set",
        "announce",
        "setup",
        "advice",
        "side",
        "way",
        "last",
        "guide",
        "say",
        "safety",
        "caution",
        "step",
        "equipment",
        "every",
        "finish",
        "posture",
        "at_go",
        "get_ready",
    }
)
_TONES = frozenset({"announce", "advice", "caution", "say", "safety", "guide"})
# With tones alone these are said in the gap where they begin, not ahead of a tone that tells the change.
_BESIDE_TONES = frozenset({"side", "way"})


def _is_asked_for(cue: Cue) -> bool:
    """Whether an `announce` asks for a call that little talk would do without."""
    asked = cue.delivery.announce
    wanted = {
        "set": asked.set,
        "round": asked.set,
        "move": asked.move,
        "half": asked.move,
        "rest": asked.rest,
    }
    return wanted.get(cue.cue) is True


def _is_allowed(cue: Cue) -> bool:
    match cue.delivery.cues:
        case "full":
            return True
        case "brief":
            # How long a rest is, and not that it is one.
            return cue.cue in _BRIEF or bool(cue.timed) or _is_asked_for(cue)
        case "tones":
            return cue.cue in _TONES or (cue.cue in _BESIDE_TONES and not cue.arrived)
