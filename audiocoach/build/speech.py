"""A session's draft with what is known of its speech, and errors at the line that asked for the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.build.sessions import draft_of
from audiocoach.coaching.sentences import sentences
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import EngineError, RefusedError, SeveralError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.build.sessions import Draft, Session
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.errors import Position
    from audiocoach.voice.clips import Failure
    from audiocoach.voice.studio import Studio


def draft(session: Session, studio: Studio, failures: Iterable[Failure] = ()) -> Draft:
    """A session's draft.

    Raises:
        SeveralError: words that it asks for could not be spoken; each is named with its line.
        AudiocoachError: its engine is missing, or it cannot be fitted.
    """
    refused = {failure.utterance: failure for failure in failures}
    try:
        drafted = draft_of(session, studio.heard)
    except EngineError as error:
        raise type(error)(error.message, voice_line(session)) from error
    errors = [_placed(refused[one], session, drafted) for one in drafted.unheard if one in refused]
    if errors:
        raise SeveralError(list({str(error): error for error in errors}.values()))
    return drafted


def voice_line(session: Session) -> Position:
    """Where the routine chose its voice, else where it begins."""
    voice = session.routine.settings.voice
    return voice.position if voice else session.plan.position


def _placed(failure: Failure, session: Session, drafted: Draft) -> EngineError:
    if failure.refused:
        return RefusedError(failure.message, voice_line(session))
    return EngineError(failure.message, _line_of(drafted.timeline, failure.utterance))


def _line_of(timeline: Timeline, utterance: Utterance) -> Position:
    """The first line that says it. What a draft measured and then left out has none of its own."""
    for event in timeline.events:
        if isinstance(event, Speech) and utterance in sentences(event.utterance):
            return event.position
    return timeline.events[0].position
