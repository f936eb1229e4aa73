"""The recorder: jobs go in, finished clips come out, several speech processes at once.

Threads of this process wait for the speech processes and finish what they wrote. One clip knows
nothing of another, so neither their order nor the number of workers can change a byte.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from audiocoach.errors import EngineError, RefusedError, StorageError
from audiocoach.voice.clips import Failure, Job, Store
from audiocoach.voice.engines import engine_class
from audiocoach.voice.finish import finish
from audiocoach.voice.take import Take, read_take
from audiocoach.voice.talkback import Talkback

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiocoach.routine.voice import Voice
    from audiocoach.voice.limits import Limits

# Every voice is levelled by these words, so that no single phrase has a level of its own.
PASSAGE = (
    "Squat, slow down for three, chest tall and knees over your toes. "
    "Now hold it there. Three, two, one, and rest."
)


class Recorder:
    """Speech processes, kept between recordings, and the threads that talk to them."""

    def __init__(self, store: Store, workers: int, limits: Limits, *, forks: bool) -> None:
        self._store = store
        self._workers = workers
        self._limits = limits
        self._forks = forks
        self.is_closed = False
        self._lock = threading.Lock()
        self._idle: dict[Voice, list[Talkback]] = {}
        self._busy: set[Talkback] = set()
        self._refused: dict[Voice, RefusedError] = {}

    def record(
        self, jobs: Sequence[Job], keep: Callable[[Job, bytes], None], progress: Callable[[], None]
    ) -> tuple[Failure, ...]:
        """Speak and finish all jobs. `keep` gets each clip, on any thread; failures come back in order.

        `progress` is called on this thread whenever a job is over, well or not.
        """
        gain_jobs = {job.gain_key: job for job in jobs}
        with ThreadPoolExecutor(min(self._workers, len(jobs) + len(gain_jobs))) as pool:
            try:
                # First come, first served: no clip can wait for a gain that has no thread yet.
                gains = {key: pool.submit(self._gain_db, job) for key, job in gain_jobs.items()}
                clips = [pool.submit(self._record_clip, job, gains[job.gain_key], keep) for job in jobs]
                _warm_up()
                for _ in as_completed(clips):
                    progress()
            except BaseException:
                # Ctrl-C comes at any moment: whoever waits for a voice by then is told.
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise
        return tuple(
            failure for job, clip in zip(jobs, clips, strict=True) for failure in _failures(job, clip)
        )

    def close(self) -> None:
        """End all speech processes, for good: a thread that waits for one fails now."""
        with self._lock:
            self.is_closed = True
            idle = [talkback for waiting in self._idle.values() for talkback in waiting]
            self._idle.clear()
            for talkback in (*idle, *self._busy):
                talkback.hang_up()
        for talkback in idle:
            talkback.close()

    def _record_clip(self, job: Job, gain: Future[float], keep: Callable[[Job, bytes], None]) -> None:
        if gain.done():
            gain.result()
        take = self._take(job.voice, job.text)
        keep(job, finish(take, gain.result()))

    def _gain_db(self, job: Job) -> float:
        """The voice's one gain: known to its engine, in the store, or found now and stored."""
        known_db: float | None = getattr(engine_class(job.voice.engine), "gain_db", None)
        if known_db is not None:
            return known_db
        stored = self._store.get(job.gain_key)
        return self._calibrated_db(job) if stored is None else float(stored)

    def _calibrated_db(self, job: Job) -> float:
        take = self._take(job.voice, PASSAGE)
        from audiocoach.voice import loudness  # noqa: PLC0415 - PyAV loads while the voice speaks

        gain_db = loudness.calibrate(take)
        self._store.put(job.gain_key, str(gain_db).encode("ascii"))
        return gain_db

    def _take(self, voice: Voice, text: str) -> Take:
        """What the voice makes of the text, checked; after a failure there is one more try."""
        try:
            return self._attempt(voice, text)
        except RefusedError:
            raise
        except (EngineError, StorageError):
            return self._attempt(voice, text)

    def _attempt(self, voice: Voice, text: str) -> Take:
        """One try. A disk that is full, or whatever else the system refuses, is no fault of the voice."""
        try:
            return self._taken(voice, text)
        except OSError as error:
            raise StorageError(f"the voice has no place to work: {error.strerror}") from error

    def _taken(self, voice: Voice, text: str) -> Take:
        talkback = self._borrowed(voice)
        try:
            return read_take(talkback.say(text), text, voice.rate_wpm)
        finally:
            self._give_back(voice, talkback)

    def _borrowed(self, voice: Voice) -> Talkback:
        """A speech process that has nothing to do, or a new one."""
        with self._lock:
            self._check(voice)
            waiting = self._idle.get(voice)
            talkback = waiting.pop() if waiting else None
        talkback = talkback or self._started(voice)
        with self._lock:
            self._busy.add(talkback)
            if self.is_closed:
                talkback.hang_up()
        return talkback

    def _check(self, voice: Voice) -> None:
        if self.is_closed:
            raise EngineError("the recording was broken off")
        if voice in self._refused:
            raise self._refused[voice]

    def _started(self, voice: Voice) -> Talkback:
        try:
            return Talkback(voice, self._limits, forks=self._forks)
        except RefusedError as refusal:
            with self._lock:
                self._refused[voice] = refusal
            raise

    def _give_back(self, voice: Voice, talkback: Talkback) -> None:
        with self._lock:
            self._busy.discard(talkback)
            stays = talkback.lasts and not self.is_closed
            if stays:
                self._idle.setdefault(voice, []).append(talkback)
        if not stays:
            talkback.close()


def _warm_up() -> None:
    """Load what finishes a clip while the voices are still being set up."""
    from audiocoach.voice import filters  # noqa: F401, PLC0415 - see above


def _failures(job: Job, clip: Future[None]) -> tuple[Failure, ...]:
    try:
        clip.result()
    except EngineError as error:
        return (Failure(job.asked, error.message, refused=isinstance(error, RefusedError)),)
    return ()
