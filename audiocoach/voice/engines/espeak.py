"""The default voice: pyttsx3. On Linux it needs no system package, only its wheels.

On Linux the library and the data come from `espeakng-loader` and pyttsx3 speaks through our own
driver (`espeak_driver`). Elsewhere its default driver speaks, once in each process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from audiocoach import assets, installed
from audiocoach.errors import EngineError
from audiocoach.voice.engines import espeak_voices
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from audiocoach.routine.voice import Voice

_DRIVER = "audiocoach_espeak"
_DATA = "espeak-ng-data"
_MODEL_FILES = ("phondata", "phonindex", "phontab", "intonations")


class Pyttsx3Engine:
    """A pyttsx3 voice by language tag (`en-us`, `de`) or by pyttsx3's own id (`gmw/en-US+f3`)."""

    def __init__(self, voice: Voice) -> None:
        self._failures: list[Exception] = []
        self._speaker = _speaker()
        self._speaker.connect("error", self._note)
        self._choose(voice)
        self._speaker.setProperty("rate", voice.rate_wpm)
        if voice.pitch is not None:
            self._speaker.setProperty("pitch", voice.pitch)
        self._settle()

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """Versions, and the content of the library and of the data that this voice speaks with.

        Raises:
            EngineError: pyttsx3 or espeakng-loader is not installed.
        """
        version = f"pyttsx3 {_installed_version('pyttsx3')}"
        if not _has_own_library():
            return f"{version} {_system()}"
        return f"{version} {_model_digest(_package_folder(), _name(voice))}"

    @staticmethod
    def has_pitch() -> bool:
        """Whether the library is our own: those of the systems have none, or scales of their own."""
        return _has_own_library()

    @staticmethod
    def prepare() -> None:
        """Load pyttsx3, and the library where it is our own.

        Raises:
            EngineError: one is missing.
        """
        if _has_own_library():
            with _explained():
                _own_driver()

    @staticmethod
    def voices() -> tuple[Listed, ...]:
        """Those of espeak-ng by name; elsewhere than on Linux the system's own, and it alone knows them."""
        remedy = _remedy()
        if remedy or not _has_own_library():
            licence = espeak_voices.LICENCE if _has_own_library() else "the system's own"
            return (Listed("", (), licence, remedy),)
        return espeak_voices.voices_in(_package_folder() / _DATA)

    def speak(self, text: str, path: Path) -> None:
        """Write `text` to `path` as 16-bit mono WAV at the voice's own rate.

        Raises:
            EngineError: pyttsx3 reported an error; its message is kept.
            OSError: the file cannot be written.
        """
        self._speaker.save_to_file(text, str(path))
        self._settle()
        if not _has_own_library():
            _to_wav(path)

    def _choose(self, voice: Voice) -> None:
        if _has_own_library():
            self._speaker.setProperty("voice", _name(voice))
        elif voice.name or voice.language != assets.DEFAULT_LANGUAGE:
            voices = self._speaker.getProperty("voices")
            self._speaker.setProperty("voice", _system_voice(_name(voice), voices))

    def _note(self, exception: Exception, **_: object) -> None:
        self._failures.append(exception)

    def _settle(self) -> None:
        """Run what is queued. pyttsx3 swallows exceptions on the way and only reports them."""
        self._speaker.runAndWait()
        failures, self._failures = self._failures, []
        match failures:
            case [(EngineError() | OSError()) as failure, *_]:
                raise failure
            case [failure, *_]:
                raise EngineError(f"pyttsx3 failed: {failure}") from failure


def data_identity(name: str) -> str:
    """The content of the library, and of the data with which it reads this language: `en-us`, `de`.

    Raises:
        EngineError: espeakng-loader is not installed.
    """
    return _model_digest(_package_folder(), name)


def _name(voice: Voice) -> str:
    """The voice's own name, else that of its language."""
    return voice.name or assets.default_voice(voice.language)


def _speaker() -> Any:
    """The engine of pyttsx3, with our driver where the library is our own.

    Raises:
        EngineError: a library is missing.
    """
    with _explained():
        return _own_driver().init(_DRIVER) if _has_own_library() else _system_speaker()


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What goes wrong while libraries are loaded, with the command that installs them."""
    try:
        yield
    except (ImportError, OSError, RuntimeError) as error:
        raise _missing("pyttsx3 espeakng-loader" if _has_own_library() else "pyttsx3", error) from error


def _own_driver() -> ModuleType:
    """pyttsx3, which knows our driver."""
    _load_library(_package_folder())
    import pyttsx3  # only the speech process pays for it

    from audiocoach.voice.engines import espeak_driver  # needs the library loaded

    sys.modules[f"pyttsx3.drivers.{_DRIVER}"] = espeak_driver
    return cast("ModuleType", pyttsx3)


def _system_speaker() -> Any:
    import pyttsx3

    return pyttsx3.init()


def _has_own_library() -> bool:
    return sys.platform == "linux"


def _system() -> str:
    """Name and version of the operating system, whose own voice speaks."""
    import platform  # not needed where the library is ours

    return platform.platform()


def _package_folder() -> Path:
    """Where espeakng-loader lies, found without importing it."""
    spec = find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        raise _missing("espeakng-loader", None)
    return Path(spec.origin).parent


def _load_library(folder: Path) -> None:
    """Make pyttsx3 find this library and this data, and no others that the system may have."""
    import ctypes

    ctypes.CDLL(str(folder / "libespeak-ng.so"), mode=ctypes.RTLD_GLOBAL)
    os.environ["ESPEAK_DATA_PATH"] = str(folder / _DATA)


def _model_digest(folder: Path, name: str) -> str:
    """The content of library, phonemes and the language's dictionary, and the sizes of all data."""
    data = folder / _DATA
    digest = hashlib.sha256(installed.version("espeakng-loader").encode())
    for path in (
        folder / "libespeak-ng.so",
        *(data / file for file in (*_MODEL_FILES, f"{_language(name)}_dict")),
    ):
        digest.update(path.read_bytes() if path.is_file() else b"")
    digest.update(repr(sorted(_sizes(data))).encode())
    return digest.hexdigest()


def _language(name: str) -> str:
    """`en` of `en-us`, `en-us+f3` and `gmw/en-US`."""
    return name.partition("+")[0].rpartition("/")[2].partition("-")[0].lower()


def _sizes(folder: Path) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        yield from ((entry.name, entry.stat().st_size) for entry in entries if entry.is_file())


def _installed_version(name: str) -> str:
    version = installed.version(name)
    if not version:
        raise _missing(name, None)
    return version


def _missing(packages: str, cause: Exception | None) -> EngineError:
    reason = f" ({cause})" if cause else ""
    return EngineError(
        f"the pyttsx3 voice has no library to speak with{reason}: {installed.pip_install(packages)}"
    )


def _remedy() -> str:
    """The command that installs what is missing, `""` where nothing is."""
    wanted = ("pyttsx3", "espeakng-loader") if _has_own_library() else ("pyttsx3",)
    missing = [name for name in wanted if not installed.version(name)]
    return installed.pip_install(" ".join(missing)) if missing else ""


def _system_voice(name: str, voices: list[Any]) -> str:
    """The id of the installed voice with this id, name or language.

    Raises:
        EngineError: there is none.
    """
    from audiocoach.voice.engines import elsewhere, unknown  # the package imports this module

    by_name = {label.lower(): voice.id for voice in reversed(voices) for label in _labels(voice)}
    if name.lower() not in by_name:
        raise elsewhere(assets.USUAL_ENGINE, name) or unknown("voice", name, by_name)
    return str(by_name[name.lower()])


def _labels(voice: Any) -> tuple[str, ...]:
    languages = (str(language).replace("_", "-") for language in voice.languages or ())
    return (*languages, str(voice.name), str(voice.id))


def _to_wav(path: Path) -> None:
    """Make a 16-bit mono WAV file of the AIFF that macOS writes, whatever the name says."""
    if not path.is_file() or path.read_bytes()[:4] != b"FORM":
        return
    import av  # only where it is needed

    wav = path.with_suffix(".rewritten")
    with av.open(str(path)) as source, av.open(str(wav), "w", format="wav") as target:
        stream = target.add_stream("pcm_s16le", rate=source.streams.audio[0].rate, layout="mono")
        for frame in source.decode(audio=0):
            frame.pts = None
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    wav.replace(path)
