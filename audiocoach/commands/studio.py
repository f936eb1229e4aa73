"""`audiocoach studio`: write a folder's routines in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.commands.common import tell
from audiocoach.studio.desk.running import Wanted, run

if TYPE_CHECKING:
    from pathlib import Path


def open_studio(folder: Path, port: int | None, cache: Path | None, *, opens: bool) -> None:
    """Serve the studio of a folder until Ctrl-C.

    Raises:
        AudiocoachError: the folder or the port cannot be had.
        KeyboardInterrupt: it was served.
    """
    run(Wanted(folder, port, cache, opens), tell)
