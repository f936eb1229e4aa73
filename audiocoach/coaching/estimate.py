"""How long words take when nobody has spoken them yet: for `check`, and for `preview --estimate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Utterance

# Fitted to clips of the default voice at 165 words a minute.
_START_MS = 250
_CHARACTER_MS = 58
_RATE_WPM = 165


def estimate_ms(utterance: Utterance) -> int:
    """Milliseconds, within about a fifth of what the default voice takes."""
    speed = _RATE_WPM / utterance.voice.rate_wpm
    return round(_START_MS + _CHARACTER_MS * len(utterance.text) * speed)
