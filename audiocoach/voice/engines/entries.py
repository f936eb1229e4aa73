"""Voices that the user's configuration names: an entry found by its name, or a sentence why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import configuration
from audiocoach.errors import EngineError, InputError, RefusedError
from audiocoach.voice import engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from audiocoach.configuration import Configuration
    from audiocoach.routine.voice import Voice

    _Entry = TypeVar("_Entry")

_NEAR = 3
_ALIKE = 0.75
_LONGEST_CODE = 3


def entries(table: Callable[[Configuration], Mapping[str, _Entry]]) -> Mapping[str, _Entry]:
    """One table of the user's configuration.

    Raises:
        RefusedError: the configuration has a problem.
    """
    try:
        return table(configuration.read())
    except InputError as error:
        raise RefusedError(str(error).split("\n")[0]) from error


def entry(voice: Voice, table: Callable[[Configuration], Mapping[str, _Entry]], example: str) -> _Entry:
    """The entry that this voice names.

    Raises:
        RefusedError: there is none, or the configuration has a problem.
    """
    known = entries(table)
    if voice.name in known:
        return known[voice.name]
    raise RefusedError(_unknown(voice, tuple(known), example))


def _unknown(voice: Voice, known: tuple[str, ...], example: str) -> str:
    path = configuration.path()
    if not voice.name:
        there = f"there are: {', '.join(sorted(known))}" if known else f"write {example} into {path}"
        return f"the engine {voice.engine!r} needs the name of an entry in your configuration: {there}"
    place = path if path.exists() else f"{path}, which is not there"
    near = tuple(_near(voice.name, known)) or tuple(_near_elsewhere(voice))
    hint = f"did you mean {', '.join(near)}?" if near else f"write [{voice.engine}.{voice.name}] into it"
    return f"there is no [{voice.engine}.{voice.name}] in {place}: {hint}"


def _near(name: str, known: tuple[str, ...], least: float = 0.5) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, sorted(known), n=_NEAR, cutoff=least)


def _near_elsewhere(voice: Voice) -> Iterator[str]:
    """Near names of other engines, as a routine has them."""
    for engine in engines.names():
        if engine != voice.engine:
            yield from (
                f"{{engine: {engine}, name: {name}}}" for name in _near(voice.name, _names_of(engine), _ALIKE)
            )


def _names_of(engine: str) -> tuple[str, ...]:
    """The voices of an engine; none of one that cannot be loaded, of which nobody has asked anything.

    Codes of languages are left out: each is near to every short name.
    """
    try:
        names = (listed.name for listed in engines.voices_of(engine))
        return tuple(name for name in names if len(name) > _LONGEST_CODE)
    except EngineError:
        return ()
