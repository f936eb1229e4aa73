"""The folder of a recorded voice: which sentence lies in which file, and who speaks what is missing.

    anna/
        voice.json      {"sentences": {"Stand tall.": "stand-tall.wav", …}, "beside": {"engine": "piper"}}
        stand-tall.wav  as it was recorded, in any format that PyAV reads

Sentences are told apart by what is written, whatever its case, its spaces and the mark that ends it. The
index is read for every sentence and parsed once: what is recorded while a program runs is heard of.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from audiocoach import configuration, regular
from audiocoach.errors import MALFORMED, InputError, RefusedError
from audiocoach.records import dataclass

INDEX = "voice.json"
ENGINE = "recorded"
_MOST_INDEX_BYTES = 10_000_000
MOST_FILE_BYTES = 50_000_000
_ENDS = " .!?:;,\u2026'\"\u201c\u201d"
_NAME = re.compile(r"[^\W_][\w .-]*")


@dataclass(frozen=True, slots=True)
class Beside:
    """Who speaks what is missing: an engine and its voice; both `""` for the usual voice of the language."""

    engine: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recordings:
    """A recorded voice as its index has it.

    `sentences` are pairs of a text as it was written and the file's name; `beside` is None where nobody
    speaks what is missing.
    """

    folder: Path
    sentences: tuple[tuple[str, str], ...] = ()
    beside: Beside | None = Beside()

    def file_of(self, text: str) -> Path | None:
        """Where this sentence lies; None where there is no such file."""
        name = _by_sentence(self.sentences).get(normal(text))
        path = self.folder / name if name else None
        return path if path and path.is_file() else None


def normal(text: str) -> str:
    """What two ways to write one sentence have in common: `Stand  tall.` and `stand tall`."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").casefold()
    return " ".join(plain.split()).strip(_ENDS) or plain


@lru_cache(maxsize=8)
def _by_sentence(sentences: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {normal(text): file for text, file in sentences}


def home() -> Path:
    """Where recorded voices lie that the configuration gives no other place."""
    return configuration.data_folder() / "voices" / ENGINE


def folder_of(name: str) -> Path:
    """The folder of the recorded voice called `name`, whether or not it is there.

    Raises:
        RefusedError: no voice can have this name, or the configuration has a problem.
    """
    if not _NAME.fullmatch(name):
        raise RefusedError(
            f"expected a name of letters, digits, dots and hyphens for a recorded voice, such as anna, "
            f"found {name!r}"
        )
    return _configured().get(name) or home() / name


def names() -> tuple[str, ...]:
    """The recorded voices that are there, sorted.

    Raises:
        RefusedError: the configuration has a problem.
    """
    usual = (path.parent.name for path in home().glob(f"*/{INDEX}"))
    elsewhere = (name for name, folder in _configured().items() if (folder / INDEX).is_file())
    return tuple(sorted({*usual, *elsewhere}))


def _configured() -> dict[str, Path]:
    """Folders by voice, as the user's configuration has them."""
    path = configuration.path()
    try:
        status = path.stat()
    except OSError:
        return {}
    return _folders(path, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=2)
def _folders(path: Path, *_state: int) -> dict[str, Path]:
    try:
        entries = configuration.read(path).recorded
    except InputError as error:
        raise RefusedError(str(error).split("\n")[0]) from error
    return {name: entry.folder for name, entry in entries.items()}


def read(folder: Path) -> Recordings:
    """What the index in this folder says.

    Raises:
        FileNotFoundError: there is none.
        RefusedError: it cannot be read, or it is no index.
    """
    path = folder / INDEX
    try:
        data = regular.read(path, _MOST_INDEX_BYTES)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise RefusedError(f"{path}: cannot be read: {error.strerror}") from error
    return _parsed(folder, data)


@lru_cache(maxsize=8)
def _parsed(folder: Path, data: bytes) -> Recordings:
    try:
        index = json.loads(data)
        sentences = tuple((str(text), _plain_name(file)) for text, file in index["sentences"].items())
        return Recordings(folder, sentences, _beside(index.get("beside", {})))
    except MALFORMED as error:
        example = '{"sentences": {"Stand tall.": "stand-tall.wav"}}'
        raise RefusedError(f"{folder / INDEX}: expected an index such as {example}: {error}") from error


def _plain_name(file: Any) -> str:  # noqa: ANN401 - JSON may hold anything
    if not isinstance(file, str) or Path(file).name != file:
        raise ValueError(f"found the file {file!r}: it has to lie in the same folder")
    return file


def _beside(value: Any) -> Beside | None:  # noqa: ANN401 - JSON may hold anything
    if value is None:
        return None
    beside = Beside(str(value.get("engine", "")), str(value.get("name", "")))
    if beside.engine == ENGINE:
        raise ValueError('a recorded voice cannot stand in for another: name an engine such as "pyttsx3"')
    return beside


def index_of(recordings: Recordings) -> bytes:
    """The index as it is written: sentences in the order of their letters."""
    beside = recordings.beside
    told = {} if beside == Beside() else {"beside": beside and {"engine": beside.engine, "name": beside.name}}
    sentences = dict(sorted(recordings.sentences))
    return json.dumps({**told, "sentences": sentences}, indent=1, ensure_ascii=False).encode() + b"\n"


def file_name(text: str) -> str:
    """The name of this sentence's file: its first words, and what tells it from others that begin so."""
    plain = unicodedata.normalize("NFKD", normal(text)).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("-")
    return f"{words or 'sentence'}-{hashlib.sha256(normal(text).encode()).hexdigest()[:6]}.wav"


def digest_of(path: Path) -> str:
    """A digest of a sound's file; it is read again only where the system says that it is another.

    Raises:
        OSError: it cannot be read.
    """
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=4096)
def _digest(path: Path, *_state: int) -> str:
    return hashlib.sha256(regular.read(path, MOST_FILE_BYTES)).hexdigest()
