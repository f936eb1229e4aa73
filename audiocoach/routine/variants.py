"""Editions of a routine that its file names: `variants:`, each with what it has otherwise.

In: the node of the field, or a whole text. Out: `Variant` records. What a variant is called in the names of
files depends on its title alone, so that it is the same whatever stands beside it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, get_args
from unicodedata import normalize

from audiocoach.errors import InputError, Problem, quote
from audiocoach.records import replace
from audiocoach.routine import values
from audiocoach.routine.diagnostics import Diagnostics, did_you_mean
from audiocoach.routine.form import Field, Form
from audiocoach.routine.model import EditionName, LevelName, Variant
from audiocoach.routine.source import Mapping, Sequence, compose, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiocoach.routine.model import Routine
    from audiocoach.routine.source import Node

_MOST_LETTERS = 40
_DIGEST_LETTERS = 12
_OTHERS = re.compile(r"[^a-z0-9]+")


def _maps(node: Node, diagnostics: Diagnostics) -> Sequence | None:
    if isinstance(node, Sequence) and node.items:
        return node
    example = "a list of variants such as [{title: Gentle, level: gentle}]"
    return diagnostics.error(node.position, f"expected {example}, found {values.shown(node)}")


TITLE = Field("title", values.label)
LEVEL = Field("level", values.choice(*get_args(LevelName)))
# A lesson is a whole session.
EDITION = Field("cues", values.choice(*get_args(EditionName)))
FIT = Field("fit", values.fit_ms)
DAY = Field("day", values.day)
VARIANT_FIELDS = (TITLE, LEVEL, FIT, EDITION, DAY)
VARIANTS = Field("variants", _maps)


def read(node: Sequence | None, diagnostics: Diagnostics) -> tuple[Variant, ...]:
    """The variants of the field, in the author's order; none is called as another one is."""
    found = [_variant(item, diagnostics) for item in node.items] if node else []
    first: dict[str, Variant] = {}
    for variant in (one for one in found if one is not None):
        other = first.setdefault(variant.name, variant)
        if other is not variant:
            where = f"the files of both this variant and that of line {other.position.line}"
            message = f"{where} would be called …-{variant.name}: give one of them another title"
            diagnostics.error(variant.position, message, "doubled-field")
    return tuple(first.values())


def _variant(node: Node, diagnostics: Diagnostics) -> Variant | None:
    if not isinstance(node, Mapping):
        example = "a variant such as {title: Gentle, level: gentle}"
        return diagnostics.error(node.position, f"expected {example}, found {values.shown(node)}")
    form = Form(node, "a variant", VARIANT_FIELDS, diagnostics)
    form.require("title", "title: Gentle")
    if not any(form.has(field.name) for field in VARIANT_FIELDS[1:]):
        message = (
            "this variant is the routine itself: expected level, fit, cues or day, such as level: gentle"
        )
        diagnostics.error(form.position, message, "missing-field")
    title, cues, fit_ms = form.take(TITLE), form.take(EDITION), form.take(FIT)
    if cues == "learn" and fit_ms:
        message = "a lesson takes the time that it takes: remove fit"
        diagnostics.error(form.key_position("fit"), message, "conflicting-fields")
    if title is None:
        return None
    return Variant(
        position=form.key_position("title"),
        name=name_of(title),
        title=title,
        level=form.take(LEVEL),  # type: ignore[arg-type]
        fit_ms=fit_ms,
        cues=cues,  # type: ignore[arg-type]
        day=form.take(DAY),
    )


def name_of(title: str) -> str:
    """What a variant of this title is called: letters from a to z, digits and single hyphens."""
    letters = normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    readable = _OTHERS.sub("-", letters)[:_MOST_LETTERS].strip("-")
    digest = hashlib.sha256(title.encode("utf-8", "surrogatepass")).hexdigest()
    return readable or digest[:_DIGEST_LETTERS]


def written(path: Path, given: str | None = None) -> tuple[Variant, ...] | None:
    """The variants of a routine as its file has them; None where they cannot be read.

    `given` is a text that stands in for the file. Of a file without variants no YAML is read.
    """
    diagnostics, shown = Diagnostics(), str(path)
    try:
        text, _ = read_text(path, shown, given)
        node = compose(text, shown, diagnostics) if VARIANTS.name in text else None
        found = tuple(_read_in(node, diagnostics))
        diagnostics.close()
    except InputError:
        return None
    return found


def _read_in(node: Node | None, diagnostics: Diagnostics) -> Iterator[Variant]:
    for entry in node.entries if isinstance(node, Mapping) else ():
        if entry.key.text == VARIANTS.name:
            yield from read(VARIANTS.read(entry.value, diagnostics), diagnostics)


def chosen(routine: Routine, name: str) -> Variant:
    """The variant of this name or title.

    Raises:
        InputError: there is none.
    """
    names = [variant.name for variant in routine.variants]
    for variant in routine.variants:
        if variant.name == name_of(name):
            return variant
    message = f"there is no variant {quote(name)}{did_you_mean(name, names)}"
    raise InputError(Problem(routine.position, message, code="bad-value"))


def applied(routine: Routine, variant: Variant) -> Routine:
    """The routine as this variant has it: what it does not say is the routine's."""
    level, cues = variant.level or routine.settings.level, variant.cues or routine.settings.cues
    return replace(
        routine,
        position=variant.position,
        edition=variant.title,
        settings=replace(routine.settings, level=level, cues=cues),
        fit_ms=variant.fit_ms or routine.fit_ms,
        day=variant.day or routine.day,
    )
