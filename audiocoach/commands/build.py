"""`audiocoach build`: the MP3 of each routine, and a table of what was done."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from audiocoach.commands.common import find_routines, list_new_notes, open_place, tell, tell_removed
from audiocoach.commands.report import as_json, keep, table
from audiocoach.errors import (
    AudiocoachError,
    SeveralError,
    StorageError,
    printable,
)
from audiocoach.records import dataclass
from audiocoach.workers.progress import progress_on
from audiocoach.workers.starting import is_sure, start_workers
from audiocoach.workers.stop import Stoppable, stoppable

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.store.options import BuildOptions
    from audiocoach.workers.jobs import Outcome
    from audiocoach.workers.stop import Stop


@dataclass(frozen=True, slots=True)
class Shown:
    """How the end of a build is told: as JSON, and with the reason for each file."""

    json: bool = False
    reasons: bool = False


def build_all(options: BuildOptions, cache: Path | None, shown: Shown) -> None:
    """Build, tell the notes, print the closing table.

    Raises:
        SeveralError: routines that failed, or a report that could not be written; the others are built.
        AudiocoachError: nothing could be built.
    """
    start_s = time.monotonic()
    try:
        done = _built(options, cache)
    except AudiocoachError as error:
        if shown.json:
            from audiocoach.workers.jobs import Outcome  # noqa: PLC0415 - the workers start while it is loaded

            sys.stdout.write(as_json(Outcome(), time.monotonic() - start_s, [error]))
        raise
    _report(done, options.folder, shown, start_s)


def _built(options: BuildOptions, cache: Path | None) -> Outcome:
    """Whatever has to be built, with the workers that it takes."""
    options = replace(options, paths=tuple(find_routines(options.paths)))
    with open_place(cache, options.folder) as place, contextlib.ExitStack() as stack:
        makers = stack.enter_context(start_workers(options, place, tell)) if is_sure(options, place) else None
        if makers:
            # While more is loaded here.
            makers.prepare()
        from audiocoach.workers.jobs import build, survey  # noqa: PLC0415 - the workers start while it is loaded

        found = survey(options, place)
        if found.reasons and not makers:
            makers = stack.enter_context(start_workers(options, place, tell))
        progress = stack.enter_context(progress_on(sys.stderr))

        def work(stop: Stop) -> Outcome:
            if makers:
                stop.on_wish(makers.kill)
            return build(found, makers, Stoppable(progress, stop), stop)

        return stoppable(work)


def _report(done: Outcome, folder: Path, shown: Shown, start_s: float) -> None:
    """Leave the report, and tell what came of it.

    Raises:
        SeveralError: what failed.
    """
    others: list[AudiocoachError] = []
    try:
        keep(folder, done)
    except StorageError as error:
        others.append(error)
    seconds = time.monotonic() - start_s
    tell("".join(list_new_notes(done.built)))
    tell_removed(done)
    if shown.reasons:
        reasons = ((one.slug, one.reason or "stands as it should") for one in done.built)
        tell("".join(f"{printable(slug)}: {printable(reason)}\n" for slug, reason in reasons))
    try:
        if shown.json:
            sys.stdout.write(as_json(done, seconds, others))
        elif done.built:
            sys.stdout.write(table(done.built, seconds))
    finally:
        # Told as well where nobody reads the result.
        errors = [*(one.error for one in done.failed), *others]
        if errors:
            raise SeveralError(errors)
