"""What was brought in, with the answers to what its source does not say."""

from __future__ import annotations

import pytest

from audiocoach.errors import InputError
from audiocoach.routine.importers import bring_in
from audiocoach.routine.importers.shelf import shipped
from audiocoach.studio.gathering import Answer, answered, imported_record, is_library

PLAN = """\
Wall angels
Plank 45s
Squats AMRAP
"""


def test_each_question_says_what_may_be_typed_in() -> None:
    found = imported_record(bring_in(PLAN, shipped()))
    fields = {gap["asked"].partition(":")[0]: gap["fields"] for gap in found["gaps"]}
    dose = ["reps", "for", "hold", "breaths"]
    assert fields == {
        "the source has no title": ["title"],
        "the source gives no dose": dose,
        "the source says as many as possible": dose,
    }
    assert not found["isLibrary"]


def test_an_answer_stands_in_the_place_of_its_question_and_all_else_stays() -> None:
    text = bring_in(PLAN, shipped()).routine_yaml
    rows = text.split("\n")
    line = next(number for number, row in enumerate(rows, 1) if "gives no dose" in row)
    said, places = answered(text, (Answer(1, "title", "Mine: the first"), Answer(line, "reps", "8-10")))
    assert set(said.split("\n")) - set(rows) == {'title: "Mine: the first"', "    reps: 8-10"}
    gone = {row.partition(":")[2].partition(":")[0] for row in set(rows) - set(said.split("\n"))}
    assert gone == {" Untitled", " the source has no title", " the source gives no dose"}
    assert said.index("do: wall-angels") < said.index("reps: 8-10") < said.index("do: plank")
    assert places == (("session", 0, "reps"), ("title",))


def test_of_two_questions_on_a_line_the_other_one_stays() -> None:
    text = (
        "session:\n  # gap: 10 has no unit: how many, or for how long?; the source also gives sides: each\n"
        "  - do: a\n"
    )
    said, _ = answered(text, (Answer(2, "reps", "10"),))
    assert said == "session:\n  # gap: the source also gives sides: each\n  - do: a\n    reps: 10\n"


def test_an_answer_to_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="no question on line 1"):
        answered("title: A\nsession: []\n", (Answer(1, "title", "B"),))


def test_moves_alone_are_a_library() -> None:
    assert is_library("moves: {a: {}}\n")
    assert not is_library("moves: {a: {}}\nsession: [{do: a}]\n")
