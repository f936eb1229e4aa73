"""From a routine file to a session whose timeline is known: read, plan, have the words spoken, schedule."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from audiocoach.build.files import slug_of
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.plan import plan
from audiocoach.coaching.sentences import phrase_ms
from audiocoach.records import dataclass
from audiocoach.routine.desk import Desk
from audiocoach.routine.library import load
from audiocoach.routine.model import VoiceChange

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.build.order import Wanted
    from audiocoach.coaching.steps import Plan
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.errors import Problem
    from audiocoach.routine.model import LevelName, Routine


@dataclass(frozen=True, slots=True)
class Session:
    """One routine, planned from `inputs`: paths and SHA-256; `warnings` are what was noticed on the way."""

    slug: str
    path: Path
    routine: Routine
    plan: Plan
    fit_ms: int | None
    warnings: tuple[Problem, ...]
    inputs: tuple[tuple[Path, str], ...]

    @property
    def level(self) -> LevelName:
        """How hard it is."""
        return self.routine.settings.level or "standard"


def open_session(path: Path, wanted: Wanted) -> Session:
    """Read and plan one routine.

    Raises:
        InputError: every problem of the routine and its libraries.
    """
    loaded = load(path)
    routine = _as_wanted(loaded.routine, wanted)
    desk = Desk()
    desk.add(loaded.warnings)
    planned = plan(routine, desk)
    return Session(slug_of(path), path, routine, planned, wanted.fit_ms, desk.close(), loaded.inputs)


def _as_wanted(routine: Routine, wanted: Wanted) -> Routine:
    settings = routine.settings
    if wanted.level:
        settings = replace(settings, level=wanted.level)
    if wanted.engine:
        settings = replace(settings, voice=_with_engine(routine, wanted.engine))
    return replace(routine, settings=settings)


def _with_engine(routine: Routine, engine: str) -> VoiceChange:
    # Another engine does not know this one's voices: only the rate carries over.
    own = routine.settings.voice
    same = own is not None and own.engine == engine
    return VoiceChange(
        position=own.position if own else routine.position,
        engine=engine,
        name=own.name if own and same else None,
        rate_wpm=own.rate_wpm if own else None,
    )


def timeline_of(
    session: Session, measure: Callable[[Utterance], int], check: Callable[[], None] = lambda: None
) -> Timeline:
    """The session's timeline, fitted to a length where one is wanted.

    `check` is called again and again: what it raises ends the layout.

    Raises:
        InputError: it cannot be fitted.
    """
    # By now somebody else is looking for the voice's gain.
    from audiocoach.coaching.fit import fitted  # noqa: PLC0415 - see above
    from audiocoach.coaching.schedule import schedule  # noqa: PLC0415 - see above

    if session.fit_ms is None:
        timeline = schedule(session.plan, measure, check)
    else:
        timeline = fitted(session.plan, measure, session.fit_ms, check)
    return replace(timeline, notes=tuple(sorted({*timeline.notes, *session.warnings})))


@dataclass(frozen=True, slots=True)
class Draft:
    """A session's timeline as far as it is known: final when nothing in it is `unheard`."""

    timeline: Timeline
    unheard: tuple[Utterance, ...]


def draft_of(
    session: Session, heard: Callable[[Utterance], int | None], check: Callable[[], None] = lambda: None
) -> Draft:
    """The timeline with an estimate for every sentence that nobody has spoken yet.

    Which ones a session asks for depends on how long others take: draft until none is unheard.

    Raises:
        InputError: it cannot be fitted.
    """
    missing: dict[Utterance, None] = {}

    def length_ms(sentence: Utterance) -> int:
        known_ms = heard(sentence)
        if known_ms is None:
            missing[sentence] = None
            return estimate_ms(sentence)
        return known_ms

    # A layout asks again and again for the same phrase.
    known_ms = cache(lambda utterance: phrase_ms(utterance, length_ms))

    def measure(utterance: Utterance) -> int:
        check()
        return known_ms(utterance)

    timeline = timeline_of(session, measure, check)
    return Draft(timeline, tuple(missing))
