"""On what terms a voice speaks that is not free, or not ours: what it costs, and how it is asked."""

from __future__ import annotations

from audiocoach.records import dataclass

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

    def cost(self, characters: int) -> float:
        """The price of so many characters."""
        return characters * self.price_per_million_characters / _MILLION
