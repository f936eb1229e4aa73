"""A routine with its ranges settled."""

from __future__ import annotations

import pytest

from audiocoach.coaching.settle import WHOLE, Amounts, rounds_left_open, settled
from audiocoach.routine.model import Block, Do, Range, Routine
from tests.generate import parsed

TEXT = """\
title: T
defaults: {rest: 10-20s}
moves:
  plank: {name: Plank, hold: 20-30s, sets: 2-4, easier: {hold: 5-10s}}
session:
  - repeat: 2-6
    items:
      - {do: plank, hold: 20.5-40s}
      - {do: plank, reps: 3}
      - rest: 5-9s
"""


def routine() -> Routine:
    return parsed(TEXT)


def taken(amounts: Amounts) -> tuple[Range | None, ...]:
    found = settled(routine(), amounts)
    (move,), (block,) = found.moves, found.session
    assert isinstance(block, Block)
    do = block.items[0]
    assert isinstance(do, Do)
    assert move.dose
    assert do.dose
    return block.repeat, move.terms.sets, move.dose.time_ms, do.dose.time_ms, found.settings.defaults.rest_ms


OPEN = Range(10_000, 20_000)
SHARES = {
    0: (Range(2, 2), Range(20_000, 20_000), Range(20_500, 20_500)),
    500: (Range(3, 3), Range(25_000, 25_000), Range(30_000, 30_000)),
    WHOLE: (Range(4, 4), Range(30_000, 30_000), Range(40_000, 40_000)),
}


@pytest.mark.parametrize("share", SHARES)
def test_doses_and_sets_are_taken_so_far_up_and_rests_stay_open(share: int) -> None:
    assert taken(Amounts(doses=share)) == (Range(2, 6), *SHARES[share], OPEN)


@pytest.mark.parametrize(("share", "rounds"), [(0, 2), (250, 3), (WHOLE, 6)])
def test_rounds_are_taken_by_themselves(share: int, rounds: int) -> None:
    found = taken(Amounts(rounds=share))
    assert found == (Range(rounds, rounds), Range(2, 4), Range(20_000, 30_000), Range(20_500, 40_000), OPEN)


def test_what_is_not_asked_for_is_the_same_tree() -> None:
    one = routine()
    assert settled(one, Amounts()) is one
    assert rounds_left_open(one) == 4


def test_variants_of_a_move_are_settled_as_well() -> None:
    (move,) = settled(routine(), Amounts(doses=WHOLE)).moves
    assert move.easier
    assert move.easier.dose
    assert move.easier.dose.time_ms == Range(10_000, 10_000)
