"""What the show says of how the routines beside it sound, and of the files they come in.

It is a module of its own, since every part of a build knows it, and most shows say nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from audiocoach.errors import Problem
    from audiocoach.routine.model import FormatName

FILE = "audiocoach.yaml"


@dataclass(frozen=True, slots=True)
class ShowSound:
    """What holds for routines that do not say it themselves.

    `formats` are the files that sessions come in, `stereo` is whether sides are heard in them, None where
    nobody says, `keep_awake` whether noise that nobody hears lies in their silence. `problems` are the errors
    that keep anybody from knowing: whoever opens a session tells them.
    """

    formats: tuple[FormatName, ...] = ()
    stereo: bool | None = None
    keep_awake: bool = True
    problems: tuple[Problem, ...] = ()
