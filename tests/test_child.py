"""The speech process from inside: its frames, its private pipes, its end."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from audiocoach.pipe import receive_json, send_json
from audiocoach.voice.process import child
from audiocoach.voice.process.attempt import CLIP
from tests.voices import eventually, is_alive, nothing_is_left, private_folders

START = "import sys; from audiocoach.voice.process.child import main; main(sys.argv[1])"
OWNER = """
import sys
import threading
from tests.voices import DictStore, fake
from audiocoach.voice.limits import Limits
from audiocoach.voice.studio import Studio
with Studio(DictStore(), limits=Limits(clip_ms=600_000)) as studio:
    studio.record([fake("Go", "grandchild-hang=" + sys.argv[1])])
"""


def start(tmp_path: Path) -> subprocess.Popen[bytes]:
    """A speech process with the chatty fake voice, after its set-up."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(tmp_path / "private")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    )
    voice = {"engine": "fake", "name": "chatty", "rate_wpm": 165}
    assert answer(process, {"voice": voice, "forks": True}) == {"problem": None, "runs": "fork"}
    return process


def answer(process: subprocess.Popen[bytes], message: object) -> object:
    assert process.stdin
    assert process.stdout
    send_json(process.stdin.fileno(), message)
    return receive_json(process.stdout.fileno())


def test_what_an_engine_prints_does_not_reach_the_answers(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    with start(tmp_path) as process:
        assert answer(process, {"text": "Go", "limit_ms": 20_000}) == {"problem": None}
        assert (tmp_path / "private" / CLIP).is_file()
        assert process.communicate(timeout=20) == (b"", b"")
    assert not (tmp_path / "private").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, None])
def test_it_ends_quietly_and_takes_its_files_along(number: signal.Signals | None, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    with start(tmp_path) as process:
        process.send_signal(signal.SIGINT)
        assert answer(process, {"text": "Go", "limit_ms": 20_000}) == {"problem": None}
        if number:
            process.send_signal(number)
        assert process.communicate(timeout=20) == (b"", b"")
        assert process.returncode == 0
    assert not (tmp_path / "private").exists()


def test_nothing_at_all_is_an_end_too(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path / "private")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert (ended.stdout, ended.stderr) == (b"", b"")
    assert not (tmp_path / "private").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_when_the_owner_dies_all_that_it_started_ends(number: signal.Signals, tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    place = str(Path(__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(ids)],
        env={**os.environ, "PYTHONPATH": place, "TMPDIR": str(tmp_path)},
        stderr=subprocess.DEVNULL,
    ) as owner:
        assert eventually(lambda: ids.exists() and ids.read_text().endswith("\n"))
        grandchild = int(ids.read_text())
        assert is_alive(grandchild)
        owner.send_signal(number)
    assert eventually(lambda: not is_alive(grandchild))
    assert eventually(lambda: nothing_is_left(tmp_path))


HANGING = "title: T\nvoice: {engine: fake, name: setup-hang}\nsession: [{say: Go on.}, {say: Rest.}]\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_voice_that_hangs_in_its_set_up_goes_with_the_program(
    number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(HANGING, encoding="utf-8")
    private = tmp_path / "tmp"
    private.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "audiocoach", "build", "a.yaml", "--cache", "cache"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TMPDIR": str(private)},
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    ) as program:
        assert eventually(lambda: private_folders(private) != [])
        program.send_signal(number)
    assert eventually(lambda: nothing_is_left(private))


def test_an_engine_with_threads_is_forked_with_care() -> None:
    ends = threading.Event()
    thread = threading.Thread(target=ends.wait)
    thread.start()
    assert not child.has_one_thread()
    ends.set()
    thread.join()


def test_a_fork_that_the_system_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        @staticmethod
        def fork() -> int:
            ctypes.set_errno(errno.EAGAIN)
            return -1

    monkeypatch.setattr(ctypes, "PyDLL", lambda *_, **__: Refusing)
    with pytest.raises(BlockingIOError):
        child._bare_fork()()  # noqa: SLF001 - there is no other way to be refused
