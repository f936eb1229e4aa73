"""Where in the session one is: which move of how many, the last one, and that half of it is over.

In: the steps of a plan, and how long the session lasts. Out: a place for each `do`, and the cues that tell
it. A move is numbered where it comes first; in later rounds the rounds are counted instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Weight
from audiocoach.coaching.memory import Halved
from audiocoach.coaching.rests import has_time_for_words
from audiocoach.coaching.steps import Effort
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.pen import Pen
    from audiocoach.coaching.steps import Gap, Step

MOVES_FROM = 3
_MOVES_WHERE_WANTED_FROM = 2
HALF_FROM_MS = 5 * MS_PER_MINUTE
# "That was half of it" is true until so many hundredths of the session; that more than half is done is worth
# telling until so many.
_HALF_UNTIL, _MORE_UNTIL = 55, 90


@dataclass(frozen=True, slots=True)
class Place:
    """A `do` as the `move`th of `moves`, 0 where it has no number; whether it `is_last`: no other begins."""

    move: int
    moves: int
    is_last: bool


def find_places(steps: Sequence[Step]) -> dict[int, Place]:
    """The place of each `do` by its number.

    As many rounds as one can, and the grid of a block, whose starts are counted themselves, are one among the
    moves, and have no number of their own.
    """
    opening = [step for step in steps if isinstance(step, Effort) and step.opens]
    first = [effort.number for effort in opening if _is_counted(effort)]
    numbers = {number: index for index, number in enumerate(first, 1)}
    return {
        effort.number: Place(numbers.get(effort.number, 0), len(first), effort.number == opening[-1].number)
        for effort in opening
        if not (effort.circuit or effort.turn)
    }


def _is_counted(effort: Effort) -> bool:
    """Whether it comes for the first time, and not within a grid that has begun."""
    begins = effort.turn is None or effort.turn[0] == 1
    return begins and all(number == 1 for number, _ in effort.place.turns)


def place_cues(pen: Pen, gap: Gap, place: Place | None) -> Iterator[Cue]:
    """Which move begins; not within the one before it, whose number it would be taken for."""
    wanted = pen.delivery.announce.move
    from_moves = _MOVES_WHERE_WANTED_FROM if wanted else MOVES_FROM
    if place is None or wanted is False or place.moves < from_moves or not _is_apart(gap):
        return
    if place.is_last:
        yield pen.own("move_last", "move", {}, weight=Weight.TIME)
    elif place.move:
        values = {"move": str(place.move), "moves": str(place.moves)}
        yield pen.own("move_first" if place.move == 1 else "move", "move", values, weight=Weight.TIME)


def last_one_cue(pen: Pen, before: Effort | None) -> Iterator[Cue]:
    """That no exercise of the grid follows, told in its last rest in place of how long that is."""
    if before is None or pen.delivery.announce.set is False:
        return
    turns = before.turn[1] if before.turn else before.sets
    if turns > 1:
        yield pen.own("last_done", "last", {}, weight=Weight.COUNT)


def half_cues(pen: Pen, gap: Gap, now_ms: int, session_ms: int) -> Iterator[Cue]:
    """That half of the session is over, in the first gap after it; `now_ms` is when that begins.

    Where half of it lies in a long exercise, the gap after that tells that it is more than half.
    """
    entry = half_of(now_ms, session_ms)
    has_room = has_time_for_words(gap) or (gap.ahead is not None and gap.ahead.opens)
    if entry is None or gap.is_last or not (has_room and _is_apart(gap)):
        return
    if pen.delivery.announce.move is not False and not pen.told.knows(Halved()):
        yield pen.own(entry, "half", {}, weight=Weight.TIME, facts=(Halved(),))


def half_of(now_ms: int, session_ms: int) -> str | None:
    """The phrase for half of a session, or more than that, that is over; None where there is none to say."""
    is_due = session_ms <= 2 * now_ms and 100 * now_ms <= _MORE_UNTIL * session_ms
    if session_ms < HALF_FROM_MS or not is_due:
        return None
    return "half" if 100 * now_ms <= _HALF_UNTIL * session_ms else "half_more"


def _is_apart(gap: Gap) -> bool:
    """Whether a silence parts the two moves, in which one may speak of both."""
    return bool(gap.length_ms) or gap.grows not in ("fixed", "grid")


def places_of(places: Mapping[int, Place], effort: Effort | None) -> Place | None:
    """The place of an effort that opens its `do`."""
    return places.get(effort.number) if effort is not None and effort.opens else None
