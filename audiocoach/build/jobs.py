"""The whole chain for many routines: timelines, then speech, then sound, then files.

Each stage does all sessions of a batch before the next begins, so that a phrase or a region which
several sessions share is made once. A routine that fails takes no other with it.
"""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiocoach.build.files import prepare_folder, replacing
from audiocoach.build.manifest import Manifest
from audiocoach.build.sessions import open_session
from audiocoach.build.soundtrack import encode_alone, soundtrack_of, write_mp3
from audiocoach.build.speech import speak
from audiocoach.build.stop import Stop, Stoppable
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import AudiocoachError, BuildError, InputError, Position, Problem
from audiocoach.publish.preview import as_json
from audiocoach.voice.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from audiocoach.build.cache import Cache
    from audiocoach.build.report import Progress
    from audiocoach.build.sessions import Session, Wanted
    from audiocoach.build.soundtrack import Soundtrack
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.voice.clips import Clip

# Timelines of so many sessions are in memory together.
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Order:
    """One run of `build`: which routines, how, and where to."""

    paths: tuple[Path, ...]
    folder: Path
    wanted: Wanted
    jobs: int
    force: bool = False


@dataclass(frozen=True, slots=True)
class Built:
    """One finished MP3, and what of it was new; `done` where it stood there already."""

    slug: str
    routine: Path
    path: Path
    duration_ms: int
    phrases: int
    new: int
    size_bytes: int
    notes: tuple[Problem, ...] = ()
    done: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """One routine that was not built, and why."""

    path: Path
    error: AudiocoachError


@dataclass(frozen=True, slots=True)
class _Scored:
    """A session with its timeline and the regions that its sound is made of."""

    session: Session
    timeline: Timeline
    track: Soundtrack


def build(
    order: Order, cache: Cache, progress: Progress, stop: Stop | None = None
) -> tuple[list[Built], list[Failed]]:
    """Build every routine of the order.

    Raises:
        StorageError: the output folder cannot be used.
        StoppedError: `stop` was wished for.
    """
    stop = stop or Stop()
    prepare_folder(order.folder)
    built: list[Built] = []
    failed: list[Failed] = []
    with Studio(cache, workers=order.jobs) as studio:
        stop.on_wish(studio.close)
        manifest = Manifest(order.folder, studio, order.wanted)
        run = _Run(order, cache, studio, Stoppable(progress, stop), failed, manifest)
        paths = _distinct(order.paths, failed)
        standing = {} if order.force else _standing(paths, order.folder, manifest)
        built += standing.values()
        for batch in _batches([path for path in paths if path not in standing]):
            built += run.batch(batch)
            manifest.save()
        if manifest.sweep():
            manifest.save()
    cache.tidy()
    places = {path: place for place, path in enumerate(paths)}
    return sorted(built, key=lambda one: places[one.routine]), failed


def _standing(paths: Iterable[Path], folder: Path, manifest: Manifest) -> dict[Path, Built]:
    """The routines that are built already."""
    entries = {path: manifest.entry(path) for path in paths}
    return {
        path: Built(
            slug=path.stem,
            routine=path,
            path=folder / f"{path.stem}.mp3",
            duration_ms=entry.duration_ms,
            phrases=entry.phrases,
            new=0,
            size_bytes=dict(entry.files)[f"{path.stem}.mp3"],
            done=True,
        )
        for path, entry in entries.items()
        if entry is not None
    }


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """Workers that drop what they have not begun when the build is stopped."""
    with ThreadPoolExecutor(jobs) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _batches(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    return (paths[index : index + _BATCH] for index in range(0, len(paths), _BATCH))


def _distinct(paths: Iterable[Path], failed: list[Failed]) -> list[Path]:
    """Two routines may not write the same file, whatever the file system thinks of case."""
    first: dict[str, Path] = {}
    for path in paths:
        other = first.setdefault(path.stem.casefold(), path)
        if other is not path:
            message = f"both this routine and {other} would be written to {path.stem}.mp3: rename one"
            failed.append(Failed(path, InputError(Problem(Position(str(path), 1, 1), message))))
    return list(first.values())


class _Run:
    """One build as it goes: `failed` grows."""

    def __init__(  # noqa: PLR0913, PLR0917 - what the stages share
        self,
        order: Order,
        cache: Cache,
        studio: Studio,
        progress: Progress,
        failed: list[Failed],
        manifest: Manifest,
    ) -> None:
        self._order = order
        self._cache = cache
        self._studio = studio
        self._progress = progress
        self._failed = failed
        self._manifest = manifest

    def batch(self, paths: Sequence[Path]) -> Iterator[Built]:
        """Build some routines, stage by stage; each is given back when its files stand."""
        sessions = {session.slug: session for path in paths if (session := self._open(path))}
        with _pool(self._order.jobs) as pool:

            def encode_early(clip: Clip) -> None:
                pool.submit(encode_alone, clip, self._cache)

            spoken = speak(tuple(sessions.values()), self._studio, self._progress, encode_early)
        self._failed += [Failed(sessions[slug].path, error) for slug, error in spoken.errors.items()]
        scored = [
            _Scored(sessions[slug], timeline, soundtrack_of(timeline, self._studio, self._cache))
            for slug, timeline in spoken.timelines.items()
        ]
        self._encode(scored)
        self._progress.stage("files", len(scored))
        for one in scored:
            finished = self._write(one, spoken.new)
            self._progress.advance()
            if finished:
                yield finished

    def _open(self, path: Path) -> Session | None:
        try:
            return open_session(path, self._order.wanted)
        except AudiocoachError as error:
            self._failed.append(Failed(path, error))
            return None

    # -- sound ----------------------------------------------------------------------------------

    def _encode(self, scored: list[_Scored]) -> None:
        tasks = {key: task for one in scored for key, task in one.track.tasks().items()}
        self._progress.stage("sound", len(tasks))
        if not tasks:
            return
        # A region that fails is tried once more where its session is written, which then says so.
        with _pool(self._order.jobs) as pool:
            for _ in as_completed([pool.submit(task) for task in tasks.values()]):
                self._progress.advance()

    # -- files ----------------------------------------------------------------------------------

    def _write(self, one: _Scored, new: frozenset[Utterance]) -> Built | None:
        session, timeline = one.session, one.timeline
        path = self._order.folder / f"{session.slug}.mp3"
        beside = path.with_suffix(".timeline.json")
        try:
            with replacing(path) as file:
                size_bytes = write_mp3(file, session.routine, timeline, one.track)
            with replacing(beside) as file:
                file.write(as_json(timeline).encode("utf-8"))
            self._manifest.remember(session, timeline, (path, beside))
        except BuildError as error:
            self._failed.append(Failed(session.path, error))
            return None
        utterances = {event.utterance for event in timeline.events if isinstance(event, Speech)}
        return Built(
            slug=session.slug,
            routine=session.path,
            path=path,
            duration_ms=timeline.duration_ms,
            phrases=len(utterances),
            new=len(utterances & new),
            size_bytes=size_bytes,
            notes=timeline.notes,
        )
