"""What lies beside a routine and holds for it: what the show in its folder says of sound and of files.

In: the path of a routine. Out: a `ShowSound`, known before anything of the routine is read.
"""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.errors import InputError
from audiocoach.routine.show_sound import FILE, ShowSound

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS = (b"formats", b"stereo", b"keep_awake")
_MOST_BYTES = 2_000_000


def sound_beside(routine: Path) -> ShowSound:
    """What the show in a routine's folder says; nothing where there is none, and where it has no such field.

    Of a show that has one all is looked at, but not whether it has what a feed needs.
    """
    path = routine.parent / FILE
    if not os.path.lexists(path):
        return ShowSound()
    try:
        data = regular.read(path, _MOST_BYTES)
    except OSError:
        # Why, is told by who reads shows.
        return _read(path, None)
    # Whatever is no plain text is told as well.
    is_plain = b"\0" not in data
    return _read(path, data) if not is_plain or any(field in data for field in _FIELDS) else ShowSound()


# Thousands of routines share a show: as long as its content is the same it is read once.
@lru_cache(maxsize=8)
def _read(path: Path, data: bytes | None) -> ShowSound:
    from audiocoach.routine.show import read_sound  # YAML and the readers of fields: 90 ms

    text = None
    with contextlib.suppress(UnicodeDecodeError):
        text = data.decode() if data is not None else None
    try:
        return read_sound(path, text)
    except InputError as error:
        return ShowSound(problems=error.problems)
