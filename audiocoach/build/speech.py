"""The speech of a batch: what its sessions ask for is spoken together, each utterance once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.build.sessions import timeline_of, unheard
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import AudiocoachError, EngineError, Failures
from audiocoach.voice.studio import RecordingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.build.report import Progress
    from audiocoach.build.sessions import Session
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.errors import Position
    from audiocoach.voice.studio import Studio


def speak(sessions: Sequence[Session], studio: Studio, progress: Progress) -> set[Utterance]:
    """Have everything spoken that the sessions ask for; what was new is returned.

    What cannot be spoken is left out here: `spoken_timeline` says it, with its line.
    """
    spoken: set[Utterance] = set()
    refused: set[Utterance] = set()
    waiting = list(sessions)
    while waiting:
        asked = [(session, _unheard(session, studio)) for session in waiting]
        missing = dict.fromkeys(one for _, found in asked for one in found if one not in refused)
        if not missing:
            break
        progress.stage("speech", len(missing))
        refused |= _record(tuple(missing), studio, progress)
        spoken |= missing.keys() - refused
        waiting = [session for session, found in asked if found]
    return spoken


def _unheard(session: Session, studio: Studio) -> tuple[Utterance, ...]:
    try:
        return unheard(session, studio.heard)
    except AudiocoachError:
        return ()


def _record(utterances: tuple[Utterance, ...], studio: Studio, progress: Progress) -> set[Utterance]:
    try:
        studio.record(utterances, progress.advance)
    except RecordingError as error:
        return {failure.utterance for failure in error.failures}
    return set()


def spoken_timeline(session: Session, studio: Studio) -> Timeline:
    """The session's timeline with the real length of every clip.

    Raises:
        Failures: words could not be spoken; each is named with the line that they stand in.
        InputError: it cannot be fitted to the length that is wanted.
    """
    try:
        return timeline_of(session, studio.measure)
    except RecordingError as error:
        raise Failures([EngineError(one.message, _line_of(session, one.utterance)) for one in error.failures]) from error
    except EngineError as error:
        raise EngineError(error.message, session.plan.position) from error


def _line_of(session: Session, utterance: Utterance) -> Position:
    for event in schedule(session.plan, estimate_ms).events:
        if isinstance(event, Speech) and event.utterance == utterance:
            return event.position
    return session.plan.position
