"""The inside of an effort: its tones, and the words that fit between them."""

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Timeline, Tone
from tests.generate import constant, planned

MOVE = "title: T\n{}moves: {{bend: {{name: Bend, {}}}}}\nsession: [do: bend]\n"


def timeline(fields: str, head: str = "") -> Timeline:
    return schedule(planned(MOVE.format(head, fields)), constant)


def inside(found: Timeline, *kinds: str) -> list[tuple[int, str]]:
    """What sounds in the first effort, from its go on."""
    effort = next(one for one in found.intervals if one.kind in kinds)
    return [
        (event.start_ms - effort.start_ms, event.text if isinstance(event, Speech) else event.tone)
        for event in found.events
        if effort.start_ms <= event.start_ms <= effort.end_ms
    ]


def test_nine_seconds_are_not_counted_out() -> None:
    assert inside(timeline("for: 9s"), "work") == [(0, "go"), (9000, "stop")]


def test_soft_is_one_bell_at_start_and_end() -> None:
    assert inside(timeline("for: 30s", "tones: soft\n"), "work") == [(0, "bell"), (30_000, "bell")]


def test_none_is_no_tone_at_all() -> None:
    found = timeline("for: 30s", "tones: none\n")
    assert [event for event in found.events if isinstance(event, Tone)] == []
