"""What is read of a move: its steps, and what to look out for, from what was written for the ear."""

from __future__ import annotations

from audiocoach import api

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
