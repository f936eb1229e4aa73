"""The tables of kinds: a new kind is a row in each of them, and no branch elsewhere knows its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from audiocoach.coaching.slots import plain_dose
from audiocoach.coaching.steps import EFFORTS, EXERCISES, EffortKind, FixedDose
from audiocoach.coaching.unroll import _length
from audiocoach.language.phrases import Pack
from audiocoach.publish.palette import LOOKS
from audiocoach.routine import wordings
from audiocoach.routine.distances import Distance
from audiocoach.routine.doses import DOSES, DoseKind
from tests.conftest import ROOT

if TYPE_CHECKING:
    from audiocoach.coaching.steps import EffortKind as Kind

# Where a kind is named: its types and tables, its reader, what two of them make together, what it becomes.
HOMES = {
    *("coaching/effort/lay.py", "coaching/slots.py", "coaching/steps.py", "coaching/unroll.py"),
    *("publish/palette.py", "routine/doses.py", "routine/model.py", "routine/parser.py"),
}
ROWS: dict[DoseKind, tuple[Kind, int, str]] = {
    "for": ("work", 40_000, "40 seconds"),
    "hold": ("hold", 40_000, "hold for 40 seconds"),
    "reps": ("reps", 30_000, "10 repetitions"),
    "breaths": ("breaths", 60_000, "6 breaths"),
    "holds": ("hold", 40_000, "10 holds of 40 seconds"),
    "distance": ("work", 40_000, "200 meters, about 40 seconds"),
}


def test_every_kind_has_a_row_in_every_table() -> None:
    kinds, intervals = set(get_args(DoseKind)), set(get_args(EffortKind))
    assert set(DOSES) == set(ROWS) == kinds
    assert set(EFFORTS) == intervals
    assert set(EXERCISES) == {row[0] for row in ROWS.values()}
    labels = wordings.nearest("en").labels
    for interval in intervals:
        assert LOOKS[interval].height > 0
        assert labels[f"kind_{interval}"]


@pytest.mark.parametrize("kind", ROWS)
def test_from_what_is_written_to_what_is_heard_a_kind_is_one_row(kind: DoseKind) -> None:
    interval, length_ms, words = ROWS[kind]
    traits_of = DOSES[kind]
    dose = FixedDose(
        kind,
        time_ms=40_000 if kind in {"for", "hold", "holds", "distance"} else 0,
        reps=10 if traits_of.is_parted else 0,
        breaths=6 if kind == "breaths" else 0,
        distance=Distance(200_000, "metre") if kind == "distance" else None,
    )
    assert _length(dose, rep_ms=3000, breath_ms=10_000) == (interval, length_ms)
    assert plain_dose(dose, Pack.of(wordings.language("en"))) == words


def test_no_branch_elsewhere_knows_a_kind_by_its_name() -> None:
    names = "|".join((*DOSES, *EFFORTS))
    branch = re.compile(rf'kind (?:[!=]=|(?:not )?in) \(?"(?:{names})"|case "(?:{names})"')
    package = ROOT / "audiocoach"
    found = {
        path.relative_to(package).as_posix(): branch.findall(path.read_text("utf-8"))
        for path in package.rglob("*.py")
    }
    assert {name for name, branches in found.items() if branches} - HOMES == set()
