"""Halfway, ten seconds, and the minutes that are left."""

from tests.test_efforts import inside, timeline


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


def test_three_minutes_are_called_by_the_minute() -> None:
    words = inside(timeline("for: 5m"), "work")
    assert [text for _, text in words if "left" in text or text in {"Halfway.", "Ten seconds."}] == [
        *(
            "4 minutes left.",
            "3 minutes left.",
            "Halfway.",
            "2 minutes left.",
            "1 minute left.",
            "Ten seconds.",
        ),
    ]


def test_where_little_is_said_halfway_is_a_tone() -> None:
    words = inside(timeline("for: 60s", "cues: brief\n"), "work")
    assert [row for row in words if row[1] not in {"go", "count", "stop"}] == [(30_000, "halfway")]
