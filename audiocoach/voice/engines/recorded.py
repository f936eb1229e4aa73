"""A coach's own voice: recordings of sentences, levelled one by one. What is missing another voice speaks."""

from __future__ import annotations

import hashlib
import wave
from typing import TYPE_CHECKING

from audiocoach.errors import EngineError, RefusedError, SoundError
from audiocoach.records import replace
from audiocoach.routine.voice import Voice
from audiocoach.units import MS_PER_SECOND, SAMPLE_BYTES, SAMPLE_RATE_HZ
from audiocoach.voice import recordings
from audiocoach.voice.engines import unknown
from audiocoach.voice.limits import most_ms
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.voice.recordings import Recordings
    from audiocoach.voice.take import Take

# Loudness is that of stretches of 0.4 s: a short word is measured as often as fits into this.
_MEASURED_MS = 3_000


class RecordedEngine:
    """A folder of recordings. Each sentence is brought to the level of all voices by itself."""

    runs = "stay"
    gain_db = 0.0

    def __init__(self, voice: Voice) -> None:
        self._name = voice.name
        self._recordings = _recordings(voice)

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """The content of all recordings.

        Raises:
            EngineError: there is no such voice, or one of its files cannot be read.
        """
        kept = _recordings(voice)
        found = ((recordings.normal(text), _digest(kept, text)) for text, _ in kept.sentences)
        return f"recorded 1 {hashlib.sha256(repr(sorted(found, key=str)).encode()).hexdigest()}"

    @staticmethod
    def fingerprint_of(voice: Voice, text: str) -> str | None:
        """The content of this sentence's recording, None where there is none.

        Raises:
            EngineError: as `fingerprint`.
        """
        digest = _digest(_recordings(voice), text)
        return None if digest is None else f"recorded 1 {digest}"

    @staticmethod
    def stand_in(voice: Voice) -> Voice | None:
        """The voice beside it, which speaks what is missing; None where nobody does.

        Raises:
            EngineError: as `fingerprint`.
        """
        beside = _recordings(voice).beside
        if beside is None:
            return None
        chosen = Voice(beside.engine, beside.name) if beside.engine else _usual(voice.language)
        return replace(chosen, rate_wpm=voice.rate_wpm, language=voice.language, gain_db=voice.gain_db)

    @staticmethod
    def voices() -> tuple[Listed, ...]:
        """Those whose index lies where recordings lie."""
        return tuple(Listed(name, (), "your own") for name in recordings.names())

    def speak(self, text: str, path: Path) -> None:
        """Write the recording of `text` to `path`, at its level: 48 kHz, 16 bit, mono.

        Raises:
            EngineError: there is none, or it cannot be used.
        """
        file = self._recordings.file_of(text)
        if file is None:
            raise EngineError(
                f"{self._name} has not recorded this: audiocoach record-sheet --voice {self._name} "
                "lists all that is missing"
            )
        with wave.open(str(path), "wb") as wav:
            wav.setparams((1, SAMPLE_BYTES, SAMPLE_RATE_HZ, 0, "NONE", ""))
            wav.writeframes(_levelled(_take(file, text)))


def _recordings(voice: Voice) -> Recordings:
    """The folder of this voice; without a name, the only one that is there.

    Raises:
        RefusedError: there is none.
    """
    known = recordings.names() if not voice.name else ()
    if not voice.name and len(known) != 1:
        there = f"there are: {', '.join(known)}" if known else "none is there yet: audiocoach record-sheet"
        raise RefusedError(f"a recorded voice has a name, such as {{engine: recorded, name: anna}}: {there}")
    name = voice.name or known[0]
    try:
        return recordings.read(recordings.folder_of(name))
    except FileNotFoundError as error:
        raise unknown("recorded voice", name, recordings.names()) from error


def _usual(language: str) -> Voice:
    """Who speaks the language where nobody is named, other than recordings."""
    from audiocoach.voice.choice import best_engine
    from audiocoach.voice.engines.entries import entries

    own = entries(lambda configured: configured.voice).get(language)
    if own and own.engine != recordings.ENGINE:
        return Voice(own.engine, own.name)
    return Voice(best_engine(language))


def _digest(kept: Recordings, text: str) -> str | None:
    file = kept.file_of(text)
    try:
        return None if file is None else recordings.digest_of(file)
    except OSError as error:
        raise RefusedError(f"{file}: cannot be read: {error.strerror}") from error


def _take(file: Path, text: str) -> Take:
    from audiocoach.voice import decode, take

    most_bytes = int(most_ms(text, 165)) * SAMPLE_RATE_HZ * SAMPLE_BYTES // MS_PER_SECOND
    try:
        samples = decode.decoded(file, most_bytes)
    except SoundError as error:
        raise EngineError(error.message) from error
    return take.trimmed(take.Take(samples, SAMPLE_RATE_HZ))


def _levelled(take: Take) -> bytes:
    from audiocoach.voice.finish import apply_gain

    return apply_gain(take, gain_db(take))


def gain_db(take: Take) -> float:
    """The gain that brings this take to the level of all voices, to a tenth of a decibel."""
    from audiocoach.voice import loudness

    times = 1 + int(_MEASURED_MS / max(take.duration_ms, 1))
    return loudness.calibrate(replace(take, samples=take.samples * times))
