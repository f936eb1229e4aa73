"""A driver for pyttsx3 that speaks with espeak-ng in its synchronous mode.

pyttsx3's own driver retrieves sound asynchronously: it races at the start, loses files, and writes
22050 Hz into every header. Here `Synth` returns when all samples have been called back: no thread,
no race, and the WAV has the rate that the library says. `pyttsx3.init` finds this module under the
name that `espeak` registers it with.
"""

from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING, Any

from pyttsx3.drivers import _espeak
from pyttsx3.drivers.espeak import EspeakDriver

from audiocoach import assets
from audiocoach.errors import EngineError
from audiocoach.units import SAMPLE_BYTES
from audiocoach.voice.engines import elsewhere, unknown
from audiocoach.voice.words import pieces

if TYPE_CHECKING:
    from io import FileIO

# A word of 1000 letters loses most of them: 20 s of sound, and 132 s when it is cut at 60. Texts are
# cut as well, since libespeak-ng has crashed on 15,000 characters, though not in this mode.
LONGEST_PIECE = 1000
LONGEST_WORD = 60
_BUFFER_MS = 1000


def buildDriver(proxy: Any) -> SynchronousDriver:
    """What `pyttsx3.init` asks a driver module for."""
    return SynchronousDriver(proxy)


class SynchronousDriver(EspeakDriver):  # type: ignore[misc] # pyttsx3 has no types
    """pyttsx3's espeak driver without its loop: what is saved is saved when the call returns."""

    def __init__(self, proxy: Any) -> None:
        self._rate_hz = _espeak.Initialize(_espeak.AUDIO_OUTPUT_SYNCHRONOUS, _BUFFER_MS)
        if self._rate_hz <= 0:
            raise RuntimeError("espeak-ng found no data to speak with")
        self._proxy = proxy
        self._samples: list[bytes] = []
        _espeak.SetSynthCallback(self._collect)

    def startLoop(self) -> None:
        """Run what is queued: every command is over when it returns."""
        self._proxy.setBusy(False)

    def endLoop(self) -> None:
        """Nothing to end: there is no loop."""

    def stop(self) -> None:
        """Nothing to stop: no command outlives its call."""

    def save_to_file(self, text: str, filename: str) -> None:
        """Speak `text` into a WAV file: 16 bit, mono, the library's rate.

        Raises:
            RuntimeError: the library refused the text.
            OSError: the file cannot be written.
        """
        self._samples.clear()
        for piece in pieces(text, LONGEST_PIECE, LONGEST_WORD):
            self._synthesise(piece)
        # A fork pays for every page that it writes to, and a join would be a copy of it all.
        with open(filename, "wb", buffering=0) as file:  # noqa: PTH123 - a `Path` costs 40 pages
            for part in (_wav_header(sum(map(len, self._samples)), self._rate_hz), *self._samples):
                _write_all(file, part)

    @staticmethod
    def setProperty(name: str, value: Any) -> None:
        """As pyttsx3 does, but an unknown voice is an error and a language tag is a name.

        Raises:
            EngineError: no voice has this name, file or language.
        """
        if name == "voice":
            _choose(str(value))
        else:
            EspeakDriver.setProperty(name, value)

    def _synthesise(self, piece: str) -> None:
        # Without SSML and PHONEMES among the flags, `<speak>` and `[[h@loU]]` are words.
        flags = _espeak.CHARS_UTF8 | _espeak.ENDPAUSE
        if _espeak.Synth(piece.encode("utf-8"), flags=flags) != _espeak.EE_OK:
            raise RuntimeError(f"espeak-ng refused {piece[:40]!r}")
        _espeak.Synchronize()

    def _collect(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._samples.append(ctypes.string_at(samples, count * SAMPLE_BYTES))
        return 0


def _write_all(file: FileIO, data: bytes) -> None:
    """Write it to the end: without a buffer, a disk that is filling up takes a part, and says nothing."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _wav_header(size_bytes: int, rate_hz: int) -> bytes:
    """What stands before so many bytes of samples: 16 bit, mono (RIFF WAVE, format 1)."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate_hz, rate_hz * SAMPLE_BYTES, SAMPLE_BYTES, 16)
    head = struct.pack("<4sI4s", b"RIFF", 36 + size_bytes, b"WAVE")
    return head + form + struct.pack("<4sI", b"data", size_bytes)


def _choose(name: str) -> None:
    base, _, variant = name.partition("+")
    if _is_set(name, variant):
        return
    languages = {tag: voice.id for voice in reversed(_voices()) for tag in voice.languages}
    spoken_by = languages.get(base.lower())
    if spoken_by is None or not _is_set(f"{spoken_by}+{variant}" if variant else spoken_by, variant):
        raise _unknown(name, base, variant, languages)


def _is_set(name: str, variant: str) -> bool:
    """Whether the library took the name, variant and all: it ignores a variant that it lacks."""
    if _espeak.SetVoiceByName(name.encode("utf-8", "replace")) != _espeak.EE_OK:
        return False
    spoken_by = _espeak.GetCurrentVoice().contents.identifier.decode("utf-8")
    return not variant or spoken_by.endswith(f"+{variant}")


def _unknown(name: str, base: str, variant: str, languages: dict[str, str]) -> EngineError:
    if variant and base.lower() in languages:
        return EngineError(f"there is no voice {name!r}: {base} has no variant {variant!r}, try {base}+f3")
    return elsewhere(assets.USUAL_ENGINE, name) or unknown("voice", name, (*languages, *languages.values()))


def _voices() -> list[Any]:
    return list(EspeakDriver.getProperty("voices"))
