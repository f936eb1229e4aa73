"""The author's words at their times of an effort: exactly there, before anything else finds its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.notes import Note
from audiocoach.records import replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from audiocoach.coaching.cues import Cue, Line
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.routine.model import TimedWords


def lay_timed(layout: EffortLayout) -> EffortLayout:
    """Each at its time. Where a tone, a count or words before it sound then, as near as can be, and noted.

    They are heard in the order of their times: what can only come earlier goes before those after it.
    """
    ground = layout.ground
    rows = sorted(ground.effort.at, key=lambda timed: time_ms(ground, timed))
    from_ms, early = ground.bounds.start_ms, []
    for timed in rows:
        length_ms, due_ms = _length_ms(ground, timed), time_ms(ground, timed)
        place_ms = _place(layout, max(due_ms, from_ms), length_ms)
        if place_ms is None:
            early.append((timed, from_ms))
            continue
        layout = _laid(layout, timed, place_ms)
        from_ms = place_ms + length_ms
    until_ms = ground.bounds.end_ms
    for timed, after_ms in reversed(early):
        length_ms = _length_ms(ground, timed)
        latest_ms = min(time_ms(ground, timed), until_ms - length_ms)
        place_ms = layout.words.last(after_ms, latest_ms, length_ms)
        layout = _laid(layout, timed, place_ms)
        until_ms = until_ms if place_ms is None else place_ms
    return layout


def time_ms(ground: Ground, timed: TimedWords) -> int:
    """When words at a time are due."""
    edge_ms = ground.bounds.end_ms if timed.at_ms < 0 else ground.bounds.start_ms
    return edge_ms + timed.at_ms


def _place(layout: EffortLayout, due_ms: int, length_ms: int) -> int | None:
    """Exactly then, else the first place after it."""
    if layout.words.fits(due_ms, length_ms):
        return due_ms
    return layout.words.first(due_ms, layout.ground.bounds.end_ms, length_ms)


def _line(ground: Ground, timed: TimedWords) -> Line:
    elapsed_ms = time_ms(ground, timed) - ground.bounds.start_ms
    return ground.fill(timed.words, elapsed_ms // ground.effort.rep_ms if ground.effort.rep_ms else 0)


def _length_ms(ground: Ground, timed: TimedWords) -> int:
    return ground.length_ms(_line(ground, timed))


def _laid(layout: EffortLayout, timed: TimedWords, place_ms: int | None) -> EffortLayout:
    """With the words there, or a note of those that have no place."""
    ground = layout.ground
    line, due_ms = _line(ground, timed), time_ms(ground, timed)
    cue = ground.cue("at", line, timed.words.position)
    said = layout.say(cue, place_ms)
    if said is None or place_ms is None:
        return layout.noting(timed.position, line)
    if place_ms == due_ms:
        return said
    return replace(said, notes=(*said.notes, _moved(cue, timed, place_ms, due_ms)))


def _moved(cue: Cue, timed: TimedWords, place_ms: int, due_ms: int) -> Note:
    late = "late" if place_ms > due_ms else "early"
    what = f"said {abs(place_ms - due_ms) / MS_PER_SECOND:.1f} s {late}"
    why = "what sounds at its time keeps its place"
    return Note(timed.position, what, why, place_ms, cue.line.text, code="moved-words")
