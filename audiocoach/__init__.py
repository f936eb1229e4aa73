"""audiocoach: from a workout routine in YAML to an MP3 with a coach's voice.

What other programs call is handed on from `api` and `errors`, and loaded when it is asked for: the program
`audiocoach` pays for none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiocoach.api import Document, build, check, load, preview, to_json
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.errors import AudiocoachError, BuildError, InputError, Position, Problem, StoppedError
    from audiocoach.workers.jobs import Built, Failed, Outcome
    from audiocoach.workers.stop import Stop

__version__ = "0.1.0"

_FROM = {
    "api": ("Document", "build", "check", "load", "preview", "to_json"),
    "coaching.timeline": ("Timeline",),
    "errors": ("AudiocoachError", "BuildError", "InputError", "Position", "Problem", "StoppedError"),
    "workers.jobs": ("Built", "Failed", "Outcome"),
    "workers.stop": ("Stop",),
}

__all__ = [
    "AudiocoachError",
    "BuildError",
    "Built",
    "Document",
    "Failed",
    "InputError",
    "Outcome",
    "Position",
    "Problem",
    "Stop",
    "StoppedError",
    "Timeline",
    "build",
    "check",
    "load",
    "preview",
    "to_json",
]


if not TYPE_CHECKING:
    # For a type checker there are the names that were imported, and no others.

    def __getattr__(name: str) -> object:
        from importlib import import_module  # noqa: PLC0415 - what hands on costs nothing until it does

        for module, names in _FROM.items():
            if name in names:
                return getattr(import_module(f"audiocoach.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
