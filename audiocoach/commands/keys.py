"""Keys of a terminal as they are pressed. The terminal is left as it was, whatever ends us."""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Key = Literal["space", "left", "right", "end"]
_PRESSED = re.compile(rb"\x1b[\[O][CD]|[ q]")
_KEYS: dict[bytes, Key] = {b"C": "right", b"D": "left", b" ": "space", b"q": "end"}
_MOST_BYTES = 64


def read_keys(descriptor: int, wait_s: float) -> tuple[Key, ...]:
    """What was pressed, waiting so long for the first; `end` too where the terminal is gone."""
    if not select.select([descriptor], [], [], wait_s)[0]:
        return ()
    with contextlib.suppress(OSError):
        found = os.read(descriptor, _MOST_BYTES)
        if found:
            return tuple(_KEYS[pressed[-1:]] for pressed in _PRESSED.findall(found))
    return ("end",)


@contextlib.contextmanager
def key_by_key(descriptor: int) -> Iterator[Callable[[float], tuple[Key, ...]]]:
    """Have keys told as they are pressed and not shown; Ctrl-C stays what it is."""
    import termios  # POSIX only
    import tty  # POSIX only

    before: list[Any] = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor)
        yield lambda wait_s: read_keys(descriptor, wait_s)
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def has_keys() -> bool:
    """Whether somebody sits at a terminal that tells its keys."""
    return os.name == "posix" and sys.stdin.isatty() and sys.stdout.isatty()
