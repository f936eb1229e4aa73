"""The tones that open and close an effort, and the counts before its end: law 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.countdown import Window, count_in_ms, count_out_ms, count_to
from audiocoach.coaching.effort.layout import empty
from audiocoach.coaching.ringing import ring
from audiocoach.coaching.space import APART_MS
from audiocoach.records import replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.countdown import Counted
    from audiocoach.coaching.cues import Laid
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Effort
    from audiocoach.coaching.timeline import Tone

COUNT_OUT_FROM_MS = 10 * MS_PER_SECOND


def framed(ground: Ground) -> EffortLayout:
    """An effort with its tones and counts, before anything is said in it."""
    bounds, layout = ground.bounds, empty(ground)
    if bounds.opens_with.tone:
        layout = layout.closing(bounds.start_ms, ground.open_ms + APART_MS)
        # It may have sounded already, as the end of the effort before.
        opening = (bounds.start_ms, bounds.opens_with.length_ms)
        layout = replace(layout, tones=layout.tones.taking([opening], apart_ms=0))
    ticks: dict[int, Tone] = {}
    numbers: tuple[Laid, ...] = ()
    for time_ms, length_ms, effort, meaning in _counts(ground):
        # No words from the first tick on.
        layout = layout.closing(time_ms - length_ms, bounds.end_ms)
        counted = _count_to(ground, (time_ms, length_ms), effort, meaning, numbers)
        ticks |= {sound.start_ms: sound for sound in counted.tones}
        numbers += counted.laid
        layout = replace(layout, notes=(*layout.notes, *counted.notes))
    counts = [ticks[time_ms] for time_ms in sorted(ticks)]
    layout = layout.ringing([*_edges(ground), *counts])
    return layout.saying(sorted(numbers, key=lambda said: said.start_ms))


def _edges(ground: Ground) -> Iterator[Tone]:
    bounds = ground.bounds
    for edge, time_ms in ((bounds.opens_with, bounds.start_ms), (bounds.closes_with, bounds.end_ms)):
        if edge.tone and edge.delivery and not (bounds.met and edge is bounds.opens_with):
            yield ring(edge.delivery, edge.tone).at(time_ms, edge.cue, ground.effort.position)


def counted_out_ms(effort: Effort) -> int:
    """How long the end of an effort is counted to within it: 0 where it is not, or too short for that."""
    is_counted = effort.traits.by_clock and effort.length_ms >= COUNT_OUT_FROM_MS
    return count_out_ms(effort) if is_counted else 0


def _counts(ground: Ground) -> Iterator[tuple[int, int, Effort, str]]:
    """The moments that are counted to within the effort: for how long, what begins or ends, by which tone."""
    effort, bounds = ground.effort, ground.bounds
    if out_ms := counted_out_ms(effort):
        yield bounds.end_ms, out_ms, effort, "count_out"
    if bounds.ahead is not None and bounds.gap_after_ms < count_in_ms(bounds.ahead):
        yield bounds.end_ms + bounds.gap_after_ms, count_in_ms(bounds.ahead), bounds.ahead, "count"


def _count_to(
    ground: Ground, when_ms: tuple[int, int], effort: Effort, meaning: str, spoken: tuple[Laid, ...]
) -> Counted:
    """A count as far as it sounds in the effort; it is silent beside the numbers of another one."""
    bounds, (time_ms, length_ms) = ground.bounds, when_ms
    window = Window(
        time_ms,
        length_ms,
        ticks_from_ms=bounds.start_ms + 1,
        words_from_ms=ground.open_ms + APART_MS,
        until_ms=bounds.end_ms,
        words_until_ms=bounds.end_ms - APART_MS,
        meaning=meaning,
    )
    return count_to(window, effort, ground.speaker, ground.effort.position, spoken)


def lay_go(layout: EffortLayout, *, sounds: bool) -> EffortLayout:
    """`Go`, where the start is counted to aloud: as the effort begins, or right after the tone that `sounds`.

    What begins an effort by itself, a number or the words of a phase, goes before it.
    """
    ground = layout.ground
    count, opening = ground.effort.delivery.count_in, ground.bounds.opens_with
    if count.by == "ticks" or not count.length_ms or bool(opening.tone) != sounds or opening.tone == "bell":
        return layout
    line = ground.phrase("go", {})
    start_ms = ground.open_ms + APART_MS if sounds else ground.bounds.start_ms
    if not line or not layout.words.fits(start_ms, ground.length_ms(line)):
        return layout
    return layout.say(ground.cue("go", line, entry="go"), start_ms) or layout
