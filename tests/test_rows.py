"""The rows of a script, whole and folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.publish.rows import folded, whole
from tests.generate import constant, planned

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline

TITLE = "title: T\nmoves:\n"
TILT = """\
  tilt:
    name: Tilt
    steps: [{say: Press your back flat., short: Press}, {say: Let go slowly., short: Let go}]
"""
CASES = {
    "repetitions": (
        TILT + "session: [{do: tilt, reps: 4, tempo: 4-3}]\n",
        ["reps 1 to 4, 7 s each: Press / Let go"],
    ),
    "repetitions on a plain tempo": (
        "  squat: {name: Squat}\nsession: [{do: squat, reps: 5, tempo: 2.5s}]\n",
        ["reps 1 to 5, 2.5 s each"],
    ),
    "breaths": (
        "  calm: {name: Calm}\nsession: [{do: calm, breaths: 3, breath: 3-4}]\n",
        ["breaths 1 to 3, 7 s each: Breathe in. / Breathe out."],
    ),
    "movement on a tempo": (
        TILT + "session: [{do: tilt, for: 28s, tempo: 4-3}]\n",
        ["again and again: Press / Let go"],
    ),
    "too few to fold": ("  squat: {name: Squat}\nsession: [{do: squat, reps: 2}]\n", []),
    "holds": ("  plank: {name: Plank}\nsession: [{do: plank, hold: 20s, reps: 3}]\n", []),
}


def timeline_of(text: str) -> Timeline:
    return schedule(planned(TITLE + text), constant)


@pytest.mark.parametrize(("text", "folds"), CASES.values(), ids=CASES)
def test_what_keeps_the_pace_is_one_row_of_each_interval(text: str, folds: list[str]) -> None:
    assert [row.text for row in folded(timeline_of(text)) if row.kind == "fold"] == folds


def test_all_else_is_told_as_ever() -> None:
    timeline = timeline_of(
        TILT.replace("    name", "    reminders: [Breathe.]\n    name") + "session: [{do: tilt, reps: 9}]\n"
    )
    every, short = whole(timeline), folded(timeline)
    (reps,) = (one for one in timeline.intervals if one.kind == "reps")
    within = (one for one in timeline.events if isinstance(one, Speech) and one.start_ms >= reps.start_ms)
    paced = [one.text for one in within if one.cue in ("count", "step", "last")]
    assert [row.text for row in every if row not in short] == paced
    assert {"1.", "Press", "Let go", "Last one."} <= set(paced)
    kept = [row for row in short if row.kind != "fold"]
    assert kept == [row for row in every if row in short]
    assert "Breathe." in {row.text for row in kept}


def test_a_row_is_folded_where_its_first_line_was() -> None:
    timeline = timeline_of(CASES["breaths"][0])
    (fold,) = (row for row in folded(timeline) if row.kind == "fold")
    assert fold.time_ms == next(row.time_ms for row in whole(timeline) if row.text == "Breathe in.")
