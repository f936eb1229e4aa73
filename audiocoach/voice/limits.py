"""How long a voice may take and how long a clip may be, before it counts as hung or as rubbish."""

from __future__ import annotations

from audiocoach.errors import EngineError
from audiocoach.records import dataclass

_USUAL_RATE_WPM = 165
_LEAST_CHARACTER_MS = 20
_LEAST_SLACK_MS = 200
_MOST_BYTE_MS = 400
_MOST_SLACK_MS = 3000


@dataclass(frozen=True, slots=True)
class Limits:
    """What an engine may take; times are generous, since a slow machine is no fault.

    `set_up_ms` is for its set-up, once a process; `clip_ms` and `character_ms` are for each text; `grace_ms`
    is for a process that is told to go. `text_characters` is its longest text, None where it takes any. When
    so many `failures` came in a row, it is asked for no more: what somebody else runs may hang for each text.
    """

    set_up_ms: int = 30_000
    clip_ms: int = 10_000
    character_ms: int = 50
    grace_ms: int = 2_000
    text_characters: int | None = None
    failures: int | None = None

    def for_text(self, text: str) -> int:
        """Milliseconds that a voice has for this text."""
        return self.clip_ms + self.character_ms * len(text)

    def check(self, text: str) -> None:
        """Refuse a text that is too long.

        Raises:
            EngineError: it is.
        """
        if self.text_characters is not None and len(text) > self.text_characters:
            raise EngineError(
                f"{len(text)} characters are too many for the voice: {self.text_characters} at most"
            )


def least_ms(text: str, rate_wpm: int) -> float:
    """The shortest believable clip: 20 ms a letter or digit, less at high rates and a constant."""
    letters = sum(map(str.isalnum, text))
    return letters * _LEAST_CHARACTER_MS * min(1.0, _USUAL_RATE_WPM / rate_wpm) - _LEAST_SLACK_MS


def most_ms(text: str, rate_wpm: int) -> float:
    """The longest believable clip: 400 ms a byte of UTF-8, more at low rates, and a constant.

    Bytes, since a voice spells out what it cannot read: an emoji of four bytes takes over a second.
    """
    size_bytes = len(text.encode("utf-8", "replace"))
    return size_bytes * _MOST_BYTE_MS * max(1.0, _USUAL_RATE_WPM / rate_wpm) + _MOST_SLACK_MS
