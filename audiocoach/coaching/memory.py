"""What the listener has heard so far: a value that grows only by cues that were laid.

In: the cues of a gap or an effort, once they have their times. Out: a new `Told`. Whoever plans ahead hands
a `Told` to a layout and throws away what comes back: nothing remembers the try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.steps import Effort
    from audiocoach.routine.model import Move, Words


@dataclass(frozen=True, slots=True)
class WayIn:
    """How to get into a move: at another level it may be something else. With a `side`, for that side."""

    move: str
    setup: Words | None
    equipment: tuple[str, ...]
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Equipped:
    """The listener knows that this thing is needed."""

    thing: str


@dataclass(frozen=True, slots=True)
class Advised:
    """What the author says of a move, at one of its levels; with a `side`, for that side."""

    words: Words
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """An easier version was offered."""

    words: Words


@dataclass(frozen=True, slots=True)
class Taught:
    """A phase was told before the effort that it belongs to."""

    words: Words


@dataclass(frozen=True, slots=True)
class Gridded:
    """That sets start, or a set ends, every so often."""

    move: str
    every_ms: int
    several: bool


@dataclass(frozen=True, slots=True)
class Foretold:
    """That the `side` or the `way` will change within the `do` of this number."""

    number: int
    change: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder of a move, or of the moves of a circuit."""

    move: str
    words: Words
    in_rest: bool = False


@dataclass(frozen=True, slots=True)
class Halved:
    """That half of the session is over."""


Fact = Halved | WayIn | Equipped | Advised | Offered | Taught | Gridded | Foretold | Reminded


@dataclass(frozen=True, slots=True)
class Told:
    """What was heard. `led` are the moves that were begun, `turns` how often each phrase was used.

    `reminder` is the one that was heard last, `reminded` the last one of each move.
    """

    facts: frozenset[Fact] = frozenset()
    led: frozenset[str] = frozenset()
    turns: Mapping[str, int] | None = None
    reminder: Words | None = None
    reminded: Mapping[str, Words] | None = None

    def knows(self, fact: Fact) -> bool:
        """Whether that was heard."""
        return fact in self.facts

    def turn(self, entry: str) -> int:
        """How often the phrase was heard: which of its wordings comes next."""
        return (self.turns or {}).get(entry, 0)

    def is_new(self, effort: Effort) -> bool:
        """Whether the move was not led yet: its first interval is coached in full, later ones briefly."""
        return effort.move.key not in self.led

    def last_reminder(self, move: str) -> Words | None:
        """The reminder of a move that was heard last."""
        return (self.reminded or {}).get(move)

    def heard(self, cues: Iterable[Cue]) -> Told:
        """All this, and what these cues tell, which were laid in this order."""
        told = self
        for cue in cues:
            if cue.entry or cue.facts:
                told = _with(told, cue)
        return told

    def led_through(self, effort: Effort) -> Told:
        """All this, and the move's first interval, where somebody led it."""
        if effort.delivery.cues == "tones" or effort.move.key in self.led:
            return self
        return replace(self, led=self.led | {effort.move.key})


def _with(told: Told, cue: Cue) -> Told:
    turns = told.turns or {}
    if cue.entry:
        turns = {**turns, cue.entry: turns.get(cue.entry, 0) + 1}
    reminders = [fact for fact in cue.facts if isinstance(fact, Reminded)]
    return replace(
        told,
        facts=told.facts.union(cue.facts),
        turns=turns,
        reminder=reminders[-1].words if reminders else told.reminder,
        reminded={**(told.reminded or {}), **{fact.move: fact.words for fact in reminders}},
    )


def way_in(move: Move, side: str | None = None) -> WayIn:
    """What a listener has to know before a move."""
    return WayIn(move.key, move.setup, move.equipment or (), side)
