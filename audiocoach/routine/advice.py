"""Advice on a routine as it is written: what a listener with closed eyes will miss. Pure.

In: a routine that was checked. Out: notes for `check`, less what the routine says to `ignore`. What only a
timeline shows is in `coaching.advice`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from audiocoach.errors import Problem, quote
from audiocoach.language.language import traits
from audiocoach.records import dataclass
from audiocoach.routine.model import (
    Block,
    Do,
    Move,
    Say,
    Terms,
    dosed,
    overlay,
    varied,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from audiocoach.routine.model import Dose, Item, Routine, Words

# Guides of group exercise (ACE) and of audio description (ITC): nobody keeps more in mind while moving.
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class _Use:
    """One `do` with its move at standard and what holds there; nothing lies before one that is `linked`."""

    do: Do
    move: Move
    terms: Terms
    dose: Dose | None
    linked: bool

    @property
    def name(self) -> str:
        """What the move is called."""
        return self.move.name or self.move.key


def advise(routine: Routine) -> tuple[Problem, ...]:
    """What to think about, each once, by place."""
    moves = {move.key: move for move in routine.moves}
    uses = tuple(_uses(routine.session, moves, routine.settings.defaults))
    advice = (problem for check in _CHECKS for problem in check(routine, uses))
    return tuple(sorted({problem for problem in advice if problem.code not in routine.ignore}))


def _uses(items: Iterable[Item], moves: dict[str, Move], defaults: Terms) -> Iterator[_Use]:
    linked = False
    for item in items:
        match item:
            case Block():
                yield from _uses(item.items, moves, overlay(item.settings.defaults, defaults))
            case Do() if item.move in moves:
                move = varied(moves[item.move], item.own)
                terms = overlay(item.terms, overlay(move.terms, defaults))
                yield _Use(item, move, terms, dosed(item.dose, move.dose), linked)
        linked = isinstance(item, Do)


def _safety(routine: Routine, uses: tuple[_Use, ...]) -> Iterator[Problem]:
    if uses and routine.safety is None:
        example = "safety: Stop at once if anything feels sharp."
        message = f"nobody says when to stop: add a line such as {example}"
        yield Problem(routine.position, message, "note", "missing-safety")


def _sides(_: Routine, uses: tuple[_Use, ...]) -> Iterator[Problem]:
    done: dict[str, set[str]] = {}
    for use in uses:
        done.setdefault(use.move.key, set()).update(use.terms.sides.order if use.terms.sides else ())
    for use in uses:
        sides, of_move = use.terms.sides, done[use.move.key]
        if sides and sides.sharing == "one" and len(of_move) == 1:
            message = f"{quote(use.name)} is done on the {sides.order[0]} alone: write sides: each"
            yield Problem(sides.position, message, "note", "single-side")


def _finish(_: Routine, uses: tuple[_Use, ...]) -> Iterator[Problem]:
    """A position that is held, or that was taken with strength, is left on somebody's word."""
    for use in uses:
        loaded = use.move.at_go is not None or (use.dose is not None and use.dose.stays)
        if loaded and use.move.finish is None:
            example = "finish: Lower your hips, slowly."
            message = f"nobody says how to come out of {quote(use.name)}: add a line such as {example}"
            yield Problem(use.move.position, message, "note", "missing-finish")


def _posture(_: Routine, uses: tuple[_Use, ...]) -> Iterator[Problem]:
    for use in uses:
        guided = any(step.timed for step in use.move.steps or ())
        if use.move.setup is None and use.move.posture is None and not guided:
            message = f"nobody says how to get into {quote(use.name)}: add a setup, or posture: standing"
            yield Problem(use.move.position, message, "note", "unreachable-posture")
    for before, use in pairwise(uses):
        postures = (before.move.posture, use.move.posture)
        if use.linked and None not in postures and len(set(postures)) > 1 and _leaves_no_time(before, use):
            change = f"from {postures[0]} to {postures[1]}"
            message = f"there is no time to come {change} before {quote(use.name)}: write rest: 15s"
            yield Problem(use.do.position, message, "note", "unreachable-posture")


def _leaves_no_time(before: _Use, use: _Use) -> bool:
    rest, ready = before.terms.rest_ms, use.terms.ready_ms
    return rest is not None and rest.high == 0 and (ready is None or ready.high == 0)


def _long_sentences(routine: Routine, uses: tuple[_Use, ...]) -> Iterator[Problem]:
    language = traits(routine.language)
    for words in _texts(routine, uses):
        longest = max(language.sentences(words.text), key=_count, default="")
        if _count(longest) > MOST_WORDS:
            hint = f"nobody keeps more than {MOST_WORDS} in mind: make it two"
            message = f"a sentence of {_count(longest)} words: {hint}: {quote(longest)}"
            yield Problem(words.position, message, "note", "long-sentence")


def _count(sentence: str) -> int:
    """How many words it has; a placeholder is one."""
    return len(sentence.split())


def _pointing(routine: Routine, uses: tuple[_Use, ...]) -> Iterator[Problem]:
    pattern = _expression(traits(routine.language).listening.pointing)
    for words in _texts(routine, uses):
        shown = pattern.search(words.text)
        if shown:
            hint = "say where it is on the body"
            message = f"{quote(shown[0])} points at what nobody sees: {hint}: {quote(words.text)}"
            yield Problem(words.position, message, "note", "pointing-words")


def _equipment(routine: Routine, uses: tuple[_Use, ...]) -> Iterator[Problem]:
    pattern = _expression(traits(routine.language).listening.equipment)
    needed = " ".join(_needed(uses)).lower()
    for words in _said(routine.session) if uses else ():
        for thing in dict.fromkeys(match[1].lower() for match in pattern.finditer(words.text)):
            if thing not in needed:
                message = f"no move needs the {thing} that is asked for: leave it out, or add it to the "
                message += f"equipment of its move: {quote(words.text)}"
                yield Problem(words.position, message, "note", "unneeded-equipment")


def _needed(uses: Iterable[_Use]) -> Iterator[str]:
    """What the moves need, at any level."""
    for use in uses:
        for move in filter(None, (use.move, use.move.easier, use.move.harder)):
            yield from move.equipment or ()


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _texts(routine: Routine, uses: Iterable[_Use]) -> Iterator[Words]:
    """The author's words that may be heard, each once."""
    own = [routine.safety] if routine.safety else []
    own += [words for _, wordings in routine.phrases for words in wordings]
    moves = {use.move.position: use.move for use in uses}.values()
    said = (words for move in moves for words in _of_move(move))
    yield from dict.fromkeys((*own, *_said(routine.session), *said))


def _said(items: Iterable[Item]) -> Iterator[Words]:
    for item in items:
        match item:
            case Say():
                yield item.words
            case Block():
                yield from _said(item.items)


_SPOKEN = ("setup", "say", "at_go", "get_ready", "caution", "finish", "why", "avoid_if")


def _of_move(move: Move) -> Iterator[Words]:
    yield from (words for name in _SPOKEN if (words := getattr(move, name)))
    yield from move.reminders or ()
    for step in move.steps or ():
        yield from filter(None, (step.words, step.short))
    for change in filter(None, (move.easier, move.harder)):
        yield from _of_move(change)


_CHECKS: tuple[Callable[[Routine, tuple[_Use, ...]], Iterator[Problem]], ...] = (
    _safety,
    _sides,
    _finish,
    _posture,
    _long_sentences,
    _pointing,
    _equipment,
)
