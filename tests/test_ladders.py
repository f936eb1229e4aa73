"""A value for each set: ladders and pyramids, from what is written to what is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.outline import outline
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Effort
from audiocoach.coaching.timeline import Speech
from audiocoach.publish.preview import as_text
from audiocoach.publish.timeline_json import as_json, from_json
from tests.generate import constant, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "title: T\nmoves:\n  curl: {name: Curl}\n  plank: {name: Plank, hold: 10s}\nsession:\n"


def efforts(item: str) -> list[Effort]:
    return [step for step in planned(f"{HEAD}  - {{{item}}}\n").steps if isinstance(step, Effort)]


def said(item: str) -> list[str]:
    events = schedule(planned(f"{HEAD}  - {{{item}}}\n"), constant).events
    return [event.text for event in events if isinstance(event, Speech)]


LENGTHS_S = {
    "do: curl, for: [60s, 45s, 30s], rest: 9s": [60, 45, 30],
    "do: curl, reps: [12, 10, 8], rest: 9s, tempo: 2s": [24, 20, 16],
    "do: curl, breaths: [3, 2], breath: 4-6, rest: 9s": [30, 20],
    "do: curl, hold: [10s, 20-30s], rest: 9s": [10, 25],
    "do: curl, hold: [10s, 2 breaths], rest: 9s": [10, 14],
    "do: curl, hold: [5s, 6s], sides: each, rest: 9s": [5, 5, 6, 6],
    "do: curl, hold: [5s, 6s], sides: [left, right], rest: 9s": [5, 6, 5, 6],
    "do: curl, hold: 5s, reps: [2, 1], rest: 9s": [5, 5, 5],
    "do: curl, hold: [5s, 6s], reps: [1, 2], rest: 9s": [5, 6, 6],
    "do: plank, reps: [2, 1], rest: 9s": [10, 10, 10],
    "do: curl, for: [40s, 20s], every: 60s": [40, 20],
    "do: curl, for: [40s, 20s], sets: 2, rest: 9s": [40, 20],
}


@pytest.mark.parametrize("item", LENGTHS_S)
def test_each_set_has_its_own_dose(item: str) -> None:
    assert [effort.length_ms / 1000 for effort in efforts(item)] == LENGTHS_S[item]


def test_the_level_chooses_within_each_set() -> None:
    item = "do: curl, reps: [10-12, 8-10], rest: 9s, level: gentle"
    assert [effort.reps for effort in efforts(item)] == [10, 8]


def test_both_sides_of_each_set_have_as_many() -> None:
    assert [effort.reps for effort in efforts("do: curl, reps: [5, 4], sides: alternate, rest: 9s")] == [6, 4]


ANNOUNCED = {
    "do: curl, reps: [12, 10, 8], rest: 20s": "First: Curl. 12, then 10, then 8 repetitions.",
    "do: curl, for: [60s, 30s], rest: 20s": "First: Curl. 1 minute, then 30 seconds.",
    "do: curl, hold: [10s, 20s], rest: 20s": "First: Curl. Hold for 10 seconds, then 20 seconds.",
    "do: curl, breaths: [5, 3], rest: 20s": "First: Curl. 5, then 3 breaths.",
    "do: plank, reps: [2, 1], rest: 20s": (
        "First: Plank. 2 holds of 10 seconds, then one hold of 10 seconds."
    ),
    "do: curl, reps: [8, 6], sides: each, rest: 20s": "First: Curl. 8, then 6 repetitions each side.",
    # Sets that are alike at this level are told as such.
    "do: curl, reps: [10, 9-10], rest: 20s": "First: Curl. 10 repetitions, 2 sets.",
}


@pytest.mark.parametrize("item", ANNOUNCED)
def test_the_dose_of_all_sets_is_told_first(item: str) -> None:
    assert ANNOUNCED[item] in said(item)


@pytest.mark.parametrize("cues", ["full", "brief"])
def test_each_later_set_is_told_with_its_dose(cues: str) -> None:
    heard = said(f"do: curl, reps: [12, 10, 8], rest: 20s, cues: {cues}")
    assert [text for text in heard if "et" in text and "set" in text.lower()] == [
        "Set 2 of 3. 10 repetitions.",
        "Last set. 8 repetitions.",
    ]


def test_on_the_other_side_the_first_set_is_told_again() -> None:
    heard = said("do: curl, reps: [12, 8], sides: [left, right], rest: 20s, tempo: 2s")
    side = heard.index("Right side.")
    assert heard[side + 1] == "Set 1 of 2. 12 repetitions."


def test_where_no_gap_follows_the_next_set_is_told_ahead() -> None:
    heard = said("do: curl, for: [40s, 30s, 20s], rest: 0s")
    assert [text for text in heard if text.startswith("Then")] == [
        "Then set 2 of 3. 30 seconds.",
        "Then the last set. 20 seconds.",
    ]


WRONG = {
    "do: curl, reps: [12, 10, 8], sets: 2, rest: 9s": (
        '6:35: expected sets: 3, or none: "curl" has a value for each of 3 sets, found 2'
    ),
    "do: curl, reps: [12, 10], sets: 2-3, rest: 9s": (
        '6:32: expected sets: 2, or none: "curl" has a value for each of 2 sets, found 2-3'
    ),
    "do: curl, hold: [9s, 8s], reps: [1, 2, 3]": (
        "6:32: expected a value for each set of both, as many of the one as of the other, "
        "found 2 of hold and 3 of reps"
    ),
    "do: curl, reps: []": (
        "6:22: expected a value for each set, 1 to 100 of them, such as [12, 10, 8], found an empty list"
    ),
    "do: curl, reps: [12, ten]": (
        "6:27: expected a whole number from 1 to 1,000 of repetitions, or a range such as 2-3, "
        'found "ten": write 10'
    ),
    "for: 5m, items: [{do: curl, reps: [12, 10]}]": (
        '6:23: "curl" has values for 2 sets, where there are no sets: write one value here, such as reps: 10'
    ),
    "do: curl, reps: 10, weight: 60": (
        '6:34: expected a weight with its unit, such as 60 kg or 45 lb, found "60": write 60 kg'
    ),
    "do: curl, reps: [9, 8], weight: [1 kg, 2 kg, 3 kg]": (
        "6:5: expected as many values of the one as of the other, found 2 of the dose and 3 of weight"
    ),
    "do: curl, reps: 9, sets: 2, weight: [1 kg, 2 kg, 3 kg]": (
        '6:25: expected sets: 3, or none: "curl" has a value for each of 3 sets, found 2'
    ),
}


@pytest.mark.parametrize("item", WRONG)
def test_what_does_not_agree_is_told_where_it_stands(item: str, tmp_path: Path) -> None:
    assert WRONG[item] in problems(f"{HEAD}  - {{{item}}}\n", tmp_path)


WEIGHTS = {
    "do: curl, reps: 10, sets: 2, weight: 60 kg, rest: 20s": (
        "First: Curl. 10 repetitions at 60 kg, 2 sets.",
        "Last set.",
    ),
    "do: curl, reps: 10, weight: [50 kg, 60 kg], rest: 20s": (
        "First: Curl. 10 repetitions at 50 kg, then at 60 kg.",
        "Last set. At 60 kg.",
    ),
    "do: curl, reps: [12, 8], weight: [50 kg, 60 kg], rest: 20s": (
        "First: Curl. 12 repetitions at 50 kg, then 8 at 60 kg.",
        "Last set. 8 repetitions, at 60 kg.",
    ),
    "do: curl, reps: [12, 8], weight: 60 kg, rest: 20s": (
        "First: Curl. 12, then 8 repetitions at 60 kg.",
        "Last set. 8 repetitions.",
    ),
    "do: curl, reps: 10, sets: 2, sides: each, weight: 60 kg, rest: 20s": (
        "First: Curl. 10 repetitions each side at 60 kg, 2 sets.",
        "Last set.",
    ),
    "for: 2m, items: [{do: curl, reps: 10, weight: 60 kg}]": ("Curl. 10 repetitions at 60 kg.",),
}


@pytest.mark.parametrize("item", WEIGHTS)
def test_weights_are_told_with_the_dose_and_with_the_sets_where_they_differ(item: str) -> None:
    heard = said(item)
    assert [text for text in heard if text in WEIGHTS[item]] == list(WEIGHTS[item])


def test_a_weight_is_shown_with_its_set() -> None:
    timeline = schedule(
        planned(f"{HEAD}  - {{do: curl, for: 9s, weight: [1 kg, 2 kg], rest: 9s}}\n"), constant
    )
    shown = as_text(timeline)
    assert "[work 0:09  Curl, set 2 of 2, 2 kg]" in shown
    assert from_json(as_json(timeline), "routine.yaml").intervals == timeline.intervals


def test_the_outline_shows_what_each_set_is_with_its_weight() -> None:
    plan = planned(f"{HEAD}  - {{do: curl, reps: [9, 8], weight: [1 kg, 2 kg], rest: 9s}}\n")
    (row,) = outline(plan.steps, plan.pack)
    assert row.doses == ("9 repetitions at 1 kg", "8 repetitions at 2 kg")


def test_the_voice_gets_the_unit_in_words() -> None:
    events = schedule(planned(f"{HEAD}  - {{do: curl, for: 9s, weight: 60 kg}}\n"), constant).events
    (first,) = [event for event in events if isinstance(event, Speech) and "60" in event.text]
    assert "60 kg" not in first.utterance.text
    assert "60 kilo" in first.utterance.text


def test_a_variant_and_a_do_may_have_a_weight_of_their_own() -> None:
    move = "{name: Curl, reps: 5, weight: 20 kg, easier: {weight: 15 kg}}"
    text = HEAD.replace("{name: Curl}", move)
    steps = planned(
        f"{text}  - do: curl\n  - {{do: curl, level: gentle}}\n  - {{do: curl, weight: 9 kg}}\n"
    ).steps
    assert [step.weight for step in steps if isinstance(step, Effort)] == ["20 kg", "15 kg", "9 kg"]


def test_a_list_on_a_do_says_how_many_sets_whatever_its_move_says(tmp_path: Path) -> None:
    text = HEAD.replace("{name: Curl}", "{name: Curl, reps: 9, sets: 2, rest: 9s}")
    assert problems(f"{text}  - {{do: curl, reps: [12, 10, 8]}}\n", tmp_path) == []


def test_counts_and_holds_of_different_numbers_of_sets_are_told(tmp_path: Path) -> None:
    text = HEAD.replace("hold: 10s", "hold: [9s, 8s]")
    (problem,) = problems(f"{text}  - {{do: plank, reps: [3, 2, 1]}}\n", tmp_path)
    assert problem.startswith("6:17: the move has values for another number of sets")
