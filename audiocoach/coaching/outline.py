"""What a session consists of, before anything is said: a row a move, with its dose, sets, rests and sides.

In: the steps of a plan. Out: exercises in the order in which they first come. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from audiocoach.coaching import directions
from audiocoach.coaching.slots import dose_of_set
from audiocoach.coaching.steps import Gap
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiocoach.coaching.steps import Effort, Step
    from audiocoach.language.phrases import Pack

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class Exercise:
    """One move as it was written once, however often it comes.

    `how` is what one does, in a few steps, and `care` what to look out for, in the words of the first side.
    `doses` are those of one set in words, each once, with the weight; `sets` and `rounds` how many there are,
    1 where nobody counts; `rests_ms` how long the rests between its sets are, or, where it has one set, those
    before it. `sides` are in order; `in_turn` where they change within a set.
    """

    section: str | None
    name: str
    doses: tuple[str, ...]
    sets: int
    rounds: int
    rests_ms: tuple[int, ...]
    sides: tuple[str, ...]
    in_turn: bool
    ways: tuple[str, ...]
    how: tuple[str, ...] = ()
    care: tuple[str, ...] = ()


def outline(steps: Sequence[Step], pack: Pack) -> tuple[Exercise, ...]:
    """The exercises of a session."""
    # Every effort has exactly one gap before it.
    groups: dict[tuple[object, ...], list[tuple[Gap, Effort]]] = {}
    for gap in steps:
        if isinstance(gap, Gap) and gap.ahead is not None and gap.ahead.traits.is_exercise:
            groups.setdefault(_written(gap.ahead), []).append((gap, gap.ahead))
    return tuple(_exercise(pairs, pack) for pairs in groups.values())


def _written(effort: Effort) -> tuple[object, ...]:
    """What is one row: a `do` in all its rounds, or a guided move, whose steps were written apart."""
    where = effort.move.position if effort.guide else effort.position
    return effort.place.section, effort.name, where


def _exercise(pairs: Sequence[tuple[Gap, Effort]], pack: Pack) -> Exercise:
    efforts = [effort for _, effort in pairs]
    first = efforts[0]
    return Exercise(
        section=first.place.section,
        name=first.name,
        doses=_each_once(dose_of_set(effort, pack) for effort in efforts if effort.dose),
        sets=max(effort.sets for effort in efforts),
        rounds=_rounds(efforts),
        rests_ms=_rests_ms(pairs),
        sides=_each_once(side for effort in efforts for side in effort.rep_sides or (effort.side,) if side),
        in_turn=bool(first.rep_sides),
        ways=_each_once(way for effort in efforts for way in effort.ways),
        how=tuple(directions.how(efforts, pack)),
        care=tuple(directions.care(first, pack)),
    )


def _rounds(efforts: Sequence[Effort]) -> int:
    """Those of a repeat, of rounds for time, or of a block on a grid, where each start of the move is one."""
    starts = {effort.turn for effort in efforts if effort.turn}
    rounds = len(starts) // max(effort.sets for effort in efforts)
    told = (count for effort in efforts for count in (effort.place.rounds or 1, effort.rounds))
    return max(rounds, *told)


def _rests_ms(pairs: Sequence[tuple[Gap, Effort]]) -> tuple[int, ...]:
    rests = [(gap, effort) for gap, effort in pairs if gap.kind == "rest" and gap.length_ms]
    between = [(gap, effort) for gap, effort in rests if not effort.opens]
    return _each_once(gap.length_ms for gap, _ in between or rests)


def _each_once(things: Iterable[_Thing]) -> tuple[_Thing, ...]:
    return tuple(dict.fromkeys(things))
