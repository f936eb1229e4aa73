"""The five routines that ship: each can be followed by ear, and holds the doses of its article."""

from __future__ import annotations

import re
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
from audiocoach.language.language import traits
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.voice import Voice
from audiocoach.sound.mp3.frame import FRAME_MS
from audiocoach.units import MS_PER_MINUTE, ceil_to
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


# What of an article is heard, whatever the words around it; one row a fact that could be weakened or lost.
FACTS = {
    "bear-plank-flow": (
        *("as far as you can", "belly button", "shoulder blades wide", "Hands right under your shoulders"),
        *("belly firm", "float your knees", "before a run, or after one", "sat too long"),
    ),
    "knee-to-chest": (
        *("feet flat", "hands around your left knee", "Tighten your belly", "spine into the floor"),
        *("Breathe deeply", "No bouncing", "never a pain", "a doctor or a physical therapist"),
        *("sharp, or gets worse", "One clean repetition", "Do this regularly", "move up a level"),
    ),
    "sixteen-minutes": (
        *("Tail tucked. Tip as one piece", "your glutes lift you", "Back long, belly firm"),
        *("core, glutes and quads", "beside other workouts"),
    ),
    "four-moves": (
        *(
            "toes against the wall",
            "Right foot flat in front",
            "front of your left hip stretches",
            "grow tall",
        ),
        *("Front knee over its ankle", "both hands on it", "Breathe out, feet and hips up", "with control"),
        *("Do not swing", "your neck", "Your belly lifts you", "shoulders rest on the bench"),
        *("knees at a right angle", "One line", "Pause and squeeze", "Slowly down", "hip-width apart"),
        *(
            "Flex your left ankle",
            "Thighs and hips stay heavy",
            "As far as it goes",
            "Slowly, let it back out",
        ),
        "two or three times a week",
    ),
    "five-moves": (
        *(
            "cup one in each hand",
            "part them gently",
            "Slow and even",
            "big circles",
            "ball of your right foot",
        ),
        *(
            "Both legs work",
            "toes of your left foot look up",
            "as far as it goes",
            "strap into your right hand",
        ),
        *("your big toe", "inner thigh", "it may be strong", "one hip above the other", "your little toe"),
        *("outside of your leg", "Notice how much longer", "Lean over your hands", "to your heels"),
        *(
            "Nothing else moves",
            "Leave your arms down",
            "Legs together, a third of the way down",
            "Nearly to the floor",
        ),
        *("seat belt", "or under them", "Slow and steady", "Go only as low as your back stays down"),
    ),
}


def told(slug: str) -> str:
    """All that a listener hears of a routine at standard, with the reminders that wait for another day."""
    made = timeline(slug)
    done = {name for name in moves(made) if name}
    around = [
        words.text.replace("<side>", "left").replace("<other_side>", "right")
        for move in load(FOLDER / f"{slug}.yaml").routine.moves
        for words in move.reminders or ()
        if move.name in done
    ]
    return " ".join((*said(made), *around))


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
def test_it_holds_the_facts_of_its_article(slug: str) -> None:
    words = told(slug)
    assert [fact for fact in FACTS[slug] if fact not in words] == []


@every_routine
def test_it_closes_with_thanks_and_says_when_to_do_it_again(slug: str) -> None:
    close = [*said(timeline(slug), "say"), *said(timeline(slug), "close")][-1]
    assert "hank you" in close
    assert re.search(r"\b(again|back|whenever|week|regularly|beside)\b", close)


@every_routine
def test_it_leads_up_from_the_floor_once_all_is_done(slug: str) -> None:
    made = timeline(slug)
    done_ms = max(one.end_ms for one in made.intervals if one.move)
    after = [event.text for event in made.events if isinstance(event, Speech) and event.start_ms >= done_ms]
    assert re.search(r"\bstand\b", " ".join(after), re.IGNORECASE)


@every_routine
def test_its_levels_differ_in_what_is_done(slug: str) -> None:
    assert len({timeline(slug, level).duration_ms for level in LEVELS}) == len(LEVELS)


@every_routine
@every_level
def test_every_move_is_named_and_set_up_before_it_begins(slug: str, level: LevelName) -> None:
    made = timeline(slug, level)
    for name in dict.fromkeys(moves(made)):
        way_in, *_ = (one for one in made.intervals if one.move == name)
        assert way_in.kind in {"ready", "rest"}
        told = {event.cue for event in made.events if way_in.start_ms <= event.start_ms < way_in.end_ms}
        assert {"announce", "setup"} <= told, name


# Numbers, how many are left, and how many seconds.
COUNTS = {"count", "last", "left", "time_left"}


@every_routine
@every_level
def test_no_text_is_heard_more_than_twelve_times_but_for_counts(slug: str, level: LevelName) -> None:
    words = [event for event in timeline(slug, level).events if isinstance(event, Speech)]
    texts = Counter(word.text for word in words if word.cue not in COUNTS)
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


@pytest.mark.parametrize(("level", "repetitions"), [("gentle", 3), ("standard", 3), ("strong", 4)])
def test_bear_plank_flow_is_3_to_4_repetitions_a_set(level: LevelName, repetitions: int) -> None:
    sets = [step for step in planned("bear-plank-flow", level).steps if isinstance(step, Effort)]
    assert {step.length_ms // step.rep_ms for step in sets} == {repetitions}


@linux
def test_bear_plank_flow_calls_every_shape_until_it_is_known(spoken: Callable[[Utterance], int]) -> None:
    commands = said(schedule(planned("bear-plank-flow"), spoken), "step")
    # What comes twice in a repetition is known sooner, and half a repetition is not called.
    assert commands[4:] == ["Knees down and round", "Bear plank", "Knees down and arch", "Bear plank"] * 6


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


def test_sixteen_minutes_last_sixteen_minutes() -> None:
    assert timeline("sixteen-minutes").duration_ms == pytest.approx(16 * 60_000, abs=5000)


@linux
def test_sixteen_minutes_last_sixteen_minutes_in_the_real_voice(spoken: Callable[[Utterance], int]) -> None:
    made = schedule(planned("sixteen-minutes"), spoken)
    assert made.duration_ms == pytest.approx(16 * 60_000, abs=5000)


@every_level
def test_sixteen_minutes_leave_time_to_stand_up_from_the_back(level: LevelName) -> None:
    made = timeline("sixteen-minutes", level)
    rests = [one for one in made.intervals if one.kind == "rest" and one.move == "Good morning"]
    starts = {event.text: event.start_ms for event in made.events if isinstance(event, Speech)}
    up_ms = starts["Roll onto your side, and take your time to stand."]
    assert [one.duration_ms >= 32_000 for one in rests] == [True] * 3
    assert rests[-1].end_ms - up_ms >= 20_000


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
    none, offered, asked = (said(timeline("four-moves", level)) for level in LEVELS)
    assert not any("barbell" in words for words in none)
    assert "If you use a barbell, roll it up to your hips. Hold it there." in offered
    assert "Hold the barbell across your hips." in asked


def test_four_moves_tell_how_a_barbell_comes_on_and_off() -> None:
    offered, asked = said(timeline("four-moves"), "finish"), said(timeline("four-moves", "strong"))
    assert offered.count("Hips down, sit, and roll any barbell away.") == 3
    assert any("Roll it up to your hips" in words for words in asked)
    assert asked.count("Hips down, sit, and roll the barbell away.") == 3


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


def test_five_moves_tell_on_both_sides_where_the_other_leg_is() -> None:
    gentle, standard = said(timeline("five-moves", "gentle")), said(timeline("five-moves"))
    for side in ("left", "right"):
        assert f"Your {side} foot stands flat." in gentle
        assert f"Your {side} leg lies long on the floor." in standard


def test_five_moves_circle_in_both_directions() -> None:
    made = timeline("five-moves")
    ways = [one.way for one in made.intervals if one.way and one.kind in {"work", "reps"}]
    assert ways == ["outward", "inward", "to the right", "to the left"]


def test_five_moves_lift_the_right_leg_first() -> None:
    lifted = [text for text in said(timeline("five-moves")) if "leg and" in text and "arm up" in text]
    assert lifted[0].endswith("Right leg and left arm up.")


def test_five_moves_lift_the_leg_alone_at_gentle_and_reach_overhead_at_strong() -> None:
    gentle, strong = said(timeline("five-moves", "gentle")), said(timeline("five-moves", "strong"))
    assert "Sides take turns. Right leg up." in gentle
    assert any("arms out on the floor overhead" in words for words in strong)


# -- ready-made, for a moment of the day ---------------------------------------------------------

READY = {
    "desk break": ("desk-break-standing", "desk-break-floor"),
    "before a run": ("before-a-run", "before-a-run-strong-hips"),
    "evening": ("evening-unwind", "evening-breath-and-spine"),
    "beginners": ("beginners-first-week", "beginners-second-week"),
}
MOMENTS = {slug: moment for moment, slugs in READY.items() for slug in slugs}
every_ready = pytest.mark.parametrize("slug", MOMENTS)


def test_there_are_two_ready_made_routines_for_each_moment() -> None:
    there = {path.stem for path in (FOLDER / "ready").glob("*.yaml")}
    assert there == set(MOMENTS)
    assert {len(slugs) for slugs in READY.values()} == {2}


@every_ready
def test_a_ready_made_routine_says_for_what_and_for_whom_it_is(slug: str) -> None:
    loaded = load(FOLDER / "ready" / f"{slug}.yaml")
    assert loaded.warnings == ()
    routine = loaded.routine
    assert MOMENTS[slug] in routine.tags
    assert routine.description
    assert routine.safety


@every_ready
@every_level
def test_a_ready_made_routine_has_time_for_all_its_words(slug: str, level: LevelName) -> None:
    assert timeline(f"ready/{slug}", level).notes == ()


@every_ready
def test_a_ready_made_routine_lasts_a_break_and_differs_by_level(slug: str) -> None:
    lengths = [timeline(f"ready/{slug}", level).duration_ms for level in LEVELS]
    assert lengths == sorted(set(lengths))
    assert 5 * 60_000 <= lengths[0] <= lengths[-1] <= 25 * 60_000


@every_ready
def test_a_ready_made_routine_begins_softly_and_closes_with_thanks(slug: str) -> None:
    made = timeline(f"ready/{slug}")
    parts = list(dict.fromkeys(one.section for one in made.intervals if one.section))
    assert len(parts) >= 3
    assert "hank you" in [*said(made, "say"), *said(made, "close")][-1]


@pytest.mark.parametrize("slug", [*SLUGS, *(f"ready/{slug}" for slug in MOMENTS)])
@every_level
def test_a_title_that_names_minutes_is_true_at_every_level(slug: str, level: LevelName) -> None:
    routine = load(FOLDER / f"{slug}.yaml").routine
    texts = (routine.title, routine.description or "")
    named = [minutes for text in texts for _, minutes in traits("en").minutes.told(text)]
    lasts = round(timeline(slug, level).duration_ms / MS_PER_MINUTE) if named else 0
    assert [minutes for minutes in named if minutes != lasts] == []
