"""The author's tree: a routine as written, every node with its position, nothing decided yet.

`routine.parser` makes it, `coaching.plan` reads it. A `Range` is what the author left open;
`None` means that the author did not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from audiocoach.errors import Position

LevelName = Literal["gentle", "standard", "strong"]
CuesName = Literal["full", "brief", "tones"]
TonesName = Literal["full", "soft", "none"]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: an engine of `audiocoach.engines`, its voice (`""`: its default), words a minute."""

    engine: str = "pyttsx3"
    name: str = ""
    rate_wpm: int = 165
