"""Texts written as YAML: plain where everybody reads that as the same, quoted or in a block elsewhere.

Several ways are proposed, the nicest first: whoever writes one reads it back, and takes the first that holds.
"""

from __future__ import annotations

import re
from textwrap import wrap
from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

# What YAML takes for something else where a plain text begins; a minus before a digit is a number's.
_STARTS_OTHERWISE = re.compile(r"[?:,\[\]{}#&*!|>'\"%@`]|-(?!\d)|\.\.\.|---|<<|=|~")
_ENDS_OR_CUTS = re.compile(r": |:$| #|[\t\n\ufeff]")
_FLOW = re.compile(r"[,\[\]{}]|:\S")
# Other readers of YAML 1.1 take them for a truth value or for nothing; fields of ours say true and false.
_OTHER_KIND = re.compile("(?:y|yes|n|no|on|off|null)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+.]?\d")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\ufeff": "\\uFEFF"}
_HEADER = re.compile(r"([|>])[-+0-9]*([ \t]+#[^\n]*)?")
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Style:
    """How what stands there was written.

    `raw` is that, "" where there is nothing; `text` is what it said. `indent` is how far its lines are
    indented if it has several, and `in_flow` whether it stands in braces or brackets.
    """

    raw: str
    text: str
    indent: int
    in_flow: bool


def spellings(value: str, style: Style) -> Iterator[str]:
    """Ways to write a value, as it was written before if that can be, else as it would be by hand."""
    if style.raw[:1] in {"|", ">"} and not style.in_flow:
        yield from _as_block(value, style)
    if "\n" in value and not style.in_flow:
        yield from _literal(value, style.indent, "")
    if style.raw[:1] in {"'", '"'}:
        yield _quoted(value, style.raw[0])
    if is_plain(value, in_flow=style.in_flow) and not _changes_kind(value, style):
        yield from _wrapped_plain(value, style)
        yield value
    yield _quoted(value, "'" if '"' in value or "\\" in value else '"')
    yield double_quoted(value)


def is_plain(value: str, *, in_flow: bool) -> bool:
    """Whether a text may stand as it is, and is the same to other readers of YAML."""
    if not value or value != value.strip() or _STARTS_OTHERWISE.match(value) or _ENDS_OR_CUTS.search(value):
        return False
    return not _OTHER_KIND.fullmatch(value) and not (in_flow and _FLOW.search(value))


def _changes_kind(value: str, style: Style) -> bool:
    """Whether a text would become a number for other readers: a title such as 2024."""
    was_words = bool(style.text) and not _NUMBER.match(style.text)
    return was_words and bool(re.fullmatch(r"[-+.]?[\d_:.,eE+-]+", value))


def double_quoted(value: str) -> str:
    """Any text in double quotes, on one line."""
    return '"' + "".join(_ESCAPES.get(char, char) for char in value) + '"'


def _quoted(value: str, mark: str) -> str:
    if mark == "'" and not re.search(r"[\n\t\ufeff]", value):
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value)


def _wrapped_plain(value: str, style: Style) -> Iterator[str]:
    """Over several lines, where it was."""
    if "\n" in style.raw and style.raw[:1] not in {"|", ">", "'", '"'} and not style.in_flow:
        yield ("\n" + " " * style.indent).join(_lines(value, _width(style)))


def _as_block(value: str, style: Style) -> Iterator[str]:
    header = _HEADER.match(style.raw)
    kind, comment = (header[1], header[2] or "") if header else ("|", "")
    if kind == ">":
        yield from _folded(value, style, comment)
    yield from _literal(value, style.indent, comment)


def _folded(value: str, style: Style, comment: str) -> Iterator[str]:
    """As text of which the line ends are blanks, and blank lines are line ends."""
    body = value.removesuffix("\n")
    if not body or body.startswith((" ", "\n")) or body.endswith(("\n", " ")):
        return
    pad = "\n" + " " * style.indent
    lines = [line for part in body.split("\n") for line in ("", *_lines(part, _width(style)))][1:]
    written = "".join(pad + line if line else "\n" for line in lines)
    yield f">{'' if value.endswith(chr(10)) else '-'}{comment}{written}"


def _literal(value: str, indent: int, comment: str) -> Iterator[str]:
    """As text that keeps its lines."""
    body = value.removesuffix("\n")
    if not body or body.startswith((" ", "\n")) or body.endswith("\n"):
        return
    pad = " " * indent
    written = "".join(f"\n{pad}{line}" if line else "\n" for line in body.split("\n"))
    yield f"|{'' if value.endswith(chr(10)) else '-'}{comment}{written}"


def _lines(text: str, width: int) -> list[str]:
    return wrap(text, width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False)


def _width(style: Style) -> int:
    """As wide as it was, within reason."""
    return max(40, min(140, max(map(len, style.raw.split("\n"))) - style.indent), _WIDTH - style.indent)
