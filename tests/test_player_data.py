from dataclasses import replace
from typing import Any, get_args

import pytest

from audiocoach.coaching.steps import EffortKind, GapKind
from audiocoach.coaching.timeline import Interval, Timeline
from audiocoach.publish.player_data import data
from audiocoach.routine import wordings
from tests.hostile import AT, TEXTS, session

WORK = Interval(0, 40_000, "work", AT, move="Squat", set=1, sets=1)
REST = Interval(40_000, 20_000, "rest", AT, move="Plank", set=1, sets=1)
HOLD = Interval(60_000, 30_000, "hold", AT, move="Plank", set=1, sets=2, side="left")
SWITCH = Interval(90_000, 5000, "switch", AT, move="Plank", set=1, sets=2, side="right")
OTHER = replace(HOLD, start_ms=95_000, side="right")
TALK = Interval(125_000, 5000, "talk", AT)


def shown(*intervals: Interval) -> list[dict[str, Any]]:
    timeline = Timeline("A", "en", 130_000, (), intervals, (), ())
    return data(timeline)["intervals"]  # type: ignore[return-value]


NEXT = {
    "a rest, and what is to come after it": ((WORK, REST, HOLD), "Rest · 0:20, then Plank, set 1 of 2, left"),
    "only the side of the same move": ((HOLD, SWITCH, OTHER), "Switch · 0:05, then set 1 of 2, right"),
    "the move itself, out of a rest": ((REST, HOLD), "Plank, set 1 of 2, left · 0:30"),
    "the same move again, without a gap": ((HOLD, OTHER), "set 1 of 2, right · 0:30"),
    "the same move with nothing to tell it apart": ((WORK, WORK), "Squat · 0:40"),
    "a talk that nothing follows": ((WORK, TALK), "Listen · 0:05"),
    "nothing at the end": ((TALK,), ""),
}


@pytest.mark.parametrize(("intervals", "wanted"), NEXT.values(), ids=NEXT)
def test_what_comes_next(intervals: tuple[Interval, ...], wanted: str) -> None:
    assert shown(*intervals)[0]["next"] == wanted


def test_an_effort_shows_its_move_and_which_part_of_it() -> None:
    (one,) = shown(replace(HOLD, rep=3, way="up", round=2, section="Strength"))
    assert (one["name"], one["title"], one["part"]) == ("Hold", "Plank", "Strength, round 2")
    assert one["details"] == ["set 1 of 2", "hold 3", "left", "up"]


def test_a_rest_does_not_show_the_move_ahead_as_if_it_were_to_be_done() -> None:
    (one,) = shown(REST)
    assert (one["name"], one["title"], one["details"]) == ("", "Rest", [])


@pytest.mark.parametrize("move", [None, "", "\x00"])
def test_an_effort_without_a_name_is_called_by_its_kind(move: str | None) -> None:
    (one,) = shown(replace(WORK, move=move))
    assert one["title"] == "Work"


def test_every_kind_of_interval_has_a_name() -> None:
    named = {key.removeprefix("name_") for key in wordings.language("en").labels if key.startswith("name_")}
    assert named == {*get_args(EffortKind), *get_args(GapKind), "talk"}


def test_times_are_those_of_the_timeline() -> None:
    timeline = session("one", "two")
    told = data(timeline)
    assert told["duration_ms"] == 8000
    assert told["chapters"] == [{"start_ms": 0, "title": "one"}, {"start_ms": 4000, "title": "two"}]
    assert told["lines"] == [{"start_ms": 0, "end_ms": 1000}, {"start_ms": 4000, "end_ms": 5000}]


def test_hostile_texts_are_on_one_line() -> None:
    rows = shown(*session(*TEXTS.values()).intervals)
    assert len(rows) >= len(TEXTS)
    for one in rows:
        assert all(text == " ".join(text.split()) for text in (one["title"], one["part"], *one["details"]))
