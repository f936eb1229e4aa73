"""Ways to write where lines and their indentation are the layout: as cuts of the plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.routine.source import Mapping, Sequence
from audiocoach.studio.edits.flows import Setting, value_texts
from audiocoach.studio.edits.scalars import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.source import Node
    from audiocoach.studio.edits.document import Manuscript
    from audiocoach.studio.edits.flows import Cuts, Field, Item, Value

# How much further what is in something is indented.
DEEPER = 2
_DASH = "- "


def _line_start(page: Manuscript, offset: int) -> int:
    return page.plain.rfind("\n", 0, offset) + 1


def _line_end(page: Manuscript, offset: int) -> int:
    """The end of the line on which something ends; texts that keep their line ends have ended before."""
    if page.plain[:offset].endswith("\n"):
        return offset - 1
    found = page.plain.find("\n", offset)
    return len(page.plain) if found < 0 else found


def _starts(page: Manuscript, holder: Mapping | Sequence) -> list[int]:
    """Where each begins: a field with its key, an item with its dash."""
    if isinstance(holder, Mapping):
        return [page.start(entry.key.position) for entry in holder.entries]
    return [_dash(page, holder, item) for item in holder.items]


def _dash(page: Manuscript, holder: Sequence, item: Node) -> int:
    """The dash of an item, on its line or on one above it."""
    column = holder.position.column - 1
    for line in range(item.position.line, holder.position.line, -1):
        begin = page.lines[line - 1]
        if page.plain.startswith("-", begin + column) and not page.plain[begin : begin + column].strip():
            return begin + column
    return page.start(holder.position)


def _ends(page: Manuscript, holder: Mapping | Sequence) -> list[int]:
    """The end of the last line of each, behind its comment."""
    nodes = holder.items if isinstance(holder, Sequence) else [entry.value for entry in holder.entries]
    return [_line_end(page, page.span(node)[1]) for node in nodes]


def replaced(page: Manuscript, node: Node, value: Value) -> Iterator[Cuts]:
    """A text, or a list of them, in the place of a list or map that has lines of its own."""
    start, end = page.span(node)
    if isinstance(node, Sequence) and not isinstance(value, str) and value:
        pad = "\n" + " " * (node.position.column - 1)
        style = Style("", "", node.position.column + 1, in_flow=False)
        yield ((start, end, pad.join(_DASH + next(value_texts(one, style)) for one in value)),)
    above = _line_end(page, page.plain.rstrip().rfind(":", 0, start) + 1)
    colon = page.plain.rfind(":", 0, start) + 1
    for spelled in value_texts(value, Style("", "", 0, in_flow=False)):
        yield ((colon, colon, f" {spelled}"), (max(above, colon), _line_end(page, end), ""))
        yield ((start, end, spelled),)


def added(page: Manuscript, holder: Mapping, field: Field) -> Iterator[Cuts]:
    """A field on a line of its own: behind the last one, else before that."""
    indent = holder.position.column - 1
    pad = " " * indent
    last = _ends(page, holder)[-1]
    for spelled in field.spelled(Setting(indent + DEEPER, in_flow=False)):
        yield ((last, last, f"\n{pad}{spelled}"),)
        place = _starts(page, holder)[-1]
        yield ((place, place, f"{spelled}\n{pad}"),)


def defined(page: Manuscript, holder: Mapping, names: tuple[str, ...], yaml: str) -> Iterator[Cuts]:
    """A field on lines of its own, in maps of these names: behind the last one."""
    indent, end = holder.position.column - 1, _ends(page, holder)[-1]
    keys = [f"{' ' * (indent + DEEPER * depth)}{name}:" for depth, name in enumerate(names)]
    pad = " " * (indent + DEEPER * len(names))
    lines = [f"{pad}{line}" if line else "" for line in yaml.split("\n")]
    yield ((end, end, "\n" + "\n".join([*keys, *lines])),)
    yield ((end, end, f"\n{keys[-1]} {yaml}"),)


def inserted(page: Manuscript, holder: Sequence, at: int, item: Item) -> Iterator[Cuts]:
    """An item on lines of its own: behind the one before it, above what is said of the next."""
    pad = " " * (holder.position.column - 1)
    for body in _bodies(item, len(pad)):
        if at:
            place = _ends(page, holder)[at - 1]
            yield ((place, place, f"\n{pad}{body}"),)
        else:
            place = _starts(page, holder)[0]
            yield ((place, place, f"{body}\n{pad}"),)


def begun(page: Manuscript, node: Node, indent: int, item: Item) -> Iterator[Cuts]:
    """The first item of a list, below its key."""
    end = _line_end(page, page.span(node)[1])
    for body in _bodies(item, indent):
        yield ((end, end, f"\n{' ' * indent}{body}"),)


def _bodies(item: Item, indent: int) -> Iterator[str]:
    """Ways to write an item behind its dash: as it was given, or on one line."""
    inner = "\n" + " " * (indent + DEEPER)
    yield _DASH + inner.join(item.yaml.split("\n")).replace(inner + "\n", "\n\n")
    yield _DASH + item.in_flow()


def removed(page: Manuscript, holder: Mapping | Sequence, index: int) -> Iterator[Cuts]:
    """One of them: its lines where it has them for itself, else up to the next."""
    starts, ends = _starts(page, holder), _ends(page, holder)
    start, end = starts[index], ends[index]
    line = _line_start(page, start)
    if not page.plain[line:start].strip():
        yield _lines_cut(page, line, end)
    elif len(starts) > index + 1:
        between = page.plain[end : starts[index + 1]]
        yield ((start, starts[index + 1] if not between.strip() else end, ""),)


def _lines_cut(page: Manuscript, line: int, end: int) -> Cuts:
    """Without these lines, and without the line end before them where nothing is behind them."""
    if end < len(page.plain):
        return ((line, end + 1, ""),)
    return ((max(line - 1, 0), end, ""),)


def moved(page: Manuscript, items: Sequence, way: tuple[int, int]) -> Iterator[Cuts]:
    """An item's lines, with the comment right above it, to another place."""
    starts, ends, (index, at) = _starts(page, items), _ends(page, items), way
    if index == at or page.plain[_line_start(page, starts[0]) : starts[0]].strip():
        return
    tops = [_top(page, start, ends[number - 1] if number else None) for number, start in enumerate(starts)]
    for firsts in (tops, [_line_start(page, start) for start in starts]):
        taken = page.plain[firsts[index] : ends[index]]
        cut = _lines_cut(page, firsts[index], ends[index])
        if at < index:
            yield ((firsts[at], firsts[at], f"{taken}\n"), *cut)
        else:
            yield (*cut, (ends[at], ends[at], f"\n{taken}"))


def _top(page: Manuscript, start: int, before: int | None) -> int:
    """Where an item begins, with the comments right above it and as far in; the first item has none."""
    line = _line_start(page, start)
    indent = page.plain[line:start]
    while before is not None and line > before + 1:
        above = _line_start(page, line - 1)
        if above <= before or not page.plain.startswith(f"{indent}#", above):
            break
        line = above
    return line
