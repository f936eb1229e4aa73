"""Fault 10: text that YAML cut is named for what it is, with the text quoted as it should be."""

from pathlib import Path

import pytest

from tests.generate import HEAD, problems

MOVE = "title: T\nmoves:\n  plank:\n    name: Plank\n{}\nsession: [{{do: plank}}]\n"

IN_A_MOVE = {
    "    steps: [{say: Round your back, look up, hold: 10s}]": [
        (
            '5:36: "look up" has no value; YAML cuts at commas here: quote the whole text: '
            'say: "Round your back, look up"'
        )
    ],
    "    steps: [{say: Exhale, hold, hold: 10s}]": [
        '5:27: "hold" has no value; YAML cuts at commas here: quote the whole text: say: "Exhale, hold"'
    ],
    "    steps: [{say: One, two, three, hold: 10s}]": [
        '5:24: "two" has no value; YAML cuts at commas here: quote the whole text: say: "One, two, three"'
    ],
    "    for: 10s\n    reminders: [Core, glutes and thighs]": [
        (
            '6:23: warning: "glutes and thighs" begins in lower case: if YAML cut it at a comma, '
            'quote the whole text: "Core, glutes and thighs"'
        )
    ],
    "    for: 10s\n    setup: [Core, glutes and thighs]": [
        (
            '6:12: expected text to be spoken, such as "Round your back.", found a list: '
            'quote the text: "[Core, glutes and thighs]"'
        )
    ],
    "    steps:\n      - {say: round your back., hold: 5s}": [
        (
            '6:15: warning: "round your back." begins in lower case: if YAML cut it at a comma, '
            'quote the whole text: "…, round your back."'
        )
    ],
}


@pytest.mark.parametrize("fields", IN_A_MOVE)
def test_10_text_that_yaml_cut_in_a_move(fields: str, tmp_path: Path) -> None:
    assert problems(MOVE.format(fields), tmp_path) == IN_A_MOVE[fields]


@pytest.mark.parametrize(
    "tags", ["[core, glutes and thighs]", "[Core, Glutes]", '[Core, "glutes and thighs"]']
)
def test_10_a_list_in_lower_case_throughout_may_be_meant(tags: str, tmp_path: Path) -> None:
    assert problems(f"tags: {tags}\n{HEAD}  - {{do: plank}}\n", tmp_path) == []


def test_10_a_list_that_goes_on_in_lower_case_may_have_been_cut(tmp_path: Path) -> None:
    (found,) = problems(f"tags: [Core, glutes and thighs]\n{HEAD}  - {{do: plank}}\n", tmp_path)
    assert found.startswith('1:14: warning: "glutes and thighs" begins in lower case')


IN_A_SESSION = {
    "{say: Next: squats}": ['5:15: YAML cannot read this line: quote the text: say: "Next: squats"'],
    "{do: plank, ready: 9s, say: Next: squats, rest: 9s}": [
        '5:37: YAML cannot read this line: quote the text: say: "Next: squats"'
    ],
    "say: Next: squats": ['5:14: YAML cannot read this line: quote the text: say: "Next: squats"'],
    "{do: plank, sides: left, right}": [
        (
            '5:30: "right" has no value; YAML cuts at commas here: a list inside braces needs brackets: '
            "sides: [left, right]"
        )
    ],
    "{do: plank, ways: up, down, sets: 2}": [
        (
            '5:27: "down" has no value; YAML cuts at commas here: a list inside braces needs brackets: '
            "ways: [up, down]"
        )
    ],
    "{rest:20s}": ["5:6: expected a space after the colon: rest: 20s"],
    "{do: plank, rest:20s}": ["5:17: expected a space after the colon: rest: 20s"],
    "say: do #5": ['5:10: warning: YAML cut the text at ` #`: to keep it, quote it: "do #5"'],
    "{say: [Core, glutes]}": [
        (
            '5:11: expected text to be spoken, such as "Round your back.", found a list: '
            'quote the text: "[Core, glutes]"'
        )
    ],
    '{say: "a", pause 3s}': ["5:16: a colon is missing: pause: 3s"],
    "{do: plank for: 30s}": ["5:19: YAML cannot read this line: a comma is missing: do: plank, for: 30s"],
    "do: plank, for: 30s": [
        "5:19: YAML cannot read this line: several fields on one line need braces: {do: plank, for: 30s}"
    ],
    'say: "a" b': [
        (
            "5:14: YAML cannot read this line: the text goes on behind its closing quote: "
            'quote all of it: say: "a b"'
        )
    ],
    "say: 'it's'": [
        (
            "5:14: YAML cannot read this line: the text goes on behind its closing quote: "
            'quote all of it: say: "it\'s"'
        )
    ],
    "{do: plank, reps: }": [
        '5:17: "reps" has no value: expected one behind the colon or, indented, below it'
    ],
}


@pytest.mark.parametrize("item", IN_A_SESSION)
def test_10_text_that_yaml_cut_in_a_session(item: str, tmp_path: Path) -> None:
    assert problems(f"{HEAD}  - {item}\n", tmp_path) == IN_A_SESSION[item]


def test_10_a_question_mark_in_braces_is_no_surprise(tmp_path: Path) -> None:
    assert problems(HEAD + "  - {say: Ready?, pause: 3s}\n", tmp_path) == []


FIELDS = {
    "{do: plank, setz: 3}": ['5:17: unknown field "setz" in do; did you mean "sets"?'],
    "{do: plank, for: 3s, setup: Lie down.}": [
        '5:26: unknown field "setup" in do; it belongs to the move, under `moves:`',
    ],
    "{repeat: 3, steps: [], items: [{do: plank, for: 1s}]}": [
        '5:17: unknown field "steps" in a block; did you mean "items"?',
    ],
    "{do: plank, for: 3s, rest: none}": [
        '5:32: expected a duration such as 30s, 1m30s or 1:30, found "none": write 0s',
    ],
    "{do: plank, times: 3}": ['5:17: unknown field "times" in do; did you mean "reps"?'],
    "{repeat: 3, duration: 3s, items: [{do: plank, for: 1s}]}": [
        '5:17: unknown field "duration" in a block; did you mean "for"?',
    ],
    "{do: plank, for: 10s, for: 20s}": ['5:27: "for" stands twice: first in line 5'],
    "{[a]: b, do: plank}": ["5:6: expected a word as the key, found a list or a map"],
    "{{a: b}: c, do: plank}": ["5:6: expected a word as the key, found a list or a map"],
    "do:": ['5:5: "do" has no value: expected one behind the colon or, indented, below it'],
}


@pytest.mark.parametrize("item", FIELDS)
def test_6_and_11_fields_that_do_not_fit(item: str, tmp_path: Path) -> None:
    assert problems(f"{HEAD}  - {item}\n", tmp_path) == FIELDS[item]


def test_4_a_key_on_stays_on(tmp_path: Path) -> None:
    (found,) = problems(HEAD + "  - {do: plank, on: 3}\n", tmp_path)
    assert found.startswith('5:17: unknown field "on" in do; those used most are for, ')


def test_every_problem_comes_out_in_one_run(tmp_path: Path) -> None:
    text = HEAD + "  - {do: plonk, sets: 0}\n  - {rest: 20}\n  - {say: 'Now <wey>.'}\n"
    assert [line.partition(" ")[0] for line in problems(text, tmp_path)] == [
        "5:10:",
        "5:23:",
        "6:12:",
        "7:16:",
    ]


# What is written, the part of it that the hint is for, and how the hint begins.
HINTED = [
    ("{say: Next: squats}", "say: Next: squats", "quote the text: "),
    ("say: Next: squats", "say: Next: squats", "quote the text: "),
    ("{say: Round your back, look up}", "say: Round your back, look up", "quote the whole text: "),
    ("{say: One, two, three}", "say: One, two, three", "quote the whole text: "),
    ("{do: plank, sides: left, right}", "sides: left, right", "a list inside braces needs brackets: "),
    (
        "{do: plank, ways: up, down, sets: 2, rest: 0s}",
        "ways: up, down",
        "a list inside braces needs brackets: ",
    ),
    ("{rest:20s}", "rest:20s", "expected a space after the colon: "),
    ("{do: plank, rest:20s}", "rest:20s", "expected a space after the colon: "),
    ("say: do #5", "do #5", "to keep it, quote it: "),
    ('{say: "a", pause 3s}', "pause 3s", "a colon is missing: "),
    ("{do: plank for: 30s}", "do: plank for: 30s", "a comma is missing: "),
    ("do:plank\n    for: 30s", "do:plank", "a space is missing: "),
    ("do plank\n    for: 30s", "do plank", "a colon is missing: "),
    ("{say: [Core, glutes]}", "[Core, glutes]", "quote the text: "),
    ("{say: 'Don't lift'}", "say: 'Don't lift'", "put it between double quotes: "),
    ("say: @home", "say: @home", "quote the text: "),
    ('say: "It" is', 'say: "It" is', "quote all of it: "),
    ("do: plank, for: 30s", "do: plank, for: 30s", "several fields on one line need braces: "),
]


@pytest.mark.parametrize(("item", "part", "begins"), HINTED, ids=lambda text: text[:24])
def test_a_hint_that_is_followed_mends_the_line(item: str, part: str, begins: str, tmp_path: Path) -> None:
    message = next(found for found in problems(f"{HEAD}  - {item}\n", tmp_path) if begins in found)
    mended = item.replace(part, message.partition(begins)[2])
    assert problems(f"{HEAD}  - {mended}\n", tmp_path) == []


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        ("{do: plank, setz: 3, rest: 0s}", "setz"),
        ("{do: plonk}", "plonk"),
        ("{say: Now <tilte>.}", "tilte"),
        ("{repeat: 2, itmes: [{do: plank}], rest: 5s}", "itmes"),
        ("{repaet: 2, items: [{do: plank}]}", "repaet"),
        ("{do: plank, tones: sotf}", "sotf"),
        ("{do: plank, sides: eech}", "eech"),
    ],
)
def test_what_was_meant_is_accepted(item: str, wrong: str, tmp_path: Path) -> None:
    message = next(found for found in problems(f"{HEAD}  - {item}\n", tmp_path) if "did you mean" in found)
    meant = message.partition('did you mean "')[2].rstrip('"?')
    assert problems(f"{HEAD}  - {item.replace(wrong, meant)}\n", tmp_path) == []
