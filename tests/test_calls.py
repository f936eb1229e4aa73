"""Halfway, ten seconds, and the minutes that are left."""

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned
from tests.test_efforts import inside, timeline

CALLS = {"time_left", "halfway"}


def test_a_minute_is_called_halfway_and_at_ten_seconds_and_counted_out() -> None:
    assert inside(timeline("for: 60s"), "work") == [
        (0, "go"),
        (30_000, "Halfway."),
        (50_000, "Ten seconds."),
        (57_000, "count"),
        (58_000, "count"),
        (59_000, "count"),
        (60_000, "stop"),
    ]


@pytest.mark.parametrize("dose", ["for: 5m", "hold: 5m"])
def test_a_long_interval_is_left_in_peace_but_for_halfway_and_ten_seconds(dose: str) -> None:
    words = inside(timeline(dose), "work", "hold")
    assert [row for row in words if row[1] not in {"go", "count", "stop"}] == [
        (150_000, "Halfway."),
        (290_000, "Ten seconds."),
    ]


def test_as_many_rounds_as_one_can_are_called_by_the_minute() -> None:
    items = "session: [{for: 5m, items: [{do: bend, reps: 5}]}]"
    found = schedule(planned(f"title: T\nmoves: {{bend: {{name: Bend}}}}\n{items}\n"), constant)
    assert [one.text for one in found.events if isinstance(one, Speech) and one.cue in CALLS] == [
        *("4 minutes left.", "3 minutes left.", "Halfway."),
        *("2 minutes left.", "1 minute left.", "Ten seconds."),
    ]


def test_where_little_is_said_halfway_is_a_tone() -> None:
    words = inside(timeline("for: 60s", "cues: brief\n"), "work")
    assert [row for row in words if row[1] not in {"go", "count", "stop"}] == [(30_000, "halfway")]
