"""`cues: brief`: never longer than `full`, and never without what one has to know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from tests.generate import constant, planned, routines

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Utterance

MOVE = "title: T\nmoves:\n  bend:\n    {name: Bend, setup: Stand tall., %s}\nsession:\n  - {do: bend%s}\n"
# The length of a session is told in words that may be longer for a shorter one.
_LENGTH = re.compile(r"<duration>")


def as_told(text: str, cues: str) -> str:
    """The routine with this setting for the whole of it, and an opening that names no length."""
    lines = [line for line in _LENGTH.sub("so long", text).splitlines() if not line.startswith("cues:")]
    return "\n".join([*lines, f"cues: {cues}", "phrases: {opening: Welcome.}", ""])


def told(text: str) -> list[str]:
    events = schedule(planned(text), constant).events
    return [event.text for event in events if isinstance(event, Speech)]


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(routines(), st.sampled_from((1, 2)))
def test_brief_is_never_longer_than_full(text: str, slowness: int) -> None:
    def voice(utterance: Utterance) -> int:
        return slowness * constant(utterance)

    brief, full = (schedule(planned(as_told(text, cues)), voice) for cues in ("brief", "full"))
    assert brief.duration_ms <= full.duration_ms


SIDES_MEET = """\
title: T
moves:
  bend: {name: Side bend, sides: each, steps: [%s]%s}
session:
  - {do: bend, reps: %s, switch: 0s%s}
"""
STEPS = st.lists(
    st.sampled_from(("Up.", "Hold the floor.", "Hips reach and breathe.", "Lower and hold your shoulder.")),
    min_size=2,
    max_size=3,
    unique=True,
)
REPS = st.one_of(st.integers(2, 8).map(str), st.lists(st.integers(1, 8), min_size=2, max_size=3).map(str))


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(
    STEPS.map(", ".join),
    st.sampled_from(("", ", finish: Come out of it slowly.")),
    REPS,
    st.sampled_from(("", ", count_in: voice 5s", ", count_in: 0s")),
    st.sampled_from((50, 60, 80, 100)),
)
def test_brief_is_never_longer_where_sides_meet(
    steps: str, out: str, reps: str, count: str, letter_ms: int
) -> None:
    def voice(utterance: Utterance) -> int:
        return 300 + letter_ms * len(utterance.text)

    text = SIDES_MEET % (steps, out, reps, count)
    brief, full = (schedule(planned(as_told(text, cues)), voice) for cues in ("brief", "full"))
    assert brief.duration_ms <= full.duration_ms


def test_brief_says_no_side_before_steps_that_name_it() -> None:
    text = """\
title: T
moves:
  bend: {sides: alternate, steps: [Reach down a long way to the <side>.], tempo: 4s}
session:
  - {do: bend, for: 30s, at: [{at: 1s, say: Let the neck be long.}]}
"""
    brief = told(as_told(text, "brief"))
    assert "Sides take turns. Reach down a long way to the left." in brief
    assert "Left side first." not in brief
    assert "Left side first." in told(as_told(text, "tones"))


def test_brief_keeps_the_number_of_every_set_and_round() -> None:
    words = told(MOVE % ("hold: 20s", ", sets: 3, rest: 10s") + "cues: brief\n")
    assert [text for text in words if text in {"Set 2 of 3.", "Last set."}] == ["Set 2 of 3.", "Last set."]
    rounds = told(
        "title: T\ncues: brief\nmoves: {bend: {hold: 20s}}\nsession:\n"
        "  - {repeat: 3, rest: 10s, items: [{do: bend}]}\n"
    )
    wanted = ["There are 3 rounds.", "Round 2 of 3.", "Last round."]
    assert [text for text in rounds if "ound" in text] == wanted


def test_brief_keeps_sides_and_safety() -> None:
    words = told("safety: Stop if it hurts.\n" + MOVE % ("hold: 20s", ", sides: each") + "cues: brief\n")
    assert {"Stop if it hurts.", "Left side first.", "Switch sides. Right side."} <= set(words)


@pytest.mark.parametrize("dose", ["tempo: 4-4, reps: 3", "for: 40s", "breaths: 3"])
def test_brief_teaches_ahead_only_the_steps_that_full_has_to(dose: str) -> None:
    steps = f"steps: [Bend down as far as it goes., Come up.], {dose}"
    brief, full = (
        schedule(planned(as_told(MOVE % (steps, ""), cues)), constant) for cues in ("brief", "full")
    )
    ready = [next(one.end_ms for one in line.intervals if one.kind == "ready") for line in (brief, full)]
    ahead = [
        [event.position for event in line.events if event.cue == "step" and event.start_ms < go_ms]
        for line, go_ms in zip((brief, full), ready, strict=True)
    ]
    assert ahead[0] == ahead[1]


@pytest.mark.parametrize("dose", ["tempo: 4-4, reps: 3", "for: 40s", "hold: 40s", "breaths: 3"])
def test_brief_tells_each_step_once(dose: str) -> None:
    steps = f"steps: [Bend down as far as it goes., Come up.], {dose}"
    words = told(MOVE % (steps, ", sets: 3, rest: 10s") + "cues: brief\n")
    assert len([text for text in words if "Bend down as far as it goes." in text]) == 1
    assert len([text for text in words if "Come up." in text]) == 1


@pytest.mark.parametrize("dose", ["reps: 10, tempo: 4-3", "reps: 20, tempo: 2s", "for: 60s"])
def test_brief_calls_the_side_of_every_repetition_in_every_set(dose: str) -> None:
    move = f"steps: [{{say: Reach far., short: Reach}}, Back], sides: alternate, {dose}"
    timeline = schedule(planned(MOVE % (move, ", sets: 3, rest: 30s") + "cues: brief\n"), constant)
    exercises = [one for one in timeline.intervals if one.kind in {"reps", "work"}]
    called = [
        [
            event.text[:1]
            for event in timeline.events
            if isinstance(event, Speech) and one.start_ms <= event.start_ms < one.end_ms
            if event.text.startswith(("Left", "Right"))
        ]
        for one in exercises
    ]
    assert len(called) == 3
    assert called[1] == called[2] == ["L", "R"] * (len(called[1]) // 2) + ["L"] * (len(called[1]) % 2)
    assert len(called[1]) >= 10
    assert len(called[0]) >= len(called[1]) - 1


def test_brief_tells_how_long_a_rest_is() -> None:
    words = told(MOVE % ("for: 20s", ", sets: 3, rest: 30s") + "cues: brief\n")
    assert len([text for text in words if "30 seconds" in text and "est" in text]) == 2
    # That it is a rest, without its length, is no news.
    assert not [
        text for text in told(MOVE % ("for: 20s", ", sets: 3, rest: 9s") + "cues: brief\n") if "est." in text
    ]
