"""Exercises of free-exercise-db, as JSON: a library of moves, without doses, which the data does not have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audiocoach.errors import MALFORMED, InputError, Position, Problem
from audiocoach.routine.importers.records import Draft, Imported, LeftOut, one_line, text_value
from audiocoach.routine.importers.write import Row, numbered, slug
from audiocoach.routine.values import MAX_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.importers.bank import Bank

_MOST_SPOKEN = 900
_NO_EQUIPMENT = frozenset({"", "body only", "none", "bodyweight"})
_NO_DOSES = "the data does not say how long or how often: each session says so for its own"
_TOO_LONG = "too long to be spoken with the rest"
_NO_NAME = "an exercise without a name"


def is_exercises(text: str) -> bool:
    """Whether it is JSON."""
    return text.lstrip().startswith(("[", "{")) and '"name"' in text


def read_exercises(text: str, _: Bank) -> Imported:
    """The library that exercises become.

    Raises:
        InputError: it is no JSON, or holds none.
    """
    records = _records(text)
    rows: list[Row] = [Row("moves:", asked=_NO_DOSES)]
    left_out: list[LeftOut] = []
    keys: set[str] = set()
    for record in records:
        name = _text(record.get("name"))[:MAX_LABEL]
        if not any(char.isalnum() for char in name):
            left_out.append(LeftOut(one_line(str(record))[:80], _NO_NAME))
            continue
        rows += _move(record, name, _key(name, keys), left_out)
    if not keys:
        raise InputError(Problem(Position("the text", 1, 1), 'expected exercises with a "name", found none'))
    return numbered("exercises", rows[:-1], Draft(None, (), (), tuple(left_out)))


def _records(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except MALFORMED as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise InputError(
            Problem(Position("the text", line, 1), "this is no JSON: expected a list of exercises")
        ) from error
    if isinstance(found, dict):
        found = found["exercises"] if isinstance(found.get("exercises"), list) else [found]
    return [record for record in found if isinstance(record, dict)]


def _key(name: str, keys: set[str]) -> str:
    key, number = slug(name), 2
    while key in keys:
        key, number = f"{slug(name)}-{number}", number + 1
    keys.add(key)
    return key


def _move(record: dict[str, Any], name: str, key: str, left_out: list[LeftOut]) -> Iterator[Row]:
    yield Row(f"  {key}:")
    yield Row(f"    name: {text_value(name)}", name)
    equipment = _text(record.get("equipment"))
    if equipment.lower() not in _NO_EQUIPMENT:
        yield Row(f"    equipment: [{_item(equipment)}]", f"equipment: {equipment}")
    muscles = [*_texts(record.get("primaryMuscles")), *_texts(record.get("secondaryMuscles"))]
    if muscles:
        yield Row(
            f"    works: [{', '.join(_item(muscle) for muscle in dict.fromkeys(muscles))}]",
            f"muscles: {', '.join(muscles)}",
        )
    told = ""
    for sentence in _texts(record.get("instructions")):
        if len(told) + len(sentence) < _MOST_SPOKEN:
            told = f"{told} {sentence}".strip()
        else:
            left_out.append(LeftOut(sentence, _TOO_LONG))
    if told:
        yield Row(f"    setup: {text_value(told)}", told)
    yield Row("")


def _item(text: str) -> str:
    """A text within brackets, where a comma would part it."""
    return text_value(text.replace(",", " "))


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [text for one in found if (text := _text(one)) and any(char.isalnum() for char in text)]
