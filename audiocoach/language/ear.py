"""Text for the ear: what is written becomes what a voice is to say. Pure.

In: a text of the author or the phrase pack, its language, the engine that speaks, and what the author has
said differently. Out: words that every voice reads alike: `3x10` is "3 times 10" for the ear and stays
`3x10` for the eye. First comes the author's `pronounce`, which nothing changes any more; then the tables of
the language, for every engine; then the list of the engine, for what it alone misreads. The tables are
`ear.json` in the folder of the language; a language without one is spoken as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from audiocoach import assets
from audiocoach.language.language import traits
from audiocoach.language.pronounce import replacer
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from audiocoach.language.pronounce import Pairs

_VOWELS, _ROMAN = frozenset("AEIOUY"), frozenset("IVX")
# A shorter word in capitals may be letters that are spelled, unless the language says otherwise.
_LONG_WORD = 4
_SPEAKABLE = re.compile(r"[^\W_]")
_LETTERS = re.compile(r"[A-Z]{2}")
_CAPITALS = r"[A-Z](?:[A-Z'\u2019]*[A-Z])?"
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s)\W*$")
# Behind a colon a sentence only may start.
_STOP_BEFORE = re.compile(r"(?:^|[.!?]\s)\W{0,9}$")


@dataclass(frozen=True, slots=True)
class Row:
    """A pattern and what is said in its place, tried where one of `needs` stands in the text.

    Where none of the pattern's groups took part, what it found stays. `like` becomes `heard`: an example.
    """

    like: str
    heard: str
    needs: tuple[str, ...]
    find: str
    say: str

    def __call__(self, text: str) -> str:
        """The text with everything replaced that the pattern finds."""
        if self.needs and not _holds(text, self.needs):
            return text
        return _compiled(self.find).sub(lambda match: _said(match, self.say), text)


@dataclass(frozen=True, slots=True)
class Words:
    """What one kind of engine misreads: words, found by `find`, and rows."""

    said: Mapping[str, str]
    find: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Ear:
    """The tables of a language: rows for all engines, then what only one kind of engine needs.

    `units` are the forms of an abbreviation, `one` and `other`, behind a number, which `count` finds;
    behind `single` it is one. What `capitals` finds is one of an engine's words, in a group, or a word in
    capitals: those `kept` stay; those `lowered` and longer ones with a vowel are read as words. `engines`
    says which of the `lists` is whose. `script` is what letters that the voices read are called in Unicode.
    """

    rows: tuple[Row, ...]
    units: Mapping[str, tuple[str, str]]
    count: str
    unit: str
    single: str
    capitals: str
    kept: frozenset[str]
    lowered: frozenset[str]
    engines: Mapping[str, str]
    lists: Mapping[str, Words]
    script: str


@lru_cache(maxsize=8)
def ear(code: str) -> Ear | None:
    """The tables of a language, None where it has none."""
    if not assets.language_file(code, "ear.json").is_file():
        return None
    table = assets.language_table(code, "ear")
    parts, capitals = table["parts"], table["capitals"]
    listed = (word for own in table["lists"].values() for word in own["words"] if _LETTERS.search(word))
    names = _any_of({form for word in listed for form in (word, word.upper())})
    return Ear(
        rows=_rows(table["rows"], parts),
        units={name: (one, other) for name, (one, other) in table["units"].items()},
        count=parts["count"],
        # A full stop behind an abbreviation ends a sentence, unless the sentence goes on.
        unit=rf"(?<![\w.,:/])({parts['count']})(\s?-?)({_any_of(table['units'])})(?!\w)(?:\.(?=\s*[a-z,;:/)]))?",
        single=parts["single"],
        capitals=rf"(?<!\w)(?:({names})|{_CAPITALS})(?!\w)",
        kept=frozenset(_split(capitals["kept"])),
        lowered=frozenset(_split(capitals["lowered"])),
        engines=table["engines"],
        lists={name: _words(own, parts) for name, own in table["lists"].items()},
        script=table["script"],
    )


def _words(own: Mapping[str, Any], parts: Mapping[str, str]) -> Words:
    said = _variants(own["words"])
    find = rf"(?<![^\W\d])(?:{_any_of(said)})(?=(?:'?s)?(?![^\W_]))"
    return Words(said, find, _rows(own["rows"], parts))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _split(lines: Iterable[str]) -> list[str]:
    return " ".join(lines).split()


def _rows(table: Iterable[Mapping[str, str]], parts: Mapping[str, str]) -> tuple[Row, ...]:
    return tuple(
        Row(row["like"], row["heard"], tuple(row["needs"].split()), _whole(row["find"], parts), row["say"])
        for row in table
    )


def _whole(find: str, parts: Mapping[str, str]) -> str:
    """A pattern with its parts in place of their names: `<n>`."""
    for name, part in parts.items():
        find = find.replace(f"<{name}>", part)
    return find


def _variants(words: Mapping[str, str]) -> dict[str, str]:
    """The words as they stand within a sentence, at its start and in capitals."""
    every: dict[str, str] = {}
    for word, said in words.items():
        plain = (word.lower(), word.capitalize()) if word[1:].islower() else ()
        every |= dict.fromkeys((word.upper(), *plain, word), said)
    return every


def _holds(text: str, parts: Iterable[str]) -> bool:
    """Whether one of the parts stands in the text."""
    return any(map(text.__contains__, parts))


@lru_cache(maxsize=512)
def _compiled(find: str) -> re.Pattern[str]:
    return re.compile(find)


def _said(match: re.Match[str], say: str) -> str:
    if match.re.groups and match.lastindex is None:
        return match[0]
    return _cased(match, match.expand(say))


def _cased(match: re.Match[str], said: str) -> str:
    """It with a capital where what was found had one, or a sign was the first of a sentence.

    A sentence ends before a capital only. Letters in capitals have them anywhere.
    """
    first = match[0][:1]
    is_name = first.isupper() and not _LETTERS.match(match[0])
    if is_name or (not first.islower() and _STOP_BEFORE.search(match.string[: match.start()])):
        return said[:1].upper() + said[1:]
    return said


@lru_cache(maxsize=8)
def teller(code: str, pronounce: Pairs) -> Callable[[str, str], str]:
    """What makes of a text, and the name of an engine, the words that the engine gets.

    A layout asks for the same phrase again and again: what was told is kept.
    """
    replaced, table = replacer(pronounce), ear(code)

    @lru_cache(maxsize=8192)
    def told(text: str, engine: str) -> str:
        held = replaced(text)
        heard = _heard(held.text, table, code, engine) if table else held.text
        # What is for the eye alone is better read out than not at all.
        return held.told(heard if held.pieces or _SPEAKABLE.search(heard) else held.text)

    return told


def _heard(text: str, table: Ear, code: str, engine: str) -> str:
    heard = text
    for row in table.rows:
        heard = row(heard)
    if _compiled(table.count).search(heard):
        heard = _compiled(table.unit).sub(lambda match: _unit(match, table, code), heard)
    if _LETTERS.search(heard):
        heard = _compiled(table.capitals).sub(lambda match: _small(match, table), heard)
    words = table.lists.get(table.engines.get(engine, ""))
    if words:
        heard = _for_engine(heard, words)
    return heard if heard == text else _tidy(heard)


def _for_engine(text: str, words: Words) -> str:
    for row in words.rows:
        text = row(text)
    # An expression of many words is slow to find nothing.
    if _holds(text, words.said):
        text = _compiled(words.find).sub(lambda match: _cased(match, words.said[match[0]]), text)
    return text


def _tidy(text: str) -> str:
    """Without the spaces that signs have left behind."""
    return re.sub(r"\s+([.,;:!?])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,")


def _unit(match: re.Match[str], table: Ear, code: str) -> str:
    """An abbreviation behind a number as a word, in the form of the number: `1 kg`, `20kg`, `30-sec`."""
    count, joint, unit = match.groups()
    one, other = table.units[unit]
    single = joint.endswith("-") or _is_single(count, table, code)
    return f"{count}{'-' if joint.endswith('-') else ' '}{one if single else other}"


def _is_single(count: str, table: Ear, code: str) -> bool:
    if count.isdecimal():
        return traits(code).form(int(count)) == "one"
    return bool(_compiled(table.single).fullmatch(count))


def _small(match: re.Match[str], table: Ear) -> str:
    """A word in capitals in small letters; what is spelled letter by letter stays."""
    word, behind = match[0], match.string[match.end() :]
    if match[1] or word in table.kept or (len(word) == 1 and not re.match(r" [A-Z]{2}", behind)):
        return word
    if word not in table.lowered and _is_spelled(word):
        return word
    starts = _SENTENCE_START.search(match.string[: match.start()])
    return word.capitalize() if starts else word.lower()


def _is_spelled(word: str) -> bool:
    """Whether a word in capitals is letters, or a roman numeral."""
    return len(word) < _LONG_WORD or not _VOWELS.intersection(word) or _ROMAN.issuperset(word)


def unread(text: str, code: str) -> str:
    """The first letters of a text that no voice of the language reads, such as `你好`; empty without any."""
    table = ear(code)
    if table is None or text.isascii():
        return ""
    found = ""
    for letter in text:
        if _is_foreign(letter, table.script):
            found += letter
        elif found:
            break
    return found


@lru_cache(maxsize=1024)
def _is_foreign(letter: str, script: str) -> bool:
    """Whether a character is a letter of another script; signs such as `µ` and `ª` are of all."""
    plain = unicodedata.normalize("NFKC", letter)
    return any(
        unicodedata.category(part) in {"Lu", "Ll", "Lt", "Lo"}
        and script not in unicodedata.name(part, script)
        and letter not in "µªº"
        for part in plain
    )
