"""`every` on a block: several moves in turn on one grid."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Effort
from audiocoach.coaching.timeline import Speech
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.store.options import Overrides
from tests.generate import constant, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

HEAD = """\
title: T
moves:
  squat: {name: Squat, reps: 10, tempo: 2s, sets: 1, rest: 90s}
  press: {name: Press, for: 30s}
session:
"""
EMOM = HEAD + "  - {every: 60s, repeat: 2, items: [{do: squat}, {do: press}]}\n"


def timeline(text: str) -> Timeline:
    return schedule(planned(text), constant)


def starts_s(found: Timeline) -> list[float]:
    return [one.start_ms / 1000 for one in found.intervals if one.kind in ("work", "reps", "hold")]


def said(text: str) -> list[str]:
    return [event.text for event in timeline(text).events if isinstance(event, Speech)]


def test_each_minute_the_next_move_begins() -> None:
    found = timeline(EMOM)
    assert {later - start for start, later in pairwise(starts_s(found))} == {60}
    assert [one.move for one in found.intervals if one.kind in ("work", "reps")] == ["Squat", "Press"] * 2


def test_what_is_left_of_the_last_minute_is_rest_too() -> None:
    rests = [one.duration_ms for one in timeline(EMOM).intervals if one.kind == "rest"]
    assert rests == [40_000, 30_000, 40_000, 30_000]


def test_each_minute_is_told_with_its_move() -> None:
    heard = said(EMOM)
    assert [text for text in heard if "inute" in text] == [
        "T. This takes about 4 minutes.",
        "Minute 1 of 4.",
        "A set starts every minute.",
        "Minute 2 of 4.",
        "Minute 3 of 4.",
        "Last minute.",
    ]
    assert heard[heard.index("Minute 2 of 4.") + 1] == "Coming up: Press. 30 seconds."


def test_on_another_grid_it_is_an_interval() -> None:
    heard = said(EMOM.replace("60s", "90s"))
    assert [text for text in heard if "nterval" in text] == [
        "Interval 1 of 4.",
        "Interval 2 of 4.",
        "Interval 3 of 4.",
        "Last interval.",
    ]


def test_a_move_of_several_sets_takes_as_many_turns() -> None:
    found = timeline(EMOM.replace("{do: squat}", "{do: squat, reps: [5, 4]}"))
    assert [one.move for one in found.intervals if one.kind in ("work", "reps")] == [
        *("Squat", "Squat", "Press") * 2
    ]
    assert {later - start for start, later in pairwise(starts_s(found))} == {60}


def test_a_turn_that_takes_all_of_it_leaves_no_gap() -> None:
    found = timeline(EMOM.replace("{do: press}", "{do: press, for: 60s}"))
    assert {later - start for start, later in pairwise(starts_s(found))} == {60}


def test_a_wanted_time_stretches_no_minute(tmp_path: Path) -> None:
    text = EMOM + "  - {do: press, sets: 2, rest: 60s}\n"
    path = tmp_path / "emom.yaml"
    path.write_text(text, encoding="utf-8")
    longer = Overrides(fit_ms=timeline(text).duration_ms + 30_000)
    found = timeline_of(open_session(path, longer), constant)
    assert {later - start for start, later in pairwise(starts_s(found)[:4])} == {60}


def test_a_grid_without_a_section_is_one_chapter() -> None:
    assert [one.title for one in timeline(EMOM).chapters] == ["Squat, Press"]


def test_the_turns_of_two_blocks_are_counted_apart() -> None:
    plan = planned(EMOM + "  - {every: 50s, items: [{do: press}, {do: squat}]}\n")
    turns = [step.turn for step in plan.steps if isinstance(step, Effort)]
    assert turns == [(1, 4), (2, 4), (3, 4), (4, 4), (1, 2), (2, 2)]


WRONG = {
    "every: 60s, items: [{do: press, for: 61s}]": "6:26: a set takes 1:01, longer than every: 1:00",
    "every: 60s, for: 10m, items: [{do: press}]": (
        "6:18: a block with every: starts its exercises one after the other on that grid: "
        "write repeat, how often all of them come, instead of for"
    ),
    "every: 60s, rest: 9s, items: [{do: press}]": "6:18: every already says the rest: remove rest",
    "every: 60s, items: [{do: press, ready: 9s}]": (
        "6:38: a block with every: starts its exercises one after the other on that grid: "
        "what is left of it is rest, remove ready"
    ),
    "every: 60s, items: [{do: press}, {rest: 9s}]": (
        "6:39: a block with every: starts its exercises one after the other on that grid: "
        "it holds only do steps, put this before or after it"
    ),
    "every: 60s, items: [{do: press, sides: each}]": (
        "6:45: every starts one exercise at a time: expected sides: alternate, left or right"
    ),
}


@pytest.mark.parametrize("item", WRONG)
def test_what_does_not_fit_the_grid_is_told_at_its_line(item: str, tmp_path: Path) -> None:
    assert WRONG[item] in problems(f"{HEAD}  - {{{item}}}\n", tmp_path)
