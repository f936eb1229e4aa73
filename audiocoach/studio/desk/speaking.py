"""A session as it will be heard: spoken and encoded by workers that stay, into a place of the studio's own.

One at a time, and the newest wins: a wish that a newer one came after is given up at its next safe place.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.coaching.trace import NO_TRACE
from audiocoach.errors import StoppedError
from audiocoach.making.work import Compose
from audiocoach.publish.timeline_json import read as read_timeline
from audiocoach.records import dataclass
from audiocoach.store.cache import Cache, default_folder
from audiocoach.store.files import UNFINISHED, remove_tree
from audiocoach.store.options import BuildOptions
from audiocoach.store.place import Place
from audiocoach.voice.studio import Studio
from audiocoach.workers.listen import JOBS, Listener
from audiocoach.workers.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.coaching.trace import Trace
    from audiocoach.routine.model import Move
    from audiocoach.store.options import Overrides
    from audiocoach.workers.progress import Progress

# So many sounds are kept beside the cache: what a page may still be playing.
_KEPT = 12
# Of so many routines it is kept how they were laid out: those that are open.
_TRACES = 4


class SupersededError(Exception):
    """A newer wish has come."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is to be heard: its key, its exact timeline, and the moves that its routine knows."""

    key: str
    timeline: Timeline
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What is to be handed over: the MP3, and its exact timeline."""

    path: Path
    timeline: Timeline


class Speaking:
    """Speaks texts, from any thread; `close` ends its workers, and takes its sounds away.

    Its workers stay, and what it has at hand; `warm` has both ready before anybody asks.
    """

    def __init__(self, cache: Path | None) -> None:
        self._sounds = Path(UNFINISHED.name(str(Path(tempfile.gettempdir(), "studio"))))
        self._place = Place(cache or default_folder(), self._sounds / "cache")
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._newest: Stop | None = None
        self._listener: Listener | None = None
        self._traces: dict[Path, Trace] = {}
        self._kept: dict[str, Path] = {}
        self._is_closed = False

    def sound(self, key: str) -> Path | None:
        """The MP3 of a key that was given out; None where it is gone."""
        path = self._kept.get(key)
        return path if path is not None and path.is_file() else None

    def studio(self) -> Studio:
        """What knows how long words take that were spoken."""
        return Studio(Cache(self._place.cache))

    def warm(self, overrides: Overrides) -> None:
        """Start the workers, and load who speaks where a routine names nobody."""
        with self._turn:
            if not self._is_closed:
                self._hired(overrides).warm()

    def speak(self, path: Path, text: str, overrides: Overrides, *, alone: bool = False) -> Heard:
        """The sound of a text that stands in for a file, or of a sentence of it `alone`.

        Raises:
            SupersededError: a newer wish came meanwhile.
            AudiocoachError: it cannot be used, or not be spoken.
        """
        job = Compose(path, overrides, self._sounds, text=text)
        with self._wished() as wish:
            before = NO_TRACE if alone else self._traces.pop(path, NO_TRACE)
            found = self._hired(overrides).hear(job, before, wish)
            if not alone:
                self._remember(path, found.trace)
        self._keep(found.path.stem, found.path)
        return Heard(found.path.stem, found.timeline, found.moves)

    def make(self, path: Path, text: str, overrides: Overrides, progress: Progress) -> Made:
        """The MP3 of a text that stands in for a file, as a build makes it: to be handed over.

        Raises:
            SupersededError: a newer wish came meanwhile.
            AudiocoachError: it cannot be used, or not be spoken.
        """
        key = hashlib.sha256(repr((str(path), text, overrides)).encode()).hexdigest()[:32]
        options = BuildOptions((path,), self._sounds / key, overrides, JOBS, texts=((path, text),))
        with self._wished() as wish:
            built = self._hired(overrides).build(options, progress, wish)
        self._keep(key, built)
        return Made(built, read_timeline(built.with_suffix(".timeline.json"), str(path)))

    @contextlib.contextmanager
    def _wished(self) -> Iterator[Stop]:
        """One's turn: whoever has it is asked to give up what was to be heard before."""
        wish = Stop()
        with self._lock:
            older, self._newest = self._newest, wish
        if older is not None:
            older.wish()
        try:
            with self._turn:
                if self._is_closed:
                    wish.wish()
                wish.check()
                yield wish
        except StoppedError as error:
            raise SupersededError("a newer wish has come") from error

    def _hired(self, overrides: Overrides) -> Listener:
        """Who speaks, and stays until the end."""
        if self._listener is None:
            engine = overrides.engine or overrides.voice(assets.DEFAULT_LANGUAGE).engine
            self._listener = Listener(self._place, engine)
        return self._listener

    def _remember(self, path: Path, trace: Trace) -> None:
        self._traces[path] = trace
        while len(self._traces) > _TRACES:
            del self._traces[next(iter(self._traces))]

    def _keep(self, key: str, path: Path) -> None:
        self._kept.pop(key, None)
        self._kept[key] = path
        for oldest in list(self._kept)[:-_KEPT]:
            gone = self._kept.pop(oldest)
            gone.unlink(missing_ok=True)
            if gone.parent != self._sounds:
                remove_tree(gone.parent)

    def close(self) -> None:
        """End now, whatever is being spoken."""
        with self._lock:
            newest, self._newest = self._newest, None
            self._is_closed = True
        if newest is not None:
            newest.wish()
        if self._listener is not None:
            self._listener.kill()
        with self._turn:
            if self._listener is not None:
                self._listener.close()
        remove_tree(self._sounds)
