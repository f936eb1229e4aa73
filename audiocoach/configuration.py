"""The user's own configuration: what no routine may say, since routines are shared.

`config.toml` in the user's folder for such files, or the file that AUDIOCOACH_CONFIG names. It holds
addresses, commands, and the names of environment variables that hold keys; a routine or a show names its
entries. `docs/configuration.md` has all of it.
"""

from __future__ import annotations

import math
import os
import re
import sys
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from audiocoach import regular
from audiocoach.errors import InputError, Position, Problem, StorageError, quote, whole
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

VARIABLE = "AUDIOCOACH_CONFIG"
DATA_VARIABLE = "AUDIOCOACH_DATA"
_MOST_BYTES = 1_000_000
_NEAR = 3
# As every WAV of a voice.
_LEAST_RATE_HZ, _MOST_RATE_HZ = 8_000, 192_000
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')(?:\s*\.\s*[\w"'-]+)*)\s*=""")
_SYNTAX = re.compile(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")
_CODE = re.compile(r"[a-z]{2,3}")
_SLOT = re.compile(r"\{(\w+)\}")
# What a command's arguments may have in braces.
SLOTS = ("wav", "text", "rate")
_NOWHERE = whole("")
# Text, a number, a list of texts: whatever a field holds.
_Read = Any


@dataclass(frozen=True, slots=True)
class DefaultVoice:
    """`[voice.en]`: who speaks a language where a routine is silent; `name` is `""` for the engine's own."""

    engine: str
    name: str = ""
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class HttpService:
    """`[http.NAME]`: a server that speaks as OpenAI's does, without a `/` at the end of its address.

    `key_env` is the name of an environment variable, `""` where no key is asked for. Price and budget, which
    is for one build, are in whatever currency the user thinks in; no budget is None.
    """

    address: str
    model: str
    voice: str
    key_env: str = ""
    version: str = ""
    rate_hz: int = 24_000
    price_per_million_characters: float = 0.0
    budget: float | None = None
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """`[command.NAME]`: a program with its arguments, and a word for its version."""

    run: tuple[str, ...]
    version: str = ""
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Recordings:
    """`[recorded.NAME]`: where a coach's recordings lie."""

    folder: Path
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PiperModel:
    """`[piper.NAME]`: a model by its path."""

    model: Path
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class KokoroModel:
    """`[kokoro.NAME]`: a model, a folder or file of styles, and which of them; `""` where there is one."""

    model: Path
    voices: Path
    voice: str = ""
    at: Position = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All entries by name; `voice` by language. Everything is empty where there is no file."""

    path: Path
    voice: Mapping[str, DefaultVoice]
    http: Mapping[str, HttpService]
    command: Mapping[str, Command]
    recorded: Mapping[str, Recordings]
    piper: Mapping[str, PiperModel]
    kokoro: Mapping[str, KokoroModel]


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: `reads` gives None for what it cannot use; `is_secret` if what is found is not repeated."""

    expected: str
    reads: Callable[[_Read], _Read]
    is_needed: bool = False
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class _Table:
    """What stands under `[kind.name]`, and what it becomes."""

    example: str
    made: Callable[..., Any]
    fields: Mapping[str, _Field]


def path() -> Path:
    """Where the user's configuration is, whether there is one or not."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_config_path  # noqa: PLC0415 - 20 ms, and not needed where a variable says it

    return user_config_path("audiocoach", appauthor=False) / "config.toml"


def data_folder() -> Path:
    """Where the user's voices, recordings and paid takes are kept, whether it is there or not."""
    named = os.environ.get(DATA_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_data_path  # noqa: PLC0415 - 20 ms, and not needed where a variable says it

    return user_data_path("audiocoach", appauthor=False)


def read(at: Path | None = None) -> Configuration:
    """The configuration at a path, or the user's own.

    Raises:
        InputError: every problem of the file, each with its place.
    """
    place = at or path()
    text = _text(place)
    table = _parsed(place, text)
    where = _Places(place, text) if table else None
    problems: list[Problem] = []
    entries: dict[str, dict[str, Any]] = {kind: {} for kind in _TABLES} | (
        _entries(table, where, problems) if where else {}
    )
    if problems:
        raise InputError(*problems)
    return Configuration(place, **entries)


def set_default_voice(at: Path, language: str, engine: str, name: str) -> None:
    """Have a voice speak a language where a routine says nothing; the rest of the file stays as it is.

    Raises:
        InputError: the file cannot be used as it stands.
        StorageError: it cannot be written.
    """
    read(at)
    import tomlkit  # noqa: PLC0415 - what only reads needs none of it

    document = tomlkit.parse(_text(at))
    voices = document.setdefault("voice", tomlkit.table(is_super_table=True))
    chosen = voices.setdefault(language, tomlkit.table())
    chosen["engine"] = engine
    chosen["name"] = name
    _replace(at, tomlkit.dumps(document))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """The sentence for a name that is not there: near ones where there are any, else all."""
    from difflib import get_close_matches  # noqa: PLC0415 - only an error pays for it

    there = sorted(known)
    near = get_close_matches(name, there, n=_NEAR, cutoff=0.5)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are: {', '.join(there) or 'none'}"
    return f"there is no {what} {name!r}: {hint}"


# -- reading ------------------------------------------------------------------------------------


def _text(place: Path) -> str:
    """The file's text, `""` where there is none.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return regular.read(place, _MOST_BYTES).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        message = "expected a text in UTF-8, found other bytes: save it as UTF-8"
        raise InputError(Problem(Position(str(place), 1, 1), message, code="bad-encoding")) from error
    except OSError as error:
        message = f"the configuration cannot be read: {error.strerror}"
        raise InputError(Problem(whole(place), message, code="unreadable-file")) from error


def _parsed(place: Path, text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415 - 20 ms, and most have no file
    else:
        import tomli as tomllib  # noqa: PLC0415 - 20 ms, and most have no file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_syntax_problem(place, text, str(error))) from error


def _syntax_problem(place: Path, text: str, said: str) -> Problem:
    match = _SYNTAX.fullmatch(said)
    what = match["what"] if match else said
    line, column = match.group("line", "column") if match else (None, None)
    last = len(text.splitlines())
    at = Position(str(place), int(line or last), int(column or 1))
    return Problem(at, f'expected TOML, such as model = "kokoro", found: {what[:1].lower()}{what[1:]}')


class _Places:
    """Where tables and fields stand: the parser of the standard library does not tell."""

    def __init__(self, place: Path, text: str) -> None:
        self._place = str(place)
        self._found: dict[tuple[str, ...], tuple[int, int]] = {}
        above: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := _HEADER.fullmatch(line):
                above = _steps(header[1])
                self._note(above, number, header.start(1) + 1)
            elif key := _KEY.match(line):
                self._note((*above, *_steps(key[1])), number, key.start(1) + 1)

    def _note(self, way: tuple[str, ...], line: int, column: int) -> None:
        for length in range(1, len(way) + 1):
            self._found.setdefault(way[:length], (line, column))

    def of(self, *way: str) -> Position:
        """The place of a table or field, else of the nearest above it."""
        for length in range(len(way), 0, -1):
            if found := self._found.get(way[:length]):
                return Position(self._place, *found)
        return Position(self._place, 1, 1)


def _steps(dotted: str) -> tuple[str, ...]:
    """The steps of `http."my clinic"`, which are two."""
    return tuple(step.strip().strip("\"'") for step in re.findall(r'"[^"]*"|\'[^\']*\'|[^.]+', dotted))


def _entries(table: dict[str, Any], where: _Places, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = {}
    for kind, named in table.items():
        if kind not in _TABLES:
            problems.append(Problem(where.of(kind), unknown("table", kind, _TABLES), code="unknown-field"))
        elif not isinstance(named, dict):
            problems.append(Problem(where.of(kind), f"expected a table, such as {_TABLES[kind].example}"))
        else:
            made = {name: _entry(kind, name, fields, where, problems) for name, fields in named.items()}
            entries[kind] = {name: entry for name, entry in made.items() if entry is not None}
    return entries


def _entry(kind: str, name: str, fields: _Read, where: _Places, problems: list[Problem]) -> object:
    """One table's record, None where it has a problem."""
    table, at = _TABLES[kind], where.of(kind, name)
    if not isinstance(fields, dict):
        problems.append(Problem(at, f"expected a table with a name, such as {table.example}"))
        return None
    wrong = [
        *_unknown_fields(kind, name, fields, where),
        *(
            Problem(at, f"[{kind}.{name}] has no {key}: expected {one.expected}", code="missing-field")
            for key, one in table.fields.items()
            if one.is_needed and key not in fields
        ),
    ]
    values = {key: table.fields[key].reads(found) for key, found in fields.items() if key in table.fields}
    wrong += [
        Problem(where.of(kind, name, key), _unfit(key, table.fields[key], fields[key]))
        for key, value in values.items()
        if value is None
    ]
    problems += wrong
    if wrong:
        return None
    if kind == "voice" and not _CODE.fullmatch(name):
        message = "expected the code of a language, such as [voice.en], or it would speak nothing"
        problems.append(Problem(at, f"[voice.{name}]: {message}"))
    entry = table.made(**values, at=at)
    problems += _contradictions(entry, where, kind, name)
    return entry


def _unknown_fields(kind: str, name: str, fields: dict[str, Any], where: _Places) -> Iterator[Problem]:
    known = _TABLES[kind].fields
    for key in fields:
        if key not in known:
            message = unknown(f"field of [{kind}.{name}]", key, known)
            yield Problem(where.of(kind, name, key), message, code="unknown-field")


def _unfit(key: str, wanted: _Field, found: _Read) -> str:
    if wanted.is_secret:
        return f"{key}: expected {wanted.expected}"
    shown = quote(found) if isinstance(found, str) else str(found)
    return f"{key}: expected {wanted.expected}, found {shown}"


def _contradictions(entry: object, where: _Places, kind: str, name: str) -> Iterator[Problem]:
    if isinstance(entry, Command):
        for slot in _SLOT.findall(" ".join(entry.run)):
            if slot not in SLOTS and (near := _near_slot(slot)):
                message = f"run: there is no {{{slot}}}: did you mean {{{near}}}?"
                yield Problem(where.of(kind, name, "run"), message)
    if not isinstance(entry, HttpService):
        return
    if entry.budget is not None and not entry.price_per_million_characters:
        message = "a budget needs a price: expected price_per_million_characters = 15.0 beside it, say"
        yield Problem(where.of(kind, name, "budget"), message, code="conflicting-fields")
    if entry.key_env and not is_private(entry.address):
        message = "the key would go over the net in the clear: expected an address that begins https://"
        yield Problem(where.of(kind, name, "address"), message, code="conflicting-fields")


def _near_slot(word: str) -> str:
    """The placeholder that is meant by it; other programs have braces of their own."""
    from difflib import get_close_matches  # noqa: PLC0415 - only braces that are none of ours pay for it

    return next(iter(get_close_matches(word.lower(), SLOTS, n=1, cutoff=0.8)), "")


def is_private(address: str) -> bool:
    """Whether what is sent there is encrypted, or stays on this machine or in the house."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" or "." not in host.removesuffix(".local"):
        return True
    from ipaddress import ip_address  # noqa: PLC0415 - only an address without encryption is looked at

    try:
        return ip_address(host).is_private
    except ValueError:
        return False


# -- fields -------------------------------------------------------------------------------------


def _words(found: _Read) -> str | None:
    return found if isinstance(found, str) and found.strip() and found.isprintable() else None


def _optional_words(found: _Read) -> str | None:
    return found if found == "" else _words(found)


def _variable(found: _Read) -> str | None:
    return found if isinstance(found, str) and _VARIABLE.fullmatch(found) else None


def _address(found: _Read) -> str | None:
    """An address without anything secret in it, and without a `/` at its end."""
    if not isinstance(found, str) or not found.isprintable() or not found.isascii() or " " in found:
        return None
    try:
        parts = urlsplit(found)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not has_port:
        return None
    return None if "@" in parts.netloc or parts.query or parts.fragment else found.rstrip("/")


def server_address(text: str) -> str | None:
    """The address of a server as it is asked at, None where it is none or has something secret in it."""
    return _address(text)


def _amount(found: _Read) -> float | None:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return float(found) if is_number and math.isfinite(found) and found >= 0 else None


def _hertz(found: _Read) -> int | None:
    is_whole = isinstance(found, int) and not isinstance(found, bool)
    return found if is_whole and _LEAST_RATE_HZ <= found <= _MOST_RATE_HZ else None


def _arguments(found: _Read) -> tuple[str, ...] | None:
    if not isinstance(found, list) or not found or not found[0]:
        return None
    return tuple(found) if all(isinstance(part, str) and "\0" not in part for part in found) else None


def _path(found: _Read) -> Path | None:
    if not isinstance(found, str) or not found or "\0" in found:
        return None
    try:
        return Path(found).expanduser()
    except RuntimeError:
        return None


_TABLES: dict[str, _Table] = {
    "voice": _Table(
        '[voice.en] with engine = "piper"',
        DefaultVoice,
        {
            "engine": _Field('the name of an engine, such as "piper"', _words, is_needed=True),
            "name": _Field('the name of a voice, such as "joe"', _optional_words),
        },
    ),
    "http": _Table(
        '[http.clinic] with address = "http://127.0.0.1:8880/v1"',
        HttpService,
        {
            "address": _Field(
                'an address without a key in it, such as "http://127.0.0.1:8880/v1"',
                _address,
                is_needed=True,
                is_secret=True,
            ),
            "model": _Field('the name of a model, such as "kokoro"', _words, is_needed=True),
            "voice": _Field('the name of a voice, such as "af_heart"', _words, is_needed=True),
            "key_env": _Field(
                'the name of an environment variable that holds the key, such as "CLINIC_KEY"',
                _variable,
                is_secret=True,
            ),
            "version": _Field('a word that you change with the model, such as "2"', _words),
            "rate_hz": _Field("samples a second of its PCM, from 8000 to 192000, such as 24000", _hertz),
            "price_per_million_characters": _Field("an amount, such as 15.0", _amount),
            "budget": _Field("an amount for one build, such as 5.0", _amount),
        },
    ),
    "command": _Table(
        '[command.flite] with run = ["flite", "-o", "{wav}"]',
        Command,
        {
            "run": _Field(
                'a list of a program and its arguments, such as ["flite", "-o", "{wav}"]',
                _arguments,
                is_needed=True,
            ),
            "version": _Field('a word that you change with the program, such as "2.2"', _words),
        },
    ),
    "recorded": _Table(
        '[recorded.anna] with folder = "~/recordings/anna"',
        Recordings,
        {"folder": _Field('a folder, such as "~/recordings/anna"', _path, is_needed=True)},
    ),
    "piper": _Table(
        '[piper.joe] with model = "~/voices/en_US-joe-medium.onnx"',
        PiperModel,
        {"model": _Field('a file, such as "~/voices/en_US-joe-medium.onnx"', _path, is_needed=True)},
    ),
    "kokoro": _Table(
        '[kokoro.heart] with model = "~/voices/kokoro.onnx"',
        KokoroModel,
        {
            "model": _Field('a file, such as "~/voices/kokoro.onnx"', _path, is_needed=True),
            "voices": _Field(
                'a folder or a file of styles, such as "~/voices/styles"', _path, is_needed=True
            ),
            "voice": _Field('the name of a style, such as "af_heart"', _words),
        },
    ),
}


# -- writing ------------------------------------------------------------------------------------


def _replace(at: Path, text: str) -> None:
    """Write beside the file, then rename; a link stays one, and the file's mode is kept.

    Raises:
        StorageError: it cannot be written.
    """
    import shutil  # noqa: PLC0415 - hardly ever
    import tempfile  # noqa: PLC0415 - hardly ever

    target = Path(os.path.realpath(at))
    beside = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".config.", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        Path(beside).replace(target)
    except OSError as error:
        raise StorageError(f"{at} could not be written: {error.strerror}") from error
    finally:
        if beside:
            Path(beside).unlink(missing_ok=True)
