"""What was brought in, with the answers to what its source does not say."""

from __future__ import annotations

import pytest

from audiocoach.errors import InputError
from audiocoach.routine.importers import bring_in
from audiocoach.routine.importers.shelf import shipped
from audiocoach.studio.gathering import SETTLED, Answer, answered, imported_record, is_library

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
        "how long, or how often? The source does not say": dose,
        "the source says as many as possible": dose,
    }
    assert not found["isLibrary"]


def test_an_answer_stands_in_the_place_of_its_question_and_all_else_stays() -> None:
    text = bring_in(PLAN, shipped()).routine_yaml
    rows = text.split("\n")
    line = next(number for number, row in enumerate(rows, 1) if "how long, or how often?" in row)
    said, places = answered(
        text, (Answer(1, "title", "Mine: the first"), Answer(line, "reps", "8-10")), shipped()
    )
    assert set(said.split("\n")) - set(rows) == {'title: "Mine: the first"', "    reps: 8-10"}
    gone = {row.partition(":")[2].partition(":")[0] for row in set(rows) - set(said.split("\n"))}
    assert gone == {
        " Untitled",
        " the source has no title",
        " how long, or how often? The source does not say",
    }
    assert said.index("do: wall-angels") < said.index("reps: 8-10") < said.index("do: plank")
    assert places == (("session", 0, "reps"), ("title",))


def test_of_two_questions_on_a_line_the_other_one_stays() -> None:
    text = (
        "session:\n  # gap: 10 has no unit: how long, or how often?; the source also gives each side\n"
        "  - do: a\n"
    )
    said, _ = answered(text, (Answer(2, "reps", "10"),), shipped())
    assert said == "session:\n  # gap: the source also gives each side\n  - do: a\n    reps: 10\n"


def test_an_answer_to_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="no question on line 1"):
        answered("title: A\nsession: []\n", (Answer(1, "title", "B"),), shipped())


def test_moves_alone_are_a_library() -> None:
    assert is_library("moves: {a: {}}\n")
    assert not is_library("moves: {a: {}}\nsession: [{do: a}]\n")


UNSURE = """\
Mine

Planks with reach 45s
Squat 3x10, 20s
Plank 45s
"""


def test_what_a_question_proposes_is_taken_or_left_and_what_is_right_is_settled() -> None:
    found = imported_record(bring_in(UNSURE, shipped()))
    plank, also = (gap for gap in found["gaps"] if gap["proposals"])
    assert plank["proposals"] == [{"field": "do", "value": "plank"}]
    assert also["proposals"] == [{"field": "reps", "value": "10"}]
    # What is proposed is taken by whoever says so alone: nothing is typed in there.
    assert plank["fields"] == also["fields"] == []
    text = found["text"]
    said, places = answered(
        text,
        (Answer(plank["line"], "do", "plank"), Answer(also["line"], SETTLED, also["asked"])),
        shipped(),
    )
    assert "if plank" not in said
    assert "also gives" not in said
    assert said.count("do: plank") == 2
    assert places == (("session", 0, "items", 0, "do"),)
    # One dose takes the place of another.
    taken, _ = answered(text, (Answer(also["line"], "reps", "10"),), shipped())
    assert [row.split(" #")[0] for row in taken.split("\n") if row not in text.split("\n")] == [
        "        reps: 10"
    ]
    assert "for: 20s" not in taken
    # A move that nothing else brought comes along.
    alone = imported_record(bring_in("Mine\n\nPlanks with reach 45s\n", shipped()))
    said, _ = answered(alone["text"], (Answer(alone["gaps"][0]["line"], "do", "plank"),), shipped())
    assert "\n  plank:\n    name: Plank\n" in said


def test_a_unit_is_chosen_a_name_is_given_and_a_remark_behind_a_line_is_settled() -> None:
    bank = shipped()
    text = (
        "session:\n  # gap: rest 20 has no unit: seconds or minutes?; the source does not name the move\n"
        "  - do: move\n    reps: 8 # gap: read from 8o\nmoves:\n  move: {name: Move}\n"
    )
    said, _ = answered(
        text,
        (Answer(2, "rest", "20s"), Answer(2, "name", "Wall sit"), Answer(4, SETTLED, "read from 8o")),
        bank,
    )
    assert said == ("session:\n  - do: move\n    reps: 8\n    rest: 20s\nmoves:\n  move: {name: Wall sit}\n")
