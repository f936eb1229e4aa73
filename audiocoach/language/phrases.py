"""The phrase pack: everything that is said without the coach having written it.

In: the phrases and traits of a language, a routine's own wordings, and values. Out: sentences. Among several
wordings of an entry the values choose, so that a move is announced in the same words wherever it comes:
sessions that share moves share what was spoken and encoded. Wordings without values take turns. From day to
day all of them move on, through those as well that are kept for other days, so that nothing is said in the
same words on two days in a row.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from audiocoach.language.kin import with_kin
from audiocoach.language.language import OTHER
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audiocoach.language.language import Language, Traits

T = TypeVar("T")

_SLOT = re.compile(r"(^|[.!?]\s+(?:<pause [\d.]+s>\s+)?)?<([a-z_]+)>")
_LEAST_MINUTE_MS = 45 * MS_PER_SECOND
# How the entry of a count ends by the form of its number; every other form is an entry of its own name.
_ENDINGS = {"one": "", OTHER: "s"}
# Today and tomorrow share no wording where there are twice as many as a day takes, nor reminders from six on.
_DAYS_APART = 2
_SHARED_FROM = 6
_UNITS_MS = ((MS_PER_HOUR, "hour"), (MS_PER_MINUTE, "minute"), (MS_PER_SECOND, "second"))


def fill(text: str, values: Mapping[str, str], *, fragment: bool = False) -> str:
    """The text with its placeholders filled; one that begins a sentence is capitalised.

    A `fragment` is no sentence: its own beginning stays as it is. A placeholder without a value
    stays as well: `routine.checks` has told the author.
    """

    def slot(match: re.Match[str]) -> str:
        start, name = match[1], match[2]
        value = values.get(name)
        if value is None:
            return match[0]
        begins = start is not None and not (fragment and match.start() == 0)
        return (start or "") + (value[:1].upper() + value[1:] if begins else value)

    return _SLOT.sub(slot, text)


@lru_cache(maxsize=4096)
def slots_in(text: str) -> frozenset[str]:
    """The names of the placeholders that stand in a text, such as `side`."""
    return frozenset(match[2] for match in _SLOT.finditer(text))


@dataclass(frozen=True, slots=True)
class Pack:
    """Wordings by entry, in a language with these traits.

    `others` are more wordings of some entries, for other days than the first; `day` is from 1 on.
    """

    entries: Mapping[str, tuple[str, ...]]
    traits: Traits
    others: Mapping[str, tuple[str, ...]]
    day: int = 1

    @classmethod
    def of(cls, language: Language) -> Pack:
        """What a language says by itself."""
        return cls(language.phrases, language.traits, language.other_days)

    def is_plain(self, key: str) -> bool:
        """Whether no wording of an entry has a placeholder."""
        return not any(map(slots_in, self.entries[key]))

    def slots(self, key: str) -> frozenset[str]:
        """The placeholders of all wordings of an entry."""
        return frozenset().union(*map(slots_in, (*self.entries[key], *self.others.get(key, ()))))

    def wording(self, key: str, values: Mapping[str, str], turn: int = 0) -> str:
        """One wording of an entry, not filled; `turn` chooses among those without values.

        As many take turns on every day as on the first; the next day goes on behind them.
        """
        wordings, others = self.entries[key], self.others.get(key, ())
        if len(wordings) + len(others) == 1:
            return wordings[0]
        filled = fill(wordings[0], values)
        if filled != wordings[0]:
            # A checksum and not `hash`, which differs from run to run.
            turn = zlib.crc32(filled.encode("utf-8", "surrogatepass"))
        return self._of_day(wordings, others, turn)

    def wording_where(self, key: str, fits: Callable[[str], bool], turn: int) -> str:
        """One of those wordings of an entry that fit, of all where none does; they take turns."""
        wordings = tuple(filter(fits, self.entries[key]))
        if not wordings:
            return self._of_day(self.entries[key], (), turn)
        return self._of_day(wordings, tuple(filter(fits, self.others.get(key, ()))), turn)

    def _of_day(self, wordings: tuple[str, ...], others: tuple[str, ...], turn: int) -> str:
        """The wording of a turn: where there are enough, none of those that took turns the day before."""
        every, count = (*wordings, *others), len(wordings)
        stride = count if len(every) >= _DAYS_APART * count else 1
        return every[(turn % count + (self.day - 1) * stride) % len(every)]

    def of_day(self, things: Sequence[T]) -> tuple[T, ...]:
        """The things of a day, which begins with another one each time: reminders, reasons.

        Of six and more each day takes half, and the next day the other half.
        """
        if len(things) < _SHARED_FROM:
            return _turned(things, self.day - 1)
        round_of_days, part = divmod(self.day - 1, _DAYS_APART)
        half = (len(things) + 1) // _DAYS_APART
        return _turned(things[:half] if part == 0 else things[half:], round_of_days)

    def say(self, key: str, values: Mapping[str, str], turn: int = 0) -> str:
        """One wording of an entry, filled."""
        return fill(self.wording(key, values, turn), values)

    def part(self, key: str, values: Mapping[str, str]) -> str:
        """An entry that becomes part of a sentence, such as a dose."""
        return fill(self.entries[key][0], values, fragment=True)

    def counted(self, unit: str, count: int, written: str = "") -> str:
        """`1 breath`, `10 breaths`; the count as it is `written` where it is not in digits."""
        return self._counted(unit, self.traits.form(count), written or str(count))

    def measured(self, unit: str, amount: float) -> str:
        """`400 metres`, `1.5 kilometres`."""
        if amount.is_integer():
            return self.counted(unit, int(amount))
        return self._counted(unit, OTHER, self.traits.decimal(amount))

    def _counted(self, unit: str, form: str, count: str) -> str:
        return self.part(unit + _ENDINGS.get(form, f"_{form}"), {"count": count})

    def listed(self, things: Sequence[str]) -> str:
        """`mat, band`."""
        return self.traits.lists.join(things)

    def time(self, time_ms: int) -> str:
        """`40 seconds`, `1 minute 30 seconds`; parts of a second as a decimal."""
        parts = []
        rest_ms = time_ms
        for unit_ms, unit in _UNITS_MS[:2]:
            count, rest_ms = divmod(rest_ms, unit_ms)
            parts += [self.counted(unit, count)] if count else []
        seconds, parts_ms = divmod(rest_ms, MS_PER_SECOND)
        if parts_ms:
            parts.append(self._counted("second", OTHER, self.traits.decimal(rest_ms / MS_PER_SECOND)))
        elif seconds or not parts:
            parts.append(self.counted("second", seconds))
        return self.traits.times.join(parts)

    def about(self, time_ms: int) -> str:
        """The nearest whole minutes, in words that are true."""
        minutes = _nearest_minutes(time_ms)
        if not minutes:
            return self.part("under_a_minute", {})
        return self.part("about", {"text": self.time(minutes * MS_PER_MINUTE)})

    def with_wordings(self, own: Mapping[str, tuple[str, ...]]) -> Pack:
        """This pack with a routine's own wordings in place of some; `routine.wordings` has checked them.

        They hold for the phrases that are the same one in another place, too.
        """
        every = with_kin(own)
        others = {key: more for key, more in self.others.items() if key not in every}
        return replace(self, entries={**self.entries, **every}, others=others)

    def on_day(self, day: int) -> Pack:
        """This pack as it speaks on a day, from 1 on."""
        return replace(self, day=day)


def _turned(things: Sequence[T], by: int) -> tuple[T, ...]:
    first = by % len(things) if things else 0
    return (*things[first:], *things[:first])


def _nearest_minutes(time_ms: int) -> int:
    """Half a minute is less than a minute to whoever trains; a minute and a half is about two."""
    return 0 if time_ms < _LEAST_MINUTE_MS else max(1, (time_ms + MS_PER_MINUTE // 2) // MS_PER_MINUTE)


def least_about_ms(time_ms: int) -> int:
    """The shortest time that lasts about as many minutes as this one."""
    minutes = _nearest_minutes(time_ms)
    return minutes * MS_PER_MINUTE - MS_PER_MINUTE // 2 if minutes > 1 else minutes * _LEAST_MINUTE_MS
