"""What the page's player knows of a session: when everything begins, and what it shows large meanwhile.

In: a timeline. Out: what JSON can hold, texts on one line. Its lists are in the order of the rows and
lines of `cuesheet`, so that the player finds the one by the other's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.steps import EXERCISES
from audiocoach.publish import gates
from audiocoach.publish.chapters import chapters
from audiocoach.publish.labels import details, kind_name
from audiocoach.publish.transcript import lines
from audiocoach.routine import wordings
from audiocoach.sound.tags import clean
from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.coaching.timeline import Interval, Timeline
    from audiocoach.language.language import Language

_EFFORTS = frozenset(EXERCISES)


def data(timeline: Timeline) -> dict[str, object]:
    """Times in ms from the start; `end_ms` is the first moment after a thing."""
    whole, language = timeline.intervals, wordings.nearest(timeline.language)
    gates_ms = gates.times_ms(timeline)
    return {
        "duration_ms": timeline.duration_ms,
        "chapters": [{"start_ms": one.start_ms, "title": one.title} for one in chapters(timeline)],
        "intervals": [_shown(one, whole[index + 1 :], language) for index, one in enumerate(whole)],
        "lines": [{"start_ms": one.start_ms, "end_ms": one.end_ms} for one in lines(timeline)],
        "gates": gates_ms,
        "gate_tone": gates.tone() if gates_ms else "",
    }


def did(timeline: Timeline, language: Language) -> str:
    """What was done, for the end: `16:02 · 9 exercises`."""
    moves = {clean(one.move) for one in timeline.intervals if one.kind in EXERCISES and one.move}
    done = language.counted_label("exercises", len(moves)) if moves else ""
    return " · ".join(filter(None, (ms_to_clock(timeline.duration_ms), done)))


def _shown(one: Interval, following: Sequence[Interval], language: Language) -> dict[str, object]:
    is_effort = one.kind in _EFFORTS
    return {
        "start_ms": one.start_ms,
        "end_ms": one.end_ms,
        "kind": one.kind,
        "name": kind_name(one.kind, language) if is_effort and one.move else "",
        "title": _title(one, language) if is_effort else kind_name(one.kind, language),
        "details": [clean(part) for part in details(one, language)] if is_effort else [],
        "part": _part(one, language),
        "next": _next(one, following, language),
        "cycle_ms": list(one.cycle_ms),
    }


def _title(one: Interval, language: Language) -> str:
    return clean(one.move or "") or kind_name(one.kind, language)


def _part(one: Interval, language: Language) -> str:
    """`Strength, round 2`."""
    parts = (clean(one.section or ""), language.label("round_number", round=one.round) if one.round else "")
    return ", ".join(filter(None, parts))


def _next(one: Interval, following: Sequence[Interval], language: Language) -> str:
    """`Rest · 0:20, then Squat, set 2 of 3`; nothing at the end."""
    if not following:
        return ""
    first = following[0]
    if first.kind in _EFFORTS:
        known = one.move if one.kind in _EFFORTS else None
        return f"{_named(first, known, language)} · {ms_to_clock(first.duration_ms)}"
    effort = next((later for later in following if later.kind in _EFFORTS), None)
    told = f"{kind_name(first.kind, language)} · {ms_to_clock(first.duration_ms)}"
    if effort is None:
        return told
    return language.label("then", first=told, next=_named(effort, one.move, language))


def _named(one: Interval, known: str | None, language: Language) -> str:
    """The move and which part of it; the move alone may be left out where it is on show already."""
    parts = [clean(part) for part in details(one, language)]
    return ", ".join(parts if parts and one.move == known else [_title(one, language), *parts])
