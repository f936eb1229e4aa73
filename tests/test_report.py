"""What is seen of a build."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from audiocoach.build.jobs import Built
from audiocoach.build.report import Bar, Lines, progress_on, table

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
)
DONE = replace(ONE, new=0, reason=None)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_a_stage_is_one_plain_line() -> None:
    out = StringIO()
    with progress_on(out) as progress:
        assert isinstance(progress, Lines)
        progress.expect("speech", 2)
        progress.advance("speech")
        progress.expect("files", 1)
        progress.advance("speech")
        progress.advance("files")
    speech, files = out.getvalue().splitlines()
    assert re.fullmatch(r"speech 2/2, \d+ a second", speech)
    assert re.fullmatch(r"files 1/1, \d+ a second", files)


def test_long_work_is_told_with_its_rate_and_the_time_left() -> None:
    out = StringIO()
    with Lines(out) as progress:
        progress.expect("speech", 100)
        progress.expect("files", 5)
        progress.since_s -= 10
        progress.advance("speech")
    first, last = out.getvalue().splitlines()
    assert re.fullmatch(r"speech 1/100, \d+(\.\d)? a second, \d+ s left", first)
    assert first.split(",")[0] == last.split(",")[0]


def test_on_a_terminal_short_work_shows_nothing_and_long_work_a_bar_with_the_time_left() -> None:
    out = Terminal()
    with progress_on(out) as progress:
        assert isinstance(progress, Bar)
        progress.expect("speech", 3)
        progress.advance("speech")
        assert out.getvalue() == ""
        progress.started_s -= 1
        progress.advance("speech")
        progress.expect("sound", 5)
        progress.advance("sound")
    shown = out.getvalue()
    assert "speech" in shown
    assert "2/3" in shown
    assert "a second" in shown
    assert "1/5" in shown


def test_the_table_has_a_row_for_each_routine_and_a_sum() -> None:
    assert table([ONE, ONE], 1.25).splitlines() == [
        "routine  length  phrases  new  reused  size    time   file",
        "leg-day  1:05    12       3    9       0.5 MB  0.2 s  out/leg-day.mp3",
        "leg-day  1:05    12       3    9       0.5 MB  0.2 s  out/leg-day.mp3",
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
