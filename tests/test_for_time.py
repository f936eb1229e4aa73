"""Rounds for time: so many, in a time of one's own, up to a cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

HEAD = """\
title: T
moves:
  squat: {name: Squat, reps: 10}
  press: {name: Press, reps: 5, weight: 12 kg}
session:
"""
ROUNDS = HEAD + "  - {repeat: 3, cap: 5m, items: [{do: squat}, {do: press}]}\n"


def timeline(text: str) -> Timeline:
    return schedule(planned(text), constant)


def said(text: str) -> list[str]:
    return [event.text for event in timeline(text).events if isinstance(event, Speech)]


def test_rounds_and_cap_are_told_with_the_moves() -> None:
    heard = said(ROUNDS)
    first = heard.index("Do 3 rounds, as quickly as you cleanly can. Stop after 5 minutes at the latest.")
    assert heard[first + 1 : first + 5] == [
        *("Squat. 10 repetitions.", "Press. 5 repetitions at 12 kg."),
        *("Start with Squat.", "When you are done, rest until the tone."),
    ]


def test_it_lasts_to_the_cap_and_its_minutes_are_called() -> None:
    (work,) = [one for one in timeline(ROUNDS).intervals if one.kind == "work"]
    assert work.duration_ms == 300_000
    assert [text for text in said(ROUNDS) if "left" in text] == [
        *(f"You have {minutes} minutes left." for minutes in (4, 3, 2)),
        "You have 1 minute left.",
    ]


def test_no_round_is_announced_as_if_the_coach_knew_when_it_begins() -> None:
    assert not [text for text in said(ROUNDS) if text.startswith(("Round", "Last round"))]


def test_one_round_is_once_through() -> None:
    assert "Once through, as quickly as you cleanly can. Stop after 5 minutes at the latest." in said(
        ROUNDS.replace("repeat: 3", "repeat: 1")
    )


def test_the_level_chooses_rounds_and_cap() -> None:
    text = ROUNDS.replace("repeat: 3, cap: 5m", "repeat: 2-4, cap: 4-6m, level: gentle")
    assert "Do 2 rounds, as quickly as you cleanly can. Stop after 4 minutes at the latest." in said(text)


WRONG = {
    "cap: 5m, items: [{do: squat}]": (
        "6:6: cap has nothing to do here: it belongs to repeat without every, such as repeat: 3; add repeat"
    ),
    "repeat: 3, cap: 5m, every: 60s, items: [{do: squat}]": (
        "6:17: cap has nothing to do here: it belongs to repeat without every, such as repeat: 3"
    ),
    "repeat: 3, cap: 5m, rest: 9s, items: [{do: squat}]": (
        "6:26: a block with cap: is rounds in a time of one's own: one rests when one wants, remove rest"
    ),
    "repeat: 3, cap: 5m, items: [{do: squat, sets: 2}]": (
        "6:46: a block with cap: is rounds in a time of one's own: a do in it has only its dose, remove sets"
    ),
    "repeat: 3, cap: 300, items: [{do: squat}]": (
        "6:22: expected a duration such as 30s, 1m30s or 1:30, found the bare number 300: write 300s"
    ),
}


@pytest.mark.parametrize("item", WRONG)
def test_what_has_no_place_in_it_is_told(item: str, tmp_path: Path) -> None:
    assert WRONG[item] in problems(f"{HEAD}  - {{{item}}}\n", tmp_path)
