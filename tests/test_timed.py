"""Words at times of an exercise: there to the millisecond, before reminders, calls and beats; or a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline

HEAD = "title: T\nmoves:\n  squat: {name: Squat, reminders: [Breathe out as you rise., Heels stay down.]}\n"


def heard(session: str, moves: str = "") -> Timeline:
    return schedule(planned(f"{HEAD}{moves}session:\n{session}"), constant)


def within(timeline: Timeline, number: int = 0) -> list[tuple[int, str]]:
    """What is said in an exercise, each with its time from the start of that."""
    efforts = [
        row for row in timeline.intervals if row.move and row.kind in {"work", "hold", "reps", "breaths"}
    ]
    row = efforts[number]
    spoken = [event for event in timeline.events if isinstance(event, Speech)]
    return [
        (event.start_ms - row.start_ms, event.text)
        for event in spoken
        if row.start_ms < event.start_ms < row.end_ms
    ]


def notes(timeline: Timeline) -> list[str]:
    return [note.message for note in timeline.notes]


def test_words_are_said_at_their_times_to_the_millisecond() -> None:
    timeline = heard(
        "  - {do: squat, for: 60s, at: [{at: 20s, say: Look ahead.}, {at: -12.345s, say: Nearly there.}]}\n"
    )
    assert {(20_000, "Look ahead."), (47_655, "Nearly there.")} <= set(within(timeline))
    assert not [note for note in notes(timeline) if "late" in note or "early" in note]


def test_a_call_a_reminder_and_a_number_give_way() -> None:
    timeline = heard(
        "  - do: squat\n    for: 60s\n"
        "    at: [{at: 30s, say: Look ahead of you as you go.}, {at: -10s, say: One more.}]\n"
        "  - {do: squat, reps: 10, at: [{at: 8s, say: Slower.}]}\n"
    )
    assert {(30_000, "Look ahead of you as you go."), (50_000, "One more.")} <= set(within(timeline))
    assert (8000, "Slower.") in within(timeline, 1)
    assert (8000, "3.") not in within(timeline, 1)
    assert {(0, "1."), (12_000, "4.")} & set(within(timeline, 1))


def test_words_are_said_in_every_set_on_every_side() -> None:
    timeline = heard(
        "  - {do: squat, hold: 30s, sets: 2, sides: each, rest: 30s, at: [{at: 15s, say: More <side>.}]}\n"
    )
    found = [said for number in range(4) for said in within(timeline, number) if said[0] == 15_000]
    assert found == [(15_000, f"More {side}.") for side in ("left", "right", "left", "right")]


def test_words_have_the_side_of_their_repetition() -> None:
    timeline = heard("  - {do: squat, reps: 4, sides: alternate, at: [{at: 6s, say: So on the <side>.}]}\n")
    assert (6000, "So on the right.") in within(timeline)


def test_as_many_rounds_as_one_can_and_guided_steps_have_words_at_times() -> None:
    moves = "  reach: {steps: [{say: Reach up., hold: 20s, at: [{at: 9s, say: A little higher.}]}]}\n"
    timeline = heard(
        "  - {for: 3m, at: [{at: -100s, say: Find your pace.}], items: [{do: squat, reps: 5}]}\n"
        "  - do: reach\n",
        moves,
    )
    assert (80_000, "Find your pace.") in within(timeline)
    assert (9000, "A little higher.") in within(timeline, 1)


def test_what_a_tone_a_count_or_earlier_words_keep_from_its_time_is_noted() -> None:
    timeline = heard(
        "  - do: squat\n    for: 40s\n    at:\n"
        "      - {at: 0.1s, say: Down.}\n"
        "      - {at: 20s, say: Look ahead.}\n"
        "      - {at: 20.5s, say: And breathe.}\n"
        "      - {at: -1s, say: Last.}\n"
    )
    assert notes(timeline) == [
        'said 0.4 s late at 0:11, what sounds at its time keeps its place: "Down."',
        'said 0.6 s late at 0:32, what sounds at its time keeps its place: "And breathe."',
        'said 2.8 s early at 0:47, what sounds at its time keeps its place: "Last."',
    ]


def test_words_longer_than_the_exercise_are_noted_as_left_out() -> None:
    timeline = heard(f"  - {{do: squat, for: 10s, at: [{{at: 2s, say: {'Look ahead. ' * 30}}}]}}\n")
    assert any(note.startswith("left out at") for note in notes(timeline))
