"""`audiocoach handout`: what is missing is built, then each session becomes files to hand over."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.api import find_routines
from audiocoach.commands.build import run_build
from audiocoach.commands.common import list_new_notes, tell, tell_voices
from audiocoach.errors import InputError, Problem, SeveralError, StorageError, printable, whole
from audiocoach.making.editions import editions_of
from audiocoach.making.handing import address_of, handout_of
from audiocoach.making.speech import open_drafted
from audiocoach.publish import handout
from audiocoach.publish.site_folder import is_so
from audiocoach.records import replace
from audiocoach.store.cache import Cache, default_folder
from audiocoach.store.files import prepare_folder, replacing
from audiocoach.voice.studio import Studio
from audiocoach.workers.podcast import timeline_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiocoach.store.options import BuildOptions
    from audiocoach.workers.jobs import Built

_BYTES_PER_MB = 1_000_000


def hand_out(options: BuildOptions, folder: Path, link: str | None, cache: Path | None) -> None:
    """Build what is missing, write what is handed over into `folder`, and print each file with its size.

    `link` is where the session is on the web, or with a slash at its end the folder that it is in; without
    one what the show beside a routine says.

    Raises:
        SeveralError: routines that failed; the others are handed over.
        AudiocoachError: nothing could be done.
    """
    options = replace(options, paths=tuple(find_routines(options.paths)))
    done = run_build(options, cache)
    if link and not link.endswith("/") and len(done.built) > 1:
        message = (
            f"{len(done.built)} sessions cannot be at one address: end it with a slash, for their folder"
        )
        raise InputError(Problem(whole(link), message))
    tell("".join(list_new_notes(done.built)))
    tell_voices(done)
    prepare_folder(folder)
    studio = Studio(Cache(cache or default_folder()))
    rows = [row for one in done.built for row in _written(one, options, studio, folder, link)]
    if rows:
        sys.stdout.write(_table(rows))
    large = filter(None, (handout.too_large(name, size) for name, size in rows))
    tell("".join(f"{told}\n" for told in large))
    if done.failed:
        raise SeveralError([one.error for one in done.failed])


def _written(
    one: Built, options: BuildOptions, studio: Studio, folder: Path, link: str | None
) -> Iterator[tuple[str, int]]:
    """Each file of a session, and how large it is; what stands there already is left."""
    made, mp3 = _handout_of(one, options, studio, link), _bytes(one.path)
    files = {".html": handout.page(made, mp3), ".sheet.html": handout.sheet(made), ".mp3": mp3}
    for suffix, content in files.items():
        path = folder / f"{one.slug}{suffix}"
        if not is_so(path, content):
            with replacing(path) as (file,):
                file.write(content)
        yield printable(path), len(content)


def _handout_of(one: Built, options: BuildOptions, studio: Studio, link: str | None) -> handout.Handout:
    variant = next(
        edition.variant for edition in editions_of(one.routine).editions if edition.slug == one.slug
    )
    asked = replace(options.overrides, variant=variant)
    session, drafted = open_drafted(one.routine, asked, studio)
    return handout_of(session, drafted.timeline, timeline_of(one), address_of(one.routine, one.slug, link))


def _bytes(path: Path) -> bytes:
    try:
        return regular.read(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error


def _table(rows: list[tuple[str, int]]) -> str:
    wide = max(len("file"), *(len(name) for name, _ in rows))
    lines = [f"{name:{wide}}  {_size(size)}" for name, size in rows]
    return "\n".join((f"{'file':{wide}}  size", *lines, ""))


def _size(size: int) -> str:
    return f"{size / _BYTES_PER_MB:.1f} MB" if size >= _BYTES_PER_MB else f"{max(size // 1000, 1)} kB"
