"""From a draft to YAML as people write it: a field a line, and beside it the sentence that it came from.

`# from: "…"` is that sentence, `# gap: …` what the source does not say, on a line of its own above what lacks
it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from audiocoach.errors import quote
from audiocoach.records import dataclass, replace
from audiocoach.routine.importers import asking
from audiocoach.routine.importers.records import (
    Draft,
    Exercise,
    Gap,
    Imported,
    Line,
    Part,
    Pause,
    label_value,
    one_line,
    text_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.importers.bank import Bank, Known

_MOST_SHOWN = 160
_INDENT = "  "
_SLUG = re.compile(r"[\W_]+")
_MOST_KEY = 60
_OWN_WORDS = "from: the source's own words; say it in yours"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of YAML, what it came from, and what it asks for."""

    text: str
    source: str = ""
    asked: str = ""
    remark: str = ""


def written(kind: str, draft: Draft, bank: Bank) -> Imported:
    """The routine of a draft. Moves of the bank are included or, where it includes nothing, copied."""
    keyed = _with_keys(draft, bank)
    body = [*_head(keyed), "", *_moves(keyed, bank), Row("session:"), *_items(keyed.items, bank, _INDENT)]
    return numbered(kind, [row if isinstance(row, Row) else Row(row) for row in body], keyed)


def numbered(kind: str, body: list[Row], draft: Draft) -> Imported:
    """The text of rows, with the numbers of those that come from somewhere or ask for something."""
    rows = [line for row in body for line in _lines(row)]
    return Imported(
        kind,
        "".join(f"{_shown(row)}\n" for row in rows),
        tuple(Line(number, row.source) for number, row in enumerate(rows, start=1) if row.source),
        draft.left_out,
        tuple(Gap(number, row.asked) for number, row in enumerate(rows, start=1) if row.asked),
    )


def _lines(row: Row) -> Iterator[Row]:
    """A row, and above it the line that asks for what it lacks."""
    if row.asked:
        indent = row.text[: len(row.text) - len(row.text.lstrip())]
        yield Row(f"{indent}# gap: {one_line(row.asked)}", asked=one_line(row.asked))
    yield replace(row, asked="")


def _shown(row: Row) -> str:
    source = one_line(row.source)
    short = source if len(source) <= _MOST_SHOWN else source[: _MOST_SHOWN - 1] + "\u2026"
    if row.remark or (source != short and row.text.endswith(text_value(source))):
        # The sentence itself is the value.
        return f"{row.text} # {row.remark}" if row.remark else row.text
    return f"{row.text} # from: {quote(short)}" if source else row.text


def _head(draft: Draft) -> Iterator[Row]:
    if draft.title:
        yield Row(f"title: {draft.title.value}", draft.title.source)
    else:
        yield Row("title: Untitled", asked="the source has no title: what is the session called?")
    yield from (Row(f"{field.name}: {field.value}", field.source) for field in draft.fields)


def exercises_of(items: tuple[Exercise | Pause | Part, ...]) -> Iterator[Exercise]:
    """All exercises, in turn."""
    for item in items:
        match item:
            case Exercise():
                yield item
            case Part(items=inner):
                yield from exercises_of(inner)
            case Pause():
                pass
            case _:
                assert_never(item)


# -- moves ----------------------------------------------------------------------------------------


def slug(name: str) -> str:
    """The key of a move of this name: `goblet-squat`."""
    return _SLUG.sub("-", name.lower()).strip("-")[:_MOST_KEY].strip("-") or "move"


def _with_keys(draft: Draft, bank: Bank) -> Draft:
    """The draft with a key for every exercise; one of the routine's own is none of the bank's."""
    taken = {known.key for known in bank.moves}
    own: dict[str, str] = {}

    def keyed(item: Exercise | Pause) -> Exercise | Pause:
        if isinstance(item, Pause) or item.key:
            return item
        name = item.name.lower()
        own[name] = own.get(name) or _free(item.name, taken)
        return replace(item, key=own[name])

    items = (
        replace(item, items=tuple(map(keyed, item.items))) if isinstance(item, Part) else keyed(item)
        for item in draft.items
    )
    return replace(draft, items=tuple(items))


def _free(name: str, taken: set[str]) -> str:
    key, number = slug(name), 2
    while key in taken:
        key, number = f"{slug(name)}-{number}", number + 1
    taken.add(key)
    return key


def _moves(draft: Draft, bank: Bank) -> Iterator[Row | str]:
    by_key: dict[str, list[Exercise]] = {}
    for exercise in exercises_of(draft.items):
        by_key.setdefault(exercise.key, []).append(exercise)
    known = [move for key in by_key if (move := bank.of(key))]
    own = [_as_one(times) for key, times in by_key.items() if bank.of(key) is None]
    if known and bank.include:
        yield f"include: [{', '.join(bank.include)}]"
        yield ""
    copied = [] if bank.include else known
    if copied or own:
        yield "moves:"
        for exercise in own:
            yield from _own_move(exercise)
        for move in copied:
            yield from move.text.rstrip("\n").split("\n")
            yield ""


def _as_one(times: list[Exercise]) -> Exercise:
    """An exercise with all that is said of it wherever it is done."""
    how = dict.fromkeys(sentence for exercise in times for sentence in exercise.how)
    return replace(times[0], how=tuple(how))


def _own_move(exercise: Exercise) -> Iterator[Row | str]:
    """A move that the bank does not have, with no more than the source says of it."""
    yield f"{_INDENT}{exercise.key}:"
    inner = _INDENT * 2
    yield Row(f"{inner}name: {label_value(exercise.name)}", exercise.source)
    if exercise.how:
        how = " ".join(exercise.how)
        yield Row(f"{inner}setup: {text_value(how)}", how, remark=_OWN_WORDS)
    yield from (Row(f"{inner}{field.name}: {field.value}", field.source) for field in exercise.own)
    yield ""


# -- the session ------------------------------------------------------------------------------------


def _items(items: tuple[Exercise | Pause | Part, ...], bank: Bank, indent: str) -> Iterator[Row]:
    for item in items:
        match item:
            case Exercise():
                yield from _exercise(item, bank, indent)
            case Pause(time=time):
                yield Row(f"{indent}- rest: {time.value}", time.source)
            case Part():
                yield from _part(item, bank, indent)
            case _:
                assert_never(item)


def _part(part: Part, bank: Bank, indent: str) -> Iterator[Row]:
    asked = " ".join(part.asked)
    fields = list(part.fields)
    if part.title:
        yield Row(f"{indent}- section: {part.title.value}", part.title.source, asked)
    elif fields:
        first = fields.pop(0)
        yield Row(f"{indent}- {first.name}: {first.value}", first.source, asked)
    yield from (Row(f"{indent}{_INDENT}{field.name}: {field.value}", field.source) for field in fields)
    yield Row(f"{indent}{_INDENT}items:")
    yield from _items(part.items, bank, indent + _INDENT * 2)


_DOSES = frozenset({"for", "hold", "reps", "breaths", "distance"})


_ONCE = "from: the source gives no sets, the library {}"
# How many sets a move of the bank has by itself, among its lines.
_SETS = re.compile(r"^ {4}sets: (\d+(?:-\d+)?)\b", re.MULTILINE)


def _own_sets(known: Known) -> str:
    """How many sets a move of the bank has where its `do` does not say; nothing where it is done once."""
    found = _SETS.search(known.text)
    return found[1] if found and found[1] != "1" else ""


def _brings_sets(known: Known, exercise: Exercise) -> bool:
    """Whether the bank's move would be done in sets of which the source knows nothing."""
    is_open = any(field.name == "sets" for field in exercise.fields) or any(
        map(asking.is_of_dose, exercise.asked)
    )
    return bool(_own_sets(known)) and not known.is_guided and not is_open


def _exercise(exercise: Exercise, bank: Bank, indent: str) -> Iterator[Row]:
    known = bank.of(exercise.key)
    asked = list(exercise.asked)
    is_dosed = any(field.name in _DOSES for field in exercise.fields) or (known and known.is_guided)
    if not is_dosed and not any(asking.HOW_MUCH in question for question in asked):
        asked.append(asking.AS_USUAL if known and known.has_dose else asking.NOT_SAID)
    yield Row(f"{indent}- do: {exercise.key}", exercise.source, "; ".join(asked))
    yield from (
        Row(f"{indent}{_INDENT}{field.name}: {field.value}", field.source) for field in exercise.fields
    )
    if known and is_dosed and _brings_sets(known, exercise):
        # A dose that is given once is done once, whatever the library's move does.
        yield Row(f"{indent}{_INDENT}sets: 1", remark=_ONCE.format(_own_sets(known)))
    inner = f"{indent}{_INDENT}# the library's own {{}}: {{}}"
    yield from (Row(inner.format(field.name, field.value), field.source) for field in exercise.same)
