"""A language: all that the program says, shows and assumes because of it, as one record.

In: the tables of `assets/languages/<code>/` and the phrases, which `routine.wordings` reads as it reads an
author's own. Out: a `Language`. A language that is added is a folder: no code knows its words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import Template
from typing import TYPE_CHECKING, Any

from audiocoach import assets
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The form of every number that no rule takes: each language has it (CLDR, Language Plural Rules).
OTHER = "other"


@dataclass(frozen=True, slots=True)
class PluralRule:
    """Numbers that take a form: those from `first` to `last`, but not those from `but_first` to `but_last`.

    Where there is a modulus, its remainder is looked at in place of the number.
    """

    form: str
    first: int
    last: int
    modulus: int = 0
    but_modulus: int = 0
    but_first: int = 0
    but_last: int = -1

    def takes(self, count: int) -> bool:
        """Whether a number has this form."""
        rest = count % self.modulus if self.modulus else count
        but = count % self.but_modulus if self.but_modulus else count
        return self.first <= rest <= self.last and not self.but_first <= but <= self.but_last


@dataclass(frozen=True, slots=True)
class Join:
    """How things become a list: what stands between two, and before the last."""

    between: str
    last: str

    def join(self, things: Sequence[str]) -> str:
        """`a, b, c`."""
        *first, last = things or ("",)
        return self.last.join(filter(None, (self.between.join(first), last)))


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long the words of a language take at `rate_wpm`, as far as can be told without a voice.

    The marks are characters after which a voice pauses where a blank follows.
    """

    start_ms: int
    letter_ms: int
    digit_ms: int
    sentence_ms: int
    comma_ms: int
    rate_wpm: int
    sentence_marks: str
    comma_marks: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """How a text names minutes: `pattern` has the number as its group, in digits or in one of the `words`."""

    pattern: str
    words: Mapping[str, int]

    def told(self, text: str) -> tuple[tuple[str, int], ...]:
        """Each time that is named, as it is written, and how many minutes it is."""
        found = re.finditer(self.pattern, text, re.IGNORECASE)
        return tuple((match[0], self._number(match[1])) for match in found)

    def _number(self, text: str) -> int:
        return int(text) if text.isdecimal() else self.words[text.lower()]


@dataclass(frozen=True, slots=True)
class Listening:
    """What `check` looks for in the author's words, each an expression that is found in capitals or not.

    `pointing` is at something to be seen, `equipment` are things that a move may need, one at a time;
    `warm_up` and `cool_down` are in the names of sections.
    """

    pointing: str
    equipment: str
    warm_up: str
    cool_down: str


@dataclass(frozen=True, slots=True)
class AtTone:
    """How a text bids one to move at a tone: `find` finds that, `now` is said where none sounds.

    `end` finds the sentence about the tone that ends what is held.
    """

    find: str
    now: str
    end: str

    def without_tone(self, text: str) -> str:
        """The text where no tone sounds; how it ends is told when it does."""
        begun = re.sub(self.end, "", text, flags=re.IGNORECASE) or text
        return re.sub(self.find, self._now, begun, flags=re.IGNORECASE)

    def _now(self, match: re.Match[str]) -> str:
        return self.now if match[0][:1].isupper() else self.now.lower()


@dataclass(frozen=True, slots=True)
class Untitled:
    """Words that stand for a title: where that is not spoken, what `find` finds becomes `now`."""

    find: str
    now: str

    def alone(self, text: str) -> str:
        """The text that followed a title, as it stands without it."""
        return re.sub(self.find, self.now, text)


@dataclass(frozen=True, slots=True)
class Traits:
    """What must be known of a language beside its phrases and labels.

    `code` is its folder's name, and that of `language:` in a routine; `iso_639_2` the three letters that ID3
    wants. `engines` are those that speak it well, the best first; `voice` is the one of the usual engine that
    speaks where none is named; `estimates` are by engine. `passage` is what a voice is levelled by,
    `sentence` the expression of a sentence with its end, `sentence_end` that of what parts two sentences that
    may be spoken apart. What was a sentence `joins_in_lower_case` where it follows a comma.
    """

    code: str
    iso_639_2: str
    voice: str
    passage: str
    plural: tuple[PluralRule, ...]
    decimal_sign: str
    lists: Join
    times: Join
    sentence: str
    sentence_end: str
    engines: tuple[str, ...]
    estimates: Mapping[str, Estimate]
    minutes: Minutes
    listening: Listening
    at_tone: AtTone
    untitled: Untitled
    joins_in_lower_case: bool

    def form(self, count: int) -> str:
        """The form that a number takes: `one`, `few`, … or `other`."""
        return next((rule.form for rule in self.plural if rule.takes(count)), OTHER)

    def estimate(self, engine: str) -> Estimate:
        """What words take in this engine's voices; of one that nobody has measured, the default engine's."""
        return self.estimates.get(engine) or self.estimates[assets.USUAL_ENGINE]

    def sentences(self, text: str) -> list[str]:
        """The sentences of a text, each with its end."""
        return [part.strip() for part in re.findall(self.sentence, text)]

    def in_words(self, number: int) -> str:
        """A number as a word, as it begins a sentence; in digits where there is none here."""
        words = {value: word for word, value in self.minutes.words.items()}
        return words.get(number, str(number))

    def joined(self, text: str) -> str:
        """A text as it goes on behind a comma: `reach`; what is all capitals, or one letter, stays."""
        if not self.joins_in_lower_case or not text[1:2].islower():
            return text
        return text[0].lower() + text[1:]

    def decimal(self, number: float, places: int | None = None) -> str:
        """A number as it is written and said: `2.5`; with as many places as asked for, or as it has."""
        text = f"{number:g}" if places is None else f"{number:.{places}f}"
        return text.replace(".", self.decimal_sign)


@dataclass(frozen=True, slots=True)
class Language:
    """A whole language: its traits, what is read on pages and in feeds, and what is said.

    `other_days` are more wordings of some phrases, for other days than the first.
    """

    traits: Traits
    labels: Mapping[str, str]
    phrases: Mapping[str, tuple[str, ...]]
    other_days: Mapping[str, tuple[str, ...]]

    def label(self, key: str, **values: object) -> str:
        """A label with its `$values` filled in."""
        return Template(self.labels[key]).substitute(values)

    def named(self, kind: str, name: str) -> str:
        """What a name of the program's own is called, such as a side; any other name is itself."""
        return self.labels.get(f"{kind}_{name}", name)

    def counted_label(self, key: str, count: int) -> str:
        """The label of a count: `1 session`, `2 sessions`."""
        return self.label(f"{key}_{self.traits.form(count)}", count=count)


@lru_cache(maxsize=8)
def traits(code: str) -> Traits:
    """The traits of a language of `assets.languages()`."""
    table = assets.language_table(code, "language")
    return Traits(
        code=code,
        iso_639_2=table["iso_639_2"],
        voice=assets.default_voice(code),
        passage=table["passage"],
        plural=tuple(map(_plural_rule, table["plural"])),
        decimal_sign=table["decimal_sign"],
        lists=Join(**table["lists"]),
        times=Join(**table["times"]),
        sentence=table["sentence"],
        sentence_end=table["sentence_end"],
        engines=tuple(table["engines"]),
        listening=Listening(**table["listening"]),
        at_tone=AtTone(**table["at_tone"]),
        untitled=Untitled(**table["untitled"]),
        estimates={engine: Estimate(**row) for engine, row in table["estimates"].items()},
        minutes=_minutes(**table["minutes"]),
        joins_in_lower_case=table["joins_in_lower_case"],
    )


def _minutes(find: str, words: Mapping[str, int]) -> Minutes:
    """From a pattern in which `<words>` stands for any of the words that are numbers."""
    longest_first = sorted(words, key=len, reverse=True)
    return Minutes(find.replace("<words>", "|".join(map(re.escape, longest_first))), words)


def _plural_rule(row: dict[str, Any]) -> PluralRule:
    """A row such as `{"form": "few", "of": 10, "from": 2, "to": 4, "but": {"of": 100, …}}`."""
    but = row.get("but", {})
    return PluralRule(
        form=row["form"],
        first=row["from"],
        last=row["to"],
        modulus=row.get("of", 0),
        but_modulus=but.get("of", 0),
        but_first=but.get("from", 0),
        but_last=but.get("to", -1),
    )


def language(
    code: str, phrases: Mapping[str, tuple[str, ...]], other_days: Mapping[str, tuple[str, ...]]
) -> Language:
    """The language of a code, with the phrases that were read for it."""
    return Language(traits(code), assets.language_table(code, "labels"), phrases, other_days)
