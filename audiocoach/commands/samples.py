"""`audiocoach voices --sample`: a short MP3 of each voice that is installed, made as any session is."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.api import load, prepare_build
from audiocoach.commands.common import tell
from audiocoach.commands.voices import known_voices
from audiocoach.errors import RefusedError, SeveralError, printable, quote
from audiocoach.routine.show_sound import ShowSound
from audiocoach.store.files import prepare_folder, replacing
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.voice import directory
from audiocoach.workers.progress import progress_on
from audiocoach.workers.stop import stoppable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.api import Document
    from audiocoach.voice.directory import Entry
    from audiocoach.workers.jobs import Outcome

# The session says one sentence, and a tone ends it.
_ROUTINE = """\
title: {title}
voice: {{{voice}}}
cues: tones
session:
  - say: {text}
"""
_UNUSUAL = re.compile(r"[^\w.+-]")


def make_samples(folder: Path, language: str | None, cache: Path | None) -> None:
    """Write an MP3 of each installed voice of a language (default: English), and print their names.

    Raises:
        EngineError: no voice speaks the language, or none of them is installed.
        SeveralError: voices that did not speak; the samples of the others are there.
        StorageError: the folder cannot be used.
    """
    code = (language or assets.DEFAULT_LANGUAGE).lower()
    documents = [_document(entry, code) for entry in _installed(code)]
    prepare_folder(folder)
    with tempfile.TemporaryDirectory(prefix="audiocoach-samples-") as place:
        done = _built(documents, Path(place), cache)
        for one in done.built:
            sample = folder / one.path.name
            with replacing(sample) as (file,):
                file.write(one.path.read_bytes())
            sys.stdout.write(f"{printable(sample)}\n")
    if done.failed:
        raise SeveralError([failed.error for failed in done.failed])


def _installed(language: str) -> list[Entry]:
    """Those that would speak now, without the variants, which any of them may have."""
    speaking = directory.of_language(known_voices(), language)
    there = [entry for entry in speaking if entry.voice.is_installed and not entry.is_variant]
    if not there:
        remedy = speaking[0].voice.remedy
        raise RefusedError(f"no voice for the language {language!r} is installed: {remedy}")
    return there


def _document(entry: Entry, language: str) -> Document:
    """The routine in which a voice says its sentence, under a name that can be a file's."""
    name = f", name: {quote(entry.voice.name)}" if entry.voice.name else ""
    voice = f"engine: {quote(entry.engine)}{name}"
    text = _ROUTINE.format(title=quote(entry.path), voice=voice, text=quote(_sentence(language)))
    return load(text, name=_UNUSUAL.sub("-", entry.path))


def _sentence(language: str) -> str:
    """What a coach would say in this language; where we do not know it, figures, which every voice reads."""
    if language in assets.languages():
        return str(assets.language_table(language, "language")["passage"])
    samples = assets.samples()
    return samples.get(language, samples[""])


def _built(documents: Iterable[Document], folder: Path, cache: Path | None) -> Outcome:
    texts = tuple((one.path, one.text) for one in documents if one.text is not None)
    paths = tuple(path for path, _ in texts)
    options = BuildOptions(paths, folder, Overrides(show=ShowSound()), os.cpu_count() or 1, texts=texts)
    with (
        prepare_build(options, cache, tell, is_ours=True) as work,
        progress_on(sys.stderr) as progress,
    ):
        return stoppable(lambda stop: work(progress, stop))
