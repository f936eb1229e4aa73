"""From a routine file to a session whose timeline is known: read, plan, have the words spoken, schedule."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from audiocoach.coaching.claims import with_true_claims, with_true_title
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.plan import plan
from audiocoach.coaching.sentences import phrase_ms
from audiocoach.coaching.trace import NO_TRACE, Trace
from audiocoach.errors import InputError
from audiocoach.making.beside import sound_beside
from audiocoach.records import dataclass
from audiocoach.routine import variants
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.model import VoiceChange
from audiocoach.sound.mp3.frame import FRAME_MS
from audiocoach.units import ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.coaching.steps import Plan
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.coaching.trace import Reach
    from audiocoach.errors import Problem
    from audiocoach.routine.model import LevelName, Routine
    from audiocoach.routine.show_sound import ShowSound
    from audiocoach.routine.voice import Voice
    from audiocoach.store.options import Overrides


@dataclass(frozen=True, slots=True)
class Session:
    """One routine, planned from `inputs`: paths and SHA-256; `warnings` are what was noticed on the way.

    `read_warnings` are those of them that hold for whatever plan is made of the routine.
    `voice` speaks where the routine names nobody.
    """

    path: Path
    routine: Routine
    voice: Voice
    plan: Plan
    fit_ms: int | None
    warnings: tuple[Problem, ...]
    inputs: tuple[tuple[Path, str], ...]
    read_warnings: tuple[Problem, ...] = ()

    @property
    def level(self) -> LevelName:
        """How hard it is."""
        return self.routine.settings.level or "standard"


def open_session(
    path: Path, overrides: Overrides, given: str | None = None, grid_ms: int = FRAME_MS
) -> Session:
    """Read and plan one routine; `given` is a text that stands in for its file.

    Its words start on the grid of the container that it is meant for.

    Raises:
        InputError: every problem of the routine and its libraries, or else of the show beside it.
    """
    loaded = load(path, given)
    show = overrides.show or sound_beside(path)
    if show.problems:
        raise InputError(*show.problems)
    routine = _with_overrides(_with_show(loaded.routine, show), overrides)
    if overrides.variant is not None:
        routine = variants.applied(routine, variants.chosen(routine, overrides.variant))
    diagnostics = Diagnostics()
    diagnostics.add(loaded.warnings)
    voice = overrides.voice(routine.language)
    planned = plan(routine, voice, diagnostics, grid_ms)
    fit_ms = _fit_ms(routine, diagnostics)
    notes = diagnostics.close()
    return Session(path, routine, voice, planned, fit_ms, notes, loaded.inputs, tuple(loaded.warnings))


def _fit_ms(routine: Routine, diagnostics: Diagnostics) -> int | None:
    """How long it is to last; a lesson takes the time that it takes, which is noted."""
    if routine.settings.cues != "learn" or routine.fit_ms is None:
        return routine.fit_ms
    wanted = ms_to_clock(routine.fit_ms)
    diagnostics.note(routine.position, f"a lesson takes the time that it takes: fit: {wanted} is left out")
    return None


def _with_overrides(routine: Routine, overrides: Overrides) -> Routine:
    settings = routine.settings
    if overrides.level:
        settings = replace(settings, level=overrides.level)
    if overrides.cues:
        settings = replace(settings, cues=overrides.cues)
    if overrides.engine:
        settings = replace(settings, voice=_with_engine(routine, overrides.engine))
    return replace(
        routine,
        settings=settings,
        day=overrides.day or routine.day,
        fit_ms=overrides.fit_ms or routine.fit_ms,
        formats=routine.formats if overrides.formats is None else overrides.formats,
    )


def _with_show(routine: Routine, show: ShowSound) -> Routine:
    """With what the show says where the routine says nothing."""
    return replace(
        routine,
        formats=routine.formats or show.formats,
        stereo=show.stereo if routine.stereo is None else routine.stereo,
        keep_awake=show.keep_awake if routine.keep_awake is None else routine.keep_awake,
    )


def _with_engine(routine: Routine, engine: str) -> VoiceChange:
    # Another engine does not know this one's voices: only rate and gain carry over.
    own = routine.settings.voice
    same = own is not None and own.engine == engine
    return VoiceChange(
        position=own.position if own else routine.position,
        engine=engine,
        name=own.name if own and same else None,
        rate_wpm=own.rate_wpm if own else None,
        gain_db=own.gain_db if own else None,
        pitch=own.pitch if own and same else None,
    )


def timeline_of(
    session: Session, measure: Callable[[Utterance], int], check: Callable[[], None] = lambda: None
) -> Timeline:
    """The session's timeline, fitted to a length where one is wanted.

    `check` is called again and again: what it raises ends the layout.

    Raises:
        InputError: it cannot be fitted.
    """
    return _traced(session, measure, check, NO_TRACE)[0]


def _traced(
    session: Session, measure: Callable[[Utterance], int], check: Callable[[], None], before: Trace
) -> tuple[Timeline, Trace]:
    """The same, with its trace for the next time; one that is fitted leaves it as it was.

    Raises:
        InputError: it cannot be fitted.
    """
    # By now somebody else is looking for the voice's gain.
    from audiocoach.coaching.fit import Bench, fit_to
    from audiocoach.coaching.schedule import retraced

    trace = before
    if session.fit_ms is None:
        timeline, trace = retraced(session.plan, measure, check, before)
        spoken, untrue = with_true_title(session.plan, timeline.duration_ms)
        if spoken is not session.plan:
            timeline, trace = retraced(spoken, measure, check, trace)
        noticed = (*session.warnings, *untrue)
    else:
        bench = Bench(session.routine, partial(_replanned, session, session.fit_ms), measure, check)
        fitted = fit_to(bench, session.fit_ms)
        timeline, noticed = fitted.timeline, (*session.read_warnings, *fitted.notes)
    wanted = {note for note in noticed if note.code not in session.routine.ignore}
    return replace(timeline, notes=tuple(sorted({*timeline.notes, *wanted}))), trace


def limits_ms(session: Session, length_ms: int, before: Reach | None = None) -> tuple[tuple[int, int], Reach]:
    """About how short and how long the session can be made, which lasts so long as it is planned.

    With it comes what of that is for the next time; `before` is what came of nearly the same session.

    Raises:
        InputError: it cannot be planned so.
    """
    from audiocoach.coaching.fit import Bench, reach_of, within_ms  # where nobody asks, it costs its import

    bench = Bench(session.routine, partial(_replanned, session, length_ms), lambda _: 0, lambda: None)
    reach = reach_of(bench, before)
    return within_ms(reach, session.plan, length_ms), reach


def _replanned(session: Session, length_ms: int, routine: Routine) -> tuple[Plan, tuple[Problem, ...]]:
    """The session's plan with other amounts, for a session of this length, and what is noted of it.

    Raises:
        InputError: it cannot be planned so.
    """
    diagnostics = Diagnostics()
    planned = plan(routine, session.voice, diagnostics, session.plan.grid_ms)
    spoken, untrue = with_true_claims(planned, length_ms)
    return spoken, (*diagnostics.close(), *untrue)


@dataclass(frozen=True, slots=True)
class Draft:
    """A session's timeline as far as it is known: final when nothing in it is `unheard`.

    `trace` is for the next draft of nearly the same session.
    """

    timeline: Timeline
    unheard: tuple[Utterance, ...]
    trace: Trace = NO_TRACE


def draft_of(
    session: Session,
    heard: Callable[[Utterance], int | None],
    check: Callable[[], None] = lambda: None,
    before: Trace = NO_TRACE,
) -> Draft:
    """The timeline with an estimate for every sentence that nobody has spoken yet.

    Which ones a session asks for depends on how long others take: draft until none is unheard. `before` is
    the trace of a draft of nearly the same: what has not changed since is not laid out again.

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
    known_ms = cache(lambda utterance: phrase_ms(utterance, length_ms, session.plan.grid_ms))

    def measure(utterance: Utterance) -> int:
        check()
        return known_ms(utterance)

    timeline, trace = _traced(session, measure, check, before)
    return Draft(timeline, tuple(missing), trace)
