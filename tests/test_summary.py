"""A session in short."""

from __future__ import annotations

from audiocoach.coaching.schedule import schedule
from audiocoach.publish.summary import as_markdown, as_text, table
from audiocoach.units import ms_to_clock
from tests.generate import constant, planned

ROUTINE = """\
title: Legs and back
moves:
  squat: {name: Squat, equipment: [mat, band]}
  plank: {name: Plank | tall, sides: each}
session:
  - section: Legs
    items:
      - {do: squat, reps: 10, sets: 3, rest: 30s}
  - {do: plank, hold: 20s}
"""
TIMELINE = schedule(planned(ROUTINE), constant)
LENGTH = ms_to_clock(TIMELINE.duration_ms)


def test_text_has_columns() -> None:
    assert as_text(TIMELINE) == (
        f"Legs and back  {LENGTH}\n"
        "You need: mat and band.\n"
        "\n"
        "Move          Dose                             Sets    Rest       Sides\n"
        "Legs: Squat   10 repetitions                   3 sets  rest 0:30\n"
        "Plank | tall  1 hold of 20 seconds, each side                     left, right\n"
    )


def test_markdown_has_a_table() -> None:
    assert as_markdown(TIMELINE) == (
        "# Legs and back\n"
        "\n"
        f"{LENGTH} in all.\n"
        "\n"
        "You need: mat and band.\n"
        "\n"
        "| Move | Dose | Sets | Rest | Sides |\n"
        "|---|---|---|---|---|\n"
        "| Legs: Squat | 10 repetitions | 3 sets | rest 0:30 |  |\n"
        "| Plank \\| tall | 1 hold of 20 seconds, each side |  |  | left, right |\n"
    )


def test_a_figure_says_what_it_counts() -> None:
    text = "title: T\nmoves: {squat: {name: Squat}}\n"
    session = "session: [{section: Circuit, repeat: 2, items: [{do: squat, for: 55s}]}]\n"
    told = as_text(schedule(planned(text + session), constant)).splitlines()[-1]
    assert " ".join(told.split()) == "Circuit: Squat 55 seconds 2 rounds"


def test_nothing_to_do_is_no_table() -> None:
    assert table(schedule(planned("title: Talk\nsession: [{say: Hello.}]\n"), constant)) == ()


def test_a_section_that_is_called_as_its_only_move_is_named_once() -> None:
    text = "title: T\nmoves: {squat: {name: Squat}}\n"
    session = "session: [{section: For time, repeat: 3, cap: 5m, items: [{do: squat, reps: 20}]}]\n"
    assert table(schedule(planned(text + session), constant))[1][0] == "For time"
