"""What a voice would say, without a sound: the phonemes that two engines make of a text."""

from __future__ import annotations

import ctypes
import importlib
import os
import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.decoders import lacks

if TYPE_CHECKING:
    from collections.abc import Callable

_UTF_8, _IPA, _SYNCHRONOUS = 1, 2, 2
# Marks of stress, length and pause: the same words have others in another sentence.
_MARKS = re.compile(r"[^\w]|[ˈˌː]")


def bare(phonemes: str) -> str:
    """The sounds alone: without stress, length, joints and pauses."""
    return _MARKS.sub("", unicodedata.normalize("NFC", phonemes)).replace("_", "")


def espeak(text: str) -> str:
    """The IPA of espeak-ng in its American voice, from the library that speaks in builds."""
    library, words = _espeak(), []
    left = ctypes.c_char_p(text.encode())
    while left.value:
        words.append(library.espeak_TextToPhonemes(ctypes.byref(left), _UTF_8, _IPA).decode())
    return " ".join(words)


@lru_cache(maxsize=1)
def _espeak() -> ctypes.CDLL:
    spec = find_spec("espeakng_loader")
    if spec is None or spec.origin is None:
        lacks("espeakng-loader is not installed")
    folder = Path(spec.origin).parent
    library = ctypes.CDLL(str(folder / "libespeak-ng.so"))
    library.espeak_TextToPhonemes.argtypes = (ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    assert library.espeak_Initialize(_SYNCHRONOUS, 0, str(folder / "espeak-ng-data").encode(), 0) > 0
    assert library.espeak_SetVoiceByName(b"en-us") == 0
    return library


def hibari(text: str) -> str:
    """What hibari's own grapheme-to-phoneme makes of a text, in its own alphabet."""
    return _hibari()(text)


@lru_cache(maxsize=1)
def _hibari() -> Callable[[str], str]:
    if find_spec("hibari") is None:
        lacks("hibari-tts is not installed")
    # What it runs on for words that it does not know would call home.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    g2p: Any = importlib.import_module("hibari.g2p")
    read: Callable[[str], str] = g2p.G2P()
    return read
