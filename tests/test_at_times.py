"""Whether words at a time lie inside their interval, and what they may stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.generate import problems

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """title: T
moves:
  plank: {name: Plank}
  stretch: {name: Stretch, steps: [{say: Reach., hold: 20s}, {say: Rest., pause: 8s}]}
session:
"""
INSIDE = (
    "expected a time inside the {} that the interval lasts, from its start or, with a minus, from its end, "
    "such as {}; found {}"
)

WRONG = {
    "- {do: plank, for: 40s, at: [{at: 40s, say: Late.}]}": INSIDE.format("40s", "20s", "40s"),
    "- {do: plank, hold: 40s, at: [{at: -1m, say: Early.}]}": INSIDE.format("40s", "20s", "-1m"),
    "- {do: plank, for: 20-30s, at: [{at: 25s, say: Late.}]}": INSIDE.format("20s", "10s", "25s"),
    "- {do: plank, reps: 5, at: [{at: 20s, say: Late.}]}": INSIDE.format("20s", "10s", "20s"),
    "- {do: plank, for: 40s, at: [{at: 0s, say: Now.}]}": "expected a time of the interval: from its start, "
    'such as 20s, or from its end, such as -60s, found "0s": 0 is the tone of its start: what is said before '
    "that is a say before the exercise",
    "- {do: plank, for: 40s, at: [{at: 20, say: Now.}]}": "expected a time of the interval: from its start, "
    'such as 20s, or from its end, such as -60s, found "20": write 20s',
    "- {do: plank, for: 40s, at: [{at: 20s}]}": '"say" is missing: expected, for example, '
    "{at: 20s, say: Look ahead.}",
    "- {do: plank, for: 40s, at: [Look ahead.]}": "expected words at a time, such as "
    '{at: 20s, say: Look ahead.}, found "Look ahead."',
    "- {do: plank, for: 40s, at: 20s}": "expected a list of words at a time, such as "
    '[{at: 20s, say: Look ahead.}], found "20s"',
    "- {do: stretch, at: [{at: 5s, say: Now.}]}": 'at has nothing to do here: the steps of "stretch" have '
    "times of their own: write it on a step",
    "- {repeat: 2, at: [{at: 5s, say: Now.}], items: [{do: plank, for: 40s}]}": "at needs a block with "
    "for: or cap:, which lasts; else write it on a do",
    "- {for: 2m, at: [{at: 3m, say: Now.}], items: [{do: plank, reps: 5}]}": INSIDE.format("2m", "1m", "3m"),
    "- {for: 2m, items: [{do: plank, reps: 5, at: [{at: 3s, say: Now.}]}]}": "a block with for: is as many "
    "rounds as one can: a do in it has only its dose, remove at",
    "- {do: plank, for: 40s, at: [{at: 5s, say: To the <side>.}]}": "<side> has no value here: "
    "the move has no sides: add sides: each",
    "- {for: 2m, at: [{at: 5s, say: <dose>}], items: [{do: plank, reps: 5}]}": "<dose> has no value here: "
    "at the times of a block with for: only <duration>, <name>, <next> and <title> have one",
    "- {do: plank, for: 40s, at: [{at: 5s, say: Then <next>.}]}": '<next> has no value in "Then <next>.": '
    "no other move follows",
}


@pytest.mark.parametrize("step", WRONG)
def test_what_cannot_be_said_at_a_time_is_told(step: str, tmp_path: Path) -> None:
    found = [problem.split(": ", 1)[1] for problem in problems(f"{HEAD}  {step}\n", tmp_path)]
    assert found == [WRONG[step]]


STEPS = {
    "{say: Reach., pause: 8s, at: [{at: 3s, say: Feel it.}]}": "at needs a step that lasts, "
    "such as hold: 30s: a pause is silence: write for: in its place",
    "{say: Reach., at: [{at: 3s, say: Feel it.}]}": "at needs a step that lasts, "
    "such as hold: 30s: the step has no time of its own",
    "{say: Reach., hold: 10s, at: [{at: 12s, say: Feel it.}]}": INSIDE.format("10s", "5s", "12s"),
    "{say: Reach., hold: 4 breaths, at: [{at: 28s, say: Out.}]}": INSIDE.format("28s", "14s", "28s"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_lasts_may_have_words_at_its_times(step: str, tmp_path: Path) -> None:
    dose = ", for: 30s" if "hold" not in step and "pause" not in step else ""
    text = f"title: T\nmoves:\n  reach: {{steps: [{step}]{dose}}}\nsession:\n  - do: reach\n"
    assert [problem.split(": ", 1)[1] for problem in problems(text, tmp_path)] == [STEPS[step]]
