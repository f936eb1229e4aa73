"""`audiocoach check`: every problem and note."""

from __future__ import annotations

import sys
from json import dumps
from typing import TYPE_CHECKING

from audiocoach.commands.common import find_routines, list_each_once, open_cache
from audiocoach.errors import (
    AudiocoachError,
    Problem,
    SeveralError,
    foreseen,
    records,
    within,
)
from audiocoach.making import artwork
from audiocoach.making.sessions import open_session
from audiocoach.making.speech import draft
from audiocoach.voice.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiocoach.store.options import Overrides


def check_all(
    paths: tuple[Path, ...], overrides: Overrides, cache: Path | None, *, json: bool = False
) -> None:
    """Print every note and warning; words count as long as they are, where they were spoken before.

    As JSON that is every problem, and the errors are raised all the same.

    Raises:
        SeveralError: routines with problems.
    """
    failed: list[AudiocoachError] = []
    notes: list[tuple[Problem, Path]] = []
    studio = Studio(open_cache(cache))
    try:
        routines = find_routines(paths)
    except AudiocoachError as error:
        if json:
            sys.stdout.write(_problems_as_json([error], ()))
        raise
    for path in routines:
        try:
            found = draft(open_session(path, overrides), studio).timeline.notes
            artwork.check(path)
        except Exception as error:  # noqa: BLE001 - one routine's failure, whatever it is
            failed.append(within(str(path), foreseen(error)))
            continue
        notes += [(note, path) for note in found]
    if json:
        sys.stdout.write(_problems_as_json(failed, [note for note, _ in notes]))
    else:
        sys.stdout.write("".join(list_each_once(notes)))
    if failed:
        raise SeveralError(failed)


def _problems_as_json(failed: Iterable[AudiocoachError], notes: Iterable[Problem]) -> str:
    """Every problem once, by place, as a record."""
    found = {*notes, *(problem for error in failed for problem in error.problems)}
    return dumps({"problems": records(sorted(found))}, indent=1) + "\n"
