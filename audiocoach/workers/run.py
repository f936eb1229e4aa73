"""The whole chain for many routines: who needs what, and who is doing it.

A session that lacks something comes back with jobs; each job is given out once, whoever lacks it, and
when the last one is over the session goes on. A routine that fails takes no other with it.
"""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from audiocoach.errors import (
    AudiocoachError,
    BuildError,
    ClusterError,
    EngineError,
    RefusedError,
    foreseen,
    within,
)
from audiocoach.making.work import (
    Compose,
    Composed,
    Encode,
    Lacking,
    Made,
    Mix,
    Prepare,
    Script,
    Scripted,
    Speak,
    Tune,
    perform,
)
from audiocoach.records import dataclass
from audiocoach.store.cache import Cache
from audiocoach.store.editions import Edition
from audiocoach.store.takes import open_takes
from audiocoach.unions import assert_never
from audiocoach.voice.choice import missing_default, replaceable, voices_without
from audiocoach.voice.clips import Failure
from audiocoach.voice.engines import limits_of
from audiocoach.voice.purchases import Purchases
from audiocoach.voice.studio import Studio
from audiocoach.workers.crew import Workers
from audiocoach.workers.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.making.work import Job, Need, Result, Workbench
    from audiocoach.routine.voice import Voice
    from audiocoach.store.place import Place
    from audiocoach.voice.terms import Terms
    from audiocoach.workers.progress import Progress
    from audiocoach.workers.stop import Stop

P = ParamSpec("P")
T = TypeVar("T")
SessionJob = Script | Compose
# What was made and is lacking again did not stay in the cache; once, another build may have pruned it.
_MOST_TIMES = 2
_UNDER_WAY = 16
_STAGES: dict[type[Need], str] = {Speak: "speech", Encode: "sound", Prepare: "sound", Mix: "sound"}


@dataclass(frozen=True, slots=True)
class Over:
    """A session came to its end, `seconds` after it began: with files, a timeline, or an error."""

    job: SessionJob
    seconds: float
    outcome: Composed | Scripted | AudiocoachError


def purchases_of(place: Place, budget: float | None = None) -> Purchases:
    """The purchases of one build, of which there are none yet."""
    studio = Studio(Cache(place.cache, spare=place.spare), takes=open_takes)
    return Purchases(studio, open_takes, budget)


class Inline(Workers):
    """Calls at once, on this thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The result, in a future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except AudiocoachError as error:
            future.set_exception(error)
        return future


class Run:
    """The sessions of one build on their way. `makers` make clips and regions.

    `refused` says why an engine that was chosen, not asked for, did not speak, by its name. What paid voices
    are asked for is counted in `purchases`, which may be set before the sessions begin. With a `bench`
    sessions are laid out and written on this thread, else by the makers.
    """

    def __init__(
        self, place: Place, makers: Workers, progress: Progress, stop: Stop, bench: Workbench | None
    ) -> None:
        self._place = place
        self._makers = makers
        self._progress = progress
        self._stop = stop
        self._bench = bench
        self.purchases = purchases_of(place)
        self._turns = Turns(self._terms, self._speaker)
        self._ready: SimpleQueue[Future[Result] | None] = SimpleQueue()
        self._jobs: dict[Future[Result], Job] = {}
        self._under_way: dict[str, list[SessionJob]] = {}
        self._lacking: dict[SessionJob, tuple[Need, ...]] = {}
        self._waits: dict[SessionJob, int] = {}
        self._known: dict[Edition, set[str]] = {}
        self._began_s: dict[Edition, float] = {}
        self._times: dict[str, int] = {}
        self._failures: dict[str, Failure | BuildError] = {}
        # What a voice says of one text and means of all, and how often in a row each has failed.
        self._settled: dict[Voice, Failure] = {}
        self._in_a_row: dict[Voice, int] = {}
        self.new: set[str] = set()
        self.refused: dict[str, str] = {}
        stop.on_wish(lambda: self._ready.put(None))

    def sessions(self, jobs: Sequence[SessionJob]) -> Iterator[Over]:
        """Bring all sessions to their end, in whatever order they get there.

        Raises:
            StoppedError: the build was told to stop.
            ClusterError: there is nobody left to do anything.
        """
        self._progress.expect("files", sum(isinstance(job, Compose) for job in jobs))
        begun = ended = 0
        while ended < len(jobs):
            # What the first sessions have made is not lacking in those that begin later.
            while begun < min(len(jobs), ended + _UNDER_WAY) and self._ready.empty():
                self._stop.check()
                self._began_s[_edition(jobs[begun])] = time.monotonic()
                self._go_on(jobs[begun])
                begun += 1
            for over in self._next():
                ended += 1
                yield over

    def tune(self, voice: Voice) -> None:
        """Have a voice's gain found. Nobody waits for it: what goes wrong is told by its first words.

        A voice that was never heard has a whole session to say: others get ready for it meanwhile. A paid one
        is asked for nothing before it is counted.
        """
        if self._terms(voice):
            return
        self._makers.submit(perform, self._place, Tune(voice))
        self._makers.muster()

    def _terms(self, voice: Voice) -> Terms | None:
        return self.purchases.terms(voice)

    def _speaker(self, utterance: Utterance) -> Voice:
        return self.purchases.speaker(utterance)

    @property
    def has_made(self) -> bool:
        """Whether anything was spoken or encoded."""
        return bool(self._times)

    def _go_on(self, job: SessionJob) -> None:
        if self._bench is None:
            self._submit(self._makers.submit(perform, self._place, job), job)
        else:
            self._submit(Inline().submit(self._bench.perform, job), job)

    def _give_out(self, job: Need) -> list[SessionJob]:
        """Have it made, if nobody is at it already; who waits for it."""
        if job.key not in self._under_way:
            self._under_way[job.key] = []
            self._progress.expect(_STAGES[type(job)], 1)
            self._make(self._turns.come(job) if isinstance(job, Speak) else (job,))
        return self._under_way[job.key]

    def _make(self, jobs: Iterable[Need]) -> None:
        for job in jobs:
            refused = self._refusal(job)
            if refused:
                settled: Future[Result] = Future()
                settled.set_result(Made(refused))
                self._submit(settled, job)
            else:
                self._submit(self._makers.submit(perform, self._place, job), job)

    def _refusal(self, job: Need) -> Failure | None:
        """What its voice has said already, of these words too."""
        refused = self._settled.get(self._speaker(job.utterance)) if isinstance(job, Speak) else None
        return replace(refused, utterance=job.utterance) if refused and isinstance(job, Speak) else None

    def _submit(self, future: Future[Result], job: Job) -> None:
        self._jobs[future] = job
        future.add_done_callback(self._ready.put)

    def _next(self) -> Iterator[Over]:
        """Take one finished call, and what follows from it."""
        future = self._ready.get()
        self._stop.check()
        if future is None:
            return
        job = self._jobs.pop(future)
        error = future.exception()
        if isinstance(error, ClusterError) or not isinstance(error, Exception | None):
            raise error
        answer = foreseen(error) if error else future.result()
        match job:
            case Speak() | Encode() | Prepare() | Mix():
                yield from self._made(job, answer)
            case Script() | Compose():
                yield from self._answered(job, answer)
            case _:
                assert_never(job)

    # -- sessions -------------------------------------------------------------------------------

    def _answered(self, job: SessionJob, answer: Result | AudiocoachError) -> Iterator[Over]:
        match answer:
            case Lacking():
                yield from self._wait(job, answer.jobs)
            case EngineError() if missing := self._missing_default(job, answer.message):
                self._go_on(self._without(job, missing, answer.message))
            case Composed() | Scripted() | AudiocoachError():
                yield self._over(job, answer)
            case Made():
                raise TypeError(answer)
            case _:
                assert_never(answer)

    def _over(self, job: SessionJob, outcome: Composed | Scripted | AudiocoachError) -> Over:
        if isinstance(job, Compose):
            self._progress.advance("files")
        if isinstance(outcome, AudiocoachError):
            outcome = within(str(job.path), outcome)
        return Over(job, time.monotonic() - self._began_s[_edition(job)], outcome)

    def _wait(self, job: SessionJob, needed: tuple[Need, ...]) -> Iterator[Over]:
        """The session goes on when all of these are over."""
        if any(self._times.get(one.key, 0) >= _MOST_TIMES for one in needed):
            why = "is the disk full, is the folder gone or cleared?"
            yield self._over(job, BuildError(f"{self._place.cache} does not keep what is made: {why}"))
            return
        known = self._known.setdefault(_edition(job), set())
        open_ones = [one for one in needed if self._is_open(one.key, known)]
        refused = self.purchases.buy(one.utterance for one in open_ones if isinstance(one, Speak))
        if refused:
            self._go_on(replace(job, failures=(*job.failures, *refused)))
            return
        self._lacking[job] = needed
        known.update(one.key for one in needed)
        self._waits[job] = len(open_ones)
        for one in open_ones:
            self._give_out(one).append(job)
        if not open_ones:
            yield from self._resume(job)
        elif self._bench and isinstance(job, Compose):
            self._bench.look_ahead(job)

    def _is_open(self, key: str, known: set[str]) -> bool:
        """Whether it is still to be made, or was made and has gone since: `known` the session had."""
        if key in self._failures:
            return False
        return key in self._under_way or key in known or key not in self._times

    def _resume(self, job: SessionJob) -> Iterator[Over]:
        """Nothing is under way any more for this session: it ends, or tries again."""
        del self._waits[job]
        failures = []
        for one in self._lacking.pop(job):
            match self._failures.get(one.key):
                case BuildError() as error:
                    yield self._over(job, error)
                    return
                case Failure() as failure if isinstance(one, Speak):
                    # Other sessions ask for the same sound in other letters: each at a line of its own.
                    failures.append(replace(failure, utterance=one.utterance))
        refused = self._refused_default(job, failures)
        if refused:
            self._go_on(self._without(job, refused.utterance.voice, refused.message))
        else:
            self._go_on(replace(job, failures=(*job.failures, *failures)))

    def _refused_default(self, job: SessionJob, failures: Sequence[Failure]) -> Failure | None:
        """The refusal of a voice that nobody has asked for: it was chosen, since it seemed to be there."""
        chosen = {(voice.engine, voice.name) for voice in replaceable(job.overrides.voices)}
        spoken_by = ((one, one.utterance.voice) for one in failures if one.refused)
        return next((one for one, voice in spoken_by if (voice.engine, voice.name) in chosen), None)

    def _missing_default(self, job: SessionJob, message: str) -> Voice | None:
        return missing_default(job.overrides.voices, self.purchases.refusal, message)

    def _without(self, job: SessionJob, voice: Voice, reason: str) -> SessionJob:
        """The session with the next best voice."""
        self.refused[voice.engine] = reason
        voices = voices_without(job.overrides.voices, self.refused)
        return replace(job, overrides=replace(job.overrides, voices=voices))

    # -- what they lack -------------------------------------------------------------------------

    def _made(self, job: Need, answer: Result | AudiocoachError) -> Iterator[Over]:
        self._progress.advance(_STAGES[type(job)])
        self._times[job.key] = self._times.get(job.key, 0) + 1
        problem = _problem(job, answer)
        if problem is not None:
            self._failures[job.key] = problem
            self._settle(problem)
        elif isinstance(job, Speak):
            self.new.add(job.key)
            self._in_a_row.pop(self._speaker(job.utterance), None)
        if isinstance(job, Speak):
            self._make(self._turns.leave(job))
        if self._bench and problem is None:
            self._bench.read(job)
        for session in self._under_way.pop(job.key):
            self._waits[session] -= 1
            if not self._waits[session]:
                yield from self._resume(session)

    def _settle(self, problem: Failure | BuildError) -> None:
        """A paid voice that refuses is asked for nothing more, and nothing of it is paid for.

        Nor is one that fails again and again, where somebody else runs it: each text would be waited for.
        """
        if not isinstance(problem, Failure):
            return
        voice = self._speaker(problem.utterance)
        if not problem.refused:
            self._count_failure(voice, problem)
        elif self._terms(voice):
            self._settled[voice] = problem
            self.purchases.give_back(problem.utterance)

    def _count_failure(self, voice: Voice, problem: Failure) -> None:
        self._in_a_row[voice] = self._in_a_row.get(voice, 0) + 1
        most = limits_of(voice).failures
        if most is not None and self._in_a_row[voice] >= most:
            why = f"{problem.message} ({most} texts in a row: it was asked for no more)"
            self._settled.setdefault(voice, replace(problem, message=why))


def _edition(job: SessionJob) -> Edition:
    return Edition(job.path, job.overrides.variant)


def _problem(job: Need, answer: Result | AudiocoachError) -> Failure | BuildError | None:
    """Why it was not made. A phrase's failure becomes an error where its line is known."""
    if isinstance(answer, EngineError) and isinstance(job, Speak):
        return Failure(job.utterance, answer.message, refused=isinstance(answer, RefusedError))
    if isinstance(answer, BuildError):
        return answer
    return answer.failure if isinstance(answer, Made) else None
