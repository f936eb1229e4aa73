"""`bpm`: beats that are exactly where the tempo has them, and silent while words last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.steps import Effort, beats_in, beats_ms
from audiocoach.coaching.timeline import Speech, Tone
from tests.generate import constant, planned, problems

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

HEAD = """\
title: T
moves:
  skip: {name: Skip, reminders: [Land softly.]}
  step: {name: Step, steps: [Up., Down.]}
session:
"""


def timeline(item: str) -> Timeline:
    return schedule(planned(f"{HEAD}  - {{{item}}}\n"), constant)


def beats(found: Timeline) -> list[int]:
    """The ticks of the beat, counted from the start of the exercise."""
    (work,) = [one for one in found.intervals if one.kind in ("work", "reps")]
    ticks = [event for event in found.events if isinstance(event, Tone) and event.cue == "beat"]
    return [tick.start_ms - work.start_ms for tick in ticks]


def length_ms(item: str) -> int:
    return sum(
        step.length_ms for step in planned(f"{HEAD}  - {{{item}}}\n").steps if isinstance(step, Effort)
    )


LENGTHS_MS = {
    "do: skip, reps: 100, bpm: 120": 50_000,
    "do: skip, reps: 100, bpm: 180": 33_333,
    "do: skip, reps: 10, bpm: 40": 15_000,
    "do: skip, reps: 60, bpm: 59": 61_017,
    "do: skip, reps: 1000, bpm: 23": 2_608_696,
    "do: skip, for: 40s, bpm: 180": 40_000,
}


@pytest.mark.parametrize("item", LENGTHS_MS)
def test_so_many_beats_take_their_time(item: str) -> None:
    assert length_ms(item) == LENGTHS_MS[item]


def test_no_beat_drifts() -> None:
    found = beats(timeline("do: skip, for: 10m, bpm: 170"))
    on_beat = {round(number * 60_000 / 170) for number in range(1701)}
    assert len(found) > 1600
    assert set(found) <= on_beat


def test_a_beat_is_the_nearest_millisecond() -> None:
    assert [beats_ms(number, 180) for number in range(4)] == [0, 333, 667, 1000]


def test_the_beat_is_silent_while_words_last_and_goes_on_in_time() -> None:
    found = timeline("do: skip, reps: 60, bpm: 120")
    words = [event for event in found.events if isinstance(event, Speech) and "softly" in event.text]
    ticks = [event for event in found.events if isinstance(event, Tone) and event.cue == "beat"]
    assert words
    for said in words:
        assert not [tick for tick in ticks if said.start_ms - 60 < tick.start_ms < said.end_ms]
    assert {beat % 500 for beat in beats(found)} == {0}


def test_quick_repetitions_are_counted_by_tens() -> None:
    found = timeline("do: skip, reps: 35, bpm: 120")
    assert [
        event.text for event in found.events if isinstance(event, Speech) and event.text[0].isdigit()
    ] == [
        "10.",
        "20.",
        "30.",
    ]


@pytest.mark.parametrize(
    ("count", "told"), [("down", ["30.", "20.", "10."]), ("last-three", []), ("none", [])]
)
def test_tens_are_counted_as_the_move_counts(count: str, told: list[str]) -> None:
    text = (
        f"{HEAD.replace('name: Skip,', f'name: Skip, count: {count},')}  - {{do: skip, reps: 40, bpm: 120}}\n"
    )
    found = schedule(planned(text), constant)
    assert [event.text for event in found.events if isinstance(event, Speech) and event.cue == "tens"] == told


def test_slow_ones_are_counted_one_by_one() -> None:
    found = timeline("do: skip, reps: 3, bpm: 30")
    assert [event.text for event in found.events if isinstance(event, Speech)][2:5] == [
        "1.",
        "2.",
        "Last one.",
    ]


def test_slow_beats_do_not_drift_either() -> None:
    found = timeline("do: skip, reps: 60, bpm: 59, cues: tones")
    (work,) = [one for one in found.intervals if one.kind == "reps"]
    ticks = [event for event in found.events if isinstance(event, Tone) and event.cue == "count"]
    begun = [tick.start_ms - work.start_ms for tick in ticks if work.start_ms < tick.start_ms < work.end_ms]
    assert begun == [round(number * 60_000 / 59) for number in range(1, 60)]


@pytest.mark.parametrize("bpm", [20, 23, 37, 59])
def test_a_time_holds_as_many_beats_as_begin_and_end_in_it(bpm: int) -> None:
    assert all(beats_in(beats_ms(number, bpm), bpm) == number for number in range(200))
    assert all(beats_in(beats_ms(number, bpm) - 1, bpm) == number - 1 for number in range(1, 200))


def test_a_beat_that_cannot_sound_is_noted(tmp_path: Path) -> None:
    text = f"{HEAD}  - {{do: skip, for: 30s, bpm: 180, tones: soft}}\n"
    assert problems(text, tmp_path) == [
        "6:31: note: the beat of bpm is ticks, and tones: soft has none: only the time is kept"
    ]
    assert beats(schedule(planned(text), constant)) == []


WRONG = {
    "do: skip, reps: 9, bpm: 180 bpm": (
        '6:30: expected beats a minute from 20 to 300, such as 180, found "180 bpm": write 180'
    ),
    "do: skip, reps: 9, bpm: 400": '6:30: expected beats a minute from 20 to 300, such as 180, found "400"',
    "do: skip, reps: 9, tempo: 2s, bpm: 90": "6:36: expected tempo or bpm, found both: keep one",
    "do: skip, hold: 9s, bpm: 90": (
        "6:26: bpm has nothing to do here: it belongs to reps or for, such as reps: 100; found hold"
    ),
    "do: step, reps: 9, bpm: 90": (
        '6:30: "step" has steps, which a beat has no time for: say them in its setup, '
        "or write a tempo such as 6s"
    ),
}


@pytest.mark.parametrize("item", WRONG)
def test_what_has_no_beat_is_told(item: str, tmp_path: Path) -> None:
    assert WRONG[item] in problems(f"{HEAD}  - {{{item}}}\n", tmp_path)


@pytest.mark.parametrize("tempo", ["180 bpm", "180 steps a minute", "180bpm"])
def test_a_tempo_in_beats_leads_to_bpm(tempo: str, tmp_path: Path) -> None:
    (problem,) = problems(f"{HEAD}  - {{do: skip, reps: 9, tempo: {tempo}}}\n", tmp_path)
    assert problem.endswith(": write bpm: 180 instead")


def test_a_do_may_have_another_tempo_than_its_move() -> None:
    text = HEAD.replace("{name: Skip,", "{name: Skip, bpm: 120,")
    steps = planned(f"{text}  - {{do: skip, reps: 10}}\n  - {{do: skip, reps: 10, tempo: 2s}}\n").steps
    assert [step.length_ms for step in steps if isinstance(step, Effort)] == [5000, 20_000]
