"""On what terms a voice speaks that is not free, or not ours: what it costs, and how it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.keys import key
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from audiocoach.routine.voice import Voice

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What an engine says of a voice whose takes are kept for good, since each was paid for.

    `kept_as` names all that shapes a take on the other side, and nothing of ours: an upgrade here buys
    nothing again. `at_once` is how many texts it is asked for at a time. Price and budget are in the user's
    currency; no budget is None.
    """

    kept_as: str
    at_once: int = 4
    price_per_million_characters: float = 0.0
    budget: float | None = None

    def take_key(self, voice: Voice, text: str) -> str:
        """What the take of a text is called: nothing of ours is in it but the rate that it was asked at."""
        return key("take", self.kept_as, voice.rate_wpm, text)

    def cost(self, characters: int) -> float:
        """The price of so many characters."""
        return characters * self.price_per_million_characters / _MILLION
