"""The program `audiocoach`, also as `python -m audiocoach`: its first step, before anything is loaded."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

_INTERRUPTED = 130
# While modules are loaded nearly all that is made stays: to look for waste after every 700 objects, as Python
# does, takes 8 of 120 ms.
_OBJECTS_BETWEEN_COLLECTIONS = 20_000


def main() -> NoReturn:
    """Run the program. Ctrl-C while it is still being loaded ends it as Ctrl-C always does."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        from audiocoach.cli import main as program  # noqa: PLC0415 - Ctrl-C is heard while it is loaded
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(_INTERRUPTED)
    try:
        program()
    except SystemExit as ending:
        if "distributed" in sys.modules:
            # It cleans up when the interpreter does.
            raise
        # All is written and all processes have ended: to take the interpreter apart takes 20 ms.
        os._exit(int(ending.code or 0))


if __name__ == "__main__":
    main()
