"""How a timeline's intervals and tones are named wherever people read them, in the timeline's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Interval
    from audiocoach.language.language import Language

# Tones that keep the pace: shown one by one they would bury the words.
PACE = frozenset({"count", "breath", "phase", "beat"})


def interval_label(one: Interval, language: Language) -> str:
    """`work 0:40  Bear plank flow, set 1 of 3, left`."""
    parts = ([one.move] if one.move else []) + details(one, language)
    label = f"{kind_label(one.kind, language)} {ms_to_clock(one.duration_ms)}"
    return f"{label}  {', '.join(parts)}" if parts else label


def _which_hold(one: Interval, language: Language) -> list[str]:
    if not one.rep:
        return []
    if one.reps and one.reps > 1:
        return [language.label("hold_of", rep=one.rep, reps=one.reps)]
    return [language.label("hold_number", rep=one.rep)]


def kind_label(kind: str, language: Language) -> str:
    """`work`."""
    return language.label(f"kind_{kind}")


def kind_name(kind: str, language: Language) -> str:
    """What people call a kind of interval where it stands by itself: `Get ready`."""
    return language.label(f"name_{kind}")


def side_label(side: str | None, language: Language) -> str:
    """`left`; nothing where there is no side."""
    return language.named("side", side) if side else ""


def details(one: Interval, language: Language) -> list[str]:
    """Which set, hold, weight, side and way of its move an interval is, where several; how it ends."""
    parts = [language.label("set_of", set=one.set, sets=one.sets)] if one.sets and one.sets > 1 else []
    parts += _which_hold(one, language)
    parts += [part for part in (one.weight, side_label(one.side, language), one.way) if part]
    return parts + ([language.label("until_ready")] if one.until else [])
