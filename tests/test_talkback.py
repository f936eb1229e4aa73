"""The speech process from outside."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import EngineError, RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice.limits import Limits
from audiocoach.voice.take import read_take
from audiocoach.voice.talkback import Talkback, call_ahead, end_ahead, leave_ahead
from tests.voices import QUICK, nothing_is_left, speech_processes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAKE = Voice("fake")


@pytest.fixture(autouse=True)
def _leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert nothing_is_left(tmp_path)


def test_with_forks_it_lasts() -> None:
    talkback = Talkback(FAKE, QUICK, forks=True)
    clips = [read_take(talkback.say("Switch sides"), "Switch sides", 165) for _ in range(3)]
    assert talkback.lasts
    talkback.close()
    assert len(set(clips)) == 1
    assert not talkback.lasts


def test_without_forks_it_speaks_once() -> None:
    talkback = Talkback(FAKE, QUICK, forks=False)
    assert read_take(talkback.say("Go"), "Go", 165).duration_ms > 100
    assert not talkback.lasts
    talkback.close()


def test_a_refusal_is_told_apart_from_a_crash() -> None:
    with pytest.raises(RefusedError, match="pip install"):
        Talkback(Voice("fake", "missing"), QUICK, forks=True)
    with pytest.raises(EngineError, match="crashed") as caught:
        Talkback(Voice("fake", "setup-crash"), QUICK, forks=True)
    assert not isinstance(caught.value, RefusedError)


def test_the_last_clip_is_not_taken_for_the_next() -> None:
    talkback = Talkback(Voice("fake", "no-file@Stop"), QUICK, forks=True)
    assert talkback.say("Go").exists()
    assert not talkback.say("Stop").exists()
    talkback.close()


def test_a_killed_process_is_an_error_and_no_hang() -> None:
    talkback = Talkback(FAKE, QUICK, forks=True)
    os.killpg(talkback.process_id, signal.SIGKILL)
    with pytest.raises(EngineError, match="the speech process crashed"):
        talkback.say("Go")
    assert not talkback.lasts
    talkback.close()


def test_a_stopped_process_is_an_error_and_no_hang() -> None:
    talkback = Talkback(FAKE, Limits(clip_ms=100, grace_ms=200), forks=True)
    os.killpg(talkback.process_id, signal.SIGSTOP)
    with pytest.raises(EngineError, match="not done after"):
        talkback.say("Go")
    talkback.close()


def test_it_can_be_hung_up_on_from_another_thread() -> None:
    talkback = Talkback(Voice("fake", "hang"), Limits(clip_ms=600_000), forks=True)
    caller = threading.Timer(0.05, talkback.hang_up)
    caller.start()
    with pytest.raises(EngineError, match="crashed"):
        talkback.say("Go")
    caller.join()
    talkback.close()


def test_closing_twice_is_closing() -> None:
    talkback = Talkback(FAKE, QUICK, forks=True)
    talkback.close()
    talkback.close()


def test_a_process_that_cannot_be_started_leaves_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(OSError, match="No such file or directory"):
        Talkback(FAKE, QUICK, forks=True)


def test_the_line_that_was_called_ahead_is_taken_by_whoever_speaks_first() -> None:
    call_ahead()
    first = Talkback(FAKE, QUICK, forks=True)
    assert len(set(speech_processes())) == 1
    second = Talkback(FAKE, QUICK, forks=True)
    assert len(set(speech_processes())) == 2
    assert read_take(first.say("Go"), "Go", 165) == read_take(second.say("Go"), "Go", 165)
    first.close()
    second.close()


def test_a_line_that_nobody_takes_ends_without_a_trace() -> None:
    call_ahead()
    end_ahead()


def test_a_fork_keeps_the_line_that_its_parent_leaves() -> None:
    call_ahead()
    source, target = os.pipe()
    child = os.fork()
    if not child:
        talkback = Talkback(FAKE, QUICK, forks=True)
        os.write(target, bytes([talkback.say("Go").is_file()]))
        talkback.close()
        os._exit(0)
    leave_ahead()
    assert os.read(source, 1) == b"\1"
    os.waitpid(child, 0)
    for end in (source, target):
        os.close(end)
