"""How calls fade as a move becomes known: by what was heard of it, in this set and in those before.

A new move is told in full, then called shortly; what was heard a few times comes in the first two and the
last two repetitions of a set alone, or in the first of each set that follows, and at last only the counts and
the tones are left. Whole sentences, of steps without a short form, come at these ends from the beginning. A
repetition is called as a whole or not at all, and on a new side the first two are called once more. Guidance
that stays keeps one from learning (Winstein, Pohl and Lewthwaite 1994, the guidance hypothesis).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.effort.frame import counted_out_ms
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audiocoach.coaching.effort.layout import Ground

# No text is said more often in a session, whatever it calls, but for counts.
MOST_TIMES = 12
# So often a call comes with every repetition.
_EVERY_TIMES = 6
# For so many repetitions the phases of a new move are said in full.
FULL_REPS = 2
# So many repetitions at either end of a set are called after that.
_ENDS = 2


@dataclass(frozen=True, slots=True)
class _Call:
    """Words that come `each` times in a repetition; they are `brief`, or longer than a call may be."""

    text: str
    each: int = 1
    brief: bool = True

    @property
    def every_times(self) -> int:
        """So often they come with every repetition."""
        return _EVERY_TIMES if self.brief else FULL_REPS * self.each


def is_called(ground: Ground, text: str, heard: Mapping[str, int], rep: int, *, each: int = 1) -> bool:
    """Whether a call is still wanted at a repetition from 0.

    `heard` is how often each text was heard in this effort, `each` how often this one comes in a repetition.
    Where no tones keep the pace nothing fades, and where repetitions have no length nobody knows the last.
    """
    return _is_wanted(ground, _Call(text, each), heard, rep)


def _is_wanted(ground: Ground, call: _Call, heard: Mapping[str, int], rep: int) -> bool:
    text, each = call.text, call.each
    if not fades(ground):
        return True
    if not may_be_called(ground, text, heard):
        return False
    now = ground.told.times_called(text, ground.effort.move.key) + heard.get(text, 0)
    if now < call.every_times or (ground.new_side and rep < _ENDS):
        return True
    heard_reps = _heard_reps(ground)
    is_at_an_end = rep < _ENDS or heard_reps > rep >= heard_reps - _ENDS > 0
    # Where both ends would be too many, the beginning is called alone, and then its first repetition.
    wanted = _ENDS * each if rep < _ENDS else 2 * _ENDS * each
    kept = _ENDS * each if _other_side_follows(ground) else 0
    before = ground.told.times_called(text)
    if rep == 0 and before + each + kept <= MOST_TIMES:
        return True
    return is_at_an_end and before + wanted + kept + _later_sets(ground) * each <= MOST_TIMES


def _heard_reps(ground: Ground) -> int:
    """How many repetitions are over before the end is counted: in the count nothing is called.

    One that is half in it would be called alone, after a long silence.
    """
    effort, out_ms = ground.effort, counted_out_ms(ground.effort)
    return (effort.length_ms - out_ms) // effort.rep_ms if out_ms and effort.rep_ms else ground.reps


def _later_sets(ground: Ground) -> int:
    """How many sets of the move are to come on all of its sides: the first repetition of each is called."""
    effort = ground.effort
    sides = len(effort.sides.order) if effort.sides is not None and effort.side else 1
    return (effort.sets - effort.set) * sides


def _other_side_follows(ground: Ground) -> bool:
    """Whether a side of the move is to come that was not led yet: its beginning is called as well."""
    effort = ground.effort
    if effort.sides is None or not effort.side:
        return False
    others = (side for side in effort.sides.order if side != effort.side)
    return any((effort.move.key, side) not in ground.told.sided for side in others)


def may_be_called(ground: Ground, text: str, heard: Mapping[str, int]) -> bool:
    """Whether words may be said once more at all."""
    return not fades(ground) or ground.told.times_called(text) + heard.get(text, 0) < MOST_TIMES


def are_called(
    ground: Ground, called: Iterable[str], heard: Mapping[str, int], rep: int, *, brief: bool = True
) -> bool:
    """Whether the calls of a repetition are wanted: all of them or none, as half a cycle is no cycle.

    They are `brief` where none of them is a sentence that is longer than a call may be. Words that other
    moves have used up are missed, and take none of the others with them.
    """
    calls = tuple(called)
    if not fades(ground):
        return bool(calls)
    wanted = [text for text in dict.fromkeys(calls) if not _is_used_up_elsewhere(ground, text, heard)]
    return bool(wanted) and all(
        _is_wanted(ground, _Call(text, calls.count(text), brief), heard, rep) for text in wanted
    )


def _is_used_up_elsewhere(ground: Ground, text: str, heard: Mapping[str, int]) -> bool:
    own = ground.told.times_called(text, ground.effort.move.key) + heard.get(text, 0)
    return own < _EVERY_TIMES and not may_be_called(ground, text, heard)


def fades(ground: Ground) -> bool:
    """Whether tones can take the place of words."""
    return ground.effort.delivery.tones == "full"


def are_breaths_led(
    ground: Ground, text: str, heard: Mapping[str, int], breath: int, *, each: int = 1
) -> bool:
    """Whether words still lead a breath from 0: at first those that lead one, then the first breath alone.

    They come `each` times in a breath.
    """
    if not fades(ground):
        return True
    before = ground.told.times_called(text)
    if before < _EVERY_TIMES:
        return True
    return breath == 0 and before + heard.get(text, 0) + each <= MOST_TIMES
