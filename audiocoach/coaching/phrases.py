"""The phrase pack: everything that is said without the coach having written it.

In: a pack from `assets/phrases/`, a routine's own wordings, and values. Out: sentences. Wordings
take turns by how often their entry was used, so the same routine always sounds the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.routine.desk import Desk, did_you_mean
from audiocoach.routine.parser import read_phrases
from audiocoach.routine.source import compose, read_text
from audiocoach.units import MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiocoach.routine.model import Words

_SLOT = re.compile(r"(^|[.!?]\s+)?<([a-z_]+)>")
# Entries that become part of a sentence, and not one themselves.
_PART = re.compile(
    r"dose_\w+|left|right|about|under_a_minute|(?:hour|minute|second|repetition|breath)s?", re.ASCII
)
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


@dataclass(frozen=True, slots=True)
class Pack:
    """Wordings by entry."""

    entries: dict[str, tuple[str, ...]]

    def say(self, key: str, values: Mapping[str, str], turn: int = 0) -> str:
        """One wording of an entry, filled; `turn` chooses among several."""
        wordings = self.entries[key]
        return fill(wordings[turn % len(wordings)], values)

    def part(self, key: str, values: Mapping[str, str]) -> str:
        """An entry that becomes part of a sentence, such as a dose."""
        return fill(self.entries[key][0], values, fragment=True)

    def counted(self, unit: str, count: int) -> str:
        """`1 breath`, `10 breaths`."""
        return self.part(unit if count == 1 else unit + "s", {"count": str(count)})

    def time(self, time_ms: int) -> str:
        """`40 seconds`, `1 minute 30 seconds`; parts of a second as a decimal."""
        parts = []
        rest_ms = time_ms
        for unit_ms, unit in _UNITS_MS[:2]:
            count, rest_ms = divmod(rest_ms, unit_ms)
            parts += [self.counted(unit, count)] if count else []
        seconds, parts_ms = divmod(rest_ms, MS_PER_SECOND)
        if parts_ms:
            decimal = f"{rest_ms / MS_PER_SECOND:g}"
            parts.append(self.part("seconds", {"count": decimal}))
        elif seconds or not parts:
            parts.append(self.counted("second", seconds))
        return " ".join(parts)

    def about(self, time_ms: int) -> str:
        """The nearest whole minutes, in words that are true."""
        minutes = _nearest_minutes(time_ms)
        if not minutes:
            return self.part("under_a_minute", {})
        return self.part("about", {"text": self.time(minutes * MS_PER_MINUTE)})

    def with_wordings(self, own: tuple[tuple[str, tuple[Words, ...]], ...], desk: Desk) -> Pack:
        """This pack with a routine's own wordings in place of some."""
        entries = dict(self.entries)
        for key, wordings in own:
            if key in self.entries:
                self._tell_empty(key, wordings, desk)
                entries[key] = tuple(words.text for words in wordings)
            else:
                desk.error(wordings[0].position, f'unknown phrase "{key}"' + did_you_mean(key, entries))
        return Pack(entries)

    def values_of(self, key: str) -> frozenset[str]:
        """The placeholders that have a value in an entry: those of the pack's own wordings."""
        own = {name for text in self.entries[key] for _, name in _SLOT.findall(text)}
        return frozenset(own) if _PART.fullmatch(key) else frozenset(own | {"title", "duration"})

    def _tell_empty(self, key: str, wordings: tuple[Words, ...], desk: Desk) -> None:
        known = self.values_of(key)
        names = ", ".join(f"<{name}>" for name in sorted(known))
        for words in wordings:
            for name, position in words.places:
                if name not in known:
                    expected = f"expected {names}" if names else "expected no placeholder"
                    desk.error(position, f'<{name}> has no value in the phrase "{key}": {expected}')


def _nearest_minutes(time_ms: int) -> int:
    return (time_ms + MS_PER_MINUTE // 2) // MS_PER_MINUTE


def least_about_ms(time_ms: int) -> int:
    """The shortest time that lasts about as many minutes as this one."""
    return max(0, _nearest_minutes(time_ms) * MS_PER_MINUTE - MS_PER_MINUTE // 2)


@lru_cache(maxsize=8)
def load(language: str) -> Pack:
    """The pack that ships for a language of `assets.languages()`."""
    path = assets.folder() / "phrases" / f"{language}.yaml"
    desk = Desk()
    node = compose(read_text(path, str(path))[0], str(path), desk)
    phrases = read_phrases(node, desk) if node else ()
    desk.close()
    return Pack({key: tuple(words.text for words in wordings) for key, wordings in phrases})
