"""Edits of the tree as changes of the text: only what is meant changes, and all else stays to the byte.

An edit proposes ways to write it, the nicest first. Each is read again, and the first that says exactly
what was meant is taken: no comment, layout or odd text of an author can make it say anything else.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from audiocoach.errors import InputError
from audiocoach.records import dataclass
from audiocoach.routine.source import FORBIDDEN, Mapping, Scalar, Sequence, plain_lines
from audiocoach.studio.edits import blocks, flows
from audiocoach.studio.edits.document import Change, applied, child, find, read, refusal, said
from audiocoach.studio.edits.meaning import changed, with_inserted, with_moved, without
from audiocoach.studio.edits.pieces import Pieces
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.source import Node
    from audiocoach.studio.edits.document import Manuscript, Pointer, Said
    from audiocoach.studio.edits.flows import Cuts, Value

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Set:
    """Write a text under a pointer; what leads there is made where it is not there.

    Where a list stands, it is the list's items with commas between them, as in YAML's brackets.
    An amount is written as by hand, however what was there is written.
    """

    pointer: Pointer
    value: str
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a field or an item out."""

    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Insert:
    """Put an item, given as YAML, into a list, before the one that is at this index now."""

    pointer: Pointer
    at: int
    yaml: str


@dataclass(frozen=True, slots=True)
class Move:
    """Take an item to another place in its list, where its index will be `at`."""

    pointer: Pointer
    at: int


@dataclass(frozen=True, slots=True)
class Define:
    """Put a field that is not there into a map, its value given as YAML; maps that lead there are made."""

    pointer: Pointer
    yaml: str


Edit = Set | Remove | Insert | Move | Define


def edit(text: str, wanted: tuple[Edit, ...], shown: str = "") -> tuple[Change, ...]:
    """The changes of a text that make all of these edits, one after the other: ascending, none in another.

    Raises:
        InputError: the text is no YAML, there is nothing at a pointer, or it cannot be written there.
    """
    pieces = Pieces(text)
    for one in wanted:
        changes = changes_of(read(text, shown), one)
        pieces.change(changes)
        text = applied(text, changes)
    return pieces.changes()


def changes_of(page: Manuscript, wanted: Edit) -> tuple[Change, ...]:
    """The changes that make one edit.

    Raises:
        InputError: as `edit`.
    """
    meant, ways = _meant(page, wanted)
    for cuts in ways:
        changes = tuple(page.change(*cut) for cut in cuts)
        if _reads_as(applied(page.text, changes), meant):
            return changes
    raise refusal("this cannot be written here without changing more than that: edit the text itself")


def _reads_as(text: str, meant: Said) -> bool:
    with contextlib.suppress(InputError):
        return said(read(text).tree) == meant
    return False


def _meant(page: Manuscript, wanted: Edit) -> tuple[Said, Iterator[Cuts]]:
    """What the text is to say, and ways to have it say that."""
    before = said(page.tree)
    match wanted:
        case Set():
            value = _value(find(page.tree, wanted.pointer), wanted.value)
            named: Said = [*value] if isinstance(value, tuple) else value
            return changed(before, wanted.pointer, lambda _: named), _set(
                page, wanted.pointer, value, is_amount=wanted.is_amount
            )
        case Remove():
            holder, step = _held(page, wanted.pointer)
            return changed(before, wanted.pointer[:-1], lambda one: without(one, step)), _remove(
                page, wanted.pointer[:-1], holder, step
            )
        case Insert():
            at, item = _index_in(page, wanted), _item(wanted.yaml)
            meant = changed(before, wanted.pointer, lambda one: with_inserted(one, at, said(item)))
            return meant, _insert(page, wanted.pointer, at, flows.Item(_bare(wanted.yaml), item))
        case Move():
            items, index = _list_of(page, wanted.pointer)
            at = max(0, min(wanted.at, len(items.items) - 1))
            return changed(before, wanted.pointer[:-1], lambda one: with_moved(one, index, at)), _move(
                page, wanted.pointer[:-1], items, (index, at)
            )
        case Define():
            if find(page.tree, wanted.pointer) is not None:
                raise refusal(f"{_shown(wanted.pointer)} is there already")
            named = said(_item(wanted.yaml))
            return changed(before, wanted.pointer, lambda _: named), _define(page, wanted)
        case _:
            assert_never(wanted)


def _value(node: Node | None, written: str) -> Value:
    """A text with plain line ends; the items of a list where one stands.

    Raises:
        InputError: it has a character that no routine may have.
    """
    text = plain_lines(written)
    if FORBIDDEN.search(text) or _SURROGATE.search(text):
        raise refusal("an invisible character is not allowed in a text: remove it")
    return flows.items_of(text) if isinstance(node, Sequence) else text


def _bare(yaml: str) -> str:
    """An item's own lines."""
    lines = plain_lines(yaml).strip("\n").split("\n")
    return "\n".join(line.rstrip() for line in lines)


def _item(yaml: str) -> Node:
    """The node that an item is given as.

    Raises:
        InputError: it is none.
    """
    node = read(yaml).tree
    if node is None:
        raise refusal("expected an item such as {do: plank, for: 40s}, found nothing")
    return node


# -- where they are made --------------------------------------------------------------------------------


def _held(page: Manuscript, pointer: Pointer) -> tuple[Mapping | Sequence, str | int]:
    """The list or map that a pointer leads into, and the last step.

    Raises:
        InputError: there is nothing of that name in it.
    """
    holder = find(page.tree, pointer[:-1])
    if not pointer or not isinstance(holder, Mapping | Sequence) or child(holder, pointer[-1]) is None:
        raise refusal(f"there is nothing at {_shown(pointer)} any more")
    return holder, pointer[-1]


def _list_of(page: Manuscript, pointer: Pointer) -> tuple[Sequence, int]:
    """The list that an item is in, and its index.

    Raises:
        InputError: it is in none.
    """
    holder, step = _held(page, pointer)
    if not isinstance(holder, Sequence) or not isinstance(step, int):
        raise refusal(f"{_shown(pointer)} is no item of a list")
    return holder, step


def _index_in(page: Manuscript, wanted: Insert) -> int:
    """The index, within what the list has.

    Raises:
        InputError: there is something that is no list.
    """
    node = find(page.tree, wanted.pointer)
    if not (node is None or flows.is_nothing(node) or isinstance(node, Sequence)):
        raise refusal(f"{_shown(wanted.pointer)} is no list")
    return max(0, min(wanted.at, len(node.items))) if isinstance(node, Sequence) else 0


def _shown(pointer: Pointer) -> str:
    return "/".join(map(str, pointer)) or "the top"


def _in_flow(page: Manuscript, pointer: Pointer) -> bool:
    """Whether what stands there is in braces or brackets."""
    above = (find(page.tree, pointer[:depth]) for depth in range(len(pointer)))
    return any(isinstance(node, Mapping | Sequence) and node.flow for node in above)


def _set(page: Manuscript, pointer: Pointer, value: Value, *, is_amount: bool) -> Iterator[Cuts]:
    node, in_flow = find(page.tree, pointer), _in_flow(page, pointer)
    if node is None:
        yield from _add(page, pointer, value)
    elif isinstance(node, Scalar) or node.flow or not node.position.end:
        indent = _indent(page, pointer)
        yield from flows.replaced(page, node, value, flows.Setting(indent, in_flow, is_amount=is_amount))
    else:
        yield from blocks.replaced(page, node, value)


def _indent(page: Manuscript, pointer: Pointer) -> int:
    """How far the lines of a text are indented that stands there."""
    holder = find(page.tree, pointer[:-1]) if pointer else None
    return holder.position.column - 1 + blocks.DEEPER if holder else 0


def _add(page: Manuscript, pointer: Pointer, value: Value) -> Iterator[Cuts]:
    """A field that is not there, in the nearest map that is."""
    depth = next(size for size in range(len(pointer) - 1, -1, -1) if find(page.tree, pointer[:size]))
    holder, missing = find(page.tree, pointer[:depth]), pointer[depth:]
    in_flow = _in_flow(page, pointer[: depth + 1])
    if isinstance(holder, Mapping):
        write = flows.added if holder.flow else blocks.added
        yield from write(page, holder, flows.Field(missing, value))
    elif holder is not None and flows.is_nothing(holder):
        body = flows.nested(missing, value)
        yield from flows.replaced_by(page, holder, body, flows.Setting(0, in_flow=in_flow))


def _define(page: Manuscript, wanted: Define) -> Iterator[Cuts]:
    pointer = wanted.pointer
    depth = next((size for size in range(len(pointer) - 1, -1, -1) if find(page.tree, pointer[:size])), 0)
    holder = find(page.tree, pointer[:depth])
    if isinstance(holder, Mapping) and not holder.flow:
        yield from blocks.defined(page, holder, tuple(map(str, pointer[depth:])), _bare(wanted.yaml))


def _remove(page: Manuscript, above: Pointer, holder: Mapping | Sequence, step: str | int) -> Iterator[Cuts]:
    index = flows.index_of(holder, step)
    yield from flows.removed(page, holder, index) if holder.flow else blocks.removed(page, holder, index)
    if flows.size(holder) == 1:
        empty = "[]" if isinstance(holder, Sequence) else "{}"
        setting = flows.Setting(0, in_flow=_in_flow(page, above))
        yield from flows.replaced_by(page, holder, empty, setting)


def _insert(page: Manuscript, pointer: Pointer, at: int, item: flows.Item) -> Iterator[Cuts]:
    node = find(page.tree, pointer)
    in_flow = _in_flow(page, pointer)
    if isinstance(node, Sequence) and not node.flow:
        yield from blocks.inserted(page, node, at, item)
    elif isinstance(node, Sequence):
        yield from flows.inserted(page, node, at, item)
    elif node is not None:
        if not in_flow:
            yield from blocks.begun(page, node, _indent(page, pointer), item)
        yield from flows.replaced_by(page, node, f"[{item.in_flow()}]", flows.Setting(0, in_flow=in_flow))
    else:
        holder = find(page.tree, pointer[:-1])
        if isinstance(holder, Mapping):
            write = flows.added if holder.flow else blocks.added
            yield from write(page, holder, flows.Field(pointer[-1:], (), f"[{item.in_flow()}]"))


def _move(page: Manuscript, above: Pointer, items: Sequence, way: tuple[int, int]) -> Iterator[Cuts]:
    if not items.flow and not _in_flow(page, above):
        yield from blocks.moved(page, items, way)
    yield from flows.moved(page, items, way)
