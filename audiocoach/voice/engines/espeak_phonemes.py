"""Phonemes of words, by libespeak-ng: what Piper and Kokoro voices read instead of letters.

The library of `espeakng-loader` is called in its own terms, through `ctypes`; no program of it runs. It reads
a text clause by clause and says where each ends, not with what: that is looked up in the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiocoach import installed
from audiocoach.errors import RefusedError
from audiocoach.records import dataclass
from audiocoach.voice.engines import espeak
from audiocoach.voice.words import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ctypes import CDLL
    from types import ModuleType

_SYNCHRONOUS = 2
_UTF8 = 1
_IPA = 2
_TIED = 0x80
_TIE_PLACE = 8
_OK = 0
# As for the voice of the same library: of a longer word most letters are lost.
_LONGEST_PIECE = 1000
_LONGEST_WORD = 60
# `(en)` and `(de)`: where the library changes to another language's sounds within a text.
_LANGUAGE_SWITCH = re.compile(r"\([a-z-]+\)")
# What stands at the end of a clause, in whatever script, as the models have learnt to read it; an ellipsis
# and a dash are for the library what a semicolon is.
_MARKS = {
    **dict.fromkeys(".\u3002\uff0e\u0964\u06d4", "."),
    **dict.fromkeys(",\uff0c\u3001\u060c", ","),
    **dict.fromkeys("?\uff1f\u061f", "?"),
    **dict.fromkeys("!\uff01", "!"),
    **dict.fromkeys(":\uff1a", ":"),
    **dict.fromkeys(";\uff1b\u061b\u2026\u2013\u2014", ";"),
}
_SENTENCE_MARKS = frozenset(".?!")


@dataclass(frozen=True, slots=True)
class Clause:
    """What is said in one breath: IPA of its words with spaces between, and `. ? ! , : ;` or nothing."""

    phonemes: str
    mark: str

    @property
    def ends_sentence(self) -> bool:
        """Whether what follows is another sentence."""
        return self.mark in _SENTENCE_MARKS


class Phonemizer:
    """The library, reading one language by a name of its own, such as `en-us` or `de`."""

    def __init__(self, language: str, tie: str = "") -> None:
        """Load the library and its data. `tie` stands between letters that are one sound, as in `d^ʒ`.

        Raises:
            RefusedError: it is missing, or knows no such language.
        """
        self._library = _library()
        self._mode = _IPA | (_TIED | ord(tie) << _TIE_PLACE if tie else 0)
        if self._library.espeak_SetVoiceByName(language.encode("utf-8", "replace")) != _OK:
            raise RefusedError(f"espeak-ng has no phonemes of {language!r}")

    def clauses(self, text: str) -> Iterator[Clause]:
        """The clauses of this text in order; those without a sound are left out."""
        for piece in pieces(text, _LONGEST_PIECE, _LONGEST_WORD):
            yield from self._read(piece)

    def _read(self, text: str) -> Iterator[Clause]:
        import ctypes

        buffer = ctypes.create_string_buffer(text.encode("utf-8", "replace"))
        first, size = ctypes.addressof(buffer), len(buffer) - 1
        rest, start = ctypes.c_void_p(first), 0
        while rest.value is not None:
            phonemes = self._library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, self._mode)
            end = size if rest.value is None else rest.value - first
            read = buffer.raw[start:end].decode("utf-8", "ignore")
            start = end
            spoken = _LANGUAGE_SWITCH.sub("", (phonemes or b"").decode("utf-8")).strip()
            if spoken:
                yield Clause(spoken, _mark(read, is_last=rest.value is None))


def _mark(read: str, *, is_last: bool) -> str:
    """With what the clause ends. Before the end of the text the library has read a letter too many."""
    if not is_last and read[-1:].isalnum():
        read = read[:-1]
    words = re.match(r".*\w", read, re.DOTALL)
    marks = read[words.end() if words else 0 :]
    return next((_MARKS[mark] for mark in marks if mark in _MARKS), "")


def identity(language: str) -> str:
    """A name for everything that shapes the phonemes of a language: the library, its data and dictionary.

    Raises:
        RefusedError: `espeakng-loader` is not installed.
    """
    if not installed.version("espeakng-loader"):
        raise _missing("espeakng-loader is not installed")
    return espeak.data_identity(language)


def _library() -> CDLL:
    import ctypes

    loader = _loader()
    try:
        library = ctypes.CDLL(loader.get_library_path())
        data = loader.get_data_path()
    except (OSError, RuntimeError) as error:
        raise _missing(error) from error
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = (ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_int)
    if library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), 0) <= 0:
        raise _missing("espeak-ng found no data to speak with")
    return library


def _loader() -> ModuleType:
    try:
        import espeakng_loader
    except ImportError as error:
        raise _missing(error) from error
    module: ModuleType = espeakng_loader
    return module


def _missing(cause: object) -> RefusedError:
    return RefusedError(
        f"this voice has no library that makes phonemes ({cause}): {installed.pip_install('espeakng-loader')}"
    )
