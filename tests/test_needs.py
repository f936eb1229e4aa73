"""What a session needs is told once, as it opens."""

from __future__ import annotations

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned

MOVES = """\
moves:
  plank: {name: Plank, for: 20s, equipment: [a mat]}
  pull: {name: Pull, for: 20s, equipment: [a mat, a light band]}
"""


def said(head: str, session: str = "[{do: plank, rest: 6s}, {do: pull}]") -> list[str]:
    found = schedule(planned(f"title: T\n{head}{MOVES}session: {session}\n"), constant)
    return [event.text for event in found.events if isinstance(event, Speech)]


@pytest.mark.parametrize("cues", ["full", "brief"])
def test_all_of_it_is_told_in_the_opening_behind_the_safety_line(cues: str) -> None:
    words = said(f"cues: {cues}\nsafety: Stop if it hurts.\n")
    assert words[:4] == [
        *("T. This takes about 1 minute.", "Stop if it hurts.", "You need: a mat and a light band."),
        "First: Plank. 20 seconds.",
    ]
    assert len([text for text in words if "You need" in text]) == 1


def test_what_the_author_s_own_opening_names_is_not_told_again() -> None:
    session = "[say: Lay out two mats., say: Hello., {do: plank, rest: 6s}, {do: pull}]"
    assert [text for text in said("", session) if "You need" in text] == ["You need: a light band."]
    session = session.replace("Hello.", "Have your BAND at hand.")
    assert [text for text in said("", session) if "You need" in text] == []


def test_tones_alone_tell_none_of_it_and_a_block_that_says_more_does() -> None:
    assert [text for text in said("cues: tones\n") if "You need" in text] == []
    session = "[{do: plank}, {cues: full, items: [{do: pull}]}]"
    words = said("cues: tones\n", session)
    assert [text for text in words if "You need" in text] == ["You need: a mat and a light band."]


def test_a_phrase_that_is_silenced_takes_no_time() -> None:
    head = 'title: T\nphrases: {equipment: ""}\n'
    found = schedule(planned(f"{head}{MOVES}session: [{{do: pull}}]\n"), constant)
    assert [row.kind for row in found.intervals] == ["talk", "ready", "work", "talk", "talk"]
