"""A session made to last a wanted time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import InputError
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.store.options import Overrides

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

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
    minutes, seconds = map(int, wanted.split(":"))
    fit_ms = (60 * minutes + seconds) * 1000
    return timeline_of(open_session(path, Overrides(fit_ms=fit_ms)), lambda _: 960)


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


@pytest.mark.parametrize(
    ("wanted", "why"),
    [("5:00", "it lasts 7:"), ("59:00", "its rests would have to be more than three times as long")],
)
def test_what_cannot_be_is_said(tmp_path: Path, wanted: str, why: str) -> None:
    with pytest.raises(
        InputError, match=f"circuit.yaml:1:1: the session cannot be made to last {wanted}: {why}"
    ):
        fitted(tmp_path, wanted)
