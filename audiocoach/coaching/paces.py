"""Phases without a tempo: a phase lasts its words and 2 s; in a hold they are said once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.bounds import tone_ms
from audiocoach.coaching.repetitions import number_of, short, tells_sides
from audiocoach.coaching.space import APART_MS
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from audiocoach.coaching.steps import Phase
    from audiocoach.coaching.table import Table

PHASE_REST_MS = 2 * MS_PER_SECOND


def lay_paced(table: Table) -> None:
    """A phase lasts its words and 2 s: one repetition is talked through, then `short` forms."""
    while paced(table, in_full=False):
        pass


def paced(table: Table, *, in_full: bool) -> bool:
    """One more repetition, if it ends in time."""
    rows = _pace(table, table.pace_ms, table.next_rep, in_full=in_full)
    if rows is None:
        return False
    for start_ms, phase, text in rows:
        if text:
            table.say(table.cue("step", text, phase.words.position), text, start_ms)
        else:
            table.soft_tone("phase", "tick", start_ms)
    start_ms, phase, text = rows[-1]
    table.pace_ms = _phase_end(table, start_ms, phase, text, table.next_rep)
    table.next_rep += 1
    return True


def _pace(table: Table, time_ms: int, rep: int, *, in_full: bool) -> list[tuple[int, Phase, str]] | None:
    """One repetition from `time_ms` on, or None where it could not end in time."""
    rows: list[tuple[int, Phase, str]] = []
    for phase in table.effort.phases:
        words = phase.words if in_full else short(table, phase)
        text = table.coach.fill(words, table.coach.values(table.effort, rep)) if words else ""
        if not rows and not text and tells_sides(table):
            text = number_of(table, rep).sided
        length_ms = table.length_ms(text) if text else tone_ms("tick")
        start_ms = table.space.first(time_ms, table.bounds.end_ms, length_ms)
        if start_ms is None:
            return None
        rows.append((start_ms, phase, text))
        time_ms = _phase_end(table, start_ms, phase, text, rep)
    return rows if time_ms <= table.bounds.end_ms else None


def _phase_end(table: Table, start_ms: int, phase: Phase, text: str, rep: int) -> int:
    spoken = text or table.coach.fill(phase.words, table.coach.values(table.effort, rep))
    return start_ms + table.length_ms(spoken) + PHASE_REST_MS


def steps_once(table: Table) -> bool:
    """In a hold, the steps one after the other; whether all found their place."""
    time_ms = table.open_ms + APART_MS
    for phase in table.effort.phases:
        text = table.coach.fill(phase.words, table.coach.values(table.effort))
        place = table.space.first(time_ms, table.bounds.end_ms, table.length_ms(text))
        if not table.say(table.cue("step", text, phase.words.position), text, place):
            return False
        time_ms = (place or 0) + table.length_ms(text) + PHASE_REST_MS
    return True
