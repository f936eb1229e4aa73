"""A program of the user's as a voice: `say`, `flite`, `pico2wave`, `espeak-ng`, a script.

The command stands in the user's configuration, and a routine names it: so a YAML file from elsewhere runs
nothing. It is a list of arguments, and no shell reads it. `docs/engines/command.md` is its tutorial.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from audiocoach import regular
from audiocoach.configuration import SLOTS
from audiocoach.errors import EngineError, RefusedError
from audiocoach.voice.engines.entries import entries, entry
from audiocoach.voice.engines.streamed import completed, is_wav
from audiocoach.voice.limits import Limits
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from audiocoach.configuration import Command, Configuration
    from audiocoach.routine.voice import Voice

_USUAL_RATE_WPM = 165
_SLOT = re.compile(rf"\{{({'|'.join(SLOTS)})\}}")
# `say` and espeak-ng obey what stands between `[[` and `]]`.
_DOUBLED_BRACKET = re.compile(r"(?<=\[)(?=\[)|(?<=\])(?=\])")
_MOST_BYTES = 200_000_000
_WHOLE_BYTES = 8_000_000
_SHOWN = 200
_EXAMPLE = '[command.flite] with run = ["flite", "-o", "{wav}"]'


class CommandEngine:
    """One entry of the user's `[command.NAME]`: a new process for each text."""

    # Nothing of a text is left behind: the program that spoke it has ended.
    runs = "stay"
    # A program that loads a model does so for each text.
    limits = Limits(clip_ms=60_000, character_ms=100)

    def __init__(self, voice: Voice) -> None:
        command = _command(voice)
        self._where = f"see [command.{voice.name}] in {command.at}"
        self._program = _found(command)
        self._arguments = command.run[1:]
        self._rate_wpm = voice.rate_wpm
        if voice.rate_wpm != _USUAL_RATE_WPM and "{rate}" not in "".join(command.run):
            raise RefusedError(
                f"[command.{voice.name}] has no {{rate}} among its arguments: write it where the program"
                f' takes words a minute, as in ["say", "-r", "{{rate}}", …], or leave out rate:'
            )

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """The arguments, and the version that the user gives, else the content of the files among them.

        Raises:
            RefusedError: there is no such entry, or no such program.
        """
        command = _command(voice)
        version = command.version or _digest(command)
        return f"command 1 {command.run!r} {version}"

    @staticmethod
    def voices() -> tuple[Listed, ...]:
        """The entries of the user's configuration.

        Raises:
            RefusedError: it has a problem.
        """
        return tuple(Listed(name, (), "", _remedy(command)) for name, command in entries(_table).items())

    def speak(self, text: str, path: Path) -> None:
        """Have the program write `text` to `path`, or to its standard output where it is given no path.

        Raises:
            EngineError: it failed, with the last line of what it said, or wrote nothing there.
            OSError: there is no place to work.
        """
        try:
            self._speak(text, path)
        except EngineError as error:
            raise EngineError(f"{error.message}: {self._where}") from error

    def _speak(self, text: str, path: Path) -> None:
        words = _DOUBLED_BRACKET.sub(" ", text)
        values = {"wav": str(path), "text": _no_option(words), "rate": str(self._rate_wpm)}
        arguments = [_SLOT.sub(lambda slot: values[slot[1]], part) for part in self._arguments]
        with (
            tempfile.TemporaryFile(dir=path.parent) as asked,
            tempfile.TemporaryFile(dir=path.parent) as said,
        ):
            if not self._takes("{text}"):
                asked.write(words.encode() + b"\n")
                asked.seek(0)
            output = self._run([self._program, *arguments], asked, said, path.parent)
        self._write(output, path)

    def _write(self, output: bytes, path: Path) -> None:
        """Keep what came on its standard output, where it was to come there."""
        name = Path(self._program).name
        if self._takes("{wav}"):
            if not path.exists():
                remedy = "have it write to {wav}, or leave {wav} out if it writes to standard output"
                raise EngineError(f"{name} wrote no file: {remedy}")
            return
        if not is_wav(output):
            remedy = "write {wav} where it takes the path of its file"
            raise EngineError(f"{name} wrote no WAV to its standard output: {remedy}")
        path.write_bytes(completed(output))

    def _takes(self, slot: str) -> bool:
        return any(slot in part for part in self._arguments)

    def _run(self, command: list[str], asked: IO[bytes], said: IO[bytes], folder: Path) -> bytes:
        """What the program writes to its standard output, once it has ended well.

        The speech process has a time limit, and is ended with all that it has started.
        """
        name = Path(self._program).name
        try:
            # What it leaves beside its file goes with the folder.
            process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
                command, stdin=asked, stdout=subprocess.PIPE, stderr=said, cwd=folder
            )
        except OSError as error:
            raise EngineError(f"{name} cannot be started: {error.strerror}") from error
        with process, process.stdout or said as output:
            body = output.read(_MOST_BYTES + 1)
            if len(body) > _MOST_BYTES:
                process.kill()
                raise EngineError(f"{name} wrote over {_MOST_BYTES:,} bytes, far too many for the text")
        if process.returncode:
            raise EngineError(f"{name} {_ending(process.returncode)}{_last_words(said, folder)}")
        return body


def _table(configuration: Configuration) -> dict[str, Command]:
    return dict(configuration.command)


def _command(voice: Voice) -> Command:
    return entry(voice, _table, _EXAMPLE)


def _program(command: Command) -> str | None:
    """Where the program is, None where there is none; a relative one counts from the configuration."""
    program = Path(command.run[0]).expanduser()
    if len(program.parts) == 1:
        return shutil.which(str(program))
    return shutil.which(str(Path(command.at.path).absolute().parent / program))


def _found(command: Command) -> str:
    program = _program(command)
    if program is None:
        raise RefusedError(f"{command.at}: there is no program {command.run[0]!r}: {_remedy(command)}")
    return program


def _remedy(command: Command) -> str:
    return "" if _program(command) else f"install {command.run[0]}, or write its whole path"


def _digest(command: Command) -> str:
    """The content of the program and of every file among its arguments: a script, a model."""
    digest = hashlib.sha256()
    for part in (_found(command), *command.run[1:]):
        digest.update(_content(Path(part).expanduser()))
    return digest.hexdigest()


def _content(path: Path) -> bytes:
    """A file's digest; of a large one its size, its beginning and its end: it is asked for in every build."""
    try:
        with regular.open_regular(path) as file:
            head = file.read(_WHOLE_BYTES)
            size_bytes = file.seek(0, 2)
            file.seek(max(len(head), size_bytes - _WHOLE_BYTES))
            return hashlib.sha256(b"%d" % size_bytes + head + file.read()).digest()
    except (OSError, ValueError):
        return b"-"


def _no_option(words: str) -> str:
    """A text that begins with a dash is none of the program's options: a space tells them apart."""
    return f" {words}" if words.startswith("-") else words


def _ending(status: int) -> str:
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"


def _last_words(said: IO[bytes], folder: Path) -> str:
    """The last line of it, without its folder, which has another name for each text."""
    size_bytes = said.seek(0, 2)
    said.seek(max(0, size_bytes - 4 * _SHOWN))
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    if not lines:
        return ""
    words = lines[-1].replace(f"{folder}{os.sep}", "")
    hint = "" if words == lines[-1] else ": it works in a folder of its own: write whole paths"
    return f": {words[:_SHOWN]}{hint}"
