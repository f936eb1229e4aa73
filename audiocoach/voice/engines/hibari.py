"""The natural voice: hibari, a small neural network for English that lies whole in its wheel.

It is loaded once, in `prepare`: forks of that process share it. Its bytes are the same in any order and any
process as long as the versions and the processor's kernels are (`onnx`): one thread, and a seed for
the noise. It would fetch a voice that it lacks: here it never does.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
import wave
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from audiocoach import installed
from audiocoach.errors import EngineError, RefusedError, is_for_want_of_memory
from audiocoach.voice.engines import lexicons, networks, onnx, unknown
from audiocoach.voice.limits import Limits
from audiocoach.voice.listing import Listed
from audiocoach.voice.words import pieces

if TYPE_CHECKING:
    from audiocoach.routine.voice import Voice
    from audiocoach.voice.clips import Store

LANGUAGE = "en"
FIRST_CHOICE = "heart"
LICENCE = "Apache-2.0"
_PACKAGE = "hibari-tts"
# With it speech takes as long as espeak-ng's: measured over the phrases of the five routines.
_USUAL_SPEED = 0.9
_USUAL_RATE_WPM = 165
# The network takes memory with the square of what it sees at once: 810 MB for 200 words without a mark.
_LONGEST_PIECE = 300
_LONGEST_WORD = 60
# What lies between two sentences of a session: the network leaves more than twice as much.
_GAP_MS = 336
_QUIET = 0.006  # -44 dB of the sentence's own peak
_SEED = 0
# What the passage needs at the usual rate: the first word of all waits for nobody to find it.
_USUAL_GAIN_DB = 7.4
_FULL_SCALE = 32767
NOTHING_TO_READ = (
    "the voice hibari reads English alone, and finds none here: write how it sounds under pronounce, or name "
    "another voice"
)


class HibariEngine(onnx.NeuralEngine):
    """A voice of hibari: `heart` lies in the wheel, others are there where the user has fetched them."""

    runs = "stay"
    limits = Limits(set_up_ms=60_000, character_ms=200)

    def __init__(self, voice: Voice) -> None:
        if voice.language != LANGUAGE:
            raise RefusedError(f"the voice hibari speaks English alone, not {voice.language!r}")
        self._model = _model(voice.name or FIRST_CHOICE)
        self._speed = _USUAL_SPEED * voice.rate_wpm / _USUAL_RATE_WPM

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """Versions, and which of the two libraries for Fourier transforms is there.

        Raises:
            EngineError: something is not installed.
        """
        version = installed.version(_PACKAGE)
        if not version:
            raise _missing("")
        fourier = f"scipy {installed.version('scipy')}"
        return f"hibari {version} {onnx.identity()} {fourier} {voice.name or FIRST_CHOICE}"

    @staticmethod
    def gain_db(voice: Voice) -> float | None:
        """What brings the first choice to our level at the usual rate; of others it is not known."""
        is_usual = (voice.name or FIRST_CHOICE, voice.rate_wpm) == (FIRST_CHOICE, _USUAL_RATE_WPM)
        return _USUAL_GAIN_DB if is_usual else None

    @staticmethod
    def prepare() -> None:
        """Load the first choice.

        Raises:
            EngineError: something is missing, or does not load.
        """
        _model(FIRST_CHOICE)

    @staticmethod
    def prepare_with(store: Store) -> None:
        """Load the first choice, of what the store has of it.

        Raises:
            Exception: something is missing, or does not load.
        """
        onnx.runtime()
        _sessions[FIRST_CHOICE] = networks.kept(_models()[FIRST_CHOICE], store)
        _model(FIRST_CHOICE)

    @staticmethod
    def voices() -> tuple[Listed, ...]:
        """Those that hibari knows; where it is not installed, the one that comes with it."""
        if not installed.version(_PACKAGE) or not installed.version("onnxruntime"):
            return (Listed(FIRST_CHOICE, (LANGUAGE,), LICENCE, onnx.install()),)
        return tuple(
            Listed(name, (LANGUAGE,), LICENCE, "" if path.is_file() else _way_to(name))
            for name, path in _models().items()
        )

    @staticmethod
    def unreadable(_: Voice, text: str) -> str:
        """What is said of a text without a Latin letter and without a figure."""
        plain = unicodedata.normalize("NFKD", text)
        return "" if any(char.isascii() and char.isalnum() for char in plain) else NOTHING_TO_READ

    def speak(self, text: str, path: Path) -> None:
        """Write `text` to `path`: 16 bit, mono, 24 kHz.

        Raises:
            EngineError: there is nothing in it that this voice can read.
            OSError: the file cannot be written.
        """
        import numpy as np

        # A link with phonemes behind it would be obeyed: here it is words.
        parts = pieces(text.replace("](", "] ("), _LONGEST_PIECE, _LONGEST_WORD)
        sentences = (sound for part in parts for sound in self._model.stream(part, self._speed, _SEED))
        sounds = [_without_quiet(sound) for sound in sentences if sound.any()]
        if not sounds:
            raise EngineError(NOTHING_TO_READ)
        rate_hz: int = self._model.sample_rate
        gap = np.zeros(rate_hz * _GAP_MS // 1000, np.float32)
        joined = np.concatenate([part for sound in sounds for part in (gap, sound)][1:])
        samples = (np.clip(joined, -1.0, 1.0) * _FULL_SCALE).astype("<i2").tobytes()
        with path.open("wb") as target, wave.open(target, "wb") as file:
            file.setparams((1, 2, rate_hz, 0, "NONE", ""))
            file.writeframes(samples)


def _without_quiet(sound: Any) -> Any:
    """Samples without the quiet at both ends."""
    import numpy as np

    loud = np.flatnonzero(np.abs(sound) > _QUIET * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + 1]


# Sessions that are open before their voice is set up.
_sessions: dict[str, Any] = {}


@lru_cache(maxsize=2)
def _model(name: str) -> Any:
    """The voice of this name, ready: its first inference, which takes longest, is over.

    Raises:
        EngineError: something is missing, does not load, or there is no such voice here.
    """
    onnx.runtime()
    models = _models()
    if not models:
        raise _missing("")
    if name not in models:
        raise unknown("voice", name, models)
    if not models[name].is_file() and name != FIRST_CHOICE:
        raise RefusedError(f"the voice {name!r} of hibari is not on this machine: {_remedy(name)}")
    try:
        model = _loaded(name, models[name])
    except Exception as error:
        if is_for_want_of_memory(error):
            raise
        if isinstance(error, ImportError):
            raise _missing(f" ({type(error).__name__})") from error
        raise _damaged(type(error).__name__) from error
    return model


def _loaded(name: str, path: Path) -> Any:
    """The network and what reads words for it. Side by side they take as long: the network holds the GIL."""
    from hibari import Hibari, g2p

    # Read whole, its lists take longer than all else; this version alone is installed.
    vars(g2p)["_load_json"] = _read_asset
    model = object.__new__(Hibari)
    # What its own construction sets, but for the session, which it would always make anew.
    vars(model).update(
        sess=_sessions.pop(name, None) or onnx.inference(str(path), onnx.options()),
        voice=name,
        model_path=str(path),
        vocab=_read_asset("vocab.json"),
        _g2p=None,
    )
    model("Go.", _USUAL_SPEED, _SEED)
    return model


def _read_asset(name: str) -> Any:
    """One of the files that lie in the package."""
    return lexicons.read(_assets() / name)


def _models() -> dict[str, Path]:
    """Where each voice that hibari knows lies, or would: read without importing it, empty without it."""
    if not find_spec("hibari"):
        return {}
    assets = _assets()
    registry: dict[str, dict[str, Any]] = json.loads((assets / "voices.json").read_text(encoding="utf-8"))
    return {
        name: (assets if facts.get("bundled") else _fetched()) / facts["file"]
        for name, facts in registry.items()
    }


def _assets() -> Path:
    """The files of the package: found without importing it."""
    spec = find_spec("hibari")
    return Path(spec.origin).parent / "assets" if spec and spec.origin else Path()


def _fetched() -> Path:
    """Where hibari keeps what it has fetched."""
    own = os.environ.get("HIBARI_HOME")
    return Path(own) if own else platformdirs.user_cache_path("hibari", appauthor=False, opinion=False)


def _way_to(name: str) -> str:
    return _damaged("its file is gone").message if name == FIRST_CHOICE else _remedy(name)


def _remedy(name: str) -> str:
    """What fetches a voice: hibari's own command, at the user's word."""
    return f'run {_program()} "Hello." --voice {name} -o hello.wav, which fetches it'


def _program() -> str:
    """The command of hibari itself, which lies beside the interpreter and may be on no path."""
    beside = Path(sys.executable).with_name("hibari")
    return installed.called(str(beside)) if beside.is_file() and not shutil.which("hibari") else "hibari"


def _missing(reason: str) -> RefusedError:
    return RefusedError(f"the natural voice cannot be loaded{reason}: {onnx.install()}")


def _damaged(reason: str) -> RefusedError:
    """The error for files that are not as they were installed: another install finds them in place."""
    package = f"{_PACKAGE}=={installed.version(_PACKAGE)}"
    anew = installed.pip_install(f"--force-reinstall --no-deps {package}")
    return RefusedError(f"the natural voice cannot be loaded ({reason}): {anew}")
