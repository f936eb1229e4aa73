"""What comes next, said where no gap follows, and what a gap before had no room to say."""

from itertools import pairwise

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Timeline, Tone
from tests.generate import constant, planned


def sets(fields: str) -> Timeline:
    text = f"title: T\nmoves: {{bend: {{name: Bend, {fields}}}}}\nsession: [do: bend]\n"
    return schedule(planned(text), constant)


def told(found: Timeline, *words: str) -> list[tuple[str, int]]:
    """Which of the words are said, and in which of the efforts: 1, 2, …"""
    efforts = [row for row in found.intervals if row.kind in {"work", "hold", "reps"}]
    return [
        (event.text, sum(row.start_ms <= event.start_ms for row in efforts))
        for event in found.events
        if isinstance(event, Speech) and event.text.startswith(words)
    ]


def test_a_set_that_its_rest_is_too_short_to_tell_is_told_as_it_begins() -> None:
    found = sets("hold: 10s, sets: 5, rest: 3s")
    assert told(found, "Set", "Last set") == [
        ("Set 2 of 5.", 2),
        ("Set 3 of 5.", 3),
        ("Set 4 of 5.", 4),
        ("Last set.", 5),
    ]
    assert found.notes == ()


def test_a_set_that_no_gap_and_no_hold_has_room_for_is_noted() -> None:
    found = sets("hold: 1s, sets: 3, rest: 3s")
    assert told(found, "Set", "Last set") == []
    assert [note.message for note in found.notes] == [
        'left out 2 times, first at 0:16, for want of silence: "Set 2 of 3.", "Last set."'
    ]


def test_no_set_is_told_between_the_last_two_repetitions() -> None:
    found = sets("reps: 6, tempo: 4s, sets: 2, rest: 0s")
    (said,) = [event for event in found.events if isinstance(event, Speech) and "last set" in event.text]
    first = next(row for row in found.intervals if row.kind == "reps")
    assert said.text == "Then the last set."
    assert not first.end_ms - 8000 <= said.start_ms < first.end_ms - 4000


def test_a_round_that_its_rest_is_too_short_to_tell_is_told_as_it_begins() -> None:
    items = "session: [{repeat: 3, rest: 5s, items: [{do: arms, for: 20s}]}]"
    found = schedule(planned(f"title: T\nmoves: {{arms: {{name: Arm circles}}}}\n{items}\n"), constant)
    assert told(found, "Round", "Last round") == [("Round 2 of 3.", 2), ("Last round.", 3)]


def test_a_round_that_is_told_while_the_one_before_it_runs_is_told_as_what_comes() -> None:
    items = "session: [{repeat: 3, items: [{do: arms, for: 40s, rest: 0s}]}]"
    found = schedule(planned(f"title: T\nmoves: {{arms: {{name: Arm circles}}}}\n{items}\n"), constant)
    assert [text for text, _ in told(found, "Then", "Round", "Last round")] == [
        "Then round 2 of 3.",
        "Then the last round.",
    ]


def test_no_round_is_told_between_the_last_two_repetitions() -> None:
    items = "session: [{repeat: 2, items: [{do: bend, reps: 4, tempo: 7s, rest: 0s}]}]"
    found = schedule(planned(f"title: T\nmoves: {{bend: {{name: Bend}}}}\n{items}\n"), constant)
    first = next(row for row in found.intervals if row.kind == "reps")
    said = [
        event.start_ms
        for event in found.events
        if isinstance(event, Speech) and "last round" in event.text.lower()
    ]
    assert said
    assert not any(first.end_ms - 14_000 <= start_ms < first.end_ms - 7000 for start_ms in said)


FLOW = """\
title: T
moves:
  flow:
    name: Flow
    ready: 0s
    steps:
      - {say: Reach up., breaths: 1}
      - {say: Fold., breaths: 1}
      - {say: Step back to a downward dog., breaths: 2}
session:
  - {do: flow}
"""


def test_a_flow_has_no_gaps_and_names_each_step_on_the_last_breath_out() -> None:
    found = schedule(planned(FLOW), constant)
    rows = [row for row in found.intervals if row.kind == "breaths"]
    assert [later.start_ms - row.end_ms for row, later in pairwise(rows)] == [0, 0]
    for row, words in zip(rows, ("Fold.", "Step back to a downward dog."), strict=False):
        (said,) = [event for event in found.events if isinstance(event, Speech) and event.text == words]
        assert row.end_ms - 4000 <= said.start_ms < said.end_ms <= row.end_ms
    # Breaths lead: nothing is counted between them, but for the first.
    ticks = [event.start_ms for event in found.events if event.cue == "count" and isinstance(event, Tone)]
    assert max(ticks) < rows[0].start_ms


@pytest.mark.parametrize(
    ("old", "new", "gaps"),
    [
        ("    ready: 0s\n", "", 2),
        ("Fold., breaths: 1}", "Fold., pause: 6s}", 2),
        # Two seconds of count leave too little of the breath for the last words.
        ("do: flow", "do: flow, count_in: 2s", 1),
    ],
)
def test_what_asks_for_a_gap_or_a_count_in_a_flow_gets_it(old: str, new: str, gaps: int) -> None:
    found = schedule(planned(FLOW.replace(old, new)), constant)
    rows = [row for row in found.intervals if row.kind in {"breaths", "pause"}]
    assert sum(later.start_ms > row.end_ms for row, later in pairwise(rows)) == gaps
