"""The kinds of doses: what is true of every dose of a kind, one row each.

A kind is read by `parser`, joined with another by `model`, becomes an interval in `coaching.unroll` and words
in `coaching.slots`; all else asks this table. What an interval is like stands in `coaching.steps`, its colour
in `publish.palette`, its label with the languages: tests and types hold the tables against each other.
"""

from __future__ import annotations

from typing import Literal

from audiocoach.records import dataclass

DoseKind = Literal["for", "hold", "reps", "breaths", "holds", "distance"]


@dataclass(frozen=True, slots=True)
class DoseTraits:
    """A row.

    `written` is how an author writes it. Whether `moves`: it may have a tempo; `stays`: it is one hold or
    several; `is_parted`: a set of it has parts, between which sides may change; `parts_apart`: each of them
    is an interval of its own; `tells_hold`: `<hold>` says how long; `may_breathe`: a `breath` leads it.
    """

    written: str
    moves: bool = False
    stays: bool = False
    is_parted: bool = False
    parts_apart: bool = False
    tells_hold: bool = False
    may_breathe: bool = False


DOSES: dict[DoseKind, DoseTraits] = {
    "for": DoseTraits("for", moves=True, may_breathe=True),
    "hold": DoseTraits("hold", stays=True, tells_hold=True),
    "reps": DoseTraits("reps", moves=True, is_parted=True),
    "breaths": DoseTraits("breaths", tells_hold=True, may_breathe=True),
    "holds": DoseTraits("hold beside reps", stays=True, is_parted=True, parts_apart=True, tells_hold=True),
    "distance": DoseTraits("distance", moves=True),
}
