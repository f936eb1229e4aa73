"""A worker's side: a process that does what it is told until its pipe ends.

Frames on the pipe (`pipe`) are pickles: a function that has its arguments comes in, its result or what it
raised goes out.

Where `fork` is safe (Linux) the workers are forks of one foreman: a process of its own with one
thread, which has loaded what they need and gets the end of a pipe for each. SIGTERM ends a worker at
once and without a trace: its voice is told to go, its temporary files are removed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from audiocoach.errors import StoppedError
from audiocoach.making import work
from audiocoach.pipe import receive, send
from audiocoach.start import fork
from audiocoach.store.cache import Cache
from audiocoach.store.files import UNFINISHED
from audiocoach.workers.crew import Readiness
from audiocoach.workers.preload import preload

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, ModuleType


_GRACE_S = 3.0
_LOOK_EVERY_S = 0.1


class Shift:
    """The calls that are being done, in whatever thread. Once it has ended no other begins."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls = 0
        self._has_ended = False

    def __enter__(self) -> None:
        """Begin a call; after the end of the shift, wait for the end of the process."""
        with self._changed:
            self._changed.wait_for(lambda: not self._has_ended)
            self._calls += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._calls -= 1
            self._changed.notify_all()

    def end(self, break_off: Callable[[], object]) -> None:
        """Wait until all calls are over, which `break_off` has them be; not for ever."""
        last_s = time.monotonic() + _GRACE_S
        with self._changed:
            # Pipe's end and SIGTERM may come together: the second would end us while the first cleans up.
            self._changed.wait_for(lambda: not self._has_ended)
            self._has_ended = True
        while self._calls and time.monotonic() < last_s:
            # One that had begun just before may have called for a voice since.
            break_off()
            with self._changed:
                self._changed.wait_for(lambda: not self._calls, _LOOK_EVERY_S)
        break_off()


_shift = Shift()


def serve(reader: BinaryIO, writer: BinaryIO) -> NoReturn:
    """Say who we are, then answer every call until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave_soon)
    try:
        send(writer, os.getpid())
        while True:
            send(writer, outcome(receive(reader)))
    except (EOFError, OSError):
        _leave()


def outcome(call: Callable[[], Any]) -> tuple[bool, Any]:
    """Whether it went well, and the result or what was raised."""
    with _shift:
        try:
            return True, call()
        except (Exception, StoppedError) as error:  # noqa: BLE001 - raised again where the result is waited for
            return False, error


def leave_soon(_number: int, _frame: FrameType | None) -> None:
    """Handle SIGTERM: the worker ends without a trace.

    A handler may come between any two steps, with any lock held: another thread can wait for them.
    """
    threading.Thread(target=_leave).start()


def _leave() -> NoReturn:
    """End. A job that waits for its voice is told, and cleans up after itself; others may take too long."""
    _shift.end(work.close_benches)
    _speech_host().end_ahead()
    UNFINISHED.drop()
    os._exit(0)


def main() -> None:
    """One worker on standard input and output, where there is no foreman."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _silence_streams()
    serve(reader, writer)


def _silence_streams() -> None:
    """What a library prints goes nowhere: the pipes are for frames."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def start_foreman() -> None:
    """A foreman whose hatch is standard input."""
    foreman(socket.socket(fileno=os.dup(0)))


def foreman(hatch: socket.socket) -> NoReturn:
    """Fork a worker for every socket that comes; when no more can come, end all and wait for them."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _silence_streams()
        # There will be work.
        readiness = Readiness.received(hatch)
        if readiness:
            store = Cache(Path(readiness.cache)) if readiness.cache else None
            _speech_host().call_ahead(readiness.voices, readiness.engine, hatch.fileno(), store=store)
            # What is wrong with a library is told by what needs it.
            with contextlib.suppress(Exception):
                preload()
            gc.freeze()
            _fork_workers(hatch)
            _speech_host().end_ahead()
        os.killpg(0, signal.SIGTERM)
        _collect(0)
    finally:
        # What a fork inherited is not its own to close: no handler of the program may run here.
        os._exit(0)


def _fork_workers(hatch: socket.socket) -> None:
    while True:
        _, descriptors, _, _ = socket.recv_fds(hatch, 1, 1)
        if not descriptors:
            break
        if not fork():
            hatch.close()
            _speech_host().take_one()
            pipe = socket.socket(fileno=descriptors[0])
            serve(pipe.makefile("rb"), pipe.makefile("wb"))
        os.close(descriptors[0])
        _speech_host().leave_one()
        _collect(os.WNOHANG)


def _speech_host() -> ModuleType:
    """The lines to voices: the program, which imports this module as well, has none."""
    from audiocoach.voice.process import host  # noqa: PLC0415 - the program, which imports this module as well, has no voices

    return host


def _collect(options: int) -> None:
    """Take leave of workers that have ended; with options 0, of all."""
    try:
        while os.waitpid(-1, options)[0]:
            pass
    except ChildProcessError:
        pass
