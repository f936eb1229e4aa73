"""The soft tone before the first words, under which earphones and loudspeakers wake. Pure.

In: a session's events. Out: the tone, where its tones are wanted and nothing sounds before its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.coaching.timeline import Speech, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.coaching.steps import Plan
    from audiocoach.coaching.timeline import Event

# It ends so long before the words that both are encoded by themselves, and once for all sessions: a whole
# number of frames of 24 ms, more than six.
BEFORE_WORDS_MS = 168


def wake_tone(plan: Plan, events: Sequence[Event]) -> tuple[Tone, ...]:
    """The tone that wakes what it is heard with; `events` are in order of time."""
    first = events[0] if events else None
    if not plan.wakes or not isinstance(first, Speech):
        return ()
    length_ms = assets.tones()["wake"].duration_ms
    start_ms = max(0, first.start_ms - BEFORE_WORDS_MS - length_ms)
    return (Tone(start_ms, length_ms, "wake", "wake", plan.position),)
