"""What the coach says: cues with their importance and a shorter wording, before they have a time.

In: the plan's steps, one after another. Out: `Cue`s. The coach remembers what was taught and which
wordings were used, never the clock: how long words take is asked of `measure`, handed in.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.phrases import fill
from audiocoach.coaching.steps import Place
from audiocoach.coaching.timeline import Utterance
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audiocoach.coaching.phrases import Pack
    from audiocoach.coaching.steps import Effort, FixedDose, Gap, Manner, Plan, Station, Talk
    from audiocoach.errors import Position
    from audiocoach.routine.model import Move, Words

ANCHORED = 0
# Told before already: left out without a word where there is no room for it.
FORETOLD = 1
# From here on what is offered: it goes before a dose is left unsaid.
OFFER = 6
# From here on what only fills a silence: it goes before anything is said shorter.
FILLER = 8
REST_WORDS_FROM_MS = 8000

_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_SIDE_SLOTS = ("<side>", "<other_side>")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words to be said. `weight` 0 is anchored: never dropped; the higher, the sooner they go.

    `short` is a shorter wording or empty. `late` words belong close to what comes, not to the
    start of the gap. `arrived` is the wording where a change that was to be told ahead got a gap.
    """

    cue: str
    text: str
    position: Position
    manner: Manner
    short: str = ""
    weight: int = ANCHORED
    late: bool = False
    arrived: str = ""

    def in_gap(self) -> Cue:
        """The same, told when what was to come is there."""
        return replace(self, text=self.arrived or self.text, arrived="")


@dataclass(frozen=True, slots=True)
class Foresight:
    """What an effort will have no room for, so that it is said before it.

    `phases` that have no time within it, `reminders` that no silence in it can hold, the `side` that
    begins, the `changes` of side or way that come without a gap, and the `offer` of an easier version.
    """

    phases: tuple[Words, ...] = ()
    reminders: tuple[Words, ...] = ()
    side: bool = False
    changes: frozenset[str] = frozenset()
    offer: bool = False


class Coach:
    """The one who speaks: fills in words, measures them, remembers what was said.

    In a `sketch` the words that tell the session's length are estimated, and `has_estimated` says whether
    there are any.
    """

    def __init__(
        self,
        plan: Plan,
        measure: Callable[[Utterance], int],
        duration_ms: int,
        *,
        sketch: bool = False,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self.pack: Pack = plan.pack
        # Asked before everything that may come very often: it raises where the layout is to end.
        self.check = check
        self._measure = measure
        self._general = {"title": plan.title, "duration": plan.pack.about(duration_ms)}
        # Less its first letter, which a sentence may begin with.
        self._estimated = self._general["duration"][1:] if sketch else None
        self.has_estimated = False
        self._respell = _respeller(plan.pronounce)
        self.turns: Counter[str] = Counter()
        self._valued: Effort | None = None
        self._values: dict[str | None, dict[str, str]] = {}
        self._set_up: set[object] = set()
        self._equipped: set[str] = set()
        self._coached: dict[str, Effort] = {}
        self._said: set[Words] = set()
        self._place = Place()
        self._last: Effort | None = None
        self._foretold: set[tuple[int, str]] = set()
        self._reminded: Counter[str] = Counter()
        # The reminder that was said last, and the one that the gap to come will say: a gap is written
        # before the effort that it follows.
        self._reminder: Words | None = None
        self._promised: Words | None = None
        # A reminder is said in a rest once: it belongs in the silence of the work.
        self._rested: set[Words] = set()
        self._gridded: set[object] = set()

    # -- words ----------------------------------------------------------------------------------

    def utterance(self, text: str, manner: Manner) -> Utterance:
        """The text as the voice gets it: pronunciations replaced."""
        return Utterance(self._respell(text), manner.voice)

    def length_ms(self, text: str, manner: Manner) -> int:
        """How long the words take."""
        utterance = self.utterance(text, manner)
        if self._estimated and self._estimated in text:
            self.has_estimated = True
            return estimate_ms(utterance)
        return self._measure(utterance)

    def phrase(self, key: str, values: Mapping[str, str]) -> str:
        """An entry of the pack, its wordings taking turns."""
        turn = self.turns[key]
        self.turns[key] += 1
        return self.pack.say(key, {**self._general, **values}, turn)

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """A try that leaves no trace: wordings take their turns as if it had not been."""
        turns = self.turns.copy()
        yield
        self.turns = turns

    def fill(self, words: Words, values: Mapping[str, str]) -> str:
        """The author's words with their placeholders filled."""
        return fill(words.text, {**self._general, **values})

    def values(self, effort: Effort, rep: int = 0) -> Mapping[str, str]:
        """What the placeholders stand for in an effort, at its `rep`th repetition from 0."""
        # Asked for with every phase: the last effort's are kept, one for each of its sides.
        if self._valued is not effort:
            self._valued, self._values = effort, {}
        side = effort.rep_sides[rep % 2] if effort.rep_sides else effort.side
        if side not in self._values:
            self._values[side] = self._values_at(effort, side)
        return self._values[side]

    def _values_at(self, effort: Effort, side: str | None) -> dict[str, str]:
        found = {
            "name": effort.name,
            "set": str(effort.set),
            "sets": str(effort.sets),
            **_round_values(effort.place),
        }
        if side:
            other = "right" if side == "left" else "left"
            found |= {"side": self.pack.part(side, {}), "other_side": self.pack.part(other, {})}
        if effort.way:
            found["way"] = effort.way
        if effort.next_name:
            found["next"] = effort.next_name
        if effort.dose:
            found |= self._dose_values(effort, effort.dose)
        return found

    def _dose_values(self, effort: Effort, dose: FixedDose) -> dict[str, str]:
        found = {"dose": self._dose(effort, dose)}
        if dose.reps:
            found["reps"] = str(dose.reps)
        if dose.kind in ("hold", "holds", "breaths"):
            found["hold"] = self._stay(dose)
        return found

    def _stay(self, dose: FixedDose) -> str:
        return self.pack.counted("breath", dose.breaths) if dose.breaths else self.pack.time(dose.time_ms)

    def _dose(self, effort: Effort, dose: FixedDose) -> str:
        text = self.plain_dose(dose)
        each_side = effort.sides is not None and effort.sides.sharing in ("each", "blocks")
        if len(effort.ways) > 1:
            text = self.pack.part("dose_each_way_and_side" if each_side else "dose_each_way", {"text": text})
        elif each_side:
            text = self.pack.part("dose_each_side", {"text": text})
        if effort.sides and effort.sides.sharing == "alternate":
            text = self.pack.part("dose_alternate", {"text": text})
        if effort.sets > 1:
            text = self.pack.part("dose_sets", {"text": text, "sets": str(effort.sets)})
        return text

    def plain_dose(self, dose: FixedDose) -> str:
        """`10 repetitions`, `hold for 30 seconds`: the dose of one set of one side."""
        match dose.kind:
            case "for":
                return self.pack.part("dose_for", {"text": self.pack.time(dose.time_ms)})
            case "hold":
                return self.pack.part("dose_hold", {"text": self._stay(dose)})
            case "reps":
                return self.pack.part("dose_reps", {"text": self.pack.counted("repetition", dose.reps)})
            case "breaths":
                return self.pack.part("dose_breaths", {"text": self.pack.counted("breath", dose.breaths)})
            case "holds":
                key = "dose_one_hold" if dose.reps == 1 else "dose_holds"
                return self.pack.part(key, {"text": self._stay(dose), "count": str(dose.reps)})

    def offer(self, easier: Words, values: Mapping[str, str]) -> str:
        """What is easier, as an offer."""
        return self.phrase("easier", {"text": self.fill(easier, values)})

    # -- what was done before -------------------------------------------------------------------

    def is_new(self, effort: Effort) -> bool:
        """Whether the move was not coached yet: its first interval is coached in full, later ones briefly."""
        return self._coached.get(effort.move.key, effort) is effort

    def coach(self, effort: Effort) -> None:
        """This interval begins: if it is the move's first one, it is the one that is coached in full."""
        if effort.manner.cues != "tones":
            self._coached.setdefault(effort.move.key, effort)

    def has_said(self, words: Words) -> bool:
        """Whether the author's words, which are said once, were said before the effort."""
        return words in self._said

    def reminders_in_turn(self, effort: Effort) -> tuple[Words, ...]:
        """The reminders that may be said now, from the one whose turn it is."""
        reminders, turn = reminders_of(effort), self._reminded[effort.move.key]
        # One alone would be the same one twice running.
        if turn and len(reminders) == 1:
            return ()
        in_turn = (reminders[(turn + more) % len(reminders)] for more in range(len(reminders)))
        return tuple(words for words in in_turn if words not in (self._reminder, self._promised))

    def reminded(self, effort: Effort, words: Words) -> None:
        """That reminder was said: the next one's turn."""
        self._reminded[effort.move.key] = reminders_of(effort).index(words) + 1
        self._reminder = words

    def unsaid(self, effort: Effort) -> None:
        """The reminder that was promised for the gap before this effort had no room in it."""
        words, self._promised = self._promised, None
        if words is not None:
            self._reminded[effort.move.key] = reminders_of(effort).index(words)
            self._rested.discard(words)

    # -- gaps -----------------------------------------------------------------------------------

    def talk(self, talk: Talk) -> Cue:
        """The words of a talk, as they are."""
        values = _round_values(talk.place)
        if talk.next_name:
            values["next"] = talk.next_name
        return Cue(talk.cue, self.fill(talk.words, values), talk.words.position, talk.manner)

    def gap(self, gap: Gap, foresight: Foresight) -> tuple[Cue, ...]:
        """Everything said before an effort; `foresight` is what it has no room for."""
        self._reminder, self._promised = self._promised or self._reminder, None
        cues = list(self._arrival(gap))
        if gap.ahead is not None:
            opens = gap.ahead.opens
            cues += self._introduction(gap.ahead, foresight) if opens else self._change(gap, gap.ahead)
            cues += self._lessons(gap.ahead, foresight.phases)
            cues += self._waiting(gap, gap.ahead, foresight.reminders)
            self._last = gap.ahead
        return tuple(cue for cue in cues if _allowed(cue))

    def _arrival(self, gap: Gap) -> Iterator[Cue]:
        if gap.kind == "rest" and gap.length_ms >= REST_WORDS_FROM_MS:
            yield self._own("rest", "rest", {}, gap.position, gap.manner, weight=FILLER + 1)
        effort = gap.ahead if gap.ahead and gap.ahead.opens else None
        for talk in gap.says:
            if effort:
                yield from self._arrive(_shared(talk.place, effort.place), effort, gap.manner)
            yield self.talk(talk)
        if effort:
            yield from self._arrive(effort.place, effort, gap.manner)

    def _arrive(self, place: Place, effort: Effort, manner: Manner) -> Iterator[Cue]:
        """The sections and rounds that begin here, from the outermost on."""
        known, self._place = self._place, place
        for depth, level in enumerate(place.levels, 1):
            here = Place(place.levels[:depth])
            # A circuit is announced by its section's name: that is said once.
            named = effort.circuit and level.section == effort.name and here == effort.place
            if level.section and not named and known.sections[: len(here.sections)] != here.sections:
                values = {**_round_values(place), "section": level.section}
                yield self._own("section", "section", values, effort.position, manner, weight=5)
            key = _round_key(here)
            if key and level.round and known.turns[: len(here.turns)] != here.turns:
                yield self._own(key, "round", _round_values(here), effort.position, manner, weight=4)

    def _own(  # noqa: PLR0913 - one row of a script
        self,
        key: str,
        cue: str,
        values: Mapping[str, str],
        position: Position,
        manner: Manner,
        *,
        weight: int = ANCHORED,
        short: str = "",
        late: bool = False,
    ) -> Cue:
        text = self.phrase(key, values)
        shorter = self.pack.say(short, {**self._general, **values}) if short else ""
        return Cue(cue, text, position, manner, shorter if shorter != text else "", weight, late)

    def _introduction(self, effort: Effort, foresight: Foresight) -> Iterator[Cue]:
        values, manner, position = self.values(effort), effort.manner, effort.position
        key = "first" if self._last is None else "next"
        if effort.dose is None or effort.guide or effort.circuit:
            key = "next_plain"
        if manner.cues == "tones" or (key == "next_plain" and self._last is None):
            key = "named"
        if not self._tells_its_name(effort):
            yield self._own(key, "announce", values, position, manner, short="named")
        yield from self._grid(effort)
        yield from self._circuit(effort)
        new = self._is_unknown(effort.move, effort)
        yield from self._positioning(effort.move, effort, values)
        if new and foresight.offer and effort.easier and manner.cues == "full":
            self._said.add(effort.easier)
            offer = self.offer(effort.easier, values)
            yield Cue("variant", offer, effort.easier.position, manner, weight=OFFER, late=True)
        self._foretold |= {(effort.number, change) for change in foresight.changes}
        side_key = self._first_side(effort, foresight, known=new and names_side(effort.move.setup))
        if side_key:
            short = "side" if side_key == "side_first" else ""
            yield self._own(side_key, "side", self.values(effort), position, manner, short=short)
        if effort.way:
            others = {"text": ", ".join(effort.ways[1:])}
            key = "ways_first" if "way" in foresight.changes else "way"
            yield self._own(key, "way", {**values, **others}, position, manner, late=True)

    def _first_side(self, effort: Effort, foresight: Foresight, *, known: bool) -> str | None:
        """How the side is told with which a move begins; None where it is `known`, or told as one goes."""
        if "side" in foresight.changes:
            return "sides_first"
        if effort.rep_sides and effort.rep is None:
            return "side_first" if foresight.side else None
        if known or not effort.side:
            return None
        return "side_first" if effort.sides is not None and effort.sides.sharing != "one" else "side"

    def _tells_its_name(self, effort: Effort) -> bool:
        """Whether a circuit's own sentence begins as its name does: `As many rounds as you can`."""
        if not effort.circuit or effort.dose is None or effort.manner.cues == "tones":
            return False
        told = self.pack.say("circuit", {"text": self.pack.time(effort.dose.time_ms)})
        return told.casefold().startswith(effort.name.casefold())

    def _circuit(self, effort: Effort) -> Iterator[Cue]:
        if not effort.circuit or effort.dose is None:
            return
        names_alone = effort.manner.cues == "tones"
        if not names_alone:
            text = self.pack.time(effort.dose.time_ms)
            yield self._own("circuit", "announce", {"text": text}, effort.position, effort.manner)
        for station in effort.circuit:
            values = self._station_values(effort, station)
            key = "circuit_move" if station.dose and not names_alone else "named"
            if not names_alone or station.steps or station.name not in effort.name.split(", "):
                yield self._own(key, "announce", values, effort.position, effort.manner, short="named")
            # How to do it follows its name, not the names of all.
            yield from (replace(cue, late=False) for cue in self._positioning(station.move, effort, values))
            for words, dose in station.steps:
                time = {"dose": self.plain_dose(dose)}
                yield Cue("guide", self.fill(words, values), words.position, effort.manner)
                yield self._own("circuit_step", "guide", time, effort.position, effort.manner)

    def _station_values(self, effort: Effort, station: Station) -> dict[str, str]:
        """What the placeholders stand for in one of the moves of as many rounds as one can."""
        found = {"name": station.name}
        found |= {"dose": self.plain_dose(station.dose)} if station.dose else {}
        return found | ({"next": effort.next_name} if effort.next_name else {})

    def reminder(self, effort: Effort, words: Words) -> str:
        """A reminder, with the values of the move that it belongs to."""
        for station in effort.circuit:
            if words in (station.move.reminders or ()):
                return self.fill(words, self._station_values(effort, station))
        return self.fill(words, self.values(effort))

    def _grid(self, effort: Effort) -> Iterator[Cue]:
        """That the sets of an `every` start on a grid, told once."""
        key = (effort.move.key, effort.every_ms, effort.sets > 1)
        if not effort.every_ms or key in self._gridded:
            return
        self._gridded.add(key)
        several, minute = effort.sets > 1, effort.every_ms == MS_PER_MINUTE
        text = self.pack.time(effort.every_ms)
        if minute:
            text = self.pack.part("each_minute" if several else "the_minute", {})
        brief = several and effort.manner.cues == "brief"
        entry = "every_brief" if brief else "every" if several else "every_once"
        short = "every_brief" if several else ""
        values = {"text": text}
        yield self._own(entry, "every", values, effort.position, effort.manner, weight=2, short=short)

    def _is_unknown(self, move: Move, effort: Effort) -> bool:
        """Whether the way into the move was not told yet, and is told here."""
        return _way_in(move) not in self._set_up and effort.manner.cues != "tones"

    def _positioning(self, move: Move, effort: Effort, values: Mapping[str, str]) -> Iterator[Cue]:
        """How to get there, the first time a move is met; what the author says of it is always said."""
        new, manner = self._is_unknown(move, effort), effort.manner
        if new:
            self._set_up |= {_way_in(move), (_way_in(move), effort.side)}
            yield from self._setup(move, effort, values)
        if move.say and move.say not in self._said:
            self._said.add(move.say)
            yield Cue("advice", self.fill(move.say, values), move.say.position, manner, late=True)

    def _setup(self, move: Move, effort: Effort, values: Mapping[str, str]) -> Iterator[Cue]:
        manner = effort.manner
        needed = [thing for thing in move.equipment or () if thing not in self._equipped]
        self._equipped.update(needed)
        if needed:
            things = {"text": ", ".join(needed)}
            yield self._own("equipment", "equipment", things, effort.position, manner, weight=3)
        if move.setup:
            yield Cue("setup", self.fill(move.setup, values), move.setup.position, manner, late=True)

    def _change(self, gap: Gap, effort: Effort) -> Iterator[Cue]:
        """From one set, side or way of a move to the next."""
        last, values = self._last, self.values(effort)
        manner, position = effort.manner, effort.position
        if last is None or (effort.rep or 1) > 1:
            return
        # On a second side the sets begin again: the side is said, not "set 1".
        if effort.set > last.set or (effort.set < last.set and effort.side == last.side):
            key, cue = ("set_last", "last") if _is_last_set(effort) else ("set", "set")
            yield self._changed(gap, key, cue, values, effort, weight=4)
        if effort.side and effort.side != last.side:
            weight = self._weight(effort, "side")
            if gap.kind == "switch":
                yield self._changed(gap, "switch_sides", "side", values, effort, weight=weight, short="side")
            else:
                yield self._own("side", "side", values, position, manner, weight=weight)
            yield from self._again(effort, values)
        if effort.way and effort.way != last.way:
            weight = self._weight(effort, "way")
            yield self._changed(gap, "switch_ways", "way", values, effort, weight=weight, short="way")

    def _changed(  # noqa: PLR0913 - one row of a script
        self,
        gap: Gap,
        key: str,
        cue: str,
        values: Mapping[str, str],
        effort: Effort,
        *,
        weight: int,
        short: str = "",
    ) -> Cue:
        """A change; where no gap follows, it is told ahead: in words that nobody can obey too early."""
        position, manner = effort.position, effort.manner
        if gap.length_ms or gap.grows != "fixed":
            return self._own(key, cue, values, position, manner, weight=weight, short=short)
        ahead = self._own(f"{key}_ahead", cue, values, position, manner, weight=weight)
        return replace(ahead, arrived=self.pack.say(key, {**self._general, **values}))

    def _weight(self, effort: Effort, change: str) -> int:
        return FORETOLD if (effort.number, change) in self._foretold else ANCHORED

    def _waiting(self, gap: Gap, effort: Effort, waiting: tuple[Words, ...]) -> Iterator[Cue]:
        """A reminder that no silence of its move can hold waits for a rest before the next time, once."""
        is_rest = gap.kind == "rest" and gap.length_ms >= REST_WORDS_FROM_MS
        if not is_rest or (effort.opens and self.is_new(effort)):
            return
        words = next((one for one in waiting if one not in self._rested and one != self._reminder), None)
        if words is not None:
            said = self._reminder
            self.reminded(effort, words)
            self._rested.add(words)
            self._reminder, self._promised = said, words
            text = self.fill(words, self.values(effort))
            yield Cue("reminder", text, words.position, effort.manner, weight=FILLER)

    def _again(self, effort: Effort, values: Mapping[str, str]) -> Iterator[Cue]:
        """A setup that names the side is said for the other as well, once: the sentences that name it."""
        setup, key = effort.move.setup, (_way_in(effort.move), effort.side)
        if setup is None or not names_side(setup) or key in self._set_up or effort.manner.cues == "tones":
            return
        self._set_up.add(key)
        sentences = [part.strip() for part in _SENTENCE.findall(setup.text) if _holds_side(part)]
        text = fill(" ".join(sentences), {**self._general, **values})
        yield Cue("setup", text, setup.position, effort.manner, weight=3, late=True)

    def _lessons(self, effort: Effort, taught: tuple[Words, ...]) -> Iterator[Cue]:
        values = self.values(effort)
        for number, words in enumerate(taught):
            text = self.fill(words, values)
            # So that nobody takes the lesson for the command.
            if number == 0 and effort.kind in ("work", "reps"):
                text = self.phrase("lesson_sides" if effort.rep_sides else "lesson", {"text": text})
            yield Cue("step", text, words.position, effort.manner, late=True)
        if effort.guide:
            yield Cue(
                "guide", self.fill(effort.guide, values), effort.guide.position, effort.manner, late=True
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


def _allowed(cue: Cue) -> bool:
    match cue.manner.cues:
        case "full":
            return True
        case "brief":
            return cue.cue in _BRIEF
        case "tones":
            return cue.cue in _TONES


def _is_last_set(effort: Effort) -> bool:
    """Whether no set follows: where all are done on one side first, those on the other do."""
    sides = effort.sides
    side_follows = sides is not None and sides.sharing == "blocks" and effort.side != sides.order[-1]
    return effort.set == effort.sets and not side_follows


def _round_values(place: Place) -> dict[str, str]:
    if place.round is None:
        return {}
    return {"round": str(place.round), "rounds": str(place.rounds)}


def _round_key(place: Place) -> str | None:
    """What the innermost round is announced by: a round within a round is never taken for the outer one."""
    if place.round is None or place.rounds == 1:
        return None
    key = "inner" if any(rounds > 1 for _, rounds in place.turns[:-1]) else "round"
    if place.round == 1:
        return f"{key}_first"
    return f"{key}_last" if place.round == place.rounds else key


def _shared(place: Place, other: Place) -> Place:
    """The blocks around both."""
    pairs = zip(place.levels, other.levels, strict=False)
    return Place(tuple(level for level, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _way_in(move: Move) -> object:
    """What a listener has to know before a move; at another level it may be something else."""
    return (move.key, move.setup, move.equipment)


def _holds_side(text: str) -> bool:
    return any(slot in text for slot in _SIDE_SLOTS)


def names_side(words: Words | None) -> bool:
    """Whether the words tell which side it is."""
    return words is not None and _holds_side(words.text)


def reminders_of(effort: Effort) -> tuple[Words, ...]:
    """The reminders of an effort's move, or of all moves of its circuit, each once."""
    if effort.circuit:
        every = (words for station in effort.circuit for words in station.move.reminders or ())
        return tuple(dict.fromkeys(every))
    return effort.move.reminders or ()


def _respeller(pronounce: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    """Whole words replaced, whatever their case; the longest first."""
    if not pronounce:
        return str
    table = {word.casefold(): spoken for word, spoken in pronounce}
    names = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(lambda match: table.get(match[0].casefold(), match[0]), text)
