"""The desk where readers hand in what they found, so that one run tells everything."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


# Two words are held against each other in 7 microseconds.
MAX_COMPARED = 100_000
_MOST_KNOWN = 24


class Desk:
    """Collects problems; `close` ends in an InputError if one of them is an error."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._refused: set[Position] = set()
        self._compared = 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything so far, by place, each once."""
        return tuple(sorted(set(self._problems)))

    @property
    def failed(self) -> bool:
        """Whether anything so far is an error."""
        return any(problem.kind == "error" for problem in self._problems)

    def error(self, position: Position, message: str) -> None:
        """The input cannot be used."""
        if position not in self._refused:
            self._problems.append(Problem(position, message, "error"))

    def refuse(self, position: Position, message: str) -> None:
        """What stands here is not read any further: nothing more is said of it."""
        self.error(position, message)
        self._refused.add(position)

    def did_you_mean(self, word: str, known: Collection[str]) -> str:
        """As the function of this name, until that takes too long: then nothing.

        Nobody reads a thousand hints, and each unknown word is held against all that are known.
        """
        if self._compared and self._compared + len(known) > MAX_COMPARED:
            return ""
        self._compared += len(known)
        return did_you_mean(word, known)

    def warning(self, position: Position, message: str) -> None:
        """The input can be used, and is likely not what was meant."""
        self._problems.append(Problem(position, message, "warning"))

    def note(self, position: Position, message: str) -> None:
        """The input is good, and something was decided that the author should know."""
        self._problems.append(Problem(position, message, "note"))

    def add(self, problems: Iterable[Problem]) -> None:
        """What another reader found."""
        self._problems.extend(problems)

    def close(self) -> tuple[Problem, ...]:
        """The warnings.

        Raises:
            InputError: there is an error among the problems; it holds the warnings as well.
        """
        if self.failed:
            raise InputError(*self._problems)
        return self.problems


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "rest"?`, or `; known: …` where nothing is near: all, or the first of many."""
    names = sorted(known)
    near = nearest(word, names)
    if near:
        return f'; did you mean "{near}"?'
    more = f" and {len(names) - _MOST_KNOWN:,} more" if len(names) > _MOST_KNOWN else ""
    return f"; known: {', '.join(names[:_MOST_KNOWN])}{more}" if names else "; there are none"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is nearly this one, in capitals or not; empty where none is."""
    by_letters = {name.lower(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(word[:80].lower(), sorted(by_letters), n=1, cutoff=0.6)
    return by_letters[near[0]] if near else ""
