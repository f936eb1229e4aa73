"""Speech in the process itself, without a fork: text after text (`stay`), or one alone (`once`).

The engine may have threads here. The owner keeps the time, and ends the process with its group when a text
takes too long. While the engine is busy a thread of ours waits at the owner's pipe: when that ends, so does
everything here.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any, NoReturn

from audiocoach.errors import EngineError, RefusedError
from audiocoach.pipe import receive_json, send_json
from audiocoach.voice.process.attempt import ANYTHING, CLIP, Pipes, told

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.voice.engines import Engine

# An engine that is still writing may put a file into a folder that is just being removed.
_SWEEPS = 3


class Inbox:
    """The owner's requests, in turn. Once it is open the process ends with its owner, whatever it does."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._is_open = False

    def open(self) -> None:
        """Start the thread; where it runs already, nothing."""
        if not self._is_open:
            self._is_open = True
            threading.Thread(target=self._watch, daemon=True).start()

    def take(self) -> dict[str, Any]:
        """The next request."""
        return self._requests.get()

    def _watch(self) -> NoReturn:
        while (request := receive_json(self._pipes.requests)) is not None:
            self._requests.put(request)
        _vanish(self._pipes.folder)


def serve(engine: Engine, pipes: Pipes, inbox: Inbox, *, stays: bool) -> NoReturn:
    """Answer every request; each answer says whether there may be another one."""
    while True:
        answer = _answer(engine, inbox.take()["text"], pipes.folder / CLIP)
        send_json(pipes.replies, {"lasts": stays, **answer})


def _answer(engine: Engine, text: str, path: Path) -> dict[str, Any]:
    """What became of the text.

    Who says in so many words that it will not speak a text can speak the next; nobody knows what an engine is
    like in which something else went wrong.
    """
    try:
        engine.speak(text, path)
    except EngineError as error:
        return {"problem": error.message, "is_refused": isinstance(error, RefusedError)}
    except ANYTHING as error:
        return {"problem": told(error), "lasts": False}
    return {"problem": None}


def _vanish(folder: Path) -> NoReturn:
    """End with everything that the engine started, without a trace."""
    for _ in range(_SWEEPS):
        shutil.rmtree(folder, ignore_errors=True)
    if sys.platform != "win32":
        # It leads its group, unless somebody else has started it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)
