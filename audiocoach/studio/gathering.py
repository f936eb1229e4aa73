"""What others wrote, as a page shows it before it is kept; and what it does not say, filled in by its reader.

In: an import, then its text with answers. Out: JSON for a page, then the text with the answers in it. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audiocoach.records import dataclass
from audiocoach.studio.cards import cards_of
from audiocoach.studio.edits.document import applied, child, read, refusal
from audiocoach.studio.edits.edit import Set, edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.routine.importers import Gap, Imported
    from audiocoach.studio.edits.document import Pointer

    Json = dict[str, Any]

_DOSE = ("reps", "for", "hold", "breaths")
# What may be typed in where a question has these words; the first that fits.
_ASKED = (
    ("no title", ("title",)),
    ("repeat:", ("repeat",)),
    ("weight:", ("weight",)),
    ("about: or pace:", ("about", "pace")),
    ("for how long?", _DOSE),
    ("reps:", _DOSE),
)
_BETWEEN = "; "
_GAP = re.compile(r"(\s*# gap: )(.*)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says to the question on a line of a text that was brought in."""

    line: int
    field: str
    value: str


def imported_record(imported: Imported) -> Json:
    """An import for a page: what was found with its sentences, what was left out, what is asked for."""
    return {
        "kind": imported.kind,
        "isLibrary": is_library(imported.routine_yaml),
        "text": imported.routine_yaml,
        "lines": [{"line": one.line, "from_source": one.from_source} for one in imported.lines],
        "left_out": [{"text": one.text, "why": one.why} for one in imported.left_out],
        "gaps": [_gap_record(one) for one in imported.gaps],
    }


def is_library(text: str) -> bool:
    """Whether a text has moves and no session."""
    return child(read(text).tree, "session") is None


def _gap_record(gap: Gap) -> Json:
    fields = dict.fromkeys(field for part in gap.asked.split(_BETWEEN) for field in _fields_of(part))
    return {"line": gap.line, "asked": gap.asked, "fields": [*fields]}


def _fields_of(question: str) -> tuple[str, ...]:
    return next((fields for words, fields in _ASKED if words in question), ())


def titled(text: str, title: str) -> str:
    """The text under another title than its source has."""
    return applied(text, edit(text, (Set(("title",), title),)))


def answered(text: str, answers: Iterable[Answer]) -> tuple[str, tuple[Pointer, ...]]:
    """The text with its answers, without the questions that they answer; and where each answer stands.

    Raises:
        InputError: there is no such question.
    """
    cards = {card.line: card for card in cards_of(read(text))}
    places: list[Set] = []
    lines = text.split("\n")
    for one in sorted(answers, key=lambda one: one.line, reverse=True):
        card = cards.get(one.line + 1)
        question = _GAP.fullmatch(lines[one.line - 1]) if 0 < one.line <= len(lines) else None
        if card is None or question is None:
            raise refusal(f"there is no question on line {one.line}: bring the text in again")
        left = [part for part in question[2].split(_BETWEEN) if one.field not in _fields_of(part)]
        lines[one.line - 1 : one.line] = [question[1] + _BETWEEN.join(left)] if left else []
        places.append(Set((*card.pointer, one.field), one.value))
    bare = "\n".join(lines)
    return applied(bare, edit(bare, tuple(places))), tuple(one.pointer for one in places)
