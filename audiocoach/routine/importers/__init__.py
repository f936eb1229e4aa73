"""Sessions that others wrote, brought in: from a text to a routine, each field with its sentence.

`bring_in` is pure: a text and a bank of moves in, a record out. What the source does not say is a gap, marked
in the YAML and asked for; what is not in the routine is listed with why. `shelf` reads the bank of a folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Problem, quote, whole
from audiocoach.records import dataclass
from audiocoach.routine.importers import answer, exercises, logs, page, workouts
from audiocoach.routine.importers.records import Gap, Imported, LeftOut, Line
from audiocoach.routine.importers.write import exercises_of, written
from audiocoach.routine.source import read_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.routine.importers.bank import Bank
    from audiocoach.routine.importers.records import Draft

__all__ = ["KINDS", "Gap", "Imported", "LeftOut", "Line", "bring_in"]

SHOWN = "the text"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A form of text: whether one has it, and what is made of it."""

    name: str
    is_it: Callable[[str], bool]
    read: Callable[[str, Bank], Imported]


def _drafted(name: str, read: Callable[[str, Bank], Draft]) -> Callable[[str, Bank], Imported]:
    def make(text: str, bank: Bank) -> Imported:
        draft = read(text, bank)
        if not any(exercises_of(draft.items)):
            raise InputError(Problem(whole(SHOWN), _NOTHING))
        return written(name, draft, bank)

    return make


# What people read: a book is none.
_MOST_PAGE = 300_000
_NOTHING = "no exercise was found: expected a plan, a list such as Plank | 45s, or an article"


def _page(text: str, bank: Bank) -> Imported:
    if len(text) > _MOST_PAGE:
        message = f"the text is too large: expected at most {_MOST_PAGE:,} characters, found {len(text):,}"
        raise InputError(Problem(whole(SHOWN), message, code="too-large-file"))
    return _drafted("page", page.read)(text, bank)


# The first that a text has the form of reads it.
_KINDS = (
    _Kind("answer", answer.is_answer, answer.read_answer),
    _Kind("zwo", workouts.is_zwo, _drafted("zwo", workouts.read_zwo)),
    _Kind("hevy", logs.is_hevy, _drafted("hevy", logs.read_hevy)),
    _Kind("strong", logs.is_strong, _drafted("strong", logs.read_strong)),
    _Kind("exercises", exercises.is_exercises, exercises.read_exercises),
    _Kind("intervals", workouts.is_intervals, _drafted("intervals", workouts.read_intervals)),
    _Kind("page", lambda _: True, _page),
)
KINDS = tuple(kind.name for kind in _KINDS)


def bring_in(text: str, bank: Bank, kind: str | None = None) -> Imported:
    """The routine, or the library of moves, that a text becomes.

    `kind` is one of `KINDS`; it is found out unless it is given.

    Raises:
        InputError: nothing in it can be used, or it is hostile.
    """
    plain, _ = read_text(Path(SHOWN), SHOWN, text)
    if kind is not None and kind not in KINDS:
        raise InputError(Problem(whole(SHOWN), f"expected one of {', '.join(KINDS)}, found {quote(kind)}"))
    chosen = next(one for one in _KINDS if one.name == kind or (kind is None and one.is_it(plain)))
    return chosen.read(plain, bank)
