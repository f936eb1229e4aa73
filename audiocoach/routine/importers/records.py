"""What passes between importers: a draft of a routine, each field with the sentence it came from; the result.

A value is YAML as it will stand in the routine: `45s`, `[12, 10, 8]`, `"Do not bounce."`.
"""

from __future__ import annotations

import re
import unicodedata

from audiocoach.errors import quote
from audiocoach.records import dataclass

_PLAIN = re.compile(r"[^\W\d_](?:[\w .,'\u2019()/+-]*[\w.)!])?")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of the source is not in the routine, and why; or was read otherwise than it is written."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What the source does not say. `line` is that of the routine where it is marked."""

    line: int
    asked: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the routine, and the sentence of the source that it came from."""

    line: int
    from_source: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A routine, or a library of moves, made of a text of some `kind`; lines count from 1."""

    kind: str
    routine_yaml: str
    lines: tuple[Line, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field with its value in YAML, and the sentence that says so."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise as a source names it.

    `key` is that of a move of the bank, `""` where it becomes a move of the routine's own; `how` are
    sentences on how it is done, `own` fields of such a move, `asked` what the source does not say. `same`
    are fields that the bank's move has by itself, as the source wants them.
    """

    name: str
    source: str
    key: str = ""
    fields: tuple[Field, ...] = ()
    how: tuple[str, ...] = ()
    own: tuple[Field, ...] = ()
    same: tuple[Field, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pause:
    """A rest of its own between exercises."""

    time: Field


@dataclass(frozen=True, slots=True)
class Part:
    """A section, or with a `repeat` among its fields rounds; without a title it has only those."""

    title: Field | None
    items: tuple[Exercise | Pause, ...]
    fields: tuple[Field, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A session as its source has it: fields of the routine, its items, and what is not in it."""

    title: Field | None
    items: tuple[Exercise | Pause | Part, ...]
    fields: tuple[Field, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


# Pictures among letters, which a voice reads out, and what joins them.
_PICTURES = frozenset({"So", "Sk"})
_JOINERS = frozenset({"\u200d", "\ufe0f"})
_MOST_LABEL = 280


def one_line(text: str) -> str:
    """The text with single spaces, as a comment or a field can hold it."""
    return " ".join(text.split())


def text_value(text: str) -> str:
    """A text as the value of a field: plain where YAML reads it as it is, else quoted."""
    words = one_line("".join(" " if _is_unsaid(char) else char for char in text))
    return words if _PLAIN.fullmatch(words) else quote(words)


def label_value(text: str) -> str:
    """A title or a name as the value of a field, cut where it is longer than one can be."""
    return text_value(one_line(text)[:_MOST_LABEL])


def _is_unsaid(char: str) -> bool:
    """Whether it is a picture, or a sign of a placeholder."""
    return (
        char in "<>" or char in _JOINERS or (not char.isascii() and unicodedata.category(char) in _PICTURES)
    )
