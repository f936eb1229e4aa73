"""`audiocoach build`: the MP3 of each routine, and a table of what was done."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from audiocoach.api import forecast, prepare_build
from audiocoach.commands.common import list_new_notes, tell, tell_removed, tell_voices
from audiocoach.commands.report import as_json, bought_lines, forecast_json, forecast_text, keep, table
from audiocoach.errors import (
    AudiocoachError,
    SeveralError,
    StorageError,
    printable,
)
from audiocoach.records import dataclass
from audiocoach.workers.progress import progress_on
from audiocoach.workers.stop import stoppable

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.store.options import BuildOptions
    from audiocoach.workers.jobs import Outcome


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
        done = run_build(options, cache)
    except AudiocoachError as error:
        if shown.json:
            from audiocoach.workers.jobs import Outcome  # noqa: PLC0415 - the workers start while it is loaded

            sys.stdout.write(as_json(Outcome(), time.monotonic() - start_s, [error]))
        raise
    _report(done, options.folder, shown, start_s)


def tell_forecast(options: BuildOptions, cache: Path | None, *, json: bool) -> None:
    """Print what a build would have spoken, and make nothing.

    Raises:
        SeveralError: routines that could not be built.
        InputError: there is none.
    """
    found = forecast(options, cache)
    try:
        sys.stdout.write(forecast_json(found) if json else forecast_text(found))
    finally:
        if found.failed:
            raise SeveralError([one.error for one in found.failed])


def run_build(options: BuildOptions, cache: Path | None) -> Outcome:
    """Whatever has to be built, with the workers that it takes.

    Raises:
        AudiocoachError: nothing could be built.
    """
    with (
        prepare_build(options, cache, tell, is_ours=True) as work,
        progress_on(sys.stderr) as progress,
    ):
        return stoppable(lambda stop: work(progress, stop))


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
    tell_voices(done)
    if shown.reasons:
        reasons = ((one.slug, one.reason or "stands as it should") for one in done.built)
        tell("".join(f"{printable(slug)}: {printable(reason)}\n" for slug, reason in reasons))
    try:
        if shown.json:
            sys.stdout.write(as_json(done, seconds, others))
        elif done.built:
            sys.stdout.write(table(done.built, seconds))
        if not shown.json:
            sys.stdout.write(bought_lines(done.bought))
    finally:
        # Told as well where nobody reads the result.
        errors = [*(one.error for one in done.failed), *others]
        if errors:
            raise SeveralError(errors)
