"""The tones that open and close an effort, and the counts before its end: law 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.effort.layout import empty, tone
from audiocoach.coaching.gaps import COUNT_MS
from audiocoach.coaching.space import APART_MS
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Effort
    from audiocoach.coaching.timeline import Tone

COUNT_OUT_FROM_MS = 10 * MS_PER_SECOND


def framed(ground: Ground) -> EffortLayout:
    """An effort with its tones and counts, before anything is said in it."""
    bounds, layout = ground.bounds, empty(ground)
    if bounds.opens_with.tone:
        layout = layout.closing(bounds.start_ms, ground.open_ms + APART_MS)
    ticks_ms = set[int]()
    for time_ms, counted in _counts(ground):
        # No words from the first tick on.
        layout = layout.closing(time_ms - COUNT_MS, bounds.end_ms)
        ticks_ms |= _ticks_ms(ground, time_ms, counted)
    counts = [tone(ground, "count", "count", tick_ms) for tick_ms in sorted(ticks_ms)]
    return layout.ringing([*_edges(ground), *counts])


def _edges(ground: Ground) -> Iterator[Tone]:
    bounds = ground.bounds
    if bounds.opens_with.tone and not bounds.met:
        yield tone(ground, bounds.opens_with.cue, bounds.opens_with.tone, bounds.start_ms)
    if bounds.closes_with.tone:
        yield tone(ground, bounds.closes_with.cue, bounds.closes_with.tone, bounds.end_ms)


def _counts(ground: Ground) -> Iterator[tuple[int, Effort]]:
    """The moments that are counted to within the effort, and the effort that begins or ends at each."""
    effort, bounds = ground.effort, ground.bounds
    if effort.traits.by_clock and effort.length_ms >= COUNT_OUT_FROM_MS:
        yield bounds.end_ms, effort
    if bounds.ahead is not None and bounds.gap_after_ms < COUNT_MS:
        yield bounds.end_ms + bounds.gap_after_ms, bounds.ahead


def _ticks_ms(ground: Ground, time_ms: int, counted: Effort) -> set[int]:
    if counted.delivery.tones != "full":
        return set()
    bounds = ground.bounds
    ticks_ms = (time_ms - seconds * MS_PER_SECOND for seconds in (3, 2, 1))
    return {tick_ms for tick_ms in ticks_ms if bounds.start_ms < tick_ms < bounds.end_ms}
