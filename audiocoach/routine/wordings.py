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
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.parser import read_phrases
from audiocoach.routine.source import compose, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiocoach.language.language import Language
    from audiocoach.routine.model import Routine, Words

_SLOT = re.compile(r"<([a-z_]+)>")
# Entries that become part of a sentence, and not one themselves.
_PART = re.compile(
    r"dose_\w+|left|right|about|under_a_minute|each_minute|the_minute|circuit_name"
    r"|(?:hour|minute|second|repetition|breath|metre|kilometre|mile|yard)(?:s|_zero|_two|_few|_many)?",
    re.ASCII,
)


@lru_cache(maxsize=8)
def load(language: str) -> Mapping[str, tuple[str, ...]]:
    """The wordings by entry that ship for a language of `assets.languages()`."""
    path = assets.language_file(language, "phrases.yaml")
    diagnostics = Diagnostics()
    node = compose(read_text(path, str(path))[0], str(path), diagnostics)
    phrases = read_phrases(node, diagnostics) if node else ()
    diagnostics.close()
    return {key: tuple(words.text for words in wordings) for key, wordings in phrases}


@lru_cache(maxsize=8)
def language(code: str) -> Language:
    """A language of `assets.languages()`, with everything that ships for it."""
    return languages.language(code, load(code))


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
        else:
            near, _ = diagnostics.did_you_mean(key, entries)
            diagnostics.error(own[0].position, f'unknown phrase "{key}"{near}', "unknown-phrase")


def _tell_empty(key: str, own: tuple[Words, ...], known: frozenset[str], diagnostics: Diagnostics) -> None:
    names = ", ".join(f"<{name}>" for name in sorted(known))
    expected = f"expected {names}" if names else "expected no placeholder"
    for words in own:
        for name, position in words.places:
            if name not in known:
                message = f'<{name}> has no value in the phrase "{key}": {expected}'
                diagnostics.error(position, message, "empty-placeholder")
