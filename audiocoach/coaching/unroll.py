"""Levels, rounds, sets, sides, ways and repetitions written out, with the gaps that each asks for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from audiocoach.coaching.chance import chosen
from audiocoach.coaching.merge_gaps import ChapterMark, Raw, RawGap
from audiocoach.coaching.steps import (
    EFFORTS,
    Delivery,
    Effort,
    FixedDose,
    NestedBlock,
    Nesting,
    PauseStep,
    Phase,
    SayStep,
    Station,
    ToneStep,
    beats_ms,
)
from audiocoach.errors import InputError, Problem
from audiocoach.language.language import traits
from audiocoach.records import dataclass, replace
from audiocoach.routine import at_times
from audiocoach.routine.model import (
    Block,
    Casting,
    CountIn,
    Do,
    Move,
    Pause,
    Range,
    Rest,
    Ring,
    Say,
    Terms,
    announced,
    dosed,
    is_led,
    overlay,
    settled,
    varied,
)
from audiocoach.routine.values import MAX_TIME_MS
from audiocoach.unions import assert_never
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ceil_to, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiocoach.coaching.steps import EffortKind, Grows
    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import (
        Dose,
        Item,
        LevelName,
        MoveStep,
        Routine,
        Settings,
        Sides,
        VoiceChange,
    )
    from audiocoach.routine.voice import Voice

READY_MS = 5000
SWITCH_MS = 5000
RELEASE_MS = 3000
STEP_MS = 3000
REP_MS = 4000
BREATH_MS = (3000, 4000)
# Beats that are shorter are ticked, and not counted one by one.
COUNTED_FROM_MS = 1000
MAX_STEPS = 40_000
MAX_REPETITIONS = 100_000


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds for everything inside a block; `every_ms` is its grid, 0 where it has none."""

    level: LevelName
    delivery: Delivery
    casting: Casting
    defaults: Terms
    place: Nesting
    every_ms: int = 0
    counter: VoiceChange | None = None


@dataclass(frozen=True, slots=True)
class _Cell:
    """One turn of a move: which set, which side, which way."""

    set: int
    side: str | None
    way: str | None


def unroll(routine: Routine, voice: Voice, diagnostics: Diagnostics) -> tuple[Delivery, list[Raw]]:
    """The whole session in order, and the manner in which it opens and closes.

    `voice` speaks where the routine names nobody.

    Raises:
        InputError: more than 24 hours, 40,000 steps, or 100,000 repetitions and breaths.
    """
    plain = Delivery("full", "full", voice)
    outside = _Scope("standard", plain, Casting(voice), Terms(breath=BREATH_MS), Nesting())
    scope = _inside(outside, routine.settings)
    unroller = _Unroller(routine, diagnostics)
    unroller.items(routine.session, scope)
    return scope.delivery, unroller.raw


def choose(span: Range, level: LevelName, step: int = 1) -> int:
    """The low end for gentle, the high end for strong, the middle rounded up to `step` for standard."""
    middle = min(span.high, ceil_to(-(-(span.low + span.high) // 2), step))
    return {"gentle": span.low, "standard": middle, "strong": span.high}[level]


_MIRROR: dict[LevelName, LevelName] = {"gentle": "strong", "standard": "standard", "strong": "gentle"}


def choose_time_ms(span: Range, level: LevelName) -> int:
    """A time in which one works, in whole seconds where the range lets it."""
    return choose(span, level, MS_PER_SECOND)


def choose_gap_ms(span: Range, level: LevelName) -> int:
    """A time in which one recovers: gentle takes the longest."""
    return choose(span, _MIRROR[level], MS_PER_SECOND)


def phases_of(steps: tuple[MoveStep, ...], phases_ms: tuple[int, ...], rep_ms: int) -> tuple[Phase, ...]:
    """Untimed steps on a tempo. They match all its numbers, or those above 0; a phase of 0 s is none.

    Without numbers they share `rep_ms`; with no time at all every length is 0.
    """
    if not steps:
        return ()
    rows = [(sum(phases_ms[:index]), length) for index, length in enumerate(phases_ms)]
    if not phases_ms:
        each_ms = rep_ms // len(steps)
        rows = [(each_ms * index, each_ms) for index in range(len(steps))]
    elif len(steps) != len(rows):
        rows = [row for row in rows if row[1]]
    return tuple(
        Phase(step.words, step.short, start, length)
        for step, (start, length) in zip(steps, rows, strict=True)
        if length or not phases_ms
    )


def _inside(scope: _Scope, settings: Settings) -> _Scope:
    casting = scope.casting.changed(settings.voice)
    counter = settings.counter or scope.counter
    # A lesson says everything.
    cues = "full" if settings.cues == "learn" else settings.cues
    delivery = Delivery(
        cues or scope.delivery.cues,
        settings.tones or scope.delivery.tones,
        casting.voice,
        announced(settings.announce, scope.delivery.announce),
        scope.delivery.count_in.changed(settings.count_in),
        settings.tone or scope.delivery.tone,
        settings.music or scope.delivery.music,
        scope.delivery.sounds.changed(settings.sounds) if settings.sounds else scope.delivery.sounds,
        casting.changed(counter).voice if counter else None,
    )
    return replace(
        scope,
        level=settings.level or scope.level,
        delivery=delivery,
        casting=casting,
        counter=counter,
        defaults=overlay(settings.defaults, scope.defaults),
    )


def _within(scope: _Scope, level: NestedBlock) -> _Scope:
    return replace(scope, place=Nesting((*scope.place.levels, level)))


def _of_do(moves: Mapping[str, Move], do: Do, level: LevelName) -> Move:
    """The move of a `do` at this level, with what the `do` says of it."""
    return varied(_at_level(moves[do.move], level), do.own)


def _at_level(move: Move, level: LevelName) -> Move:
    return varied(move, {"gentle": move.easier, "standard": None, "strong": move.harder}[level])


def _with_turns(raw: list[Raw]) -> list[Raw]:
    """Each exercise of a grid with its number, and how many there are."""
    count = sum(isinstance(item, Effort) for item in raw)
    numbers = iter(range(1, count + 1))
    return [replace(item, turn=(next(numbers), count)) if isinstance(item, Effort) else item for item in raw]


class _Unroller:
    """Walks the tree once; `raw` is what comes out."""

    def __init__(self, routine: Routine, diagnostics: Diagnostics) -> None:
        self.moves = {move.key: move for move in routine.moves}
        self.diagnostics = diagnostics
        self._traits = traits(routine.language)
        self._day = routine.day
        self._number = 0
        self._total_ms = 0
        self._walked = 0
        self._repeated = 0
        # Where the section of the chapter that runs was written.
        self._section: Position | None = None
        self.raw: list[Raw] = []

    def put(self, item: Raw, length_ms: int, position: Position) -> None:
        if not isinstance(item, ChapterMark | RawGap):
            self._resume(item.place)
        self.raw.append(item)
        self._total_ms += length_ms
        if self._total_ms > MAX_TIME_MS:
            message = "the session is too long: expected at most 24 hours in all"
            raise InputError(Problem(position, message, code="too-long-session"))
        self._count(position)

    def _resume(self, place: Nesting) -> None:
        """A section that goes on after one inside it is a chapter again."""
        while place.levels and not place.levels[-1].section:
            place = Nesting(place.levels[:-1])
        if place.section and place.levels[-1].block != self._section:
            self._mark(place.section, place, place.levels[-1].block)

    def _mark(self, title: str, place: Nesting, section: Position | None) -> None:
        self._section = section
        self.raw.append(ChapterMark(title, place.round or 1))

    def _count(self, position: Position) -> None:
        # Counted where something is walked, not only where something is written: an empty repeat counts.
        self._walked += 1
        if self._walked > MAX_STEPS:
            message = f"the session has too many steps: expected at most {MAX_STEPS:,}, written out"
            raise InputError(Problem(position, message, code="too-large-session"))

    def count_repetitions(self, effort: Effort, position: Position) -> None:
        """Repetitions and breaths are no steps of their own: a session of many would be laid out for ever."""
        cycle_ms = (
            effort.rep_ms or sum(effort.breath_ms) or (MS_PER_MINUTE // effort.bpm if effort.bpm else 0)
        )
        self._repeated += effort.length_ms // cycle_ms if cycle_ms else 0
        if self._repeated > MAX_REPETITIONS:
            message = f"the session has too many repetitions: expected at most {MAX_REPETITIONS:,} in all"
            raise InputError(Problem(position, message))

    def items(self, items: tuple[Item, ...], scope: _Scope) -> None:
        for item in items:
            self._count(item.position)
            match item:
                case Do():
                    self._do(item, scope)
                case Block():
                    self._block(item, scope)
                case Say():
                    self._say(item, scope)
                case Rest():
                    rest_ms = choose_gap_ms(item.time_ms, scope.level)
                    self.gap(item.position, "rest", rest_ms, scope, waits=item.waits)
                case Pause():
                    pause_ms = choose_gap_ms(item.time_ms, scope.level)
                    self.put(
                        PauseStep(item.position, pause_ms, scope.place, scope.delivery),
                        pause_ms,
                        item.position,
                    )
                case Ring():
                    self.put(
                        ToneStep(item.position, item.tone, scope.place, scope.delivery), 0, item.position
                    )
                case _:
                    assert_never(item)

    def gap(self, position: Position, kind: str, length_ms: int, scope: _Scope, **more: object) -> None:
        gap = RawGap(position, kind, length_ms, scope.place, scope.delivery, **more)  # type: ignore[arg-type]
        self.put(gap, length_ms, position)

    def _say(self, say: Say, scope: _Scope) -> None:
        pause_ms = choose_gap_ms(say.pause_ms, scope.level) if say.pause_ms else 0
        self.put(
            SayStep(say.position, say.words, "say", pause_ms, scope.place, scope.delivery),
            pause_ms,
            say.position,
        )

    def _block(self, block: Block, scope: _Scope) -> None:
        inner = _inside(scope, block.settings)
        block = self._of_the_day(block, inner.level)
        if block.section:
            self._mark(block.section, scope.place, block.position)
        if block.every_ms:
            self._on_grid(block, inner, block.every_ms)
            return
        if block.free_ms:
            around = _within(inner, NestedBlock(block.position, block.section))
            self._circuit(block, around, choose_time_ms(block.free_ms, inner.level))
            return
        rounds = choose(block.repeat, inner.level) if block.repeat else None
        for number in range(1, (rounds or 1) + 1):
            level = NestedBlock(block.position, block.section, number if rounds else None, rounds)
            self.items(block.items, _within(inner, level))
            if block.rest_ms and number < (rounds or 1):
                rest_ms = choose_gap_ms(block.rest_ms, inner.level)
                self.gap(block.position, "rest", rest_ms, _within(inner, level))

    def _of_the_day(self, block: Block, level: LevelName) -> Block:
        """The block with those of its steps that this day chooses, in the order of this day."""
        if block.choose is None and not block.shuffles:
            return block
        count = choose(block.choose, level) if block.choose else len(block.items)
        place = str(block.position.node)
        items = chosen(block.items, count, self._day, place, shuffles=block.shuffles)
        return replace(block, items=items)

    def _on_grid(self, block: Block, scope: _Scope, every_ms: int) -> None:
        """Its exercises one after the other, all of them as often as it says: each knows which turn it is."""
        first = len(self.raw)
        inside = replace(_within(scope, NestedBlock(block.position, block.section)), every_ms=every_ms)
        if inside.place.section is None:
            moves = [_of_do(self.moves, item, scope.level) for item in block.items if isinstance(item, Do)]
            names = dict.fromkeys(move.name or move.key for move in moves)
            self._mark(self._traits.lists.join(tuple(names)), inside.place, None)
        for _ in range(choose(block.repeat, scope.level) if block.repeat else 1):
            self.items(block.items, inside)
        self.raw[first:] = _with_turns(self.raw[first:])

    def _circuit(self, block: Block, scope: _Scope, length_ms: int) -> None:
        # Anything but a `do` in it was told by the parser.
        stations = tuple(self._station(item, scope.level) for item in block.items if isinstance(item, Do))
        if not stations:
            return
        names = tuple(dict.fromkeys(station.name for station in stations))
        title = block.section or self._traits.lists.join(names)
        if scope.place.section is None:
            self._mark(title, scope.place, None)
        whole = Move(block.position, title, name=title)
        self._number += 1
        self.ready(block.position, scope, None)
        effort = Effort(
            position=block.position,
            kind="work",
            length_ms=length_ms,
            move=whole,
            number=self._number,
            place=scope.place,
            delivery=scope.delivery,
            dose=FixedDose("for", length_ms),
            set=1,
            sets=1,
            opens=True,
            circuit=stations,
            is_list=not block.section,
            at=block.at,
            rounds=choose(block.repeat, scope.level) if block.repeat else 0,
        )
        self.put(effort, length_ms, block.position)

    def _station(self, do: Do, level: LevelName) -> Station:
        move = _of_do(self.moves, do, level)
        dose = dosed(do.dose, move.dose)
        timed = (step for step in move.steps or () if step.timed)
        steps = tuple((step.words, _fixed_time(step, level)) for step in timed)
        return Station(move, _fixed(dose, level) if dose else None, steps)

    def ready(self, position: Position, scope: _Scope, ready_ms: int | None) -> None:
        if ready_ms is None:
            self.gap(position, "ready", READY_MS, scope, grows="ready", declared=False)
        else:
            self.gap(position, "ready", ready_ms, scope)

    def _do(self, do: Do, outer: _Scope) -> None:
        scope = _inside(outer, do.settings)
        move = _of_do(self.moves, do, scope.level)
        if scope.place.section is None and not scope.every_ms:
            self._mark(move.name or move.key, scope.place, None)
        self._number += 1
        _DoUnroller(self, do, scope, self._number).run()

    def is_on_grid(self, scope: _Scope) -> bool:
        """Whether the last exercise has left, of the grid of this block, the time before the next one."""
        last = self.raw[-1] if self.raw else None
        return bool(scope.every_ms) and isinstance(last, RawGap) and last.place == scope.place


class _DoUnroller:
    """One `do`: its sets, sides and ways in order."""

    def __init__(self, out: _Unroller, do: Do, scope: _Scope, number: int) -> None:
        self._out = out
        self._do = do
        self._move = move = _of_do(out.moves, do, scope.level)
        self._scope = scope
        self._diagnostics = out.diagnostics
        self._number = number
        self._every_ms = do.every_ms or scope.every_ms
        self._terms = settled(overlay(do.terms, overlay(move.terms, scope.defaults)))
        self._steps = move.steps or ()
        dose = dosed(do.dose, move.dose)
        self._led = is_led(dose, do.terms, move.terms)
        # Breaths keep the pace of a time that they lead, and timed steps have none.
        self._tempo = None if self._led or self._guides else self._terms.tempo
        self._breath_ms = self._terms.breath or BREATH_MS
        self._doses = tuple(map(self._shared, dose.by_set)) if dose else ()
        self._dose = self._doses[0] if self._doses else None
        self._sets = self._sets_of(scope, do)
        self._weights = move.weight or ()
        several = max(len(self._doses), len(self._weights))
        self._sets = several if several > 1 else self._sets
        self._share_sets()
        base = out.moves[do.move]
        self._easier = base.easier.say if base.easier and scope.level == "standard" else None

    def _sets_of(self, scope: _Scope, do: Do) -> int:
        """How many sets there are; on the grid of a block one, unless the `do` itself has more.

        There the block says how often all of them come: what a move does elsewhere is not meant.
        """
        sets = self._terms.sets
        if sets is None:
            return 1
        if not scope.every_ms or do.terms.sets:
            return choose(sets, scope.level)
        position = dict(self._terms.places).get("sets")
        if sets.high > 1 and position is not None and position.path == do.position.path:
            message = (
                "these sets are one each where a block has every: write sets in the do if they are meant"
            )
            self._diagnostics.note(position, message)
        return 1

    def _shared(self, dose: Dose) -> FixedDose:
        """The dose at this level: whole breaths, and repetitions that two sides can share."""
        fixed = _fixed(dose, self._scope.level)
        if self._led:
            return self._whole_breaths(fixed, self._breath_ms, dose.position)
        return self._even(fixed, dose.position)

    def _whole_breaths(self, dose: FixedDose, breath_ms: tuple[int, ...], position: Position) -> FixedDose:
        """A time that breaths lead is over with the last whole one."""
        one_ms, time_ms = sum(breath_ms), dose.time_ms
        breaths = time_ms // one_ms
        breath, wanted, whole = _seconds(one_ms), _seconds(time_ms), _seconds(breaths * one_ms)
        if not breaths:
            self._diagnostics.error(
                position, f"expected time for a whole breath, such as for: {breath}, found {wanted}"
            )
        elif time_ms % one_ms:
            ends = f"{whole}, to the end of the last whole one"
            self._diagnostics.note(position, f"{wanted} of breaths of {breath}: {ends}")
        return replace(dose, time_ms=breaths * one_ms, breaths=breaths)

    def _even(self, dose: FixedDose, position: Position) -> FixedDose:
        """`alternate` shares repetitions between two sides: an odd count rounds up."""
        if not self._alternates or dose.reps % 2 == 0:
            return dose
        self._diagnostics.note(
            position,
            f"{dose.reps} repetitions on alternating sides: {dose.reps + 1}, so that both do as many",
            "uneven-sides",
        )
        return replace(dose, reps=dose.reps + 1)

    def _share_sets(self) -> None:
        """`alternate` where the side changes with every set: one set has one side, an odd count is uneven."""
        sides = self._terms.sides
        if sides is None or not self._alternates or self._by_rep or self._sets % 2 == 0:
            return
        if self._sets > 1:
            more, fewer = self._sets // 2 + 1, self._sets // 2
            message = f"{more} on the {sides.order[0]}, {fewer} on the {sides.order[1]}"
            self._diagnostics.note(
                self._do.position,
                f"{self._sets} sets on alternating sides: {message}; write an even number of sets",
                "uneven-sides",
            )
            return
        self._diagnostics.note(
            self._do.position,
            f"one set has no other side, so it is done on the {sides.order[0]} alone: "
            "add sets: 2, or sides: each",
            "uneven-sides",
        )
        self._terms = replace(self._terms, sides=replace(sides, sharing="one", order=sides.order[:1]))

    @property
    def _guides(self) -> bool:
        """Whether the steps have times of their own."""
        return any(step.timed for step in self._steps)

    @property
    def _alternates(self) -> bool:
        return self._terms.sides is not None and self._terms.sides.sharing == "alternate"

    def run(self) -> None:
        before: _Cell | None = None
        cells = list(self._cells())
        for cell in cells:
            if before is None:
                self._ready()
            else:
                self._between(before, cell)
            self._cell(cell, opens=before is None)
            before = cell
        self._rest()
        self._note_idle_switch(cells)
        self._note_silent_beat()
        each = self._terms.sides is not None and self._terms.sides.sharing == "each"
        switches = each or (self._alternates and not self._by_rep)
        if self._sets > 1 and self._terms.rest_ms is None and not self._every_ms and not switches:
            self._diagnostics.note(
                self._do.position,
                f"{self._sets} sets with no rest between them: write rest: 20s, or rest: 0s if it is meant",
                "missing-rest",
            )

    def _note_silent_beat(self) -> None:
        tempo, tones = self._tempo, self._scope.delivery.tones
        if tempo and tempo.bpm and tempo.position.path == self._do.position.path and tones != "full":
            message = f"the beat of bpm is ticks, and tones: {tones} has none: only the time is kept"
            self._diagnostics.note(tempo.position, message)

    def _ready(self) -> None:
        if self._out.is_on_grid(self._scope):
            return
        ready = None if self._scope.every_ms else self._terms.ready_ms
        ready_ms = choose_gap_ms(ready, self._scope.level) if ready else None
        self._out.ready(self._do.position, self._scope, ready_ms)

    @property
    def _changes_in_rest(self) -> bool:
        """Whether the rest between two sets is where alternating sides change."""
        return self._alternates and (self._terms.rest_ms is not None or bool(self._every_ms))

    def _cells(self) -> Iterator[_Cell]:
        sides, ways = self._terms.sides, self._terms.ways or (None,)
        numbers = range(1, self._sets + 1)
        order: tuple[str | None, ...] = sides.order if sides else (None,)
        match sides.sharing if sides else None:
            case "blocks":
                rows = [(number, side) for side in order for number in numbers]
            case "alternate":
                rows = [(number, self._alternate_side(number)) for number in numbers]
            case "each" | "one" | "none" | None:
                rows = [(number, side) for number in numbers for side in order]
            case never:
                assert_never(never)
        return (_Cell(number, side, way) for number, side in rows for way in ways)

    def _alternate_side(self, number: int) -> str | None:
        sides = self._terms.sides
        if sides is None or self._by_rep:
            return None
        return sides.order[(number - 1) % 2]

    @property
    def _by_rep(self) -> bool:
        """Whether alternating sides change within a set: where there are repetitions."""
        if self._dose is None:
            return False
        paced = not self._led and bool(self._steps or self._tempo)
        kind = self._dose.traits
        return kind.is_parted or (kind.moves and paced)

    def _between(self, before: _Cell, cell: _Cell) -> None:
        if cell.set != before.set:
            self._rest()
        unsaid_ms = self._switch_ms(before, cell)
        if unsaid_ms is not None:
            self._switch(unsaid_ms)

    def _switch_ms(self, before: _Cell, cell: _Cell) -> int | None:
        """How long a switch between the two lasts unless it is said, None where there is none."""
        if cell.side != before.side and not self._changes_in_rest:
            return SWITCH_MS
        return 0 if cell.way != before.way and cell.set == before.set else None

    def _note_idle_switch(self, cells: list[_Cell]) -> None:
        """A `switch` that the routine itself declares where nothing changes, or not by it."""
        position = dict(self._terms.places).get("switch")
        switches = any(self._switch_ms(*pair) is not None for pair in pairwise(cells))
        if position is None or switches or position.path != self._do.position.path:
            return
        if not self._alternates:
            why = "there is one side or way"
        elif self._by_rep:
            why = "the side changes with every repetition"
        else:
            why = "the side changes in the rest between sets"
        self._diagnostics.note(position, f"switch has nothing to do here: {why}")

    def _rest(self) -> None:
        if self._terms.rest_ms is not None and not self._every_ms:
            rest_ms = choose_gap_ms(self._terms.rest_ms, self._scope.level)
            self._out.gap(self._do.position, "rest", rest_ms, self._scope)

    def _switch(self, unsaid_ms: int) -> None:
        said = self._terms.switch_ms
        switch_ms = choose_gap_ms(said, self._scope.level) if said else unsaid_ms
        # One that nobody declared lasts its words; one of 0 s is none, and its words are said before it.
        grows = "switch" if switch_ms and said is None else "fixed"
        self._out.gap(
            self._do.position, "switch", switch_ms, self._scope, grows=grows, declared=said is not None
        )

    def _cell(self, cell: _Cell, *, opens: bool) -> None:
        dose = self._dose_of(cell)
        if self._guides:
            self._guided(cell, opens=opens)
        elif dose and dose.traits.parts_apart:
            self._holds(cell, dose, opens=opens)
        elif dose:
            effort = self._effort(cell, dose, opens=opens)
            self._emit(effort)
            self._every(effort.length_ms)

    def _dose_of(self, cell: _Cell) -> FixedDose | None:
        """The dose of a set: its own, or that of all sets."""
        return self._doses[min(cell.set, len(self._doses)) - 1] if self._doses else None

    def _weight_of(self, cell: _Cell) -> str:
        return self._weights[min(cell.set, len(self._weights)) - 1] if self._weights else ""

    def _emit(self, effort: Effort) -> None:
        at_times.check(effort.at, effort.length_ms, self._diagnostics)
        self._out.put(effort, effort.length_ms, self._do.position)
        self._out.count_repetitions(effort, self._do.position)

    def _every(self, spent_ms: int) -> None:
        every_ms = self._every_ms
        if not every_ms:
            return
        if spent_ms > every_ms:
            took, grid = ms_to_clock(spent_ms), ms_to_clock(every_ms)
            self._diagnostics.error(self._do.position, f"a set takes {took}, longer than every: {grid}")
            return
        if spent_ms == every_ms:
            grid = ms_to_clock(every_ms)
            longer = "write a longer every if a rest is meant"
            self._diagnostics.note(
                self._do.position, f"a set takes all of every: {grid}, and leaves no rest: {longer}"
            )
        left_ms = every_ms - spent_ms
        self._out.gap(
            self._do.position, "rest", left_ms, self._scope, grows="grid", declared=False, keep=True
        )

    def _holds(self, cell: _Cell, dose: FixedDose, *, opens: bool) -> None:
        release = self._terms.release_ms
        release_ms = choose_gap_ms(release, self._scope.level) if release else RELEASE_MS
        for rep in range(1, dose.reps + 1):
            if rep > 1:
                self._out.gap(self._do.position, "release", release_ms, self._scope)
            side = cell.side
            if self._alternates and self._terms.sides:
                side = self._terms.sides.order[(rep - 1) % 2]
            effort = self._effort(replace(cell, side=side), dose, opens=opens and rep == 1)
            self._emit(replace(effort, rep=rep))

    def _guided(self, cell: _Cell, *, opens: bool) -> None:
        kept = [step for step in self._steps if self._kept(step, cell)]
        for before, step in zip((None, *kept), kept, strict=False):
            flows = before is not None and self._flows(before, step)
            if before is not None:
                grows: Grows = "fixed" if flows else "step"
                self._out.gap(step.position, "ready", 0, self._scope, grows=grows, declared=False)
            dose = self._timed(step)
            pause_ms = choose_gap_ms(step.pause_ms, self._scope.level) if step.pause_ms else 0
            effort = self._effort(cell, dose, opens=opens and before is None, breath_ms=step.breath)
            if dose is None:
                effort = replace(effort, kind="pause", length_ms=pause_ms)
            guided = replace(effort, guide=step.words, guide_short=step.short, phases=(), at=step.at)
            if flows and self._do.settings.count_in is None and dose and dose.breaths:
                # One breath leads to the next: nobody counts between them who was not asked to.
                guided = replace(guided, delivery=replace(guided.delivery, count_in=CountIn(length_ms=0)))
            self._emit(replace(guided, position=step.position))

    def _flows(self, before: MoveStep, step: MoveStep) -> bool:
        """Whether a step leads into the next: who wants no time before the first wants none between them."""
        ready = self._terms.ready_ms
        is_silent = before.dose is None or step.dose is None
        return ready is not None and ready.high == 0 and not is_silent

    def _timed(self, step: MoveStep) -> FixedDose | None:
        """The time of a guided step, None where it is silence."""
        if step.dose is None:
            return None
        fixed = _fixed(step.dose, self._scope.level)
        if step.breath and step.dose.traits.may_breathe and step.dose.time_ms:
            return self._whole_breaths(fixed, step.breath, step.dose.position)
        return fixed

    def _kept(self, step: MoveStep, cell: _Cell) -> bool:
        when = step.when
        if when is None:
            return True
        order = self._terms.sides.order if self._terms.sides else (None,)
        place = self._scope.place
        number, count = {
            "side": (order.index(cell.side) + 1 if cell.side in order else 1, len(order)),
            "set": (cell.set, self._sets),
            "round": (place.round or 1, place.rounds or 1),
        }[when.of]
        return number == (1 if when.end == "first" else count)

    def _effort(
        self, cell: _Cell, dose: FixedDose | None, *, opens: bool, breath_ms: tuple[int, ...] | None = None
    ) -> Effort:
        pattern_ms = breath_ms or self._breath_ms
        tempo = self._tempo
        moves = dose is not None and dose.traits.moves and (dose.traits.is_parted or tempo is not None)
        rep_ms = self._rep_ms() if moves else 0
        kind, length_ms = _length(dose, rep_ms, sum(pattern_ms))
        bpm = tempo.bpm if tempo and moves and rep_ms < COUNTED_FROM_MS else 0
        rep_bpm = tempo.bpm if tempo and rep_ms and not bpm else 0
        if dose and (bpm or rep_bpm):
            length_ms = beats_ms(dose.reps, bpm or rep_bpm) if dose.traits.is_parted else length_ms
            rep_ms = 0 if bpm else rep_ms
        sides: Sides | None = self._terms.sides
        alternating = self._alternates and self._by_rep and sides is not None
        return Effort(
            position=self._do.position,
            kind=kind,
            length_ms=length_ms,
            move=self._move,
            number=self._number,
            place=self._scope.place,
            delivery=self._scope.delivery,
            dose=dose,
            set=cell.set,
            sets=self._sets,
            opens=opens,
            sides=sides,
            ways=self._terms.ways or (),
            side=cell.side,
            way=cell.way,
            rep_ms=rep_ms,
            rep_sides=sides.order if sides and alternating else (),
            phases=phases_of(self._steps, tempo.phases_ms if tempo and rep_ms else (), rep_ms),
            breath_ms=pattern_ms if EFFORTS[kind].is_led else (),
            easier=self._easier,
            ladder=self._doses if len(set(self._doses)) > 1 else (),
            weight=self._weight_of(cell),
            weights=self._weights if len(set(self._weights)) > 1 else (),
            every_ms=self._every_ms,
            bpm=bpm,
            rep_bpm=rep_bpm,
            at=self._do.at,
        )

    def _rep_ms(self) -> int:
        tempo = self._tempo
        if tempo:
            return tempo.rep_ms or sum(tempo.phases_ms)
        return STEP_MS * len(self._steps) or REP_MS


def _seconds(time_ms: int) -> str:
    """`57s`, `58.5s`: as an author would write it."""
    return f"{time_ms / MS_PER_SECOND:.8g}s"


def _length(dose: FixedDose | None, rep_ms: int, breath_ms: int) -> tuple[EffortKind, int]:
    """What an interval of this dose is called, and how long one lasts."""
    if dose is None:
        return "pause", 0
    if dose.breaths:
        return "breaths", dose.breaths * breath_ms
    match dose.kind:
        case "for" | "distance":
            return "work", dose.time_ms
        case "hold" | "holds":
            return "hold", dose.time_ms
        case "reps":
            return "reps", dose.reps * rep_ms
        case "breaths":
            return "breaths", 0
        case _:
            assert_never(dose.kind)


def _fixed(dose: Dose, level: LevelName) -> FixedDose:
    return FixedDose(
        dose.kind,
        choose_time_ms(dose.time_ms, level) if dose.time_ms else 0,
        choose(dose.reps, level) if dose.reps else 0,
        choose(dose.breaths, level) if dose.breaths else 0,
        dose.distance,
    )


def _fixed_time(step: MoveStep, level: LevelName) -> FixedDose:
    """How long a step with a time of its own takes, as a dose; one of silence as well."""
    if step.dose:
        return _fixed(step.dose, level)
    return FixedDose("for", choose_gap_ms(step.pause_ms, level) if step.pause_ms else 0)
