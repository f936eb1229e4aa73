"""What is asked for: plain records that every part of a build reads, and that cost nothing to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.routine.voice import Voice

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.routine.model import EditionName, FormatName, LevelName
    from audiocoach.routine.show_sound import ShowSound


@dataclass(frozen=True, slots=True)
class Overrides:
    """What is said beside the routine: on the command line, each None where it is silent, and by the machine.

    `voices` are those that speak where nobody is named, one a language (`voice.choice`). `variant` is the
    name of that edition of the routine which is meant; what it says itself goes before all else.
    `loudness_lufs` is how loud words are as they are heard, None the usual. `formats` are the files that are
    wanted. `show` is what holds of sound and files where neither they nor the routine say anything, None
    until it has been looked for beside the routine.
    """

    level: LevelName | None = None
    fit_ms: int | None = None
    engine: str | None = None
    voices: tuple[Voice, ...] = ()
    cues: EditionName | None = None
    day: int | None = None
    variant: str | None = None
    loudness_lufs: float | None = None
    formats: tuple[FormatName, ...] | None = None
    show: ShowSound | None = None

    def voice(self, language: str) -> Voice:
        """Who speaks this language where nobody is named."""
        return next((voice for voice in self.voices if voice.language == language), Voice(language=language))


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """One run of `build`: which routines, how, and where to.

    `jobs` is how many workers there are on this machine, `cluster` the address of a scheduler whose
    workers take their place, or `local`. `way_out` is what a command can do where the files of other
    routines are in the way. `texts` stand in for the files of some of the paths. `budget` is what paid voices
    may cost in all; None leaves it to what the configuration says of each.
    """

    paths: tuple[Path, ...]
    folder: Path
    overrides: Overrides
    jobs: int
    force: bool = False
    cluster: str | None = None
    way_out: str = "choose another folder with -o, or use --force"
    texts: tuple[tuple[Path, str], ...] = ()
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """What is asked for.

    `folder` has the routines, `built` is where their MP3s are built, `site` what is published. `state` is
    where it is kept what was promised to listeners: beside the routines, unless the address is one that
    only this machine has. Of the routines `only` is published where there is one. `budget` is as for a build.
    Where it is `by_itself` nobody was promised anything: what cannot be built is left out, unless it was
    there before.
    """

    folder: Path
    site: Path
    built: Path
    overrides: Overrides
    jobs: int
    base_url: str | None = None
    state: Path | None = None
    only: Path | None = None
    budget: float | None = None
    by_itself: bool = False
