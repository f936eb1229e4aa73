"""Importers ask in words of people who read plans, and what they ask for is found by those words again."""

from __future__ import annotations

import pytest

from audiocoach.routine.importers import bring_in
from audiocoach.routine.importers.asking import amount_of, in_words
from audiocoach.routine.importers.shelf import shipped
from audiocoach.studio.gathering import imported_record

DOSES = ["reps", "for", "hold", "breaths"]
PLAN = """\
Knees

Wall angels
Squats 12
Lunge 12 reps, 3x10
Planks with reach 45s
Burpees AMRAP
"""


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("reps", "8-12", "8-12 repetitions"),
        ("for", "40s", "for 40s"),
        ("hold", "5 breaths", "hold 5 breaths"),
        ("breaths", "5", "5 breaths"),
        ("sets", "3", "3 sets"),
        ("rest", "1m30s", "rest 1m30s"),
        ("sides", "each", "each side"),
        ("sides", "[right, left]", "the right side first"),
        ("distance", "400m", "distance 400m"),
    ],
)
def test_an_amount_is_told_in_words_that_lead_back_to_it(field: str, value: str, words: str) -> None:
    assert in_words(field, value) == words
    assert amount_of(words) == (field, value)


def test_no_question_names_a_field_of_the_format() -> None:
    found = imported_record(bring_in(PLAN, shipped()))
    assert [(gap["shown"], gap["fields"] or gap["proposals"]) for gap in found["gaps"][1:]] == [
        ("how long, or how often? The source does not say", DOSES),
        ("12 has no unit: how long, or how often?", DOSES),
        ("the source also gives 12 repetitions", [{"field": "reps", "value": "12"}]),
        ('the library has no "Planks with reach": is Plank meant?', [{"field": "do", "value": "plank"}]),
        ("the source says as many as possible: how long, or how often?", DOSES),
    ]
    # Who writes the file itself is told the move's key as well.
    assert "is plank (Plank) meant?" in found["text"]
