"""What can be known before a routine is planned."""

from pathlib import Path

import pytest

from tests.generate import problems

TEXT = "title: T\nmoves:\n  curl: {{{move}}}\nsession:\n  - {{{do}}}\n"
NO_DOSE = '"curl" has no dose: expected one of for, hold, reps, breaths, such as for: 40s'
TIMED = 'the steps of "curl" have times of their own: expected no dose here'

CHECKS = {
    ("name: Curl", "do: curl"): [f"5:5: {NO_DOSE}"],
    ("name: Curl", "do: curl, reps: 3"): [],
    ("reps: 3", "do: curll"): ['5:10: unknown move "curll"; did you mean "curl"?'],
    ("reps: 3, steps: [{say: A., hold: 5s}]", "do: curl"): [f"3:10: {TIMED}"],
    ("steps: [{say: A., hold: 5s}]", "do: curl, for: 9s"): [f"5:16: {TIMED}"],
    ("steps: [A., B., C.]", "do: curl, reps: 3, tempo: 3-1"): [
        '5:32: the tempo has 2 numbers; "curl" has 3 steps: expected as many'
    ],
    ("steps: [A., B.]", "do: curl, reps: 3, tempo: 3-1-0-2"): [
        '5:32: the tempo has 4 numbers, 3 above 0; "curl" has 2 steps: expected as many'
    ],
    ("steps: [A., B.]", "do: curl, reps: 3, tempo: 3-0-2-0"): [],
    ("steps: [A., B., C., D.]", "do: curl, reps: 3, tempo: 3-0-2-0"): [],
    ("name: Curl", "do: curl, hold: 9s, tempo: 3-1"): ["5:33: a tempo needs reps or for, found hold"],
    ("setup: Take the <side> foot.", "do: curl, reps: 3"): [
        "3:26: <side> has no value here: the move has no sides: add sides: each"
    ],
    ("setup: Take the <side> foot.", "do: curl, reps: 3, sides: each"): [],
    ("setup: Go <way>.", "do: curl, reps: 3"): [
        "3:20: <way> has no value here: the move has no ways: add ways: [clockwise, anticlockwise]"
    ],
    ("setup: Do <reps>.", "do: curl, for: 9s"): ["3:20: <reps> has no value here: the dose has no reps"],
    ("setup: Stay <hold>.", "do: curl, for: 9s"): ["3:22: <hold> has no value here: the dose has no hold"],
    ("setup: Round <round>.", "do: curl, for: 9s"): [
        "3:23: <round> has no value here: it stands in no repeat"
    ],
    ("setup: Now <name> <dose> <set> <sets> <title> <duration>.", "do: curl, for: 9s"): [],
    ("setup: Then <next>.", "do: curl, for: 9s"): [
        '3:22: <next> has no value in "Then <next>.": no other move follows'
    ],
    ("steps: [{say: A., hold: 5s, when: first side}]", "do: curl"): [
        "3:18: when: first side needs a move with sides: add sides: each"
    ],
    ("for: 9s", "do: curl, every: 60s, rest: 5s"): ["5:5: every already says the rest: remove rest"],
    ("for: 9s", "do: curl, every: 60s, sides: each"): [
        "5:5: every needs sets of one interval each: expected for, hold, reps or breaths"
    ],
    ("for: 9s", "do: curl, every: 60.5s"): [
        "5:5: every is a grid of whole seconds: expected, for example, every: 60s"
    ],
    ("for: 61s", "do: curl, every: 60s"): ["5:5: a set takes 1:01, longer than every: 1:00"],
    ("for: 60s", "do: curl, every: 60s"): [],
}


@pytest.mark.parametrize(("move", "do"), CHECKS)
def test_11_a_move_and_how_it_is_done(move: str, do: str, tmp_path: Path) -> None:
    assert problems(TEXT.format(move=move, do=do), tmp_path) == CHECKS[move, do]


def test_the_easier_and_the_harder_move_are_checked_as_well(tmp_path: Path) -> None:
    text = TEXT.format(move="reps: 3, harder: {setup: Take the <side>.}", do="do: curl")
    assert problems(text, tmp_path) == [
        "3:44: <side> has no value here: the move has no sides: add sides: each"
    ]


def test_a_safety_line_stands_in_no_move(tmp_path: Path) -> None:
    text = "title: T\nsafety: Mind the <side>.\nsession: [{say: Hello.}]\n"
    assert problems(text, tmp_path) == ["2:18: <side> has no value here: it stands in no move"]


def test_a_round_has_a_number_only_in_a_repeat(tmp_path: Path) -> None:
    inside = "title: T\nsession:\n  - {repeat: 2, items: [{say: Round <round> of <rounds>.}]}\n"
    outside = "title: T\nsession:\n  - {section: A, items: [{say: Round <round>.}]}\n"
    assert problems(inside, tmp_path) == []
    assert problems(outside, tmp_path) == ["3:38: <round> has no value here: it stands in no repeat"]
