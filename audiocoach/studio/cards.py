"""A routine as cards: what stands in its session, in the order of the text, with fields to be filled in.

In: the nodes of a text, and the parser's tables of fields. Out: cards, whose places are in UTF-16 units of
the text. Nothing is checked here: what is wrong with a card is told beside it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from audiocoach.records import dataclass
from audiocoach.routine import parser, values
from audiocoach.routine.schema import schema_of
from audiocoach.routine.source import Mapping, Scalar, Sequence, is_empty
from audiocoach.studio.edits.document import Units, child
from audiocoach.studio.edits.flows import flow_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.form import Field as Known
    from audiocoach.routine.source import Node
    from audiocoach.studio.edits.document import Manuscript, Pointer

_SHORT = 60
_IN_TEXT = "this can only be changed in the text"
_TIMES = frozenset(
    {
        *(values.work_by_set_ms, values.hold_by_set, values.time_range_ms, values.gap_range_ms),
        *(values.duration_ms, values.about_by_set_ms, parser.FIT.read),
    }
)
_NUMBERS = frozenset(
    {values.sets_range, values.rounds_range, values.steps_range, values.reps_by_set, values.breaths_by_set}
    | {values.bpm, values.day}
)
_LISTS = frozenset({values.texts, values.reminders, parser.IGNORE.read, parser.WAYS.read})
# What is shown of each kind of card, and in which order.
_ROUTINE = (
    *(
        parser.TITLE,
        parser.DESCRIPTION,
        parser.SAFETY,
        parser.LEVEL,
        parser.EDITION,
        parser.TONES,
        parser.FIT,
    ),
    *(parser.WARMTH, parser.CHAPTERS, parser.COUNT_IN, parser.BREATH, parser.LANGUAGE, parser.TAGS),
    *(parser.INCLUDE, parser.IGNORE),
)
_NO_FIELDS = frozenset({"items", "voice", "announce", "defaults", "at"})
# By the field that makes it what it is; the first that is there.
_KINDS = {
    "do": ("do", parser.DO_FIELDS),
    "section": ("section", parser.BLOCK_FIELDS),
    "items": ("block", parser.BLOCK_FIELDS),
    "say": ("say", parser.SAY_FIELDS),
    "rest": ("rest", parser.REST_FIELDS),
    "tone": ("other", parser.TONE_FIELDS),
    "pause": ("other", parser.PAUSE_FIELDS),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a card; `start` and `end` are where its value stands, None where it is not written."""

    name: str
    kind: str
    value: str
    about: str
    choices: tuple[str, ...]
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """A part of the routine: its fields, and where it stands in the text; `locked` says why it has none."""

    pointer: Pointer
    kind: str
    title: str
    start: int
    end: int
    line: int
    depth: int
    fields: tuple[Field, ...]
    locked: str | None


def cards_of(page: Manuscript, names: dict[str, str] | None = None) -> tuple[Card, ...]:
    """The cards of a text: the routine's own, then those of its session; none where it is no map.

    `names` are those of moves, by what a `do` calls them, as far as they are known.
    """
    if not isinstance(page.tree, Mapping):
        return ()
    maker = _Maker(page, Units(page.text), names or {})
    whole = maker.card(page.tree, (), 0, "routine", _ROUTINE)
    return (whole, *maker.below(page.tree, (), "session", 0))


@cache
def amounts() -> frozenset[str]:
    """The fields that hold times and numbers, of whatever card."""
    of_cards = (one for _, fields in _KINDS.values() for one in fields)
    return frozenset(one.name for one in (*_ROUTINE, *of_cards) if one.read in _TIMES | _NUMBERS)


class _Maker:
    """Makes the cards of one text."""

    def __init__(self, page: Manuscript, units: Units, names: dict[str, str]) -> None:
        self._page = page
        self._units = units
        self._names = names

    def below(self, node: Node, pointer: Pointer, name: str, depth: int) -> Iterator[Card]:
        """The cards of the list that a field leads to."""
        items = child(node, name)
        for index, item in enumerate(items.items if isinstance(items, Sequence) else ()):
            yield from self._cards(item, (*pointer, name, index), depth)

    def _cards(self, item: Node, pointer: Pointer, depth: int) -> Iterator[Card]:
        names = {entry.key.text for entry in item.entries} if isinstance(item, Mapping) else set()
        found = next((kind for name, kind in _KINDS.items() if name in names), None)
        kind, fields = found or ("other", ())
        yield self.card(item, pointer, depth, kind, fields)
        yield from self.below(item, pointer, "items", depth + 1)

    def card(
        self, node: Node, pointer: Pointer, depth: int, kind: str, known: tuple[Known[Any], ...]
    ) -> Card:
        """The card of one map."""
        values = _values(node)
        shown_ones = (one for one in known if one.name not in _NO_FIELDS)
        fields = tuple(self._field(values.get(one.name), one, kind) for one in shown_ones)
        start, end = self._places(node)
        locked = None if known else _IN_TEXT
        shown = tuple(field for field in fields if field is not None)
        return Card(
            pointer, kind, self._title(node, kind), start, end, node.position.line, depth, shown, locked
        )

    def _title(self, node: Node, kind: str) -> str:
        name = self._names.get(_text(node, "do")) if kind == "do" else None
        return name or _title(node, kind)

    def _field(self, value: Node | None, known: Known[Any], kind: str) -> Field | None:
        """A field, filled where it is written; None where it holds what no form has."""
        about, choices = _described(kind, known.name)
        what = _kind_of(known, choices)
        if value is None or is_empty(value):
            return Field(known.name, what, "", about, choices, None, None)
        if isinstance(value, Scalar):
            return Field(known.name, what, value.text, about, choices, *self._places(value))
        if isinstance(value, Sequence) and all(isinstance(item, Scalar) for item in value.items):
            return Field(known.name, "list", flow_text(value)[1:-1], about, choices, *self._places(value))
        return None

    def _places(self, node: Node) -> tuple[int, int]:
        start, end = self._page.span(node)
        return (
            self._units.of(self._page.original(start)),
            self._units.of(self._page.original(max(end, start))),
        )


def _kind_of(known: Known[Any], choices: tuple[str, ...]) -> str:
    if choices:
        return "choice"
    kinds = ((_TIMES, "time"), (_NUMBERS, "number"), (_LISTS, "list"))
    return next((kind for readers, kind in kinds if known.read in readers), "text")


def _title(node: Node, kind: str) -> str:
    """What a card is called, without the routine having been read."""
    text = _shortened(_text(node, {"routine": "title"}.get(kind, kind)))
    match kind:
        case "do":
            return text.replace("-", " ").capitalize() if text.islower() else text
        case "rest":
            return f"Rest {text}"
        case "block":
            rounds = _text(node, "repeat")
            return f"{rounds} rounds" if rounds else "Together"
        case "other":
            return _shortened(flow_text(node))
        case _:
            return text


def _values(node: Node) -> dict[str, Node]:
    """What stands under each key; of a doubled key the first."""
    entries = node.entries if isinstance(node, Mapping) else ()
    return {entry.key.text: entry.value for entry in reversed(entries)}


def _text(node: Node, name: str) -> str:
    value = child(node, name)
    return value.text if isinstance(value, Scalar) else ""


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHORT else plain[: _SHORT - 1].rstrip() + "…"


# -- what the schema says of a field ----------------------------------------------------------------------


@cache
def _properties(kind: str) -> dict[str, Any]:
    """The schema of each field of a kind of card."""
    whole = schema_of("routine")
    if kind == "routine":
        return dict(whole["properties"])
    merged: dict[str, Any] = {}
    own = kind if kind in {"do", "say", "rest"} else "items" if kind in {"section", "block"} else ""
    for one in whole["$defs"]["item"]["anyOf"]:
        if own in one["required"] or not own:
            merged |= one["properties"]
    return merged


@cache
def _described(kind: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The first sentence on a field, and the words that it takes where those are few."""
    schema = _properties(kind)[name]
    words = next((one["enum"] for one in schema.get("anyOf", ()) if "enum" in one), ())
    return _sentence(schema["description"]), tuple(words)


def _sentence(text: str) -> str:
    first, mark, _ = text.partition(". ")
    return first + mark.rstrip()
