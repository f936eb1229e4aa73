"""Where a build keeps things: plain records and names that cost nothing to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path


# The record of what a build wrote, in its output folder.
MANIFEST = ".audiocoach.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where workers find what others made: the cache, and a spare one for what it does not take."""

    cache: Path
    spare: Path | None = None
