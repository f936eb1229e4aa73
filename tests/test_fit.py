"""A session made to last a wanted time."""

from __future__ import annotations

import contextlib
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiocoach.coaching import fit
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.plan import plan
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import InputError
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.voice import Voice
from audiocoach.sound.mp3.frame import FRAME_MS
from audiocoach.store.options import Overrides
from audiocoach.units import ms_to_clock
from tests.conftest import ROOT, examples
from tests.generate import Speed, parsed, planned, routines, speeds

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.steps import Plan
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.errors import Problem
    from audiocoach.routine.model import Routine

CIRCUIT = """\
title: Circuit
moves:
  squat: {name: Squat}
  plank: {name: Plank}
session:
  - say: Go.
  - repeat: 3
    rest: 60s
    items:
      - {do: squat, reps: 10, rest: 20s}
      - {do: plank, hold: 40s, rest: 20s}
  - say: Done.
"""


ON_A_GRID = """\
title: Swings
moves:
  swing: {name: Swing}
session:
  - say: Go.
  - {do: swing, reps: 10, tempo: 2s, every: 60s, sets: 3}
  - {rest: 30s}
  - {do: swing, for: 20s}
"""


def fitted(folder: Path, wanted: str, routine: str = CIRCUIT) -> Timeline:
    path = folder / "circuit.yaml"
    path.write_text(routine, encoding="utf-8")
    return timeline_of(open_session(path, Overrides(fit_ms=clock_ms(wanted))), lambda _: 960)


@pytest.mark.parametrize("wanted", ["7:44", "8:00", "8:07", "10:00", "11:30"])
def test_the_rests_grow_by_their_share_and_the_doses_stay(tmp_path: Path, wanted: str) -> None:
    timeline = fitted(tmp_path, wanted)
    assert f"{timeline.duration_ms // 60000}:{timeline.duration_ms // 1000 % 60:02}" == wanted
    assert {one.duration_ms for one in timeline.intervals if one.kind in ("reps", "hold")} == {40_000}
    rests = [one.duration_ms for one in timeline.intervals if one.kind == "rest"]
    assert rests[0] >= 20_000
    assert max(rests) >= 60_000


def test_sets_stay_on_the_grid_that_is_told(tmp_path: Path) -> None:
    timeline = fitted(tmp_path, "4:30", ON_A_GRID)
    assert timeline.duration_ms // 1000 == 270
    starts_ms = [one.start_ms for one in timeline.intervals if one.kind == "reps"]
    assert [after - before for before, after in pairwise(starts_ms)] == [60_000, 60_000]


THEN_ANOTHER = """\
title: Minutes
moves: {swing: {name: Swing}, jog: {name: Jog}}
session:
  - {do: jog, for: 2m, rest: 60s}
  - {every: 60s, repeat: 3, items: [{do: swing, reps: 10, tempo: 3s}]}
  - {do: jog, for: 2m}
"""


def test_the_rest_behind_the_last_minute_keeps_it_as_well(tmp_path: Path) -> None:
    timeline = fitted(tmp_path, "8:00", THEN_ANOTHER)
    efforts = [one for one in timeline.intervals if one.kind in ("reps", "work")]
    starts_ms = [one.start_ms for one in efforts[-4:]]
    assert [after - before for before, after in pairwise(starts_ms)] == [60_000] * 3


RANGES = """\
title: Ranges
moves:
  squat: {name: Squat}
  plank: {name: Plank}
session:
  - say: Go.
  - {do: squat, reps: 6-14, sets: 2-4, rest: 20s}
  - {do: plank, hold: 20-60s}
  - say: Done.
"""
ROUNDS = RANGES.replace(
    "  - {do: squat, reps: 6-14, sets: 2-4, rest: 20s}",
    "  - {repeat: 2-5, rest: 30s, items: [{do: squat, reps: 10}]}",
)
NO_RESTS = """\
title: Jumps
moves:
  jump: {name: Jump}
session:
  - say: Go.
  - {do: jump, reps: 10-12, tempo: 30s}
  - say: Done.
"""
ROUTINES = {"a circuit": CIRCUIT, "on a grid": ON_A_GRID, "ranges": RANGES, "rounds": ROUNDS}
BETWEEN = re.compile(r"it can last between (\S+) and ([^;\s]+)")


def clock_ms(clock: str) -> int:
    minutes, seconds = map(int, clock.split(":"))
    return (60 * minutes + seconds) * 1000


def bounds_ms(folder: Path, routine: str) -> tuple[int, int]:
    """The shortest and the longest that a refusal names."""
    with pytest.raises(InputError) as refused:
        fitted(folder, "99:00", routine)
    shortest, longest = BETWEEN.search(str(refused.value)).groups()  # type: ignore[union-attr]
    return clock_ms(shortest), clock_ms(longest)


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=ROUTINES)
@pytest.mark.parametrize("part", [0.0, 0.07, 0.2, 0.35, 0.5, 0.65, 0.8, 0.93, 1.0])
def test_it_lands_within_two_in_a_hundred_and_never_above(tmp_path: Path, routine: str, part: float) -> None:
    shortest_ms, longest_ms = bounds_ms(tmp_path, routine)
    wanted_ms = int(shortest_ms + part * (longest_ms - shortest_ms)) // 1000 * 1000
    found_ms = fitted(tmp_path, ms_to_clock(wanted_ms), routine).duration_ms
    assert 0.98 * wanted_ms <= found_ms <= wanted_ms


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=ROUTINES)
@pytest.mark.parametrize("end", [0, 1])
def test_each_bound_that_is_named_can_be_reached_and_nothing_beyond_it(
    tmp_path: Path, routine: str, end: int
) -> None:
    bound_ms = bounds_ms(tmp_path, routine)[end]
    assert fitted(tmp_path, ms_to_clock(bound_ms), routine).duration_ms == bound_ms
    beyond_ms = bound_ms + (1 if end else -1) * bound_ms // 20
    with pytest.raises(InputError, match="it can last between"):
        fitted(tmp_path, ms_to_clock(beyond_ms), routine)


def doses(timeline: Timeline) -> set[tuple[str, int | None]]:
    return {(one.kind, one.reps) for one in timeline.intervals if one.move and one.reps}


def rests_ms(timeline: Timeline) -> list[int]:
    return [one.duration_ms for one in timeline.intervals if one.kind == "rest"]


def test_ranges_are_chosen_before_rests_are_scaled(tmp_path: Path) -> None:
    shortest_ms, longest_ms = bounds_ms(tmp_path, RANGES)
    found = [fitted(tmp_path, ms_to_clock(ms), RANGES) for ms in (shortest_ms, 330_000, longest_ms)]
    reps = [max(one.reps or 0 for one in timeline.intervals) for timeline in found]
    sets = [max(one.sets or 0 for one in timeline.intervals) for timeline in found]
    assert (reps[0], sets[0]) == (6, 2)
    assert (reps[2], sets[2]) == (14, 4)
    assert reps[0] < reps[1] < reps[2]
    assert max(rests_ms(found[0])) < 20_000 <= min(rests_ms(found[1])) < 40_000 < min(rests_ms(found[2]))


def test_rounds_are_taken_last(tmp_path: Path) -> None:
    shortest_ms, longest_ms = bounds_ms(tmp_path, ROUNDS)
    rounds = [
        max(one.rounds or 0 for one in fitted(tmp_path, ms_to_clock(ms), ROUNDS).intervals)
        for ms in (shortest_ms, (shortest_ms + longest_ms) // 2, longest_ms)
    ]
    assert rounds == [2, 4, 5]


def test_where_no_rest_can_give_what_comes_nearest_is_named_and_can_be_reached(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="what comes nearest is") as refused:
        fitted(tmp_path, "5:56", NO_RESTS)
    near = re.findall(r"nearest is (\S+) and ([^;]+);", str(refused.value))[0]
    for clock in near:
        assert ms_to_clock(fitted(tmp_path, clock, NO_RESTS).duration_ms) == clock


def test_the_line_that_takes_most_time_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        fitted(tmp_path, "9:00", ON_A_GRID)
    wanted = r"circuit.yaml:1:1: the session cannot be made to last 9:00: it can last between \S+ and \S+; "
    told = 'line 6 could give: "Swing" takes 1:00 in all; write sets: 3-'
    assert re.search(wanted + told, str(refused.value))


def test_a_routine_says_itself_how_long_it_is_to_last(tmp_path: Path) -> None:
    path = tmp_path / "circuit.yaml"
    path.write_text(f"fit: 10m\n{CIRCUIT}", encoding="utf-8")
    assert timeline_of(open_session(path, Overrides()), lambda _: 960).duration_ms == 600_000
    assert timeline_of(open_session(path, Overrides(fit_ms=540_000)), lambda _: 960).duration_ms == 540_000


def test_what_is_noted_is_true_of_the_session_that_is_heard(tmp_path: Path) -> None:
    routine = RANGES.replace("{name: Squat}", "{name: Squat, sides: alternate, steps: [Up., Down.]}")
    notes = [str(note) for note in fitted(tmp_path, "6:00", routine).notes]
    counted = {one.reps for one in fitted(tmp_path, "6:00", routine).intervals if one.reps}
    rounded = [int(found[1]) for note in notes if (found := re.search(r"alternating sides: (\d+), so", note))]
    assert set(rounded) <= counted


@pytest.mark.parametrize("wanted", ["4:00", "6:00", "8:00", "30:00"])
def test_few_layouts_are_tried(tmp_path: Path, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[int] = []

    def counted(*arguments: Any) -> Timeline:  # noqa: ANN401 - handed on as they are
        laid.append(1)
        return schedule(*arguments)

    monkeypatch.setattr(fit, "schedule", counted)
    with contextlib.suppress(InputError):
        fitted(tmp_path, wanted, ROUNDS)
    assert len(laid) <= 20


def test_the_title_is_not_spoken_against_the_truth() -> None:
    path = ROOT / "routines" / "sixteen-minutes.yaml"
    told = {}
    for minutes in (16, 20):
        timeline = timeline_of(open_session(path, Overrides(fit_ms=minutes * 60_000)), estimate_ms)
        texts = [one.text for one in timeline.events if isinstance(one, Speech)]
        told[minutes] = texts[0], [note for note in timeline.notes if note.code == "untrue-length"]
    assert told[16][0].startswith("This is Sixteen minutes for your lower back. It takes about 16 minutes.")
    assert told[16][1] == []
    assert told[20][0].startswith("This takes about 20 minutes.")
    assert len(told[20][1]) == 1


def laid_at(text: str, speed: Speed, wanted_ms: int) -> Timeline:
    routine = parsed(text)

    def replan(settled: Routine) -> tuple[Plan, tuple[Problem, ...]]:
        diagnostics = Diagnostics()
        found = plan(settled, Voice(), diagnostics, FRAME_MS)
        return found, diagnostics.close()

    return fit.fit_to(fit.Bench(routine, replan, speed, lambda: None), wanted_ms).timeline


@settings(deadline=None, max_examples=examples(15))
@given(routines(), speeds(), st.sampled_from((0.6, 0.9, 0.97, 1.0, 1.04, 1.5, 2.5)))
def test_any_routine_lands_or_is_told_why_not(text: str, speed: Speed, part: float) -> None:
    wanted_ms = int(schedule(planned(text), speed).duration_ms * part)
    try:
        found_ms = laid_at(text, speed, wanted_ms).duration_ms
    except InputError as refused:
        why = str(refused)
    else:
        assert 0.98 * wanted_ms <= found_ms <= wanted_ms
        return
    # At its strongest a routine may be one that cannot be planned.
    assert re.search(r"(between|is|lasts) \d+:\d\d", why) or "cannot be made" not in why
