"""A text that is being edited: its nodes, and where each of them stands in it, to the character.

In: the text of a file as it is, with its mark, its line ends and its comments. Out: a `Manuscript`, whose
offsets are those of the plain text (line ends as one character), and changes of the text as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Problem, whole
from audiocoach.records import dataclass
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.source import Mapping, Scalar, Sequence, compose, is_empty, plain_lines
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.errors import Position
    from audiocoach.routine.source import Node

    # A way into the tree, of keys and indices: `("session", 2, "do")`.
    Pointer = tuple[str | int, ...]
    # What a node says, for comparing: a text (None where nothing was written), a list, or pairs in order.
    Said = str | None | list["Said"] | tuple[tuple[str, "Said"], ...]

_MARK = "\ufeff"
_PAIR = "\r\n"
# A block scalar that keeps the line ends behind it: those belong to it.
_KEEPS = re.compile(r"[|>][0-9]*\+")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Change:
    """`insert` takes the place of what stands from `start` to `end`, in characters of the text before it."""

    start: int
    end: int
    insert: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A text, and its nodes; None where YAML finds none in it.

    `plain` is the text without its mark, every line end as one character: what positions count in.
    """

    text: str
    plain: str
    tree: Node | None
    lines: tuple[int, ...]
    pairs: tuple[int, ...]

    def offset(self, line: int, column: int) -> int:
        """Where a line and column are in the plain text; both count from 1."""
        behind = len(self.plain)
        return min(self.lines[line - 1] + column - 1, behind) if line <= len(self.lines) else behind

    def start(self, at: Position) -> int:
        """Where it begins in the plain text."""
        return self.offset(at.line, at.column)

    def end(self, at: Position) -> int:
        """The first character behind it in the plain text; its beginning where the end is not known."""
        return self.offset(*at.end) if at.end else self.start(at)

    def span(self, node: Node) -> tuple[int, int]:
        """From where to where a node stands, with the line ends that it keeps."""
        start = self.start(node.position)
        if isinstance(node, Scalar) and _KEEPS.match(node.raw):
            return start, start + len(node.raw)
        return start, self.end(node.position)

    def original(self, offset: int) -> int:
        """The place in the text as it is, of one in the plain text."""
        return offset + self.text.startswith(_MARK) + bisect_left(self.pairs, offset)

    def change(self, start: int, end: int, insert: str) -> Change:
        """A change of the text as it is, from one of the plain text: with the line ends that it has."""
        written = insert.replace("\n", self._line_end())
        return Change(self.original(start), self.original(end), written)

    def _line_end(self) -> str:
        if not self.pairs:
            return "\r" if "\r" in self.text and "\n" not in self.text else "\n"
        return _PAIR if 2 * len(self.pairs) >= self.plain.count("\n") else "\n"


def read(text: str, shown: str = "") -> Manuscript:
    """The text with its nodes; `shown` names it in problems. Whatever the nodes say is for the parser.

    Raises:
        InputError: it is no YAML.
    """
    return _placed(text, compose(text.removeprefix(_MARK), shown, Diagnostics()))


def read_broken(text: str) -> Manuscript:
    """The text alone, where there are no nodes in it: it has places all the same."""
    return _placed(text, None)


def _placed(text: str, tree: Node | None) -> Manuscript:
    bare = text.removeprefix(_MARK)
    plain = plain_lines(bare)
    pairs = tuple(match.start() - number for number, match in enumerate(re.finditer(_PAIR, bare)))
    lines = (0, *(match.end() for match in re.finditer("\n", plain)))
    return Manuscript(text, plain, tree, lines, pairs)


def said(node: Node | None) -> Said:
    """What a node says, without where and how."""
    match node:
        case None:
            return None
        case Scalar():
            return None if is_empty(node) else node.text
        case Sequence():
            return [said(item) for item in node.items]
        case Mapping():
            return tuple((entry.key.text, said(entry.value)) for entry in node.entries)
        case _:
            assert_never(node)


def child(node: Node | None, step: str | int) -> Node | None:
    """What lies under a key or an index; of a doubled key the first, None where there is nothing."""
    match node:
        case Mapping():
            return next((entry.value for entry in node.entries if entry.key.text == str(step)), None)
        case Sequence():
            known = isinstance(step, int) and 0 <= step < len(node.items)
            return node.items[int(step)] if known else None
        case _:
            return None


def find(tree: Node | None, pointer: Pointer) -> Node | None:
    """The node that a pointer leads to, None where there is none."""
    node = tree
    for step in pointer:
        node = child(node, step)
    return node


def resolve(tree: Node | None, way: str) -> Pointer:
    """The pointer of a node's way (`session/3/do`), as far as it leads."""
    pointer: list[str | int] = []
    node = tree
    for step in way.split("/") if way else ():
        key = step.replace("~1", "/").replace("~0", "~")
        taken: str | int = int(key) if isinstance(node, Sequence) and key.isdigit() else key
        node = child(node, taken)
        if node is None:
            break
        pointer.append(taken)
    return tuple(pointer)


def applied(text: str, changes: Iterable[Change]) -> str:
    """The text with changes made that are all of the text before, in order, without one in another."""
    parts, behind = [], 0
    for change in changes:
        parts += [text[behind : change.start], change.insert]
        behind = change.end
    return "".join([*parts, text[behind:]])


def inverse(text: str, changes: Iterable[Change]) -> tuple[Change, ...]:
    """What takes the changes of that text back."""
    back, moved = [], 0
    for change in changes:
        start = change.start + moved
        back.append(Change(start, start + len(change.insert), text[change.start : change.end]))
        moved += len(change.insert) - (change.end - change.start)
    return tuple(back)


class Units:
    """Places of a text as browsers count them: in UTF-16, where a character such as an emoji is two."""

    def __init__(self, text: str) -> None:
        self._astral = tuple(match.start() for match in _ASTRAL.finditer(text))

    def of(self, offset: int) -> int:
        """The same place, of an offset in characters."""
        return offset + bisect_left(self._astral, offset)


def refusal(message: str, at: Position | None = None) -> InputError:
    """An edit that cannot be made, and why."""
    return InputError(Problem(at or whole(""), message))
