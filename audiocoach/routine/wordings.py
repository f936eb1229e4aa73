"""The wordings of a phrase pack, and what an author's own may hold in their place.

They are read here and not where they are said, so that what is wrong with a routine's own `phrases`
is told in one run with everything else.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.language import language as languages
from audiocoach.records import replace
from audiocoach.routine import source
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.parser import read_phrases
from audiocoach.routine.source import compose, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiocoach.language.language import Language
    from audiocoach.routine.model import Routine, Words
    from audiocoach.routine.source import Node

# What holds the wordings for other days in the file of phrases.
_OTHER_DAYS = "on_other_days"
_SLOT = re.compile(r"<([a-z_]+)>")
# Entries that become part of a sentence, and not one themselves.
_PART = re.compile(
    r"dose_\w+|left|right|about|under_a_minute|each_minute|the_minute|circuit_name|learn_title|edition_title"
    r"|(?:hour|minute|second|repetition|breath|metre|kilometre|mile|yard)(?:s|_zero|_two|_few|_many)?",
    re.ASCII,
)


# Sentences around words that the author has written: without them these would be lost.
_AROUND = frozenset({"lesson", "lesson_sides", "learn_reminder", "reminder_ahead"})


@lru_cache(maxsize=8)
def load(language: str) -> Mapping[str, tuple[str, ...]]:
    """The wordings by entry that ship for a language of `assets.languages()`."""
    return _read(language, lambda node: _without(node, _OTHER_DAYS))


@lru_cache(maxsize=8)
def other_days(language: str) -> Mapping[str, tuple[str, ...]]:
    """More wordings of some entries, for other days than the first; a language need not have any."""
    return _read(language, lambda node: _value_of(node, _OTHER_DAYS))


def _read(language: str, part: Callable[[Node], Node]) -> Mapping[str, tuple[str, ...]]:
    path = assets.language_file(language, "phrases.yaml")
    diagnostics = Diagnostics()
    node = compose(read_text(path, str(path))[0], str(path), diagnostics)
    phrases = read_phrases(part(node), diagnostics) if node else ()
    diagnostics.close()
    return {key: tuple(words.text for words in wordings) for key, wordings in phrases}


def _without(node: Node, key: str) -> Node:
    if not isinstance(node, source.Mapping):
        return node
    return replace(node, entries=tuple(entry for entry in node.entries if entry.key.text != key))


def _value_of(node: Node, key: str) -> Node:
    """The map at a key, or an empty one."""
    if not isinstance(node, source.Mapping):
        return node
    values = [entry.value for entry in node.entries if entry.key.text == key]
    return values[0] if values else replace(node, entries=())


@lru_cache(maxsize=8)
def language(code: str) -> Language:
    """A language of `assets.languages()`, with everything that ships for it."""
    return languages.language(code, load(code), other_days(code))


def nearest(tag: str) -> Language:
    """The language of a tag such as `en-gb`; the default one where nothing ships for it."""
    known = assets.languages()
    near = (code for code in (tag, tag.partition("-")[0]) if code in known)
    return language(next(near, assets.DEFAULT_LANGUAGE))


def values_of(language: str, key: str) -> frozenset[str]:
    """The placeholders that have a value in an entry: those of the pack's own wordings."""
    own = {name for text in load(language)[key] for name in _SLOT.findall(text)}
    return frozenset(own) if _PART.fullmatch(key) else frozenset(own | {"title", "duration"})


def check(routine: Routine, diagnostics: Diagnostics) -> None:
    """Tell `diagnostics` of a routine's own phrases that nobody says, and of placeholders without a value."""
    if routine.language not in assets.languages():
        return
    entries = load(routine.language)
    for key, own in routine.phrases:
        if key in entries:
            _tell_empty(key, own, values_of(routine.language, key), diagnostics)
            _tell_silent(key, own, diagnostics)
            _tell_half_silent(key, own, diagnostics)
        else:
            near, _ = diagnostics.did_you_mean(key, entries)
            diagnostics.error(own[0].position, f'unknown phrase "{key}"{near}', "unknown-phrase")


def may_be_silent(key: str) -> bool:
    """Whether an entry is a sentence of the coach's own, which may be left out."""
    return not (_PART.fullmatch(key) or key in _AROUND)


def _tell_silent(key: str, own: tuple[Words, ...], diagnostics: Diagnostics) -> None:
    if may_be_silent(key):
        return
    why = "what you wrote is taught in it" if key in _AROUND else "other phrases are made with it"
    for words in own:
        if not words.text:
            message = f'the phrase "{key}" cannot be silent, since {why}: expected words, found ""'
            diagnostics.error(words.position, message)


def _tell_half_silent(key: str, own: tuple[Words, ...], diagnostics: Diagnostics) -> None:
    """A phrase is silenced or it is not: which of several wordings is said, nobody chooses."""
    if len(own) == 1 or not may_be_silent(key):
        return
    for words in own:
        if not words.text:
            example = f'write words, or {key}: "" alone, which silences it'
            message = f'one of several wordings of the phrase "{key}" cannot be silent: {example}'
            diagnostics.error(words.position, message)


def _tell_empty(key: str, own: tuple[Words, ...], known: frozenset[str], diagnostics: Diagnostics) -> None:
    names = ", ".join(f"<{name}>" for name in sorted(known))
    expected = f"expected {names}" if names else "expected no placeholder"
    for words in own:
        for name, position in words.places:
            if name not in known:
                message = f'<{name}> has no value in the phrase "{key}": {expected}'
                diagnostics.error(position, message, "empty-placeholder")
