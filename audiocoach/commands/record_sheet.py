"""`audiocoach record-sheet`: what a coach reads aloud to have sessions in the coach's own voice."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from audiocoach.api import find_routines
from audiocoach.errors import AudiocoachError, EngineError, SeveralError, foreseen, within
from audiocoach.making.editions import editions_of
from audiocoach.making.reading import as_json, as_text, reading_of
from audiocoach.making.sessions import draft_of, open_session
from audiocoach.records import replace
from audiocoach.store.cache import Cache, default_folder
from audiocoach.voice import recordings
from audiocoach.voice.recordings import ENGINE, Recordings
from audiocoach.voice.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.store.options import Overrides

    Heard = Callable[[Utterance], int | None]


def print_sheet(
    paths: tuple[Path, ...],
    wanted: Sequence[Overrides],
    voice: str | None,
    cache: Path | None,
    *,
    json: bool,
) -> None:
    """Print the sheet of all routines, each as it is `wanted`; with a voice, of what it lacks.

    Raises:
        SeveralError: routines with problems; the sheet is that of the others.
    """
    heard, is_there = _known(voice, cache)
    laid_out = [_timelines(path, wanted, heard) for path in find_routines(paths)]
    failed = [one for one in laid_out if isinstance(one, AudiocoachError)]
    sessions = [one for one in laid_out if not isinstance(one, AudiocoachError)]
    if sessions:
        sys.stdout.write((as_json if json else as_text)(reading_of(sessions, is_there)))
    if failed:
        raise SeveralError(failed)


def _timelines(path: Path, wanted: Sequence[Overrides], heard: Heard) -> list[Timeline] | AudiocoachError:
    """The session in each way that is wanted, or what is wrong with its routine."""
    try:
        # In the words that a recorded voice is asked for: others have some respelled.
        each = [(one, edition.variant) for one in wanted for edition in editions_of(path).editions]
        sessions = (open_session(path, replace(one, engine=ENGINE, variant=name)) for one, name in each)
        return [draft_of(session, heard).timeline for session in sessions]
    except Exception as error:  # noqa: BLE001 - one routine's failure, whatever it is
        return within(str(path), foreseen(error))


def _known(voice: str | None, cache: Path | None) -> tuple[Heard, Callable[[str], bool]]:
    """How long this voice takes for what it has said already, and whether it has recorded a sentence."""
    if voice is None:
        return lambda _: None, lambda _: False
    studio, kept = Studio(Cache(cache or default_folder())), _recordings(voice)

    def heard(utterance: Utterance) -> int | None:
        # The lengths of words decide what there is room for, and so what is said.
        if utterance.voice.engine != ENGINE:
            return None
        try:
            return studio.heard(replace(utterance, voice=replace(utterance.voice, name=voice)))
        except EngineError:
            return None

    return heard, lambda text: kept.file_of(text) is not None


def _recordings(voice: str) -> Recordings:
    """What there is of this voice; nothing is the beginning of one."""
    folder = recordings.folder_of(voice)
    try:
        return recordings.read(folder)
    except FileNotFoundError:
        return Recordings(folder)
