"""`audiocoach voices`: engines and their voices by language, which are there, and which speaks."""

from __future__ import annotations

import re
import sys
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from audiocoach import configuration
from audiocoach.api import dumped
from audiocoach.errors import printable
from audiocoach.records import dataclass
from audiocoach.voice import directory
from audiocoach.voice.choice import default_voices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.voice.directory import Entry
    from audiocoach.voice.listing import Listed

_WIDTH = 80
# An engine with more voices than that is told in a sentence, where no language is asked for.
_MANY = 20
_HEAD = ("language", "voice", "state", "licence")
# What is said of a voice without a language, or a licence, that anybody knows.
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which voices are asked for: those of a language, or all, whatever they are; and how they are told."""

    language: str | None = None
    all: bool = False
    json: bool = False


def list_voices(asked: Asked) -> None:
    """Print the voices.

    Raises:
        EngineError: no voice speaks the language.
        InputError: the user's configuration cannot be used.
    """
    known = known_voices(tests=asked.all)
    if asked.language is not None:
        known = directory.of_language(known, asked.language)
    sys.stdout.write(_as_json(known) if asked.json else _as_text(known, asked))


def known_voices(*, tests: bool = False) -> tuple[Entry, ...]:
    """Every voice, with what speaks now where nobody names one; `tests`: those for tests as well.

    Raises:
        InputError: the user's configuration cannot be used.
    """
    return directory.entries(default_voices(configuration.read().voice), tests=tests)


def _as_json(known: Iterable[Entry]) -> str:
    return dumped({"voices": [_record(entry) for entry in known]})


def _record(entry: Entry) -> dict[str, Any]:
    voice = entry.voice
    return {
        "engine": entry.engine,
        "name": voice.name,
        "languages": voice.languages,
        "installed": voice.is_installed,
        "speaks_for": entry.speaks_for,
        "licence": voice.licence,
        "remedy": voice.remedy or None,
    }


def _as_text(known: Sequence[Entry], asked: Asked) -> str:
    """A line a voice, and sentences about those that have none and about how to have what is missing."""
    shown = [entry for entry in known if asked.all or _is_told(entry, known, asked)]
    untold = [entry for entry in known if entry not in set(shown)]
    voices = [entry for entry in shown if entry.voice.name or entry.voice.is_installed]
    bare = [entry for entry in shown if entry not in voices]
    told = [
        *_table(voices),
        *_summaries(untold, asked),
        *_remedies("To have what is not installed:", voices),
        *_remedies("Engines that have no voice yet:", bare),
    ]
    return "".join(f"{printable(line)}\n" for line in told)


def _is_told(entry: Entry, known: Sequence[Entry], asked: Asked) -> bool:
    if entry.speaks_for:
        return True
    if entry.is_variant:
        return False
    return asked.language is not None or _count(known)[entry.engine] <= _MANY


def _count(known: Iterable[Entry]) -> Counter[str]:
    return Counter(entry.engine for entry in known)


def _table(shown: Iterable[Entry]) -> list[str]:
    rows = [_HEAD, *(_row(entry) for entry in shown)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _row(entry: Entry) -> tuple[str, ...]:
    voice = entry.voice
    return (", ".join(voice.languages) or _UNKNOWN, entry.path, _state(entry), voice.licence or _UNKNOWN)


def _state(entry: Entry) -> str:
    if not entry.voice.is_installed:
        return "not installed"
    return "speaks" if entry.speaks_for else "installed"


def _summaries(untold: Sequence[Entry], asked: Asked) -> Iterator[str]:
    """What there is beside the table, an engine at a time."""
    for engine in sorted(_count(untold)):
        of_engine = [entry for entry in untold if entry.engine == engine]
        codes = sorted({code for entry in of_engine for code in entry.voice.languages})
        if asked.language is None:
            more = (
                f"{engine} has {_counted(of_engine, 'more voice')}, for {', '.join(codes)}: name a language"
            )
            yield from _wrapped(f"{more} (--language de), or list them all (--all)")
        else:
            variants = f"{engine} has {_counted(of_engine, 'variant')}, such as {of_engine[0].path}"
            yield from _wrapped(f"{variants}: list them all (--all)")


def _counted(some: Sequence[Entry], what: str) -> str:
    return f"1 {what}" if len(some) == 1 else f"{len(some)} {what}s"


def _remedies(head: str, shown: Sequence[Entry]) -> Iterator[str]:
    """Under a head how to have what is not installed, once for each way."""
    missing = [entry for entry in shown if not entry.voice.is_installed]
    ways = dict.fromkeys((entry.engine, _way(entry.voice)) for entry in missing)
    if ways:
        yield ""
        yield head
        yield from (f"{engine}: {way}" for engine, way in sorted(ways))


def _way(voice: Listed) -> str:
    """What to do, with NAME for the voice's own where it stands in it: so it is said once for many."""
    name = re.escape(voice.name)
    return re.sub(rf"(?<![\w-]){name}(?![\w-])", "NAME", voice.remedy) if name else voice.remedy


def _wrapped(sentence: str) -> list[str]:
    return ["", *textwrap.wrap(sentence, _WIDTH, break_long_words=False, break_on_hyphens=False)]
