"""HTML from templates. In: a template's text and what to fill in. Out: markup.

A template is a `string.Template`: `$name` is filled in, `$$` is a dollar. Text is escaped on its way in, so
that an author's words cannot become markup; only what was made here, `Markup`, goes in as it is.
"""

from __future__ import annotations

import json
from string import Template
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.publish.markup import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.language.language import Language

# Nothing in a JSON text but its strings may hold these, and there they have a second spelling.
_IN_SCRIPTS = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


NO_MARKUP = Markup()


def fill(template: str, **values: str | int) -> Markup:
    """The template with everything filled in, escaped unless it is markup."""
    return Markup(Template(template).substitute({name: _safe(value) for name, value in values.items()}))


def part(name: str, language: Language, /, **values: str | int) -> Markup:
    """A template of `assets/site`, filled in: `$label_x` with the label `x`, which may hold values itself.

    `$label_language` is the language of the labels.
    """
    return labelled(assets.site(name).decode("utf-8"), language, **values)


def labelled(template: str, language: Language, /, **values: str | int) -> Markup:
    """Any template, filled in as a `part` is."""
    wanted = {key: text for key, text in language.labels.items() if f"$label_{key}" in template}
    labels = {f"label_{key}": Template(text).safe_substitute(values) for key, text in wanted.items()}
    return fill(template, **labels, label_language=language.traits.code, **values)


def page(name: str, language: Language, /, **values: str | int) -> bytes:
    """A whole page of `assets/site`, as the bytes of a file."""
    return part(name, language, **values).encode("utf-8")


def label(language: Language, key: str, **values: str | int) -> Markup:
    """A label with values that may be markup."""
    return fill(xml_text(language.labels[key]), **values)


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces of markup, each on a line of its own."""
    return Markup("\n".join(parts))


def json_block(value: object) -> Markup:
    """JSON to stand in a `script` element (HTML §4.12.1.3): ASCII, and no `<` that could end the element."""
    return Markup(json.dumps(value, separators=(",", ":")).translate(_IN_SCRIPTS))


def _safe(value: str | int) -> str:
    return value if isinstance(value, Markup) else xml_text(str(value))
