"""What others wrote, as a page shows it before it is kept; and what it does not say, filled in by its reader.

In: an import, then its text with answers. Out: JSON for a page, then the text with the answers in it. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from audiocoach.records import dataclass
from audiocoach.routine.importers import asking
from audiocoach.routine.source import Mapping
from audiocoach.studio.bank import body_of
from audiocoach.studio.cards import cards_of
from audiocoach.studio.edits.document import applied, child, find, read, refusal
from audiocoach.studio.edits.edit import Define, Remove, Set, edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.routine.importers import Imported
    from audiocoach.routine.importers.bank import Bank
    from audiocoach.routine.source import Node
    from audiocoach.studio.cards import Card
    from audiocoach.studio.edits.document import Pointer

    Json = dict[str, Any]

_DOSE = ("reps", "for", "hold", "breaths")
# What may be typed in where a question has these words; the first that fits.
_ASKED = (
    ("no title", ("title",)),
    ("does not name the move", ("name",)),
    (asking.ROUNDS, ("repeat",)),
    (asking.WEIGHT_UNIT, ("weight",)),
    (asking.HOW_FAST, ("about", "pace")),
    (asking.HOW_MUCH, _DOSE),
)
_HOLDS = {"hold", "reps"}
_BETWEEN = "; "
_GAP = re.compile(r"(?P<before>\s*|.*\S\s+)# gap: (?P<asked>.*)")
# What a question proposes, which is taken or left: a move of the bank, another amount, a unit.
_MEANT = re.compile(r"\bis (.+?) (?:of the library )?meant\?|the library has (?!no )(.+)")
_MOVE = re.compile(r"([\w-]+) \(([^()]+)\)")
_UNIT = re.compile(r"([a-z]+) (\d+(?:-\d+)?) has no unit: seconds or minutes\?")
# An answer to a question whose answer is that all stays as it is; its value is the question.
SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says to the question on a line of a text that was brought in."""

    line: int
    field: str
    value: str


def imported_record(imported: Imported) -> Json:
    """An import for a page: what was found with its sentences, what was left out, what is asked for."""
    text = imported.routine_yaml
    cards = {card.line for card in cards_of(read(text))}
    return {
        "kind": imported.kind,
        "isLibrary": is_library(text),
        "text": text,
        "lines": [{"line": one.line, "from_source": one.from_source} for one in imported.lines],
        "left_out": [{"text": one.text, "why": one.why} for one in imported.left_out],
        "gaps": [
            _gap_record(one.line, part, has_card=_line_of(text, one.line) in cards)
            for one in imported.gaps
            for part in one.asked.split(_BETWEEN)
        ],
    }


def is_library(text: str) -> bool:
    """Whether a text has moves and no session."""
    return child(read(text).tree, "session") is None


def _line_of(text: str, line: int) -> int:
    """What a question is about: its own line where something stands there, else the next."""
    question = _GAP.fullmatch(text.split("\n")[line - 1])
    return line if question and question["before"].strip() else line + 1


def _gap_record(line: int, part: str, *, has_card: bool) -> Json:
    proposals = _proposals_of(part) if has_card else ()
    fields = _fields_of(part) if has_card and not proposals else ()
    return {
        "line": line,
        "asked": part,
        # A page has no use for the key of a move beside its name.
        "shown": _MOVE.sub(r"\2", part) if _MEANT.search(part) else part,
        "fields": [*fields],
        "proposals": [{"field": field, "value": value} for field, value in proposals],
    }


def _fields_of(question: str) -> tuple[str, ...]:
    return next((fields for words, fields in _ASKED if words in question), ())


def _proposals_of(question: str) -> tuple[tuple[str, str], ...]:
    if meant := _MEANT.search(question):
        return tuple(("do", key) for key, _ in _MOVE.findall(next(filter(None, meant.groups()))))
    if question.startswith(asking.ALSO):
        also = asking.amount_of(question.removeprefix(asking.ALSO))
        return (also,) if also else ()
    if unit := _UNIT.fullmatch(question):
        return ((unit[1], f"{unit[2]}s"), (unit[1], f"{unit[2]}m"))
    return ()


def _answers(one: Answer, question: str) -> bool:
    said = (one.field, one.value)
    return one.field in _fields_of(question) or said in _proposals_of(question) or said == (SETTLED, question)


def titled(text: str, title: str) -> str:
    """The text under another title than its source has."""
    return applied(text, edit(text, (Set(("title",), title),)))


def answered(text: str, answers: Iterable[Answer], bank: Bank) -> tuple[str, tuple[Pointer, ...]]:
    """The text with its answers, without the questions that they answer; and where each answer stands.

    Raises:
        InputError: there is no such question, or an answer cannot be written.
    """
    cards = {card.line: card for card in cards_of(read(text))}
    places: list[Set] = []
    gone: list[Remove] = []
    lines = text.split("\n")
    for one in sorted(answers, key=lambda one: one.line, reverse=True):
        about = _line_of(text, one.line) if 0 < one.line <= len(lines) else 0
        question = _GAP.fullmatch(lines[one.line - 1]) if about else None
        card = cards.get(about)
        if question is None or (card is None and one.field != SETTLED):
            raise refusal(f"there is no question on line {one.line}: bring the text in again")
        left = _BETWEEN.join(part for part in question["asked"].split(_BETWEEN) if not _answers(one, part))
        kept = f"{question['before']}# gap: {left}" if left else question["before"].rstrip()
        lines[one.line - 1 : one.line] = [kept] if kept else []
        if card is not None and one.field != SETTLED:
            places.append(Set(_place(card, one), one.value))
            gone += [Remove((*card.pointer, other)) for other in _in_the_way(card, one.field)]
    bare = "\n".join(lines)
    filled = applied(bare, edit(bare, (*gone, *places)))
    return _with_moves(filled, places, bank), tuple(one.pointer for one in places)


def _in_the_way(card: Card, field: str) -> tuple[str, ...]:
    """The doses that a card has and cannot have beside this one; repetitions may be held."""
    written = (one.name for one in card.fields if one.start is not None and one.name in _DOSE)
    return tuple(name for name in written if field in _DOSE and name != field and {name, field} != _HOLDS)


def _place(card: Card, one: Answer) -> Pointer:
    """Where an answer is written: a name in the move that is done."""
    if one.field == "name":
        return ("moves", next(field.value for field in card.fields if field.name == "do"), "name")
    return (*card.pointer, one.field)


def _without_unused(text: str, before: Node | None, keys: Iterable[str]) -> str:
    """The text without moves that have a name alone, and that nothing does since a `do` names another."""
    page = read(text)
    done = {field.value for card in cards_of(page) for field in card.fields if field.name == "do"}
    moves = child(before, "moves")
    own = moves.entries if isinstance(moves, Mapping) and any(keys) else ()
    bare = [one.key.text for one in own if isinstance(one.value, Mapping) and len(one.value.entries) == 1]
    return applied(text, edit(text, tuple(Remove(("moves", key)) for key in bare if key not in done)))


def _with_moves(text: str, places: Iterable[Set], bank: Bank) -> str:
    """The text with the moves of the bank that answers name: included, or copied."""
    keys = dict.fromkeys(one.value for one in places if one.pointer[-1] == "do")
    tree = read(text).tree
    new = [known for key in keys if (known := bank.of(key)) and find(tree, ("moves", key)) is None]
    if bank.include and new:
        edits: tuple[Set | Define, ...] = (Set(("include",), ", ".join(bank.include)),)
    else:
        edits = tuple(Define(("moves", one.key), body_of(one.text)) for one in new)
    return _without_unused(applied(text, edit(text, edits)), tree, keys)
