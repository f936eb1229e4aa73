"""Sessions that are heard while they are written: one after the other, by workers and a bench that stay.

In: a session as a job, and how the last one that was nearly the same was laid out. Out: how it sounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.errors import AudiocoachError
from audiocoach.making.listen import Listening
from audiocoach.store.cache import Cache
from audiocoach.workers.crew import Crew
from audiocoach.workers.run import Run
from audiocoach.workers.stop import Stoppable

if TYPE_CHECKING:
    from audiocoach.coaching.trace import Trace
    from audiocoach.making.listen import Sounding
    from audiocoach.making.work import Compose
    from audiocoach.store.place import Place
    from audiocoach.workers.stop import Stop

_JOBS = 2


class Listener:
    """Speaks and encodes what is new in a session, and joins it; nobody else uses it meanwhile.

    Its workers load `engine` as they start, which is likely to speak.
    """

    def __init__(self, place: Place, engine: str) -> None:
        self._place = place
        self._crew = Crew(_JOBS, is_ours=False, engine=engine)
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

    def kill(self) -> None:
        """End now, whatever is being spoken; from any thread."""
        self._crew.kill()

    def close(self) -> None:
        """Wait for the end of the workers, and keep the cache within its limit."""
        self._crew.end(wait=True)
        self._bench.close()
        if self._has_made:
            Cache(self._place.cache).tidy()


class _Silent:
    """A progress that nobody looks at."""

    def expect(self, stage: str, more: int) -> None:
        """So many more steps."""

    def advance(self, stage: str) -> None:
        """One is done."""
