"""`audiocoach check`: every problem and note."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.api import check_each, to_json
from audiocoach.commands.common import list_each_once
from audiocoach.errors import AudiocoachError, SeveralError
from audiocoach.store.options import BuildOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.api import Checked
    from audiocoach.errors import Problem
    from audiocoach.store.options import Overrides


def check_all(
    paths: tuple[Path, ...], overrides: Overrides, cache: Path | None, *, json: bool = False
) -> None:
    """Print every note and warning; words count as long as they are, where they were spoken before.

    As JSON that is every problem, and the errors are raised all the same.

    Raises:
        SeveralError: routines with problems.
    """
    checked: list[Checked] = []
    options = BuildOptions(paths, Path(), overrides, 1)
    try:
        checked += check_each(options, cache)
    except AudiocoachError as error:
        if json:
            sys.stdout.write(_problems_as_json(error.problems))
        raise
    if json:
        sys.stdout.write(_problems_as_json(problem for one in checked for problem in one.problems))
    else:
        notes = [(note, one.path) for one in checked for note in one.notes]
        sys.stdout.write("".join(list_each_once(notes)))
    failed = [one.error for one in checked if one.error]
    if failed:
        raise SeveralError(failed)


def _problems_as_json(problems: Iterable[Problem]) -> str:
    """Every problem once, by place, as a record."""
    return to_json(sorted(set(problems)))
