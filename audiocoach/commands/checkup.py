"""What `doctor` looks at: one function for each topic, which gives findings."""

from __future__ import annotations

import base64
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from audiocoach import __version__, assets, configuration, installed
from audiocoach.commands import trial
from audiocoach.errors import AudiocoachError, InputError
from audiocoach.records import dataclass
from audiocoach.routine.voice import Voice
from audiocoach.store.cache import Cache
from audiocoach.voice import choice, directory
from audiocoach.voice.studio import FORKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiocoach.configuration import Configuration
    from audiocoach.voice.directory import Entry

# `ok`: as it should be. `missing`: not there, and nothing needs it. `warning`: a build works, and something
# is not as it should be. `problem`: no build works.
State = Literal["ok", "missing", "warning", "problem"]
_PACKAGE = "audiocoach"
_LEAST_PYTHON = (3, 10)
_LEAST_FREE_BYTES = 500_000_000
_MEGABYTE = 1_000_000
# Where a library is called otherwise than its package.
_MODULES = {"audioop-lts": "audioop", "hibari-tts": "hibari", "pillow": "PIL", "pyyaml": "yaml"}
_REQUIREMENT = re.compile(r"\s*([\w.-]+)[^;]*(?:;\s*(.*))?")
_MARKER = re.compile(r"\s*(python_version|sys_platform)\s*(<|<=|==|>=|>)\s*['\"]([\w.]+)['\"]\s*")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")
_ANOTHER = "see what its engine says, or choose another: audiocoach voices use NAME"
_ANEW = "remove what is there (python -m pip uninstall), and install it again"
# What nobody but those who work on the program needs.
_FOR_TESTS = frozenset({"nightly", "test"})
# They speak by what the user has set up, and may connect somewhere: that is looked at, and not tried.
NOT_TRIED = frozenset({"command", "http", "recorded"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one topic, and what to do about it, `""` where there is nothing to do."""

    topic: str
    state: State
    message: str
    remedy: str = ""


def look(cache: Path) -> Iterator[Finding]:
    """Everything, from what the program stands on to who speaks.

    `cache` is the folder that would be used.
    """
    yield _python()
    yield from _libraries()
    yield _assets()
    yield from _configuration()
    yield _cache(cache)
    yield _data()
    yield from _disk(cache)
    yield _processes()
    yield from _voices()
    yield _session()


# -- what the program stands on -----------------------------------------------------------------


def _python() -> Finding:
    version = platform.python_version()
    told = f"audiocoach {__version__} on Python {version}, {platform.system()} {platform.machine()}"
    if sys.version_info[:2] < _LEAST_PYTHON:
        wanted = ".".join(map(str, _LEAST_PYTHON))
        return Finding("program", "problem", told, f"install Python {wanted} or a newer one")
    return Finding("program", "ok", told)


def _libraries() -> Iterator[Finding]:
    """The libraries that every build needs, and those of each extra."""
    wanted = _requirements()
    problems = trial.load(
        [_module(name) for names in wanted.values() for name in names if installed.version(name)]
    )
    for extra, names in wanted.items():
        yield _of_extra(extra, names, problems) if extra else _needed(names, problems)


def _requirements() -> dict[str, list[str]]:
    """The packages that each extra wants, `""` for what is always needed; as the installed package says."""
    wanted: dict[str, list[str]] = {"": []}
    for line in metadata.requires(_PACKAGE) or ():
        match = _REQUIREMENT.match(line)
        name, marker = match.groups("") if match else ("", "")
        extra = _EXTRA.search(marker)
        if name and name != _PACKAGE and _applies(marker):
            wanted.setdefault(extra[1] if extra else "", []).append(name)
    return {extra: names for extra, names in wanted.items() if extra not in _FOR_TESTS}


def _applies(marker: str) -> bool:
    """Whether a requirement with this marker is one here (PEP 508: the variables that ours have)."""
    return all(_holds(*match.groups()) for match in _MARKER.finditer(marker))


def _holds(variable: str, relation: str, value: str) -> bool:
    if variable == "sys_platform":
        return (sys.platform == value) == (relation == "==")
    here, there = sys.version_info[:2], tuple(map(int, value.split(".")))
    return {
        "<": here < there,
        "<=": here <= there,
        "==": here == there,
        ">=": here >= there,
        ">": here > there,
    }[relation]


def _module(name: str) -> str:
    return _MODULES.get(name.lower(), name.replace("-", "_"))


def _needed(names: Sequence[str], problems: Mapping[str, str]) -> Finding:
    missing = [name for name in names if not installed.version(name)]
    if missing:
        command = installed.pip_install(" ".join(missing))
        return Finding("libraries", "problem", f"not installed: {', '.join(missing)}", command)
    if broken := _broken(names, problems):
        return Finding("libraries", "problem", f"do not load: {broken}", _ANEW)
    return Finding("libraries", "ok", ", ".join(f"{name} {installed.version(name)}" for name in names))


def _of_extra(extra: str, names: Sequence[str], problems: Mapping[str, str]) -> Finding:
    topic, command = f"extra {extra}", installed.pip_install(f'"audiocoach[{extra}]"')
    missing = [name for name in names if not installed.version(name)]
    if missing:
        return Finding(topic, "missing", f"not installed: {', '.join(missing)}", command)
    if broken := _broken(names, problems):
        return Finding(topic, "warning", f"do not load: {broken}", command)
    return Finding(topic, "ok", ", ".join(f"{name} {installed.version(name)}" for name in names))


def _broken(names: Iterable[str], problems: Mapping[str, str]) -> str:
    told = ((name, problems.get(_module(name), "")) for name in names)
    return "; ".join(f"{name} ({problem})" for name, problem in told if problem)


def _assets() -> Finding:
    """Whether the files of the package are those that were installed, and the data among them can be read."""
    try:
        codes = _read_assets()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Finding("files", "problem", f"the package is not whole: {error}", _ANEW)
    if damaged := [*_damaged(), *_empty()]:
        return Finding("files", "problem", f"the package is not whole: {', '.join(damaged)}", _ANEW)
    return Finding("files", "ok", f"whole, with data for these languages: {', '.join(codes)}")


def _read_assets() -> list[str]:
    """Read what has a reader; the languages."""
    assets.tone_sets()
    assets.podcast_terms()
    for code in assets.languages():
        assets.language_table(code, "language")["passage"].encode()
        assets.language_table(code, "labels").items()
        assets.default_voice(code).encode()
    if not any((assets.folder() / "fonts").glob("*.?tf")):
        raise OSError(f"there is no font in {assets.folder()}")
    return list(assets.languages())


def _damaged() -> list[str]:
    """Files that are other than their installer wrote them, or gone; none are known of a checkout."""
    return [
        str(file)
        for file in metadata.files(_PACKAGE) or ()
        if file.hash and file.parts[0] == _PACKAGE and not _is_as_written(file, file.hash)
    ]


def _is_as_written(file: metadata.PackagePath, written: metadata.FileHash) -> bool:
    """By the digest in the installed package's RECORD: base64 without `=` (PEP 376)."""
    try:
        digest = hashlib.new(written.mode, file.read_binary()).digest()
    except OSError:
        return False
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == written.value


def _empty() -> list[str]:
    files = (path for path in assets.folder().rglob("*") if path.is_file())
    return [str(path.relative_to(assets.folder())) for path in files if not path.stat().st_size]


# -- the user's own -----------------------------------------------------------------------------


def _configuration() -> Iterator[Finding]:
    place = configuration.path()
    try:
        configured = configuration.read()
    except InputError as error:
        remedy = f"mend it, or move it away; {configuration.VARIABLE} may name another file"
        yield Finding("configuration", "problem", str(error), remedy)
        return
    if not os.path.lexists(place):
        yield Finding("configuration", "ok", f"none: {place} is not there, and need not be")
        return
    yield Finding("configuration", "ok", f"{place} can be used")
    yield from _entries(configured)


def _entries(configured: Configuration) -> Iterator[Finding]:
    """What the user's entries need. The name of a variable is told, never what it holds."""
    for name, service in sorted(configured.http.items()):
        topic, asks = f"[http.{name}]", f"speaks through {service.address}, which is not tried"
        if service.key_env and not os.environ.get(service.key_env):
            remedy = f"set {service.key_env} where you build"
            yield Finding(topic, "warning", f"{asks}; {service.key_env} is not set", remedy)
        else:
            key = f"; {service.key_env} is set" if service.key_env else ""
            yield Finding(topic, "ok", f"{asks}{key}")
    for name, command in sorted(configured.command.items()):
        yield _there(f"[command.{name}]", command.run[0], shutil.which(command.run[0]), "install it")
    for name, recordings in sorted(configured.recorded.items()):
        folder = recordings.folder
        yield _there(f"[recorded.{name}]", folder, folder.is_dir(), "mend the path")
    for name, own in sorted(configured.piper.items()):
        yield _there(f"[piper.{name}]", own.model, own.model.is_file(), "mend the path")
    for name, styled in sorted(configured.kokoro.items()):
        for path in (styled.model, styled.voices):
            yield _there(f"[kokoro.{name}]", path, path.exists(), "mend the path")


def _there(topic: str, what: object, found: object, remedy: str) -> Finding:
    if found:
        return Finding(topic, "ok", f"{what} is there")
    return Finding(topic, "warning", f"{what} is not there", remedy)


def _cache(folder: Path) -> Finding:
    holding = Cache(folder).holding()
    held = f"{holding.size_bytes / _MEGABYTE:.1f} MB in {folder}"
    if _may_write(folder):
        return Finding("cache", "ok", held)
    remedy = "make it writable, or name another one in AUDIOCOACH_CACHE"
    return Finding("cache", "warning", f"{held}: it cannot be written, so each build speaks anew", remedy)


def _data() -> Finding:
    folder = configuration.data_folder()
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    held = f"{sum(path.stat().st_size for path in files) / _MEGABYTE:.1f} MB of voices and recordings"
    if not _may_write(folder):
        remedy = f"make it writable, or name another one in {configuration.DATA_VARIABLE}"
        return Finding("voices folder", "warning", f"{held} in {folder}: it cannot be written", remedy)
    return Finding("voices folder", "ok", f"{held} in {folder}")


def _may_write(folder: Path) -> bool:
    """Whether files may be made there, or the folder itself: nothing is made."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


# -- the machine --------------------------------------------------------------------------------


def _disk(cache: Path) -> Iterator[Finding]:
    try:
        temporary = Path(tempfile.gettempdir())
    except FileNotFoundError:
        remedy = "set TMPDIR to a folder that may be written"
        yield Finding("disk", "problem", "there is no folder for temporary files", remedy)
        return
    places = {"here": Path(), "cache": cache, "temporary files": temporary}
    free = {name: _free_bytes(place) for name, place in places.items()}
    told = ", ".join(f"{name} {size / _MEGABYTE:,.0f} MB" for name, size in free.items())
    if min(free.values()) < _LEAST_FREE_BYTES:
        remedy = f"make room: a build may take {_LEAST_FREE_BYTES // _MEGABYTE} MB"
        yield Finding("disk", "warning", f"free: {told}", remedy)
    else:
        yield Finding("disk", "ok", f"free: {told}")


def _free_bytes(place: Path) -> int:
    there = place.absolute()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free


def _processes() -> Finding:
    count = os.cpu_count() or 1
    processors = "1 processor" if count == 1 else f"{count} processors"
    how = "speech is forked" if FORKS else "each text may start a process: this system does not fork safely"
    return Finding("machine", "ok", f"{processors}; {how}")


# -- who speaks ---------------------------------------------------------------------------------


def _voices() -> Iterator[Finding]:
    """Each engine that is installed says three words; then who speaks each language."""
    try:
        defaults = choice.default_voices(configuration.read().voice)
    except InputError:
        defaults = choice.default_voices({})
    known = directory.entries(defaults)
    tried: dict[str, str] = {}
    for engine in sorted({entry.engine for entry in known} - NOT_TRIED):
        yield _engine(engine, [entry for entry in known if entry.engine == engine], tried)
    yield from (_default(voice, known, tried) for voice in defaults)


def _engine(engine: str, known: Sequence[Entry], tried: dict[str, str]) -> Finding:
    """What an engine answered; what was wrong with the voice that was `tried` is noted there."""
    there = [entry for entry in known if entry.voice.is_installed]
    if not there:
        return Finding(f"engine {engine}", "missing", "no voice of it is installed", known[0].voice.remedy)
    entry = next((entry for entry in there if entry.speaks_for), _usual(there))
    language = next(iter((*entry.speaks_for, *entry.voice.languages)), assets.DEFAULT_LANGUAGE)
    problem = tried[entry.path] = trial.speak(Voice(engine, entry.voice.name, language=language))
    if problem:
        return Finding(f"engine {engine}", "warning", f"{entry.path} does not speak: {problem}")
    return Finding(f"engine {engine}", "ok", f"{entry.path} speaks")


def _usual(there: Sequence[Entry]) -> Entry:
    """The voice that an engine has for the usual language, else its first."""
    usual = assets.default_voice(assets.DEFAULT_LANGUAGE)
    return next((entry for entry in there if entry.voice.name == usual), there[0])


def _default(voice: Voice, known: Sequence[Entry], tried: Mapping[str, str]) -> Finding:
    """Who speaks a language where nobody names a voice: where the best one fails, a build takes the next."""
    topic = f"voice for {voice.language}"
    called = f"{voice.engine}/{voice.name}" if voice.name else voice.engine
    problem = _problem_of(voice, known, tried)
    if not problem:
        return Finding(topic, "ok", f"{called} speaks where a routine names none")
    usual = Voice(assets.USUAL_ENGINE, language=voice.language)
    if voice.engine != usual.engine and not _problem_of(usual, known, tried):
        told = f"{called} does not speak ({problem}): {usual.engine} does in its place"
        return Finding(topic, "warning", told, _ANOTHER)
    return Finding(topic, "problem", f"{called} does not speak: {problem}", _ANOTHER)


def _problem_of(voice: Voice, known: Sequence[Entry], tried: Mapping[str, str]) -> str:
    """Why a voice does not speak: as it was found, as it is listed, or as it is found now."""
    of_engine = [entry for entry in known if entry.engine == voice.engine]
    entry = next((entry for entry in of_engine if voice.language in entry.speaks_for), None)
    if entry is None and not voice.name:
        entry = next((entry for entry in of_engine if entry.path in tried), None)
    if entry and entry.path in tried:
        return tried[entry.path]
    if entry and (entry.engine in NOT_TRIED or not entry.voice.is_installed):
        return entry.voice.remedy
    return trial.speak(voice)


def _session() -> Finding:
    try:
        problem = trial.build()
    except AudiocoachError as error:
        problem = str(error)
    if problem:
        return Finding("trial", "problem", f"a session of two repetitions was not built: {problem}")
    return Finding("trial", "ok", "a session of two repetitions was built")
