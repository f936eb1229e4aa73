"""`audiocoach verify`: prove what stands in an output folder."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from audiocoach.errors import (
    AudiocoachError,
    BuildError,
    SeveralError,
    printable,
)
from audiocoach.workers.crew import Crew
from audiocoach.workers.progress import progress_on
from audiocoach.workers.stop import Stoppable, stoppable
from audiocoach.workers.verify import as_json, as_text, verify

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.workers.stop import Stop
    from audiocoach.workers.verify import Verified


def verify_all(folder: Path, *, json: bool) -> None:
    """Prove what stands in an output folder; print a line a routine and the sum.

    Raises:
        SeveralError: all that is wrong.
        AudiocoachError: there is nothing to prove, or it cannot be read.
    """
    try:
        found = _verified(folder)
    except AudiocoachError as error:
        if json:
            sys.stdout.write(as_json((), [error]))
        raise
    errors = [BuildError(printable(f"{folder}/{finding}")) for one in found for finding in one.findings]
    try:
        sys.stdout.write(as_json(found) if json else as_text(found))
    finally:
        if errors:
            raise SeveralError(errors)


def _verified(folder: Path) -> list[Verified]:
    with Crew(os.cpu_count() or 1) as makers, progress_on(sys.stderr) as progress:

        def work(stop: Stop) -> list[Verified]:
            stop.on_wish(makers.kill)
            return verify(folder, makers, Stoppable(progress, stop))

        return stoppable(work)
