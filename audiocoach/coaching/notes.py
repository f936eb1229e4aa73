"""What the coach decided for the author: gathered into one note for each line and kind."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from audiocoach.errors import Problem, quote
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND, ceil_to, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.errors import Code, Position

# So many of the words that a note is about are shown.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Note:
    """At `time_ms` of the session: `what` was done and `why`, to the words of `text` or up to a length."""

    position: Position
    what: str
    why: str
    time_ms: int
    text: str = ""
    length_ms: int = 0
    code: Code = "unsaid-words"


def gather_notes(notes: Iterable[Note]) -> Iterator[Problem]:
    """One note for each line and kind, with a count and the time of the first."""
    rows = sorted(notes, key=lambda one: (*_kind(one), one.time_ms))
    for _, group in groupby(rows, key=_kind):
        same = list(group)
        yield Problem(same[0].position, _message(same), "note", same[0].code)


def quote_some(texts: Iterable[str]) -> str:
    """The first of some words in quotes, each once."""
    distinct = list(dict.fromkeys(texts))
    more = f" and {len(distinct) - SHOWN} more" if len(distinct) > SHOWN else ""
    return ", ".join(quote(text) for text in distinct[:SHOWN]) + more


def _kind(one: Note) -> tuple[str, int, str, str]:
    return (one.position.path, one.position.line, one.what, one.why)


def _message(same: Sequence[Note]) -> str:
    first = same[0]
    when = f"{len(same)} times, first at" if len(same) > 1 else "at"
    when = f"{when} {ms_to_clock(first.time_ms)}"
    if first.text:
        return f"{first.what} {when}, {first.why}: {quote_some(one.text for one in same)}"
    length = ms_to_clock(ceil_to(max(one.length_ms for one in same), MS_PER_SECOND))
    most = f"{length} at most," if len(same) > 1 else length
    return f"{first.what} {most} {when}: {first.why}"
