"""Fields that have nothing to do beside their dose."""

from pathlib import Path

import pytest

from tests.generate import problems

TEXT = "title: T\nmoves:\n  curl: {{name: Curl{move}}}\nsession:\n  - {{do: curl{do}}}\n"
RELEASE = "release has nothing to do here: it belongs to several holds, such as hold: 10s, reps: 5; found"
SWITCH = "switch has nothing to do here: it belongs to sides or ways, such as sides: each; found neither"
TEMPO = "tempo has nothing to do here: it belongs to reps or for, such as reps: 10; found"
BREATH = "breath has nothing to do here: it belongs to breaths or for, such as breaths: 8; found"
TIMED = "steps: [{say: A., hold: 5s}]"
BREATHED = "steps: [{say: A., breaths: 5}]"
OWN_BREATH = "steps: [{say: A., breaths: 5, breath: 2-2}]"

IDLE = {
    # On a `do`: beside the dose that it has there, its own or that of its move.
    ("", "for: 9s, release: 2s"): [f"5:25: {RELEASE} for"],
    ("", "reps: 9, release: 2s"): [f"5:25: {RELEASE} reps"],
    ("", "breaths: 9, release: 2s"): [f"5:28: {RELEASE} breaths"],
    ("", "hold: 9s, release: 2s"): [f"5:26: {RELEASE} hold"],
    ("hold: 9s", "release: 2s"): [f"5:16: {RELEASE} hold"],
    ("", "hold: 9s, reps: 2, release: 2s"): [],
    ("hold: 9s", "reps: 2, release: 2s"): [],
    ("hold: 9s, reps: 2", "release: 2s"): [],
    ("", "for: 9s, switch: 2s"): [f"5:25: {SWITCH}"],
    ("", "for: 9s, switch: 2s, sides: each"): [],
    ("sides: each", "for: 9s, switch: 2s"): [],
    ("ways: [up, down]", "for: 9s, switch: 2s"): [],
    ("", "reps: 9, breath: 3-4"): [f"5:25: {BREATH} reps"],
    ("", "hold: 9s, breath: 3-4"): [f"5:26: {BREATH} hold"],
    ("", "hold: 9s, reps: 2, breath: 3-4"): [f"5:35: {BREATH} hold beside reps"],
    ("", "breaths: 9, breath: 3-4"): [],
    ("", "hold: 9 breaths, breath: 3-4"): [],
    ("", "hold: 9 breaths, reps: 2, breath: 3-4"): [],
    ("", "for: 21s, breath: 3-4"): [],
    ("", "hold: 9s, tempo: 3s"): [f"5:26: {TEMPO} hold"],
    ("", "hold: 9 breaths, tempo: 3s"): [f"5:33: {TEMPO} hold"],
    ("", "breaths: 9, tempo: 3s"): [f"5:28: {TEMPO} breaths"],
    ("", "hold: 9s, reps: 2, tempo: 3s"): [f"5:35: {TEMPO} hold beside reps"],
    ("hold: 9s", "reps: 2, tempo: 3s"): [f"5:25: {TEMPO} hold beside reps"],
    ("", "for: 21s, tempo: 3s, breath: 3-4"): [f"5:26: {TEMPO} for with a breath"],
    (TIMED, "tempo: 3s"): [f"5:16: {TEMPO} steps with times of their own"],
    (TIMED, "release: 3s"): [f"5:16: {RELEASE} steps with times of their own"],
    (TIMED, "breath: 3-4"): [f"5:16: {BREATH} steps with times of their own"],
    (OWN_BREATH, "breath: 3-4"): [f"5:16: {BREATH} steps with times of their own"],
    (BREATHED, "breath: 3-4"): [],
    # On a move: beside a dose of its own that can have no use for it.
    ("hold: 9s, tempo: 3s", ""): [f"3:32: {TEMPO} hold"],
    ("hold: 9s, tempo: 3s", "for: 9s"): [f"3:32: {TEMPO} hold"],
    ("reps: 9, breath: 3-4", ""): [f"3:31: {BREATH} reps"],
    ("for: 9s, release: 3s", ""): [f"3:31: {RELEASE} for"],
    ("for: 9s, easier: {hold: 9s, tempo: 3s}", ""): [f"3:50: {TEMPO} hold"],
    ("breath: 3-4, " + TIMED, ""): [f"3:22: {BREATH} steps with times of their own"],
    # ... or with no use for it in the whole session.
    ("hold: 9s, release: 3s", ""): [f"3:32: {RELEASE} hold"],
    ("hold: 9s, release: 3s", "reps: 2"): [],
    ("for: 9s, switch: 3s", ""): [f"3:31: {SWITCH}"],
    ("for: 9s, switch: 3s", "sides: each"): [],
    ("tempo: 3s", "hold: 9s"): [f"3:22: {TEMPO} hold"],
    ("tempo: 3s", "reps: 9"): [],
    # What a move has a use for as it is written may rest where a `do` gives another dose.
    ("reps: 9, tempo: 3s", "hold: 9s"): [],
    ("breaths: 9, breath: 3-4", "reps: 9"): [],
    ("hold: 9s, reps: 2, release: 3s", "for: 9s"): [],
    ("reps: 9, harder: {hold: 9s, reps: 2}, release: 3s", ""): [],
    ("reps: 9, harder: {hold: 9s, reps: 2, release: 3s}", ""): [],
    # What could not be read is told once.
    ("", "hold: 9, reps: 2, release: 3s"): [
        (
            "5:22: expected a duration such as 30s, 1m30s or 1:30, found the bare number 9: "
            "write 9s, or 9m for minutes"
        )
    ],
}


@pytest.mark.parametrize(("move", "do"), IDLE)
def test_a_field_without_a_use_is_an_error_where_it_stands(move: str, do: str, tmp_path: Path) -> None:
    text = TEXT.format(move=f", {move}" if move else "", do=f", {do}" if do else "")
    assert problems(text, tmp_path) == IDLE[move, do]


def test_a_use_anywhere_in_the_session_is_enough(tmp_path: Path) -> None:
    text = TEXT.format(move=", tempo: 3s", do=", hold: 9s")
    assert problems(text + "  - {do: curl, reps: 3}\n", tmp_path) == []


def test_defaults_are_for_many_moves(tmp_path: Path) -> None:
    fields = "{release: 2s, switch: 2s, tempo: 3s, breath: 3-4}"
    head = f"title: T\nbreath: 4-6\ndefaults: {fields}\nmoves: {{curl: {{name: Curl, for: 9s}}}}\n"
    block = f"session:\n  - {{section: A, breath: 4-6, defaults: {fields}, items: [do: curl]}}\n"
    assert problems(head + block, tmp_path) == []


def test_a_move_in_as_many_rounds_as_one_can_has_its_own_ways(tmp_path: Path) -> None:
    text = TEXT.format(move=", for: 9s, switch: 3s", do="").replace(
        "{do: curl}", "{for: 3m, items: [do: curl]}"
    )
    assert problems(text, tmp_path) == []


LIBRARY = {
    # Other routines may have a use for it ...
    "hold: 9s, release: 3s, switch: 9s": [],
    "tempo: 3s": [],
    # ... and for this none can.
    "hold: 9s, tempo: 3s": [f"2:32: {TEMPO} hold"],
    f"release: 3s, {TIMED}": [f"2:22: {RELEASE} steps with times of their own"],
}


@pytest.mark.parametrize("move", LIBRARY)
def test_a_move_of_a_library_is_for_other_routines_as_well(move: str, tmp_path: Path) -> None:
    (tmp_path / "moves.yaml").write_text(f"moves:\n  curl: {{name: Curl, {move}}}\n")
    dose = "" if TIMED in move else ", hold: 9s"
    text = f"title: T\ninclude: [moves.yaml]\nsession:\n  - {{do: curl{dose}}}\n"
    found = [problem.removeprefix(f"{tmp_path}/moves.yaml:") for problem in problems(text, tmp_path)]
    assert found == LIBRARY[move]


NOTED = {
    "for: 9s, sides: left, switch: 3s": ["there is one side or way"],
    "for: 9s, ways: [up], switch: 3s": ["there is one side or way"],
    "reps: 4, sides: alternate, switch: 3s": ["the side changes with every repetition"],
    "hold: 9s, sets: 2, rest: 9s, sides: alternate, switch: 3s": [
        "the side changes in the rest between sets"
    ],
    "hold: 9s, sets: 2, sides: alternate, switch: 3s": [],
    "hold: 9s, ways: [up, down], switch: 3s": [],
}


@pytest.mark.parametrize("do", NOTED)
def test_a_switch_where_no_side_is_changed_by_it_is_noted(do: str, tmp_path: Path) -> None:
    column = 15 + do.index("switch") + 1
    message = f"5:{column}: note: switch has nothing to do here: "
    assert problems(TEXT.format(move="", do=f", {do}"), tmp_path) == [message + why for why in NOTED[do]]


def test_a_rest_between_rounds_of_which_there_are_none_is_noted(tmp_path: Path) -> None:
    text = TEXT.format(move=", for: 9s", do="").replace(
        "{do: curl}", "{section: A, rest: 9s, items: [do: curl]}"
    )
    assert problems(text, tmp_path) == [
        (
            "5:18: note: rest has nothing to do here: it lies between rounds, such as repeat: 3; "
            "for every move in it write defaults: {rest: …}"
        )
    ]
