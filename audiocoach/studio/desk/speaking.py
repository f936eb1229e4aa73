"""A session as it will be heard: spoken and encoded by workers that stay, into a place of the studio's own.

One at a time, and the newest wins: a wish that a newer one came after is given up at its next safe place.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from typing_extensions import ParamSpec

from audiocoach.errors import StoppedError
from audiocoach.publish.timeline_json import read as read_timeline
from audiocoach.records import dataclass
from audiocoach.store.cache import Cache, default_folder
from audiocoach.store.files import UNFINISHED, remove_tree
from audiocoach.store.options import BuildOptions
from audiocoach.store.place import Place
from audiocoach.voice.studio import Studio
from audiocoach.workers.crew import Crew, Workers
from audiocoach.workers.jobs import build, survey
from audiocoach.workers.starting import likely_engine
from audiocoach.workers.stop import Stop, Stoppable

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.errors import Problem
    from audiocoach.store.options import Overrides
    from audiocoach.workers.progress import Progress

P = ParamSpec("P")
T = TypeVar("T")
_JOBS = 2
# So many sounds are kept beside the cache: what a page may still be playing.
_KEPT = 12


class SupersededError(Exception):
    """A newer wish has come."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is to be heard: its key, and its exact timeline."""

    key: str
    timeline: Timeline
    notes: tuple[Problem, ...]


class Speaking:
    """Speaks texts, from any thread; `close` ends its workers, and takes its sounds away."""

    def __init__(self, cache: Path | None) -> None:
        self._cache = cache or default_folder()
        self._sounds = Path(UNFINISHED.name(str(Path(tempfile.gettempdir(), "studio"))))
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._newest: Stop | None = None
        self._workers: Crew | None = None
        self._kept: list[str] = []

    def sound(self, key: str) -> Path | None:
        """The MP3 of a key that was given out; None where it is gone."""
        found = [*self._folder(key).glob("*.mp3")] if key in self._kept else []
        return found[0] if found else None

    def studio(self) -> Studio:
        """What knows how long words take that were spoken."""
        return Studio(Cache(self._cache))

    def speak(self, path: Path, text: str, overrides: Overrides, progress: Progress | None = None) -> Heard:
        """The sound of a text that stands in for a file; `progress` is told how far it is.

        Raises:
            SupersededError: a newer wish came meanwhile.
            AudiocoachError: it cannot be used, or not be spoken.
        """
        wish = Stop()
        with self._lock:
            before, self._newest = self._newest, wish
        if before is not None:
            before.wish()
        try:
            with self._turn:
                wish.check()
                return self._spoken(path, text, overrides, Stoppable(progress or _Silent(), wish), wish)
        except StoppedError as error:
            raise SupersededError("a newer wish has come") from error

    def _spoken(self, path: Path, text: str, overrides: Overrides, progress: Progress, wish: Stop) -> Heard:
        key = hashlib.sha256(repr((str(path), text, overrides)).encode()).hexdigest()[:32]
        options = BuildOptions((path,), self._folder(key), overrides, _JOBS, texts=((path, text),))
        place = Place(self._cache, self._sounds / "cache")
        # Libraries beside the text may have changed: what stands is known by all that it was made from.
        surveyed = survey(options, place)
        workers = self._hired(options) if surveyed.reasons else None
        done = build(surveyed, workers, progress, wish)
        if done.failed:
            raise done.failed[0].error
        self._keep(key)
        first = done.built[0]
        return Heard(key, read_timeline(first.path.with_suffix(".timeline.json"), str(path)), first.notes)

    def _folder(self, key: str) -> Path:
        return self._sounds / key

    def _hired(self, options: BuildOptions) -> Workers:
        """The workers, who stay until the end."""
        if self._workers is None:
            engine = likely_engine(options)
            self._workers = Crew(_JOBS, is_ours=False, engine=engine, cache=self._cache)
            self._workers.prepare()
        return _Staying(self._workers)

    def _keep(self, key: str) -> None:
        self._kept = [*(one for one in self._kept if one != key), key]
        while len(self._kept) > _KEPT:
            remove_tree(self._folder(self._kept.pop(0)))

    def close(self) -> None:
        """End now, whatever is being spoken."""
        with self._lock:
            newest, self._newest = self._newest, None
        if newest is not None:
            newest.wish()
        if self._workers is not None:
            self._workers.kill()
        with self._turn:
            if self._workers is not None:
                self._workers.end(wait=True)
        remove_tree(self._sounds)


class _Staying(Workers):
    """A crew that does not go home when a build has no more for it to do."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew

    def prepare(self) -> None:
        """There will be calls soon."""
        self._crew.prepare()

    def muster(self) -> None:
        """There will be calls for several of them soon."""
        self._crew.muster()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call `fn`."""
        return self._crew.submit(fn, *args, **kwargs)

    def kill(self) -> None:
        """End now; what was asked fails."""
        self._crew.kill()


class _Silent:
    """A progress that nobody looks at."""

    def expect(self, stage: str, more: int) -> None:
        """So many more steps."""

    def advance(self, stage: str) -> None:
        """One is done."""
