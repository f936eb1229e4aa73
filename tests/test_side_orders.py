"""Sides that take turns from the right one on, sides that are undone, and ways without names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Effort
from audiocoach.coaching.timeline import Speech
from audiocoach.routine.library import load
from tests.conftest import ROOT
from tests.generate import constant, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "title: T\nmoves:\n  bridge: {name: Bridge}\n  lunge: {name: Lunge, sides: each}\nsession:\n"


def efforts(item: str) -> list[Effort]:
    return [step for step in planned(f"{HEAD}  - {{{item}}}\n").steps if isinstance(step, Effort)]


def test_repetitions_may_begin_on_the_right() -> None:
    item = "do: bridge, reps: 4, sides: [alternate, right first]"
    assert efforts(item)[0].rep_sides == ("right", "left")
    events = schedule(planned(f"{HEAD}  - {{{item}}}\n"), constant).events
    heard = [event.text for event in events if isinstance(event, Speech)]
    assert next(text for text in heard if "right" in text.lower() or "left" in text.lower()) == "1, right."


@pytest.mark.parametrize("first", ["left", "right"])
def test_sets_may_begin_on_either_side(first: str) -> None:
    found = efforts(f"do: bridge, hold: 9s, sets: 4, rest: 9s, sides: [alternate, {first} first]")
    other = "left" if first == "right" else "right"
    assert [effort.side for effort in found] == [first, other, first, other]


def test_on_a_line_of_its_own_it_needs_no_brackets() -> None:
    text = HEAD.replace("sides: each", '"sides": "alternate, right first"')
    steps = planned(f"{text}  - {{do: lunge, reps: 4}}\n").steps
    assert [step.rep_sides for step in steps if isinstance(step, Effort)] == [("right", "left")]


def test_the_bridge_of_the_fifth_article_begins_on_the_right() -> None:
    moves = load(ROOT / "routines" / "five-moves.yaml").routine.moves
    (bridge,) = [move for move in moves if move.key == "pelvis-stability-bridge"]
    assert bridge.terms.sides is not None
    assert bridge.terms.sides.order == ("right", "left")


@pytest.mark.parametrize("item", ["do: lunge, reps: 4, sides: none", "do: lunge, for: 9s, sides: none"])
def test_none_undoes_the_sides_of_a_move(item: str) -> None:
    (effort,) = efforts(item)
    assert (effort.side, effort.sides, effort.rep_sides) == (None, None, ())


def test_none_undoes_the_sides_of_defaults() -> None:
    text = HEAD + "  - {repeat: 1, defaults: {sides: each}, items: [{do: bridge, for: 9s, sides: none}]}\n"
    assert [step.side for step in planned(text).steps if isinstance(step, Effort)] == [None]


def test_what_needs_sides_has_none_where_they_are_undone(tmp_path: Path) -> None:
    (problem,) = problems(f"{HEAD}  - {{do: lunge, for: 9s, sides: none, switch: 5s}}\n", tmp_path)
    assert problem.startswith("6:39: switch has nothing to do here")


@pytest.mark.parametrize("ways", ["both", "[each]", "2", "All"])
def test_ways_are_told_by_their_names(ways: str, tmp_path: Path) -> None:
    found = problems(f"{HEAD}  - {{do: bridge, for: 9s, ways: {ways}}}\n", tmp_path)
    assert [problem for problem in found if "6:33: expected the names of the ways" in problem]
