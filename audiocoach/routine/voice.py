"""Who speaks: the one record of this room that every speech process needs, and so a module of its own."""

from __future__ import annotations

from audiocoach import assets
from audiocoach.records import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: an engine of `audiocoach.engines`, its voice (`""`: its default), words a minute.

    `language` is that of the words: a folder of `assets/languages`.
    """

    engine: str = assets.USUAL_ENGINE
    name: str = ""
    rate_wpm: int = 165
    language: str = assets.DEFAULT_LANGUAGE
