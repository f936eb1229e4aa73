"""The data that ships with the package: languages, tones, a feed's terms, and what pages are made of.

Installed, the folder lies inside the package; in a checkout it lies beside it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from audiocoach.records import dataclass

# What a routine or a show is in where it says nothing else.
DEFAULT_LANGUAGE = "en"
# The engine that every machine has, and that speaks every language.
USUAL_ENGINE = "pyttsx3"

_PACKAGE = Path(__file__).resolve().parent


def folder() -> Path:
    """Where the shipped data lies."""
    inside = _PACKAGE / "assets"
    return inside if inside.is_dir() else _PACKAGE.parent / "assets"


def _table(path: Path) -> dict[str, Any]:
    import json  # noqa: PLC0415 - a clip that is there is measured without it

    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return table


def page(name: str) -> Path:
    """A page of the documentation that the program reads as well: installed, it lies among the data."""
    inside = _PACKAGE / "assets" / "docs"
    return (inside if inside.is_dir() else _PACKAGE.parent / "docs") / name


def moves() -> Path:
    """The libraries of moves that ship: installed, they lie among the data."""
    inside = _PACKAGE / "assets" / "moves"
    return inside if inside.is_dir() else _PACKAGE.parent / "routines" / "moves"


@dataclass(frozen=True, slots=True)
class Partial:
    """One sine of a timbre: its pitch in thousandths of the note's, and its level beside the others.

    It is half as strong every `half_ms`, and sounds on where that is 0.
    """

    ratio: int
    level_db: float
    half_ms: int


@dataclass(frozen=True, slots=True)
class ToneNote:
    """One sound within a tone: `start_ms` from the tone's own start, its peak relative to full scale.

    It glides to `to_hz` where that is not 0, and is there after `glide_ms` (0: at its end). Without partials
    it is a sine.
    """

    start_ms: int
    duration_ms: int
    frequency_hz: int
    level_db: float
    partials: tuple[Partial, ...] = (Partial(1000, 0, 0),)
    to_hz: int = 0
    glide_ms: int = 0


@dataclass(frozen=True, slots=True)
class ToneSpec:
    """A tone by name: its whole length and the notes it is made of."""

    name: str
    duration_ms: int
    notes: tuple[ToneNote, ...]


DEFAULT_TONES = "clear"
SOFT_TONES = "soft"


def tones() -> dict[str, ToneSpec]:
    """The tones of the set that sounds where no other is named. Every length is a whole millisecond."""
    return tone_sets()[DEFAULT_TONES]


@lru_cache(maxsize=1)
def tone_sets() -> dict[str, dict[str, ToneSpec]]:
    """The sets of `assets/tones.json` by name, each with a tone for every meaning.

    What a tone means has one length in all sets; what a set has no sound for sounds as in the default one.
    """
    table = _table(folder() / "tones.json")
    lengths_ms: dict[str, int] = table["lengths_ms"]
    timbres = {name: tuple(Partial(*row) for row in rows) for name, rows in table["timbres"].items()}
    usual = table["sets"][DEFAULT_TONES]
    return {
        name: {
            tone: ToneSpec(tone, length_ms, tuple(_note(row, timbres) for row in own.get(tone, usual[tone])))
            for tone, length_ms in lengths_ms.items()
        }
        for name, own in table["sets"].items()
    }


def _note(row: dict[str, Any], timbres: dict[str, tuple[Partial, ...]]) -> ToneNote:
    start_ms, duration_ms, frequency_hz = row["start_ms"], row["duration_ms"], row["frequency_hz"]
    partials, to_hz = timbres[row["timbre"]], row.get("to_hz", 0)
    return ToneNote(start_ms, duration_ms, frequency_hz, row["level_db"], partials, to_hz)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages that have a folder."""
    return tuple(sorted(path.parent.name for path in (folder() / "languages").glob("*/phrases.yaml")))


def language_file(code: str, name: str) -> Path:
    """A file of a language, such as `phrases.yaml`."""
    return folder() / "languages" / code / name


@lru_cache(maxsize=32)
def language_table(code: str, name: str) -> dict[str, Any]:
    """A JSON table of a language: `language`, its traits, or `labels`."""
    return _table(language_file(code, f"{name}.json"))


@lru_cache(maxsize=8)
def default_voice(code: str) -> str:
    """The voice of the default engine that speaks a language; every key asks for it, so it is a file."""
    return language_file(code, "voice.txt").read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def samples() -> dict[str, str]:
    """What a voice says to be heard, by language; under `""` what it says in any other."""
    return _table(folder() / "samples.json")


def voices() -> dict[str, Any]:
    """The voices that can be fetched, and their files: `voice.catalogue` reads it."""
    return _table(folder() / "voices.json")


@dataclass(frozen=True, slots=True)
class PodcastTerms:
    """The words that directories know: Apple's categories with their narrower ones, languages, regions.

    Languages are the codes of ISO 639-1, regions those of ISO 3166-1.
    """

    categories: dict[str, tuple[str, ...]]
    languages: frozenset[str]
    regions: frozenset[str]


@lru_cache(maxsize=1)
def podcast_terms() -> PodcastTerms:
    """What stands in `assets/podcast.json`."""
    table = _table(folder() / "podcast.json")
    return PodcastTerms(
        categories={name: tuple(narrower) for name, narrower in table["categories"].items()},
        languages=frozenset(table["languages"].split()),
        regions=frozenset(table["regions"].split()),
    )


@lru_cache(maxsize=32)
def site(name: str) -> bytes:
    """A file of `assets/site`: a template, or a part of the pages that is published as it is."""
    return (folder() / "site" / name).read_bytes()


@lru_cache(maxsize=8)
def handout(name: str) -> bytes:
    """A file of `assets/handout`: a template, the style or the script of what is handed to a listener."""
    return (folder() / "handout" / name).read_bytes()


@lru_cache(maxsize=1)
def templates() -> tuple[str, ...]:
    """The names of the sessions to begin with, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in (folder() / "templates").glob("*.yaml")))


def template(name: str) -> str:
    """The text of a session to begin with."""
    return (folder() / "templates" / f"{name}.yaml").read_text(encoding="utf-8")
