"""What the listener has heard so far: a value that grows only by cues that were laid.

In: the cues of a gap or an effort, once they have their times. Out: a new `Told`. Whoever plans ahead hands
a `Told` to a layout and throws away what comes back: nothing remembers the try.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING, TypeVar

from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.steps import Effort
    from audiocoach.routine.model import Move, Words

K = TypeVar("K", bound="Hashable")


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
    """A phase was told before the effort that it belongs to, or a step with a time of its own as it came."""

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
class Praised:
    """A word of praise was said of this move."""

    move: str


@dataclass(frozen=True, slots=True)
class Explained:
    """What a move is good for."""

    words: Words


@dataclass(frozen=True, slots=True)
class Halved:
    """That half of the session is over."""


Fact = (
    Halved
    | WayIn
    | Equipped
    | Advised
    | Offered
    | Taught
    | Gridded
    | Foretold
    | Reminded
    | Praised
    | Explained
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was heard. `led` are the moves that were begun, `sided` each with a side, where it has one.

    `turns` is how often each phrase was used, `times` how often each text was called, of a move or of all:
    what was heard often enough is not said for ever. `reminder` is the one that was heard last, `reminded`
    the last one of each move. Where there is a set `asked`, the facts and phrases come into it that somebody
    asked for: it is no part of the value.
    """

    facts: frozenset[Fact] = frozenset()
    led: frozenset[str] = frozenset()
    sided: frozenset[tuple[str, str | None]] = frozenset()
    turns: Mapping[str, int] | None = None
    times: Mapping[tuple[str, str], int] | None = None
    reminder: Words | None = None
    reminded: Mapping[str, Words] | None = None
    asked: set[Fact | str] | None = field(default=None, compare=False, repr=False)

    def knows(self, fact: Fact) -> bool:
        """Whether that was heard."""
        if self.asked is not None:
            self.asked.add(fact)
        return fact in self.facts

    def turn(self, entry: str) -> int:
        """How often the phrase was heard: which of its wordings comes next."""
        if self.asked is not None:
            self.asked.add(entry)
        return (self.turns or {}).get(entry, 0)

    def is_like(self, other: Told, asked: Iterable[Fact | str]) -> bool:
        """Whether it is the same for whoever asks for these facts and phrases, and for no others."""
        return (
            (self.led, self.sided, self.times) == (other.led, other.sided, other.times)
            and (self.reminder, self.reminded) == (other.reminder, other.reminded)
            and all(_answer(self, one) == _answer(other, one) for one in asked)
        )

    def times_called(self, text: str, move: str = "") -> int:
        """How often these words were heard as a call of a move, or, without one, of all."""
        return (self.times or {}).get((move, text), 0)

    def is_new(self, effort: Effort) -> bool:
        """Whether the move was not led yet: its first interval is coached in full, later ones briefly."""
        return effort.move.key not in self.led

    def is_new_side(self, effort: Effort) -> bool:
        """Whether the move was led before, but not on this side."""
        key = effort.move.key
        return key in self.led and bool(effort.side) and (key, effort.side) not in self.sided

    def last_reminder(self, move: str) -> Words | None:
        """The reminder of a move that was heard last."""
        return (self.reminded or {}).get(move)

    def heard(self, cues: Iterable[Cue], move: str = "") -> Told:
        """All this, and what these cues tell, which were laid in this order, about a move or before it."""
        laid = tuple(cues)
        if not laid:
            return self
        facts = [fact for cue in laid for fact in cue.facts]
        entries = Counter(cue.entry for cue in laid if cue.entry)
        calls = [(cue.cue, cue.line.text) for cue in laid if cue.cue in _CALLS]
        called = Counter(("", text) for _, text in calls)
        called.update((move, text) for cue, text in calls if move and cue in _CALLS_OF_A_MOVE)
        if not (facts or entries or called):
            return self
        reminders = [fact for fact in facts if isinstance(fact, Reminded)]
        return replace(
            self,
            facts=self.facts.union(facts) if facts else self.facts,
            turns=_more(self.turns, entries),
            times=_more(self.times, called),
            reminder=reminders[-1].words if reminders else self.reminder,
            reminded={**(self.reminded or {}), **{fact.move: fact.words for fact in reminders}}
            if reminders
            else self.reminded,
        )

    def knowing(self, facts: Iterable[Fact]) -> Told:
        """All this, and these facts."""
        return replace(self, facts=self.facts.union(facts))

    def led_through(self, effort: Effort) -> Told:
        """All this, and the move's first interval on its side, where somebody led it."""
        key, sided = effort.move.key, (effort.move.key, effort.side)
        if effort.delivery.cues == "tones" or sided in self.sided:
            return self
        return replace(self, led=self.led | {key}, sided=self.sided | {sided})


def _answer(told: Told, asked: Fact | str) -> int:
    return (told.turns or {}).get(asked, 0) if isinstance(asked, str) else asked in told.facts


# What wears out: it is called again and again.
_CALLS = frozenset({"step", "breath", "count", "reminder", "time_left"})
# Another move may be called by the same words: they are not known from this one.
_CALLS_OF_A_MOVE = frozenset({"step", "count"})


def _more(before: Mapping[K, int] | None, now: Mapping[K, int]) -> Mapping[K, int]:
    """Counts, and those that came to them."""
    known = before or {}
    return {**known, **{key: known.get(key, 0) + count for key, count in now.items()}} if now else known


def way_in(move: Move, side: str | None = None) -> WayIn:
    """What a listener has to know before a move."""
    return WayIn(move.key, move.setup, move.equipment or (), side)
