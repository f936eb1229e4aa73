"""Phases without a tempo, and steps in a hold."""

import itertools

from tests.test_lay import inside, timeline
from tests.test_repetitions import STEPS


def test_with_little_to_be_said_a_side_is() -> None:
    for fields in ("for: 20s", "for: 20s, tempo: 2-2"):
        words = inside(timeline(f"{STEPS}, {fields}, sides: alternate", "cues: brief\n"), "work")
        assert [text for _, text in words if text[0].isdigit()][:3] == ["1, left.", "2, right.", "3, left."]


def test_steps_are_said_once_in_a_hold() -> None:
    words = inside(timeline("hold: 40s, steps: [Reach up., Open your chest.]"), "hold")
    assert [text for _, text in words if text in {"Reach up.", "Open your chest."}] == [
        "Reach up.",
        "Open your chest.",
    ]


def test_a_phase_lasts_its_words_and_two_seconds() -> None:
    rows = [
        row for row in inside(timeline(f"{STEPS}, for: 20s"), "work") if row[1] not in {"go", "count", "stop"}
    ]
    for (start_ms, text), (next_ms, _) in itertools.pairwise(rows[:4]):
        assert 0 <= next_ms - (start_ms + 300 + 60 * len(text) + 2000) < 48
    assert [text for _, text in rows[:4]] == ["Lift.", "Lower.", "Up", "Down"]


def test_no_repetition_is_begun_that_cannot_end() -> None:
    words = [text for _, text in inside(timeline(f"{STEPS}, for: 20s"), "work")]
    assert words.count("Up") == words.count("Down")
