"""`audiocoach preview`: the script of one routine."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.commands.common import find_routines, open_place
from audiocoach.errors import (
    AudiocoachError,
    InputError,
    Problem,
    SeveralError,
    whole,
)
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish.preview import SHAPES
from audiocoach.store.options import BuildOptions
from audiocoach.workers.progress import progress_on
from audiocoach.workers.starting import start_workers
from audiocoach.workers.stop import Stoppable, stoppable

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.store.options import Overrides
    from audiocoach.workers.stop import Stop


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
    if not estimate:
        return SHAPES[shape](_spoken(path, overrides, cache))
    return SHAPES[shape](timeline_of(open_session(path, overrides), estimate_ms))


def _spoken(path: Path, overrides: Overrides, cache: Path | None) -> Timeline:
    """The timeline of one routine, with every phrase spoken.

    Raises:
        AudiocoachError: the routine cannot be used, or not be spoken.
    """
    import tempfile  # noqa: PLC0415 - an estimate needs no workers

    from audiocoach.workers.jobs import write_script  # noqa: PLC0415 - an estimate needs no workers

    options = BuildOptions((path,), Path(tempfile.gettempdir()), overrides, os.cpu_count() or 1)
    with open_place(cache, options.folder) as place, contextlib.ExitStack() as stack:
        makers = stack.enter_context(start_workers(options, place))
        progress = stack.enter_context(progress_on(sys.stderr))

        def work(stop: Stop) -> Timeline:
            stop.on_wish(makers.kill)
            return write_script(options, place, makers, Stoppable(progress, stop), stop)

        return stoppable(work)
