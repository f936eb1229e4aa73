"""Doses as they are written: every kind in one style."""

from __future__ import annotations

import pytest

from audiocoach.coaching.outline import outline
from tests.generate import planned

WRITTEN = {
    "{do: plank, hold: 15s, sides: each}": "1 hold of 15 seconds, each side",
    "{do: plank, hold: 18s, reps: 3, release: 4s, sides: each}": "3 holds of 18 seconds, each side",
    "{do: plank, hold: 3 breaths}": "3 breaths",
    "{do: plank, for: 30s, sides: each}": "30 seconds, each side",
    "{do: plank, breaths: 5}": "5 breaths",
    "{do: plank, reps: 6, weight: 5 kg, sides: each}": "6 repetitions at 5 kg, each side",
    "{do: plank, reps: 6, sides: alternate}": "6 repetitions, 3 each side",
    "{do: plank, for: 20s, ways: [in, out], sides: each}": "20 seconds, each way, each side",
    "{do: circle, reps: 3}": "3 circles",
}
MOVES = "title: T\nmoves:\n  plank: {name: Plank}\n  circle: {name: Circle, unit: circle/circles}\nsession:\n"


@pytest.mark.parametrize(("do", "dose"), WRITTEN.items())
def test_every_kind_of_dose_is_written_in_one_style(do: str, dose: str) -> None:
    found = planned(f"{MOVES}  - {do}\n")
    (row,) = outline(found.steps, found.pack)
    assert row.doses == (dose,)
