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
from audiocoach.publish.preview import SHAPES
from audiocoach.store.options import BuildOptions
from audiocoach.workers.progress import progress_on
from audiocoach.workers.stop import stoppable

if TYPE_CHECKING:
    from audiocoach.store.options import Overrides


# The shapes of a script that may follow one another.
_TO_READ = ("text", "markdown")


def preview_all(path: Path, shape: str, overrides: Overrides, cache: Path | None, *, estimate: bool) -> None:
    """Print the script of a routine, or one after another those of a folder.

    Raises:
        SeveralError: those that cannot be used, or not be spoken.
        InputError: there is none, or there are many, and the shape is a file for one.
    """
    paths, failed = find_routines((path,)), list[AudiocoachError]()
    if len(paths) > 1 and shape not in _TO_READ:
        found = f"there are {len(paths)} routines in this folder, and {shape} is for one"
        raise InputError(Problem(whole(path), f"{found}: name it, such as {paths[0]}", code="wrong-folder"))
    for number, one in enumerate(paths):
        try:
            script = preview_one(one, shape, overrides, cache, estimate=estimate)
        except AudiocoachError as error:
            failed.append(error)
            continue
        sys.stdout.write(f"\n{script}" if number else script)
    if failed:
        raise SeveralError(failed)


def preview_one(path: Path, shape: str, overrides: Overrides, cache: Path | None, *, estimate: bool) -> str:
    """The script of one routine, with the real length of its words or an estimate.

    Raises:
        AudiocoachError: the routine cannot be used, or not be spoken.
    """
    options = BuildOptions((path,), Path(tempfile.gettempdir()), overrides, os.cpu_count() or 1)
    if estimate:
        return SHAPES[shape](guess(options))
    with (
        prepare_preview(options, cache, tell, is_ours=True) as work,
        progress_on(sys.stderr) as progress,
    ):
        return SHAPES[shape](stoppable(lambda stop: work(progress, stop)))
