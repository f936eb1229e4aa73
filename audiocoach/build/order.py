"""What is asked for: plain records that every part of a build reads, and that cost nothing to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.routine.model import LevelName

# The record of what a build wrote, in its output folder.
MANIFEST = ".audiocoach.json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says beside the routine: each None where it is silent."""

    level: LevelName | None = None
    fit_ms: int | None = None
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where workers find what others made: the cache, and a spare one for what it does not take."""

    cache: Path
    spare: Path | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One run of `build`: which routines, how, and where to.

    `jobs` is how many workers there are on this machine, `cluster` the address of a scheduler whose
    workers take their place, or `local`. `way_out` is what a command can do where the files of other
    routines are in the way.
    """

    paths: tuple[Path, ...]
    folder: Path
    wanted: Wanted
    jobs: int
    force: bool = False
    cluster: str | None = None
    way_out: str = "choose another folder with -o, or use --force"
