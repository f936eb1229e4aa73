"""Fields that have nothing to do: each is an error where it stands (law 9).

`release`, `switch`, `tempo` and `breath` belong to something. One that stands beside a dose which can have no
use for it, on a move or on a `do`, is idle; so is one that no `do` of the session has a use for. What a
library's move says is for other routines as well, and what `defaults` say is for many moves: neither has to
be of use in each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.routine.model import is_led, settled, varied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import Dose, Move, MoveStep, Terms

    # A field's name, its place, and what there is to say of it.
    _Row = tuple[str, Position, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a field meets: a dose (None where there is none), the terms around it, the steps of the move.

    `led` is whether breaths lead the time of its `for`; `free` is that of as many rounds as one can, where
    a move is done as the listener likes.
    """

    dose: Dose | None
    terms: Terms
    steps: tuple[MoveStep, ...] = ()
    led: bool = False
    free: bool = False

    @property
    def guided(self) -> bool:
        """Whether the steps have times of their own."""
        return any(step.timed for step in self.steps)

    @property
    def is_open(self) -> bool:
        """Whether nothing can be told: there is no dose, or one that could not be read."""
        unread = self.dose is not None and self.dose.is_unread
        return self.free or unread or (self.dose is None and not self.guided)


def alone(move: Move) -> Setting:
    """A move, or its `easier` or `harder`, by itself."""
    return Setting(move.dose, settled(move.terms), move.steps or (), is_led(move.dose, move.terms))


def check(moves: Sequence[Move], uses: Sequence[Setting], path: str, diagnostics: Diagnostics) -> None:
    """Tell of all idle fields. `uses` are those of the session, `path` is the routine's own file."""
    as_written = [alone(level) for move in moves for level in _levels(move)]
    idle = _without_use(_misplaced(moves), as_written)
    own = (row for setting in uses for row in _idle(setting) if row[1].path == path)
    idle |= _without_use(own, (*as_written, *uses))
    for position, message in idle.items():
        diagnostics.error(position, message, "misplaced-field")


def _levels(move: Move) -> tuple[Move, Move, Move]:
    return move, varied(move, move.easier), varied(move, move.harder)


def _without_use(rows: Iterable[_Row], settings: Iterable[Setting]) -> dict[Position, str]:
    """Those of the rows that none of the settings has a use for."""
    busy = {position for setting in settings for position in _busy(setting)}
    return {position: message for _, position, message in rows if position not in busy}


def _misplaced(moves: Iterable[Move]) -> Iterator[_Row]:
    """What stands on a move beside a dose of its own that has no use for it, whatever a `do` may say."""
    for node in (node for move in moves for node in (move, move.easier, move.harder) if node):
        # Sides may come from a `do`, and so may the number of holds.
        may_come = ("switch", "release") if node.dose and node.dose.stays else ("switch",)
        yield from (row for row in _idle(alone(node)) if row[0] not in may_come)


def _busy(setting: Setting) -> Iterator[Position]:
    for name, home in _HOMES.items():
        position = dict(setting.terms.places).get(name)
        if position and not setting.is_open and home.has_use(setting):
            yield position


def _idle(setting: Setting) -> Iterator[_Row]:
    """Each field without a use, its place, and what there is to say of it."""
    for name, home in _HOMES.items():
        position = dict(setting.terms.places).get(name)
        if position and not setting.is_open and not home.has_use(setting):
            belongs = f"{name} has nothing to do here: it belongs to {home.belongs}"
            yield name, position, f"{belongs}; found {home.found(setting)}"


# -- what each belongs to -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Home:
    """One field: what it belongs to, with an example, when it has a use, and what was found instead."""

    belongs: str
    has_use: Callable[[Setting], bool]
    found: Callable[[Setting], str]


def _lies_between_holds(setting: Setting) -> bool:
    return setting.dose is not None and setting.dose.traits.parts_apart and not setting.guided


def _has_sides_or_ways(setting: Setting) -> bool:
    # Those that could not be read were written: that was told.
    return bool({"sides", "ways"} & dict(setting.terms.places).keys()) or bool(
        setting.terms.sides or setting.terms.ways
    )


def has_repetitions(setting: Setting) -> bool:
    """Whether a tempo has a use."""
    moves = setting.dose is not None and setting.dose.traits.moves
    return moves and not setting.guided and not setting.led


def _has_breaths(setting: Setting) -> bool:
    if setting.guided:
        return any(step.dose and step.dose.breaths and not step.breath for step in setting.steps)
    return setting.led or (setting.dose is not None and setting.dose.breaths is not None)


def _found_dose(setting: Setting) -> str:
    dose = setting.dose
    if dose is None or setting.guided:
        return "steps with times of their own"
    if setting.led:
        return "for with a breath"
    return "hold" if dose.held and not dose.traits.parts_apart else dose.traits.written


_HOMES = {
    "release": _Home("several holds, such as hold: 10s, reps: 5", _lies_between_holds, _found_dose),
    "switch": _Home("sides or ways, such as sides: each", _has_sides_or_ways, lambda _: "neither"),
    "tempo": _Home("reps or for, such as reps: 10", has_repetitions, _found_dose),
    "breath": _Home("breaths or for, such as breaths: 8", _has_breaths, _found_dose),
}
