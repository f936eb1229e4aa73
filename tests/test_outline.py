"""What a session consists of, a row a move."""

from __future__ import annotations

import pytest

from audiocoach.coaching.outline import outline
from tests.generate import planned

HEAD = """\
title: T
moves:
  squat: {name: Squat}
  plank: {name: Plank, sides: each}
  kick: {name: Kick, sides: alternate, steps: [Up., Down.]}
  ring: {name: Ring, ways: [in, out]}
  flow: {name: Flow, steps: [{say: Up., for: 20s}, {say: Down., for: 30s}]}
session:
"""


def rows(session: str) -> list[tuple[object, ...]]:
    found = planned(HEAD + session)
    return [
        (
            row.section,
            row.name,
            row.doses,
            row.sets,
            row.rounds,
            row.rests_ms,
            row.sides,
            row.in_turn,
            row.ways,
        )
        for row in outline(found.steps, found.pack)
    ]


def test_a_move_is_a_row_with_the_rest_between_its_sets() -> None:
    assert rows("  - {do: squat, reps: 10, sets: 3, rest: 30s}\n  - {do: plank, hold: 20s}\n") == [
        (None, "Squat", ("10 repetitions",), 3, 1, (30_000,), (), False, ()),
        (None, "Plank", ("1 hold of 20 seconds, each side",), 1, 1, (), ("left", "right"), False, ()),
    ]


def test_a_round_is_no_row_of_its_own() -> None:
    session = "  - section: Legs\n    repeat: 3\n    rest: 60s\n    items: [{do: squat, for: 30s}]\n"
    assert rows(session) == [("Legs", "Squat", ("30 seconds",), 1, 3, (60_000,), (), False, ())]


def test_a_rest_that_waits_is_told_of_what_comes_before_it() -> None:
    items = ("{do: squat, for: 9s}", "{rest: 9s, until: ready}", "{do: plank, for: 9s}")
    found = planned(HEAD + "".join(f"  - {item}\n" for item in items))
    assert [row.waits for row in outline(found.steps, found.pack)] == [True, False]


def test_sides_that_take_turns_and_ways_are_told() -> None:
    assert rows("  - {do: kick, reps: 6}\n  - {do: ring, for: 20s}\n") == [
        (None, "Kick", ("6 repetitions, 3 each side",), 1, 1, (), ("left", "right"), True, ()),
        (None, "Ring", ("20 seconds, each way",), 1, 1, (), (), False, ("in", "out")),
    ]


def test_each_do_is_a_row() -> None:
    found = rows("  - {do: squat, for: 30s}\n  - rest: 10s\n  - {do: squat, for: 20s}\n")
    assert [doses for _, _, doses, *_ in found] == [("30 seconds",), ("20 seconds",)]


def test_the_doses_of_all_sets_are_told_with_their_weights() -> None:
    ((_, _, doses, sets, *_),) = rows("  - {do: squat, reps: [12, 10, 12], weight: 20 kg, rest: 30s}\n")
    assert doses == ("12 repetitions at 20 kg", "10 repetitions at 20 kg")
    assert sets == 3


def test_a_guided_move_is_one_row() -> None:
    ((_, name, doses, *_),) = rows("  - do: flow\n")
    assert (name, doses) == ("Flow", ("20 seconds", "30 seconds"))


BLOCKS = {
    "on a grid": "{repeat: 3, every: 60s, items: [{do: squat, reps: 5}, {do: squat, hold: 20s}]}",
    "for time": "{repeat: 3, cap: 5m, items: [{do: squat, reps: 5}, {do: squat, hold: 20s}]}",
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_rounds_of_every_kind_are_told(block: str) -> None:
    assert {rounds for _, _, _, _, rounds, *_ in rows(f"  - {block}\n")} == {3}


def test_sets_on_a_grid_are_not_counted_as_rounds_again() -> None:
    (row,) = rows("  - {every: 60s, repeat: 2, items: [{do: squat, reps: 5, sets: 2}]}\n")
    assert row[3:5] == (2, 2)


def test_a_rest_is_that_of_its_own_move() -> None:
    found = rows("  - {do: squat, for: 30s, rest: 40s}\n  - {do: plank, hold: 20s}\n")
    assert [row[5] for row in found] == [(40_000,), ()]
