"""What a day chooses: the same on any machine, another on another day."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.chance import chosen
from audiocoach.coaching.plan import plan
from audiocoach.coaching.steps import Effort
from audiocoach.records import replace
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.voice import Voice
from tests.generate import problems

if TYPE_CHECKING:
    from pathlib import Path

SIX = ("a", "b", "c", "d", "e", "f")
ORDER = ("c", "a", "d", "f", "b", "e")
MOVES = "".join(f"  {key}: {{name: {key.upper()}, for: 20s, rest: 5s}}\n" for key in SIX)
HEAD = f"title: T\nmoves:\n{MOVES}session:\n"
ITEMS = ", ".join(f"{{do: {key}}}" for key in SIX)


def names(block: str, folder: Path, day: int = 1) -> list[str]:
    path = folder / "routine.yaml"
    path.write_text(f"{HEAD}  - {{{block}, items: [{ITEMS}]}}\n", "utf-8")
    steps = plan(replace(load(path).routine, day=day), Voice(), Diagnostics(), 24).steps
    return [step.name.lower() for step in steps if isinstance(step, Effort)]


def test_the_same_day_and_place_choose_the_same_for_ever() -> None:
    # Numbers of the documented rule: whoever computes them elsewhere finds these.
    assert chosen(SIX, 6, 1, "session/0/repeat", shuffles=True) == ORDER
    assert chosen(SIX, 3, 1, "session/0/repeat", shuffles=False) == tuple(sorted(ORDER[:3]))


@pytest.mark.parametrize("count", range(1, 7))
def test_so_many_are_chosen_each_once(count: int) -> None:
    for day in range(1, 30):
        found = chosen(SIX, count, day, "session/0/repeat", shuffles=True)
        assert len(set(found)) == len(found) == count


def test_over_some_days_every_step_comes_and_none_rules() -> None:
    days = [chosen(SIX, 2, day, "session/0/repeat", shuffles=False) for day in range(1, 61)]
    often = {key: sum(key in day for day in days) for key in SIX}
    assert min(often.values()) >= 8
    assert len(set(days)) >= 12


def test_another_place_chooses_otherwise() -> None:
    places = (f"session/{number}/repeat" for number in range(20))
    assert len({chosen(SIX, 6, 1, place, shuffles=True) for place in islice(places, 20)}) > 15


def test_without_shuffle_they_keep_their_order(tmp_path: Path) -> None:
    found = names("repeat: 1, choose: 4", tmp_path)
    assert len(found) == 4
    assert found == sorted(found)


def test_shuffle_alone_does_all_of_them(tmp_path: Path) -> None:
    found = names("repeat: 1, shuffle: true", tmp_path)
    assert sorted(found) == list(SIX)
    assert found != list(SIX)
    assert names("repeat: 1, shuffle: false", tmp_path) == list(SIX)


def test_all_rounds_of_a_day_are_alike_and_another_day_is_not(tmp_path: Path) -> None:
    found = names("repeat: 2, choose: 3, shuffle: true", tmp_path)
    assert found[:3] == found[3:]
    assert (
        len({tuple(names("repeat: 1, choose: 3, shuffle: true", tmp_path, day)) for day in range(1, 9)}) > 4
    )


def test_the_level_chooses_how_many(tmp_path: Path) -> None:
    assert len(names("repeat: 1, choose: 2-4, level: gentle", tmp_path)) == 2
    assert len(names("repeat: 1, choose: 2-4, level: strong", tmp_path)) == 4


@pytest.mark.parametrize("block", ["for: 4m", "repeat: 2, cap: 4m"])
def test_as_many_rounds_as_one_can_may_choose(block: str, tmp_path: Path) -> None:
    path = tmp_path / "routine.yaml"
    path.write_text(f"{HEAD}  - {{{block}, choose: 2, items: [{ITEMS}]}}\n", "utf-8")
    steps = plan(load(path).routine, Voice(), Diagnostics(), 24).steps
    assert [len(step.circuit) for step in steps if isinstance(step, Effort)] == [2]


def test_minutes_in_turn_may_choose(tmp_path: Path) -> None:
    assert len(names("repeat: 2, every: 60s, choose: 2", tmp_path)) == 4


WRONG = {
    "repeat: 1, choose: 7, items: [{do: a}, {do: b}]": (
        "10:17: expected at most 2, as many as the block has steps, found 7"
    ),
    "repeat: 1, choose: 1, items: [{do: a}, {rest: 9s}]": (
        "10:45: moves and blocks alone are chosen and shuffled: put this before or after the block, "
        "or the rest under its defaults"
    ),
    "repeat: 1, shuffle: maybe, items: [{do: a}, {do: b}]": ('10:26: expected true or false, found "maybe"'),
    "repeat: 1, choose: 2 moves, items: [{do: a}, {do: b}]": (
        "10:25: expected a whole number from 1 to 1,000 of steps, or a range such as 2-3, "
        'found "2 moves": write 2'
    ),
}


@pytest.mark.parametrize("item", WRONG)
def test_what_no_day_can_choose_is_told(item: str, tmp_path: Path) -> None:
    assert WRONG[item] in problems(f"{HEAD}  - {{{item}}}\n", tmp_path)
