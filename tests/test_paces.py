"""Phases without a tempo, and steps in a hold."""

import itertools

from audiocoach.coaching.timeline import Speech, Tone
from tests.test_lay import inside, timeline
from tests.test_repetitions import STEPS


def test_with_little_to_be_said_a_side_is() -> None:
    for fields in ("for: 20s", "for: 20s, tempo: 2-2"):
        words = inside(timeline(f"{STEPS}, {fields}, sides: alternate", "cues: brief\n"), "work")
        sides = [text.partition(",")[0].rstrip(".") for _, text in words]
        assert [side for side in sides if side in {"Left", "Right"}][:3] == ["Left", "Right", "Left"]


def test_steps_are_said_once_in_a_hold() -> None:
    words = inside(timeline("hold: 40s, steps: [Reach up., Open your chest.]"), "hold")
    assert [text for _, text in words if text in {"Reach up.", "Open your chest."}] == [
        "Reach up.",
        "Open your chest.",
    ]


def test_a_phase_lasts_its_words_and_two_seconds() -> None:
    rows = [
        row
        for row in inside(timeline(f"{STEPS}, for: 20s"), "work")
        if row[1] not in {"go", "count_out", "stop"}
    ]
    for (start_ms, text), (next_ms, _) in itertools.pairwise(rows[:4]):
        assert 0 <= next_ms - (start_ms + 300 + 60 * len(text) + 2000) < 48
    assert [text for _, text in rows[:4]] == ["Lift.", "Lower.", "Up", "Down"]


def test_no_repetition_is_begun_that_cannot_end() -> None:
    words = [text for _, text in inside(timeline(f"{STEPS}, for: 20s"), "work")]
    assert words.count("Up") == words.count("Down")


def test_what_is_known_of_a_pace_is_ticked() -> None:
    found = timeline(f"{STEPS}, for: 40s, sets: 3, rest: 9s")
    efforts = [row for row in found.intervals if row.kind == "work"]
    ups = [event.start_ms for event in found.events if isinstance(event, Speech) and event.text == "Up"]
    assert [sum(row.start_ms <= up < row.end_ms for up in ups) for row in efforts] == [6, 2, 2]
    tones = [event for event in found.events if isinstance(event, Tone) and event.cue == "phase"]
    last = [event for event in tones if event.start_ms > efforts[-1].start_ms]
    # The tick of a repetition is another than that of a phase, and the pace is that of the words: Up, Down.
    assert [event.tone for event in last][:4] == ["tick", "phase"] * 2
    starts = [event.start_ms for event in last]
    # Halfway and the time left take theirs.
    paces = {later - sooner for sooner, later in itertools.pairwise(starts)}
    assert sorted(paces)[:2] == [2448, 2568]
