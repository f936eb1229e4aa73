"""How this program starts itself: a new interpreter that calls one function, or a fork of this one.

Both are for processes of our own: what starts somebody else's program stands where it is needed.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

# Given the whole import path, so that the process imports what this one does and nothing that
# happens to lie in the current folder.
_CODE = (
    "import sys; sys.path[:] = sys.argv[{first}:]; from {module} import {name}; {name}(*sys.argv[1:{first}])"
)


def start(
    entry: str,
    *arguments: str,
    stdin: int,
    stdout: int,
    stderr: int | None = None,
    env: Mapping[str, str] | None = None,
) -> Popen[bytes]:
    """A process in a session of its own that calls `entry`, such as `audiocoach.workers.worker:main`.

    Streams are descriptors, or what `subprocess` has for them; `stderr` and `env` are ours by default.

    Raises:
        OSError: there is no room for it.
    """
    import subprocess  # 5 ms, and not needed where workers are forked

    module, _, name = entry.partition(":")
    code = _CODE.format(first=1 + len(arguments), module=module, name=name)
    path = [place or os.getcwd() for place in sys.path]
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
        [sys.executable, "-c", code, *arguments, *path],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env=env,
        start_new_session=True,
    )


def fork() -> int:
    """Fork; what lies here for collection is not collected there.

    A library's object may wait in its end for threads that no fork has: those of a filter graph do.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        process_id = os.fork()
        if not process_id:
            gc.freeze()
    finally:
        if collects:
            gc.enable()
    return process_id
