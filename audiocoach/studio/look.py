"""All that a page shows of a text: its cards, its problems, its timeline with the length of words guessed.

In: a text that stands in for a file. Out: JSON as the page has it, with places in UTF-16 units of the text.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach.coaching import advice as heard
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.coaching.trace import NO_TRACE, Trace
from audiocoach.errors import AudiocoachError, InputError, told
from audiocoach.making.sessions import draft_of, limits_ms, open_session
from audiocoach.records import dataclass, replace
from audiocoach.regular import encoded
from audiocoach.routine import advice as written
from audiocoach.routine.source import Mapping, Scalar
from audiocoach.studio.cards import cards_of
from audiocoach.studio.edits.document import Units, applied, child, read, read_broken, resolve
from audiocoach.studio.edits.edit import Set, edit
from audiocoach.studio.edits.flows import flow_text
from audiocoach.unions import assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.coaching.timeline import Event, Interval, Timeline
    from audiocoach.errors import Position, Problem
    from audiocoach.making.sessions import Draft, Session
    from audiocoach.routine.model import Move
    from audiocoach.store.options import Overrides
    from audiocoach.studio.cards import Card, Field
    from audiocoach.studio.edits.document import Manuscript, Pointer

    Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Laid:
    """What came of laying a text out: its session and timeline, where it has them, and what is to be said.

    `trace` is for the next time, also where this text could not be laid out.
    """

    session: Session | None
    timeline: Timeline | None
    problems: tuple[Problem, ...]
    possible: tuple[int, int] | None = None
    trace: Trace = NO_TRACE


def revision_of(text: str) -> str:
    """What names a content: two texts of one revision are the same."""
    return hashlib.sha256(encoded(text)).hexdigest()


def look_at(path: Path, text: str, overrides: Overrides) -> Json:
    """The document of a text that stands in for a file; its `path` is for whoever sends it."""
    return look_again(path, text, overrides, NO_TRACE)[0]


def look_again(path: Path, text: str, overrides: Overrides, before: Trace) -> tuple[Json, Trace]:
    """The same, and its trace; with one of `before` only what has changed since is laid out anew."""
    page = _page(path, text)
    places = Places(page, str(path))
    laid = lay_out(path, text, overrides, before)
    names = _names(laid.session.routine.moves) if laid.session else _names_written(page)
    cards = _cards(path, text, names)
    timeline = laid.timeline
    record = {
        "revision": revision_of(text),
        "text": text,
        "cards": [card_record(one) for one in cards],
        "problems": [places.problem(one) for one in told(laid.problems)],
        "timeline": None if timeline is None else timeline_record(timeline, places, cards, exact=False),
        "possible": None
        if laid.possible is None
        else {"shortest_ms": laid.possible[0], "longest_ms": laid.possible[1]},
        "routine": _routine(laid.session, cards),
    }
    return record, laid.trace


def _names(moves: Iterable[Move]) -> tuple[tuple[str, str], ...]:
    return tuple((move.key, move.name) for move in moves if move.name)


# What is looked at is heard next: the text is the same.
@lru_cache(maxsize=8)
def _cards(path: Path, text: str, names: tuple[tuple[str, str], ...]) -> tuple[Card, ...]:
    return cards_of(_page(path, text), dict(names))


def _names_written(page: Manuscript) -> tuple[tuple[str, str], ...]:
    """The names of the text's own moves, where something else is wrong in it."""
    moves = child(page.tree, "moves")
    written = moves.entries if isinstance(moves, Mapping) else ()
    names = ((entry.key.text, child(entry.value, "name")) for entry in written)
    return tuple((key, name.text) for key, name in names if isinstance(name, Scalar) and name.text)


@lru_cache(maxsize=8)
def _page(path: Path, text: str) -> Manuscript:
    try:
        return read(text, str(path))
    except InputError:
        return read_broken(text)


def lay_out(path: Path, text: str, overrides: Overrides, before: Trace = NO_TRACE) -> Laid:
    """A text as a session, with nobody speaking; what is wrong with it is among the problems."""
    try:
        session = open_session(path, overrides, text)
    except AudiocoachError as error:
        return Laid(None, None, error.problems, trace=before)
    try:
        draft = _draft(session, before)
        possible, trace = _possible(session, draft.timeline, replace(draft.trace, reach=before.reach))
    except AudiocoachError as error:
        return Laid(session, None, error.problems, *_possible(session, None, before))
    timeline = draft.timeline
    notes = (*timeline.notes, *written.advise(session.routine), *heard.advise(session.routine, timeline))
    return Laid(session, timeline, tuple(sorted({*notes})), possible, trace)


def _draft(session: Session, before: Trace) -> Draft:
    return draft_of(session, lambda _: None, before=before)


def _possible(
    session: Session, timeline: Timeline | None, before: Trace
) -> tuple[tuple[int, int] | None, Trace]:
    """How long it can be made, which does not depend on how long it is to last; and the trace, with that."""
    try:
        if session.fit_ms is not None or timeline is None:
            timeline = _draft(replace(session, fit_ms=None), before).timeline
        possible, reach = limits_ms(session, timeline.duration_ms, before.reach)
    except AudiocoachError:
        return None, before
    return possible, replace(before, reach=reach)


class Places:
    """Places of a file in UTF-16 units of the text that stands in for it."""

    def __init__(self, page: Manuscript, shown: str) -> None:
        self._page = page
        self._shown = shown
        self._units = Units(page.text)

    def unit(self, offset: int) -> int:
        """A place in the plain text, as browsers count in the text."""
        return self._units.of(self._page.original(offset))

    def problem(self, one: Problem) -> Json:
        """A problem with its span; one of another file stands at the top, with the place before its words."""
        at = one.position
        ours = at.path == self._shown and at.line > 0
        start, end = self._span(at) if ours else (0, 0)
        line = self._page.plain.count("\n", 0, start) + 1
        return {
            "from": self.unit(start),
            "to": self.unit(end),
            "line": line,
            "column": start - self._page.offset(line, 1) + 1,
            "severity": one.kind,
            "code": one.code,
            "message": one.message if ours or not at.path else f"{at}: {one.message}",
            "fix": one.fix if ours and at.end else None,
        }

    def _span(self, at: Position) -> tuple[int, int]:
        """From where to where; what is said of the whole session stands at its title, else its first line."""
        start, end = self._page.start(at), self._page.end(at)
        tree = self._page.tree
        if not isinstance(tree, Mapping) or not tree.entries or (start, end) != self._page.span(tree):
            return start, max(end, start)
        first = next((entry for entry in tree.entries if entry.key.text == "title"), tree.entries[0])
        head = self._page.start(first.key.position)
        return head, head + len(self._page.plain[head:].partition("\n")[0])

    def line(self, at: Position) -> int | None:
        """Its line, None where it is of another file."""
        return at.line if at.path == self._shown else None

    def pointer(self, at: Position) -> Pointer:
        """The way to a node of this text; the top for one of another file."""
        return resolve(self._page.tree, str(at.node)) if at.path == self._shown else ()


def card_record(card: Card) -> Json:
    """A card for a page."""
    locked = {"readOnly": card.locked} if card.locked else {}
    return {
        "pointer": list(card.pointer),
        "kind": card.kind,
        "title": card.title,
        "from": card.start,
        "to": card.end,
        "line": card.line,
        "depth": card.depth,
        "fields": [_field_record(field) for field in card.fields],
        **locked,
    }


def _field_record(field: Field) -> Json:
    choices = {"choices": list(field.choices)} if field.choices else {}
    place = {} if field.start is None else {"from": field.start, "to": field.end}
    return {
        "name": field.name,
        "kind": field.kind,
        "value": field.value,
        "about": field.about,
        **choices,
        **place,
    }


def timeline_record(timeline: Timeline, places: Places, cards: tuple[Card, ...], *, exact: bool) -> Json:
    """A timeline for a page; what is done leads to its card."""
    known = {card.pointer for card in cards}
    done = [card for card in cards if card.kind == "do"]
    behind = 0

    def card_of(one: Interval) -> Json:
        nonlocal behind
        pointer = places.pointer(one.position)
        while pointer and pointer not in known:
            pointer = pointer[:-1]
        if not pointer and one.move and places.line(one.position) is None:
            # Its line is in a library: the next that does this move, or the first in a later round.
            ahead = (*range(behind, len(done)), *range(behind))
            pointer = next((done[at].pointer for at in ahead if done[at].title == one.move), ())
        behind = next((at for at, card in enumerate(done) if card.pointer == pointer), behind)
        return {"pointer": list(pointer)} if pointer else {}

    return {
        "length_ms": timeline.duration_ms,
        "intervals": [
            {**_stretch(one, places), "kind": one.kind, "text": _shown(one), **card_of(one)}
            for one in timeline.intervals
        ],
        "events": [_event(one, places) for one in timeline.events],
        "chapters": [{"start_ms": one.start_ms, "title": one.title} for one in timeline.chapters],
        "exact": exact,
    }


def _stretch(one: Interval | Speech | Tone, places: Places) -> Json:
    return {"start_ms": one.start_ms, "length_ms": one.duration_ms, "line": places.line(one.position)}


def _shown(one: Interval) -> str:
    """What is done, with its side and set."""
    parts = [one.move or "", one.side or "", one.way or ""]
    if one.set and one.sets and one.sets > 1:
        parts.append(f"{one.set}/{one.sets}")
    return " ".join(part for part in parts if part)


def _event(one: Event, places: Places) -> Json:
    match one:
        case Speech():
            return {**_stretch(one, places), "kind": "speech", "text": one.text}
        case Tone():
            return {**_stretch(one, places), "kind": "tone", "text": one.tone}
        case _:
            assert_never(one)


def _routine(session: Session | None, cards: tuple[Card, ...]) -> Json:
    """What holds for all of it; as far as it can be told of a text that cannot be read."""
    if session is None:
        written_as = {field.name: field.value for card in cards[:1] for field in card.fields}
        return {
            "title": written_as.get("title", ""),
            "level": None,
            "cues": None,
            "fit_ms": None,
            "day": None,
        }
    routine = session.routine
    return {
        "title": routine.title,
        "level": session.level,
        "cues": routine.settings.cues,
        "fit_ms": routine.fit_ms,
        "day": routine.day,
    }


def exact_record(path: Path, text: str, timeline: Timeline, moves: Iterable[Move]) -> Json:
    """The timeline of a text that was spoken, whose moves these are, and what was noted of it."""
    page = _page(path, text)
    places = Places(page, str(path))
    return {
        "timeline": timeline_record(timeline, places, _cards(path, text, _names(moves)), exact=True),
        "problems": [places.problem(one) for one in told(timeline.notes)],
    }


# What shapes how words sound, at the top of a routine.
_OF_SOUND = ("language", "voice", "pronounce")


def sentence_alone(text: str, words: str, pronounced: dict[str, str]) -> str:
    """A routine that says these words alone, as those of the text are said, or as they are `pronounced`."""
    tree = _page(Path("routine"), text).tree
    kept = {name: flow_text(node) for name in _OF_SOUND if (node := child(tree, name)) is not None}
    changes = [Set(("pronounce", str(word)), str(said)) for word, said in pronounced.items()]
    fields = [f"{name}: {body}" for name, body in kept.items()]
    alone = "\n".join(["title: A sentence", *fields, "session: [{say: x}]", ""])
    return applied(alone, edit(alone, (*changes, Set(("session", 0, "say"), words))))
