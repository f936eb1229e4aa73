"""Everything that shapes a byte of a session beside the routine's own files, as one digest."""

from __future__ import annotations

import hashlib
from dataclasses import astuple
from typing import TYPE_CHECKING

from audiocoach import __version__, assets, installed
from audiocoach.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiocoach.routine.voice import Voice
    from audiocoach.store.options import Overrides

# Raise it when the same inputs would become other files.
_FORMAT = 7
LIBRARIES = ("av", "lameenc", "pydub")


class Fingerprint:
    """The digest by the voices of a session; `voice_key` names what shapes a voice's clips."""

    def __init__(self, overrides: Overrides, voice_key: Callable[[Voice], str]) -> None:
        self._general = _general(overrides)
        self._voice_key = voice_key

    def of(self, voices: Iterable[Voice]) -> str:
        """The digest for a session with these voices, `""` where one of them cannot be had."""
        try:
            keys = [self._voice_key(voice) for voice in voices]
        except EngineError:
            return ""
        return hashlib.sha256(repr((self._general, keys)).encode()).hexdigest()


def describe_versions() -> str:
    """What must be the same on two machines for both to make the same bytes, engines aside."""
    drawing = f"pillow {installed.version('pillow')}"
    return " ".join((f"audiocoach {__version__}/{_FORMAT}", *libraries(), drawing))


def libraries() -> list[str]:
    """The versions of what turns samples into frames."""
    return [f"{name} {installed.version(name)}" for name in LIBRARIES]


def shipped() -> list[str]:
    """The contents of what the package brings along and a session sounds of: languages and tones."""
    files = sorted((assets.folder() / "languages").glob("*/*"))
    return [
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (*files, assets.folder() / "tones.json")
    ]


def _general(overrides: Overrides) -> str:
    return repr((describe_versions(), shipped(), astuple(overrides)))
