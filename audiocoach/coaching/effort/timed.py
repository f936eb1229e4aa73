"""The author's words at their times of an effort: exactly there, before anything else finds its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.notes import Note
from audiocoach.records import replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.routine.model import TimedWords


def lay_timed(layout: EffortLayout) -> EffortLayout:
    """Each at its time. Where a tone, a count or words before it sound then, as near as can be, and noted."""
    ground = layout.ground
    for timed in sorted(ground.effort.at, key=lambda timed: time_ms(ground, timed)):
        layout = _lay(layout, timed)
    return layout


def time_ms(ground: Ground, timed: TimedWords) -> int:
    """When words at a time are due."""
    edge_ms = ground.bounds.end_ms if timed.at_ms < 0 else ground.bounds.start_ms
    return edge_ms + timed.at_ms


def _lay(layout: EffortLayout, timed: TimedWords) -> EffortLayout:
    ground, due_ms = layout.ground, time_ms(layout.ground, timed)
    rep = (due_ms - ground.bounds.start_ms) // ground.effort.rep_ms if ground.effort.rep_ms else 0
    line = ground.fill(timed.words, rep)
    cue, length_ms = ground.cue("at", line, timed.words.position), ground.length_ms(line)
    if layout.words.fits(due_ms, length_ms):
        return layout.say(cue, due_ms) or layout
    later_ms = layout.words.first(due_ms, ground.bounds.end_ms, length_ms)
    place_ms = later_ms or layout.words.last(ground.bounds.start_ms, due_ms, length_ms)
    moved = layout.say(cue, place_ms)
    if moved is None or place_ms is None:
        return layout.noting(timed.position, line)
    return replace(moved, notes=(*moved.notes, _moved(cue, timed, place_ms, due_ms)))


def _moved(cue: Cue, timed: TimedWords, place_ms: int, due_ms: int) -> Note:
    late = "late" if place_ms > due_ms else "early"
    what = f"said {abs(place_ms - due_ms) / MS_PER_SECOND:.1f} s {late}"
    why = "what sounds at its time keeps its place"
    return Note(timed.position, what, why, place_ms, cue.line.text, code="moved-words")
