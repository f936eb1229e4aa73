"""What the commands do, less the command line: each public function is one command."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from audiocoach.build.cache import Cache, default_folder
from audiocoach.build.files import routine_files
from audiocoach.build.sessions import draft_of, open_session, timeline_of
from audiocoach.build.stop import Stop, Stoppable, stoppable
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.errors import AudiocoachError, InputError, Position, Problem, SeveralError
from audiocoach.publish.preview import as_json, as_markdown, as_text

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.build.cache import Holding
    from audiocoach.build.sessions import Wanted
    from audiocoach.build.speech import Spoken

_SHAPES = {"text": as_text, "markdown": as_markdown, "json": as_json}


def build_all(  # noqa: PLR0913 - one parameter for each option
    paths: tuple[Path, ...],
    folder: Path,
    wanted: Wanted,
    jobs: int,
    cache: Path | None,
    *,
    force: bool = False,
) -> None:
    """Build, tell the notes, print the closing table.

    Raises:
        SeveralError: routines that failed; the others are built.
    """
    from audiocoach.build.jobs import Order, build  # noqa: PLC0415 - check and preview need no sound
    from audiocoach.build.report import progress_on, table  # noqa: PLC0415 - as above

    start_s = time.monotonic()
    order = Order(tuple(_routines(paths)), folder, wanted, jobs, force)
    with progress_on(sys.stderr) as progress:
        built, failed = stoppable(lambda stop: build(order, _open_cache(cache), progress, stop))
    notes = sorted({note for one in built for note in one.notes})
    sys.stderr.write("".join(f"{note}\n" for note in notes))
    if built:
        sys.stdout.write(table(built, time.monotonic() - start_s))
    if failed:
        raise SeveralError([one.error for one in failed])


def preview_one(path: Path, shape: str, wanted: Wanted, cache: Path | None, *, estimate: bool) -> str:
    """The script of one routine, with the real length of its words or an estimate.

    Raises:
        AudiocoachError: the routine cannot be used, or not be spoken.
    """
    session = open_session(path, wanted)
    if estimate:
        return _SHAPES[shape](timeline_of(session, estimate_ms))
    from audiocoach.build.report import progress_on  # noqa: PLC0415 - an estimate needs neither
    from audiocoach.build.speech import speak  # noqa: PLC0415 - as above
    from audiocoach.voice.studio import Studio  # noqa: PLC0415 - as above

    with Studio(_open_cache(cache)) as studio, progress_on(sys.stderr) as progress:

        def work(stop: Stop) -> Spoken:
            stop.on_wish(studio.close)
            return speak([session], studio, Stoppable(progress, stop))

        spoken = stoppable(work)
    for error in spoken.errors.values():
        raise error
    return _SHAPES[shape](spoken.timelines[session.slug])


def check_all(paths: tuple[Path, ...], wanted: Wanted, cache: Path | None) -> None:
    """Print every note and warning; words count as long as they are, where they were spoken before.

    Raises:
        SeveralError: routines with problems.
    """
    from audiocoach.voice.studio import Studio  # noqa: PLC0415 - preview --estimate needs none

    failed: list[AudiocoachError] = []
    with Studio(_open_cache(cache)) as studio:
        for path in _routines(paths):
            try:
                notes = draft_of(open_session(path, wanted), studio.heard).timeline.notes
            except AudiocoachError as error:
                failed.append(error)
                continue
            sys.stdout.write("".join(f"{note}\n" for note in notes))
    if failed:
        raise SeveralError(failed)


def show_cache(folder: Path | None) -> str:
    """What the cache holds, and where."""
    where = folder or default_folder()
    return f"{_amount(Cache(where).holding())} in {where}"


def prune_cache(folder: Path | None, limit_bytes: int) -> str:
    """Make the cache no larger than the limit."""
    return f"removed {_amount(_open_cache(folder).prune(limit_bytes))}"


def verify_cache(folder: Path | None) -> str:
    """Read every entry; damaged ones are removed and will be made again."""
    whole, damaged = _open_cache(folder).verify()
    return f"{_amount(whole)} whole, removed {_amount(damaged)} damaged"


def _amount(holding: Holding) -> str:
    entries = "1 entry" if holding.entries == 1 else f"{holding.entries:,} entries"
    return f"{entries} ({holding.size_bytes / 1_000_000:.1f} MB)"


def _routines(paths: tuple[Path, ...]) -> list[Path]:
    found = routine_files(paths)
    if not found:
        first = Position(str(paths[0]), 1, 1)
        raise InputError(
            Problem(first, "there is no routine in this folder: expected a file such as my-routine.yaml")
        )
    return found


def _open_cache(folder: Path | None) -> Cache:
    return Cache(folder or default_folder())
