"""Halfway, ten seconds, and the minutes that are left."""

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned
from tests.test_lay import inside, timeline

CALLS = {"time_left", "halfway"}


def test_a_minute_is_called_halfway_and_at_ten_seconds_and_counted_out() -> None:
    assert inside(timeline("for: 60s"), "work") == [
        (0, "go"),
        (30_000, "Halfway."),
        (50_000, "Ten seconds."),
        (57_000, "count_out"),
        (58_000, "count_out"),
        (59_000, "count_out"),
        (60_000, "stop"),
    ]


@pytest.mark.parametrize("dose", ["for: 5m", "hold: 5m"])
def test_a_long_interval_is_left_in_peace_but_for_halfway_and_ten_seconds(dose: str) -> None:
    words = inside(timeline(dose), "work", "hold")
    assert [row for row in words if row[1] not in {"go", "count_out", "stop"}] == [
        (150_000, "Halfway."),
        (290_000, "Ten seconds."),
    ]


def test_as_many_rounds_as_one_can_are_called_by_the_minute() -> None:
    items = "session: [{for: 5m, items: [{do: bend, reps: 5}]}]"
    found = schedule(planned(f"title: T\nmoves: {{bend: {{name: Bend}}}}\n{items}\n"), constant)
    assert [one.text for one in found.events if isinstance(one, Speech) and one.cue in CALLS] == [
        *("You have 4 minutes left.", "You have 3 minutes left.", "Halfway."),
        *("You have 2 minutes left.", "You have 1 minute left.", "Ten seconds."),
    ]


def test_where_little_is_said_halfway_is_a_tone() -> None:
    words = inside(timeline("for: 60s", "cues: brief\n"), "work")
    assert [row for row in words if row[1] not in {"go", "count_out", "stop"}] == [(30_000, "halfway")]


SQUAT = "steps: [{say: Sink down as low as you can without pain., short: Down}, {say: Push up., short: Up}]"


def test_a_call_is_heard_at_its_time_beside_the_phases() -> None:
    words = inside(timeline(f"{SQUAT}, for: 40s, tempo: 9-9"), "work")
    assert words[:5] == [
        (0, "go"),
        (528, "Down"),
        (8560, "Up"),
        (17_440, "Down"),
        (20_000, "Halfway."),
    ]


def test_a_call_never_takes_the_place_of_a_phase() -> None:
    words = inside(timeline(f"{SQUAT}, for: 40s, tempo: 5-5"), "work")
    assert words[5:7] == [(19_432, "Down"), (20_152, "Halfway.")]


def test_where_a_call_cannot_be_heard_beside_the_steps_they_are_told_around_it() -> None:
    steps = (
        "steps: [Sink down as far as you can., 'Push up slowly and stand up as tall as you can, breathe.', "
        "'Come up to your toes, and reach as high as you can with both of your hands.', "
        "Come down and feel the floor under the whole of your feet.]"
    )
    words = inside(timeline(f"{steps}, for: 40s"), "work")
    assert [row for row in words if row[1] not in {"tick", "last", "count_out"}][4:] == [
        (20_000, "Halfway."),
        (20_968, "Come down and feel the floor under the whole of your feet."),
        (30_000, "Ten seconds."),
        (40_000, "stop"),
    ]


ANNOUNCED = {
    ("for: 60s", "{halfway: false}"): ["Ten seconds."],
    ("for: 60s", "{last: false}"): ["Halfway."],
    ("for: 60s", "{last: 15s}"): ["Halfway.", "You have 15 seconds left."],
    ("for: 20s", "{halfway: true}"): ["Halfway."],
    ("for: 20s", "{}"): [],
    ("hold: 16s", "{last: true}"): ["Ten seconds."],
    ("hold: 14s", "{last: true}"): [],
    ("for: 3m", "{every: 60s}"): [
        *("You have 2 minutes left.", "Halfway.", "You have 1 minute left.", "Ten seconds."),
    ],
    ("for: 3m", "{every: true}"): [
        *("You have 2 minutes left.", "Halfway.", "You have 1 minute left.", "Ten seconds."),
    ],
    # Halfway is two minutes left: it is called once.
    ("for: 4m", "{every: true}"): [
        *("You have 3 minutes left.", "Halfway.", "You have 1 minute left.", "Ten seconds."),
    ],
    ("for: 4m", "{every: true, last: 60s}"): [
        *("You have 3 minutes left.", "Halfway.", "You have 1 minute left."),
    ],
    ("for: 60s", "{halfway: false, last: false, every: false}"): [],
}


@pytest.mark.parametrize("row", ANNOUNCED)
def test_a_coach_asks_for_each_call_or_silences_it(row: tuple[str, str]) -> None:
    dose, wanted = row
    words = inside(timeline(dose, f"announce: {wanted}\n"), "work", "hold")
    assert [text for _, text in words if text not in {"go", "count_out", "stop"}] == ANNOUNCED[row]


def test_a_call_whose_phrase_is_silenced_is_a_tone_or_nothing_and_no_note() -> None:
    found = timeline("for: 60s", 'phrases: {halfway: "", ten_seconds: ""}\n')
    words = inside(found, "work")
    assert [row for row in words if row[1] not in {"go", "count_out", "stop"}] == [(30_000, "halfway")]
    assert found.notes == ()
