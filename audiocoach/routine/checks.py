"""What can be known of a routine before it is planned: a table of checks that all run.

Each looks at one `do` together with its move as every level would have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiocoach.routine.desk import did_you_mean
from audiocoach.routine.model import Block, Do, Item, Move, Routine, Say, Terms, Words, overlay, varied
from audiocoach.routine.source import quote
from audiocoach.routine.values import PLACEHOLDERS
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.routine.desk import Desk
    from audiocoach.routine.model import Dose

_EVERYWHERE = frozenset({"title", "duration", "next"})
_IN_A_MOVE = _EVERYWHERE | {"name", "dose", "set", "sets"}
_IN_ROUNDS = frozenset({"round", "rounds"})
_WHY = {
    "side": "the move has no sides: add sides: each",
    "other_side": "the move has no sides: add sides: each",
    "way": "the move has no ways: add ways: [clockwise, anticlockwise]",
    "reps": "the dose has no reps",
    "hold": "the dose has no hold",
    "round": "it stands in no repeat",
    "rounds": "it stands in no repeat",
}


@dataclass(frozen=True, slots=True)
class _Use:
    """One `do`, its move at one level, and the terms that hold there."""

    do: Do
    move: Move
    terms: Terms
    dose: Dose | None
    in_rounds: bool


def run(routine: Routine, desk: Desk) -> None:
    """Tell `desk` what is wrong with the routine."""
    moves = {move.key: move for move in routine.moves}
    _session(routine.session, moves, routine.settings.defaults, desk, in_rounds=False)
    if routine.safety:
        _placeholders(routine.safety, _EVERYWHERE - {"next"}, desk, in_a_move=False)


def _session(
    items: tuple[Item, ...], moves: dict[str, Move], defaults: Terms, desk: Desk, *, in_rounds: bool
) -> None:
    for item in items:
        match item:
            case Block():
                inner = overlay(item.settings.defaults, defaults)
                repeated = in_rounds or item.repeat is not None
                _session(item.items, moves, inner, desk, in_rounds=repeated)
            case Do():
                _do(item, moves, defaults, desk, in_rounds=in_rounds)
            case Say():
                known = _EVERYWHERE | (_IN_ROUNDS if in_rounds else set())
                _placeholders(item.words, known, desk, in_a_move=False)
            case _:
                pass


def _do(do: Do, moves: dict[str, Move], defaults: Terms, desk: Desk, *, in_rounds: bool) -> None:
    move = moves.get(do.move)
    if move is None:
        desk.error(do.move_position, f"unknown move {quote(do.move)}" + did_you_mean(do.move, moves))
        return
    for variant in (move, varied(move, move.easier), varied(move, move.harder)):
        terms = overlay(do.terms, overlay(variant.terms, defaults))
        use = _Use(do, variant, terms, do.dose or variant.dose, in_rounds)
        for check in _CHECKS:
            check(use, desk)


def _has_dose(use: _Use, desk: Desk) -> None:
    timed = any(step.timed for step in use.move.steps or ())
    if timed and use.dose:
        desk.error(
            use.dose.position,
            f"the steps of {quote(use.move.key)} have times of their own: expected no dose here",
        )
    elif not timed and use.dose is None:
        example = "expected one of for, hold, reps, breaths, such as for: 40s"
        desk.error(use.do.position, f"{quote(use.move.key)} has no dose: {example}")


def _tempo_fits(use: _Use, desk: Desk) -> None:
    tempo, steps = use.terms.tempo, use.move.steps or ()
    if tempo is None or not tempo.phases_ms or not steps or any(step.timed for step in steps):
        return
    above = sum(1 for phase in tempo.phases_ms if phase)
    if len(steps) not in (len(tempo.phases_ms), above):
        numbers = f"{len(tempo.phases_ms)} numbers" + (
            f", {above} above 0" if above < len(tempo.phases_ms) else ""
        )
        desk.error(
            tempo.position,
            f"the tempo has {numbers}; {quote(use.move.key)} has {len(steps)} steps: expected as many",
        )


def _tempo_has_reps(use: _Use, desk: Desk) -> None:
    tempo = use.do.terms.tempo
    if tempo and use.dose and use.dose.kind in ("hold", "breaths", "holds"):
        desk.error(tempo.position, f"a tempo needs reps or for, found {use.dose.kind}")


def _words_have_values(use: _Use, desk: Desk) -> None:
    known = set(_IN_A_MOVE) | (_IN_ROUNDS if use.in_rounds else set())
    sides, dose = use.terms.sides, use.dose
    known |= {"side", "other_side"} if sides else set()
    known |= {"way"} if use.terms.ways else set()
    known |= {"reps"} if dose and dose.reps else set()
    known |= {"hold"} if dose and dose.kind in ("hold", "holds") else set()
    for words in _spoken(use.move):
        _placeholders(words, frozenset(known), desk)


def _spoken(move: Move) -> Iterator[Words]:
    yield from (words for words in (move.setup, move.say) if words)
    yield from move.reminders or ()
    for step in move.steps or ():
        yield step.words
        if step.short:
            yield step.short


def _placeholders(
    words: Words, known: frozenset[str] | set[str], desk: Desk, *, in_a_move: bool = True
) -> None:
    for name, position in words.places:
        if name in PLACEHOLDERS and name not in known:
            why = _WHY.get(name) if in_a_move or name in _IN_ROUNDS else None
            desk.error(position, f"<{name}> has no value here: {why or 'it stands in no move'}")


def _when_fits(use: _Use, desk: Desk) -> None:
    for step in use.move.steps or ():
        if step.when and step.when.of == "side" and use.terms.sides is None:
            desk.error(step.position, "when: first side needs a move with sides: add sides: each")


def _every_has_room(use: _Use, desk: Desk) -> None:
    every_ms, sides = use.do.every_ms, use.terms.sides
    if not every_ms:
        return
    several = (sides is not None and sides.sharing in ("each", "blocks")) or bool(use.terms.ways)
    if use.do.terms.rest_ms:
        desk.error(use.do.position, "every already says the rest: remove rest")
    if several or any(step.timed for step in use.move.steps or ()) or (use.dose and use.dose.kind == "holds"):
        desk.error(
            use.do.position, "every needs sets of one interval each: expected for, hold, reps or breaths"
        )
    if every_ms % MS_PER_SECOND:
        desk.error(use.do.position, "every is a grid of whole seconds: expected, for example, every: 60s")


_CHECKS: tuple[Callable[[_Use, Desk], None], ...] = (
    _has_dose,
    _tempo_fits,
    _tempo_has_reps,
    _words_have_values,
    _when_fits,
    _every_has_room,
)
