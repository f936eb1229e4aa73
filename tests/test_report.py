"""What is seen of a build."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audiocoach.commands.report import table
from audiocoach.store.recipe import Level
from audiocoach.workers.jobs import Built

ONE = Built(
    "leg-day",
    Path("leg-day.yaml"),
    Path("out/leg-day.mp3"),
    65_000,
    12,
    3,
    520_000,
    reason="it is new",
    seconds=0.25,
    level=Level(-16.04, -1.3),
)
DONE = replace(ONE, new=0, reason=None)


def test_the_table_has_a_row_for_each_routine_and_a_sum() -> None:
    assert table([ONE, ONE], 1.25).splitlines() == [
        "routine  length  phrases  new  reused  size    LUFS   dBTP  time   file",
        "leg-day  1:05    12       3    9       0.5 MB  -16.0  -1.3  0.2 s  out/leg-day.mp3",
        "leg-day  1:05    12       3    9       0.5 MB  -16.0  -1.3  0.2 s  out/leg-day.mp3",
        "2 routines built, 2:10 in all, in 1.2 s",
    ]


@pytest.mark.parametrize(
    ("built", "said"),
    [
        ([ONE], "1 routine built, 1:05"),
        ([ONE, DONE], "2 routines, 1 built, 1 done before, 2:10"),
        ([DONE], "1 routine, nothing to do, 1:05"),
    ],
)
def test_the_sum_says_what_was_there_before(built: list[Built], said: str) -> None:
    assert table(built, 0).splitlines()[-1] == f"{said} in all, in 0.0 s"
