"""`cues: learn`: each move of the session once, slowly, in the order of first coming, without doses."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from audiocoach import api
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Effort, Gap, SayStep
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.errors import InputError
from tests.generate import HEAD, Speed, constant, planned, routines, speeds

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Event, Timeline

ROUTINES = sorted(path for path in Path("routines").glob("*.yaml") if path.stem != "audiocoach")
OTHER_SIDE = "The other side is done in the same way. Try it, or rest."
TWO = """\
title: Two
cues: learn
moves:
  bridge:
    name: Bridge
    setup: Lie down.
    steps: [Lift your hips., Down again.]
    tempo: 2-9
    reminders: [Push through your heels.]
    finish: Lower your hips, slowly.
  plank: {name: Plank, setup: Hands down., equipment: [a mat], hold: 20s}
session:
  - {do: bridge, reps: 10, sets: 3, rest: 30s}
  - {do: plank}
  - {do: bridge, for: 40s}
"""


def lesson(text: str) -> Timeline:
    return schedule(planned(text), constant)


def texts(timeline: Timeline, cue: str = "") -> list[str]:
    speeches = (event for event in timeline.events if isinstance(event, Speech))
    return [one.text for one in speeches if not cue or one.cue == cue]


def pause_after(timeline: Timeline, text: str) -> int:
    (said,) = (event for event in timeline.events if isinstance(event, Speech) and event.text == text)
    (pause,) = (one for one in timeline.intervals if one.kind == "pause" and one.start_ms == said.end_ms)
    return pause.duration_ms


def test_each_move_comes_once_in_the_order_of_first_coming() -> None:
    assert texts(lesson(TWO), "announce") == ["Move 1 of 2: Bridge.", "Move 2 of 2: Plank."]


def test_nothing_is_dosed_counted_or_timed() -> None:
    timeline = lesson(TWO)
    assert not any(isinstance(step, Effort | Gap) for step in planned(TWO).steps)
    assert [event.cue for event in timeline.events if isinstance(event, Tone)] == ["wake", "done"]
    assert not any("repetitions" in text or "seconds" in text for text in texts(timeline))


def test_every_step_has_the_time_of_its_phase_or_enough_to_do_it() -> None:
    timeline = lesson(TWO)
    assert pause_after(timeline, "Lift your hips.") == 4000
    assert pause_after(timeline, "Down again.") == 9000


def test_all_that_a_move_has_is_told_in_the_order_in_which_one_needs_it() -> None:
    text = TWO.replace(
        "    setup: Lie down.\n",
        "    why: It is good for you.\n    avoid_if: Not after surgery.\n    setup: Lie down.\n"
        "    caution: Easy.\n    at_go: Feet closer.\n    equipment: [a mat]\n"
        "    easier: {say: Lift less.}\n    harder: {say: Use one leg.}\n",
    )
    told = texts(lesson(text))
    first = told[told.index("Move 1 of 2: Bridge.") : told.index("Move 2 of 2: Plank.")]
    assert first == [
        "Move 1 of 2: Bridge.",
        "It is good for you.",
        "Not after surgery.",
        "Lie down.",
        "Easy.",
        "Feet closer.",
        "Lift your hips.",
        "Down again.",
        "As you do it: Push through your heels.",
        "Lower your hips, slowly.",
        "Easier: Lift less.",
        "Harder: Use one leg.",
    ]


def test_nobody_is_told_to_wait_for_a_tone_that_never_sounds() -> None:
    text = TWO.replace("setup: Hands down.", 'setup: Hands down., at_go: "At the tone, lift your knees."')
    assert "Now lift your knees." in texts(lesson(text))


def test_a_thing_is_fetched_once() -> None:
    text = TWO.replace("setup: Lie down.", "setup: Lie down.\n    equipment: [a mat]")
    assert texts(lesson(text), "equipment") == ["You need: a mat."]


def test_it_begins_with_its_title_and_what_is_needed() -> None:
    say = (
        "This is <title>. It takes <duration>. Sixteen minutes are enough. Welcome. Find yourself a cushion."
    )
    text = TWO.replace("title: Two", "title: Sixteen minutes\nsafety: Stop if it hurts.").replace(
        "session:\n", f"session:\n  - say: {say}\n"
    )
    opening = "Sixteen minutes: learn the moves. There are 2 moves, one after another, slowly."
    timeline = lesson(text)
    assert texts(timeline)[:5] == [
        f"{opening} The lesson takes about 1 minute.",
        "Stop if it hurts.",
        "You need: a mat.",
        "Find yourself a cushion.",
        "Move 1 of 2: Bridge.",
    ]
    assert timeline.notes == ()
    named = lesson(text.replace("Find yourself a cushion.", "Roll out your mat."))
    assert "You need: a mat." not in texts(named)


def test_it_leads_from_posture_to_posture_and_up_again() -> None:
    text = TWO.replace("name: Bridge\n", "name: Bridge\n    posture: supine\n")
    told = texts(lesson(text.replace("name: Plank,", "name: Plank, posture: prone,")))
    assert told[told.index("Lie down.") - 1] == "Come down to the floor."
    assert told[told.index("Hands down.") - 1] == "Turn over."
    assert told[-1] == "Push yourself up onto your knees, and take your time to stand."
    assert told[-2].startswith("You know the moves now.")


def test_whoever_is_in_a_position_is_led_out_of_it() -> None:
    assert texts(lesson(TWO), "finish") == ["Lower your hips, slowly.", "Come out of it slowly, and rest."]


def test_the_other_side_is_named_and_not_taught_again() -> None:
    told = texts(lesson(TWO.replace("setup: Lie down.", "setup: Lie on your <side> side.\n    sides: each")))
    assert told.count("Lie on your left side.") == 1
    assert told.index("Lower your hips, slowly.") < told.index(OTHER_SIDE)


def test_there_is_time_to_do_it_on_the_other_side() -> None:
    sided = TWO.replace("    tempo: 2-9\n", "    tempo: 2-9\n    sides: each\n")
    assert pause_after(lesson(sided), OTHER_SIDE) == 12_000


def test_the_moves_of_as_many_rounds_as_one_can_are_taught_one_by_one() -> None:
    head = TWO[: TWO.index("session:")]
    timeline = lesson(head + "session:\n  - {for: 5m, items: [{do: plank}, {do: bridge, reps: 5}]}\n")
    assert [one.title for one in timeline.chapters] == ["Plank", "Bridge"]


def test_a_chapter_for_each_move_and_a_title_of_its_own() -> None:
    timeline = lesson(
        TWO.replace("hold: 20s", "hold: 20s, reminders: [Push the floor away., Let your neck be long.]")
    )
    assert timeline.title == "Two: learn the moves"
    assert [chapter.title for chapter in timeline.chapters] == ["Bridge", "Plank"]
    assert texts(timeline)[0].startswith("Two: learn the moves. There are 2 moves")


def test_the_level_that_is_asked_for_is_taught() -> None:
    text = TWO.replace("hold: 20s}", "hold: 20s, easier: {say: Knees down.}}\nlevel: gentle")
    told = texts(lesson(text))
    assert "Knees down." in told
    assert "Easier: Knees down." not in told


def test_a_session_without_moves_has_nothing_to_teach() -> None:
    assert texts(lesson("title: T\ncues: learn\nsession: [{say: Hello.}]\n")) == ["Hello."]


@pytest.mark.parametrize(
    "line", ["- {do: plank, cues: learn}", "- {section: A, cues: learn, items: [{do: plank}]}"]
)
def test_a_lesson_is_a_whole_session(line: str) -> None:
    with pytest.raises(InputError, match='expected one of full, brief, tones, found "learn"'):
        planned(f"{HEAD}  {line}\n")


@pytest.mark.parametrize("path", ROUTINES, ids=lambda path: path.stem)
def test_a_lesson_of_each_routine_is_shorter_than_its_session_and_leaves_no_step_out(path: Path) -> None:
    session = api.preview(path, estimate=True, engine="silent")
    taught = api.preview(path, estimate=True, engine="silent", cues="learn")
    assert taught.duration_ms < session.duration_ms
    # On its other side a step is told shortly; a lesson teaches one.
    steps = {step_of(event) for event in session.events if event.cue in {"step", "guide", "setup"}}
    assert steps <= {step_of(event) for event in taught.events}


def step_of(event: Event) -> tuple[str, str]:
    """Where what is said stands: for a step, all of it."""
    way = str(event.position.node)
    return event.position.path, way.rpartition("/")[0] if way.endswith(("/say", "/short")) else way


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(routines(), speeds())
def test_any_lesson_teaches_every_move_once_and_leaves_the_time_that_it_promises(
    text: str, speed: Speed
) -> None:
    plan = planned("\n".join([*lines_without(text, "cues:"), "cues: learn", ""]))
    timeline = schedule(plan, speed)
    session = planned("\n".join([*lines_without(text, "cues:"), ""]))
    efforts = [step for step in session.steps if isinstance(step, Effort)]
    moves = [station.move for one in efforts for station in one.circuit] + [
        one.move for one in efforts if not one.circuit
    ]
    if not moves:
        return
    assert len(texts(timeline, "announce")) == len({move.key for move in moves})
    speeches = [event for event in timeline.events if isinstance(event, Speech)]
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(speeches))
    said = [(step.words.text, step.pause_ms) for step in plan.steps if isinstance(step, SayStep)]
    pauses = [one.duration_ms for one in timeline.intervals if one.kind == "pause"]
    assert pauses == [pause_ms for _, pause_ms in said if pause_ms]


def lines_without(text: str, key: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith(key)]


def test_a_lesson_needs_what_its_moves_need() -> None:
    text = TWO.replace("    name: Bridge\n", "    name: Bridge\n    equipment: [a mat]\n")
    assert schedule(planned(text), constant).equipment == ("a mat",)
