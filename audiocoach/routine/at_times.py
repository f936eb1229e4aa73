"""Words at a time of an interval: whether the time lies inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.routine.paper import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.routine.diagnostics import Diagnostics
    from audiocoach.routine.model import TimedWords


def check(at: Iterable[TimedWords], length_ms: int | None, diagnostics: Diagnostics) -> None:
    """Tell of each time that lies outside an interval of `length_ms`; None where nobody knows that yet."""
    for timed in at:
        if length_ms is not None and abs(timed.at_ms) >= length_ms:
            lasts = written(length_ms)
            diagnostics.error(
                timed.position,
                f"expected a time inside the {lasts} that the interval lasts, from its start or, with a "
                f"minus, from its end, such as {written(length_ms // 2)}; found {_shown(timed.at_ms)}",
            )


def _shown(at_ms: int) -> str:
    return f"-{written(-at_ms)}" if at_ms < 0 else written(at_ms)
