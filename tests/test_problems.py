"""Problems as records: where they end, which kind they are, and what mends them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, get_args

import pytest

from audiocoach.errors import (
    Code,
    EngineError,
    InputError,
    Position,
    Problem,
    SeveralError,
    StorageError,
    records,
    whole,
)
from audiocoach.routine.library import load
from audiocoach.store.recipe import notes_from_json, notes_to_json
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ROUTINE = """\
title: Two minutes
moves:
  cat-cow: {name: Cat cow, setup: Kneel.}
session:
  - {do: cat-cow, reps: 6, rest: 15s}
"""
# What is written wrongly, what it is told as, and what the record says to write there.
MENDED = {
    "a field": ("reps: 6", "repss: 6", "unknown-field", "reps"),
    "a quoted field": ("reps: 6", '"repss": 6', "unknown-field", "reps"),
    "a field with another name": ("reps: 6", "repetitions: 6", "unknown-field", "reps"),
    "a placeholder": ("Kneel.", "Draw <dse> in.", "unknown-placeholder", "<dose>"),
    "one word of a few": ("title: Two", "cues: brif\ntitle: Two", "bad-value", "brief"),
    "a move": ("do: cat-cow", "do: cat-caw", "unknown-move", "cat-cow"),
    "a space behind a colon": ("rest: 15s", "rest:15s", "missing-colon", "rest: 15s"),
    "a colon": ("rest: 15s", "rest 15s", "missing-colon", "rest: 15s"),
}


def problems(text: str, path: Path) -> tuple[Problem, ...]:
    path.write_text(text, "utf-8")
    try:
        return load(path).warnings
    except InputError as error:
        return error.problems


@pytest.mark.parametrize(("right", "wrong", "code", "fix"), MENDED.values(), ids=MENDED)
def test_what_a_record_says_to_write_mends_it(
    right: str, wrong: str, code: str, fix: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.yaml"
    text = ROUTINE.replace(right, wrong)
    found = [one for one in problems(text, path) if one.code == code]
    (record,) = records(found)
    assert (record["path"], record["severity"], record["fix"]) == (str(path), "error", fix)
    lines = text.splitlines(keepends=True)
    line = lines[record["line"] - 1]
    assert record["end"]["line"] == record["line"]
    lines[record["line"] - 1] = line[: record["column"] - 1] + fix + line[record["end"]["column"] - 1 :]
    assert problems("".join(lines), path) == ()


ENDS = {
    "a scalar": ("level: hard", (1, 8), (1, 12)),
    "quoted": ('level: "hard"', (1, 8), (1, 14)),
    "a list in brackets": ("level: [a,\n  b]\n", (1, 8), (2, 5)),
    "a map in braces": ("level: {a: b}", (1, 8), (1, 14)),
    "a list of lines": ("level:\n  - a\n  - bc\n\n", (2, 3), (3, 7)),
    "a map of lines": ("level:\n  a: b\n  c: d e\n\n# No more.\n", (2, 3), (3, 9)),
    "a block of text": ("level: |\n  one\n  two\n\n", (1, 8), (3, 6)),
}


@pytest.mark.parametrize(("text", "start", "end"), ENDS.values(), ids=ENDS)
def test_a_problem_knows_where_what_is_meant_ends(
    text: str, start: tuple[int, int], end: tuple[int, int], tmp_path: Path
) -> None:
    text = f"{text.rstrip()}\ntitle: T\nsession: [{{say: Hi.}}]\n"
    (one,) = problems(text, tmp_path / "a.yaml")
    at = one.position
    assert ((at.line, at.column), at.end) == (start, end)


def test_where_it_ends_makes_no_other_place_of_it() -> None:
    alone, ranged = Position("a", 1, 2), Position("a", 1, 2, (1, 5))
    assert len({alone, ranged}) == 1
    assert str(ranged) == "a:1:2"


def test_a_fix_without_an_end_is_none() -> None:
    (record,) = records([Problem(Position("a", 1, 2), "no", fix="yes")])
    assert record["fix"] is None


def test_every_error_is_records() -> None:
    here = Position("a.yaml", 3, 1)
    errors = SeveralError(
        [InputError(Problem(here, "no")), EngineError("no sound", here), StorageError("full")]
    )
    rows = [(row["path"], row["line"], row["code"]) for row in records(errors.problems)]
    assert rows == [("a.yaml", 3, "bad-value"), ("a.yaml", 3, "failed-voice"), (None, None, "failed-storage")]
    (folder,) = records([Problem(whole("routines"), "there is none", code="empty-folder")])
    assert (folder["path"], folder["line"], folder["column"], folder["end"]) == ("routines", None, None, None)


def test_notes_that_are_kept_lose_nothing() -> None:
    note = Problem(Position("a", 1, 2, (1, 5)), "longer", "note", "longer-gap", "x")
    (kept,) = notes_from_json(notes_to_json((note,)))
    assert (kept, kept.position.end, kept.code, kept.fix) == (note, (1, 5), "longer-gap", "x")
    (earlier,) = notes_from_json([["a", 1, 2, "longer", "note"]])
    assert (earlier, earlier.code) == (note, "decision")


def used() -> set[str]:
    """Every code that stands anywhere in the program but where codes are listed."""
    found = set()
    for path in (ROOT / "audiocoach").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        listed = [node for node in tree.body if isinstance(node, ast.Assign) and path.name == "errors.py"]
        skipped = {node for top in listed for node in ast.walk(top)}
        texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in skipped)
        found |= {str(node.value) for node in texts}
    return found


def test_every_code_is_given_and_documented() -> None:
    codes = get_args(Code)
    page = (ROOT / "docs" / "problems.md").read_text("utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(set(rows) & set(codes)) == sorted(codes)
    assert set(codes) <= used()
