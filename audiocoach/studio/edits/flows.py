"""Ways to write in braces and brackets, and in the place of one value: as cuts of the plain text."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from audiocoach.errors import InputError
from audiocoach.records import dataclass
from audiocoach.routine.source import Mapping, Scalar, Sequence, is_empty
from audiocoach.studio.edits.document import read
from audiocoach.studio.edits.scalars import Style, spellings
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.source import Node
    from audiocoach.studio.edits.document import Manuscript, Pointer

    Value = str | tuple[str, ...]
    # Changes of the plain text, ascending: from where, to where, what instead.
    Cuts = tuple[tuple[int, int, str], ...]

# An anchor or a tag: it stays, whatever stands behind it.
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_COMMENT = re.compile(r"[|>][-+0-9]*([ \t]+#[^\n]*)")
_BLOCK = ("|", ">")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a value stands: how far its own lines are indented, and whether it is in braces or brackets.

    An amount is written as by hand, whatever stood there.
    """

    indent: int
    in_flow: bool
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field to be made: the way to it from a map, and its value, or that as it is written."""

    way: Pointer
    value: Value
    body: str | None = None

    def spelled(self, setting: Setting) -> Iterator[str]:
        """Ways to write it, key and value."""
        for value in (self.body,) if self.body is not None else self._values(setting):
            yield f"{key_text(self.way[0])}: {value}"

    def _values(self, setting: Setting) -> Iterator[str]:
        if len(self.way) > 1:
            yield nested(self.way[1:], self.value)
        else:
            yield from value_texts(self.value, Style("", "", setting.indent, setting.in_flow))


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, as it was given and as a node."""

    yaml: str
    node: Node

    def in_flow(self) -> str:
        """On one line, as in brackets."""
        flow = isinstance(self.node, Mapping | Sequence) and self.node.flow
        return self.yaml if flow and "\n" not in self.yaml else flow_text(self.node)


def is_nothing(node: Node) -> bool:
    """Whether only a key stands there."""
    return is_empty(node)


def size(holder: Mapping | Sequence) -> int:
    """How much it holds."""
    return len(holder.items) if isinstance(holder, Sequence) else len(holder.entries)


def index_of(holder: Mapping | Sequence, step: str | int) -> int:
    """Where what a step leads to is in it."""
    if isinstance(holder, Sequence):
        return int(step)
    return next(at for at, entry in enumerate(holder.entries) if entry.key.text == str(step))


def items_of(text: str) -> tuple[str, ...]:
    """The items of a list from what stands between its brackets."""
    with contextlib.suppress(InputError):
        node = read(f"[{text}\n]").tree
        if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
            return tuple(item.text for item in node.items if isinstance(item, Scalar))
    return tuple(part.strip() for part in text.split(",") if part.strip())


def flow_text(node: Node) -> str:
    """A node as it is written in brackets, on one line."""
    match node:
        case Scalar():
            return "" if is_empty(node) else _in_flow(node.text, node.raw)
        case Sequence():
            return f"[{', '.join(map(flow_text, node.items))}]"
        case Mapping():
            pairs = (f"{key_text(one.key.text)}: {flow_text(one.value)}".rstrip() for one in node.entries)
            return f"{{{', '.join(pairs)}}}"
        case _:
            assert_never(node)


def _in_flow(text: str, raw: str = "") -> str:
    style = Style(raw if raw[:1] in {"'", '"'} else "", text, 0, in_flow=True)
    return next(spellings(text, style))


def key_text(key: str | int) -> str:
    """A key as it is written."""
    return _in_flow(str(key))


def nested(way: Pointer, value: Value) -> str:
    """A value, in braces for each step of the way to it."""
    inner = next(value_texts(value, Style("", "", 0, in_flow=True)))
    for step in reversed(way):
        inner = f"{{{key_text(step)}: {inner}}}"
    return inner


def value_texts(value: Value, style: Style) -> Iterator[str]:
    """Ways to write a text, or a list of texts in brackets."""
    if isinstance(value, str):
        yield from spellings(value, style)
    else:
        yield f"[{', '.join(_in_flow(one) for one in value)}]"


# -- one value --------------------------------------------------------------------------------------------


def replaced(page: Manuscript, node: Node, value: Value, setting: Setting) -> Iterator[Cuts]:
    """A value in the place of another one that begins on the line of its key."""
    start, end = page.span(node)
    raw = page.plain[start:end]
    kept = _PROPERTIES.match(raw)
    raw = raw[kept.end() :] if kept else raw
    text = node.text if isinstance(node, Scalar) else ""
    is_kept = isinstance(node, Scalar) and not setting.is_amount
    style = Style(*((raw, text) if is_kept else ("", "")), _own_indent(raw, setting), setting.in_flow)
    for spelled in value_texts(value, style):
        body = spelled
        comment = _COMMENT.match(raw)
        if comment and not spelled.startswith(_BLOCK):
            body += comment[1]
        yield from replaced_by(page, node, (kept[0] if kept else "") + body, setting)


def _own_indent(raw: str, setting: Setting) -> int:
    """As the lines of a text are indented now."""
    lines = [line for line in raw.split("\n")[1:] if line.strip()]
    return min((len(line) - len(line.lstrip(" ")) for line in lines), default=0) or setting.indent


def replaced_by(page: Manuscript, node: Node, body: str, setting: Setting) -> Iterator[Cuts]:
    """What is written in the place of a node."""
    start, end = page.span(node)
    if start == end and setting.in_flow and page.plain[start - 1 : start] != ":":
        yield ((start, end, f": {body}"),)
    space = "" if page.plain[start - 1 : start] in {"", " ", "\n", "\t", "[", "{"} else " "
    # Line ends that a text kept go with it, but for the one that ends its line.
    tail = "\n" if page.plain[start:end].endswith("\n") and not body.endswith("\n") else ""
    yield ((start, end, space + body + tail),)


# -- in braces and brackets -----------------------------------------------------------------------------


def _spans(page: Manuscript, holder: Mapping | Sequence) -> list[tuple[int, int]]:
    """From where to where each item, or each key with its value, stands."""
    if isinstance(holder, Sequence):
        return [page.span(item) for item in holder.items]
    return [
        (page.start(entry.key.position), max(page.span(entry.value)[1], page.span(entry.key)[1]))
        for entry in holder.entries
    ]


def added(page: Manuscript, holder: Mapping, field: Field) -> Iterator[Cuts]:
    """A field behind the last one."""
    spans = _spans(page, holder)
    at = spans[-1][1] if spans else page.start(holder.position) + 1
    for spelled in field.spelled(Setting(0, in_flow=True)):
        yield ((at, at, f", {spelled}" if spans else spelled),)


def inserted(page: Manuscript, holder: Sequence, at: int, item: Item) -> Iterator[Cuts]:
    """An item before the one at an index."""
    spans, body = _spans(page, holder), item.in_flow()
    if not spans:
        place = page.start(holder.position) + 1
        yield ((place, place, body),)
    elif at == 0:
        yield ((spans[0][0], spans[0][0], f"{body}, "),)
    else:
        place = spans[at - 1][1]
        yield ((place, place, f", {body}"),)


def removed(page: Manuscript, holder: Mapping | Sequence, index: int) -> Iterator[Cuts]:
    """One of them, with the comma that it does not need any more."""
    spans = _spans(page, holder)
    if index:
        yield ((spans[index - 1][1], spans[index][1], ""),)
    elif len(spans) > 1:
        yield ((spans[0][0], spans[1][0], ""),)
    else:
        yield ((*spans[0], ""),)


def moved(page: Manuscript, items: Sequence, way: tuple[int, int]) -> Iterator[Cuts]:
    """The texts of items, each in the place of another; what stands between them stays."""
    spans, (index, at) = _spans(page, items), way
    order = list(range(len(spans)))
    order.insert(at, order.pop(index))
    texts = [page.plain[start:end] for start, end in spans]
    yield tuple((*spans[place], texts[source]) for place, source in enumerate(order) if place != source)
