"""Praise, budgeted, and what a move is good for, told once: both in rests alone, and both give way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.routine import wordings
from tests.generate import constant, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

PRAISE = wordings.load("en")["praise"]


def heard(session: str, top: str = "", why: str = "") -> Timeline:
    own = f", why: {why}" if why else ""
    moves = f"moves: {{squat: {{name: Squat{own}}}, lunge: {{name: Lunge}}, plank: {{name: Plank}}}}\n"
    return schedule(planned(f"title: T\n{top}{moves}session:\n{session}"), constant)


def said(timeline: Timeline, cue: str) -> list[tuple[str, str]]:
    """What is said of a kind, each with the interval in which it is."""
    spoken = [event for event in timeline.events if isinstance(event, Speech) and event.cue == cue]
    return [
        (row.kind, event.text)
        for event in spoken
        for row in timeline.intervals
        if row.start_ms <= event.start_ms < row.end_ms
    ]


def test_a_move_is_praised_once_in_the_rest_before_its_last_set() -> None:
    timeline = heard("  - {do: squat, hold: 30s, sets: 4, rest: 20s}\n  - {do: squat, hold: 30s}\n")
    assert said(timeline, "praise") == [("rest", PRAISE[0])]
    praised = next(event for event in timeline.events if event.cue == "praise")
    rests = [row for row in timeline.intervals if row.kind == "rest"]
    assert rests[2].start_ms < praised.start_ms < rests[2].end_ms


def test_wordings_take_turns_and_moves_of_one_set_are_praised_now_and_then() -> None:
    rows = "".join(
        f"  - {{do: {key}, for: 30s, sets: {sets}, rest: 20s}}\n"
        for key, sets in (("squat", 2), ("lunge", 1), ("plank", 1), ("lunge", 1), ("squat", 1))
    )
    assert said(heard(rows), "praise") == [("rest", PRAISE[0]), ("rest", PRAISE[1])]


QUIET = {
    "a neutral tone": ("tone: neutral\n", "for: 30s, sets: 2, rest: 20s"),
    "brief cues": ("cues: brief\n", "for: 30s, sets: 2, rest: 20s"),
    "a short rest": ("", "for: 30s, sets: 2, rest: 12s"),
    "no rest": ("", "hold: 30s, reps: 4, release: 20s"),
}


@pytest.mark.parametrize("case", QUIET)
def test_there_is_no_praise(case: str) -> None:
    top, dose = QUIET[case]
    assert said(heard(f"  - {{do: squat, {dose}}}\n", top), "praise") == []


def test_praise_gives_way_without_a_note() -> None:
    long = "And now look at the ceiling and let your shoulders hang as they like. " * 3
    timeline = heard(
        f"  - {{do: squat, for: 30s, rest: 20s, sets: 2}}\n  - say: {long}\n  - {{do: lunge, for: 9s}}\n"
    )
    assert said(timeline, "praise") == [("rest", PRAISE[0])]
    crowded = heard(f"  - {{do: squat, for: 30s, rest: 15s}}\n  - say: {long}\n  - {{do: lunge, for: 9s}}\n")
    assert said(crowded, "praise") == []
    assert not [note for note in crowded.notes if any(word in note.message for word in PRAISE)]


WHY = "It wakes up your glutes."


def test_a_reason_is_told_once_in_a_long_rest_between_the_sets_of_its_move() -> None:
    session = "  - {do: squat, for: 30s, sets: 3, rest: 25s}\n  - {do: squat, for: 30s, sets: 2, rest: 25s}\n"
    timeline = heard(session, why=WHY)
    assert said(timeline, "why") == [("rest", WHY)]
    assert not timeline.notes


def test_a_reason_has_no_place_in_a_short_rest_and_is_no_loss_there() -> None:
    timeline = heard("  - {do: squat, for: 30s, sets: 3, rest: 19s}\n  - {do: lunge, for: 30s}\n", why=WHY)
    assert said(timeline, "why") == []
    assert not timeline.notes


def test_a_reason_that_found_no_silence_in_a_long_rest_is_noted_once() -> None:
    long = "It wakes up your glutes and keeps your lower back from doing their work day and night. " * 5
    timeline = heard("  - {do: squat, for: 30s, sets: 3, rest: 20s}\n  - {do: lunge, for: 30s}\n", why=long)
    assert said(timeline, "why") == []
    found = [note.message for note in timeline.notes]
    assert found == [f'this reason found no silence to be said in: "{long.strip()}"']


def test_a_tone_is_warm_or_neutral(tmp_path: Path) -> None:
    text = "title: T\ntone: cheering\nsession: [say: Hello.]\n"
    assert problems(text, tmp_path) == ['2:7: expected one of warm, neutral, found "cheering"']
