"""A layout that keeps what did not change is, to the byte, the one that is made anew."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiocoach.coaching.schedule import retraced, schedule
from audiocoach.coaching.trace import NO_TRACE
from audiocoach.errors import InputError
from audiocoach.store.options import Overrides
from audiocoach.studio.look import look_again, look_at
from tests.conftest import examples
from tests.generate import Speed, constant, planned, routines, speeds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.coaching.trace import Trace

# What an edit changes: a time or a count, a word within a sentence, a line.
PLACES = re.compile(r"\b\d+(?=s\b)|(?<=reps: )\d+\b|(?<= )[a-z]+(?=[ .,])|^ *- .*\n", re.MULTILINE)
HOUR = """\
title: An hour of squats
moves:
  squat: {name: Squat, setup: Stand tall. Feet apart.}
  lunge: {name: Lunge, setup: Step back. Keep your front heel down.}
  curl: {name: Curl, setup: Arms down.}
  press: {name: Press, setup: Elbows in. Look ahead., reminders: [Breathe out as you press.]}
session:
  - say: This is <title>. It takes <duration>.
  - section: Legs
    repeat: 20
    items:
      - {do: squat, for: 45s, rest: 30s}
      - {do: lunge, reps: 8, sides: "left, right", rest: 30s}
  - section: Arms
    items:
      - {do: press, for: 40s, rest: 20s, sets: 3}
      - say: That is all. You did <duration>.
"""


def laid(text: str, speed: Callable[..., int], before: Trace = NO_TRACE) -> tuple[Timeline, Trace]:
    return retraced(planned(text), speed, lambda: None, before)


@cache
def hour() -> tuple[Timeline, Trace]:
    return laid(HOUR, constant)


@st.composite
def edited(draw: Callable[[st.SearchStrategy[Any]], Any], text: str) -> str:
    """The text with one time, one word or one line changed, doubled or gone."""
    places = [match.span() for match in PLACES.finditer(text)]
    start, end = draw(st.sampled_from(places))
    old = text[start:end]
    new = draw(st.sampled_from((f"1{old}", "", f"{old} {old}", f"{old}{old}", "7")))
    return f"{text[:start]}{new}{text[end:]}"


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), routines(), speeds())
def test_edited_is_as_made_anew(data: st.DataObject, text: str, speed: Speed) -> None:
    try:
        _, trace = laid(text, speed)
        for _ in range(3):
            text = data.draw(edited(text))
            plan = planned(text)
            timeline, trace = retraced(plan, speed, lambda: None, trace)
            assert timeline == schedule(plan, speed)
    except InputError:
        # An edit may make it a routine no more: then there is no layout.
        return


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tall", "straight"),
        ("This is", "This, then, is"),
        ("of squats", "of squats and lunges"),
        ("heel", "foot"),
        ("45s", "46s"),
        ("You did", "You have done"),
        ("repeat: 20", "repeat: 21"),
        # What comes late tells earlier where half of it is over, and which of how many moves begins.
        ("sets: 3", "sets: 12"),
        ("      - say: That", "      - {do: curl, for: 40s, rest: 20s}\n      - say: That"),
        ("Elbows in", "Both elbows in and close to your ribs"),
    ],
)
def test_an_hour_edited_is_an_hour_made_anew(old: str, new: str) -> None:
    _, trace = hour()
    text = HOUR.replace(old, new)
    plan = planned(text)
    assert retraced(plan, constant, lambda: None, trace)[0] == schedule(plan, constant)


def test_an_edit_lays_out_what_it_changed_and_no_more() -> None:
    _, before = hour()
    _, after = laid(HOUR.replace("That is all", "Well done"), constant, before)
    for old, new in zip(before.passes, after.passes, strict=True):
        same = sum(one.part is other.part for one, other in zip(old, new, strict=True))
        assert len(new) - same < 5


def test_words_that_take_longer_now_are_laid_out_anew() -> None:
    _, trace = hour()
    plan = planned(HOUR)

    def slower(utterance: Utterance) -> int:
        return constant(utterance) + 2400 * ("front heel" in utterance.text)

    timeline = retraced(plan, slower, lambda: None, trace)[0]
    assert timeline == schedule(plan, slower) != schedule(plan, constant)


def test_a_page_is_shown_the_same_of_an_edit(tmp_path: Path) -> None:
    path, trace = tmp_path / "hour.yaml", NO_TRACE
    texts = (HOUR, HOUR.replace("tall", "straight"), HOUR.replace("tall", "x: ["), HOUR.replace("30s", "25s"))
    for text in texts:
        shown, trace = look_again(path, text, Overrides(), trace)
        assert shown == look_at(path, text, Overrides())
