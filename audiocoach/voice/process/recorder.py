"""The recorder: jobs go in, finished clips come out, one after another.

Each voice has a speech process, kept for the next job. One clip knows nothing of another, so neither
their order nor the number of recorders can change a byte.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.errors import EngineError, RefusedError, StorageError
from audiocoach.language.language import traits
from audiocoach.voice.clips import Failure
from audiocoach.voice.engines import known_gain_db, limits_of, terms_of
from audiocoach.voice.finish import finish
from audiocoach.voice.process.host import EngineProcess
from audiocoach.voice.take import Take, kept_take, read_take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from audiocoach.routine.voice import Voice
    from audiocoach.voice.clips import Job, Store
    from audiocoach.voice.limits import Limits

_MOST_VOICES = 4
_MOST_TAKE_BYTES = 1 << 30


class Recorder:
    """Speech processes. Threads record in turn; `close` may come from another at any moment.

    What was paid for is kept as `takes` says, before it is checked: by default where clips are.
    """

    def __init__(
        self, store: Store, limits: Limits | None, *, forks: bool, takes: Callable[[], Store] | None = None
    ) -> None:
        self._store = store
        self._takes = takes or (lambda: store)
        self._limits = limits
        self._forks = forks
        self.is_closed = False
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._idle: dict[Voice, EngineProcess] = {}
        self._busy: EngineProcess | None = None
        self._refused: dict[Voice, RefusedError] = {}

    def record(self, jobs: Iterable[Job], keep: Callable[[Job, bytes], None]) -> tuple[Failure, ...]:
        """Speak and finish all jobs. `keep` gets each clip; failures come back in order.

        Raises:
            StorageError: a voice has no place to work.
        """
        with self._turn:
            return tuple(failure for job in jobs for failure in self._record(job, keep))

    def tune(self, voice: Voice, gain_key: str) -> None:
        """Find the voice's gain before it has anything to say.

        Raises:
            EngineError: it cannot be found.
            StorageError: the voice has no place to work.
        """
        with self._turn:
            self._gain_db(voice.levelled, gain_key)

    def close(self) -> None:
        """End all speech processes, for good: a thread that waits for one fails now."""
        with self._lock:
            self.is_closed = True
            idle = tuple(self._idle.values())
            self._idle.clear()
            for process in (*idle, self._busy):
                if process:
                    process.hang_up()
        for process in idle:
            process.close()

    def _record(self, job: Job, keep: Callable[[Job, bytes], None]) -> tuple[Failure, ...]:
        try:
            voice = job.voice.levelled
            take = self._take(voice, job.text)
            # Asked for last: another recorder may have found it while this one's voice was starting.
            keep(job, finish(take, self._gain_db(voice, job.gain_key) + job.voice.gain_db))
        except EngineError as error:
            return (Failure(job.asked, error.message, refused=isinstance(error, RefusedError)),)
        return ()

    def _gain_db(self, voice: Voice, gain_key: str) -> float:
        """The voice's one gain: known to its engine, in the store, or found now and stored."""
        known_db = known_gain_db(voice)
        if known_db is not None:
            return known_db
        stored = self._store.get(gain_key)
        return self._calibrated_db(voice, gain_key) if stored is None else float(stored)

    def _calibrated_db(self, voice: Voice, gain_key: str) -> float:
        # The same words for all it will say, so that no single phrase has a level of its own.
        take = self._take(voice, traits(voice.language).passage)
        from audiocoach.voice import loudness  # noqa: PLC0415 - a voice whose gain is known needs none

        gain_db = loudness.calibrate(take)
        self._store.put(gain_key, str(gain_db).encode("ascii"))
        return gain_db

    def _take(self, voice: Voice, text: str) -> Take:
        """What the voice makes of the text, checked; after a failure there is one more try."""
        self._limits_of(voice).check(text)
        terms = terms_of(voice)
        if terms:
            return self._bought(voice, text, terms.take_key(voice, text))
        try:
            return self._attempt(voice, text)
        except RefusedError:
            raise
        except (EngineError, StorageError):
            return self._attempt(voice, text)

    def _bought(self, voice: Voice, text: str, key: str) -> Take:
        """The take that was kept, else one that is bought now: once, whatever comes of it.

        One that is not believed is forgotten: who builds again buys it again, and is told so before.
        """
        takes = self._takes()
        kept = takes.get(key)
        try:
            if kept:
                return kept_take(kept, text, voice)
            return self._attempt(
                voice, text, lambda path: takes.put(key, regular.read(path, _MOST_TAKE_BYTES))
            )
        except EngineError:
            if takes.size_bytes(key):
                takes.put(key, b"")
            raise

    def _attempt(self, voice: Voice, text: str, keep: Callable[[Path], None] = lambda _: None) -> Take:
        """One try. A disk that is full, or whatever else the system refuses, is no fault of the voice."""
        try:
            return self._taken(voice, text, keep)
        except OSError as error:
            raise StorageError(f"the voice has no place to work: {error.strerror}") from error

    def _taken(self, voice: Voice, text: str, keep: Callable[[Path], None]) -> Take:
        process = self._borrowed(voice)
        try:
            if not process.lasts:
                process.set_up(voice)
            return _believed(process, text, voice, keep)
        except RefusedError as refusal:
            self._refused[voice] = refusal
            raise
        except KeyboardInterrupt:
            # Its answer is still to come: nobody else may get it.
            process.lasts = False
            raise
        finally:
            self._give_back(voice, process)

    def _borrowed(self, voice: Voice) -> EngineProcess:
        """The voice's speech process, or a new one."""
        with self._lock:
            self._check(voice)
            process = self._idle.pop(voice, None)
        if process and process.has_ended():
            process.close()
            process = None
        process = process or EngineProcess(self._limits_of(voice), forks=self._forks)
        with self._lock:
            self._busy = process
            if self.is_closed:
                process.hang_up()
        return process

    def _limits_of(self, voice: Voice) -> Limits:
        """The engine's own, where nobody has set others."""
        return self._limits or limits_of(voice)

    def _check(self, voice: Voice) -> None:
        if self.is_closed:
            raise EngineError("the recording was broken off")
        if voice in self._refused:
            raise self._refused[voice]

    def _give_back(self, voice: Voice, process: EngineProcess) -> None:
        """Keep it for the next job; the voice that has rested longest goes where there are too many."""
        with self._lock:
            self._busy = None
            if process.lasts and not self.is_closed:
                self._idle[voice] = process
                oldest = next(iter(self._idle))
                leaves = self._idle.pop(oldest) if len(self._idle) > _MOST_VOICES else None
            else:
                leaves = process
        if leaves:
            leaves.close()


def _believed(process: EngineProcess, text: str, voice: Voice, keep: Callable[[Path], None]) -> Take:
    path = process.say(text)
    # What is no file is told by the check.
    with suppress(OSError):
        keep(path)
    try:
        return read_take(path, text, voice)
    except EngineError:
        process.doubt()
        raise
