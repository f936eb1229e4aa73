"""Who does the work of a build: hired as soon as it is known that there is some."""

from __future__ import annotations

import contextlib
import re
from itertools import islice
from typing import TYPE_CHECKING

from audiocoach import assets, regular
from audiocoach.making.beside import sound_beside
from audiocoach.records import replace
from audiocoach.store.cache import Cache
from audiocoach.store.files import Digests, absolute
from audiocoach.store.place import MANIFEST
from audiocoach.store.recipe import recipe_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiocoach.store.options import BuildOptions, Overrides
    from audiocoach.store.place import Place
    from audiocoach.workers.crew import Workers

_FIRST = 8
_ENGINE = re.compile(r"\bengine:\s*[\"']?([a-z0-9_-]+)")
_MOST_BYTES = 1 << 20
_MOST_RECORDED_BYTES = 1 << 26


@contextlib.contextmanager
def start_workers(
    options: BuildOptions,
    place: Place,
    tell: Callable[[str], object] = lambda _: None,
    *,
    is_ours: bool = True,
) -> Iterator[Workers]:
    """The workers that a build asks for: they are there sooner while this program has one thread.

    `tell` is told which workers of a cluster are refused. A process that is not `is_ours` is never forked.

    Raises:
        ClusterError: there are none.
    """
    if options.cluster:
        from audiocoach.workers.cluster import open_cluster  # who has no cluster needs no Dask

        with open_cluster(options, place, tell) as cluster:
            yield cluster
        return
    from audiocoach.workers.crew import Crew  # who has a cluster needs no processes

    engine = likely_engine(options)
    with Crew(options.jobs, is_ours=is_ours, engine=engine, cache=place.cache) as crew:
        yield crew


def likely_engine(options: BuildOptions) -> str:
    """Who will speak, by a look at the first routine, not read yet: a wrong guess costs time alone."""
    if options.overrides.engine:
        return options.overrides.engine
    named = _ENGINE.search(_first_text(options))
    return named[1] if named else options.overrides.voice(assets.DEFAULT_LANGUAGE).engine


def _first_text(options: BuildOptions) -> str:
    """The first routine's, `""` where it cannot be read: that is told by whoever reads it."""
    for _, text in options.texts:
        return text
    for path in options.paths[:1]:
        with contextlib.suppress(OSError):
            return regular.read(path, _MOST_BYTES).decode("utf-8", "replace")
    return ""


def digests_of(options: BuildOptions) -> Digests:
    """The content of what is built, where some of it was handed in as text."""
    return Digests((absolute(path), text) for path, text in options.texts)


def is_sure(options: BuildOptions, place: Place) -> bool:
    """Whether sessions must be laid out: of one of the first neither folder nor cache has a record."""
    recorded, cache, digests = _recorded(options), Cache(place.cache), digests_of(options)

    def asked(path: Path) -> Overrides:
        return replace(options.overrides, show=options.overrides.show or sound_beside(path))

    contents = ((path, digests.of(absolute(path))) for path in islice(options.paths, _FIRST))
    unrecorded = (
        (path, digest) for path, digest in contents if not digest or digest.encode() not in recorded
    )
    return any(cache.get(recipe_key(path, digest, asked(path))) is None for path, digest in unrecorded)


def _recorded(options: BuildOptions) -> bytes:
    """What the folder knows of itself, as it stands there: the digest of every routine is in it."""
    with contextlib.suppress(OSError):
        return regular.read(options.folder / MANIFEST, _MOST_RECORDED_BYTES)
    return b""
