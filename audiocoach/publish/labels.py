"""How a timeline's intervals and tones are named wherever people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Interval

# What people call the kinds of intervals.
NAMES = {
    "work": "Work",
    "hold": "Hold",
    "reps": "Repetitions",
    "breaths": "Breathe",
    "rest": "Rest",
    "release": "Release",
    "ready": "Get ready",
    "switch": "Switch",
    "talk": "Listen",
    "pause": "Pause",
}
# Tones that keep the pace: shown one by one they would bury the words.
PACE = frozenset({"count", "breath", "phase"})


def interval_label(one: Interval) -> str:
    """`work 0:40  Bear plank flow, set 1 of 3, left`."""
    parts = ([one.move] if one.move else []) + details(one)
    label = f"{one.kind} {ms_to_clock(one.duration_ms)}"
    return f"{label}  {', '.join(parts)}" if parts else label


def details(one: Interval) -> list[str]:
    """Which set, hold, side and way of its move an interval is, where there are several."""
    parts = [f"set {one.set} of {one.sets}"] if one.sets and one.sets > 1 else []
    parts += [f"hold {one.rep}"] if one.rep else []
    return parts + [part for part in (one.side, one.way) if part]
