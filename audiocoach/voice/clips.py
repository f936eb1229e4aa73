"""What passes between the studio and those who work for it: clips, jobs, failures, and the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from audiocoach.errors import EngineError
from audiocoach.records import dataclass
from audiocoach.units import SAMPLE_BYTES, SAMPLES_PER_MS

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Utterance
    from audiocoach.errors import Position
    from audiocoach.routine.voice import Voice

BYTES_PER_MS = SAMPLES_PER_MS * SAMPLE_BYTES
_SHOWN = 60


class Store(Protocol):
    """Where clips are kept. It may forget anything, but never give back what was not put."""

    def get(self, key: str) -> bytes | None:
        """What was put under `key`, if it is still there and whole."""

    def size_bytes(self, key: str) -> int | None:
        """How many bytes are there under `key`, if they are still all there."""

    def put(self, key: str, data: bytes) -> None:
        """Keep `data` under `key`: letters, digits and `-`, at most 48 of them."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one utterance: 48 kHz, 16 bit, little endian, mono, whole milliseconds."""

    key: str
    samples: bytes
    duration_ms: int

    @classmethod
    def of(cls, key: str, samples: bytes) -> Clip:
        """The clip of these samples, which are whole milliseconds."""
        return cls(key, samples, len(samples) // BYTES_PER_MS)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one utterance has no clip. `refused`: there is no such engine or voice at all."""

    utterance: Utterance
    message: str
    refused: bool = False


class RecordingError(EngineError):
    """Some utterances have no clip: `failures` says which, so that the caller can name their lines."""

    def __init__(self, *failures: Failure) -> None:
        self.failures = failures
        super().__init__("\n".join(dict.fromkeys(map(_sentence, failures))))

    def __reduce__(self) -> tuple[type[RecordingError], tuple[Failure, ...]]:
        return type(self), self.failures

    def at(self, position: Position) -> EngineError:
        """The same at a place of the routine: what failed is told, and no longer kept."""
        return EngineError(self.message, position)


@dataclass(frozen=True, slots=True)
class Job:
    """An utterance that has to be spoken, its text cleaned; the names of its clip and its gain.

    `stand_in` speaks it where the voice that was asked does not have it.
    """

    asked: Utterance
    text: str
    key: str
    gain_key: str
    stand_in: Voice | None = None

    @property
    def voice(self) -> Voice:
        """Who speaks."""
        return self.stand_in or self.asked.voice


def _sentence(failure: Failure) -> str:
    text = failure.utterance.text
    return f"{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'!r}: {failure.message}"
