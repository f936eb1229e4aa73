"""The directory of voices: those of every engine, which of them speaks where nothing is named, and by name.

In: what the engines list. Out: `Entry` records in a stable order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.errors import EngineError, RefusedError
from audiocoach.records import dataclass, replace
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.catalogue import catalogue
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiocoach.voice.catalogue import RemoteVoice

# They make sounds for tests, and speak no language.
TEST_ENGINES = frozenset({"fake", "silent"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A voice of an engine. `speaks_for` are the languages that it speaks where nobody names a voice."""

    engine: str
    voice: Listed
    speaks_for: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """`engine/name`, or the engine alone where it is its first choice."""
        return f"{self.engine}/{self.voice.name}" if self.voice.name else self.engine

    @property
    def is_variant(self) -> bool:
        """Whether it is another voice, changed: `en-us+f3` is `en-us` with `f3`."""
        return "+" in self.voice.name


def entries(defaults: Iterable[Voice], *, tests: bool = False) -> tuple[Entry, ...]:
    """Every voice: by language, those that speak there first, then those that are installed, then by name.

    `defaults` are the voices that speak where nobody names one. With `tests` those of the engines for tests
    as well.
    """
    speaking = tuple(defaults)
    names = [name for name in engines.names() if tests or name not in TEST_ENGINES]
    there = [_with_licence(entry) for name in names for entry in _of_engine(name, speaking)]
    listed = {entry.path for entry in there}
    more = [Entry(voice.engine, voice.listed) for voice in fetchable() if voice.path not in listed]
    # How to have one of them stands there better than why the engine has none.
    told = {entry.engine for entry in more}
    some = [entry for entry in there if entry.voice.name or entry.engine not in told]
    return tuple(sorted((*some, *more), key=_order))


def fetchable() -> tuple[RemoteVoice, ...]:
    """The voices that can be fetched for an engine that there is."""
    there = engines.names()
    return tuple(voice for voice in catalogue() if voice.engine in there)


def _with_licence(entry: Entry) -> Entry:
    """The entry, with the licence under which it was fetched where its engine knows none."""
    known = next((voice.licence for voice in catalogue() if voice.path == entry.path), "")
    return replace(entry, voice=replace(entry.voice, licence=entry.voice.licence or known))


def _of_engine(engine: str, defaults: tuple[Voice, ...]) -> Iterator[Entry]:
    listed = _listed(engine)
    speaks_for: dict[str, tuple[str, ...]] = {}
    for voice in defaults:
        if voice.engine == engine:
            name = voice.name or _first_choice(listed, voice.language)
            speaks_for[name] = (*speaks_for.get(name, ()), voice.language)
    yield from (_spoken(engine, voice, speaks_for.pop(voice.name, ())) for voice in listed)
    yield from (_unlisted(engine, listed, name, codes) for name, codes in speaks_for.items())


def _spoken(engine: str, voice: Listed, languages: tuple[str, ...]) -> Entry:
    """A voice with the languages that it is to speak: those are its own where it says of none."""
    own = voice if voice.languages or not voice.name else replace(voice, languages=languages)
    return Entry(engine, own, languages)


def _unlisted(engine: str, listed: tuple[Listed, ...], name: str, languages: tuple[str, ...]) -> Entry:
    """A voice that is to speak and that its engine does not list: a variant, or none that there is."""
    base = next((voice for voice in listed if voice.name == name.partition("+")[0]), None)
    remedy = base.remedy if base else f"there is no voice {name!r} of {engine}: use another (voices use)"
    return Entry(engine, Listed(name, languages, base.licence if base else "", remedy), languages)


def _first_choice(listed: tuple[Listed, ...], language: str) -> str:
    """The name of the voice with which an engine speaks a language where it is told none."""
    names = [voice.name for voice in listed if language in voice.languages or not voice.languages]
    usual = assets.default_voice(language) if language in assets.languages() else ""
    return usual if usual in names else next(iter(names), "")


def _order(entry: Entry) -> tuple[object, ...]:
    voice = entry.voice
    return (voice.languages, not entry.speaks_for, not voice.is_installed, entry.engine, voice.name)


def _listed(engine: str) -> tuple[Listed, ...]:
    """What an engine lists; where it lists nothing, its first choice, with the reason why it cannot speak."""
    try:
        return engines.voices_of(engine) or (Listed("", (), "", _missing(engine)),)
    except EngineError as error:
        return (Listed("", (), "", error.message),)


def _missing(engine: str) -> str:
    """What an engine says that it needs before it can speak, `""` where it needs nothing.

    Raises:
        EngineError: it cannot be loaded.
    """
    speaks = engines.engine_class(engine)
    try:
        speaks.fingerprint(Voice(engine))
    except EngineError as error:
        return error.message
    return ""


def of_language(known: Iterable[Entry], language: str) -> tuple[Entry, ...]:
    """Those that speak a language.

    Raises:
        EngineError: none does; the message has near codes.
    """
    there = tuple(known)
    speaking = tuple(entry for entry in there if language.lower() in entry.voice.languages)
    if not speaking:
        codes = {code for entry in there for code in entry.voice.languages}
        raise engines.unknown("voice for the language", language, codes)
    return speaking


def find(known: Iterable[Entry], name: str) -> Entry:
    """The voice that is meant by `engine/name`, by an engine, or by a name that no other has.

    A variant may stand behind the name of any voice whose engine has variants.

    Raises:
        EngineError: there is none, or several; the message names what is near.
    """
    there = tuple(known)
    wanted = _matching(there, name) or _varied(there, name)
    match wanted:
        case [entry]:
            return entry
        case []:
            raise engines.unknown("voice", name, {label for entry in there for label in _labels(entry)})
        case several:
            paths = ", ".join(sorted(entry.path for entry in several))
            raise RefusedError(f"several engines have a voice {name!r}: say which: {paths}")


def _matching(known: tuple[Entry, ...], name: str) -> list[Entry]:
    exact = [entry for entry in known if name in _labels(entry)]
    of_engine = [entry for entry in known if entry.engine == name]
    return exact or ([_first_choice_of(of_engine)] if of_engine else [])


def _first_choice_of(of_engine: list[Entry]) -> Entry:
    """An engine without a name: installed where any voice of it is, for all languages that it speaks."""
    first = of_engine[0]
    remedy = "" if any(entry.voice.is_installed for entry in of_engine) else first.voice.remedy
    codes = sorted({code for entry in of_engine for code in entry.voice.languages})
    return Entry(first.engine, Listed("", tuple(codes), first.voice.licence, remedy))


def _labels(entry: Entry) -> set[str]:
    return {entry.path, entry.voice.name or entry.engine}


def _varied(known: tuple[Entry, ...], name: str) -> list[Entry]:
    """A voice with a variant that its engine lists for another one."""
    base, _, variant = name.partition("+")
    if not variant:
        return []
    suffix = f"+{variant}"
    varying = {entry.engine for entry in known if entry.voice.name.endswith(suffix)}
    return [
        Entry(entry.engine, Listed(entry.voice.name + suffix, entry.voice.languages, entry.voice.licence))
        for entry in _matching(known, base)
        if entry.engine in varying and entry.voice.name and not entry.is_variant
    ]
