"""Slips of somebody who does not know YAML: what is said of each, and what follows from heeding it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.routine import slips
from tests.generate import problems

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "title: T\nmoves:\n  squat: {name: Squat}\nsession:\n  - {say: Hello.}\n"
WHOLE = "title: T\nmoves: {squat: {name: Squat}}\nsession: [{do: squat, for: 20s}]\n"
STEP = "expected a step such as {do: bird-dog, for: 40s} or {say: Well done.}, found"
CURLY = "expected straight quotes or none, found curly ones, which are letters to YAML"
ELSEWHERE = "it belongs to the routine, or to a block of steps"
LIST = "expected a list of session steps, found a map"

# What is written behind the session's first step, what is said, and what is written when that was followed.
IN_A_SESSION = [
    ("-{do: squat, for: 9s}", "6:3: a space is missing: - {do: squat, for: 9s}", "- {do: squat, for: 9s}"),
    (
        "\u2013 {do: squat, for: 9s}",
        "6:3: expected a plain dash and a space, found `\u2013`: write `- {do: squat, for: 9s}`",
        "- {do: squat, for: 9s}",
    ),
    (
        "— do: squat\n    for: 9s",
        "6:3: expected a plain dash and a space, found `—`: write `- do: squat`",
        "- do: squat\n    for: 9s",
    ),
    (
        "- do: squat\n  for: 9s",
        "7:3: this line begins with 2 spaces: expected 4, as `do` in line 6",
        "- do: squat\n    for: 9s",
    ),
    (
        "- do: squat\n    for: 9s\n  ready: 9s\n  - say: Bye.",
        "8:3: this line begins with 2 spaces: expected 4, as `do` in line 6",
        "- do: squat\n    for: 9s\n    ready: 9s\n  - say: Bye.",
    ),
    (
        "- do: squat\nfor: 9s\n  - say: Bye.",
        "7:1: this line begins with 0 spaces: expected 4, as `do` in line 6",
        "- do: squat\n    for: 9s\n  - say: Bye.",
    ),
    (
        "- {do: squat, for: 9s}\n  rest: 9s",
        "7:3: the braces of line 6 close before this: expected it inside them, or `- rest: 9s`",
        "- {do: squat, for: 9s, rest: 9s}",
    ),
    (
        "- {say: 'Kneel down, it's easy.'}",
        '6:11: an apostrophe ends this text: put it between double quotes: say: "Kneel down, it\'s easy."',
        '- {say: "Kneel down, it\'s easy."}',
    ),
    (
        '- {say: "Lie down." pause: 5s}',
        '6:23: a comma is missing: "Lie down.", pause: 5s',
        '- {say: "Lie down.", pause: 5s}',
    ),
    (
        '- say: "Lie down." pause: 5s',
        (
            "6:22: YAML cannot read this line: several fields on one line need braces: "
            '{say: "Lie down.", pause: 5s}'
        ),
        '- {say: "Lie down.", pause: 5s}',
    ),
    ("- squat", f'6:5: {STEP} "squat": write {{do: squat, for: 40s}}', "- {do: squat, for: 40s}"),
    ("- do squat", f'6:5: {STEP} "do squat": write {{do: squat, for: 40s}}', "- {do: squat, for: 40s}"),
    ("- squat 9s", f'6:5: {STEP} "squat 9s": write {{do: squat, for: 9s}}', "- {do: squat, for: 9s}"),
    ("- rest 9 sec", f'6:5: {STEP} "rest 9 sec": write rest: 9s', "- rest: 9s"),
    ("- rest 9 sec, easy", f'6:5: {STEP} "rest 9 sec, easy": write rest: 9s', "- rest: 9s"),
    (
        "- rest 9s, until ready",
        f'6:5: {STEP} "rest 9s, until ready": write {{rest: 9s, until: ready}}',
        "- {rest: 9s, until: ready}",
    ),
    ("- pause", f'6:5: {STEP} "pause": write pause: 30s', "- pause: 30s"),
    ("- say Hello", f'6:5: {STEP} "say Hello": write say: Hello', "- say: Hello"),
    ("- Sit up now.", f'6:5: {STEP} "Sit up now.": write say: Sit up now.', "- say: Sit up now."),
    (
        "- squat: 10 reps",
        '6:5: expected a session step, found "squat": write {do: squat, reps: 10}',
        "- {do: squat, reps: 10}",
    ),
    (
        "- squat: {reps: 10, ready: 9s}",
        '6:5: expected a session step, found "squat": write {do: squat, reps: 10, ready: 9s}',
        "- {do: squat, reps: 10, ready: 9s}",
    ),
    (
        "- {squat, for: 9s}",
        '6:6: expected a session step, found "squat": write {do: squat, for: 9s}',
        "- {do: squat, for: 9s}",
    ),
    (
        "- {repeat: 2, items: {do: squat, for: 9s}}",
        f"6:24: {LIST}: put it between brackets, such as [{{do: squat, for: 9s}}]",
        "- {repeat: 2, items: [{do: squat, for: 9s}]}",
    ),
    (
        "- {do: squat, for: 9s, until: ready}",
        (
            '6:26: unknown field "until" in do; it belongs to a rest of its own, behind this step: '
            "- {rest: 60s, until: ready}"
        ),
        "- {do: squat, for: 9s}\n  - {rest: 60s, until: ready}",
    ),
    (
        "- {do: squat, for: 9s, note: slowly}",
        '6:26: unknown field "note" in do; what nobody is to hear stands behind a #, at the end of the line',
        "- {do: squat, for: 9s} # slowly",
    ),
    (
        "- {do: squat, for: 9s, music: rain}",
        f'6:26: unknown field "music" in do; {ELSEWHERE}',
        "- {section: A, music: rain, items: [{do: squat, for: 9s}]}",
    ),
    (
        "- {do: squat, for: 9s, say: Go on.}",
        '6:26: unknown field "say" in do; words are a step of their own: - {say: Stand tall.}',
        "- {do: squat, for: 9s}\n  - {say: Go on.}",
    ),
    ("- {do: squat, for: “9s”}", f"6:22: {CURLY}: write for: 9s", "- {do: squat, for: 9s}"),
    ("- {say: “Hi.”}", f'6:11: warning: {CURLY}: write say: "Hi."', '- {say: "Hi."}'),
    (
        "- {do: squat, rep: 9}",
        '6:17: unknown field "rep" in do; did you mean "reps"?',
        "- {do: squat, reps: 9}",
    ),
    (
        "- {do: squat, time: 9s}",
        '6:17: unknown field "time" in do; did you mean "for"?',
        "- {do: squat, for: 9s}",
    ),
    ("- {do: squat, for 9s}", "6:17: a colon is missing: for: 9s", "- {do: squat, for: 9s}"),
    (
        "- {do: squat, distance: 5km, pace: 5:30}",
        '6:38: expected a pace such as 4:00/km, 7:30/mile or 1:45/400m, found "5:30": write 5:30/km',
        "- {do: squat, distance: 5km, pace: 5:30/km}",
    ),
    (
        "- {do: squat, distance: 5k, about: 27m}",
        '6:27: expected a distance such as 400m, 1.5km or 1 mile, found "5k": write 5km',
        "- {do: squat, distance: 5km, about: 27m}",
    ),
    (
        "- {do: squat, for: 1:00 min}",
        '6:22: expected a duration such as 30s, 1m30s or 1:30, found "1:00 min": write 1:00',
        "- {do: squat, for: 1:00}",
    ),
    (
        "- {do: squat, for: 9s, sides: [right, right]}",
        (
            "6:33: expected sides: [left, right], [right, left], each, alternate, left, right or none, "
            "found a list: write right"
        ),
        "- {do: squat, for: 9s, sides: right}",
    ),
]


@pytest.mark.parametrize(("written", "told", "mended"), IN_A_SESSION)
def test_who_follows_the_hint_has_what_was_meant(
    written: str, told: str, mended: str, tmp_path: Path
) -> None:
    assert problems(f"{HEAD}  {written}\n", tmp_path) == [told]
    assert problems(f"{HEAD}  {mended}\n", tmp_path) == []


MOVES = "expected moves by their names, such as squat: {name: Squat}, found"
# The same, of a line of a routine in place of another.
IN_A_ROUTINE = [
    (
        "title: T",
        "title: “Sit, and rise”",
        f'1:8: warning: {CURLY}: write title: "Sit, and rise"',
        'title: "Sit, and rise"',
    ),
    (
        "title: T",
        "title: “Sit: rise”",
        '1:12: YAML cannot read this line: quote the text: title: "Sit: rise"',
        'title: "Sit: rise"',
    ),
    (
        "moves: {squat: {name: Squat}}",
        "moves: {squat: {name: “Squat, deep”}}",
        '2:31: "deep”" has no value; YAML cuts at commas here: quote the whole text: name: "Squat, deep"',
        'moves: {squat: {name: "Squat, deep"}}',
    ),
    (
        "moves: {squat: {name: Squat}}",
        "moves: {squat: Squat}",
        '2:16: expected the fields of a move such as {name: Squat}, found "Squat": write {name: Squat}',
        "moves: {squat: {name: Squat}}",
    ),
    (
        "moves: {squat: {name: Squat}}",
        "moves: [squat]",
        f"2:8: {MOVES} a list: write squat: {{name: Squat}}",
        "moves:\n  squat: {name: Squat}",
    ),
    (
        "moves: {squat: {name: Squat}}",
        "moves:\n  - squat: {name: Squat}",
        f"3:3: {MOVES} a list: write squat: and its fields, without a dash",
        "moves:\n  squat: {name: Squat}",
    ),
    (
        "session: [{do: squat, for: 20s}]",
        "session:\n  do: squat\n  for: 20s",
        f"4:3: {LIST}: begin each step with a dash, its other lines with two spaces more: - do: …",
        "session:\n  - do: squat\n    for: 20s",
    ),
    (
        "session: [{do: squat, for: 20s}]",
        "session: squat 20s",
        (
            '3:10: expected a list of session steps, found "squat 20s": '
            "write {do: squat, for: 20s} below it, behind a dash and a space"
        ),
        "session:\n  - {do: squat, for: 20s}",
    ),
    (
        "session: [{do: squat, for: 20s}]",
        "session:\n  -{say: Hello.}",
        f"4:3: {LIST}: a space is missing behind its first dash",
        "session:\n  - {say: Hello.}",
    ),
]


@pytest.mark.parametrize(("line", "written", "told", "mended"), IN_A_ROUTINE)
def test_a_slip_in_a_routine_is_told_once_with_what_to_write(
    line: str, written: str, told: str, mended: str, tmp_path: Path
) -> None:
    assert problems(WHOLE.replace(line, written), tmp_path) == [told]
    assert problems(WHOLE.replace(line, mended), tmp_path) == []


def test_a_field_at_the_margin_belongs_to_a_step(tmp_path: Path) -> None:
    assert problems(f"{HEAD}  - do: squat\nfor: 9s\n", tmp_path)[-1] == (
        '7:1: unknown field "for" in a routine; it belongs to a step of the session: '
        "begin its line with as many spaces as that step's other fields"
    )


def test_a_field_that_is_like_none_is_told_with_those_that_are_used_most(tmp_path: Path) -> None:
    found = {
        problems(f"{HEAD}  - {{do: squat, for: 9s, {key}: 7}}\n", tmp_path)[0].partition("; ")[2]
        for key in ("rpe", "xyz", "kmh")
    }
    assert found == {"those used most are for, reps, hold, breaths, sets, rest, sides, tempo, weight"}


@given(st.text(max_size=40))
def test_quotes_inside_a_text_are_its_own(text: str) -> None:
    assert slips.straight(f"“{text}” she says, “and {text}”").startswith("“")
