"""The studio: utterances go in, checked and levelled clips come out, each spoken only once.

A clip is 48 kHz, 16 bit, mono. What it costs to ask for one that is there is a read from the store:
the speech processes, PyAV and the engine's library are loaded by the first utterance that is new.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from audiocoach import assets, installed
from audiocoach.errors import EngineError, RefusedError
from audiocoach.keys import key
from audiocoach.voice import engines
from audiocoach.voice.clips import BYTES_PER_MS, Clip, Failure, Job, RecordingError
from audiocoach.voice.engines import engine_class, known_gain_db
from audiocoach.voice.words import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from typing_extensions import Self

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.routine.voice import Voice
    from audiocoach.voice.clips import Store
    from audiocoach.voice.limits import Limits
    from audiocoach.voice.process.recorder import Recorder

T = TypeVar("T")
P = ParamSpec("P")
# Part of every key: raise it when the same take would become another clip.
_FORMAT = 2
FORKS = sys.platform == "linux"
_LIBRARIES = ("av", "lameenc")


class Studio:
    """Clips by utterance, from the store or from a voice. A context manager: it owns processes.

    `limits` hold for every engine; without, each has its own. `takes` opens the store of what was paid for;
    without, it lies among the clips.

    It may be used from several threads, which take turns. What speaks at once is several studios on
    one store: the clips are the same with any number.
    """

    def __init__(
        self,
        store: Store,
        *,
        limits: Limits | None = None,
        forks: bool = FORKS,
        takes: Callable[[], Store] | None = None,
    ) -> None:
        self._store = store
        self._takes = takes or (lambda: store)
        self._limits = limits
        self._forks = forks
        self._recorder: Recorder | None = None
        self._lock = threading.Lock()
        self._voice_keys: dict[Voice, str] = {}
        self._stand_ins: dict[Voice, Voice | None] = {}
        self._speakers: dict[Utterance, Voice] = {}
        self._keys: dict[Utterance, str] = {}
        self._lengths_ms: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all speech processes. The studio can still be used: it starts new ones."""
        recorder, self._recorder = self._recorder, None
        if recorder:
            recorder.close()

    def key(self, utterance: Utterance) -> str:
        """What the clip is called in the store: it changes when the sound would.

        Raises:
            EngineError: there is no such engine, or its library is missing.
        """
        if utterance not in self._keys:
            speaker, text = self.speaker(utterance), clean(utterance.text)
            self._keys[utterance] = key("clip", self._sound_key(speaker, text), text, *_louder(speaker))
        return self._keys[utterance]

    def speaker(self, utterance: Utterance) -> Voice:
        """Who speaks it: the voice that is asked, or the one that stands in for it where it lacks the text.

        Raises:
            EngineError: as `key`.
        """
        if utterance not in self._speakers:
            self._speakers[utterance] = self._new_speaker(utterance.voice, clean(utterance.text))
        return self._speakers[utterance]

    def unreadable(self, utterance: Utterance) -> str:
        """Why the voice that speaks it finds nothing to say in it, `""` where it does, or has to try.

        Raises:
            EngineError: as `key`.
        """
        return _asked(self.speaker(utterance), engines.unreadable, clean(utterance.text))

    def _new_speaker(self, voice: Voice, text: str) -> Voice:
        _asked(voice, engines.check_pitch)
        stand_in = self._stand_in(voice)
        if stand_in is None or _asked(voice, engines.fingerprint_of, text) is not None:
            return voice
        return stand_in

    def _stand_in(self, voice: Voice) -> Voice | None:
        if voice not in self._stand_ins:
            self._stand_ins[voice] = _asked(voice, engines.stand_in)
        return self._stand_ins[voice]

    def _sound_key(self, voice: Voice, text: str) -> str:
        """A name for everything that shapes how the voice says this text, other than the text."""
        if not engines.has_texts_of_its_own(voice.engine):
            return self.voice_key(voice)
        return key("gain", *_identity(voice), _asked(voice, engines.fingerprint_of, text))

    def voice_key(self, voice: Voice) -> str:
        """A name for everything that shapes this voice's takes: engine, model, rate, pitch, libraries.

        Raises:
            EngineError: as `key`.
        """
        if voice not in self._voice_keys:
            stand_in = self._stand_in(voice)
            beside = (self._key_of_stand_in(stand_in),) if stand_in else ()
            self._voice_keys[voice] = key("gain", *_identity(voice), _asked(voice, _fingerprint), *beside)
        return self._voice_keys[voice]

    def refusal(self, voice: Voice) -> str:
        """Why this voice cannot be asked for anything, `""` where it can."""
        try:
            self.voice_key(voice)
        except EngineError as error:
            return error.message
        return ""

    def _key_of_stand_in(self, voice: Voice) -> str:
        """Its key, `""` where it cannot be had: it may have nothing to say."""
        try:
            return self.voice_key(voice)
        except EngineError:
            return ""

    def is_tuned(self, voice: Voice) -> bool:
        """Whether the voice's gain is known, so that its first words need not wait for it.

        Raises:
            EngineError: as `key`.
        """
        return known_gain_db(voice) is not None or self._store.get(self.voice_key(voice)) is not None

    def tune(self, voice: Voice) -> None:
        """Find the voice's gain and keep it.

        Raises:
            EngineError: it cannot be found.
        """
        self._the_recorder().tune(voice, self.voice_key(voice))

    def measure(self, utterance: Utterance) -> int:
        """Milliseconds that the clip lasts; a clip that is not there yet is recorded.

        Raises:
            RecordingError: the voice did not speak it.
            EngineError: as `key`.
        """
        known_ms = self.heard(utterance)
        if known_ms is not None:
            return known_ms
        return self.clip(utterance).duration_ms

    def heard(self, utterance: Utterance) -> int | None:
        """Milliseconds that the clip lasts, or None where nobody has spoken it yet.

        Raises:
            EngineError: as `key`.
        """
        return self._length_ms(self.key(utterance))

    def clip(self, utterance: Utterance) -> Clip:
        """The sound; a clip that is not there yet is recorded.

        Raises:
            RecordingError: the voice did not speak it.
            EngineError: as `key`.
        """
        job = self._job(utterance)
        samples = self._stored(job.key)
        if samples is None:
            spoken: list[bytes] = []
            self._speak([job], lambda _, fresh: spoken.append(fresh))
            samples = spoken[0]
        return Clip.of(job.key, samples)

    def record(self, utterances: Iterable[Utterance], taken: Callable[[Clip], None] = lambda _: None) -> None:
        """Have spoken what is not in the store; `taken` is called with each clip as soon as it is there.

        Raises:
            RecordingError: for those that failed; all others are in the store.
        """
        jobs, failures = self._missing(dict.fromkeys(utterances))
        self._speak(jobs, lambda job, samples: taken(Clip.of(job.key, samples)), failures)

    def _missing(self, utterances: Iterable[Utterance]) -> tuple[list[Job], list[Failure]]:
        """What has to be spoken, one job a key; and what cannot be, since its engine is missing."""
        jobs: dict[str, Job] = {}
        failures = []
        for utterance in utterances:
            try:
                job = self._job(utterance)
            except EngineError as error:
                failures.append(Failure(utterance, error.message, refused=isinstance(error, RefusedError)))
                continue
            # Memory does not count: what was kept may have gone since, and whoever asks will not find it.
            if self._kept_length_ms(job.key) is None:
                jobs.setdefault(job.key, job)
        return list(jobs.values()), failures

    def _speak(
        self,
        jobs: Sequence[Job],
        taken: Callable[[Job, bytes], None],
        failures: Iterable[Failure] = (),
    ) -> None:
        def keep(job: Job, samples: bytes) -> None:
            self._keep(job, samples)
            taken(job, samples)

        failed = (*failures, *(self._the_recorder().record(jobs, keep) if jobs else ()))
        if failed:
            raise RecordingError(*failed)

    def _keep(self, job: Job, samples: bytes) -> None:
        self._store.put(job.key, samples)
        self._lengths_ms[job.key] = len(samples) // BYTES_PER_MS

    def _stored(self, key: str) -> bytes | None:
        """Samples that can be a clip's."""
        samples = self._store.get(key)
        return samples if samples and len(samples) % BYTES_PER_MS == 0 else None

    def _length_ms(self, key: str) -> int | None:
        known_ms = self._lengths_ms.get(key)
        if known_ms is None:
            known_ms = self._kept_length_ms(key)
        if known_ms is not None:
            self._lengths_ms[key] = known_ms
        return known_ms

    def _kept_length_ms(self, key: str) -> int | None:
        size_bytes = self._store.size_bytes(key)
        return size_bytes // BYTES_PER_MS if size_bytes and size_bytes % BYTES_PER_MS == 0 else None

    def _job(self, utterance: Utterance) -> Job:
        speaker = self.speaker(utterance)
        stand_in = None if speaker == utterance.voice else speaker
        return Job(utterance, clean(utterance.text), self.key(utterance), self.voice_key(speaker), stand_in)

    def _the_recorder(self) -> Recorder:
        from audiocoach.voice.process.recorder import Recorder  # noqa: PLC0415 - a build with nothing new needs none

        with self._lock:
            if self._recorder is None or self._recorder.is_closed:
                self._recorder = Recorder(self._store, self._limits, forks=self._forks, takes=self._takes)
            return self._recorder


def _foreign(voice: Voice) -> tuple[str, ...]:
    """The language of a voice, unless it is the default one: there were clips before there were others."""
    return (voice.language,) if voice.language != assets.DEFAULT_LANGUAGE else ()


def _louder(voice: Voice) -> tuple[str, ...]:
    return (f"{voice.gain_db:+g} dB",) if voice.gain_db else ()


def _pitched(voice: Voice) -> tuple[str, ...]:
    return () if voice.pitch is None else (f"pitch {voice.pitch}",)


def _identity(voice: Voice) -> tuple[str, ...]:
    libraries = (f"{name} {installed.version(name)}" for name in _LIBRARIES)
    return (
        str(_FORMAT),
        *libraries,
        voice.engine,
        voice.name,
        str(voice.rate_wpm),
        *_foreign(voice),
        *_pitched(voice),
    )


def _fingerprint(voice: Voice) -> str:
    engines.check_pitch(voice)
    return engine_class(voice.engine).fingerprint(voice)


def _asked(voice: Voice, ask: Callable[Concatenate[Voice, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What an engine answers of a voice; whatever else it raises is its own fault.

    Raises:
        EngineError: it has no answer.
    """
    try:
        return ask(voice, *args, **kwargs)
    except EngineError:
        raise
    except Exception as error:
        raise EngineError(f"the engine {voice.engine!r} failed: {type(error).__name__}: {error}") from error
