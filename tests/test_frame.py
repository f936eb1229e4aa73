"""The tones that open and close an effort, and the counts before its end."""

from audiocoach.coaching.schedule import schedule
from tests.generate import constant, planned
from tests.test_lay import inside, timeline


def test_ten_seconds_are_counted_out() -> None:
    assert inside(timeline("for: 10s"), "work") == [
        (0, "go"),
        (7000, "count_out"),
        (8000, "count_out"),
        (9000, "count_out"),
        (10_000, "stop"),
    ]


def test_where_two_meet_one_switch_is_stop_and_go() -> None:
    sounds = inside(timeline("for: 9s, ways: [up, down]"), "work")
    assert sounds[-1] == (9000, "switch")
    assert [time_ms for time_ms, text in sounds if text == "count"] == [6000, 7000, 8000]


def test_a_count_never_starts_with_the_tone_that_closes_an_effort() -> None:
    text = "title: T\nmoves: {bend: {name: Bend, hold: 6s, reps: 3, release: 3s}}\nsession: [do: bend]\n"
    found = schedule(planned(text), constant)
    stops = [event.start_ms for event in found.events if event.cue == "stop"]
    counts = [event.start_ms for event in found.events if event.cue == "count" and event.duration_ms < 200]
    first = stops[0]
    assert {first + 1000, first + 2000} <= set(counts)
    assert not set(stops) & set(counts)
