"""Phases without a tempo: a phase lasts its words and 2 s; in a hold they are said once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Laid
from audiocoach.coaching.effort.bounds import tone_ms
from audiocoach.coaching.effort.fading import may_be_called
from audiocoach.coaching.effort.layout import tone
from audiocoach.coaching.effort.repetitions import is_cycle_called, is_side_called, side_alone, with_side
from audiocoach.coaching.space import APART_MS
from audiocoach.records import replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiocoach.coaching.cues import Line
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.steps import Phase

PHASE_REST_MS = 2 * MS_PER_SECOND


def lay_paced(layout: EffortLayout) -> EffortLayout:
    """A phase lasts its words and 2 s: one repetition is talked through, then `short` forms."""
    rows, rep, pace_ms = [], layout.next_rep, layout.pace_ms
    heard = Counter(said.line.text for said in layout.laid)
    while (more := _pace(layout, pace_ms, rep, heard, in_full=False)) is not None:
        rows += more
        heard.update(line.text for _, _, line in more if line)
        pace_ms, rep = _pace_end_ms(layout.ground, more, rep), rep + 1
    return replace(_with_rows(layout, rows), pace_ms=pace_ms, next_rep=rep)


def paced(layout: EffortLayout, *, in_full: bool) -> EffortLayout | None:
    """One more repetition, or None where it could not end in time."""
    rows = _pace(layout, layout.pace_ms, layout.next_rep, {}, in_full=in_full)
    if rows is None:
        return None
    pace_ms = _pace_end_ms(layout.ground, rows, layout.next_rep)
    return replace(_with_rows(layout, rows), pace_ms=pace_ms, next_rep=layout.next_rep + 1)


def _with_rows(layout: EffortLayout, rows: Sequence[tuple[int, Phase, Line]]) -> EffortLayout:
    ground = layout.ground
    words, ticks = [], []
    for start_ms, phase, line in rows:
        if line:
            cue = ground.cue("step", line, phase.words.position)
            words.append(Laid(start_ms, ground.length_ms(line), cue, line))
        elif ground.effort.delivery.tones == "full":
            ticks.append(tone(ground, "phase", _tick_of(ground, phase), start_ms))
    return layout.saying(words).ringing(ticks)


def _tick_of(ground: Ground, phase: Phase) -> str:
    """The first phase of a repetition sounds like its beginning on a tempo does."""
    return "tick" if phase is ground.effort.phases[0] else "phase"


def _pace_end_ms(ground: Ground, rows: Sequence[tuple[int, Phase, Line]], rep: int) -> int:
    """When the next repetition may begin."""
    start_ms, phase, line = rows[-1]
    return _phase_end_ms(ground, start_ms, phase, line, rep)


def _pace(
    layout: EffortLayout, time_ms: int, rep: int, heard: Mapping[str, int], *, in_full: bool
) -> list[tuple[int, Phase, Line]] | None:
    """One repetition from `time_ms` on, or None where it could not end in time."""
    ground = layout.ground
    ground.speaker.check()
    rows: list[tuple[int, Phase, Line]] = []
    for phase in ground.effort.phases:
        line = _pacing_line(ground, phase, rep, heard, in_full=in_full)
        length_ms = ground.length_ms(line) if line else tone_ms("tick", ground.effort.delivery)
        start_ms = layout.words.first(time_ms, ground.bounds.end_ms, length_ms)
        if start_ms is None:
            return None
        rows.append((start_ms, phase, line))
        time_ms = _phase_end_ms(ground, start_ms, phase, line, rep)
    return rows if time_ms <= ground.bounds.end_ms else None


def _pacing_line(ground: Ground, phase: Phase, rep: int, heard: Mapping[str, int], *, in_full: bool) -> Line:
    """What is said of a phase: its short form, or all of it where it has none; nothing is a tick."""
    opens = phase is ground.effort.phases[0]
    if not (ground.full or in_full):
        side = side_alone(ground, rep) if opens else SILENCE
        return side if side and is_side_called(ground, side, heard, rep) else SILENCE
    call = phase.short or phase.words
    line = ground.fill(phase.words if in_full else call, rep)
    line = with_side(ground, line, rep) if opens else line
    is_called_now = may_be_called(ground, line.text, heard) and is_cycle_called(ground, rep, heard)
    return line if in_full or is_called_now else SILENCE


def _phase_end_ms(ground: Ground, start_ms: int, phase: Phase, line: Line, rep: int) -> int:
    # What has faded keeps the pace that it had.
    spoken = line or ground.fill(phase.short if phase.short and ground.full else phase.words, rep)
    return start_ms + ground.length_ms(spoken) + PHASE_REST_MS


def lay_steps_once(layout: EffortLayout) -> EffortLayout | None:
    """In a hold, the steps one after the other; None where one found no place."""
    ground, time_ms = layout.ground, layout.ground.open_ms + APART_MS
    for phase in ground.effort.phases:
        line = ground.fill(phase.words)
        place = layout.words.first(time_ms, ground.bounds.end_ms, ground.length_ms(line))
        longer = layout.say(ground.cue("step", line, phase.words.position), place)
        if place is None or longer is None:
            return None
        layout, time_ms = longer, place + ground.length_ms(line) + PHASE_REST_MS
    return layout
