"""How a session ends in the rest that a grid leaves after its last exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline

PLANK = """\
title: T
tone: neutral
moves:
  plank: {name: Plank, hold: 25s, finish: Knees down., at_go: Step back., posture: prone}
session:
"""


def timeline(text: str) -> Timeline:
    return schedule(planned(text), constant)


def last_rest(text: str) -> tuple[list[str], int]:
    """What is said in the rest that ends the session, and when that is over, before the end of all."""
    found = timeline(text)
    rest = [row for row in found.intervals if row.kind == "rest"][-1]
    heard = [event for event in found.events if isinstance(event, Speech)]
    assert heard[-1].end_ms <= rest.end_ms
    return [event.text for event in heard if event.start_ms >= rest.start_ms], found.duration_ms - rest.end_ms


@pytest.mark.parametrize(
    ("session", "close"),
    [
        (
            "  - {do: plank, every: 60s, sets: 3}\n",
            [
                "That is the end. Well done.",
                "Push yourself up onto your knees, and take your time to stand.",
            ],
        ),
        ("  - {every: 60s, repeat: 3, items: [{do: plank}]}\n  - say: See you.\n", ["See you."]),
    ],
)
def test_nobody_waits_for_the_goodbye_in_the_rest_of_the_last_turn(session: str, close: list[str]) -> None:
    heard, after_ms = last_rest(PLANK + session)
    assert heard == ["Knees down.", "That was the last one.", *close]
    # The rest keeps its length; the last tone sounds after it.
    assert after_ms == 2000
    assert [row.duration_ms for row in timeline(PLANK + session).intervals if row.kind == "rest"] == [
        35_000
    ] * 3


def test_a_rest_without_the_time_for_it_is_followed_by_the_goodbye() -> None:
    found = timeline(PLANK + "  - {do: plank, every: 30s, sets: 2}\n")
    rest = [row for row in found.intervals if row.kind == "rest"][-1]
    heard = [event for event in found.events if isinstance(event, Speech)]
    assert rest.duration_ms == 5000
    assert heard[-1].start_ms >= rest.end_ms
