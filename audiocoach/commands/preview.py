"""`audiocoach preview`: the script of one routine."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.api import find_routines, guess, prepare_preview
from audiocoach.commands.common import tell
from audiocoach.errors import (
    AudiocoachError,
    InputError,
    Problem,
    SeveralError,
    whole,
)
from audiocoach.publish import changes
from audiocoach.publish.preview import IN_FULL, SHAPES, SUMMARIES
from audiocoach.records import dataclass
from audiocoach.store.options import BuildOptions
from audiocoach.workers.progress import progress_on
from audiocoach.workers.stop import stoppable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.store.options import Overrides


# The shapes of a script that may follow one another.
TO_READ = ("text", "markdown")
_CHANGES: dict[str, Callable[[Timeline, Timeline], str]] = {
    "text": changes.as_text,
    "markdown": changes.as_markdown,
}


@dataclass(frozen=True, slots=True)
class View:
    """How a script is shown: in a shape of `SHAPES`; for people in full, or in short.

    With an `old` routine it is what is heard otherwise than in that one.
    """

    shape: str
    detail: Literal["folded", "full", "short"] = "folded"
    old: Path | None = None

    def show(self, timeline: Timeline) -> str:
        """The text of a timeline."""
        shapes = {"folded": SHAPES, "full": IN_FULL, "short": SUMMARIES}[self.detail]
        return shapes[self.shape](timeline)


def preview_all(path: Path, view: View, overrides: Overrides, cache: Path | None, *, estimate: bool) -> None:
    """Print the script of a routine, or one after another those of a folder.

    Raises:
        SeveralError: those that cannot be used, or not be spoken.
        InputError: there is none, or there are many, and what is to be printed is for one.
    """
    paths, failed = find_routines((path,)), list[AudiocoachError]()
    if len(paths) > 1 and (view.shape not in TO_READ or view.old):
        what = "--diff" if view.old else view.shape
        found = f"there are {len(paths)} routines in this folder, and {what} is for one"
        raise InputError(Problem(whole(path), f"{found}: name it, such as {paths[0]}", code="wrong-folder"))
    for number, one in enumerate(paths):
        try:
            script = preview_one(one, view, overrides, cache, estimate=estimate)
        except AudiocoachError as error:
            failed.append(error)
            continue
        sys.stdout.write(f"\n{script}" if number else script)
    if failed:
        raise SeveralError(failed)


def preview_one(path: Path, view: View, overrides: Overrides, cache: Path | None, *, estimate: bool) -> str:
    """The script of one routine, with the real length of its words or an estimate.

    Raises:
        AudiocoachError: a routine cannot be used, or not be spoken.
    """
    timeline = _timeline(path, overrides, cache, estimate=estimate)
    if view.old is None:
        return view.show(timeline)
    old = _timeline(view.old, overrides, cache, estimate=estimate)
    return _CHANGES[view.shape](old, timeline)


def _timeline(path: Path, overrides: Overrides, cache: Path | None, *, estimate: bool) -> Timeline:
    options = BuildOptions((path,), Path(tempfile.gettempdir()), overrides, os.cpu_count() or 1)
    if estimate:
        return guess(options)
    with (
        prepare_preview(options, cache, tell, is_ours=True) as work,
        progress_on(sys.stderr) as progress,
    ):
        return stoppable(lambda stop: work(progress, stop))
