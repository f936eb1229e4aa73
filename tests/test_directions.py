"""What is read of a move: its steps, and what to look out for, from what was written for the ear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach import api

if TYPE_CHECKING:
    from audiocoach.routine.model import LevelName

ROUTINE = """\
title: Read
moves:
  heel:
    name: Heel slide
    setup: Lie on your back. <pause 3s> Knees bent.
    at_go: Lift your head.
    say: Slowly.
    steps: [Slide your <side> heel away., And back.]
    caution: Keep your <other_side> foot down.
    avoid_if: Leave it out if it hurts.
    sides: each
  way:
    name: Way round
    steps:
      - {say: To the front., hold: 10s}
      - {say: To the <side>., hold: 10s}
    sides: left, right
  march: {name: March}
session:
  - {do: heel, reps: 6, sets: 2}
  - {do: way}
  - section: Rounds
    for: 3m
    items:
      - {do: march, reps: 20}
"""


def test_a_move_is_told_in_a_few_steps_for_its_first_side() -> None:
    heel, way, rounds = api.preview(api.load(ROUTINE), estimate=True).outline
    assert heel.how == (
        "Lie on your back. Knees bent.",
        "Lift your head.",
        "Slide your left heel away. And back. Slowly.",
    )
    assert heel.care == ("Keep your right foot down.", "Leave it out if it hurts.")
    # What is guided step by step is told once, not again for each side.
    assert way.how == ("To the front. To the left.",)
    assert way.care == ()
    assert rounds.how == ("March: 20 repetitions",)


VARIED = """\
title: Varied
moves:
  knee:
    name: Knee to chest
    at_go: At each high tone, draw the knee in. At the low tone, foot down.
    say: Press your spine into the floor.
    easier: {say: Hold behind your thigh.}
    harder: {say: Stretch the other leg out long.}
session:
  - {do: knee, reps: 6}
"""


@pytest.mark.parametrize(
    ("level", "easier", "harder"),
    [
        ("gentle", "Hold behind your thigh.", ""),
        ("standard", "", ""),
        ("strong", "", "Stretch the other leg out long."),
    ],
)
def test_an_easier_or_harder_version_is_told_apart(level: LevelName, easier: str, harder: str) -> None:
    (knee,) = api.preview(api.load(VARIED), level=level, estimate=True).outline
    own = () if easier or harder else ("Press your spine into the floor.",)
    assert knee.how == ("Draw the knee in. Then foot down.", *own)
    assert (knee.easier, knee.harder) == (easier, harder)
