"""Diagnostics: where readers hand in what they found, so that one run tells everything."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Position, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from audiocoach.errors import Code

# Two words are held against each other in 7 microseconds.
MAX_COMPARED = 100_000
# More words than this are no help in one sentence.
_MANY, _FEW = 24, 5


class Diagnostics:
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

    def error(
        self, position: Position, message: str, code: Code = "bad-value", fix: str | None = None
    ) -> None:
        """The input cannot be used. `code` and `fix` are a `Problem`'s."""
        if position not in self._refused:
            self._problems.append(Problem(position, message, "error", code, fix))

    def refuse(self, position: Position, message: str, code: Code = "bad-value") -> None:
        """What stands here is not read any further: nothing more is said of it."""
        self.error(position, message, code)
        self._refused.add(position)

    def did_you_mean(self, word: str, known: Collection[str]) -> tuple[str, str | None]:
        """As the function of this name, and what may be meant, until that takes too long: then nothing.

        Nobody reads a thousand hints, and each unknown word is held against all that are known.
        """
        # One look for what is near enough, and one for what is a little like it.
        looks = 2 * len(known)
        if self._compared and self._compared + looks > MAX_COMPARED:
            return "", None
        self._compared += looks
        return _hint(word, known)

    def warning(
        self, position: Position, message: str, code: Code = "likely-mistake", fix: str | None = None
    ) -> None:
        """The input can be used, and is likely not what was meant."""
        self._problems.append(Problem(position, message, "warning", code, fix))

    def note(self, position: Position, message: str, code: Code = "decision") -> None:
        """The input is good, and something was decided that the author should know."""
        self._problems.append(Problem(position, message, "note", code))

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
    """`; did you mean "rest"?`, or `; known: …` where nothing is near; of many words only a few."""
    return _hint(word, known)[0]


def _hint(word: str, known: Iterable[str]) -> tuple[str, str | None]:
    names = sorted(known)
    near = nearest(word, names)
    if near:
        return f'; did you mean "{near}"?', near
    if len(names) > _MANY:
        return _few(word, names), None
    return f"; known: {', '.join(names)}" if names else "; there are none", None


def _few(word: str, names: Sequence[str]) -> str:
    """Those that are a little like this one, or the first of all: likely none of them is meant."""
    like = difflib.get_close_matches(word[:80].lower(), names, n=_FEW, cutoff=0.3)
    told = sorted(like) or names[:_FEW]
    return f"; known: {', '.join(told)} and {len(names) - len(told):,} more"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is nearly this one, in capitals or not; empty where none is."""
    by_letters = {name.lower(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(word[:80].lower(), sorted(by_letters), n=1, cutoff=0.6)
    return by_letters[near[0]] if near else ""
