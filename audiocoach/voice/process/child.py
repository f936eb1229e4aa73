"""The speech process: frames of text come in on one pipe, a WAV file and an answer go out.

There is one engine in it, and it says how it runs. With `fork`, where that is safe (Linux), it is set up once
and every clip is spoken by a fork of that state: what one text leaves behind in the library cannot change the
next, and a text that hangs or crashes takes only its own fork with it. With `stay` it speaks text after text
in the process itself (`direct`). With `once`, and with `fork` where there is none or the engine has started
threads, it speaks one clip there, and `host` starts another process for the next.

Standard input and output are moved out of the engine's reach first: what it prints goes nowhere.
When the input ends, its owner is gone or has had enough, so everything here ends and is removed.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import select
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from audiocoach.pipe import receive_json, send_json, write_all
from audiocoach.records import dataclass
from audiocoach.routine.voice import Voice
from audiocoach.units import MS_PER_SECOND
from audiocoach.voice import engines
from audiocoach.voice.process import direct
from audiocoach.voice.process.attempt import (
    ANYTHING,
    CLIP,
    PROBLEM_LETTERS,
    Pipes,
    Problem,
    attempt,
    sentence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.voice.engines import Engine, Runs

_CHUNK_BYTES = 65_536
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class _Fork:
    """A process that waits for its text at one pipe, and says at the other what went wrong."""

    process_id: int
    text: int
    problem: int


class _Closed(BaseException):
    """The owner has closed the pipe, or sent SIGTERM to say that it will."""


class _Closing:
    """What SIGTERM does: it ends the process wherever it is, but not while it is `held`."""

    held = False
    came = False


def main(folder: str) -> None:
    """Serve the owner until the pipe ends: who speaks, then one answer for every text.

    `folder` is private, and removed at the end.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        signal.signal(signal.SIGTERM, _close)
        hello = receive_json(0)
        if hello is not None:
            _be(Voice(**hello["voice"]), _private_pipes(Path(folder)), forks=hello["forks"])
    except (_Closed, BrokenPipeError):
        return
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        shutil.rmtree(folder, ignore_errors=True)
        # What libraries do when an interpreter ends takes time, and may hang.
        os._exit(0)


def _be(voice: Voice, pipes: Pipes, *, forks: bool) -> None:
    inbox = direct.Inbox(pipes)
    try:
        if forks and engines.declared_runs(engines.engine_class(voice.engine)) == "fork":
            with _ended_by(pipes.requests):
                engine = engines.load(voice)
        else:
            inbox.open()
            engine = engines.load(voice)
        runs = _runs(engine, forks=forks)
    except ANYTHING as error:
        send_json(pipes.replies, {"problem": sentence(error)})
        return
    send_json(pipes.replies, {"problem": None, "runs": runs})
    if runs == "fork":
        _serve(_ForkedSpeech(engine, pipes), pipes)
        return
    inbox.open()
    direct.serve(engine, pipes, inbox, stays=runs == "stay")


@contextlib.contextmanager
def _ended_by(requests: int) -> Iterator[None]:
    """While nobody reads this pipe, and no thread may: its end is told by a signal (fcntl(2), Linux)."""
    import fcntl  # noqa: PLC0415 - not needed where there is no fork

    flags = fcntl.fcntl(requests, fcntl.F_GETFL)
    signal.signal(signal.SIGIO, _close)
    fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        # It may have ended before.
        if select.select([requests], (), (), 0)[0]:
            raise _Closed
        yield
    finally:
        fcntl.fcntl(requests, fcntl.F_SETFL, flags)


def _runs(engine: Engine, *, forks: bool) -> Runs:
    """How this engine runs here: a fork has none of the threads that an engine would wait for."""
    runs = engines.declared_runs(engine)
    return "once" if runs == "fork" and not (forks and has_one_thread()) else runs


def _private_pipes(folder: Path) -> Pipes:
    """Move the pipes away from descriptors 0 and 1, which lead nowhere from now on."""
    pipes = Pipes(os.dup(0), os.dup(1), folder)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return pipes


def _serve(speech: _ForkedSpeech, pipes: Pipes) -> None:
    try:
        while (request := receive_json(pipes.requests)) is not None:
            send_json(pipes.replies, {"problem": _answer(speech, request)})
            # Should there be no room for a process now, there may be when it is needed.
            with contextlib.suppress(OSError):
                speech.get_ready()
    finally:
        speech.close()


def _answer(speech: _ForkedSpeech, request: dict[str, Any]) -> Problem:
    try:
        return speech.speak(request["text"], request["limit_ms"])
    except OSError as error:
        # None would tell that all went well.
        return error.errno or errno.EIO


class _ForkedSpeech:
    """Speech in a fork of this process, in a process group of its own, with a time limit.

    The fork for the next text may stand ready: it is made while the owner is busy with the last one. It does
    little in Python: to look at an object is to write to it (references are counted), and every page that is
    written to is copied. 900 of them took half of the time of a sentence.
    """

    def __init__(self, engine: Engine, pipes: Pipes) -> None:
        self._engine = engine
        self._pipes = pipes
        self._clip = pipes.folder / CLIP
        self._fork = _bare_fork() if has_one_thread() else os.fork
        self._die_with_parent = parent_death_signal(signal.SIGKILL)
        self._ready: _Fork | None = None
        self._woken, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(self._woken, False)
        signal.signal(signal.SIGCHLD, _note_signal)
        signal.set_wakeup_fd(wake)
        # A collection in a fork would touch, and so copy, every page that it shares.
        gc.disable()
        gc.freeze()

    def speak(self, text: str, limit_ms: int) -> Problem:
        """Write the clip.

        Raises:
            _Closed: the owner is gone; the fork is too.
        """
        fork = self._sent(text)
        try:
            ended = self._wait(fork.process_id, time.monotonic() + limit_ms / MS_PER_SECOND)
        finally:
            status = _end_group(fork.process_id)
            problem = _said(fork.problem)
        if not ended:
            return f"the voice was not done after {limit_ms / MS_PER_SECOND:g} s"
        code = os.waitstatus_to_exitcode(status)
        return problem or (f"the voice crashed ({_code_name(code)})" if code else None)

    def get_ready(self) -> None:
        """Fork for a text to come."""
        self._ready = self._forked()

    def _forked(self) -> _Fork:
        parent = os.getpid()
        (reader, writer), (problem, told) = os.pipe(), os.pipe()
        # A process whose number nobody has would not be ended.
        try:
            with _uninterrupted():
                child = self._fork()
                if not child:
                    os.close(writer)
                    self._be_the_child(parent, reader, told)
        except OSError:
            for descriptor in (reader, writer, problem, told):
                os.close(descriptor)
            raise
        os.close(reader)
        os.close(told)
        return _Fork(child, writer, problem)

    def close(self) -> None:
        """End the fork that nobody has used."""
        if self._ready:
            os.close(self._ready.text)
            _end_group(self._ready.process_id)

    def _sent(self, text: str) -> _Fork:
        """The fork that has got this text now."""
        fork, self._ready = self._ready or self._forked(), None
        # Where it has ended already, its exit status says what is wrong.
        with contextlib.suppress(BrokenPipeError):
            write_all(fork.text, text.encode())
        os.close(fork.text)
        return fork

    def _be_the_child(self, parent: int, reader: int, told: int) -> NoReturn:
        """Speak and end, without a word to what its parent has open."""
        status = 1
        try:
            os.setsid()
            self._die_with_parent()
            if os.getppid() == parent:
                self._speak_and_tell(reader, told)
            status = 0
        finally:
            os._exit(status)

    def _speak_and_tell(self, reader: int, told: int) -> None:
        signal.set_wakeup_fd(-1)
        os.close(self._pipes.requests)
        os.close(self._pipes.replies)
        text = _all_of(reader).decode()
        problem = attempt(self._engine, text, self._clip) if text else None
        if problem is not None:
            send_json(told, problem[:PROBLEM_LETTERS] if isinstance(problem, str) else problem)

    def _wait(self, child: int, deadline_s: float) -> bool:
        """Whether the child ended before the deadline.

        Raises:
            _Closed: the owner went away first.
        """
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        poll.register(self._pipes.requests, 0)
        while not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                return False
            events = dict(poll.poll(left_s * MS_PER_SECOND + 1))
            if self._pipes.requests in events:
                raise _Closed
            if self._woken in events:
                os.read(self._woken, 512)
        return True


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """SIGTERM comes when the block has ended."""
    _Closing.held = True
    try:
        yield
    finally:
        _Closing.held = False
    if _Closing.came:
        raise _Closed


def _all_of(descriptor: int) -> bytes:
    """What comes until the other end is closed."""
    parts = b""
    while part := os.read(descriptor, _CHUNK_BYTES):
        parts += part
    return parts


def _said(descriptor: int) -> Problem:
    """What a fork that has ended had to say."""
    # What it started and left behind may hold the other end.
    os.set_blocking(descriptor, False)
    try:
        problem: Problem = receive_json(descriptor)
    except BlockingIOError:
        problem = None
    os.close(descriptor)
    return problem


def _end_group(child: int) -> int:
    """Kill whatever is left of the child's group, then collect its exit status."""
    # The child is not collected yet, so its id cannot have passed to a stranger.
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _code_name(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"


def _close(_number: int, _frame: object) -> None:
    _Closing.came = True
    if not _Closing.held:
        raise _Closed


def _note_signal(_number: int, _frame: object) -> None:
    """Nothing: the wake-up descriptor has ended the wait."""


def has_one_thread() -> bool:
    """Whether the engine has started none."""
    return sum(1 for _ in os.scandir("/proc/self/task")) == 1


def _bare_fork() -> Callable[[], int]:
    """The system's `fork`, without what libraries do behind Python's for their locks and random numbers.

    A process with one thread needs none of it, and it touches 100 pages, each of which is then copied.
    """
    import ctypes  # noqa: PLC0415 - not needed where there is no fork

    library = ctypes.PyDLL(None, use_errno=True)

    def fork() -> int:
        child: int = library.fork()
        if child < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return child

    return fork


def parent_death_signal(number: int) -> Callable[[], object]:
    """What has the calling process get a signal when its parent's thread ends (prctl(2), Linux)."""
    import ctypes  # noqa: PLC0415 - not needed where there is no fork

    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
