"""What may be written, as a JSON Schema (2020-12) for editors: made from the parser's own tables of fields.

What it refuses the parser refuses; the parser knows more, and says it better. Editors read YAML 1.2: a
scalar is a number, a truth value or null where it looks like one, and a text for us all the same.
The descriptions that editors show are the rows of `docs/routine-format.md` and `docs/feed.md`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from audiocoach import assets
from audiocoach.errors import AdviceCode
from audiocoach.routine import music, parser, show, tones, values
from audiocoach.routine.formats import FORMATS, NAMES
from audiocoach.routine.model import TonesName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from audiocoach.routine.form import Field

    Schema = dict[str, Any]
    Fields = tuple[Field[Any], ...]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_SOME_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_CLOCK = r"(?:\d+:)?\d+:\d{2}(?:\.\d+)?"
_UNITS = r"(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?s)?"
_TIME = f"(?:{_CLOCK}|{_UNITS})"
_TIMES = rf"(?:(?:{_TIME}|\d+(?:\.\d+)?)-)?{_TIME}"
_COUNTS = r"\d+(?:-\d+)?"
_PHASE = r"[\dXx](?:\d|\.)*"


def _pattern(body: str) -> Schema:
    """A text that is this, with space around it."""
    return {"type": "string", "pattern": rf"^\s*(?:{body})\s*$"}


def _number_or(most: int, body: str) -> Schema:
    return {"anyOf": [{"type": "integer", "minimum": 0, "maximum": most}, _pattern(body)]}


def _words(*allowed: str) -> Schema:
    """One of a few words; an editor proposes them."""
    return {"anyOf": [{"enum": list(allowed)}, _pattern("|".join(map(re.escape, allowed)))]}


def _list_or_text(*texts: str) -> Schema:
    """Words with commas between them, or a list of them."""
    row = {
        "type": "array",
        "items": _words("left", "right", "each", "alternate", "left first", "right first", "none"),
        "minItems": 1,
        "maxItems": 2,
    }
    return {
        "anyOf": [{"enum": list(texts)}, _pattern(r"(?:[,\s]|left|right|each|alternate|first|none)+"), row]
    }


def _by_set(of_a_set: Schema) -> Schema:
    """A value for all sets, or a list with one for each."""
    row = {"type": "array", "items": of_a_set, "minItems": 1, "maxItems": values.MOST_SETS}
    return {"anyOf": [of_a_set, row]}


_DURATIONS = _pattern(_TIMES)
_CALL: Schema = {"anyOf": [{"type": "boolean"}, _pattern(f"{_TIME}|true|false|yes|no|on|off")]}
_FLAG: Schema = {"anyOf": [{"type": "boolean"}, _pattern("true|false|yes|no|on|off")]}
_HOLDS = _pattern(rf"{_TIMES}|{_COUNTS} breaths?")
# What each reader of a value takes, by the reader.
_OF_READER: Mapping[Callable[..., Any], Schema] = {
    values.label: _TEXT,
    values.paragraph: _TEXT,
    values.words: _TEXT,
    values.texts: _TEXTS,
    values.reminders: _SOME_TEXTS,
    values.sets_range: _number_or(100, _COUNTS),
    values.rounds_range: _number_or(1000, _COUNTS),
    values.steps_range: _number_or(1000, _COUNTS),
    values.reps_by_set: _by_set(_number_or(1000, _COUNTS)),
    values.breaths_by_set: _by_set(_number_or(1000, _COUNTS)),
    values.step_breaths: _number_or(1000, _COUNTS),
    values.time_range_ms: _DURATIONS,
    values.gap_range_ms: _DURATIONS,
    values.step_time_ms: _DURATIONS,
    values.work_by_set_ms: _by_set(_DURATIONS),
    values.duration_ms: _pattern(_TIME),
    values.fit_ms: _pattern(_TIME),
    values.count_in: _pattern(r"none|(?:ticks|voice|both)(?:\s+\d+s)?|\d+s(?:\s+(?:ticks|voice|both))?"),
    values.at_ms: _pattern(f"-?{_TIME}"),
    values.hold_by_set: _by_set(_HOLDS),
    values.step_hold: _HOLDS,
    values.sides: _list_or_text(
        *(
            "each",
            "alternate",
            "alternate, right first",
            "left",
            "right",
            "left, right",
            "right, left",
            "none",
        )
    ),
    values.day: _number_or(9999, r"[1-9]\d{0,3}"),
    values.tempo: _number_or(9999, rf"{_PHASE}(?:-{_PHASE})+|[\dXx]{{3,4}}|\d+(?:\.\d+)?s"),
    values.distance_by_set: _by_set(_pattern(r"\d+(?:\.\d+)? ?-?[A-Za-z]+\.?")),
    values.pace: _pattern(rf"{_TIME}(?: ?min)? ?/ ?[\d. ]*[a-z]+"),
    values.about_by_set_ms: _by_set(_pattern(_TIME)),
    values.bpm: _number_or(300, r"\d{2,3}"),
    values.breath: _pattern(r"[\d.]+(?:-[\d.]+){1,3}"),
    values.weight_by_set: _by_set(_TEXT),
    values.unit: _pattern(r"[^\s/][^/]*/\s*[^\s/][^/]*"),
    values.flag: _FLAG,
    values.on_off: _FLAG,
    values.last_call_ms: _CALL,
    values.minute_call_ms: _CALL,
    values.rate_wpm: _number_or(400, r"\d{2,3}"),
    tones.sound: _TEXT,
    values.gain_db: {
        "anyOf": [{"type": "number", "minimum": -20, "maximum": 6}, _pattern(r"[+-]?\d{1,2}(?:\.\d)?")]
    },
    values.pitch: _number_or(99, r"\d{1,2}"),
    music.tracks: _SOME_TEXTS,
    music.level_lu: {
        "anyOf": [
            {"type": "number", "minimum": -30, "maximum": 0},
            _pattern(r"-?\d{1,2}(?:\.\d)? ?(?:[lL][uU]|[dD][bB])?"),
        ]
    },
    music.beats: _number_or(240, r"\d{2,3}"),
    values.when: _words(*(f"{which} {of}" for of in ("side", "set", "round") for which in ("first", "last"))),
    parser.IGNORE.read: {
        "anyOf": [
            _words(*get_args(AdviceCode)),
            {"type": "array", "items": _words(*get_args(AdviceCode)), "minItems": 1},
        ]
    },
    FORMATS.read: {
        "anyOf": [_words(*NAMES), {"type": "array", "items": _words(*NAMES), "minItems": 1}],
    },
    parser.WAYS.read: {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]},
}


def _refer(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _map_of(values_schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values_schema}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": _refer(name), "minItems": 1}


# What stands in the maps and lists that fields lead to.
_NESTED: Mapping[Field[Any], Schema] = {
    parser.ITEMS: _list_of("item"),
    parser.SESSION: _list_of("item"),
    parser.STEPS: _list_of("step"),
    parser.AT: _list_of("timed"),
    parser.VOICE: _refer("voice"),
    parser.VOICES: _refer("voices"),
    parser.COUNTER: {"anyOf": [_TEXT, _refer("voice")]},
    parser.DEFAULTS: _refer("defaults"),
    parser.ANNOUNCE: _refer("announce"),
    parser.CREDIT: _map_of(_TEXT),
    parser.PRONOUNCE: _map_of(_TEXT),
    parser.PHRASES: _map_of(_SOME_TEXTS),
    parser.MOVES: _map_of(_refer("move")),
    parser.VARIANTS: _list_of("variant"),
    parser.MUSIC: {"anyOf": [_SOME_TEXTS, _refer("music")]},
    parser.TONES: {"anyOf": [{"enum": list(get_args(TonesName))}, _refer("tones")]},
    parser.EASIER: _refer("change"),
    parser.HARDER: _refer("change"),
}
_DESCRIBED_IN = {
    **dict.fromkeys(("say", "tone", "pause", "rest"), "step"),
    "routine": "field of a routine",
    "move": "field of a move",
    "change": "field of a move",
    "step": "field of a step",
    "do": "field of a `do`",
    "block": "field of a block",
    "voice": "field of a voice",
    "voices": "field of `voices`",
    "announce": "field of `announce`",
    "music": "field of `music`",
    "tones": "field of `tones`",
    "timed": "field of words at a time",
    "variant": "field of a variant",
    "show": "field of a show",
}
_PAGES = ("routine-format.md", "feed.md")


def schema_of(kind: str) -> Schema:
    """The schema of a `routine`, a `library` of moves, or the `show` that `audiocoach.yaml` is."""
    whole: Callable[[], Schema] = {"routine": _routine, "library": _library, "show": _show}[kind]
    body = whole()
    return {"$schema": DIALECT, "title": f"audiocoach: a {kind}", **body} | (
        {} if kind == "show" else {"$defs": _definitions()}
    )


def _routine() -> Schema:
    return _object("routine", parser.ROUTINE_FIELDS, ("title", "session"))


def _library() -> Schema:
    return _object("routine", parser.LIBRARY_FIELDS)


def _show() -> Schema:
    return _object("show", show.SHOW_FIELDS, ("title", "author", "description"))


def _definitions() -> Schema:
    kinds = [_object(name, fields, (name,)) for name, fields in _PLAIN_ITEMS]
    return {
        "item": {"anyOf": [*kinds, _object("block", parser.BLOCK_FIELDS, ("items",))]},
        "step": {"anyOf": [_TEXT, _object("step", parser.STEP_FIELDS, ("say",))]},
        "voice": _object("voice", parser.VOICE_FIELDS),
        "voices": _object("voices", parser.VOICES_FIELDS),
        "timed": _object("timed", parser.TIMED_FIELDS, ("at", "say")),
        "variant": _object("variant", parser.VARIANT_FIELDS, ("title",)),
        "defaults": _object("routine", parser.TERMS),
        "announce": _object("announce", parser.ANNOUNCE_FIELDS),
        "music": _object("music", music.MUSIC_FIELDS),
        "tones": _object("tones", tones.TONES_FIELDS),
        "move": _object("move", parser.MOVE_FIELDS),
        "change": _object("change", parser.CHANGE_FIELDS),
    }


_PLAIN_ITEMS = (
    ("do", parser.DO_FIELDS),
    ("say", parser.SAY_FIELDS),
    ("tone", parser.TONE_FIELDS),
    ("pause", parser.PAUSE_FIELDS),
    ("rest", parser.REST_FIELDS),
)


def _object(kind: str, fields: Fields, required: tuple[str, ...] = ()) -> Schema:
    """A map with these fields and no others."""
    properties = {field.name: {**_value(field), **_described(kind, field.name)} for field in fields}
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed, "additionalProperties": False}


def _value(field: Field[Any]) -> Schema:
    """What a field takes: by what it leads to, by the words it allows, by its reader."""
    if field in _NESTED:
        return _NESTED[field]
    if field in (parser.TONE, parser.LANGUAGE):
        return _words(*sorted(tones.MEANINGS if field is parser.TONE else assets.languages()))
    if isinstance(field.read, values.Choice):
        return _words(*field.read.allowed)
    if field in show.SHOW_FIELDS and field.read not in _OF_READER:
        return _TEXTS if field in (show.ORDER, show.DAYS_FIELD) else _TEXT
    return _OF_READER[field.read]


# -- descriptions -------------------------------------------------------------------------------------


def _described(kind: str, name: str) -> Schema:
    tables = _descriptions()
    heads = (_DESCRIBED_IN[kind], "field of a move", "field of a routine", "field", "write", "step")
    return {"description": next(tables[head][name] for head in heads if name in tables[head])}


@cache
def _descriptions() -> dict[str, dict[str, str]]:
    """What the pages say of each field, by the head of the table that it stands in."""
    tables: dict[str, dict[str, str]] = {}
    for page in _PAGES:
        text = assets.page(page).read_text(encoding="utf-8")
        for table in re.finditer(
            r"^\| (field[^|]*?|step|write) \| (?:what|it means|is).*\n\|[-|]+\n((?:\|.*\n)+)",
            text,
            re.MULTILINE,
        ):
            tables.setdefault(table[1], _rows(table[2].splitlines()))
    return tables


def _rows(lines: Iterable[str]) -> dict[str, str]:
    """The second cell of each row, for every field in its first; what points elsewhere is none."""
    rows: dict[str, str] = {}
    for line in lines:
        first, second, *_ = line.strip("|").split(" | ")
        for name in re.findall(r"`(\w+)(?::[^`]*)?`", first):
            if not _POINTS.match(_plain(second)):
                rows.setdefault(name, _plain(second))
    return rows


# `as above`, `see sets`: true on the page alone.
_POINTS = re.compile("as above|as in |see |the dose$|the move's own dose")


def _plain(text: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "").strip(" |")
