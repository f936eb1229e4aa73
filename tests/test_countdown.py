"""A count by ticks, aloud, or both: each sound begins exactly on its second; what has no room is ticked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import HEAD, Speed, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

MOVES = "moves: {squat: {name: Squat}, lunge: {name: Lunge}, curl: {steps: [Curl up., Lower.]}}\n"
QUICK, SLOW = Speed(400, 400, 0), Speed(1000, 1000, 0)


def heard(field: str, speed: Speed = QUICK, session: str = "[{do: squat, for: 20s}]") -> Timeline:
    top = f"count_in: {field}\n" if field else ""
    return schedule(planned(f"title: T\n{top}{MOVES}session: {session}\n"), speed)


def counted(
    timeline: Timeline, kind: str = "work", edge: str = "start", number: int = 0
) -> list[tuple[int, str]]:
    """What is counted to the start or the end of an exercise, each with its time before that, in seconds."""
    row = [row for row in timeline.intervals if row.kind == kind][number]
    to_ms = row.start_ms if edge == "start" else row.end_ms
    sounds = [
        (event.start_ms - to_ms, event.text if isinstance(event, Speech) else "tick")
        for event in timeline.events
        if event.cue in {"count_in", "count"} and -11_000 < event.start_ms - to_ms < 0
    ]
    return [(time_ms // 1000, text) for time_ms, text in sounds if time_ms % 1000 == 0]


TICKS = [(-3, "tick"), (-2, "tick"), (-1, "tick")]
NUMBERS = [(-3, "3."), (-2, "2."), (-1, "1.")]
COUNTS = {
    "": TICKS,
    "ticks": TICKS,
    "voice": NUMBERS,
    "both": [(-3, "tick"), (-3, "3."), (-2, "tick"), (-2, "2."), (-1, "tick"), (-1, "1.")],
    "voice 5s": [(-5, "5."), (-4, "4."), *NUMBERS],
    "1s": [(-1, "tick")],
    "0s": [],
    "none": [],
    "10s voice": [(-second, f"{second}.") for second in range(10, 0, -1)],
}


@pytest.mark.parametrize("field", COUNTS)
def test_a_start_is_counted_to_on_the_seconds(field: str) -> None:
    assert counted(heard(field)) == COUNTS[field]


ENDS = {"": TICKS, "voice 10s": NUMBERS, "both 2s": COUNTS["both"][2:], "0s": []}


@pytest.mark.parametrize("field", ENDS)
def test_the_end_of_a_long_exercise_is_counted_to_likewise_for_three_seconds_at_most(field: str) -> None:
    assert counted(heard(field), edge="end") == ENDS[field]


def test_a_number_longer_than_its_second_is_ticked_and_noted() -> None:
    timeline = heard("voice", SLOW)
    assert counted(timeline) == TICKS
    assert "ticked 6 times" in " ".join(note.message for note in timeline.notes)
    assert 'the number has no room in its second: "3.", "2.", "1."' in timeline.notes[0].message


def test_where_no_tones_are_wanted_the_voice_counts_and_says_go_as_it_begins() -> None:
    timeline = heard("voice", session="[{do: squat, for: 20s, tones: none}]")
    assert counted(timeline) == NUMBERS
    work = next(row for row in timeline.intervals if row.kind == "work")
    assert [one.start_ms - work.start_ms for one in timeline.events if one.cue == "go"] == [0]


def test_go_follows_its_tone_where_nothing_else_begins_there() -> None:
    timeline = heard("both", session="[{do: squat, for: 20s}, {do: curl, reps: 3}]")
    starts = {row.kind: row.start_ms for row in timeline.intervals}
    said = [event.start_ms for event in timeline.events if isinstance(event, Speech) and event.cue == "go"]
    assert said == [starts["work"] + 360 + 168]


def test_where_the_numbers_and_go_are_silenced_ticks_are_left() -> None:
    timeline = heard('voice\nphrases: {count_in: "", go: ""}')
    assert counted(timeline) == TICKS
    assert all(event.text for event in timeline.events if isinstance(event, Speech))
    assert not timeline.notes


def test_what_stands_closer_counts_and_what_it_does_not_say_stays() -> None:
    session = "[{do: squat, for: 20s, count_in: 2s}, {do: squat, for: 20s, count_in: ticks}]"
    timeline = heard("voice 5s", session=session)
    assert counted(timeline) == [(-2, "2."), (-1, "1.")]
    assert [row for row in counted(timeline, number=1) if row[0] >= -5] == [
        (-5, "tick"),
        (-4, "tick"),
        *TICKS,
    ]


def test_a_gap_leaves_room_for_its_count_and_none_is_said_in_it() -> None:
    session = "[{do: squat, for: 20s, rest: 20s}, {do: lunge, for: 20s}]"
    timeline = heard("voice 10s", session=session)
    rest = next(row for row in timeline.intervals if row.kind == "rest")
    spoken = [event for event in timeline.events if isinstance(event, Speech) and event.cue != "count_in"]
    assert not [one for one in spoken if rest.end_ms - 10_000 - 168 < one.end_ms <= rest.end_ms]


def test_a_count_reaches_back_into_an_exercise_where_the_gap_is_shorter() -> None:
    timeline = heard("voice 5s", session="[{do: squat, hold: 8s, reps: 2, release: 2s}]")
    # On the second in which the first hold ends, its tone sounds.
    assert counted(timeline, "hold", number=1) == [(-5, "5."), (-4, "4."), (-3, "3."), (-1, "1.")]


WRONG = {
    "5": ": write 5s",
    "voice 5": ": write voice 5s",
    "11s": "",
    "2.5s": "",
    "voice both": "",
    "aloud": "",
    "voice 5s 3s": "",
}


@pytest.mark.parametrize("value", WRONG)
def test_a_count_that_cannot_be_is_told(value: str, tmp_path: Path) -> None:
    expected = "expected ticks, voice or both, and how long, from 0s to 10s, such as both, 5s or voice 5s"
    found = problems(f"{HEAD}  - {{do: plank, count_in: {value}}}\n", tmp_path)
    assert found == [f'5:27: {expected}, found "{value}"{WRONG[value]}']


COUNTS_IN = st.builds(
    lambda by, length_s: f"{by} {length_s}s", st.sampled_from(("voice", "both")), st.integers(1, 10)
)
LENGTHS = st.one_of(
    st.integers(1, 20).map(lambda s: f"{s}s"), st.integers(1000, 20_000).map(lambda ms: f"{ms / 1000:g}s")
)


@given(
    COUNTS_IN, LENGTHS, st.integers(0, 12), st.sampled_from(("none", "soft", "full")), st.integers(200, 1000)
)
def test_no_two_counts_are_spoken_over_one_another(
    field: str, length: str, rest_s: int, tones: str, speech_ms: int
) -> None:
    session = f"[{{do: squat, for: {length}, sets: 2, rest: {rest_s}s, tones: {tones}}}]"
    numbers = [
        event
        for event in heard(field, Speed(speech_ms, speech_ms, 0), session).events
        if isinstance(event, Speech) and event.cue == "count_in"
    ]
    for before, after in pairwise(numbers):
        assert after.start_ms - before.end_ms >= 168


def test_the_end_that_is_counted_to_is_heard_and_the_count_of_the_next_is_ticked() -> None:
    session = "[{do: squat, for: 15.5s, sets: 2, rest: 3s}]"
    timeline = heard("voice 5s", QUICK, session)
    assert counted(timeline, edge="end") == NUMBERS
    assert [text for _, text in counted(timeline, number=1)][-3:] == ["tick", "2.", "1."]
