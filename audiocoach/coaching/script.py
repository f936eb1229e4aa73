"""What is said in a gap: cues with their importance and a shorter wording, before they have a time.

In: a gap, the effort before it, what the effort ahead has no room for, and what was heard so far. Out: cues.
Each writer is a function of these: what one writes the next ones take as heard, and all of it is thrown away:
`Told` grows by the cues that are laid, not by those that are offered here.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Cue, Line, Weight
from audiocoach.coaching.encouragement import praise, reason
from audiocoach.coaching.introduction import introduce
from audiocoach.coaching.memory import Foretold, Reminded, Taught, way_in
from audiocoach.coaching.pen import Pen
from audiocoach.coaching.slots import names_side, round_values, values_of
from audiocoach.coaching.steps import Nesting
from audiocoach.language.phrases import slots_in
from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audiocoach.coaching.lookahead import Lookahead
    from audiocoach.coaching.memory import Told
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Effort, Gap, SayStep

REST_WORDS_FROM_MS = 8000


@dataclass(frozen=True, slots=True)
class Moment:
    """A gap, the effort `before` it, and what has to be said of the one ahead."""

    gap: Gap
    before: Effort | None
    lookahead: Lookahead
    speaker: Speaker

    def pen(self, told: Told, effort: Effort) -> Pen:
        """Who writes about an effort."""
        return Pen(self.speaker, told, effort.position, effort.delivery)


def gap_cues(moment: Moment, told: Told) -> tuple[Cue, ...]:
    """Everything that is said before an effort, in order, as far as its manner lets it."""
    cues: list[Cue] = []
    for write in _WRITERS:
        allowed = [cue for cue in write(moment, told) if _is_allowed(cue)]
        told = told.heard(allowed)
        cues += allowed
    return tuple(cues)


def talk_cue(talk: SayStep, speaker: Speaker) -> Cue:
    """The words of a talk, as they are."""
    values = round_values(talk.place)
    if talk.next_name:
        values["next"] = talk.next_name
    return Cue(talk.cue, speaker.fill(talk.words, values), talk.words.position, talk.delivery)


def has_time_for_words(gap: Gap) -> bool:
    """Whether a gap is a rest that is long enough for words that only fill a silence."""
    return gap.kind == "rest" and gap.length_ms >= REST_WORDS_FROM_MS


# -- arriving: rest, talks, sections, rounds --------------------------------------------------------


def _arrival(moment: Moment, told: Told) -> Iterator[Cue]:
    gap, speaker = moment.gap, moment.speaker
    pen = Pen(speaker, told, gap.position, gap.delivery)
    if has_time_for_words(gap):
        yield pen.own("rest", "rest", {}, weight=Weight.REST)
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
            yield pen.own("section", "section", values, weight=Weight.SECTION)
        entry = _round_entry(here)
        if entry and level.round and known.turns[: len(here.turns)] != here.turns:
            values = round_values(here)
            cue = pen.own(entry, "round", values, weight=Weight.COUNT)
            # That there are so many rounds is true before the first begins.
            yield cue if level.round == 1 else _changed(gap, pen, cue, values, entry)


def _round_entry(place: Nesting) -> str | None:
    """What the innermost round is announced by: a round within a round is never taken for the outer one."""
    if place.round is None or place.rounds == 1:
        return None
    entry = "inner" if any(rounds > 1 for _, rounds in place.turns[:-1]) else "round"
    if place.round == 1:
        return f"{entry}_first"
    return f"{entry}_last" if place.round == place.rounds else entry


def _shared(place: Nesting, other: Nesting) -> Nesting:
    """The blocks around both."""
    pairs = zip(place.levels, other.levels, strict=False)
    return Nesting(tuple(level for level, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))


# -- a move that begins, and its next set, side or way ----------------------------------------------


def _introduction(moment: Moment, told: Told) -> Iterator[Cue]:
    ahead = moment.gap.ahead
    if ahead is not None and ahead.opens:
        yield from introduce(moment.pen(told, ahead), ahead, moment.before, moment.lookahead)


def _change(moment: Moment, told: Told) -> Iterator[Cue]:
    """From one set, side or way of a move to the next."""
    gap, last, effort = moment.gap, moment.before, moment.gap.ahead
    if effort is None or effort.opens or last is None or (effort.rep or 1) > 1:
        return
    pen, values = moment.pen(told, effort), values_of(effort, moment.speaker.pack)
    # On a second side the sets begin again: the side is said, not "set 1".
    if effort.set > last.set or (effort.set < last.set and effort.side == last.side):
        entry, kind = ("set_last", "last") if _is_last_set(effort) else ("set", "set")
        yield _changed(gap, pen, pen.own(entry, kind, values, weight=Weight.COUNT), values, entry)
    if effort.side and effort.side != last.side:
        weight = _change_weight(effort, "side", told)
        entry, short = ("switch_sides", "side") if gap.kind == "switch" else ("side", "")
        cue = pen.own(entry, "side", values, weight=weight, short=short)
        yield _changed(gap, pen, cue, values, "switch_sides")
        yield from _setup_again(pen, effort, values)
    if effort.way and effort.way != last.way:
        weight = _change_weight(effort, "way", told)
        cue = pen.own("switch_ways", "way", values, weight=weight, short="way")
        yield _changed(gap, pen, cue, values, "switch_ways")


def _changed(gap: Gap, pen: Pen, cue: Cue, values: Mapping[str, str], entry: str) -> Cue:
    """A change; where no gap follows, it is told ahead: in words that nobody can obey too early."""
    if gap.length_ms or gap.grows not in ("fixed", "grid"):
        return cue
    return replace(cue, line=pen.speaker.phrase(f"{entry}_ahead", values), short=Line(""), arrived=cue.line)


def _change_weight(effort: Effort, change: str, told: Told) -> Weight:
    return Weight.FORETOLD if told.knows(Foretold(effort.number, change)) else Weight.ANCHORED


def _is_last_set(effort: Effort) -> bool:
    """Whether no set follows: where all are done on one side first, those on the other do."""
    sides = effort.sides
    side_follows = sides is not None and sides.sharing == "blocks" and effort.side != sides.order[-1]
    return effort.set == effort.sets and not side_follows


def _setup_again(pen: Pen, effort: Effort, values: Mapping[str, str]) -> Iterator[Cue]:
    """A setup that names the side is said for the other as well, once: the sentences that name it."""
    setup, fact = effort.move.setup, way_in(effort.move, effort.side)
    if setup is None or not names_side(setup) or pen.told.knows(fact) or effort.delivery.cues == "tones":
        return
    sentences = pen.speaker.pack.traits.sentences(setup.text)
    sided = [part for part in sentences if slots_in(part) & {"side", "other_side"}]
    line = pen.speaker.fill_text(" ".join(sided), values)
    yield Cue(
        "setup", line, setup.position, effort.delivery, weight=Weight.POSITION, late=True, facts=(fact,)
    )


# -- what the effort ahead has no room for ----------------------------------------------------------


def _lessons(moment: Moment, told: Told) -> Iterator[Cue]:
    effort, speaker = moment.gap.ahead, moment.speaker
    if effort is None:
        return
    values = values_of(effort, speaker.pack)
    for number, words in enumerate(moment.lookahead.phases):
        line = speaker.fill(words, values)
        # So that nobody takes the lesson for the command.
        if number == 0 and effort.traits.moves:
            entry = "lesson_sides" if effort.rep_sides else "lesson"
            line = speaker.phrase(entry, {}, told.turn(entry), within=line)
        yield Cue("step", line, words.position, effort.delivery, late=True, facts=(Taught(words),))
    if effort.guide:
        line = speaker.fill(effort.guide, values)
        yield Cue("guide", line, effort.guide.position, effort.delivery, late=True)


def _waiting(moment: Moment, told: Told) -> Iterator[Cue]:
    """A reminder that no silence of its move can hold waits for a rest before the next time, once."""
    gap, effort = moment.gap, moment.gap.ahead
    if effort is None or not has_time_for_words(gap) or (effort.opens and told.is_new(effort)):
        return
    for words in moment.lookahead.reminders:
        fact = Reminded(effort.move.key, words, in_rest=True)
        if words != told.reminder and not told.knows(fact):
            line = moment.speaker.fill(words, values_of(effort, moment.speaker.pack))
            yield Cue(
                "reminder", line, words.position, effort.delivery, weight=Weight.REMINDER, facts=(fact,)
            )
            return


def _praise(moment: Moment, told: Told) -> Iterator[Cue]:
    return praise(moment.gap, moment.before, told, moment.speaker)


def _reason(moment: Moment, told: Told) -> Iterator[Cue]:
    return reason(moment.gap, moment.before, told, moment.speaker)


_WRITERS: tuple[Callable[[Moment, Told], Iterator[Cue]], ...] = (
    _praise,
    _arrival,
    _introduction,
    _change,
    _lessons,
    _reason,
    _waiting,
)

# What is said at each setting of `cues`; what the author wrote as `say` is always said.
_BRIEF = frozenset(
    {
        "section",
        "announce",
        "setup",
        "advice",
        "side",
        "way",
        "last",
        "guide",
        "say",
        "safety",
        "step",
        "equipment",
        "every",
    }
)
_TONES = frozenset({"announce", "advice", "say", "safety", "guide"})


def _is_allowed(cue: Cue) -> bool:
    match cue.delivery.cues:
        case "full":
            return True
        case "brief":
            return cue.cue in _BRIEF
        case "tones":
            return cue.cue in _TONES
