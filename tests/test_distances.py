"""Distances: intervals of a time that is called by how far one goes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Effort
from audiocoach.coaching.timeline import Speech
from audiocoach.routine.distances import Distance, Pace, easy_time_ms, read_distance, split_pace
from tests.generate import constant, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "title: T\nmoves:\n  run: {name: Run}\n  walk: {name: Walk, distance: 1km, pace: 10:00/km}\nsession:\n"

DISTANCES_MM = {
    "400m": 400_000,
    "400 metres": 400_000,
    "1.5 km": 1_500_000,
    "1 mile": 1_609_344,
    "2mi": 3_218_688,
    "100 yards": 91_400,
    "50-metre": 50_000,
}


@pytest.mark.parametrize("text", DISTANCES_MM)
def test_a_distance_is_so_long(text: str) -> None:
    found = read_distance(text)
    assert found is not None
    assert found.length_mm == DISTANCES_MM[text]


@pytest.mark.parametrize("text", ["400", "0m", "40 s", "m", "2000 km", "1,5 km", "far"])
def test_what_is_no_distance(text: str) -> None:
    assert read_distance(text) is None


@pytest.mark.parametrize(
    ("text", "of_400_m"),
    [("4:00/km", 96), ("1:45/400m", 105), ("2:00 / 100 m", 480), ("8:00/mile", 119), ("5:30 min/km", 132)],
)
def test_a_pace_is_the_time_of_a_distance_to_the_second(text: str, of_400_m: int) -> None:
    parts = split_pace(text)
    assert parts is not None
    minutes, seconds = parts[0].split(":")
    pace = Pace((int(minutes) * 60 + int(seconds)) * 1000, parts[1])
    assert pace.over_ms(Distance(400_000, "metre")) == of_400_m * 1000


def test_an_example_of_a_time_is_whole_half_minutes() -> None:
    assert easy_time_ms(Distance(400_000, "metre")) == 150_000


LENGTHS_S = {
    "do: run, distance: 400m, pace: 4:00/km": [96],
    "do: run, distance: 400m, about: 1m45s, sets: 2, rest: 9s": [105, 105],
    "do: run, distance: [400m, 200m], pace: 4:00/km, rest: 9s": [96, 48],
    "do: run, distance: [400m, 200m], about: [2m, 50s], rest: 9s": [120, 50],
    "do: run, distance: 400m, about: [2m, 1m50s], rest: 9s": [120, 110],
    "do: walk": [600],
    "do: walk, for: 30s": [30],
    "do: walk, distance: 200m, about: 2m": [120],
}


@pytest.mark.parametrize("item", LENGTHS_S)
def test_a_distance_takes_its_time(item: str) -> None:
    steps = planned(f"{HEAD}  - {{{item}}}\n").steps
    assert [step.length_ms / 1000 for step in steps if isinstance(step, Effort)] == LENGTHS_S[item]


ANNOUNCED = {
    "do: run, distance: 400m, pace: 4:00/km": "First: Run. 400 meters, about 1 minute 36 seconds.",
    "do: run, distance: 1.5 km, about: 6m": "First: Run. 1.5 kilometers, about 6 minutes.",
    "do: run, distance: [1 mile, 400m], pace: 4:00/km, rest: 20s": "First: Run. 1 mile, then 400 meters.",
    "do: run, distance: [100 yd, 50 yd], about: 30s, rest: 20s": "Last set. 50 yards.",
    # In a time of one's own nobody has to know when one is there.
    "for: 5m, items: [{do: run, distance: 400m}]": "Run. 400 meters.",
    "repeat: 3, cap: 5m, items: [{do: run, distance: 400m}]": "Run. 400 meters.",
}


@pytest.mark.parametrize("item", ANNOUNCED)
def test_it_is_called_by_its_distance(item: str) -> None:
    events = schedule(planned(f"{HEAD}  - {{{item}}}\n"), constant).events
    assert ANNOUNCED[item] in [event.text for event in events if isinstance(event, Speech)]


WRONG = {
    "do: run, distance: 400m": (
        "6:15: nobody can tell from here when 400m are done: write its pace, such as pace: 6:00/km, "
        "or about: 2m30s"
    ),
    "do: run, distance: 400": (
        '6:25: expected a distance such as 400m, 1.5km or 1 mile, found "400": write 400m'
    ),
    "do: run, distance: 400m, pace: 4m": (
        '6:37: expected a pace such as 4:00/km, 7:30/mile or 1:45/400m, found "4m": write 4m/km'
    ),
    "do: run, distance: 400m, pace: 4:00/km, about: 2m": (
        "6:46: expected pace or about, found both: keep one"
    ),
    "do: run, distance: [400m, 1km], about: [1m, 2m, 3m]": (
        "6:38: expected as many values of the one as of the other, found 2 of distance and 3 of about"
    ),
    "do: run, for: 2m, pace: 4:00/km": (
        "6:24: pace has nothing to do here: it stands beside distance, such as distance: 400m"
    ),
    "do: run, for: 2m, distance: 400m, about: 2m": (
        "6:24: expected one dose, found for and distance: keep one (or hold beside reps)"
    ),
}


@pytest.mark.parametrize("item", WRONG)
def test_what_no_file_can_know_is_told(item: str, tmp_path: Path) -> None:
    assert WRONG[item] in problems(f"{HEAD}  - {{{item}}}\n", tmp_path)
