"""A worker's side of the pipe, in a process of its own."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from audiocoach.pipe import receive, send
from audiocoach.store.files import UNFINISHED
from audiocoach.workers.worker import Shift
from tests.voices import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GIVEN_UP_S = 20
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


def test_once_the_shift_has_ended_no_call_begins() -> None:
    """The next one in the queue would call for a voice while its worker goes, and leave a folder behind."""
    shift, begun, broken_off, said = Shift(), threading.Event(), threading.Event(), []

    def work() -> None:
        for number in range(2):
            with shift:
                said.append(number)
                begun.set()
                broken_off.wait(GIVEN_UP_S)

    threading.Thread(target=work, daemon=True).start()
    assert begun.wait(GIVEN_UP_S)
    shift.end(broken_off.set)
    assert said == [0]


def test_a_call_that_has_called_for_a_voice_since_is_broken_off_as_well() -> None:
    shift, begun, broken_off = Shift(), threading.Event(), threading.Semaphore(0)

    def work() -> None:
        with shift:
            begun.set()
            for _ in range(3):
                assert broken_off.acquire(timeout=GIVEN_UP_S)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert begun.wait(GIVEN_UP_S)
    shift.end(broken_off.release)
    thread.join(GIVEN_UP_S)
    assert not thread.is_alive()
