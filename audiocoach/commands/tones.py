"""`audiocoach preview --tones`: an MP3 in which each tone is named by the voice and then heard."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.api import load, prepare_build
from audiocoach.commands.common import tell
from audiocoach.errors import printable, quote
from audiocoach.routine.tones import MEANINGS, SoundFile
from audiocoach.store.files import replacing
from audiocoach.store.options import BuildOptions
from audiocoach.workers.progress import progress_on
from audiocoach.workers.stop import stoppable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.model import Routine, VoiceChange
    from audiocoach.routine.tones import Sounds
    from audiocoach.store.options import Overrides

_NAME = "tones"
# The session itself ends with it.
_LAST = "done"


def make_tones(path: Path | None, output: Path, overrides: Overrides, cache: Path | None) -> None:
    """Write the MP3 of the tones of a routine, or of those that sound where none says otherwise.

    Raises:
        InputError: the routine cannot be used.
        AudiocoachError: it could not be built, or not be written.
    """
    routine = None if path is None else load(path).routine
    document = load(text_of(routine), name=_NAME, near=None if path is None else path.parent)
    texts = ((document.path, document.text or ""),)
    with tempfile.TemporaryDirectory(prefix="audiocoach-tones-") as folder:
        options = BuildOptions((document.path,), Path(folder), overrides, os.cpu_count() or 1, texts=texts)
        with (
            prepare_build(options, cache, tell, is_ours=True) as work,
            progress_on(sys.stderr) as progress,
        ):
            done = stoppable(lambda stop: work(progress, stop))
        for failed in done.failed:
            raise failed.error
        with replacing(output) as (file,):
            file.write(done.built[0].path.read_bytes())
    sys.stdout.write(f"{printable(output)}\n")


def text_of(routine: Routine | None) -> str:
    """The session that names each tone and lets it sound, in the voice and with the tones of a routine."""
    language = routine.language if routine else assets.DEFAULT_LANGUAGE
    settings = routine.settings if routine else None
    names = assets.language_table(language, "labels")
    lines = [f"title: {quote(names['tones'])}", f"language: {language}", "cues: tones"]
    lines += [f"voice: {{{', '.join(_voice(settings.voice))}}}"] if settings and settings.voice else []
    sounds = ", ".join(_tones(settings.sounds)) if settings and settings.sounds else ""
    lines += [f"tones: {{{sounds}}}"] if sounds else []
    lines.append("session:")
    for meaning in (*(one for one in MEANINGS if one != _LAST), _LAST):
        lines.append(f"  - say: {quote(names[f'tone_{meaning}'])}")
        lines += [f"  - tone: {meaning}"] if meaning != _LAST else []
    return "\n".join((*lines, ""))


def _voice(voice: VoiceChange) -> Iterator[str]:
    fields = (("engine", voice.engine), ("name", voice.name), ("rate", voice.rate_wpm))
    yield from (f"{name}: {quote(str(value))}" for name, value in fields if value is not None)


def _tones(sounds: Sounds) -> Iterator[str]:
    """The map as it was written."""
    if sounds.family:
        yield f"set: {sounds.family}"
    for meaning, sound in sounds.own:
        yield f"{meaning}: {quote(sound.name if isinstance(sound, SoundFile) else sound)}"
