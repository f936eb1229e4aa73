"""What can be known of a routine before it is planned: a table of checks that all run.

Each looks at one `do` together with its move as every level would have it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.errors import quote
from audiocoach.records import dataclass
from audiocoach.routine import at_times, idle, readable, wordings
from audiocoach.routine.distances import easy_time_ms
from audiocoach.routine.model import (
    Block,
    Do,
    Item,
    Move,
    Pause,
    Range,
    Rest,
    Ring,
    Routine,
    Say,
    Terms,
    Words,
    are_uneven,
    dosed,
    is_led,
    overlay,
    settled,
    varied,
)
from audiocoach.routine.paper import written
from audiocoach.routine.tones import SoundFile, Sounds
from audiocoach.routine.values import PLACEHOLDERS
from audiocoach.unions import assert_never
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.distances import Distance
    from audiocoach.routine.model import Dose, Settings, Tempo, TonesName

_DEFINE = ": define it under moves, or include the library that holds it"
_EVERYWHERE = frozenset({"title", "duration", "next"})
_IN_A_MOVE = _EVERYWHERE | {"name", "dose", "set", "sets"}
_IN_ROUNDS = frozenset({"round", "rounds"})
_IN_A_CIRCUIT = _EVERYWHERE | {"name", "dose"}
_WHY = {
    "dose": "the steps of the move have times of their own",
    "side": "the move has no sides: add sides: each",
    "other_side": "the move has no sides: add sides: each",
    "way": "the move has no ways: add ways: [clockwise, anticlockwise]",
    "reps": "the dose has no reps",
    "hold": "the dose has no hold",
    "round": "it stands in no repeat",
    "rounds": "it stands in no repeat",
}
# As short as a phase of a tempo in numbers can be.
_LEAST_STEP_MS = 100
_NOT_AT_ITS_TIMES = "at the times of a block with for: only <duration>, <name>, <next> and <title> have one"
_NOT_IN_A_CIRCUIT = (
    "in a block with for: or cap: only <dose>, <duration>, <name>, <next> and <title> have one"
)


@dataclass(frozen=True, slots=True)
class _Tones:
    """How much sounds, and of what."""

    amount: TonesName = "full"
    sounds: Sounds = Sounds()

    def changed(self, inner: Settings) -> _Tones:
        """What is said further in goes before what is said further out."""
        sounds = self.sounds.changed(inner.sounds) if inner.sounds else self.sounds
        return _Tones(inner.tones or self.amount, sounds)

    def length_ms(self, meaning: str) -> int:
        """How long what it sounds like lasts; a file that was not found, no time."""
        sound = self.sounds.of(meaning)
        return sound.length_ms if isinstance(sound, SoundFile) else assets.tones()[sound].duration_ms


@dataclass(frozen=True, slots=True)
class _Use:
    """One `do`, its move at one level, and the terms that hold there."""

    do: Do
    move: Move
    terms: Terms
    dose: Dose | None
    in_rounds: bool
    in_circuit: bool
    tones: _Tones
    variant_dose: Dose | None = None
    grid_ms: int | None = None

    @property
    def every_ms(self) -> int | None:
        """The grid on which it starts: its own, or that of the block around it."""
        return self.do.every_ms or self.grid_ms

    @property
    def guided(self) -> bool:
        """Whether the steps have times of their own, so that there is no dose."""
        return self.setting.guided

    @property
    def setting(self) -> idle.Setting:
        """What a field of it meets."""
        led = is_led(self.dose, self.do.terms, self.move.terms)
        return idle.Setting(self.dose, self.terms, self.move.steps or (), led, self.in_circuit)


def run(routine: Routine, diagnostics: Diagnostics, *, whole: bool = True) -> None:
    """Tell `diagnostics` what is wrong with the routine.

    It is not `whole` where a library could not be read: then nobody knows which moves there are.
    """
    moves = {move.key: move for move in routine.moves}
    settings = routine.settings
    around = _Around(moves, settings.defaults, _Tones().changed(settings), whole)
    uses = tuple(_uses(routine.session, around, diagnostics))
    for use in uses:
        for check in _CHECKS:
            check(use, diagnostics)
    idle.check(routine.moves, [use.setting for use in uses], routine.position.path, diagnostics)
    if routine.safety:
        _placeholders(routine.safety, _EVERYWHERE - {"next"}, diagnostics, in_a_move=False)
    wordings.check(routine, diagnostics)
    readable.check(routine, diagnostics)


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for a step of the session, wherever it stands."""

    moves: dict[str, Move]
    defaults: Terms
    tones: _Tones
    whole: bool
    in_rounds: bool = False
    in_circuit: bool = False
    every_ms: int | None = None


def _uses(items: tuple[Item, ...], around: _Around, diagnostics: Diagnostics) -> Iterator[_Use]:
    for item in items:
        match item:
            case Block():
                inner = replace(
                    around,
                    defaults=overlay(item.settings.defaults, around.defaults),
                    in_rounds=around.in_rounds
                    or (item.repeat is not None and not (item.every_ms or item.cap_ms)),
                    every_ms=item.every_ms or around.every_ms,
                    in_circuit=item.free_ms is not None,
                    tones=around.tones.changed(item.settings),
                )
                if item.free_ms:
                    _outlast_tones(item.free_ms.low, inner.tones, item.position, diagnostics)
                    at_times.check(item.at, item.free_ms.low, diagnostics)
                    known = _IN_A_CIRCUIT - {"dose"} | (_IN_ROUNDS if around.in_rounds else set())
                    for timed in item.at:
                        _placeholders(timed.words, known, diagnostics, why=_NOT_AT_ITS_TIMES)
                yield from _uses(item.items, inner, diagnostics)
            case Do():
                yield from _variants(item, around, diagnostics)
            case Say():
                known = _EVERYWHERE | (_IN_ROUNDS if around.in_rounds else set())
                _placeholders(item.words, known, diagnostics, in_a_move=False)
            case Rest() | Pause() | Ring():
                pass
            case _:
                assert_never(item)


def _variants(do: Do, around: _Around, diagnostics: Diagnostics) -> Iterator[_Use]:
    """The move as every level would have it."""
    move = around.moves.get(do.move)
    if move is None:
        if around.whole:
            near, fix = diagnostics.did_you_mean(do.move, around.moves)
            near += _DEFINE if near and fix is None else ""
            diagnostics.error(do.move_position, f"unknown move {quote(do.move)}{near}", "unknown-move", fix)
        return
    # Only the move as written offers its easier version.
    alone = replace(move, easier=None)
    for variant in (move, varied(alone, move.easier), varied(alone, move.harder)):
        terms = settled(overlay(do.terms, overlay(variant.terms, around.defaults)))
        dose = dosed(do.dose, variant.dose)
        tones = around.tones.changed(do.settings)
        yield _Use(
            do,
            variant,
            terms,
            dose,
            around.in_rounds,
            around.in_circuit,
            tones,
            variant.dose,
            around.every_ms,
        )


def _has_dose(use: _Use, diagnostics: Diagnostics) -> None:
    if use.guided and use.dose:
        diagnostics.error(
            use.dose.position,
            f"the steps of {quote(use.move.key)} have times of their own: expected no dose here",
            "extra-dose",
        )
    elif not use.guided and use.dose is None:
        example = "expected one of for, hold, reps, breaths, such as for: 40s"
        diagnostics.error(use.do.position, f"{quote(use.move.key)} has no dose: {example}", "missing-dose")


def _distance_has_time(use: _Use, diagnostics: Diagnostics) -> None:
    """Where one goes on in a time of one's own, nobody has to know when one is there."""
    dose = use.dose
    if dose is None or dose.distance is None or use.in_circuit or use.guided:
        return
    if any(of_set.time_ms is None for of_set in dose.by_set):
        why = f"nobody can tell from here when {dose.distance} are done"
        example = f"write its pace, such as pace: 6:00/km, or about: {_easy(dose.distance)}"
        diagnostics.error(dose.position, f"{why}: {example}", "missing-dose")


def _easy(distance: Distance) -> str:
    return written(easy_time_ms(distance))


def _sets_agree(use: _Use, diagnostics: Diagnostics) -> None:
    """A value for each set says how many there are."""
    own = use.do.own.weight if use.do.own else None
    dose, weights = use.dose, own or use.move.weight or ()
    if dose is None or use.guided:
        return
    if are_uneven(use.do.dose, use.variant_dose):
        message = "the move has values for another number of sets"
        diagnostics.error(dose.position, f"{message}: write hold beside reps here", "conflicting-fields")
    counts = sorted({len(dose.by_set), len(weights) or 1} - {1})
    if len(counts) > 1:
        found = f"found {len(dose.by_set)} of the dose and {len(weights)} of weight"
        message = f"expected as many values of the one as of the other, {found}"
        diagnostics.error(use.do.position, message, "conflicting-fields")
    elif counts and use.in_circuit:
        message = f"{quote(use.move.key)} has values for {counts[0]} sets"
        diagnostics.error(use.do.position, f"{message}, {_NO_SETS}", "conflicting-fields")
    elif counts:
        _agree_with_sets(use, counts[0], diagnostics)


def _agree_with_sets(use: _Use, count: int, diagnostics: Diagnostics) -> None:
    """`sets` that are written beside the values, or nearer to the `do`."""
    weights = use.do.own.weight if use.do.own else None
    own = (use.do.dose is not None and use.do.dose.later) or len(weights or ()) > 1
    for terms in (use.do.terms,) if own else (use.do.terms, use.move.terms):
        place = dict(terms.places).get("sets")
        if place and terms.sets and terms.sets != Range(count, count):
            found = f"{terms.sets.low}" + f"-{terms.sets.high}" * (terms.sets.high > terms.sets.low)
            expected = (
                f"expected sets: {count}, or none: {quote(use.move.key)} has a value for each of {count}"
            )
            diagnostics.error(place, f"{expected} sets, found {found}", "conflicting-fields")
            return


_NO_SETS = "where there are no sets: write one value here, such as reps: 10"


def _tempo_fits(use: _Use, diagnostics: Diagnostics) -> None:
    tempo, steps = use.terms.tempo, use.move.steps or ()
    applies = idle.has_repetitions(use.setting)
    if tempo is None or not tempo.phases_ms or not steps or not applies:
        return
    above = sum(1 for phase in tempo.phases_ms if phase)
    if len(steps) not in (len(tempo.phases_ms), above):
        numbers = f"{len(tempo.phases_ms)} numbers" + (
            f" ({above} above 0)" if above < len(tempo.phases_ms) else ""
        )
        example = "-".join("312"[index % 3] for index in range(len(steps))) if len(steps) > 1 else "4s"
        counted = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
        diagnostics.error(
            tempo.position,
            f"expected one number for each step, such as {example}: "
            f"the tempo has {numbers}, {quote(use.move.key)} has {counted}",
            "wrong-tempo",
        )


def _tempo_has_room(use: _Use, diagnostics: Diagnostics) -> None:
    """Steps that share a repetition are heard one after the other: a tick takes its time."""
    tempo, steps = use.terms.tempo, use.move.steps or ()
    applies = use.dose is not None and use.dose.traits.moves and not use.guided
    if tempo and tempo.bpm and steps and applies:
        message = f"{quote(use.move.key)} has steps, which a beat has no time for"
        diagnostics.error(
            tempo.position, f"{message}: say them in its setup, or write a tempo such as {3 * len(steps)}s"
        )
        return
    if tempo is None or not tempo.rep_ms or not applies or tempo.rep_ms >= len(steps) * _LEAST_STEP_MS:
        return
    least_s = len(steps) * _LEAST_STEP_MS / MS_PER_SECOND
    diagnostics.error(
        tempo.position,
        f"expected at least {least_s:g}s for {len(steps)} steps, such as {3 * len(steps)}s: "
        f"a repetition of {quote(use.move.key)} takes {tempo.rep_ms / MS_PER_SECOND:g}s",
        "wrong-tempo",
    )


def _words_have_values(use: _Use, diagnostics: Diagnostics) -> None:
    if use.in_circuit:
        # Phases are not said: the listener does the move in a time of their own.
        timed = (step.words for step in use.move.steps or () if step.timed)
        for words in (*_told(use.move), *timed):
            _placeholders(words, _IN_A_CIRCUIT, diagnostics, why=_NOT_IN_A_CIRCUIT)
        return
    known = set(_IN_A_MOVE) | (_IN_ROUNDS if use.in_rounds else set())
    known -= {"dose"} if use.guided else set()
    sides, dose = use.terms.sides, use.dose
    known |= {"side", "other_side"} if sides else set()
    known |= {"way"} if use.terms.ways else set()
    known |= {"reps"} if dose and dose.reps else set()
    known |= {"hold"} if dose and dose.traits.tells_hold else set()
    for words in (*_spoken(use.move), *(timed.words for timed in use.do.at)):
        _placeholders(words, frozenset(known), diagnostics)


def _spoken(move: Move) -> Iterator[Words]:
    yield from _told(move)
    for step in move.steps or ():
        yield step.words
        if step.short:
            yield step.short
        yield from (timed.words for timed in step.at)


def _told(move: Move) -> Iterator[Words]:
    """What is said of a move besides its steps; the easier version is offered at standard."""
    easier = move.easier.say if move.easier else None
    own = (move.get_ready, move.at_go, move.caution, move.finish, move.why, move.avoid_if)
    yield from (words for words in (move.setup, move.say, easier, *own) if words)
    yield from move.reminders or ()


def _placeholders(
    words: Words,
    known: frozenset[str] | set[str],
    diagnostics: Diagnostics,
    *,
    in_a_move: bool = True,
    why: str | None = None,
) -> None:
    for name, position in words.places:
        if name in PLACEHOLDERS and name not in known:
            own = _WHY.get(name) if in_a_move or name in _IN_ROUNDS else None
            reason = why or own or "it stands in no move"
            diagnostics.error(position, f"<{name}> has no value here: {reason}", "empty-placeholder")


def _when_fits(use: _Use, diagnostics: Diagnostics) -> None:
    for step in use.move.steps or ():
        if step.when and step.when.of == "side" and use.terms.sides is None:
            diagnostics.error(
                step.when.position,
                "when: first side needs a move with sides: add sides: each",
                "misplaced-field",
            )


def _every_has_room(use: _Use, diagnostics: Diagnostics) -> None:
    every_ms, sides, ways = use.every_ms, use.terms.sides, use.terms.ways or ()
    if not every_ms or use.in_circuit:
        return
    if use.do.terms.rest_ms:
        rest = dict(use.do.terms.places)["rest"]
        diagnostics.error(rest, "every already says the rest: remove rest", "conflicting-fields")
    if every_ms % MS_PER_SECOND:
        diagnostics.error(
            use.do.position, "every is a grid of whole seconds: expected, for example, every: 60s"
        )
    if sides is not None and sides.sharing in ("each", "blocks"):
        diagnostics.error(
            sides.position,
            f"{_ONE_AT_A_TIME}: expected sides: alternate, left or right",
            "conflicting-fields",
        )
    if len(ways) > 1:
        example = f"write a do for each of the ways, such as ways: [{ways[0]}]"
        place = dict(use.terms.places).get("ways", use.do.position)
        diagnostics.error(place, f"{_ONE_AT_A_TIME}: {example}", "conflicting-fields")
    if use.guided:
        steps = f"the steps of {quote(use.move.key)} have times of their own"
        diagnostics.error(use.do.position, f"{_ONE_AT_A_TIME}: {steps}", "conflicting-fields")
    if use.dose and use.dose.traits.parts_apart:
        doses = "expected for, hold, reps or breaths, found hold beside reps"
        diagnostics.error(use.dose.position, f"{_ONE_AT_A_TIME}: {doses}", "conflicting-fields")


_ONE_AT_A_TIME = "every starts one exercise at a time"


# What opens and closes an exercise: the tone that closes it may not begin in the one that opened it.
_OWN_TONES: dict[TonesName, tuple[str, ...]] = {"full": ("go", "switch"), "soft": ("bell",), "none": ()}


def _outlasts_its_tones(use: _Use, diagnostics: Diagnostics) -> None:
    if use.in_circuit:
        return
    doses = use.dose.by_set if use.dose and not use.guided else ()
    own = ((dose, use.terms.breath) for dose in doses)
    steps = ((step.dose, step.breath or use.terms.breath) for step in use.move.steps or () if step.dose)
    for dose, breath in (*own, *steps):
        _outlast_tones(_least_ms(dose, use.terms.tempo, breath), use.tones, dose.position, diagnostics)


def _beats_are_apart(use: _Use, diagnostics: Diagnostics) -> None:
    tempo, beat_ms = use.terms.tempo, use.tones.length_ms("beat")
    if tempo and tempo.bpm and use.tones.amount == "full" and tempo.rep_ms < beat_ms:
        own = f"the sound for beat, which lasts {written(beat_ms)}"
        expected = f"expected at most {MS_PER_MINUTE // beat_ms} bpm, for which there is room in {own}"
        diagnostics.error(tempo.position, f"{expected}, found {tempo.bpm}: take a shorter sound, or none")


def _outlast_tones(time_ms: int | None, tones: _Tones, position: Position, diagnostics: Diagnostics) -> None:
    least_ms = max((tones.length_ms(meaning) for meaning in _OWN_TONES[tones.amount]), default=0)
    if time_ms is not None and time_ms < least_ms:
        expected = f"expected a dose of at least {written(least_ms)}, which its own tones take"
        diagnostics.error(position, f"{expected}, found {written(time_ms)}")


def _least_ms(dose: Dose, tempo: Tempo | None, breath: tuple[int, ...] | None) -> int | None:
    """How long the shortest interval of the dose lasts; None where it was not said, and is long enough."""
    if dose.time_ms:
        return dose.time_ms.low
    if dose.breaths:
        return dose.breaths.low * sum(breath) if breath else None
    if dose.reps and tempo:
        return dose.reps.low * (tempo.rep_ms or sum(tempo.phases_ms))
    return None


def _times_lie_inside(use: _Use, diagnostics: Diagnostics) -> None:
    """Whether what is said at a time is said in the interval; of the shortest that a range allows."""
    if use.guided and use.do.at:
        steps = f"the steps of {quote(use.move.key)} have times of their own"
        message = f"at has nothing to do here: {steps}: write it on a step"
        diagnostics.error(use.do.at[0].position, message, "misplaced-field")
        return
    if use.in_circuit:
        _tell_lost_times(use, diagnostics)
        return
    if use.dose:
        least_ms = _least_ms(use.dose, use.terms.tempo, use.terms.breath)
        at_times.check(use.do.at, least_ms, diagnostics)
    for step in use.move.steps or ():
        if step.dose:
            least_ms = _least_ms(step.dose, None, step.breath or use.terms.breath)
            at_times.check(step.at, least_ms, diagnostics)


def _tell_lost_times(use: _Use, diagnostics: Diagnostics) -> None:
    """Words at times of steps that one does in a time of one's own."""
    for timed in (timed for step in use.move.steps or () for timed in step.at):
        why = "a block with for: or cap: does not time its steps"
        message = f"left out, since {why}: {quote(timed.words.text)}"
        diagnostics.note(timed.position, message, "unsaid-words")


_CHECKS: tuple[Callable[[_Use, Diagnostics], None], ...] = (
    _has_dose,
    _distance_has_time,
    _sets_agree,
    _tempo_fits,
    _tempo_has_room,
    _words_have_values,
    _when_fits,
    _every_has_room,
    _outlasts_its_tones,
    _beats_are_apart,
    _times_lie_inside,
)
