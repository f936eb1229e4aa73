"""A map read by its table of fields: unknown, doubled and cut ones are named for what they are."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Generic, TypeVar

from audiocoach.errors import quote
from audiocoach.records import dataclass
from audiocoach.routine.slips import straight
from audiocoach.routine.source import Entry, Mapping, Node, Scalar, is_empty
from audiocoach.routine.values import label, paragraph, shown, texts, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.errors import Position
    from audiocoach.routine.diagnostics import Diagnostics

T_co = TypeVar("T_co", covariant=True)

_OF_TEXTS = frozenset((label, paragraph, texts, words))
# What a number follows.
_TIMES = frozenset(
    {"for", "reps", "hold", "sets", "rest", "switch", "ready", "tempo", "every", "pause", "repeat"}
)
# What is written for a field that has another name here, or another one there.
_ALSO_CALLED = {
    **dict.fromkeys(("circuit", "superset", "giant set"), ("repeat",)),
    **dict.fromkeys(("emom", "every minute", "on the minute"), ("every",)),
    **dict.fromkeys(("amrap", "time limit"), ("for",)),
    **dict.fromkeys(("time cap", "timecap", "time_cap", "limit"), ("cap",)),
    **dict.fromkeys(("load", "weights", "kg", "lb", "resistance"), ("weight",)),
    **dict.fromkeys(("random", "shuffled"), ("shuffle",)),
    **dict.fromkeys(("cadence", "spm", "beats"), ("bpm",)),
    "times": ("repeat", "reps"),
    "rounds": ("repeat", "sets"),
    "repetitions": ("reps",),
    "duration": ("for",),
    "time": ("for",),
    "seconds": ("for",),
    "pause": ("rest",),
    "steps": ("items",),
    "each": ("sides",),
    "each side": ("sides",),
    "side": ("sides",),
}
# The same where only one kind of map is meant.
_ALSO_CALLED_IN: dict[str, dict[str, str]] = {
    "music": {
        **dict.fromkeys(("volume", "loudness", "gain", "db"), "level"),
        **dict.fromkeys(("file", "files", "track", "tracks", "song", "songs", "bed", "folder"), "play"),
        **dict.fromkeys(("tempo", "speed"), "bpm"),
    },
    "a voice": {
        **dict.fromkeys(("volume", "loudness", "level", "db"), "gain"),
        **dict.fromkeys(("speed", "wpm", "tempo"), "rate"),
        "voice": "name",
    },
    "tones": {
        **dict.fromkeys(("start", "begin"), "go"),
        **dict.fromkeys(("family", "kind", "sound", "sounds", "style"), "set"),
        "amount": "play",
        "end": "stop",
        "finish": "done",
    },
}
# A number with a comma in it is none.
_DECIMAL_FIELDS = frozenset({"level", "gain"})
_LIST_FIELDS = frozenset(
    {"sides", "ways", "tags", "equipment", "include", "order", "days", "steps", "reminders"}
)
# Where a field belongs that is none of this kind of map.
_PLACES: dict[str, dict[str, str]] = {
    "do": {
        "until": "it belongs to a rest of its own, behind this step: - {rest: 60s, until: ready}",
        "say": "words are a step of their own: - {say: Stand tall.}",
        "pause": "a silence is a step of its own: - {pause: 5s}",
        **dict.fromkeys(("music", "defaults"), "it belongs to the routine, or to a block of steps"),
        **dict.fromkeys(
            ("fit", "chapters", "safety", "tone", "phrases", "pronounce"), "it belongs to the routine"
        ),
        **dict.fromkeys(("section", "repeat", "items", "cap", "choose", "shuffle"), "it belongs to a block"),
    },
    "a routine": dict.fromkeys(
        ("for", "reps", "hold", "breaths", "sets", "rest", "sides", "do", "say", "pause", "ready", "tempo"),
        "it belongs to a step of the session: begin its line with as many spaces as that step's other fields",
    ),
}
_PLACES_ANYWHERE = dict.fromkeys(
    ("note", "notes", "comment", "comments", "remark"),
    "what nobody is to hear stands behind a #, at the end of the line",
)
# What is written most, for whoever wrote something else.
_USUAL: dict[str, tuple[str, ...]] = {
    "do": ("for", "reps", "hold", "breaths", "sets", "rest", "sides", "tempo", "weight"),
    "the move": ("name", "setup", "steps", "reminders", "for", "reps", "sets", "rest", "sides"),
    "a routine": ("title", "description", "level", "voice", "music", "moves", "session"),
}
_OF_A_MOVE = frozenset({"name", "setup", "steps", "reminders", "equipment", "easier", "harder"})


@dataclass(frozen=True, slots=True)
class Field(Generic[T_co]):
    """A key that a map may have, and the reader of its value."""

    name: str
    read: Callable[[Node, Diagnostics], T_co | None]


class Form:
    """One map against the fields it may have."""

    def __init__(
        self, node: Mapping, what: str, fields: tuple[Field[object], ...], diagnostics: Diagnostics
    ) -> None:
        self.position: Position = node.position
        self._diagnostics = diagnostics
        self._entries: dict[str, Entry] = {}
        # Fields that the author means, and that were told under the name that stands there.
        self._meant: set[str] = set()
        self._cut = _explain_cuts(node, diagnostics)
        self._meant |= {_first_word(entry) for entry in node.entries if entry.key.position in self._cut}
        self._index(node, what, {field.name for field in fields})

    def _index(self, node: Mapping, what: str, known: set[str]) -> None:
        for entry in node.entries:
            key = entry.key.text
            if entry.key.position in self._cut:
                continue
            if key in self._entries:
                first = self._entries[key].key.position.line
                self._diagnostics.error(
                    entry.key.position, f'"{key}" stands twice: first in line {first}', "doubled-field"
                )
            elif key == "<<":
                self._diagnostics.error(
                    entry.key.position,
                    "merge keys are not supported: write the fields out",
                    "unsupported-yaml",
                )
            elif key not in known:
                hint, fix = meant(key, known, what, self._diagnostics)
                message = f"unknown field {shown(entry.key)} in {what}{hint}"
                self._diagnostics.error(entry.key.position, message, "unknown-field", fix)
                self._meant |= {fix} if fix else set()
            else:
                self._entries[key] = entry

    def has(self, name: str) -> bool:
        """Whether the author wrote this field."""
        return name in self._entries

    def means(self, name: str) -> bool:
        """Whether the author wrote this field, or what was told to be a slip of it."""
        return name in self._entries or name in self._meant

    def require(self, name: str, example: str) -> None:
        """Tell the diagnostics where a field is missing that has to be there."""
        if not self.has(name):
            message = f'"{name}" is missing: expected, for example, {example}'
            self._diagnostics.error(self.position, message, "missing-field")

    def key_position(self, name: str) -> Position:
        """Where the field's key stands; the map's own place where it is missing."""
        return self._entries[name].key.position if name in self._entries else self.position

    def node(self, name: str) -> Node | None:
        """The field's value, unread."""
        return self._entries[name].value if name in self._entries else None

    def take(self, field: Field[T_co]) -> T_co | None:
        """The field's value, or None where it is missing or (told to the diagnostics) wrong."""
        entry = self._entries.get(field.name)
        if entry is None or entry.value.position in self._cut:
            return None
        if is_empty(entry.value):
            message = f'"{field.name}" has no value: expected one behind the colon or, indented, below it'
            self._diagnostics.error(entry.key.position, message, "empty-field")
            return None
        return field.read(self._without_curly_quotes(entry.value, field), self._diagnostics)

    def _without_curly_quotes(self, node: Node, field: Field[T_co]) -> Node:
        """The value without quotes that are letters to YAML, which was told."""
        if not isinstance(node, Scalar) or node.quoted or straight(node.text) == node.text:
            return node
        inside = straight(node.text)
        expected = "expected straight quotes or none, found curly ones, which are letters to YAML"
        if field.read in _OF_TEXTS:
            message = f"{expected}: write {field.name}: {quote(inside)}"
            self._diagnostics.warning(node.position, message)
            return node
        self._diagnostics.error(node.position, f"{expected}: write {field.name}: {inside}")
        return replace(node, text=inside)


def _explain_cuts(node: Mapping, diagnostics: Diagnostics) -> frozenset[Position]:
    """Text that YAML cut inside braces shows as keys without a value (fault 10)."""
    if not node.flow:
        return frozenset()
    cut: set[Position] = set()
    entries = node.entries
    for index, entry in enumerate(entries):
        if _is_cut(entry) and entry.key.position not in cut:
            run = tuple(takewhile(_is_cut, (entries[number] for number in range(index, len(entries)))))
            cut |= _explain_cut(entries[index - 1] if index else None, run, diagnostics)
    return frozenset(cut)


def _first_word(entry: Entry) -> str:
    """`for` of `for 30s` and `for:30s`."""
    return re.split("[ :]", entry.key.text)[0]


def _is_cut(entry: Entry) -> bool:
    """Whether there is neither a value nor a colon."""
    return is_empty(entry.value) and not entry.key.tail.lstrip().startswith(":")


def _explain_cut(before: Entry | None, run: tuple[Entry, ...], diagnostics: Diagnostics) -> set[Position]:
    """Tell of entries in a row that are cut, behind one that is not; the places that need no more said."""
    first = run[0].key
    colon = first.text.find(":")
    if colon > 0:
        key, value = first.text[:colon], first.text[colon + 1 :]
        mended = f"{key}: {value}"
        diagnostics.error(
            first.position, f"expected a space after the colon: {mended}", "missing-colon", mended
        )
        return {first.position}
    key, _, value = first.text.partition(" ")
    if value and before and before.key.text != key and key in _TIMES and value[:1].isdigit():
        mended = f"{key}: {value}"
        diagnostics.error(first.position, f"a colon is missing: {mended}", "missing-colon", mended)
        return {first.position}
    tail = ", ".join(entry.key.raw for entry in run)
    if not before or not isinstance(before.value, Scalar):
        diagnostics.error(
            first.position, f"{quote(first.text)} has no value: expected `key: value`", "empty-field"
        )
    elif before.key.text in _DECIMAL_FIELDS and tail.isdigit():
        mended = f"{before.key.text}: {before.value.text}.{tail}"
        diagnostics.error(
            first.position,
            f"{quote(first.text)} has no value; YAML cuts at commas here: write {mended}",
            "cut-field",
        )
        return {entry.key.position for entry in run} | {before.value.position}
    else:
        owner, head = before.key.text, before.value
        mended = f"[{head.raw}, {tail}]" if owner in _LIST_FIELDS else quote(straight(f"{head.text}, {tail}"))
        kind = "a list inside braces needs brackets" if owner in _LIST_FIELDS else "quote the whole text"
        diagnostics.error(
            first.position,
            f"{quote(first.text)} has no value; YAML cuts at commas here: {kind}: {owner}: {mended}",
            "cut-field",
        )
        return {entry.key.position for entry in run} | {head.position}
    return {entry.key.position for entry in run}


def meant(key: str, known: set[str], what: str, diagnostics: Diagnostics) -> tuple[str, str | None]:
    """What to say of a field that is none, and which one to write instead."""
    if what == "do" and key in _OF_A_MOVE:
        return "; it belongs to the move, under `moves:`", None
    if key.lower() in {"loudness", "lufs"} and what in {"a routine", "a show"}:
        return "; how loud files are is an option: --loudness -14", None
    place = _PLACES.get(what, {}).get(key) or _PLACES_ANYWHERE.get(key.lower())
    if place:
        return f"; {place}", None
    own = _ALSO_CALLED_IN.get(what, {}).get(key.lower())
    names = (own,) if own else _ALSO_CALLED.get(key.lower(), ())
    other = next((name for name in names if name in known), None)
    if other:
        return f'; did you mean "{other}"?', other
    hint, near = diagnostics.did_you_mean(key, known)
    usual = _USUAL.get(what.partition(' "')[0]) if hint and near is None else None
    return f"; those used most are {', '.join(usual)}" if usual else hint, near
