"""The data that ships with the package: phrase packs, tones, a feed's terms, and what pages are made of.

Installed, the folder lies inside the package; in a checkout it lies beside it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from audiocoach.records import dataclass

_PACKAGE = Path(__file__).resolve().parent


def folder() -> Path:
    """Where the shipped data lies."""
    inside = _PACKAGE / "assets"
    return inside if inside.is_dir() else _PACKAGE.parent / "assets"


def page(name: str) -> Path:
    """A page of the documentation that the program reads as well: installed, it lies among the data."""
    inside = _PACKAGE / "assets" / "docs"
    return (inside if inside.is_dir() else _PACKAGE.parent / "docs") / name


@dataclass(frozen=True, slots=True)
class ToneNote:
    """One sine within a tone: `start_ms` from the tone's own start, level relative to full scale."""

    start_ms: int
    duration_ms: int
    frequency_hz: int
    level_db: float


@dataclass(frozen=True, slots=True)
class ToneSpec:
    """A tone by name: its whole length and the notes it is made of."""

    name: str
    duration_ms: int
    notes: tuple[ToneNote, ...]


@lru_cache(maxsize=1)
def tones() -> dict[str, ToneSpec]:
    """The tones of `assets/tones.json` by name. Every length is a whole millisecond."""
    table = json.loads((folder() / "tones.json").read_text(encoding="utf-8"))
    return {name: _tone(name, notes) for name, notes in table.items()}


def _tone(name: str, rows: list[dict[str, float]]) -> ToneSpec:
    notes = tuple(
        ToneNote(int(row["start_ms"]), int(row["duration_ms"]), int(row["frequency_hz"]), row["level_db"])
        for row in rows
    )
    return ToneSpec(name, max(note.start_ms + note.duration_ms for note in notes), notes)


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that have a phrase pack."""
    return tuple(sorted(path.stem for path in (folder() / "phrases").glob("*.yaml")))


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
    table = json.loads((folder() / "podcast.json").read_text(encoding="utf-8"))
    return PodcastTerms(
        categories={name: tuple(narrower) for name, narrower in table["categories"].items()},
        languages=frozenset(table["languages"].split()),
        regions=frozenset(table["regions"].split()),
    )


@lru_cache(maxsize=32)
def site(name: str) -> bytes:
    """A file of `assets/site`: a template, or a part of the pages that is published as it is."""
    return (folder() / "site" / name).read_bytes()
