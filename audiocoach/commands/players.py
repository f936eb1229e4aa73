"""The programs of this machine that play a sound: which there is, and how it is asked to begin in the middle.

A player that cannot begin in the middle gets the rest of the session as a file of its own.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from audiocoach.errors import BuildError, printable, quote
from audiocoach.making.others import write_rest
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLE = "AUDIOCOACH_PLAYER"
# A player finds its file here as well, whatever letters are in its path.
_FILE_VARIABLE = "AUDIOCOACH_FILE"
_FRAME_MS = 24
_GRACE_S = 2.0
# A player that has ended so long before the sound has not played it; one that took less than that in all has
# played nothing, whatever it says of itself.
_EARLY_MS, _AT_ONCE_MS = 2_000, 1_000
_SAID_LINES, _SAID_BYTES, _SAID_CHARACTERS = 3, 4_000, 300
_WAY_OUT = f"see that this machine plays sound, or name another player in {VARIABLE}, such as mpv or ffplay"
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
# `{file}` is a sound, `{wav}` one in samples; `{start}` is where to begin in seconds, `{frame}` in frames.
_KNOWN: tuple[tuple[str, ...], ...] = (
    ("mpv", "--no-video", "--no-input-terminal", "--msg-level=all=error", "--start={start}", "{file}"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error", "-ss", "{start}", "{file}"),
    ("mpg123", "-q", "-k", "{frame}", "{file}"),
    ("afplay", "{file}"),
    ("pw-play", "{wav}"),
    ("paplay", "{wav}"),
    ("aplay", "-q", "{wav}"),
    (
        "powershell",
        "-NoProfile",
        "-Command",
        f"(New-Object System.Media.SoundPlayer $env:{_FILE_VARIABLE}).PlaySync() # {{wav}}",
    ),
)


class PlayerError(BuildError):
    """There is no player, or it cannot play."""


@dataclass(frozen=True, slots=True)
class Player:
    """A command with places for what it is to play.

    One that is the user's own may hand the sound on to another program, and end.
    """

    command: tuple[str, ...]
    is_own: bool = False

    @property
    def _seeks(self) -> bool:
        return any(place in part for part in self.command for place in ("{start}", "{frame}"))

    @property
    def _wants_samples(self) -> bool:
        return any("{wav}" in part for part in self.command)

    def start(self, sound: Path, start_ms: int, folder: Path) -> Playing:
        """Play a sound from there on; what is made for that lies in `folder`.

        Raises:
            PlayerError: the program cannot be started.
        """
        file = self._file(sound, start_ms, folder)
        places = {
            "{file}": str(file),
            "{wav}": str(file),
            "{start}": f"{start_ms / MS_PER_SECOND:.3f}",
            "{frame}": str(start_ms // _FRAME_MS),
        }
        command = [_filled(part, places) for part in self.command]
        said = folder / "said.txt"
        try:
            with said.open("wb") as saying:
                process = subprocess.Popen(  # noqa: S603 - the user's own player, without a shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=saying,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, _FILE_VARIABLE: str(file)},
                    start_new_session=True,
                )
        except OSError as error:
            name = printable(command[0])
            raise PlayerError(f"the player {name} cannot be started: {error.strerror}: {_WAY_OUT}") from error
        return Playing(process, start_ms, time.monotonic(), said, self.is_own)

    def _file(self, sound: Path, start_ms: int, folder: Path) -> Path:
        if not self._wants_samples and (self._seeks or not start_ms):
            return sound
        rest = folder / "rest.wav"
        with rest.open("wb") as out:
            write_rest(sound, 0 if self._seeks else start_ms, out)
        return rest


def _filled(part: str, places: Mapping[str, str]) -> str:
    for place, value in places.items():
        part = part.replace(place, value)
    return part


@dataclass(frozen=True, slots=True)
class Playing:
    """A player at work: it began at `start_ms` of the session, at `began_s` of the clock.

    What it says is written to the file `said`.
    """

    process: subprocess.Popen[bytes]
    start_ms: int
    began_s: float
    said: Path
    is_own: bool = False

    @property
    def position_ms(self) -> int:
        """Where it must be by now."""
        return self.start_ms + round((time.monotonic() - self.began_s) * MS_PER_SECOND)

    def has_ended(self, length_ms: int) -> bool:
        """Whether it has played a sound of that length to its end.

        Raises:
            PlayerError: it has ended with an error, or before it can have played it.
        """
        status = self.process.poll()
        if status is None:
            return False
        said = _tail(self.said)
        if status:
            raise PlayerError(self._failure(f"ended with {_status(status)}", said))
        if self._is_early(length_ms) and (said or (self._was_at_once() and not self.is_own)):
            raise PlayerError(self._failure(f"ended before {ms_to_clock(length_ms)}, the end", said))
        return True

    def has_handed_on(self, length_ms: int) -> bool:
        """Whether it has ended at once, and is not to blame for that."""
        has_no_error = self.process.poll() == 0
        return has_no_error and self.is_own and self._is_early(length_ms) and self._was_at_once()

    def _is_early(self, length_ms: int) -> bool:
        return self.position_ms < length_ms - _EARLY_MS

    def _was_at_once(self) -> bool:
        return self.position_ms - self.start_ms < _AT_ONCE_MS

    @property
    def name(self) -> str:
        """The program, as it may be shown."""
        return printable(str(self.process.args[0])) if isinstance(self.process.args, list) else ""

    def _failure(self, how: str, said: str) -> str:
        words = f"it said {quote(said)}" if said else "it said nothing"
        return f"the player {self.name} {how}, and {words}: {_WAY_OUT}"

    def stop(self) -> None:
        """End it and all that it has started, and wait until it has."""
        if self.process.poll() is not None:
            return
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_GRACE_S)
            return
        self._signal(_KILL)
        self.process.wait()

    def _signal(self, number: int) -> None:
        """To its group, where there are groups: what is named may be a script that calls the player."""
        if os.name != "posix":
            self.process.send_signal(number)
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def _status(status: int) -> str:
    """How a program ended; killed it has, on POSIX, the number of the signal below zero."""
    return f"status {status}" if status > 0 else f"signal {-status}"


def _tail(said: Path) -> str:
    """The last lines of what a player said, as one."""
    try:
        with said.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _SAID_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    lines = [" ".join(printable(line).split()) for line in text.splitlines()]
    return "; ".join([line for line in lines if line][-_SAID_LINES:])[-_SAID_CHARACTERS:]


def find_player(environ: Mapping[str, str] = os.environ) -> Player:
    """The user's own, or the first that there is.

    Raises:
        PlayerError: there is none.
    """
    own = environ.get(VARIABLE, "").strip()
    if own:
        return Player(_own(own), is_own=True)
    found = next((command for command in _KNOWN if shutil.which(command[0])), None)
    if found is None:
        way = "brew install mpv" if sys.platform == "darwin" else "install mpv or ffmpeg"
        raise PlayerError(f"there is no player here: {way}, or name yours in {VARIABLE}")
    return Player(found)


def _own(text: str) -> tuple[str, ...]:
    try:
        command = tuple(shlex.split(text, posix=os.name == "posix"))
    except ValueError as error:
        raise PlayerError(f"{VARIABLE} cannot be read: {error}: expected a command such as mpv") from error
    has_place = any(place in part for part in command for place in ("{file}", "{wav}"))
    return command if has_place else (*command, "{file}")


def folder_for_rests() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes when the playing ends."""
    return tempfile.TemporaryDirectory(prefix="audiocoach-play-")
