"""A cluster worker's side: whether it may work for a build, and the calls that it does.

What a worker makes is used by all, so it must see the same folders and have the same versions of
everything that shapes a byte. A plugin that goes to every worker, also to those that come later,
compares; only a worker that differs in nothing gets the resource that the calls of the build need.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import pickle
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import distributed

from audiocoach.errors import AudiocoachError
from audiocoach.making import work
from audiocoach.records import dataclass
from audiocoach.routine.voice import Voice
from audiocoach.store import fingerprint
from audiocoach.store.files import Digests
from audiocoach.voice import engines
from audiocoach.workers import worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.store.place import Place

# A call takes one of them: no worker has so many threads.
_PLENTY = 1_000_000
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class AdmissionTerms:
    """What a worker must agree to.

    `seen` are files with their SHA-256 in folders that are shared, `kept` those in which it must be
    able to write; `folder` is where relative paths begin, `voices` the engines that are compared.
    """

    resource: str
    place: Place
    folder: str
    identity: tuple[str, ...]
    voices: tuple[str, ...]
    seen: tuple[tuple[str, str], ...]
    kept: tuple[str, ...]


def voices() -> tuple[str, ...]:
    """The engines that can be had here."""
    return tuple(name for name in engines.names() if _voice(name))


def identify(names: tuple[str, ...]) -> tuple[str, ...]:
    """What must be the same on both sides, one thing an entry, in one order."""
    return (
        fingerprint.describe_versions(),
        f"assets {_digest(fingerprint.shipped())}",
        f"distributed {distributed.__version__}",
        *(f"voice {name} {_voice(name) or 'missing'}" for name in names),
    )


def _voice(name: str) -> str:
    """A digest of what shapes the engine's sound, `""` where it cannot be had."""
    try:
        return _digest((engines.engine_class(name).fingerprint(Voice(name)), engines.machine_of(name)))
    except AudiocoachError:
        return ""


def _digest(content: object) -> str:
    return hashlib.sha256(repr(content).encode()).hexdigest()[:_SHOWN]


def find_refusals(terms: AdmissionTerms) -> list[str]:
    """Why this worker is of no use, nothing if it may work."""
    here = identify(terms.voices)
    digests = Digests()
    found = [
        f"it has {ours}, not {asked}"
        for ours, asked in zip(here, terms.identity, strict=True)
        if ours != asked
    ]
    found += [f"it does not see {path}" for path, digest in terms.seen if digests.of(path) != digest]
    found += [f"it cannot write to {folder}" for folder in terms.kept if not os.access(folder, os.W_OK)]
    return found if os.path.isdir(terms.folder) else [*found, f"it does not see {terms.folder}"]  # noqa: PTH112


class Admission(distributed.WorkerPlugin):  # type: ignore[misc]
    """Lets a worker take calls of one build, if it may."""

    def __init__(self, terms: AdmissionTerms) -> None:
        self._terms = terms

    async def setup(self, worker: distributed.Worker) -> None:
        """Give the worker the resource that calls of this build need, or take it away."""
        amount = 0 if find_refusals(self._terms) else _PLENTY
        await worker.set_resources(**{self._terms.resource: amount})
        _call_attention_to(worker)

    def teardown(self, worker: distributed.Worker) -> None:
        """The build is over: so are its voices."""
        del worker
        work.close_benches(self._terms.place)


def _call_attention_to(worker: distributed.Worker) -> None:
    """The scheduler offers calls that nobody could take when a worker goes on after a pause."""
    if worker.status == distributed.Status.running:
        worker.status = distributed.Status.paused
        worker.status = distributed.Status.running


def carry_out(folder: str, call: Callable[[], Any]) -> bytes:
    """Whether a call went well in this folder, and its result or what it raised: as a pickle.

    For a result that cannot be pickled Dask would ask again and again.
    """
    with _WHEREABOUTS.inside(folder):
        return pickle.dumps(worker.outcome(call), pickle.HIGHEST_PROTOCOL)


class _Whereabouts:
    """The current folder of this process: threads share one, and wait while others need another."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._folder = ""
        self._calls = 0

    @contextlib.contextmanager
    def inside(self, folder: str) -> Iterator[None]:
        """Be in this folder until the block ends.

        Raises:
            OSError: it has gone.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._calls or self._folder == folder)
            os.chdir(folder)
            self._folder = folder
            self._calls += 1
        try:
            yield
        finally:
            with self._changed:
                self._calls -= 1
                self._changed.notify_all()


_WHEREABOUTS = _Whereabouts()


def main(address: str) -> None:
    """One worker of this scheduler, on loopback, until its standard input ends or SIGTERM comes."""
    signal.signal(signal.SIGTERM, worker.leave_soon)
    # The scheduler may be gone before the worker has found it: then it would look for it for ever.
    threading.Thread(target=_leave_with_whoever_started_us, daemon=True).start()
    asyncio.run(_serve(address))


def _leave_with_whoever_started_us() -> None:
    sys.stdin.read()
    worker.leave_soon(signal.SIGTERM, None)


async def _serve(address: str) -> None:
    async with distributed.Worker(address, nthreads=1, memory_limit=None, host="127.0.0.1") as one:
        await one.finished()
