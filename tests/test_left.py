"""How many are left, which hold of how many, and the set where the rest before it is too short to tell it."""

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned


def told(fields: str, head: str = "") -> list[tuple[str, str]]:
    """What is said of a move with these fields, each with its cue."""
    found = schedule(
        planned(f"{head}title: T\nmoves: {{bend: {{name: Bend, {fields}}}}}\nsession: [do: bend]\n"), constant
    )
    return [(event.cue, event.text) for event in found.events if isinstance(event, Speech)]


LEFT = {
    "reps: 5": [],
    "reps: 6": ["Three more."],
    "reps: 8, sides: alternate": ["Three more."],
    # No silence lies between so quick ones, and each has its number.
    "reps: 8, tempo: 1s": [],
    "breaths: 7": [],
    "breaths: 8": ["Four more breaths."],
    "breaths: 11": ["Five breaths left."],
    "for: 65s, breath: 3-4": ["Four more breaths."],
    "for: 60s": [],
    "hold: 5s, reps: 8": [],
    "reps: 8, count: down": [],
    "reps: 8, count: none": [],
}


@pytest.mark.parametrize("fields", LEFT)
def test_what_is_left_is_told_where_there_are_many(fields: str) -> None:
    assert [text for cue, text in told(fields) if cue == "left"] == LEFT[fields]


@pytest.mark.parametrize(
    "head", ["announce: {count: false}\n", "cues: brief\n", "phrases: {reps_left: ''}\n"]
)
def test_what_is_left_may_be_silenced(head: str) -> None:
    assert [text for cue, text in told("reps: 8", head) if cue == "left"] == []


def test_three_more_is_said_between_the_fifth_and_the_sixth_of_eight() -> None:
    words = [text for cue, text in told("reps: 8") if cue in {"left", "count", "last"}]
    assert words == ["1.", "2.", "3.", "4.", "5.", "Three more.", "6.", "7.", "Last one."]


HOLDS = {
    "hold: 10s, reps: 3": ["Hold 1 of 3.", "Hold 2 of 3.", "Last one."],
    "hold: 10s, reps: 4, sides: alternate": [
        *("Hold 1 of 4, left.", "Hold 2 of 4, right.", "Hold 3 of 4, left.", "Last one, right."),
    ],
}


@pytest.mark.parametrize("fields", HOLDS)
def test_a_hold_tells_which_of_how_many_it_is(fields: str) -> None:
    assert [text for cue, text in told(fields) if cue in {"count", "last"}] == HOLDS[fields]


def test_without_a_count_the_sides_and_the_last_are_told_all_the_same() -> None:
    head = "announce: {count: false}\n"
    words = [text for cue, text in told("reps: 4, sides: alternate", head) if cue in {"count", "last"}]
    assert words == ["Left.", "Right.", "Left.", "Right.", "Last one."]


CUT = {
    "hold: 10s, sets: 5, rest: 3s": ["Set 2 of 5.", "Set 3 of 5.", "Set 4 of 5.", "Last set."],
    "hold: 5s, sets: 3, rest: 0s": ["Then set 2 of 3.", "Last set."],
    "hold: 5s, reps: 2, sets: 2, rest: 3s": ["Last set."],
    "reps: 4, sets: 3, rest: 3s": ["Set 2 of 3.", "Last set."],
    "breaths: 3, sets: 3, rest: 2s": ["Set 2 of 3.", "Last set."],
    "for: 10s, sets: 3, rest: 3s": ["Set 2 of 3.", "Last set."],
}


@pytest.mark.parametrize("fields", CUT)
def test_a_dose_that_is_cut_into_sets_tells_each_of_them(fields: str) -> None:
    assert [text for _, text in told(fields) if "set" in text.lower() and "sets" not in text] == CUT[fields]
