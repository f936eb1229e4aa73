"""A session's draft with what is known of its speech, and errors at the line that asked for the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.notes import quote_some
from audiocoach.coaching.sentences import sentences
from audiocoach.coaching.timeline import Speech
from audiocoach.coaching.trace import NO_TRACE
from audiocoach.errors import EngineError, Problem, RefusedError, SeveralError
from audiocoach.making.sessions import draft_of, open_session
from audiocoach.records import replace
from audiocoach.routine.model import Block, Casting, Do
from audiocoach.voice.choice import missing_default, voices_without
from audiocoach.voice.clips import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.coaching.trace import Trace
    from audiocoach.errors import Position
    from audiocoach.making.sessions import Draft, Session
    from audiocoach.routine.model import Item, Settings, VoiceChange
    from audiocoach.routine.voice import Voice
    from audiocoach.store.options import Overrides
    from audiocoach.voice.studio import Studio


def draft(
    session: Session,
    studio: Studio,
    failures: Iterable[Failure] = (),
    check: Callable[[], None] = lambda: None,
    before: Trace = NO_TRACE,
) -> Draft:
    """A session's draft; what `check` raises ends it early, and `before` is as in `draft_of`.

    Raises:
        SeveralError: words that it asks for could not be spoken; each is named with its line.
        AudiocoachError: its engine is missing, or it cannot be fitted.
    """
    refused = {failure.utterance: failure for failure in failures}
    try:
        drafted = draft_of(session, studio.heard, check, before)
    except EngineError as error:
        raise type(error)(error.message, _line_of_refusal(session, studio)) from error
    refused |= {one: Failure(one, why) for one in drafted.unheard if (why := studio.unreadable(one))}
    errors = [_placed(refused[one], session, drafted) for one in drafted.unheard if one in refused]
    if errors:
        raise SeveralError(list({str(error): error for error in errors}.values()))
    timeline = drafted.timeline
    notes = tuple(_lacking(timeline, studio))
    return replace(drafted, timeline=replace(timeline, notes=tuple(sorted({*timeline.notes, *notes}))))


def open_drafted(
    path: Path,
    overrides: Overrides,
    studio: Studio,
    given: str | None = None,
    check: Callable[[], None] = lambda: None,
) -> tuple[Session, Draft]:
    """A routine's session and its draft, as a build has them: with the next best where a voice is missing.

    Raises:
        AudiocoachError: as `open_session` and `draft`.
    """
    session = open_session(path, overrides, given)
    try:
        return session, draft(session, studio, check=check)
    except EngineError as error:
        missing = missing_default(overrides.voices, studio.refusal, error.message)
        if missing is None:
            raise
    voices = voices_without(overrides.voices, {missing.engine})
    return open_drafted(path, replace(overrides, voices=voices), studio, given, check)


def _lacking(timeline: Timeline, studio: Studio) -> Iterator[Problem]:
    """A note for each voice that lacks sentences: the first line of one, how many, and who speaks them."""
    lacking: dict[Voice, dict[Utterance, Position]] = {}
    for event in timeline.events:
        for sentence in sentences(event.utterance) if isinstance(event, Speech) else ():
            if studio.speaker(sentence) != sentence.voice:
                lacking.setdefault(sentence.voice, {}).setdefault(sentence, event.position)
    for voice, places in lacking.items():
        (first, position), *others = places.items()
        spoken_by, name = studio.speaker(first).engine, voice.name
        count = f"{len(places)} sentences are" if others else "1 sentence is"
        way_out = f" (record-sheet --voice {name} lists all)" if name else ""
        message = (
            f"{count} not recorded by {name or voice.engine} and spoken by {spoken_by}: "
            f"{quote_some(one.text for one in places)}{way_out}"
        )
        yield Problem(position, message, "note", "unrecorded-words")


def _line_of_refusal(session: Session, studio: Studio) -> Position:
    """Where the first voice was chosen that cannot be had, else where the routine begins."""
    found = (place for voice, place in _voices_of(session) if studio.refusal(voice))
    return next(found, session.plan.position)


def _line_of_voice(session: Session, voice: Voice) -> Position:
    """Where the routine chose this voice, else where it begins."""
    wanted = voice.engine, voice.name
    places = (place for one, place in _voices_of(session) if (one.engine, one.name) == wanted)
    return next(places, session.plan.position)


def _voices_of(session: Session) -> Iterator[tuple[Voice, Position]]:
    """Every voice that is chosen, in the order of the file, with the place of its `voice:`."""
    return _chosen(session.routine.settings, session.routine.session, Casting(session.voice), None)


def _chosen(
    settings: Settings, items: Iterable[Item], outer: Casting, counts: VoiceChange | None
) -> Iterator[tuple[Voice, Position]]:
    casting, counter = outer.changed(settings.voice), settings.counter or counts
    if settings.voice:
        yield casting.voice, settings.voice.position
    if counter and (settings.voice or settings.counter):
        yield casting.changed(counter).voice, counter.position
    for item in items:
        if isinstance(item, Do | Block):
            yield from _chosen(item.settings, item.items if isinstance(item, Block) else (), casting, counter)


def _placed(failure: Failure, session: Session, drafted: Draft) -> EngineError:
    if failure.refused:
        return RefusedError(failure.message, _line_of_voice(session, failure.utterance.voice))
    return EngineError(failure.message, _line_of(drafted.timeline, failure.utterance))


def _line_of(timeline: Timeline, utterance: Utterance) -> Position:
    """The first line that says it. What a draft measured and then left out has none of its own."""
    for event in timeline.events:
        if isinstance(event, Speech) and utterance in sentences(event.utterance):
            return event.position
    return timeline.events[0].position
