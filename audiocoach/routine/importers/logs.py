"""Exports of training logs, as CSV: of Hevy and of Strong. One workout, the newest, becomes a routine.

A cell that a spreadsheet would take for a formula is refused where a name is expected.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import groupby
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Position, Problem, quote
from audiocoach.records import dataclass
from audiocoach.routine.importers import asking
from audiocoach.routine.importers.records import Draft, Exercise, Field, LeftOut, Pause, label_value, one_line
from audiocoach.routine.values import MOST_SETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.routine.importers.bank import Bank

_HEVY = ("exercise_title", "set_index")
_STRONG = ("exercise name", "set order")
_FORMULA = re.compile(r"^[=+@]|^-(?!\s*\d)")
_SHOWN = 40
# Columns that are the same in all rows of a workout.
_OF_WORKOUT = frozenset(
    {"title", "start_time", "end_time", "description", "date", "workout name", "duration", "workout notes"}
)
_ANOTHER = "another workout: one becomes a routine; keep its rows alone to have that"
_NO_SET = "a set without repetitions, a time or a distance"
_TOO_MANY = f"more than {MOST_SETS} sets with a value of their own"


@dataclass(frozen=True, slots=True)
class _Set:
    """A row: `workout` names its session and its time, `source` is all that stands in it."""

    workout: tuple[str, str]
    exercise: str
    reps: str
    seconds: str
    distance: str
    weight: str
    notes: str
    is_rest: bool
    source: str


def is_hevy(text: str) -> bool:
    """Whether its first line has the columns of Hevy."""
    return set(_HEVY) <= set(_heads(text))


def is_strong(text: str) -> bool:
    """Whether its first line has the columns of Strong."""
    return set(_STRONG) <= set(_heads(text))


def read_hevy(text: str, bank: Bank) -> Draft:
    """The first workout of an export of Hevy, which is the newest.

    Raises:
        InputError: it is no CSV, or a formula stands where a name is expected.
    """
    return _draft(_sets(text, "exercise_title", "title", "start_time"), bank, newest=0)


def read_strong(text: str, bank: Bank) -> Draft:
    """The last workout of an export of Strong, which is the newest.

    Raises:
        InputError: it is no CSV, or a formula stands where a name is expected.
    """
    return _draft(_sets(text, "exercise name", "workout name", "date"), bank, newest=-1)


def _dialect(first: str) -> str:
    return ";" if first.count(";") > first.count(",") else ","


def _heads(text: str) -> list[str]:
    first = text.lstrip().split("\n", 1)[0]
    return [head.strip().strip('"').lower() for head in first.split(_dialect(first))]


def _sets(text: str, exercise: str, workout: str, time: str) -> list[_Set]:
    body = text.lstrip()
    reader = csv.DictReader(io.StringIO(body), delimiter=_dialect(body.split("\n", 1)[0]), strict=True)
    found: list[_Set] = []
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        for row in reader:
            cells = {name: (value or "").strip() for name, value in row.items() if isinstance(value, str)}
            if cells.get(exercise):
                _refuse_formulas((cells[exercise], cells.get(workout, "")), reader.line_num)
                found.append(_set(cells, cells[exercise], (cells.get(workout, ""), cells.get(time, ""))))
    except csv.Error as error:
        raise InputError(
            Problem(Position("the text", reader.line_num or 1, 1), f"this is no CSV: {error}")
        ) from error
    return found


def _refuse_formulas(names: Sequence[str], line: int) -> None:
    """See that names are none that a spreadsheet would carry out.

    Raises:
        InputError: one is.
    """
    for name in names:
        if _FORMULA.match(name):
            message = (
                f"expected the name of an exercise or a workout, found the formula {quote(name[:_SHOWN])}"
            )
            raise InputError(Problem(Position("the text", line, 1), message))


def _set(cells: dict[str, str], exercise: str, workout: tuple[str, str]) -> _Set:
    is_rest = "rest" in cells.get("set order", "").lower()
    return _Set(
        workout,
        exercise,
        _figure(cells.get("reps", "")),
        _figure(
            cells.get("duration_seconds", "") or cells.get("seconds", "") or cells.get("duration (sec)", "")
        ),
        _distance(cells),
        _weight(cells),
        cells.get("exercise_notes", "") or cells.get("notes", ""),
        is_rest,
        one_line(
            ", ".join(
                value for name, value in cells.items() if value not in ("", "0") and name not in _OF_WORKOUT
            )
        ),
    )


def _figure(text: str) -> str:
    """`10` of `10`, `10.0` and `10,00`; empty for nothing and for 0."""
    number = re.fullmatch(r"(\d{1,6})(?:[.,](\d{1,3}))?", text)
    if number is None:
        return ""
    more = (number[2] or "").rstrip("0")
    whole = str(int(number[1]))
    return "" if whole == "0" and not more else f"{whole}.{more}" if more else whole


def _weight(cells: dict[str, str]) -> str:
    """A weight with its unit; with `?` where the file does not say which."""
    for name, unit in (
        ("weight_kg", "kg"),
        ("weight_lbs", "lb"),
        ("weight (kg)", "kg"),
        ("weight (lbs)", "lb"),
        ("weight (lb)", "lb"),
    ):
        if figure := _figure(cells.get(name, "")):
            return f"{figure} {unit}"
    unit = {"kg": "kg", "kgs": "kg", "lb": "lb", "lbs": "lb"}.get(cells.get("weight unit", "").lower(), "?")
    figure = _figure(cells.get("weight", ""))
    return f"{figure} {unit}" if figure else ""


def _distance(cells: dict[str, str]) -> str:
    for name, unit in (
        ("distance_km", "km"),
        ("distance_miles", "miles"),
        ("distance (meters)", "m"),
        ("distance (km)", "km"),
    ):
        if figure := _figure(cells.get(name, "")):
            return f"{figure} {unit}"
    return ""


def _draft(sets: list[_Set], bank: Bank, newest: int) -> Draft:
    workouts = list(dict.fromkeys(one.workout for one in sets))
    if not workouts:
        return Draft(None, ())
    chosen = workouts[newest]
    left_out = [LeftOut(" ".join(filter(None, other)), _ANOTHER) for other in workouts if other != chosen]
    items: list[Exercise | Pause] = []
    for name, rows in groupby((one for one in sets if one.workout == chosen), key=lambda one: one.exercise):
        of_exercise = list(rows)
        exercise, left = _exercise(name, [row for row in of_exercise if not row.is_rest], bank)
        left_out += left
        items += [_with_rest(exercise, of_exercise)]
    title = (
        Field("title", label_value(chosen[0]), chosen[0])
        if any(char.isalnum() for char in chosen[0])
        else None
    )
    return Draft(title, tuple(items), (), tuple(left_out))


def _with_rest(exercise: Exercise, rows: list[_Set]) -> Exercise:
    """With the rest that a timer of the log kept between its sets."""
    rest = next((row for row in rows if row.is_rest and row.seconds), None)
    if rest is None:
        return exercise
    fields = (*exercise.fields, Field("rest", f"{rest.seconds}s", rest.source))
    return Exercise(
        exercise.name, exercise.source, exercise.key, fields, exercise.how, (), (), exercise.asked
    )


def _exercise(name: str, sets: list[_Set], bank: Bank) -> tuple[Exercise, list[LeftOut]]:
    known = bank.find(re.sub(r"\s*\((?:bodyweight|body weight)\)$", "", name, flags=re.IGNORECASE))
    sort = next(
        (sort for sort in ("reps", "distance", "seconds") if any(getattr(row, sort) for row in sets)), ""
    )
    counted = [row for row in sets if sort and getattr(row, sort)]
    left_out = [LeftOut(row.source, _NO_SET) for row in sets if row not in counted]
    if len(counted) > MOST_SETS and len({getattr(row, sort) for row in counted}) > 1:
        left_out += [LeftOut(row.source, _TOO_MANY) for row in counted[MOST_SETS:]]
        counted = counted[:MOST_SETS]
    notes = next((row.notes for row in sets if row.notes), "")
    source = sets[0].source if sets else name
    fields = _fields(sort, counted, stays=bool(known and known.stays))
    asked = (asking.WEIGHT_UNIT,) if any(row.weight.endswith("?") for row in counted) else ()
    if notes:
        left_out.append(LeftOut(notes, "a note of the log"))
    made = Exercise(
        known.name if known else spoken_name(name),
        source,
        known.key if known else "",
        fields,
        (),
        (),
        (),
        asked,
    )
    return made, left_out


def _fields(sort: str, sets: list[_Set], *, stays: bool) -> tuple[Field, ...]:
    if not sets:
        return ()
    name = {"reps": "reps", "distance": "distance", "seconds": "hold" if stays else "for"}[sort]
    values = [getattr(row, sort) + ("s" if sort == "seconds" else "") for row in sets]
    source = " \u00b7 ".join(dict.fromkeys(row.source for row in sets))
    fields = [Field(name, _by_set(values), source)]
    if len(set(values)) == 1 and len(sets) > 1:
        fields.append(Field("sets", str(len(sets)), source))
    if sort == "distance" and all(row.seconds for row in sets):
        fields.append(Field("about", _by_set([f"{row.seconds}s" for row in sets]), source))
    weights = [row.weight for row in sets]
    if all(weight and not weight.endswith("?") for weight in weights):
        fields.append(Field("weight", _by_set(weights), source))
    return tuple(fields)


def _by_set(values: list[str]) -> str:
    """One value for all sets, or a list with one for each."""
    return values[0] if len(set(values)) == 1 else f"[{', '.join(values)}]"


def spoken_name(name: str) -> str:
    """`Barbell squat` of `Squat (Barbell)`."""
    match = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", name)
    if match is None or not match[2].strip():
        return name
    return f"{match[2][:1].upper()}{match[2][1:].lower()} {match[1][:1].lower()}{match[1][1:]}"
