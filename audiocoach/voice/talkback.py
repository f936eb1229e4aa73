"""The speech process from outside: start it, have it speak, and be sure that it ends.

It is started, never forked: this process may have threads. It leads a session of its own, so Ctrl-C
in the terminal does not reach it; it ends because its pipe does.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach.errors import EngineError, RefusedError
from audiocoach.units import MS_PER_SECOND
from audiocoach.voice import booth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.routine.voice import Voice
    from audiocoach.voice.limits import Limits

# Given the whole import path, so that the process imports what this one does and nothing that
# happens to lie in the current folder.
_START = "import sys; sys.path[:] = sys.argv[2:]; from audiocoach.voice.booth import main; main(sys.argv[1])"
_NOISE = "stderr.txt"
_CHUNK_BYTES = 4096
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Line:
    """A speech process that waits to be told who it is, and the private folder for its files."""

    folder: Path
    process: subprocess.Popen[bytes]

    def close_pipes(self) -> None:
        """Have it end, unless somebody else holds the other ends as well."""
        # Whoever started it waits for all its processes: no warning when the record is collected.
        self.process.returncode = 0
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


# Started before it was known which voice speaks: at most one.
_ahead: list[_Line] = []


def call_ahead() -> None:
    """Have a speech process for whoever speaks first here, or in a fork of this process.

    It takes a tenth of a second to load what a voice needs, in which other things can be done here.
    """
    with suppress(OSError):
        if not _ahead:
            _ahead.append(_started())


def leave_ahead() -> None:
    """It belongs to a fork of this process now."""
    while _ahead:
        _ahead.pop().close_pipes()


def end_ahead() -> None:
    """Nobody has spoken: end it, and remove its folder."""
    for line in _ahead:
        line.close_pipes()
        shutil.rmtree(line.folder, ignore_errors=True)
    _ahead.clear()


class Talkback:
    """One speech process for one voice: the one that was called ahead, or started on construction.

    With `forks` every clip is a fork of it; without, it speaks one clip and `lasts` no longer.
    """

    def __init__(self, voice: Voice, limits: Limits, *, forks: bool) -> None:
        """Start the process and wait until the voice is set up.

        Raises:
            RefusedError: the engine says what is missing.
            EngineError: the set-up crashed or took too long.
            OSError: there is no room for a process or its files.
        """
        self._limits = limits
        self._forks = forks
        line = _ahead.pop() if _ahead else _started()
        self._folder, self._process = line.folder, line.process
        self._timed_out = False
        self.lasts = True
        try:
            self._set_up(voice)
        except BaseException:
            self.close()
            raise

    @property
    def process_id(self) -> int:
        """The process, and the group that it leads."""
        return self._process.pid

    def say(self, text: str) -> Path:
        """Where the engine has written `text`, unchecked; valid until the next call.

        Raises:
            EngineError: the engine raised, crashed or was not done in time.
            OSError: its folder cannot be used, or the disk is full.
        """
        path = self._folder / booth.CLIP
        path.unlink(missing_ok=True)
        limit_ms = self._limits.for_text(text)
        # With forks the booth keeps the time, and this side only makes sure of the booth.
        patience_ms = limit_ms + (self._limits.grace_ms if self._forks else 0)
        self.lasts = self._forks
        problem = self._ask({"text": text, "limit_ms": limit_ms}, patience_ms)
        if isinstance(problem, int):
            raise OSError(problem, os.strerror(problem))
        if problem:
            raise EngineError(problem)
        return path

    def hang_up(self) -> None:
        """Tell the process, from any thread, to stop what it does and go; whoever waits for it is told."""
        self._process.terminate()

    def close(self) -> None:
        """End the process and whatever it started, and remove its files."""
        self.lasts = False
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._wait_for_the_end()
        finally:
            self._kill()
            self._process.wait()
            if self._process.stdout:
                self._process.stdout.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _wait_for_the_end(self) -> None:
        """Read until the process has closed its side, for as long as the grace allows."""
        with self._watched(self._limits.grace_ms), suppress(OSError, ValueError):
            while self._process.stdout and self._process.stdout.read(_CHUNK_BYTES):
                pass

    def _set_up(self, voice: Voice) -> None:
        problem = self._ask({"voice": asdict(voice), "forks": self._forks}, self._limits.set_up_ms)
        if problem:
            raise RefusedError(str(problem))

    def _ask(self, message: dict[str, Any], limit_ms: int) -> str | int | None:
        """Send a message; the answer's problem, in words or an `errno`, `None` if all went well."""
        with self._watched(limit_ms):
            answer = self._exchange(message)
        if answer is None:
            self.lasts = False
            raise EngineError(self._epitaph(limit_ms))
        problem: str | int | None = answer["problem"]
        return problem

    def _exchange(self, message: dict[str, Any]) -> dict[str, Any] | None:
        if not self._process.stdin or not self._process.stdout:
            return None
        try:
            booth.send(self._process.stdin.fileno(), message)
            answer: dict[str, Any] | None = booth.receive(self._process.stdout.fileno())
        except (OSError, ValueError):
            return None
        return answer

    @contextmanager
    def _watched(self, limit_ms: int) -> Iterator[None]:
        """Kill the process if what is done here takes longer: its pipe then ends."""
        watchdog = threading.Timer(limit_ms / MS_PER_SECOND, self._time_out)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()

    def _time_out(self) -> None:
        self._timed_out = True
        self._kill()

    def _kill(self) -> None:
        """Kill the process with its whole group, where there are groups."""
        if sys.platform == "win32":
            self._process.kill()
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            self._process.kill()

    def _epitaph(self, limit_ms: int) -> str:
        if self._timed_out:
            return f"the voice was not done after {limit_ms / MS_PER_SECOND:g} s"
        last_words = self._last_words()
        return f"the speech process crashed: {last_words}" if last_words else "the speech process crashed"

    def _last_words(self) -> str:
        """The last line that it wrote to its standard error."""
        try:
            noise = (self._folder / _NOISE).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return noise.strip().rpartition("\n")[2][:_SHOWN]


def _started() -> _Line:
    """The process, with its private folder; without one there is no folder either."""
    folder = Path(tempfile.mkdtemp(prefix="audiocoach-voice-"))
    try:
        return _Line(folder, _start(folder))
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _start(folder: Path) -> subprocess.Popen[bytes]:
    path = [place or os.getcwd() for place in sys.path]  # noqa: PTH109 - the import path is text
    with (folder / _NOISE).open("wb") as stderr:
        return subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-c", _START, str(folder), *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=0,
            start_new_session=True,
        )
