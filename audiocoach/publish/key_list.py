"""The list of keys that every player shows: those of a page are those of what is handed over.

In: a language. Out: a dialog. What the keys do is in `assets/site/stage.js`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.publish import templates
from audiocoach.publish.templates import Markup, fill

if TYPE_CHECKING:
    from audiocoach.language.language import Language

_KEY = "<kbd>$name</kbd>"


def dialog(language: Language) -> Markup:
    """The keys, and where those that are letters or signs are turned off."""
    return templates.part(
        "keys.html",
        language,
        chapter_keys=templates.label(language, "keys_or", first=_keys("J", "L"), second=_keys("[", "]")),
        word_keys=templates.label(language, "keys_words", enter=_keys(language.label("key_enter"))),
    )


def _keys(*names: str) -> Markup:
    return Markup(" ".join(fill(_KEY, name=name) for name in names))
