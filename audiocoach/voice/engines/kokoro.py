"""Kokoro-82M: one model with many voices, in several languages, on onnxruntime.

A voice is a style: 510 vectors, of which the model is given the one for the number of sounds that it is to
speak. It has learnt from misaki's phonemes: in English those of hibari, which has the same lexicon and rules;
in other languages espeak-ng's, written as misaki writes them.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

from audiocoach import configuration, installed
from audiocoach.errors import EngineError, RefusedError, is_for_want_of_memory
from audiocoach.records import dataclass
from audiocoach.voice import engines
from audiocoach.voice.catalogue import of_engine
from audiocoach.voice.engines import espeak_phonemes, models, onnx
from audiocoach.voice.engines.entries import entries
from audiocoach.voice.engines.piper import cut
from audiocoach.voice.limits import Limits
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from audiocoach.configuration import Configuration, KokoroModel
    from audiocoach.routine.voice import Voice

LICENCE = "Apache-2.0"
_FORMAT = 1
_RATE_HZ = 24_000
_USUAL_RATE_WPM = 165
# So it takes as long as espeak-ng at that rate: `af_heart`, four phrases, without the quiet around them.
_USUAL_SPEED = 0.78
_STYLE_NUMBERS = 256
# What takes 470 MB; twice as many take 660, and there is no style for more than 510.
_MOST_SOUNDS = 150
_SEED = 0
_G2P = "hibari-tts"
_INPUTS = ("style", "speed")
_TOKENS = ("tokens", "input_ids")
# What espeak-ng calls the languages of the model, and what the names of their voices begin with.
_LANGUAGES = {"es": "es", "fr": "fr", "hi": "hi", "it": "it", "pt": "pt-br"}
_ENGLISH = "en"
_SPOKEN = {"a": "en", "b": "en", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt", "z": "zh"}
_BRITISH = "b"
_TIE = "^"
# As misaki writes what is one sound of two letters; the library ties such letters together.
_WRITTEN = {
    "a^ɪ": "I",
    "a^ʊ": "W",
    "d^z": "ʣ",
    "d^ʒ": "ʤ",
    "e^ɪ": "A",
    "o^ʊ": "O",
    "ə^ʊ": "Q",
    "s^s": "S",
    "t^s": "ʦ",
    "t^ʃ": "ʧ",
    "ɔ^ɪ": "Y",
    _TIE: "",
    "-": "",
}
_SENTENCE_END = re.compile(r"(?<=[.!?…]) +")
# The numbers of its sounds, in runs (Kokoro-82M, config.json: vocab).
_RUNS = {
    1: ";:,.!?",
    9: '—…"()“” \u0303ʣʥʦʨᵝꭧAI',
    31: "O",
    33: "Q",
    35: "ST",
    39: "W",
    41: "Yᵊabcdef",
    50: "hijklmnopqrstuvwxyzɑɐɒæ",
    75: "βɔɕç",
    80: "ɖðʤə",
    85: "ɚɛɜ",
    90: "ɟ",
    92: "ɡ",
    99: "ɥ",
    101: "ɨɪʝ",
    110: "ɯɰŋɳɲɴø",
    118: "ɸθœ",
    123: "ɹ",
    125: "ɾɻ",
    128: "ʁɽʂʃʈʧ",
    135: "ʊʋ",
    138: "ʌɣɤ",
    142: "χʎ",
    147: "ʒʔ",
    156: "ˈˌː",
    162: "ʰ",
    164: "ʲ",
    169: "↓",
    171: "→↗↘",
    177: "ᵻ",
}
_NUMBERS = {sound: first + place for first, sounds in _RUNS.items() for place, sound in enumerate(sounds)}


@dataclass(frozen=True, slots=True)
class Style:
    """A voice that is there: what the user calls it, the model, the file with its style.

    `member` is its name in a file of several, `kind` what says its language: `af_heart` is American.
    """

    name: str
    model: Path
    file: Path
    member: str
    kind: str


class KokoroEngine(onnx.NeuralEngine):
    """A voice of Kokoro by its name: `af_heart`, or an entry of the configuration."""

    # Some exports of the model have noise: each fork begins with the same, whatever was spoken before.
    runs = "fork"
    limits = Limits(set_up_ms=120_000, clip_ms=60_000, character_ms=2_000)

    def __init__(self, voice: Voice) -> None:
        self._style = _found(voice)
        self._read = _reader(voice, self._style)
        self._speed = _USUAL_SPEED * voice.rate_wpm / _USUAL_RATE_WPM
        onnx.runtime().set_seed(_SEED)
        self._vectors = _vectors(self._style)
        self._session = onnx.session(self._style.model, self._style.name)
        self._tokens = self._try()

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """The model, the style, what makes phonemes of its language, and what computes.

        Raises:
            RefusedError: a library or a file of the voice is missing.
        """
        computed_by = onnx.identity()
        style = _found(voice)
        files = f"{models.identity(style.model)} {models.identity(style.file)} {style.member}"
        return f"kokoro {_FORMAT} {files} {_phonemes_identity(voice, style)} {computed_by}"

    @staticmethod
    def voices() -> tuple[Listed, ...]:
        """Those of the configuration and of the data folder.

        Raises:
            RefusedError: the configuration has a problem.
        """
        return tuple(Listed(style.name, _languages(style), LICENCE) for style in _styles())

    def speak(self, text: str, path: Path) -> None:
        """Write `text` to `path` as 16-bit mono WAV at 24 kHz.

        Raises:
            EngineError: there is nothing in it that the voice has a sound for.
            OSError: the file cannot be written.
        """
        spoken = [self._sound(run) for run in _runs(self._read(text))]
        if not spoken:
            raise EngineError(f"the voice {self._style.name!r} has no sound for {text!r}")
        models.write_wav(path, spoken, _RATE_HZ)

    def _sound(self, run: str) -> Any:
        return self._inferred(self._tokens, [_NUMBERS[sound] for sound in run])

    def _inferred(self, tokens: str, numbers: list[int]) -> Any:
        import numpy as np

        style = self._vectors[min(len(numbers), len(self._vectors) - 1)]
        given = {
            tokens: np.array([[0, *numbers, 0]], np.int64),
            "style": style.reshape(1, _STYLE_NUMBERS),
            "speed": np.array([self._speed], np.float32),
        }
        return self._session.run(None, given)[0]

    def _try(self) -> str:
        """Speak a sound, which also pays for the first inference; what the model calls its sounds.

        Raises:
            RefusedError: the model is not Kokoro.
        """
        inputs = {given.name for given in self._session.get_inputs()}
        tokens = next((name for name in _TOKENS if name in inputs), "")
        if tokens and inputs.issuperset(_INPUTS):
            try:
                if self._inferred(tokens, [max(_NUMBERS.values())]).size:
                    return tokens
            except Exception as error:
                if is_for_want_of_memory(error):
                    raise
                raise _no_kokoro(self._style) from error
        raise _no_kokoro(self._style)


# -- where voices are -----------------------------------------------------------------------------


def _found(voice: Voice) -> Style:
    """The style of this voice; without a name, the first that speaks its language.

    Raises:
        RefusedError: there is none.
    """
    there = tuple(_styles())
    for style in there:
        if style.name == voice.name or (not voice.name and voice.language in _languages(style)):
            return style
    if there and voice.name:
        raise engines.unknown("Kokoro voice", voice.name, (style.name for style in there))
    what = f"the Kokoro voice {voice.name!r}" if voice.name else f"a Kokoro voice for {voice.language!r}"
    raise RefusedError(
        f"{what} is not here: put its .bin and the model's .onnx into {_folder()},"
        f" or write [kokoro.NAME] into your configuration{_fetched(voice)}"
    )


def _fetched(voice: Voice) -> str:
    """Which command fetches it, or one for its language, `""` where none does."""
    wanted = (remote for remote in of_engine("kokoro") if voice.name in {"", remote.name})
    remote = next((remote for remote in wanted if voice.name or remote.language == voice.language), None)
    return f"; {remote.listed.remedy} fetches both" if remote else ""


def _styles() -> Iterator[Style]:
    """All that are there, in the order in which a name is looked for."""
    for name, entry in entries(_table).items():
        file = entry.voices / f"{entry.voice}.bin" if entry.voices.is_dir() else entry.voices
        yield Style(name, entry.model, file, entry.voice, entry.voice or name)
    model = next(iter(sorted(_folder().glob("*.onnx"))), None)
    if model is not None:
        for file in sorted(_folder().glob("*.bin")):
            yield Style(file.stem, model, file, "", file.stem)


def _table(read: Configuration) -> Mapping[str, KokoroModel]:
    return read.kokoro


def _folder() -> Path:
    return configuration.data_folder() / "voices" / "kokoro"


def _languages(style: Style) -> tuple[str, ...]:
    """The language that the style comes from: `af_heart` is American, `ef_dora` Spanish."""
    known = _SPOKEN.get(style.kind[:1]) if re.match(r"[a-z][fm]_", style.kind) else None
    return (known,) if known else ()


def _no_kokoro(style: Style) -> RefusedError:
    return RefusedError(
        f"the file {style.model} is no Kokoro model: expected the inputs tokens, style and speed"
    )


# -- styles ---------------------------------------------------------------------------------------


def _vectors(style: Style) -> Any:
    """The style's vectors by the number of sounds: 32 bit, 256 each.

    Raises:
        RefusedError: the file holds something else.
    """
    import numpy as np

    try:
        numbers = _member(style) if zipfile.is_zipfile(style.file) else np.fromfile(style.file, "<f4")
        vectors = numbers.astype(np.float32).reshape(-1, _STYLE_NUMBERS)
    except OSError as error:
        raise RefusedError(f"the file {style.file} of a voice cannot be read: {error.strerror}") from error
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise _no_style(style) from error
    if not vectors.size or not np.isfinite(vectors).all():
        raise _no_style(style)
    return vectors


def _member(style: Style) -> Any:
    """The array of this voice in a file of several (`.npz`)."""
    import numpy as np

    with np.load(style.file, allow_pickle=False) as several:
        if style.member not in several.files:
            raise engines.unknown(f"style in {style.file.name}", style.member, several.files)
        return several[style.member]


def _no_style(style: Style) -> RefusedError:
    return RefusedError(
        f"the file {style.file} holds no style of Kokoro: expected {_STYLE_NUMBERS} numbers of 32 bit each"
    )


# -- from a text to sounds ------------------------------------------------------------------------


def _reader(voice: Voice, style: Style) -> Callable[[str], str]:
    """What makes phonemes of words in the language of the style, or of the routine where it is not known.

    Raises:
        RefusedError: the model knows no such language, or a library is missing.
    """
    language = _language(voice, style)
    if language == _ENGLISH:
        return _english(british=style.kind.startswith(_BRITISH))
    phonemizer = espeak_phonemes.Phonemizer(_LANGUAGES[language], tie=_TIE)
    return lambda text: " ".join(
        f"{_misaki(clause.phonemes)}{clause.mark}" for clause in phonemizer.clauses(text)
    )


def _phonemes_identity(voice: Voice, style: Style) -> str:
    language = _language(voice, style)
    if language != _ENGLISH:
        return espeak_phonemes.identity(_LANGUAGES[language])
    version = installed.version(_G2P)
    if not version:
        raise _missing("")
    return f"{_G2P} {version} {style.kind.startswith(_BRITISH)}"


def _language(voice: Voice, style: Style) -> str:
    """The language that is read: one that there are phonemes for.

    Raises:
        RefusedError: there are none.
    """
    (language,) = _languages(style) or (voice.language,)
    if language != _ENGLISH and language not in _LANGUAGES:
        there = ", ".join(sorted((_ENGLISH, *_LANGUAGES)))
        raise RefusedError(
            f"Kokoro voices speak {there} here, not {language!r}: choose another than {style.name}"
        )
    return language


def _english(*, british: bool) -> Callable[[str], str]:
    onnx.runtime()
    try:
        from hibari.g2p import G2P
    except ImportError as error:
        raise _missing(f" ({error})") from error
    read: Callable[[str], str] = G2P(british=british)
    # A link with phonemes behind it would be obeyed: here it is words.
    return lambda text: read(text.replace("](", "] ("))


def _missing(reason: str) -> RefusedError:
    return RefusedError(f"an English Kokoro voice needs {_G2P}{reason}: {onnx.install()}")


def _misaki(phonemes: str) -> str:
    for heard, written in _WRITTEN.items():
        phonemes = phonemes.replace(heard, written)
    return phonemes


def _runs(phonemes: str) -> Iterator[str]:
    """What is spoken at once: all of it, or its sentences; sounds that the model lacks are left out."""
    known = "".join(sound for sound in phonemes if sound in _NUMBERS).strip()
    parts = [known] if len(known) <= _MOST_SOUNDS else _SENTENCE_END.split(known)
    yield from (run for part in parts for run in cut(part, _MOST_SOUNDS) if any(map(str.isalpha, run)))
