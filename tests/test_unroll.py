"""Levels, rounds, sets, sides, ways and repetitions written out."""

from pathlib import Path

import pytest

from audiocoach.coaching.steps import Effort, Gap, PauseStep
from audiocoach.coaching.unroll import choose, choose_gap_ms, choose_time_ms
from audiocoach.errors import InputError
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.model import LevelName, Range
from tests.generate import planned, problems

TEXT = "title: T\nmoves:\n  bend: {{name: Bend, {move}}}\nsession:\n  - {{do: bend{do}}}\n"


def efforts(move: str, do: str = "") -> list[Effort]:
    plan = planned(TEXT.format(move=move, do=f", {do}" if do else ""))
    return [step for step in plan.steps if isinstance(step, Effort)]


def gaps(move: str, do: str = "") -> list[tuple[str, int]]:
    plan = planned(TEXT.format(move=move, do=f", {do}" if do else ""))
    return [(step.kind, step.length_ms) for step in plan.steps if isinstance(step, Gap)]


COUNTS: list[tuple[LevelName, int, int, int]] = [
    ("gentle", 2, 3, 2),
    ("standard", 2, 3, 3),
    ("strong", 2, 3, 3),
    ("standard", 2, 4, 3),
    ("standard", 5, 5, 5),
    ("standard", 1, 4, 3),
]


@pytest.mark.parametrize(("level", "low", "high", "count"), COUNTS)
def test_gentle_takes_the_low_end_strong_the_high_standard_the_middle_rounded_up(
    level: LevelName, low: int, high: int, count: int
) -> None:
    assert choose(Range(low, high), level) == count


TIMES: list[tuple[LevelName, int, int]] = [
    ("gentle", 20_000, 30_000),
    ("standard", 25_000, 25_000),
    ("strong", 30_000, 20_000),
]


@pytest.mark.parametrize(("level", "work_ms", "rest_ms"), TIMES)
def test_rests_are_the_other_way_round(level: LevelName, work_ms: int, rest_ms: int) -> None:
    assert choose_time_ms(Range(20_000, 30_000), level) == work_ms
    assert choose_gap_ms(Range(20_000, 30_000), level) == rest_ms


def test_the_middle_is_rounded_up_to_a_whole_second() -> None:
    assert choose_time_ms(Range(20_000, 25_000), "standard") == 23_000
    assert choose_time_ms(Range(500, 700), "standard") == 700


LENGTHS = {
    "for: 40s": ("work", 40_000),
    "hold: 30s": ("hold", 30_000),
    "breaths: 5": ("breaths", 35_000),
    "breaths: 5, breath: 4-7-8": ("breaths", 95_000),
    "hold: 10 breaths, breath: 4-6": ("breaths", 100_000),
    "reps: 10": ("reps", 40_000),
    "reps: 10, steps: [Down., Up.]": ("reps", 60_000),
    "reps: 10, tempo: 3-1-2-0": ("reps", 60_000),
    "reps: 10, tempo: 4s": ("reps", 40_000),
    "reps: 10, tempo: 2-1-3, steps: [Up., Hold., Down.]": ("reps", 60_000),
    "hold: 20-30s": ("hold", 25_000),
}


@pytest.mark.parametrize("fields", LENGTHS)
def test_how_long_each_dose_lasts(fields: str) -> None:
    (effort,) = efforts(fields)
    assert (effort.kind, effort.length_ms) == LENGTHS[fields]


LED = {
    ("breath: 5-5", "for: 5m"): ("breaths", 300_000, None),
    ("for: 5m, breath: 5-5", ""): ("breaths", 300_000, None),
    ("reps: 5, tempo: 3s", "for: 60s, breath: 5-5"): ("breaths", 60_000, None),
    ("breaths: 5, breath: 5-5", "for: 60s, tempo: 3s"): ("work", 60_000, None),
    ("steps: [In., Out.]", "for: 60s, breath: 5-5"): ("breaths", 60_000, None),
    ("", "for: 60s"): ("work", 60_000, None),
    ("", "for: 60s, breath: 4-7-8"): (
        "breaths",
        57_000,
        "5:16: note: 60s of breaths of 19s: 57s, to the end of the last whole one",
    ),
    ("", "for: 1m, breath: 3-3.5"): (
        "breaths",
        58_500,
        "5:16: note: 60s of breaths of 6.5s: 58.5s, to the end of the last whole one",
    ),
    ("", "for: 10-30s, breath: 4-6"): ("breaths", 20_000, None),
    ("steps: [{say: Breathe., for: 25s, breath: 4-6}]", ""): (
        "breaths",
        20_000,
        "3:46: note: 25s of breaths of 10s: 20s, to the end of the last whole one",
    ),
    # The time of a step is its own: the breath of the move is for those that last breaths.
    ("breath: 4-6, steps: [{say: A., for: 25s}, {say: B., breaths: 2}]", ""): ("work", 25_000, None),
}


@pytest.mark.parametrize(("move", "do"), LED)
def test_a_time_beside_a_breath_is_led_breaths(move: str, do: str, tmp_path: Path) -> None:
    text = TEXT.format(move=move, do=f", {do}" if do else "")
    effort = next(step for step in planned(text).steps if isinstance(step, Effort))
    kind, length_ms, note = LED[move, do]
    assert (effort.kind, effort.length_ms) == (kind, length_ms)
    assert bool(effort.breath_ms) == (kind == "breaths")
    assert problems(text, tmp_path) == ([note] if note else [])


def test_the_breath_of_a_routine_leads_no_time() -> None:
    text = "title: T\nbreath: 5-5\nmoves: {bend: {name: Bend, for: 60s}}\nsession: [do: bend]\n"
    assert [step.kind for step in planned(text).steps if isinstance(step, Effort)] == ["work"]


def test_a_time_too_short_for_a_breath_is_refused(tmp_path: Path) -> None:
    assert problems(TEXT.format(move="breath: 5-5", do=", for: 9s"), tmp_path) == [
        "5:16: expected time for a whole breath, such as for: 10s, found 9s"
    ]


def test_a_tempo_by_default_is_none_of_a_timed_step() -> None:
    move = "moves: {bend: {steps: [{say: A., for: 30s}]}}"
    (effort,) = (
        step
        for step in planned(f"title: T\ndefaults: {{tempo: 3s}}\n{move}\nsession: [do: bend]\n").steps
        if isinstance(step, Effort)
    )
    assert effort.rep_ms == 0


HOLDS = {
    # A count on a move that holds is the number of its holds ...
    ("hold: 10s, release: 2s", "reps: 8"): (8, 10_000, 2000),
    ("hold: 10s, reps: 3, release: 2s", "reps: 8"): (8, 10_000, 2000),
    ("hold: 2 breaths, release: 2s", "reps: 8"): (8, 14_000, 2000),
    ("hold: 10s, harder: {reps: 8}", "level: strong"): (8, 10_000, 3000),
    # ... and a hold on a move of several holds is their length.
    ("hold: 10s, reps: 3", "hold: 15s"): (3, 15_000, 3000),
    ("hold: 10s, reps: 3", "hold: 2 breaths"): (3, 14_000, 3000),
    ("hold: 2 breaths, reps: 3", "hold: 15s"): (3, 15_000, 3000),
    ("hold: 10s, reps: 3, harder: {hold: 15s}", "level: strong"): (3, 15_000, 3000),
    ("hold: 10s, reps: 3, harder: {hold: 15s}", "reps: 4, level: strong"): (4, 15_000, 3000),
    ("hold: 10s, reps: 3", "hold: 15s, reps: 4"): (4, 15_000, 3000),
}


@pytest.mark.parametrize(("move", "do"), HOLDS)
def test_a_count_on_a_move_that_holds_is_its_holds(move: str, do: str) -> None:
    count, length_ms, release_ms = HOLDS[move, do]
    assert [(one.rep, one.length_ms) for one in efforts(move, do)] == [
        (rep, length_ms) for rep in range(1, count + 1)
    ]
    assert gaps(move, do)[1:] == [("release", release_ms)] * (count - 1)


REPLACED = {
    ("hold: 10s", "hold: 15s"): ("hold", 15_000),
    ("breaths: 4", "reps: 5"): ("reps", 20_000),
    ("reps: 4", "hold: 15s"): ("hold", 15_000),
    ("hold: 10s, reps: 3", "for: 40s"): ("work", 40_000),
    ("hold: 10s, reps: 3", "breaths: 2"): ("breaths", 14_000),
}


@pytest.mark.parametrize(("move", "do"), REPLACED)
def test_any_other_dose_replaces_that_of_the_move(move: str, do: str) -> None:
    (effort,) = efforts(move, do)
    assert (effort.kind, effort.length_ms) == REPLACED[move, do]


ORDERS = {
    "left, right": ["1 left", "2 left", "1 right", "2 right"],
    "right, left": ["1 right", "2 right", "1 left", "2 left"],
    "each": ["1 left", "1 right", "2 left", "2 right"],
    "alternate": ["1 left", "2 right"],
    "left": ["1 left", "2 left"],
}


@pytest.mark.parametrize("sides", ORDERS)
def test_the_order_of_sets_and_sides(sides: str) -> None:
    written = f"[{sides}]" if "," in sides else sides
    found = efforts(f"for: 40s, sets: 2, sides: {written}")
    assert [f"{effort.set} {effort.side}" for effort in found] == ORDERS[sides]


def test_ways_work_like_each_inside_a_side() -> None:
    found = efforts("for: 20s, sides: each, ways: [up, down]")
    rows = [(effort.side, effort.way) for effort in found]
    assert rows == [("left", "up"), ("left", "down"), ("right", "up"), ("right", "down")]


def test_alternating_repetitions_are_shared_and_an_odd_count_rounds_up() -> None:
    diagnostics = Diagnostics()
    plan = planned(TEXT.format(move="reps: 9, sides: alternate", do=""), diagnostics)
    (effort,) = (step for step in plan.steps if isinstance(step, Effort))
    assert (effort.reps, effort.rep_sides, effort.length_ms) == (10, ("left", "right"), 40_000)
    assert [one.message for one in diagnostics.problems] == [
        "9 repetitions on alternating sides: 10, so that both do as many"
    ]


SHARED = {
    "for: 40s": "one set has no other side, so it is done on the left alone: add sets: 2, or sides: each",
    "hold: 40s": "one set has no other side, so it is done on the left alone: add sets: 2, or sides: each",
    "for: 40s, sets: 3, rest: 9s": (
        "3 sets on alternating sides: 2 on the left, 1 on the right; write an even number of sets"
    ),
    "for: 40s, sets: 2, rest: 9s": None,
    "for: 40s, tempo: 4s": None,
    "for: 40s, steps: [Up., Down.]": None,
    "reps: 4": None,
    "hold: 5s, reps: 4": None,
}


@pytest.mark.parametrize("fields", SHARED)
def test_sets_that_cannot_share_two_sides_are_noted(fields: str) -> None:
    diagnostics, wanted = Diagnostics(), SHARED[fields]
    planned(TEXT.format(move=f"{fields}, sides: alternate", do=""), diagnostics)
    assert [str(one) for one in diagnostics.problems] == (
        [f"routine.yaml:5:5: note: {wanted}"] if wanted else []
    )


BREATHS_MS = {
    ("", "breath: 5-5, ", "", ""): 10_000,
    ("", "defaults: {breath: 5-5}, ", "", ""): 10_000,
    ("breath: 2-2", "breath: 5-5, ", "", ""): 10_000,
    ("breath: 2-2", "defaults: {breath: 5-5}, ", "", ""): 10_000,
    ("defaults: {breath: 2-2}", "breath: 5-5, ", "", ""): 10_000,
    ("defaults: {breath: 2-2}", "", "", ""): 4000,
    ("breath: 2-2", "breath: 5-5, ", "breath: 6-6, ", ""): 12_000,
    ("breath: 2-2", "breath: 5-5, ", "breath: 6-6, ", ", breath: 7-7"): 14_000,
}


@pytest.mark.parametrize(("head", "block", "move", "do"), BREATHS_MS)
def test_the_innermost_breath_counts(head: str, block: str, move: str, do: str) -> None:
    moves = f"moves: {{bend: {{name: Bend, {move}breaths: 1}}}}"
    items = f"session: [{{section: A, {block}items: [{{do: bend{do}}}]}}]"
    (effort,) = (
        step for step in planned(f"title: T\n{head}\n{moves}\n{items}\n").steps if isinstance(step, Effort)
    )
    assert effort.length_ms == BREATHS_MS[head, block, move, do]


def test_alternating_a_time_is_that_time() -> None:
    (effort,) = efforts("for: 40s, sides: alternate")
    assert effort.length_ms == 40_000


def test_holds_change_sides_with_every_hold() -> None:
    found = efforts("hold: 10s, reps: 4, sides: alternate")
    assert [(effort.rep, effort.side) for effort in found] == [
        (1, "left"),
        (2, "right"),
        (3, "left"),
        (4, "right"),
    ]


GAPS = {
    "for: 9s, sets: 3, rest: 20s": [("ready", 5000), ("rest", 20_000), ("rest", 20_000)],
    "for: 9s, sets: 2, rest: 0s": [("ready", 5000), ("rest", 0)],
    "for: 9s, sides: each": [("ready", 5000), ("switch", 5000)],
    "for: 9s, sides: each, switch: 2s": [("ready", 5000), ("switch", 2000)],
    "for: 9s, ways: [up, down]": [("ready", 5000), ("switch", 0)],
    "for: 9s, ways: [up, down], switch: 3s": [("ready", 5000), ("switch", 3000)],
    "hold: 9s, reps: 3": [("ready", 5000), ("release", 3000), ("release", 3000)],
    "hold: 9s, reps: 2, release: 0s": [("ready", 5000), ("release", 0)],
    "for: 9s, ready: 10s": [("ready", 10_000)],
    # All sets on one side, then the other: where a rest and a switch meet, the longest counts.
    "for: 9s, sets: 2, sides: [left, right], rest: 8s": [
        ("ready", 5000),
        ("rest", 8000),
        ("rest", 8000),
        ("rest", 8000),
    ],
    "for: 9s, sets: 1, sides: [left, right], rest: 3s": [("ready", 5000), ("switch", 5000)],
}


@pytest.mark.parametrize("fields", GAPS)
def test_what_lies_between(fields: str) -> None:
    assert gaps(fields) == GAPS[fields]


def test_every_fills_its_grid_with_rest_at_the_end_too() -> None:
    assert gaps("for: 40s", "every: 60s, sets: 2") == [("ready", 5000), ("rest", 20_000), ("rest", 20_000)]


def test_a_dose_on_a_do_replaces_the_moves_dose_tempo_stays() -> None:
    (effort,) = efforts("reps: 10, tempo: 5s", "reps: 4")
    assert effort.length_ms == 20_000


def test_the_fields_of_a_harder_move_hold_at_strong() -> None:
    (effort,) = efforts("for: 40s, harder: {for: 60s}", "level: strong")
    assert effort.length_ms == 60_000


def test_a_guided_move_keeps_its_steps_for_their_side() -> None:
    steps = "sides: each, steps: [{say: A., hold: 5s}, {say: B., pause: 8s, when: first side}]"
    found = efforts(steps)
    assert [(effort.kind, effort.side, effort.length_ms) for effort in found] == [
        ("hold", "left", 5000),
        ("pause", "left", 8000),
        ("hold", "right", 5000),
    ]


ROUNDS = """
title: T
moves: {bend: {name: Bend, for: 9s}, hop: {name: Hop, for: 9s}}
session:
  - repeat: 2
    rest: 30s
    items: [{do: bend, rest: 5s}, do: hop]
"""


def test_a_rest_on_a_block_stands_between_rounds() -> None:
    steps = planned(ROUNDS).steps
    found = [(step.kind, step.length_ms) for step in steps if isinstance(step, Gap)]
    assert found == [("ready", 5000), ("rest", 5000), ("rest", 30_000), ("rest", 5000)]
    places = [(step.place.round, step.name) for step in steps if isinstance(step, Effort)]
    assert places == [(1, "Bend"), (1, "Hop"), (2, "Bend"), (2, "Hop")]


NESTED = """
title: T
moves: {{bend: {{name: Bend, for: {length}}}}}
session:
  - repeat: 1000
    items: [{{repeat: 1000, items: [{{repeat: 1000, items: [{item}]}}]}}]
"""


def test_11_a_billion_rounds_are_refused_at_once() -> None:
    with pytest.raises(InputError, match="too many steps: expected at most 40,000"):
        planned(NESTED.format(length="1s", item="{rest: 1s}"))


def test_11_more_than_a_day_is_refused() -> None:
    with pytest.raises(InputError, match="the session is too long: expected at most 24 hours in all"):
        planned(NESTED.format(length="1h", item="do: bend"))


def test_level_and_manner_are_inherited() -> None:
    plan = planned(
        "title: T\nlevel: gentle\ncues: brief\nmoves: {bend: {name: Bend, hold: 20-30s}}\n"
        "session:\n  - do: bend\n  - {section: A, level: strong, tones: soft, items: [do: bend]}\n"
    )
    found = [step for step in plan.steps if isinstance(step, Effort)]
    assert [(step.length_ms, step.delivery.cues, step.delivery.tones) for step in found] == [
        (20_000, "brief", "full"),
        (30_000, "brief", "soft"),
    ]


def test_a_pause_is_a_pause() -> None:
    plan = planned("title: T\nsession: [{say: A.}, {pause: 3s}]\n")
    assert [step.length_ms for step in plan.steps if isinstance(step, PauseStep)] == [3000]
