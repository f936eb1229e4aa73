"""`announce`: what a coach may write, where it counts, and what is wrong."""

from pathlib import Path

import pytest

from audiocoach.coaching.steps import Effort
from audiocoach.routine.model import Announce, announced
from tests.generate import planned, problems

TEXT = """\
title: T
announce: {halfway: false, last: 15s}
moves: {plank: {name: Plank, for: 60s}}
session:
  - {do: plank}
  - repeat: 2
    announce: {last: off, every: yes}
    items:
      - {do: plank, announce: {halfway: on, every: 30s}}
  - {do: plank, announce: {rest: false, set: false, move: false, count: false}}
"""


def test_what_stands_closest_counts_for_each_call_by_itself() -> None:
    efforts = [step for step in planned(TEXT).steps if isinstance(step, Effort)]
    assert [effort.delivery.announce for effort in efforts] == [
        Announce(halfway=False, last_ms=15_000),
        Announce(halfway=True, last_ms=0, every_ms=30_000),
        Announce(halfway=True, last_ms=0, every_ms=30_000),
        Announce(halfway=False, last_ms=15_000, rest=False, set=False, move=False, count=False),
    ]


def test_what_is_unsaid_is_that_of_outside() -> None:
    assert announced(Announce(), Announce(set=False, last_ms=0)) == Announce(set=False, last_ms=0)


WRONG = {
    "{halfway: maybe}": '2:21: expected true or false, found "maybe"',
    "{last: 3s}": '2:18: expected whole seconds from 5s to 5m, such as 10s, or false for none, found "3s"',
    "{every: 90}": '2:19: expected whole seconds from 15s to 1h, such as 1m, or false for none, found "90"',
    "{rests: true}": '2:12: unknown field "rests" in announce; did you mean "rest"?',
    "yes": '2:11: expected what is announced, such as {halfway: off, last: 10s}, found "yes"',
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_says_what_was_expected(text: str, tmp_path: Path) -> None:
    routine = f"title: T\nannounce: {text}\nsession: [{{say: Hi.}}]\n"
    assert problems(routine, tmp_path) == [WRONG[text]]
