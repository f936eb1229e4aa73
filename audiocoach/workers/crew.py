"""Workers on this machine, behind the interface of `concurrent.futures`.

Each worker is a process, and a thread of ours that talks to it. A worker that is lost takes nothing
with it: its call goes to a new one, and when that is lost as well only this call fails.
"""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import signal
import socket
import threading
from concurrent.futures import Executor, Future
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, ParamSpec, TypeVar, cast

from audiocoach import assets
from audiocoach.errors import BuildError
from audiocoach.pipe import receive, send
from audiocoach.records import dataclass
from audiocoach.start import fork, start
from audiocoach.voice.studio import FORKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

P = ParamSpec("P")
T = TypeVar("T")
_TRIES = 2
_GRACE_S = 20.0
# So many stand ready before it is known how much there is to do.
_AT_ONCE = 4
_MOST_BYTE = 255
# Beyond what any system takes for a path.
_MOST_PATH_BYTES = 65_535


class LostWorkerError(BuildError):
    """A call was with two workers in turn, and both ended."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a foreman gets ready for: so many speech processes, and the engine that is likely to speak.

    `cache` is where the engine finds what was made ready before, `""` for nowhere.
    """

    voices: int
    engine: str
    cache: str = ""

    def to_bytes(self) -> bytes:
        """As it goes through the hatch, before anything else."""
        name, cache = self.engine.encode()[:_MOST_BYTE], os.fsencode(self.cache)[:_MOST_PATH_BYTES]
        return bytes([self.voices, len(name)]) + len(cache).to_bytes(2, "big") + name + cache

    @classmethod
    def received(cls, hatch: socket.socket) -> Readiness | None:
        """What came, None where the other end was closed without a word."""
        head = hatch.recv(4)
        if not head:
            return None
        name, cache = hatch.recv(head[1]), hatch.recv(int.from_bytes(head[2:], "big"))
        return cls(head[0], name.decode(), os.fsdecode(cache))


@dataclass(frozen=True, slots=True)
class _Call:
    """A function that has its arguments, and where its result is waited for."""

    future: Future[Any]
    function: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class _Worker:
    """Our end of a worker's pipe; `process` where it has no foreman."""

    reader: BinaryIO
    writer: BinaryIO
    process: Popen[bytes] | None = None

    def call(self, call: _Call) -> tuple[bool, Any]:
        """Have it do the call.

        Raises:
            EOFError, OSError: it is lost.
        """
        send(self.writer, call.function)
        outcome: tuple[bool, Any] = receive(self.reader)
        return outcome

    def close(self) -> None:
        """Tell it to end, and wait for it where that is ours to do."""
        for pipe in (self.writer, self.reader):
            with contextlib.suppress(OSError):
                pipe.close()
        if self.process:
            _wait(self.process)


class Workers(Executor):
    """Whoever does calls: an executor that can be told what is coming, and to end at once."""

    def prepare(self) -> None:
        """There will be calls soon."""

    def muster(self) -> None:
        """There will be calls for several of them soon."""

    def kill(self) -> None:
        """End now; what was asked fails."""
        raise NotImplementedError

    def end(self, *, wait: bool) -> None:
        """No more calls. May be said twice."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as the base
        """As `end`: what an executor's block calls."""
        del cancel_futures
        self.end(wait=wait)


class Crew(Workers):
    """Up to `workers` processes, started when there is something to do.

    With `forks` they are forks of a foreman, which is there from the beginning. It is a fork of this process
    only where that `is_ours`: another program may hold what no fork can have. It loads `engine` for all, the
    one that is likely to speak: another one is loaded by whoever needs it. In the folder `cache` is what was
    made ready of it before.
    """

    def __init__(
        self,
        workers: int,
        *,
        forks: bool = FORKS,
        is_ours: bool = True,
        engine: str = assets.USUAL_ENGINE,
        cache: Path | None = None,
    ) -> None:
        self._most = workers
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._lock = threading.RLock()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        readiness = Readiness(min(workers, _AT_ONCE), engine, str(cache.absolute()) if cache else "")
        self._foreman = _Foreman(readiness, is_ours=is_ours) if forks else None
        self._hired_ones: set[_Worker] = set()
        self._killed = False

    def prepare(self) -> None:
        """There will be calls soon: have the foreman load what workers need, and fork the first one."""
        if self._foreman and self._foreman.wake():
            self.submit(os.getpid)

    def muster(self) -> None:
        """Have some workers more than there are calls now."""
        for _ in range(min(self._most, _AT_ONCE) - len(self._threads)):
            self.submit(os.getpid)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call `fn`: a function of a module, with arguments that can be pickled."""
        future: Future[T] = Future()
        with self._lock:
            self._calls.put(_Call(future, partial(fn, *args, **kwargs)))
            self._idle -= 1
            if self._idle < 0 and len(self._threads) < self._most:
                self._idle += 1
                self._threads.append(threading.Thread(target=self._work, daemon=True))
                self._threads[-1].start()
        return future

    def kill(self) -> None:
        """End all workers now, whatever they do; what was asked of them fails."""
        with self._lock:
            self._killed = True
            if self._foreman:
                self._foreman.kill()
            for one in self._hired_ones:
                if one.process:
                    one.process.terminate()

    def end(self, *, wait: bool) -> None:
        """No more calls; the workers end when they have nothing to do. May be said twice."""
        for _ in self._threads:
            self._calls.put(None)
        if not wait:
            return
        for thread in self._threads:
            thread.join()
        foreman, self._foreman = self._foreman, None
        if foreman:
            foreman.close()

    def _work(self) -> None:
        """One thread: calls from the queue to one worker, until there are no more."""
        one: _Worker | None = None
        while (call := self._calls.get()) is not None:
            if call.future.set_running_or_notify_cancel():
                one = self._done(call, one)
            with self._lock:
                self._idle += 1
        if one:
            self._dismiss(one)

    def _done(self, call: _Call, one: _Worker | None) -> _Worker | None:
        """Have the call done, by this worker or a new one; who is there for the next."""
        for _ in range(_TRIES):
            if self._killed:
                break
            try:
                one = one or self._hired()
                well, outcome = one.call(call)
            except (EOFError, OSError):
                if one:
                    self._dismiss(one)
                one = None
                continue
            except Exception as error:  # noqa: BLE001 - what cannot be pickled may raise anything
                call.future.set_exception(error)
                if one:
                    self._dismiss(one)
                return None
            if well:
                call.future.set_result(outcome)
            else:
                call.future.set_exception(outcome)
            return one
        call.future.set_exception(LostWorkerError("a worker was lost over it, and another one as well"))
        return one

    def _hired(self) -> _Worker:
        """A new worker, ready for calls.

        Raises:
            EOFError, OSError: it did not start.
        """
        with self._lock:
            one = self._foreman.hire() if self._foreman else _alone()
            self._hired_ones.add(one)
        try:
            receive(one.reader)
        except (EOFError, OSError):
            self._dismiss(one)
            raise
        if self._killed:
            # Nobody told it, since it was not there yet.
            self._dismiss(one)
            raise OSError(errno.ECANCELED, "all workers were told to end")
        return one

    def _dismiss(self, one: _Worker) -> None:
        with self._lock:
            self._hired_ones.discard(one)
        one.close()


class _Foreman:
    """The process that forks workers; it and they are one process group.

    A program of ours with one thread forks it, which saves starting an interpreter and importing; any
    other starts it, since another thread may hold any lock.
    """

    def __init__(self, readiness: Readiness, *, is_ours: bool) -> None:
        self._readiness = readiness
        self._awake = False
        self._hatch, theirs = socket.socketpair()
        with theirs:
            if is_ours and threading.active_count() == 1:
                self._process_id = _forked(theirs, self._hatch)
            else:
                process = _started(theirs)
                self._process_id = process.pid
                # It is waited for by its id: no warning when the record is collected.
                process.returncode = 0

    def wake(self) -> bool:
        """Have it load what workers need; whether it had not been told so before."""
        if self._awake:
            return False
        self._awake = True
        self._hatch.sendall(self._readiness.to_bytes())
        return True

    def hire(self) -> _Worker:
        """A worker.

        Raises:
            OSError: the foreman is gone.
        """
        self.wake()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            socket.send_fds(self._hatch, [b"w"], [theirs.fileno()])
            return _Worker(ours.makefile("rb"), ours.makefile("wb"))

    def kill(self) -> None:
        """End all its workers; then it ends as well."""
        with contextlib.suppress(OSError):
            os.killpg(self._process_id, signal.SIGTERM)

    def close(self) -> None:
        """Wait until all its workers have ended, and it; not for ever."""
        self._hatch.shutdown(socket.SHUT_WR)
        self._hatch.settimeout(_GRACE_S)
        try:
            self._hatch.recv(1)
        except OSError:
            os.killpg(self._process_id, signal.SIGKILL)
        self._hatch.close()
        os.waitpid(self._process_id, 0)


def _forked(hatch: socket.socket, ours: socket.socket) -> int:
    """Fork this process, which has one thread, into a foreman behind `hatch`; its process id."""
    process_id = fork()
    if process_id:
        return process_id
    try:
        ours.close()
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if not hatch.recv(1, socket.MSG_PEEK):
            os._exit(0)
        # A build that finds all in the cache never wakes it, and does not pay for this.
        from audiocoach.workers.worker import foreman

        foreman(hatch)
    finally:
        os._exit(1)


def _alone() -> _Worker:
    from subprocess import PIPE  # not needed where workers are forked

    process = start("audiocoach.workers.worker:main", stdin=PIPE, stdout=PIPE)
    return _Worker(cast("BinaryIO", process.stdout), cast("BinaryIO", process.stdin), process)


def _started(hatch: socket.socket) -> Popen[bytes]:
    """Start an interpreter that becomes a foreman behind `hatch`."""
    from subprocess import DEVNULL  # not needed where a foreman is forked

    return start("audiocoach.workers.worker:start_foreman", stdin=hatch.fileno(), stdout=DEVNULL)


def _wait(process: Popen[bytes]) -> None:
    """Wait for a process that has been told to end, and for its group; not for ever."""
    import subprocess

    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
