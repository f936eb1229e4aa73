"""One attempt at one text: what is told of whatever an engine raises."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from audiocoach.errors import EngineError
from audiocoach.voice.process.attempt import PROBLEM_LETTERS, attempt, sentence, told

SPOKEN = Path("clip.wav")


class Raising:
    """An engine that raises this."""

    def __init__(self, error: BaseException | None) -> None:
        self._error = error

    @staticmethod
    def fingerprint(_: object) -> str:
        return "raising 1"

    def speak(self, text: str, path: Path) -> None:
        assert (text, path) == ("Go", SPOKEN)
        if self._error:
            raise self._error


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (None, None),
        (EngineError("only English is spoken here"), "only English is spoken here"),
        (RuntimeError("bad tensor"), "the voice failed: RuntimeError: bad tensor"),
        (SystemExit(3), "the voice failed: SystemExit: 3"),
        (OSError(errno.ENOSPC, "No space left"), errno.ENOSPC),
        (
            OSError(errno.ENOENT, "No such file"),
            "the voice failed: FileNotFoundError: [Errno 2] No such file",
        ),
    ],
    ids=repr,
)
def test_whatever_an_engine_raises_is_told(error: BaseException | None, problem: str | int | None) -> None:
    assert attempt(Raising(error), "Go", SPOKEN) == problem


def test_a_problem_is_short_enough_for_a_pipe() -> None:
    assert len(sentence(RuntimeError("x" * 100_000))) == PROBLEM_LETTERS
    assert told(RuntimeError("x" * 100_000)) == sentence(RuntimeError("x" * 100_000))
