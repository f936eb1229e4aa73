"""Sessions that are heard while they are written: one after the other, by workers and a bench that stay.

In: a session as a job, and how the last one that was nearly the same was laid out. Out: how it sounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

from audiocoach.errors import AudiocoachError
from audiocoach.making.listen import Listening
from audiocoach.store.cache import Cache
from audiocoach.workers.crew import Crew, Workers
from audiocoach.workers.jobs import build, survey
from audiocoach.workers.run import Run
from audiocoach.workers.stop import Stoppable

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from audiocoach.coaching.trace import Trace
    from audiocoach.making.listen import Sounding
    from audiocoach.making.work import Compose
    from audiocoach.store.options import BuildOptions
    from audiocoach.store.place import Place
    from audiocoach.workers.progress import Progress
    from audiocoach.workers.stop import Stop

P = ParamSpec("P")
T = TypeVar("T")
JOBS = 2


class Listener:
    """Speaks and encodes what is new in a session, and joins it; nobody else uses it meanwhile.

    Its workers load `engine` as they start, which is likely to speak.
    """

    def __init__(self, place: Place, engine: str) -> None:
        self._place = place
        self._crew = Crew(JOBS, is_ours=False, engine=engine, cache=place.cache)
        self._bench = Listening(place)
        self._has_made = False

    def warm(self) -> None:
        """Have the workers there, with what they need loaded."""
        self._crew.prepare()
        self._crew.muster()

    def hear(self, job: Compose, before: Trace, stop: Stop) -> Sounding:
        """How a session sounds; `before` is the trace of one that is nearly the same.

        Raises:
            StoppedError: `stop` was wished for.
            AudiocoachError: it cannot be used, or not be spoken.
        """
        with stop.part() as part:
            run = Run(self._place, self._crew, Stoppable(_Silent(), part), part, self._bench)
            bench = self._bench
            bench.on_unkept, bench.on_untuned, bench.check = self._crew.prepare, run.tune, part.check
            bench.trace = before
            (over,) = run.sessions([job])
        self._has_made = self._has_made or run.has_made
        if isinstance(over.outcome, AudiocoachError):
            raise over.outcome
        return bench.sounding

    def build(self, options: BuildOptions, progress: Progress, stop: Stop) -> Path:
        """The MP3 of the one routine of these options, as any build makes it, by the same workers.

        Raises:
            StoppedError: `stop` was wished for.
            AudiocoachError: as `hear`.
        """
        # Libraries beside the text may have changed: what stands is known by all that it was made from.
        surveyed = survey(options, self._place)
        with stop.part() as part:
            makers = _Staying(self._crew) if surveyed.reasons else None
            done = build(surveyed, makers, Stoppable(progress, part), part)
        if done.failed:
            raise done.failed[0].error
        return done.built[0].path

    def kill(self) -> None:
        """End now, whatever is being spoken; from any thread."""
        self._crew.kill()

    def close(self) -> None:
        """Wait for the end of the workers, and keep the cache within its limit."""
        self._crew.end(wait=True)
        self._bench.close()
        if self._has_made:
            Cache(self._place.cache).tidy()


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
