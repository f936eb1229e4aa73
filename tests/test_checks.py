"""What can be known before a routine is planned."""

import difflib
from pathlib import Path
from typing import Any

import pytest

from audiocoach.routine.diagnostics import MAX_COMPARED
from tests.generate import problems

TEXT = "title: T\nmoves:\n  curl: {{{move}}}\nsession:\n  - {{{do}}}\n"
NO_DOSE = '"curl" has no dose: expected one of for, hold, reps, breaths, such as for: 40s'
TIMED = 'the steps of "curl" have times of their own: expected no dose here'

NO_REST = "a set takes all of every: 1:00, and leaves no rest: write a longer every if a rest is meant"

CHECKS = {
    ("name: Curl", "do: curl"): [f"5:5: {NO_DOSE}"],
    ("name: Curl", "do: curl, reps: 3"): [],
    ("reps: 3", "do: curll"): ['5:10: unknown move "curll"; did you mean "curl"?'],
    ("reps: 3, steps: [{say: A., hold: 5s}]", "do: curl"): [f"3:10: {TIMED}"],
    ("steps: [{say: A., hold: 5s}]", "do: curl, for: 9s"): [f"5:16: {TIMED}"],
    ("steps: [A., B., C.]", "do: curl, reps: 3, tempo: 3-1"): [
        '5:32: expected one number for each step, such as 3-1-2: the tempo has 2 numbers, "curl" has 3 steps'
    ],
    ("steps: [A., B.]", "do: curl, reps: 3, tempo: 3-1-0-2"): [
        (
            "5:32: expected one number for each step, such as 3-1: "
            'the tempo has 4 numbers (3 above 0), "curl" has 2 steps'
        )
    ],
    ("steps: [A., B.]", "do: curl, reps: 3, tempo: 3-0-2-0"): [],
    ("steps: [A., B., C., D.]", "do: curl, reps: 3, tempo: 3-0-2-0"): [],
    ("name: Curl", "do: curl, hold: 9s, tempo: 3-1"): [
        "5:26: tempo has nothing to do here: it belongs to reps or for, such as reps: 10; found hold"
    ],
    ("setup: Take the <side> foot.", "do: curl, reps: 3"): [
        "3:26: <side> has no value here: the move has no sides: add sides: each"
    ],
    ("setup: Take the <side> foot.", "do: curl, reps: 3, sides: each"): [],
    ("setup: Go <way>.", "do: curl, reps: 3"): [
        "3:20: <way> has no value here: the move has no ways: add ways: [clockwise, anticlockwise]"
    ],
    ("setup: Do <reps>.", "do: curl, for: 9s"): ["3:20: <reps> has no value here: the dose has no reps"],
    ("steps: [A.]", "do: curl, reps: 3, tempo: 3-1"): [
        '5:32: expected one number for each step, such as 4s: the tempo has 2 numbers, "curl" has 1 step'
    ],
    ("setup: Stay <hold>.", "do: curl, hold: 4 breaths"): [],
    ("setup: Do <dose>., steps: [{say: A., hold: 5s}]", "do: curl"): [
        "3:20: <dose> has no value here: the steps of the move have times of their own"
    ],
    ("for: 9s, easier: {say: The <side>.}", "do: curl"): [
        "3:37: <side> has no value here: the move has no sides: add sides: each"
    ],
    ("setup: Stay <hold>.", "do: curl, for: 9s"): ["3:22: <hold> has no value here: the dose has no hold"],
    ("setup: Round <round>.", "do: curl, for: 9s"): [
        "3:23: <round> has no value here: it stands in no repeat"
    ],
    ("setup: Now <name> <dose> <set> <sets> <title> <duration>.", "do: curl, for: 9s"): [],
    ("setup: Then <next>.", "do: curl, for: 9s"): [
        '3:22: <next> has no value in "Then <next>.": no other move follows'
    ],
    ("steps: [{say: A., hold: 5s, when: first side}]", "do: curl"): [
        "3:44: when: first side needs a move with sides: add sides: each"
    ],
    ("for: 9s", "do: curl, every: 60s, rest: 5s"): ["5:28: every already says the rest: remove rest"],
    ("for: 9s", "do: curl, every: 60s, sides: each"): [
        "5:35: every starts one exercise at a time: expected sides: alternate, left or right"
    ],
    ("for: 9s, sides: [right, left]", "do: curl, every: 60s"): [
        "3:26: every starts one exercise at a time: expected sides: alternate, left or right"
    ],
    ("for: 9s", "do: curl, every: 60s, sides: alternate, sets: 2"): [],
    ("for: 9s", "do: curl, every: 60s, ways: [up, down]"): [
        "5:28: every starts one exercise at a time: write a do for each of the ways, such as ways: [up]"
    ],
    ("for: 9s", "do: curl, every: 60s, ways: [up]"): [],
    ("hold: 9s, reps: 2", "do: curl, every: 60s"): [
        (
            "3:9: every starts one exercise at a time: "
            "expected for, hold, reps or breaths, found hold beside reps"
        )
    ],
    ("steps: [{say: A., hold: 5s}]", "do: curl, every: 60s"): [
        '5:5: every starts one exercise at a time: the steps of "curl" have times of their own'
    ],
    ("for: 9s", "do: curl, every: 60.5s"): [
        "5:5: every is a grid of whole seconds: expected, for example, every: 60s"
    ],
    ("for: 61s", "do: curl, every: 60s"): ["5:5: a set takes 1:01, longer than every: 1:00"],
    ("for: 60s", "do: curl, every: 60s"): [f"5:5: note: {NO_REST}"],
    ("reps: 15", "do: curl, every: 60s, sets: 3"): [f"5:5: note: {NO_REST}"],
    ("reps: 14", "do: curl, every: 60s, sets: 3"): [],
}


@pytest.mark.parametrize(("move", "do"), CHECKS)
def test_11_a_move_and_how_it_is_done(move: str, do: str, tmp_path: Path) -> None:
    assert problems(TEXT.format(move=move, do=do), tmp_path) == CHECKS[move, do]


DEFAULT_TEMPO = "title: T\ndefaults: {{tempo: 3-1-2}}\nmoves:\n  curl: {{{move}}}\nsession: [do: curl]\n"
UNTOUCHED = {
    "hold: 9s, steps: [A., B.]": [],
    "breaths: 9, steps: [A., B.]": [],
    "hold: 9s, reps: 3, steps: [A., B.]": [],
    "steps: [{say: A., hold: 5s}, {say: B., pause: 5s}]": [],
    "reps: 3, steps: [A., B., C.]": [],
    "for: 9s, steps: [A., B.]": [
        '2:19: expected one number for each step, such as 3-1: the tempo has 3 numbers, "curl" has 2 steps'
    ],
}


@pytest.mark.parametrize("move", UNTOUCHED)
def test_a_tempo_by_default_is_only_for_what_has_one(move: str, tmp_path: Path) -> None:
    assert problems(DEFAULT_TEMPO.format(move=move), tmp_path) == UNTOUCHED[move]


CIRCUIT = (
    "title: T\nmoves:\n  curl: {{{move}}}\nsession:\n  - {{for: 3m{block}, items: [{{do: curl{do}}}]}}\n"
)
ALONE = "only <dose>, <duration>, <name>, <next> and <title> have one"
NONE = f"has no value here: in a block with for: or cap: {ALONE}"
REMOVE = "a block with for: is as many rounds as one can: a do in it has only its dose, remove"
CIRCUITS = {
    ("reps: 3, setup: Now <name> <dose>.", "", ""): [],
    ("reps: 3, sides: each, steps: [The <side>.]", "", ""): [],
    ("reps: 3, sides: each, setup: The <side>.", "", ""): [f"3:43: <side> {NONE}"],
    ("reps: 3, sides: each, say: The <side>.", "", ""): [f"3:41: <side> {NONE}"],
    ("reps: 3, ways: [up], reminders: [Go <way>.]", "", ""): [f"3:46: <way> {NONE}"],
    ("steps: [{say: The <side> leg., hold: 9s}], sides: each", "", ""): [f"3:28: <side> {NONE}"],
    ("reps: 3, setup: Set <set>.", "", ""): [f"3:30: <set> {NONE}"],
    ("reps: 3", ", rest: 9s", ""): [
        "5:15: a block with for: is as many rounds as one can: one rests when one wants, remove rest"
    ],
    **{
        ("reps: 3", "", f", {field}"): [f"5:34: {REMOVE} {field.partition(':')[0]}"]
        for field in (
            *("sets: 2", "sides: each", "ways: [up]", "rest: 9s", "switch: 9s", "ready: 9s", "release: 9s"),
            *("tempo: 3s", "breath: 3-4", "every: 60s", "level: gentle"),
        )
    },
}


@pytest.mark.parametrize(("move", "block", "do"), CIRCUITS)
def test_as_many_rounds_as_one_can_hold_moves_and_their_doses(
    move: str, block: str, do: str, tmp_path: Path
) -> None:
    assert problems(CIRCUIT.format(move=move, block=block, do=do), tmp_path) == CIRCUITS[move, block, do]


def test_as_many_rounds_as_one_can_hold_nothing_but_moves(tmp_path: Path) -> None:
    items = "{say: Hi.}, {rest: 9s}, {repeat: 2, items: [{say: Hi.}]}"
    text = f"title: T\nsession:\n  - for: 3m\n    items: [{items}]\n"
    message = (
        "a block with for: is as many rounds as one can: it holds only do steps, put this before or after it"
    )
    assert problems(text, tmp_path) == [f"4:{column}: {message}" for column in (13, 25, 37)]


def test_the_next_move_has_a_name_in_a_circuit_only_if_one_follows(tmp_path: Path) -> None:
    text = CIRCUIT.format(move="reps: 3, setup: Then <next>.", block="", do="")
    assert problems(text + "  - {do: curl}\n", tmp_path)[1:] == []
    assert problems(text, tmp_path) == ['3:31: <next> has no value in "Then <next>.": no other move follows']


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


def unknown_moves(count: int) -> str:
    moves = "".join(f"  move-{number}: {{for: 3s}}\n" for number in range(count))
    return f"title: T\nmoves:\n{moves}session:\n" + "".join(
        f"  - {{do: mive-{number}x}}\n" for number in range(count)
    )


@pytest.mark.parametrize("count", [200, 1000])
def test_35_many_unknown_moves_are_held_against_few(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    really = difflib.SequenceMatcher.real_quick_ratio

    def counting(matcher: Any) -> float:  # noqa: ANN401 - it is generic in what it compares
        compared.append(matcher.a)
        return really(matcher)

    monkeypatch.setattr(difflib.SequenceMatcher, "real_quick_ratio", counting)
    found = problems(unknown_moves(count), tmp_path)
    # Each is looked for twice: near, and a little like it.
    assert len(compared) <= min(2 * count * count, MAX_COMPARED)
    assert len(found) == count
    assert found[0].endswith('unknown move "mive-0x"; did you mean "move-0"?')
    assert found[49].endswith('unknown move "mive-49x"; did you mean "move-49"?')
    assert sum(map(len, found)) < 100 * count


def shorter(least: str, found: str) -> str:
    return f"expected a dose of at least {least}, which its own tones take, found {found}"


SHORT = {
    ("name: Curl", "do: curl, hold: 0.1s"): [f"5:22: {shorter('0.36s', '0.1s')}"],
    ("name: Curl", "do: curl, for: 0.1-5s"): [f"5:16: {shorter('0.36s', '0.1s')}"],
    ("name: Curl", "do: curl, hold: 0.36s"): [],
    ("name: Curl", "do: curl, hold: 0.1s, reps: 3"): [f"5:5: {shorter('0.36s', '0.1s')}"],
    ("name: Curl", "do: curl, reps: 1, tempo: 0.1s"): [f"5:16: {shorter('0.36s', '0.1s')}"],
    ("name: Curl", "do: curl, reps: 4, tempo: 0.1s"): [],
    ("name: Curl", "do: curl, breaths: 1, breath: 0.1-0.1"): [f"5:16: {shorter('0.36s', '0.2s')}"],
    ("name: Curl", "do: curl, hold: 1 breath, breath: 0.1-0.1"): [f"5:22: {shorter('0.36s', '0.2s')}"],
    ("steps: [{say: A., hold: 0.1s}]", "do: curl"): [f"3:34: {shorter('0.36s', '0.1s')}"],
    ("steps: [{say: A., pause: 0.1s}]", "do: curl"): [],
    ("name: Curl, easier: {for: 0.2s}", "do: curl, for: 9s"): [],
    ("for: 9s, easier: {for: 0.2s}", "do: curl"): [f"3:28: {shorter('0.36s', '0.2s')}"],
    ("for: 0.5s", "do: curl, tones: soft"): [f"3:10: {shorter('0.9s', '0.5s')}"],
    ("for: 0.5s", "do: curl, tones: none"): [],
    ("for: 0.1s", "do: curl, tones: none"): [],
}


@pytest.mark.parametrize(("move", "do"), SHORT)
def test_a_dose_outlasts_its_own_tones(move: str, do: str, tmp_path: Path) -> None:
    assert problems(TEXT.format(move=move, do=do), tmp_path) == SHORT[move, do]


def test_the_tones_are_those_of_the_block_or_the_routine(tmp_path: Path) -> None:
    text = (
        "title: T\ntones: soft\nmoves: {curl: {for: 0.5s}}\nsession:\n"
        "  - {section: A, tones: full, items: [{do: curl}]}\n"
    )
    assert problems(text, tmp_path) == []
    assert problems(text + "  - {do: curl}\n", tmp_path) == [f"3:16: {shorter('0.9s', '0.5s')}"]


def test_a_circuit_outlasts_its_own_tones(tmp_path: Path) -> None:
    text = CIRCUIT.format(move="reps: 3", block="", do="").replace("for: 3m", "for: 0.2s")
    assert problems(text, tmp_path) == [f"5:5: {shorter('0.36s', '0.2s')}"]
