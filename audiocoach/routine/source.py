"""From a file to nodes with positions: YAML read as text, hardened, nothing converted.

In: a path. Out: `Scalar`, `Sequence` and `Mapping` nodes that know where they stand. Every scalar
stays the text that the author wrote (`no`, `010`, `1:30`); the readers in `values` take it from
there. Anchors, aliases and tags are refused, depth and size are bounded (faults 1-10). Every position
names its node by its way from the top: keys and numbers with a slash between them.
"""

from __future__ import annotations

import hashlib
import re
from itertools import count
from typing import TYPE_CHECKING, Any

import yaml

from audiocoach import regular
from audiocoach.errors import TOP, InputError, Position, Problem, whole
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiocoach.errors import Code, Way
    from audiocoach.routine.diagnostics import Diagnostics

MAX_BYTES = 2_000_000
MAX_DEPTH = 64
TOO_DEEP = f"nested too deeply: expected at most {MAX_DEPTH} levels"

LOADER = getattr(yaml, "CLoader", yaml.SafeLoader)
# C0 and C1 controls less tab and line ends; marks that turn the direction of text; U+FFFE, U+FFFF.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# What YAML 1.1 takes for line ends and no editor does, and the line end of old.
_ODD_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# A comment, or the colon behind a key.
_TAIL = re.compile(r"[ \t]*(?:#[^\n]*|:?)")
# The first that fits: a mark of UTF-32 begins as one of UTF-16.
_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. `raw` is how it stands in the file, `tail` a comment or colon that follows it on its line."""

    text: str
    position: Position
    raw: str
    quoted: bool
    tail: str

    def place(self, fragment: str, nth: int = 0) -> Position:
        """Where the nth `fragment` of the text stands; the text's own place if it cannot be told."""
        index = -1
        for _ in range(nth + 1):
            index = self.raw.find(fragment, index + 1)
        if index < 0:
            return self.position
        path = self.position.path
        line, column = _moved(self.position, self.raw[:index])
        return Position(path, line, column, _moved(Position(path, line, column), fragment))


def _moved(start: Position, text: str) -> tuple[int, int]:
    """The line and column behind a text that begins there."""
    lines = text.count("\n")
    column = len(text) - text.rfind("\n") if lines else start.column + len(text)
    return start.line + lines, column


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; `flow` is true for `[a, b]`."""

    items: tuple[Node, ...]
    position: Position
    flow: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """A map in the author's order, doubled keys kept; `flow` is true for `{a: b}`."""

    entries: tuple[Entry, ...]
    position: Position
    flow: bool


Node = Scalar | Sequence | Mapping


def is_empty(node: Node) -> bool:
    """Whether nothing was written: `key:` alone."""
    return isinstance(node, Scalar) and not node.quoted and not node.text


def read_text(path: Path, shown: str, given: str | None = None) -> tuple[str, str]:
    """The text of a file, byte order mark and CRLF taken off; and the SHA-256 of the bytes it was read from.

    `given` is a text that stands in for the file.

    Raises:
        InputError: no regular file, unreadable, too large, no UTF-8, or a forbidden character.
    """
    data = read_bytes(path, shown, "a YAML file", MAX_BYTES) if given is None else _bounded(given, shown)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        marked = (name for mark, name in _MARKS if data.startswith(mark))
        found = next(marked, f"byte 0x{data[error.start]:02x}")
        message = f"expected UTF-8 text, found {found}: save the file as UTF-8"
        raise _refusal(shown, before, message, "bad-encoding") from error
    text = plain_lines(text)
    bad = FORBIDDEN.search(text)
    if bad:
        raise _refusal(
            shown, text[: bad.start()], f"{_character(bad[0])} is not allowed: remove it", "bad-character"
        )
    return text, hashlib.sha256(data).hexdigest()


def _bounded(text: str, shown: str) -> bytes:
    data = regular.encoded(text)
    if len(data) > MAX_BYTES:
        raise InputError(_too_large(Position(shown, 1, 1), MAX_BYTES))
    return data


def _too_large(start: Position, most_bytes: int) -> Problem:
    message = f"the file is too large: expected at most {most_bytes:,} bytes"
    return Problem(start, message, code="too-large-file")


def plain_lines(text: str) -> str:
    """The text with the line ends of editors alone; what YAML besides takes for one becomes a space."""
    return _ODD_LINE_ENDS.sub(lambda match: "\n" if match[0][0] == "\r" else " ", text)


def compose(text: str, shown: str, diagnostics: Diagnostics, what: str = "a routine") -> Node | None:
    """The node tree of one YAML document, in which `what` is expected.

    Anchors, aliases and tags are told to `diagnostics`.

    Raises:
        InputError: the YAML cannot be read any further (syntax, depth, several documents, nothing).
    """
    text = plain_lines(text)
    try:
        return _Composer(text, shown, diagnostics).document(what)
    except yaml.MarkedYAMLError as error:
        from audiocoach.routine.syntax import syntax_problem  # noqa: PLC0415 - where nothing is wrong it is not needed

        raise InputError(syntax_problem(text, shown, error)) from error
    except yaml.YAMLError as error:
        raise InputError(
            Problem(Position(shown, 1, 1), f"this is no YAML: {error}", code="bad-yaml")
        ) from error


def _character(char: str) -> str:
    name = {"\x00": "a NUL character"}.get(char, f"the character U+{ord(char):04X}")
    return f"{name} (invisible)"


def _refusal(shown: str, before: str, message: str, code: Code) -> InputError:
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    return InputError(Problem(Position(shown, line, column), message, code=code))


def read_bytes(path: Path, shown: str, kind: str, most_bytes: int) -> bytes:
    """All of a file that an author wrote; `kind` is what it should be.

    Raises:
        InputError: no regular file, unreadable, or too large.
    """
    start = Position(shown, 1, 1)
    try:
        return regular.read(path, most_bytes)
    except regular.IrregularError as error:
        found = "something that is no regular file"
        if path.is_dir():
            start, found = whole(shown), "a folder"
        raise InputError(Problem(start, f"expected {kind}, found {found}", code="irregular-file")) from error
    except regular.TooLargeError as error:
        raise InputError(_too_large(start, most_bytes)) from error
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise InputError(Problem(start, problem, code="unreadable-file")) from error


class _Composer:
    """Events to nodes. PyYAML's own composer crashes on deep nesting and follows aliases."""

    def __init__(self, text: str, shown: str, diagnostics: Diagnostics) -> None:
        self._text = text
        self._shown = shown
        self._diagnostics = diagnostics
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=LOADER)
        # Where the list or map that was read last ends.
        self._closed: Any = None

    def document(self, what: str) -> Node | None:
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            problem = f"the file is empty: expected {what}"
            raise InputError(Problem(Position(self._shown, 1, 1), problem, code="empty-file"))
        node = self._node(self._next(), 1, TOP)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            problem = "expected one document, found a second after `---`"
            raise InputError(Problem(self._at(after), problem, code="second-document"))
        return node

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _at(self, event: yaml.Event, way: Way = TOP) -> Position:
        mark: Any = event.start_mark
        return Position(self._shown, mark.line + 1, mark.column + 1, node=way)

    def _node(self, event: yaml.Event, depth: int, way: Way) -> Node:
        position = self._at(event, way)
        if depth > MAX_DEPTH:
            raise InputError(Problem(position, TOO_DEEP, code="too-deep-yaml"))
        self._refuse_extras(event, position)
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event, position)
            case yaml.SequenceStartEvent():
                items = tuple(self._items(depth, way))
                return Sequence(items, self._ranged(position, items[-1:]), bool(event.flow_style))
            case yaml.MappingStartEvent():
                entries = tuple(self._entries(depth, way))
                last = tuple(entry.value for entry in entries[-1:])
                return Mapping(entries, self._ranged(position, last), bool(event.flow_style))
            case _:
                return Scalar("", position, "", quoted=True, tail="")

    def _ranged(self, start: Position, last: tuple[Node, ...]) -> Position:
        """The place of a list or map: in brackets up to them, else up to the end of the last thing in it."""
        mark = self._closed
        behind = (mark.line + 1, mark.column + 1)
        if self._text[max(mark.index - 1, 0) : mark.index] not in {"]", "}"}:
            behind = last[0].position.end or behind if last else behind
        return Position(self._shown, start.line, start.column, behind, start.node)

    def _refuse_extras(self, event: yaml.Event, position: Position) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self._diagnostics.refuse(
                position, f"aliases are not supported: write the text of *{anchor} again", "unsupported-yaml"
            )
        elif anchor:
            self._diagnostics.refuse(
                position, f"anchors are not supported: remove &{anchor}", "unsupported-yaml"
            )
        if tag:
            short = tag.replace("tag:yaml.org,2002:", "!!")
            self._diagnostics.refuse(position, f"tags are not supported: remove {short}", "unsupported-yaml")

    def _scalar(self, event: yaml.ScalarEvent, position: Position) -> Scalar:
        marks: tuple[Any, Any] = (event.start_mark, event.end_mark)
        start, end = marks[0].index, marks[1].index
        tail = _TAIL.match(self._text, end)
        bad = FORBIDDEN.search(event.value)
        if bad:
            self._diagnostics.error(
                position, f"{_character(bad[0])} is not allowed: remove it", "bad-character"
            )
        raw = self._text[start:end]
        behind = _moved(position, raw.rstrip())
        ranged = Position(self._shown, position.line, position.column, behind, position.node)
        return Scalar(event.value, ranged, raw, bool(event.style), tail[0] if tail else "")

    def _items(self, depth: int, way: Way) -> Iterator[Node]:
        numbers = count()
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1, way.under(str(next(numbers))))
        self._closed = event.end_mark

    def _entries(self, depth: int, way: Way) -> Iterator[Entry]:
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            # A key is where its value is looked for.
            inner = way.under(event.value) if isinstance(event, yaml.ScalarEvent) else way
            key = self._node(event, depth + 1, inner)
            value = self._node(self._next(), depth + 1, inner)
            if isinstance(key, Scalar):
                yield Entry(key, value)
            else:
                self._diagnostics.error(key.position, "expected a word as the key, found a list or a map")
        self._closed = event.end_mark
