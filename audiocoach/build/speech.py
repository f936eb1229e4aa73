"""The speech of a batch: what its sessions ask for is spoken together, each utterance once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiocoach.build.sessions import draft_of
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import AudiocoachError, EngineError, RefusedError, SeveralError
from audiocoach.voice.clips import RecordingError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiocoach.build.report import Progress
    from audiocoach.build.sessions import Draft, Session
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.errors import Position
    from audiocoach.voice.clips import Clip, Failure
    from audiocoach.voice.studio import Studio


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came of a batch: a timeline or an error for each session, by slug, and what was new."""

    timelines: dict[str, Timeline]
    errors: dict[str, AudiocoachError]
    new: frozenset[Utterance]


def speak(
    sessions: Sequence[Session],
    studio: Studio,
    progress: Progress,
    taken: Callable[[Clip], None] = lambda _: None,
) -> Spoken:
    """Have everything spoken that the sessions ask for, and lay them out with the real lengths.

    `taken` is called with each new clip while others are still being spoken.
    """
    timelines: dict[str, Timeline] = {}
    errors: dict[str, AudiocoachError] = {}
    refused: dict[Utterance, Failure] = {}
    spoken: set[Utterance] = set()
    waiting = list(sessions)
    while waiting:
        drafts: list[tuple[Session, Draft]] = []
        for session in waiting:
            try:
                draft = _draft(session, studio, refused)
            except AudiocoachError as error:
                errors[session.slug] = error
                continue
            if draft.unheard:
                drafts.append((session, draft))
            else:
                timelines[session.slug] = draft.timeline
        missing = tuple(dict.fromkeys(one for _, draft in drafts for one in draft.unheard))
        refused |= _record(missing, studio, progress, taken)
        spoken.update(missing)
        waiting = [session for session, _ in drafts]
    return Spoken(timelines, errors, frozenset(spoken - refused.keys()))


def _draft(session: Session, studio: Studio, refused: dict[Utterance, Failure]) -> Draft:
    """A session's draft.

    Raises:
        SeveralError: words that it asks for could not be spoken; each is named with its line.
        AudiocoachError: its engine is missing, or it cannot be fitted.
    """
    try:
        draft = draft_of(session, studio.heard)
    except EngineError as error:
        raise type(error)(error.message, _voice_line(session)) from error
    errors = [_placed(refused[one], session, draft) for one in draft.unheard if one in refused]
    if errors:
        raise SeveralError(list({str(error): error for error in errors}.values()))
    return draft


def _placed(failure: Failure, session: Session, draft: Draft) -> EngineError:
    if failure.refused:
        return RefusedError(failure.message, _voice_line(session))
    return EngineError(failure.message, _line_of(draft.timeline, failure.utterance))


def _voice_line(session: Session) -> Position:
    voice = session.routine.settings.voice
    return voice.position if voice else session.plan.position


def _record(
    utterances: tuple[Utterance, ...], studio: Studio, progress: Progress, taken: Callable[[Clip], None]
) -> dict[Utterance, Failure]:
    """Speak them; why some could not be spoken."""
    progress.stage("speech", len(utterances))
    try:
        studio.record(utterances, progress.advance, taken)
    except RecordingError as error:
        return {failure.utterance: failure for failure in error.failures}
    return {}


def _line_of(timeline: Timeline, utterance: Utterance) -> Position:
    """The first line that says it. What a draft measured and then left out has none of its own."""
    for event in timeline.events:
        if isinstance(event, Speech) and event.utterance == utterance:
            return event.position
    return timeline.events[0].position
