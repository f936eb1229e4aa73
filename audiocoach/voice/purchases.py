"""What a build buys: every text that a paid voice has still to speak, counted before it is asked for.

A session is bought whole or not at all, so that nothing is paid for one that cannot be finished. What a build
pays for is what was counted here: a text is asked for once, whatever comes of it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiocoach.language.language import traits
from audiocoach.records import dataclass
from audiocoach.voice.clips import Failure
from audiocoach.voice.engines import terms_of
from audiocoach.voice.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.routine.voice import Voice
    from audiocoach.voice.clips import Store
    from audiocoach.voice.studio import Studio
    from audiocoach.voice.terms import Terms

# Sums of prices are no exact numbers.
_ALMOST = 1e-9


@dataclass(frozen=True, slots=True)
class Bought:
    """What one entry of the configuration is asked for: `texts` of so many `characters`, and their price."""

    engine: str
    name: str
    texts: int
    characters: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Purchase:
    voice: Voice
    terms: Terms
    text: str

    @property
    def entry(self) -> tuple[str, str]:
        return self.voice.engine, self.voice.name

    @property
    def cost(self) -> float:
        return self.terms.cost(len(self.text))


class Purchases:
    """The purchases of one build. `budget` is for all of them, and takes the place of the entries' own."""

    def __init__(self, studio: Studio, takes: Callable[[], Store], budget: float | None = None) -> None:
        self._studio = studio
        self._takes = takes
        self._budget = budget
        self._terms: dict[Voice, Terms | None] = {}
        # By the names of their takes: two sessions that share a text buy it once.
        self._bought: dict[str, _Purchase] = {}

    def terms(self, voice: Voice) -> Terms | None:
        """On what terms a voice speaks; None for one that is free.

        Raises:
            EngineError: there is no such voice.
        """
        if voice not in self._terms:
            self._terms[voice] = terms_of(voice)
        return self._terms[voice]

    def speaker(self, utterance: Utterance) -> Voice:
        """Who speaks it: a paid voice may stand in for one that is free.

        Raises:
            EngineError: as `terms`.
        """
        return self._studio.speaker(utterance)

    def refusal(self, voice: Voice) -> str:
        """As that of the studio."""
        return self._studio.refusal(voice)

    def buy(self, utterances: Iterable[Utterance]) -> tuple[Failure, ...]:
        """Count what these cost; where that is too much, count nothing, and say why for each paid one.

        Raises:
            EngineError: as `terms`.
        """
        asked = [utterance for utterance in utterances if self.terms(self.speaker(utterance))]
        if not asked:
            return ()
        new = dict(self._new(asked))
        refusal = next(self._refusals(new), None)
        if refusal:
            return tuple(Failure(utterance, refusal, refused=True) for utterance in asked)
        self._bought |= new
        return ()

    def give_back(self, utterance: Utterance) -> None:
        """Count no more what was refused before anything came: the words, and the passage of their voice.

        Raises:
            EngineError: as `terms`.
        """
        voice, takes = self.speaker(utterance), self._takes()
        terms = self.terms(voice)
        for text in (clean(utterance.text), traits(voice.language).passage):
            key = terms.take_key(voice, text) if terms else ""
            if terms and not takes.size_bytes(key):
                self._bought.pop(key, None)

    def bought(self) -> tuple[Bought, ...]:
        """What was counted, by entry."""
        entries: dict[tuple[str, str], list[_Purchase]] = {}
        for purchase in self._bought.values():
            entries.setdefault(purchase.entry, []).append(purchase)
        return tuple(
            Bought(
                *entry,
                len(purchases),
                sum(len(purchase.text) for purchase in purchases),
                sum(purchase.cost for purchase in purchases),
            )
            for entry, purchases in sorted(entries.items())
        )

    def _new(self, utterances: Iterable[Utterance]) -> Iterator[tuple[str, _Purchase]]:
        """Texts that nobody has paid for yet, by the names of their takes."""
        takes = self._takes()
        for voice, text in self._texts(utterances):
            terms = self.terms(voice)
            key = terms.take_key(voice, text) if terms else ""
            if terms and key not in self._bought and not takes.size_bytes(key):
                yield key, _Purchase(voice, terms, text)

    def _texts(self, utterances: Iterable[Utterance]) -> Iterator[tuple[Voice, str]]:
        """The words, and the passage of each voice whose level is not known."""
        seen: set[Voice] = set()
        for utterance in utterances:
            voice = self.speaker(utterance)
            if voice not in seen and not self._studio.is_tuned(voice):
                yield voice, traits(voice.language).passage
            seen.add(voice)
            yield voice, clean(utterance.text)

    def _refusals(self, new: Mapping[str, _Purchase]) -> Iterator[str]:
        """Why these cannot be bought: the budget that is too small."""
        if self._budget is not None:
            yield from self._over(new.values(), list(self._bought.values()), self._budget, "this build")
            return
        for entry, terms in {purchase.entry: purchase.terms for purchase in new.values()}.items():
            if terms.budget is not None:
                mine = [purchase for purchase in new.values() if purchase.entry == entry]
                before = [purchase for purchase in self._bought.values() if purchase.entry == entry]
                yield from self._over(mine, before, terms.budget, f"[{entry[0]}.{entry[1]}]")

    def _over(
        self, new: Iterable[_Purchase], before: Iterable[_Purchase], budget: float, whose: str
    ) -> Iterator[str]:
        cost, spent = sum(one.cost for one in new), sum(one.cost for one in before)
        if cost and spent + cost > budget + _ALMOST:
            characters = f"{sum(len(one.text) for one in new):,}"
            left = f", and {amount(max(0.0, budget - spent))} is left" if spent else ""
            yield (
                f"the budget of {amount(budget)} for {whose} is too small: {characters} more characters would"
                f" cost {amount(cost)}{left}: raise it to at least {_rounded_up(spent + cost)}"
            )


def _rounded_up(cost: float) -> str:
    """An amount with two places that is enough."""
    return f"{math.ceil(cost * 100 - _ALMOST) / 100:.2f}"


def amount(cost: float) -> str:
    """An amount of money: with two places, or with four where that would hide it."""
    return f"{cost:.2f}" if cost >= 1 or round(cost, 2) == cost else f"{cost:.4f}"
