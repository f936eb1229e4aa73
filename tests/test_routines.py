"""The five routines that ship: each can be followed by ear, and holds the doses of its article."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.plan import plan
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Effort
from audiocoach.coaching.timeline import Speech
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.voice import Voice
from audiocoach.sound.mp3.frame import FRAME_MS
from audiocoach.units import ceil_to
from audiocoach.voice.studio import Studio
from tests.voices import DictStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.coaching.steps import Plan
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.routine.model import LevelName

FOLDER = Path(__file__).parent.parent / "routines"
SLUGS = ("bear-plank-flow", "knee-to-chest", "sixteen-minutes", "four-moves", "five-moves")
LEVELS: tuple[LevelName, ...] = ("gentle", "standard", "strong")

every_routine = pytest.mark.parametrize("slug", SLUGS)
every_level = pytest.mark.parametrize("level", LEVELS)
linux = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")


def about_as_spoken(utterance: Utterance) -> int:
    """Close to the default voice: it takes a moment, and then 53 ms a character."""
    return ceil_to(180 + 53 * len(utterance.text), FRAME_MS)


@pytest.fixture(scope="module")
def spoken() -> Iterator[Callable[[Utterance], int]]:
    """The real voice; what it said once it need not say again."""
    with Studio(DictStore()) as studio:
        yield studio.measure


def planned(slug: str, level: LevelName = "standard") -> Plan:
    routine = load(FOLDER / f"{slug}.yaml").routine
    diagnostics = Diagnostics()
    settings = replace(routine.settings, level=level)
    made = plan(replace(routine, settings=settings), Voice(), diagnostics, FRAME_MS)
    assert diagnostics.close() == ()
    return made


@cache
def timeline(slug: str, level: LevelName = "standard") -> Timeline:
    return schedule(planned(slug, level), about_as_spoken)


def moves(made: Timeline) -> list[str]:
    """The moves in the order in which they come."""
    return [name for name, _ in groupby(one.move for one in made.intervals if one.move)]


def doses(made: Timeline) -> dict[tuple[str, str | None], list[int]]:
    """For every move and side the seconds of its intervals of exercise, one after another."""
    found = defaultdict(list)
    for one in made.intervals:
        if one.move and one.kind in {"work", "hold", "reps", "breaths"}:
            found[one.move, one.side].append(one.duration_ms // 1000)
    return dict(found)


def repetitions(made: Plan) -> dict[tuple[str, str | None], list[int]]:
    """For every move and side the repetitions of its sets."""
    found = defaultdict(list)
    for step in made.steps:
        if isinstance(step, Effort) and step.kind == "reps":
            found[step.name, step.side].append(step.reps)
    return dict(found)


def said(made: Timeline, cue: str = "") -> list[str]:
    return [event.text for event in made.events if isinstance(event, Speech) and cue in {"", event.cue}]


# -- all five -----------------------------------------------------------------------------------


@every_routine
def test_it_loads_without_a_problem_or_a_warning(slug: str) -> None:
    assert load(FOLDER / f"{slug}.yaml").warnings == ()


@every_routine
def test_it_says_whom_it_is_from_and_what_it_is_for(slug: str) -> None:
    routine = load(FOLDER / f"{slug}.yaml").routine
    assert [key for key, _ in routine.credit] == ["coach", "publisher"]
    assert routine.description
    assert "lower back" in routine.tags


@every_routine
@every_level
def test_everything_finds_its_place_at_every_level(slug: str, level: LevelName) -> None:
    assert timeline(slug, level).notes == ()


@every_routine
@every_level
def test_the_safety_line_comes_before_any_exercise(slug: str, level: LevelName) -> None:
    made = timeline(slug, level)
    safety = load(FOLDER / f"{slug}.yaml").routine.safety
    assert safety is not None
    spoken_at = next(
        event.start_ms for event in made.events if isinstance(event, Speech) and event.text == safety.text
    )
    assert spoken_at < next(one.start_ms for one in made.intervals if one.move)


@every_routine
@every_level
def test_every_move_is_named_and_set_up_before_it_begins(slug: str, level: LevelName) -> None:
    made = timeline(slug, level)
    for name in dict.fromkeys(moves(made)):
        way_in, *_ = (one for one in made.intervals if one.move == name)
        assert way_in.kind in {"ready", "rest"}
        told = {event.cue for event in made.events if way_in.start_ms <= event.start_ms < way_in.end_ms}
        assert {"announce", "setup"} <= told, name


@every_routine
@every_level
def test_no_text_is_heard_more_than_twelve_times_but_for_counts(slug: str, level: LevelName) -> None:
    words = [event for event in timeline(slug, level).events if isinstance(event, Speech)]
    texts = Counter(word.text for word in words if word.cue not in {"count", "last"})
    assert [text for text, times in texts.items() if times > 12] == []


@linux
@every_routine
@every_level
def test_everything_finds_its_place_in_the_real_voice(
    slug: str, level: LevelName, spoken: Callable[[Utterance], int]
) -> None:
    assert schedule(planned(slug, level), spoken).notes == ()


# -- one by one ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "sets"), [("gentle", 2), ("standard", 3), ("strong", 3)])
def test_bear_plank_flow_is_40_seconds_on_and_20_off(level: LevelName, sets: int) -> None:
    made = timeline("bear-plank-flow", level)
    assert doses(made) == {("Bear plank flow", None): [40] * sets}
    assert [one.duration_ms for one in made.intervals if one.kind == "rest"] == [20_000] * (sets - 1)


def test_bear_plank_flow_says_to_look_at_the_belly_button() -> None:
    lesson = "Each repetition: Round your back, look to your belly button."
    assert lesson in said(timeline("bear-plank-flow"))


@linux
def test_bear_plank_flow_calls_every_shape_until_it_is_known(spoken: Callable[[Utterance], int]) -> None:
    commands = said(schedule(planned("bear-plank-flow"), spoken), "step")
    # What comes twice in a repetition is known sooner.
    shapes = ["Knees down and round", "Bear plank", "Knees down and arch", "Bear plank"] * 3
    assert commands[4:] == shapes + ["Knees down and round", "Knees down and arch"] * 6


def test_bear_plank_flow_is_a_warm_up_a_cool_down_and_a_desk_break() -> None:
    tags = load(FOLDER / "bear-plank-flow.yaml").routine.tags
    assert {"warm-up", "cool-down", "desk break"} <= set(tags)


@pytest.mark.parametrize(
    ("level", "holds"), [("gentle", [20] * 3), ("standard", [25] * 4), ("strong", [30] * 5)]
)
def test_knee_to_chest_is_held_20_to_30_seconds_3_to_5_times_a_side(
    level: LevelName, holds: list[int]
) -> None:
    done = doses(timeline("knee-to-chest", level))
    assert done["Knee to chest", "left"] == done["Knee to chest", "right"] == holds


def test_knee_to_chest_goes_on_to_the_five_moves_that_strengthen() -> None:
    expected = ["Knee to chest", "Pelvic tilt", "Cat-cow", "Bird dog", "Superman", "Bridge"]
    assert moves(timeline("knee-to-chest")) == expected


def test_knee_to_chest_warns_of_bouncing_and_of_pain() -> None:
    words = " ".join(said(timeline("knee-to-chest")))
    assert "No bouncing." in words
    assert "never a pain" in words
    assert "Breathe deeply" in words


def test_sixteen_minutes_last_sixteen_minutes() -> None:
    assert timeline("sixteen-minutes").duration_ms == pytest.approx(16 * 60_000, abs=5000)


@linux
def test_sixteen_minutes_last_sixteen_minutes_in_the_real_voice(spoken: Callable[[Utterance], int]) -> None:
    made = schedule(planned("sixteen-minutes"), spoken)
    assert made.duration_ms == pytest.approx(16 * 60_000, abs=5000)


def test_sixteen_minutes_hang_on_no_voice() -> None:
    made = planned("sixteen-minutes")
    slow = schedule(made, lambda utterance: about_as_spoken(utterance) * 6 // 5)
    quick = schedule(made, lambda utterance: about_as_spoken(utterance) * 4 // 5)
    assert slow.duration_ms - quick.duration_ms <= 10_000


def test_sixteen_minutes_warm_up_with_the_four_named_moves() -> None:
    made = timeline("sixteen-minutes")
    warm_up = [one.move for one in made.intervals if one.move and one.section == "Warm-up"]
    assert list(dict.fromkeys(warm_up)) == ["Hamstring scoop", "Quad pull", "Plank to pike", "Kneeling hinge"]


def test_sixteen_minutes_go_three_rounds_with_good_mornings_and_planks_to_bear() -> None:
    made = timeline("sixteen-minutes")
    circuit = ["Good morning", "Squat", "Plank to bear", "Dead bug"]
    assert moves(made)[4:] == circuit * 3
    assert any("Tail tucked." in words for words in said(made, "reminder"))


def test_four_moves_hold_the_hip_flexor_stretch_30_seconds_3_times_a_side() -> None:
    done = doses(timeline("four-moves"))
    assert done["Hip flexor wall stretch", "left"] == [30] * 3
    assert done["Hip flexor wall stretch", "right"] == [30] * 3


def test_four_moves_are_3_sets_of_10() -> None:
    assert repetitions(planned("four-moves")) == {
        ("Reverse ab curl", None): [10] * 3,
        ("Glute hip thrust", None): [10] * 3,
        ("Isometric banded hamstring curl", "left"): [10] * 3,
        ("Isometric banded hamstring curl", "right"): [10] * 3,
    }


def test_four_moves_come_in_order_and_curl_one_leg_before_the_other() -> None:
    made = timeline("four-moves")
    names = [
        "Hip flexor wall stretch",
        "Reverse ab curl",
        "Glute hip thrust",
        "Isometric banded hamstring curl",
    ]
    assert moves(made) == names
    curls = [one.side for one in made.intervals if one.move == names[-1] and one.kind == "reps"]
    assert curls == ["left"] * 3 + ["right"] * 3


def test_four_moves_ask_for_a_barbell_only_where_it_is_meant() -> None:
    offered, asked = said(timeline("four-moves")), said(timeline("four-moves", "strong"))
    assert "If you use a barbell, hold it across your hips." in offered
    assert "Hold the barbell across your hips." in asked


def test_five_moves_come_in_order() -> None:
    assert moves(timeline("five-moves")) == [
        "Knee circles",
        "Three-way leg stretch",
        "Around the world",
        "Pelvis stability bridge",
        "Thirty, sixty, ninety legs",
    ]


def test_five_moves_take_about_a_minute_each() -> None:
    done = doses(timeline("five-moves"))
    for name in ("Knee circles", "Around the world", "Pelvis stability bridge", "Thirty, sixty, ninety legs"):
        assert sum(done[name, None]) == 60


def test_five_moves_stretch_each_leg_three_ways_for_10_breaths_the_right_one_first() -> None:
    made = timeline("five-moves")
    breaths = [(one.side, one.duration_ms) for one in made.intervals if one.kind == "breaths"]
    assert breaths == [("right", 70_000)] * 3 + [("left", 70_000)] * 3
    noticed = [words for words in said(made, "guide") if "Notice" in words]
    assert len(noticed) == 1


def test_five_moves_circle_in_both_directions() -> None:
    made = timeline("five-moves")
    ways = [one.way for one in made.intervals if one.way and one.kind in {"work", "reps"}]
    assert ways == ["outward", "inward", "to the right", "to the left"]


def test_five_moves_lift_the_leg_alone_at_gentle_and_reach_overhead_at_strong() -> None:
    gentle, strong = said(timeline("five-moves", "gentle")), said(timeline("five-moves", "strong"))
    assert "Left leg up." in gentle
    assert any("arms out on the floor overhead" in words for words in strong)
