"""Who speaks: the one record of this room that every speech process needs, and so a module of its own."""

from __future__ import annotations

from audiocoach import assets
from audiocoach.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: an engine of `audiocoach.engines`, its voice (`""`: its default), words a minute.

    `language` is that of the words: a folder of `assets/languages`. It is louder than it is levelled by
    `gain_db`; `pitch` is from 0 to 99, None as it is.
    """

    engine: str = assets.USUAL_ENGINE
    name: str = ""
    rate_wpm: int = 165
    language: str = assets.DEFAULT_LANGUAGE
    gain_db: float = 0.0
    pitch: int | None = None

    @property
    def levelled(self) -> Voice:
        """The same as loud as every other: one that is turned up or down speaks no differently."""
        return replace(self, gain_db=0.0) if self.gain_db else self
