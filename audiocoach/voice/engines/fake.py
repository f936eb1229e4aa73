"""A voice that misbehaves on request, for tests: the voice's name says how.

A name is `switch`, `switch@word` (only texts with that word suffer) and `=path` behind either (a
file that the fault needs: what makes `-once` once, where a process id goes, the model to
fingerprint). `stay+` or `once+` before it says how the engine runs. Without a switch it speaks one
tone a word: 22050 Hz, 16 bit, mono.
"""

from __future__ import annotations

import faulthandler
import hashlib
import math
import os
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
import wave
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from audiocoach.errors import EngineError
from audiocoach.units import MS_PER_SECOND, SAMPLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiocoach.routine.voice import Voice

RATE_HZ = 22_050
WORD_MS = 120
CHARACTER_MS = 45
GAP_MS = 40
_PEAK = 8000
_HUGE_BYTES = 2 << 30
_A_LONG_TIME_S = 600
_SLOW_S = 1
_THIRD = 3


class Fault(NamedTuple):
    """A parsed name: what goes wrong, in texts with which word (`""`: in all), its file, how it runs."""

    switch: str
    word: str
    file: Path
    runs: str = "fork"


def fault(name: str) -> Fault:
    """The parts of `runs+switch@word=path`."""
    head, _, file = name.partition("=")
    switch, _, word = head.partition("@")
    runs, plus, rest = switch.partition("+")
    return Fault(rest, word, Path(file), runs) if plus else Fault(switch, word, Path(file))


class FakeEngine:
    """Speaks a tone a word, or fails as its voice's name asks. Its level is known: no calibration."""

    gain_db = 0.0

    def __init__(self, voice: Voice) -> None:
        self._fault = fault(voice.name)
        if self._fault.switch not in {"", *_SET_UP, *_SPOKEN}:
            raise EngineError(f"there is no voice {voice.name!r}: there are: {', '.join(sorted(_SPOKEN))}")
        if self._fault.switch in _SET_UP:
            _SET_UP[self._fault.switch](self._fault.file)
        self.runs = self._fault.runs
        self._texts = 0
        self._orders: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[None] = queue.SimpleQueue()
        if self._fault.switch == "threads":
            threading.Thread(target=self._obey, daemon=True).start()

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """The voice's name, and the content of its file if it has one."""
        file = fault(voice.name).file
        model = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
        return (
            f"fake 1 {voice.name} {model}" if fault(voice.name).switch == "speak" else f"fake 1 {voice.name}"
        )

    def speak(self, text: str, path: Path) -> None:
        """Write one tone a word to `path`, or do what the switch says."""
        spoken = _SPOKEN.get(self._fault.switch, _speak)
        self._texts += 1
        if self._fault.switch == "crash-third" and self._texts == _THIRD:
            _abort()
        if self._fault.switch == "threads":
            self._orders.put(lambda: _speak(text, path, self._fault.file))
            self._done.get()
            return
        (spoken if self._fault.word in text else _speak)(text, path, self._fault.file)

    def _obey(self) -> None:
        """Speak in a thread that was started when the voice was set up, as libraries of models do."""
        while order := self._orders.get():
            order()
            self._done.put(None)


def _speak(text: str, path: Path, _file: Path) -> None:
    _write(path, _tones(text))


def _write(path: Path, samples: bytes, rate_hz: int = RATE_HZ) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, SAMPLE_BYTES, rate_hz, 0, "NONE", ""))
        file.writeframes(samples)


def _tones(text: str) -> bytes:
    gap = bytes(SAMPLE_BYTES * (RATE_HZ * GAP_MS // MS_PER_SECOND))
    return gap + gap.join(map(_tone, text.split())) + gap


def _tone(word: str) -> bytes:
    """A sine whose pitch is the word's own, 120 ms and 45 ms a character long."""
    pitch_hz = 200 + zlib.crc32(word.encode("utf-8")) % 600
    samples = RATE_HZ * (WORD_MS + CHARACTER_MS * len(word)) // MS_PER_SECOND
    turn = 2 * math.pi * pitch_hz / RATE_HZ
    return struct.pack(f"<{samples}h", *(round(_PEAK * math.sin(turn * sample)) for sample in range(samples)))


def _hang(_text: str, _path: Path, _file: Path) -> None:
    _sleep()


def _sleep() -> NoReturn:
    while True:
        time.sleep(_A_LONG_TIME_S)


def _once(spoken: Callable[[str, Path, Path], None]) -> Callable[[str, Path, Path], None]:
    """The fault until its file is there, the voice from then on."""

    def speak(text: str, path: Path, file: Path) -> None:
        if file.exists():
            _speak(text, path, file)
            return
        file.touch()
        spoken(text, path, file)

    return speak


def _ignore_term(_text: str, _path: Path, _file: Path) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _sleep()


def _grandchild(text: str, path: Path, file: Path) -> None:
    _leave(file)
    _speak(text, path, file)


def _grandchild_hang(_text: str, _path: Path, file: Path) -> None:
    _leave(file)
    _sleep()


def _leave(file: Path) -> None:
    """Start a process that outlives the clip, its id appended to the file."""
    code = f"import time; time.sleep({_A_LONG_TIME_S})"
    process = subprocess.Popen([sys.executable, "-c", code])  # noqa: S603 - our own interpreter
    with file.open("a") as ids:
        ids.write(f"{process.pid}\n")
    process.returncode = 0  # it is left on purpose: no warning when the record is collected


def _crash(_text: str, _path: Path, _file: Path) -> None:
    _abort()


def _abort() -> NoReturn:
    """This crash is wanted: nobody needs the traceback that a test runner would have written of it."""
    faulthandler.disable()
    os.abort()


def _refuse(text: str, _path: Path, _file: Path) -> None:
    raise EngineError(f"the fake voice will not say {text!r}")


def _no_file(_text: str, _path: Path, _file: Path) -> None:
    """Succeed without a file."""


def _chatty(text: str, path: Path, file: Path) -> None:
    os.write(1, b"Audio saved to nowhere\n")
    _speak(text, path, file)


def _empty(_text: str, path: Path, _file: Path) -> None:
    path.touch()


def _truncated(text: str, path: Path, file: Path) -> None:
    _speak(text, path, file)
    os.truncate(path, path.stat().st_size // 2)


def _silent(text: str, path: Path, _file: Path) -> None:
    _write(path, bytes(len(_tones(text))))


def _wrong_rate(text: str, path: Path, _file: Path) -> None:
    _write(path, _tones(text), rate_hz=8 * RATE_HZ)


def _insane_rate(text: str, path: Path, _file: Path) -> None:
    _write(path, _tones(text), rate_hz=1)


def _too_long(text: str, path: Path, _file: Path) -> None:
    _write(path, _tones(text) * 10)


def _huge(text: str, path: Path, file: Path) -> None:
    """2 GB that take no room: a sparse file behind a good header."""
    _speak(text, path, file)
    os.truncate(path, _HUGE_BYTES)


def _bad_header(text: str, path: Path, file: Path) -> None:
    _speak(text, path, file)
    path.write_bytes(b"JUNK" + path.read_bytes()[4:])


def _fifo(_text: str, path: Path, _file: Path) -> None:
    os.mkfifo(path)


def _exit_late(text: str, path: Path, file: Path) -> NoReturn:
    _speak(text, path, file)
    sys.exit(3)


def _slow(file: Path) -> None:
    """Take a second, and a line in the file for every time."""
    time.sleep(_SLOW_S)
    with file.open("a") as times:
        times.write(f"{os.getpid()}\n")


def _hang_after_telling(file: Path) -> NoReturn:
    if file.name:
        file.touch()
    _sleep()


def _missing(_file: Path) -> NoReturn:
    raise EngineError("the fake voice is not installed: python -m pip install fake-voice")


def _corrupt(_file: Path) -> NoReturn:
    raise RuntimeError("the model is corrupt")


_SET_UP: Mapping[str, Callable[[Path], None]] = {
    "missing": _missing,
    "setup-corrupt": _corrupt,
    "setup-hang": _hang_after_telling,
    "setup-crash": lambda _: _abort(),
    "setup-slow": _slow,
}

_SPOKEN: Mapping[str, Callable[[str, Path, Path], None]] = {
    "bad-header": _bad_header,
    "chatty": _chatty,
    "crash": _crash,
    "crash-once": _once(_crash),
    "crash-third": _speak,
    "empty": _empty,
    "exit-late": _exit_late,
    "fifo": _fifo,
    "grandchild": _grandchild,
    "grandchild-hang": _grandchild_hang,
    "hang": _hang,
    "hang-once": _once(_hang),
    "huge": _huge,
    "ignore-term": _ignore_term,
    "insane-rate": _insane_rate,
    "no-file": _no_file,
    "refuse": _refuse,
    "silent": _silent,
    "speak": _speak,
    "threads": _speak,
    "too-long": _too_long,
    "truncated": _truncated,
    "wrong-rate": _wrong_rate,
}
