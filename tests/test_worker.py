"""A worker's side of the pipe, in a process of its own."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from audiocoach.pipe import receive, send
from audiocoach.store.files import UNFINISHED
from tests.voices import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = "from audiocoach.workers.worker import main; main()"


def half_write(path: str) -> None:
    """What a worker does when it is ended: it has a temporary file open, and never gets further."""
    with UNFINISHED.beside(path):
        signal.pause()


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as started:
        yield started
        started.kill()


def test_frames_come_out_as_they_went_in_and_a_torn_one_is_the_end() -> None:
    pipe = io.BytesIO()
    send(pipe, {"a": (1, b"2")})
    pipe.seek(0)
    assert receive(pipe) == {"a": (1, b"2")}
    for torn in (pipe.getvalue()[:4], pipe.getvalue()[:-1]):
        with pytest.raises(EOFError):
            receive(io.BytesIO(torn))


def test_it_answers_calls_until_its_pipe_ends(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin
    assert process.stdout
    assert receive(process.stdout) == process.pid  # type: ignore[arg-type]
    send(process.stdin, partial(divmod, 7, 2))  # type: ignore[arg-type]
    assert receive(process.stdout) == (True, (3, 1))  # type: ignore[arg-type]
    send(process.stdin, partial(divmod, 7, 0))  # type: ignore[arg-type]
    well, error = receive(process.stdout)  # type: ignore[arg-type]
    assert (well, type(error)) == (False, ZeroDivisionError)
    # What a library prints is no frame.
    send(process.stdin, partial(os.system, "echo noise"))  # type: ignore[arg-type]
    assert receive(process.stdout) == (True, 0)  # type: ignore[arg-type]
    process.stdin.close()
    assert process.wait() == 0


def test_told_to_end_it_leaves_no_temporary_file(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert process.stdin
    assert process.stdout
    receive(process.stdout)  # type: ignore[arg-type]
    send(process.stdin, partial(half_write, str(tmp_path / "a.mp3")))  # type: ignore[arg-type]
    assert eventually(lambda: len(list(tmp_path.iterdir())) == 1)
    process.terminate()
    assert process.wait() == 0
    assert list(tmp_path.iterdir()) == []
