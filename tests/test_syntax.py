"""Slips of the pen: YAML stops somewhere behind them, the message names them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.errors import InputError
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.source import compose

HEAD = "title: T\nmoves: {bridge: {name: Bridge}}\nsession:\n"
SLIPS = {
    "title: T\nmoves:\n  twist: {name: T-spine #2, setup: Lie down.}\nsession: []\n": (
        '3:17: ` #` begins a comment, which takes the `}` along: quote it: name: "T-spine #2"'
    ),
    HEAD + "  - {do: bridge, say: Round #2}\n": (
        '4:23: ` #` begins a comment, which takes the `}` along: quote it: say: "Round #2"'
    ),
    HEAD + "  - {do: bridge, for: 30s\n  - {say: bye}\n": (
        "4:5: `{` opens here and is not closed: expected `}` or a comma before line 5"
    ),
    "title: T\ntags: [legs,\n  hips\nsession: []\n": (
        "2:7: `[` opens here and is not closed: expected `]` or a comma before line 4"
    ),
    "title: T\nmoves:\n  bridge:\n    name: Bridge\n   setup: Lie down.\n": (
        "5:4: this line begins with 3 spaces: expected 2 or 4, as lines before it"
    ),
    HEAD + "  - do: bridge\n    for: 30s\n   rest: 10s\n": (
        "6:4: this line begins with 3 spaces: expected 2 or 4, as lines before it"
    ),
    "moves:\n  bridge: {name: Bridge}\n session: []\n": (
        "3:2: this line begins with 1 space: expected 0 or 2, as lines before it"
    ),
    HEAD + "  - section: A\n    - {do: bridge, for: 30s}\n": (
        "5:5: a list begins here, among fields: expected a field such as `items:` before it, or fewer spaces"
    ),
    HEAD + "  - do:bridge\n    for: 30s\n": "4:5: a space is missing: do: bridge",
    HEAD + "  -do: bridge\n   for: 30s\n": "4:3: a space is missing: - do: bridge",
    HEAD + "  - {do: bridge, for: 30s]\n": (
        "4:26: expected `}`, which closes the `{` of line 4, column 5, found `]`"
    ),
    HEAD + "  - {do: bridge, steps: [{say: Up}, {say: Down]}\n": (
        "4:47: expected `}`, which closes the `{` of line 4, column 37, found `]`"
    ),
    HEAD + "  - {do: bridge, for: 30s}}\n": "4:27: `}` closes nothing here: leave it out",
    "title: T\nsession: - do: bridge\n": (
        "2:10: a list begins on a line of its own: write `session:` and below it `  - do: bridge`"
    ),
    HEAD + "  - do: bridge\n    for: 30s; rest: 5s\n": (
        "5:19: YAML cannot read this line: several fields on one line need braces: {for: 30s, rest: 5s}"
    ),
    "title T\nmoves: {bridge: {name: Bridge}}\n": "1:1: a colon is missing: title: T",
    "title: T\nsession\n  - do: bridge\n": "2:1: a colon is missing: session:",
    HEAD + "  - do bridge\n    for: 30s\n": "4:5: a colon is missing: do: bridge",
    HEAD + "  - do: bridge\n    for 30s\n    rest: 3s\n": "5:5: a colon is missing: for: 30s",
    "moves:\n  bridge\n    name: Bridge\n": "2:3: a colon is missing: bridge:",
    HEAD + "  - do: bridge\n     for: 30s\n": "5:6: this line begins with 5 spaces: expected 4, as line 4",
    HEAD + "  -\u00a0do: bridge\n    for: 30s\n": "4:4: a no-break space stands here: write a plain one",
    "moves:\n  bridge:\n    setup: Lie on\n      your back\n     say: Go.\n": (
        "5:9: this is no YAML: mapping values are not allowed in this context, at `say: Go.`"
    ),
    "title: T\nmoves: {bridge: {name: Bridge, setup: 'Don't lift'}}\n": (
        '2:39: an apostrophe ends this text: put it between double quotes: setup: "Don\'t lift"'
    ),
}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_named_where_it_is(text: str) -> None:
    with pytest.raises(InputError) as caught:
        compose(text, "a.yaml", Diagnostics())
    assert str(caught.value) == f"a.yaml:{SLIPS[text]}"


@given(st.text(alphabet=" -:{}[],'\"#ab\n\t", max_size=60))
def test_whatever_is_written_there_is_an_answer(text: str) -> None:
    lines = text.split("\n")
    try:
        compose(text, "a.yaml", Diagnostics())
    except InputError as error:
        for problem in error.problems:
            line, column = problem.position.line, problem.position.column
            assert 1 <= line <= len(lines)
            assert 1 <= column <= len(lines[line - 1]) + 1
