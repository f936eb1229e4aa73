"""What a session consists of, before anything is said: a row a move, with its dose, sets, rests and sides.

In: the steps of a plan. Out: exercises in the order in which they first come. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from audiocoach.coaching import directions
from audiocoach.coaching.steps import Gap
from audiocoach.coaching.written import written_dose
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
    1 where nobody counts; `rests_ms` how long the rests between its sets are, or the one after its only set.
    `sides` are in order; `in_turn` where they change within a set. `waits` where a rest after it lasts until
    the listener is ready. `easier` or `harder` is told where that version is the one which is done.
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
    waits: bool = False
    easier: str = ""
    harder: str = ""


def outline(steps: Sequence[Step], pack: Pack) -> tuple[Exercise, ...]:
    """The exercises of a session."""
    groups: dict[tuple[object, ...], list[_Turn]] = {}
    # Every effort has exactly one gap before it.
    for place, gap in enumerate(steps):
        if isinstance(gap, Gap) and gap.ahead is not None and gap.ahead.traits.is_exercise:
            after = steps[place + 2] if place + 2 < len(steps) else None
            turn = _Turn(gap, gap.ahead, after if isinstance(after, Gap) else None)
            groups.setdefault(_written(gap.ahead), []).append(turn)
    return tuple(_exercise(turns, pack) for turns in groups.values())


@dataclass(frozen=True, slots=True)
class _Turn:
    """An effort with the gaps around it."""

    before: Gap
    effort: Effort
    after: Gap | None


def _written(effort: Effort) -> tuple[object, ...]:
    """What is one row: a `do` in all its rounds, or a guided move, whose steps were written apart."""
    where = effort.move.position if effort.guide else effort.position
    return effort.place.section, effort.name, where


def _exercise(turns: Sequence[_Turn], pack: Pack) -> Exercise:
    efforts = [turn.effort for turn in turns]
    first = efforts[0]
    return Exercise(
        section=first.place.section,
        name=first.name,
        doses=_each_once(written_dose(effort, pack) for effort in efforts if effort.dose),
        sets=max(effort.sets for effort in efforts),
        rounds=_rounds(efforts),
        rests_ms=_rests_ms(turns),
        sides=_each_once(side for effort in efforts for side in effort.rep_sides or (effort.side,) if side),
        in_turn=bool(first.rep_sides),
        ways=_each_once(way for effort in efforts for way in effort.ways),
        how=tuple(directions.how(efforts, pack)),
        care=tuple(directions.care(first, pack)),
        waits=any(turn.after.waits for turn in turns if turn.after),
        easier=directions.variant(first, first.move.easier, pack),
        harder=directions.variant(first, first.move.harder, pack),
    )


def _rounds(efforts: Sequence[Effort]) -> int:
    """Those of a repeat, of rounds for time, or of a block on a grid, where each start of the move is one."""
    starts = {effort.turn for effort in efforts if effort.turn}
    rounds = len(starts) // max(effort.sets for effort in efforts)
    told = (count for effort in efforts for count in (effort.place.rounds or 1, effort.rounds))
    return max(rounds, *told)


def _rests_ms(turns: Sequence[_Turn]) -> tuple[int, ...]:
    between = [turn.before for turn in turns if not turn.effort.opens]
    own = [turn.after for turn in turns if turn.after and _is_own(turn.after, turn.effort)]
    rests = [
        [gap.length_ms for gap in gaps if gap.kind == "rest" and gap.length_ms] for gaps in (between, own)
    ]
    return _each_once(rests[0] or rests[1])


def _is_own(rest: Gap, effort: Effort) -> bool:
    """Whether the rest after an effort was written with its move, or leads to its next round."""
    return rest.position == effort.position or (
        rest.ahead is not None and _written(rest.ahead) == _written(effort)
    )


def _each_once(things: Iterable[_Thing]) -> tuple[_Thing, ...]:
    return tuple(dict.fromkeys(things))
