"""The speech process from outside: start it, have it speak, and be sure that it ends.

It is started, since this process may have threads; where there is one thread, several may be forked
before it is known which voices speak. It leads a session of its own, so Ctrl-C in the terminal does not
reach it; it ends because its pipe does.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach.errors import EngineError, RefusedError
from audiocoach.pipe import receive_json, send_json
from audiocoach.records import dataclass
from audiocoach.start import start
from audiocoach.units import MS_PER_SECOND
from audiocoach.voice import engines
from audiocoach.voice.process import child
from audiocoach.voice.process.attempt import CLIP
from audiocoach.voice.process.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from subprocess import Popen

    from audiocoach.routine.voice import Voice
    from audiocoach.voice.clips import Store
    from audiocoach.voice.engines import Runs
    from audiocoach.voice.limits import Limits

_ENTRY = "audiocoach.voice.process.child:main"
_NOISE = "stderr.txt"
_CHUNK_BYTES = 4096
_SHOWN = 200
# The file descriptors on one side: for requests and for replies.
_Ends = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Line:
    """A speech process that waits to be told who it is: our ends of its pipes, its private folder.

    `process` is there where it was started, not forked.
    """

    folder: Path
    process_id: int
    requests: int
    replies: int
    process: Popen[bytes] | None = None

    def close_pipes(self) -> None:
        """Have it end, unless somebody else holds the other ends as well."""
        os.close(self.requests)
        os.close(self.replies)


# Forked before it was known which voices speak.
_ahead: list[_Line] = []


def call_ahead(count: int, engine: str, *strange: int, store: Store | None = None) -> None:
    """Fork so many speech processes, for whoever speaks first in forks of this process, which has one thread.

    They share what the engine needs, which is loaded here, with what the `store` has of it. The descriptors
    `strange` are not theirs.
    """
    # Whatever is wrong with it is told by whoever wants to speak.
    with suppress(Exception):
        engines.prepare(engine, store)
    # A collection in a fork would touch, and so copy, every page of what they share.
    gc.freeze()
    with suppress(OSError):
        while len(_ahead) < count:
            _ahead.append(_opened(partial(_forked, strange=strange)))


def take_one() -> None:
    """In a fork of the process that called ahead: one line is ours, the others are for other forks."""
    _close(_ahead[1:])
    del _ahead[1:]


def leave_one() -> None:
    """It belongs to a fork of this process now."""
    _close(_ahead[:1])
    del _ahead[:1]


def end_ahead() -> None:
    """Nobody has spoken: end them, and remove their folders."""
    _close(_ahead)
    for line in _ahead:
        shutil.rmtree(line.folder, ignore_errors=True)
    _ahead.clear()


def _close(lines: list[_Line]) -> None:
    for line in lines:
        line.close_pipes()


class EngineProcess:
    """One speech process for one voice: one that was called ahead, or started on construction.

    With `forks` every clip is a fork of it, where its engine can be forked. An engine that stays speaks in
    the process itself, which `lasts` until a text goes wrong; any other speaks one clip, and lasts no longer.
    """

    def __init__(self, limits: Limits, *, forks: bool) -> None:
        """Have the process.

        Raises:
            OSError: there is no room for a process or its files.
        """
        self._limits = limits
        self._forks = forks
        self._runs: Runs = "fork" if forks else "once"
        self._line = _ahead.pop() if _ahead else _opened(_started)
        self._watchdog = Watchdog(self._time_out)
        self._timed_out = self._is_closed = self._is_refused = False
        self.lasts = False

    @property
    def process_id(self) -> int:
        """The process, and the group that it leads."""
        return self._line.process_id

    def say(self, text: str) -> Path:
        """Where the engine has written `text`, unchecked; valid until the next call.

        Raises:
            EngineError: the engine raised, crashed or was not done in time.
            RefusedError: an engine that stays says that it will speak nothing at all.
            OSError: its folder cannot be used, or the disk is full.
        """
        path = self._line.folder / CLIP
        _remove(path)
        limit_ms = self._limits.for_text(text)
        # With forks the child keeps the time, and this side only makes sure of the child.
        patience_ms = limit_ms + (self._limits.grace_ms if self._runs == "fork" else 0)
        problem = self._ask({"text": text, "limit_ms": limit_ms}, patience_ms)
        if isinstance(problem, int):
            raise OSError(problem, os.strerror(problem))
        if problem:
            raise (RefusedError if self._is_refused else EngineError)(problem)
        return path

    def doubt(self) -> None:
        """What it wrote for a text is rubbish: only a fork leaves nothing behind of that."""
        self.lasts = self._runs == "fork"

    def has_ended(self) -> bool:
        """Whether it is no longer there: what an engine has started may end it after it has answered."""
        if sys.platform == "win32":
            return bool(self._line.process and self._line.process.poll() is not None)
        poll = select.poll()
        poll.register(self._line.replies, 0)
        return bool(poll.poll(0))

    def hang_up(self) -> None:
        """Tell the process, from any thread, to stop what it does and go; whoever waits for it is told."""
        if self._line.process:
            self._line.process.terminate()
            return
        with suppress(ProcessLookupError):
            os.kill(self.process_id, signal.SIGTERM)

    def close(self) -> None:
        """End the process and whatever it started, and remove its files."""
        self.lasts = False
        if self._is_closed:
            return
        self._is_closed = True
        os.close(self._line.requests)
        try:
            self._wait_for_the_end()
        finally:
            self._watchdog.end()
            self._kill()
            self._collect()
            os.close(self._line.replies)
            shutil.rmtree(self._line.folder, ignore_errors=True)

    def _collect(self) -> None:
        """Take leave of the process, where it is a child of this one."""
        if self._line.process:
            self._line.process.wait()
            return
        with suppress(ChildProcessError):
            os.waitpid(self.process_id, 0)

    def _wait_for_the_end(self) -> None:
        """Read until the process has closed its side, for as long as the grace allows."""
        with self._watchdog.limit(self._limits.grace_ms), suppress(OSError, ValueError):
            while os.read(self._line.replies, _CHUNK_BYTES):
                pass

    def set_up(self, voice: Voice) -> None:
        """Wait until the voice is set up.

        Raises:
            RefusedError: the engine says what is missing.
            EngineError: the set-up crashed or took too long.
        """
        problem = self._ask({"voice": asdict(voice), "forks": self._forks}, self._limits.set_up_ms)
        if problem:
            raise RefusedError(str(problem))
        self.lasts = True

    def _ask(self, message: dict[str, Any], limit_ms: int) -> str | int | None:
        """Send a message; the answer's problem, in words or an `errno`, `None` if all went well."""
        with self._watchdog.limit(limit_ms):
            answer = self._exchange(message)
        if answer is None:
            self.lasts = False
            raise EngineError(self._epitaph(limit_ms))
        self._runs = answer.get("runs", self._runs)
        self.lasts = answer.get("lasts", self.lasts)
        self._is_refused = answer.get("is_refused", False)
        problem: str | int | None = answer["problem"]
        return problem

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any] | None:
        # Somebody else may have the numbers of closed pipes.
        if self._is_closed:
            return None
        try:
            send_json(self._line.requests, message)
            answer: dict[str, Any] | None = receive_json(self._line.replies)
        except (OSError, ValueError):
            return None
        return answer

    def _time_out(self) -> None:
        """Kill the process: its pipe then ends."""
        self._timed_out = True
        self._kill()

    def _kill(self) -> None:
        """Kill the process with its whole group, where there are groups."""
        if sys.platform == "win32":
            if self._line.process:
                self._line.process.kill()
            return
        try:
            os.killpg(self.process_id, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            with suppress(ProcessLookupError):
                os.kill(self.process_id, signal.SIGKILL)

    def _epitaph(self, limit_ms: int) -> str:
        if self._timed_out:
            return f"the voice was not done after {limit_ms / MS_PER_SECOND:g} s"
        last_words = self._last_words()
        return f"the speech process crashed: {last_words}" if last_words else "the speech process crashed"

    def _last_words(self) -> str:
        """The last line that it wrote to its standard error."""
        try:
            noise = (self._line.folder / _NOISE).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return noise.strip().rpartition("\n")[2][:_SHOWN]


def _remove(path: Path) -> None:
    """Whatever an engine has left there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _opened(begin: Callable[[Path, _Ends, _Ends], tuple[int, Popen[bytes] | None]]) -> _Line:
    """A line with its private folder; `begin` gets that, the process's ends and ours.

    Raises:
        OSError: there is no room for a process or its files: nothing is left.
    """
    with ExitStack() as undo, ExitStack() as theirs:
        folder = Path(tempfile.mkdtemp(prefix="audiocoach-voice-"))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        requested, requests = os.pipe()
        theirs.callback(os.close, requested)
        undo.callback(os.close, requests)
        replies, replied = os.pipe()
        theirs.callback(os.close, replied)
        undo.callback(os.close, replies)
        process_id, process = begin(folder, (requested, replied), (requests, replies))
        undo.pop_all()
        return _Line(folder, process_id, requests, replies, process)


def _started(folder: Path, theirs: _Ends, _: _Ends) -> tuple[int, Popen[bytes]]:
    """Start an interpreter."""
    requested, replied = theirs
    with (folder / _NOISE).open("wb") as noise:
        process = start(_ENTRY, str(folder), stdin=requested, stdout=replied, stderr=noise.fileno())
    return process.pid, process


def _forked(folder: Path, theirs: _Ends, ours: _Ends, strange: Sequence[int]) -> tuple[int, None]:
    """Fork this process."""
    parent, ends_with_parent = os.getpid(), child.parent_death_signal(signal.SIGTERM)
    process_id = os.fork()
    if process_id:
        return process_id, None
    try:
        os.setsid()
        # Who hangs in its set-up does not see that its pipe has ended.
        ends_with_parent()
        if os.getppid() != parent:
            os._exit(1)
        for descriptor in (*strange, *ours):
            os.close(descriptor)
        _close(_ahead)
        _take_streams(*theirs, folder / _NOISE)
        child.main(str(folder))
    finally:
        os._exit(1)


def _take_streams(requested: int, replied: int, noise: Path) -> None:
    """The pipes become standard input and output, as a started process has them."""
    with noise.open("wb") as file:
        for stream, descriptor in enumerate((requested, replied, file.fileno())):
            os.dup2(descriptor, stream)
    os.close(requested)
    os.close(replied)
