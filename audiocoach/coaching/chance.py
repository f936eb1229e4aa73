"""Which steps of a block a day chooses, and in what order: by a hash, and never by chance alone.

The rank of a step is SHA-256, in hexadecimal, of the UTF-8 text `DAY PLACE NUMBER`: the day as a number
from 1 on, the place of the block in its file (`session/3/repeat`), and which of its steps it is, from 0.
Those of the lowest ranks are chosen. So the same day gives the same session on any machine and in any
program.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def chosen(steps: Sequence[T], count: int, day: int, place: str, *, shuffles: bool) -> tuple[T, ...]:
    """So many of the steps, in their own order or, where the block `shuffles`, in that of their ranks."""
    ranked = sorted(range(len(steps)), key=lambda number: _rank(day, place, number))[:count]
    return tuple(steps[number] for number in (ranked if shuffles else sorted(ranked)))


def _rank(day: int, place: str, number: int) -> str:
    return hashlib.sha256(f"{day} {place} {number}".encode()).hexdigest()
