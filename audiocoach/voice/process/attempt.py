"""One attempt of an engine at one text, and in words what went wrong: an engine may raise anything."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from audiocoach.errors import EngineError
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.voice.engines import Engine

CLIP = "clip.wav"
# So a fork never waits until somebody reads it.
PROBLEM_LETTERS = 2000
# What an engine may raise: libraries that are made for programs of their own exit.
ANYTHING = (Exception, SystemExit, KeyboardInterrupt)
# A disk that is full or may not be written is no fault of the voice.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})

# What went wrong: a sentence, or the number of an error that is the disk's; None where all went well.
Problem = str | int | None


@dataclass(frozen=True, slots=True)
class Pipes:
    """The two file descriptors that lead to the owner, and the private folder for files."""

    requests: int
    replies: int
    folder: Path


def attempt(engine: Engine, text: str, path: Path) -> Problem:
    """Speak."""
    try:
        engine.speak(text, path)
    except ANYTHING as error:
        return told(error)
    return None


def told(error: BaseException) -> Problem:
    """What is told of this."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return error.errno
    return sentence(error)


def sentence(error: BaseException) -> str:
    """What an engine raised, in words."""
    if isinstance(error, EngineError):
        return error.message
    return f"the voice failed: {type(error).__name__}: {error}"[:PROBLEM_LETTERS]
