"""Where in the session one is: the move, the last one, half of it; what is told in rounds."""

import pytest

from audiocoach.coaching.places import Place, find_places
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Timeline
from tests.generate import constant, planned

MOVES = """\
title: T
moves:
  squat: {name: Squat, for: 40s}
  plank: {name: Plank, hold: 40s}
  bend: {name: Bend, for: 40s}
"""
KINDS = {"move", "half", "round", "section"}


def timeline(session: str, head: str = "") -> Timeline:
    return schedule(planned(f"{head}{MOVES}session: [{session}]\n"), constant)


def told(session: str, head: str = "") -> list[str]:
    words = [event for event in timeline(session, head).events if isinstance(event, Speech)]
    return [word.text for word in words if word.cue in KINDS]


THREE = "{do: squat}, {do: plank}, {do: bend}"
SESSIONS = {
    ("", THREE): ["There are 3 moves.", "Move 2 of 3.", "Last move."],
    ("announce: {move: false}\n", THREE): [],
    ("cues: brief\n", THREE): [],
    ("cues: brief\nannounce: {move: true}\n", THREE): [
        *("There are 3 moves.", "Move 2 of 3.", "Last move."),
    ],
    ("", "{do: squat}, {do: plank}"): [],
    ("announce: {move: true}\n", "{do: squat}, {do: plank}"): ["There are 2 moves.", "Last move."],
    ("defaults: {ready: 0s}\n", THREE): [],
    # Rounds are counted: a move has its number in the first alone, and the last one is the last of all.
    ("", f"{{repeat: 2, items: [{THREE}]}}"): [
        *("There are 2 rounds.", "There are 3 moves.", "Move 2 of 3.", "Move 3 of 3."),
        *("Last round.", "Last move."),
    ],
    ("", "{do: bend}, {repeat: 4, items: [{do: squat}]}, {do: bend}"): [
        *(
            "There are 3 moves.",
            "There are 4 rounds.",
            "Move 2 of 3.",
            "Round 2 of 4.",
            "Two rounds to go.",
            "Last round.",
        ),
        *("Half of the session is done.", "Last move."),
    ],
    ("announce: {set: false, move: false}\n", "{repeat: 4, items: [{do: squat}]}"): [],
    # As many rounds as one can, and a grid, are one among the moves, and have no number.
    ("", f"{THREE}, {{for: 60s, items: [{{do: squat}}]}}"): [
        "There are 4 moves.",
        "Move 2 of 4.",
        "Move 3 of 4.",
    ],
    ("", "{do: squat}, {every: 60s, items: [{do: plank}, {do: bend}]}, {do: bend}"): [
        *("There are 3 moves.", "Last move."),
    ],
}


@pytest.mark.parametrize("row", SESSIONS)
def test_moves_and_rounds_are_told_where_they_begin(row: tuple[str, str]) -> None:
    head, session = row
    assert [text for text in told(session, head) if "half" not in text.lower()] == [
        text for text in SESSIONS[row] if "half" not in text.lower()
    ]


def test_a_move_in_two_places_is_two_moves() -> None:
    plan = planned(f"{MOVES}session: [{{do: squat}}, {{do: squat}}, {{do: bend}}]\n")
    assert find_places(plan.steps) == {
        1: Place(1, 3, is_last=False),
        2: Place(2, 3, is_last=False),
        3: Place(3, 3, is_last=True),
    }


LONG = "{do: squat, sets: 9, rest: 20s}"


@pytest.mark.parametrize("opening", ["", "{say: Hello.}, "])
def test_half_of_it_is_told_in_the_first_rest_after_it(opening: str) -> None:
    found = timeline(f"{opening}{LONG}")
    (half,) = [event for event in found.events if isinstance(event, Speech) and event.cue == "half"]
    assert 0.5 <= half.start_ms / found.duration_ms <= 0.55
    rests = [one for one in found.intervals if one.kind == "rest"]
    after = next(one for one in rests if 2 * one.start_ms >= found.duration_ms)
    assert after.start_ms < half.start_ms < after.start_ms + after.duration_ms


UNTOLD = ["{do: squat, sets: 3, rest: 30s}", "{do: squat, for: 2m}, {do: plank, hold: 9m}, {do: bend}"]


@pytest.mark.parametrize("session", UNTOLD)
def test_half_of_it_is_not_told_in_a_short_session_or_where_it_would_not_be_true(session: str) -> None:
    assert "Half of the session is done." not in told(session)


def test_half_of_it_that_lies_in_a_long_exercise_is_told_in_the_gap_after_that() -> None:
    found = timeline("{do: squat, for: 1m}, {do: plank, for: 8m}, {do: bend, for: 2m}")
    (half,) = [event for event in found.events if isinstance(event, Speech) and event.cue == "half"]
    assert half.text == "More than half of the session is done."
    long = next(row for row in found.intervals if row.duration_ms == 480_000)
    assert 0 < half.start_ms - long.end_ms < 2000
