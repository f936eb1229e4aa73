"""The speech process from outside."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import EngineError, RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.limits import Limits
from audiocoach.voice.process.host import EngineProcess, call_ahead, end_ahead, leave_one, take_one
from audiocoach.voice.studio import Studio
from audiocoach.voice.take import read_take
from tests.voices import QUICK, DictStore, is_alive, nothing_is_left, private_folders, speech_processes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAKE = Voice("fake")


@pytest.fixture(autouse=True)
def _leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert nothing_is_left(tmp_path)


def started(voice: Voice, limits: Limits, *, forks: bool) -> EngineProcess:
    process = EngineProcess(limits, forks=forks)
    try:
        process.set_up(voice)
    except BaseException:
        process.close()
        raise
    return process


@pytest.mark.parametrize(
    ("name", "lasts"), [("", True), ("threads", False), ("once+", False), ("stay+threads", True)]
)
def test_44_a_voice_that_cannot_be_forked_speaks_in_a_process_of_its_own(name: str, *, lasts: bool) -> None:
    process = started(Voice("fake", name), QUICK, forks=True)
    try:
        assert read_take(process.say("Go"), "Go", Voice("fake")).samples
        assert process.lasts == lasts
    finally:
        process.close()


def test_44_an_engine_says_how_long_its_set_up_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    # Far too little for any process to start.
    with pytest.raises(EngineError, match=r"not done after 0\.001 s"):
        started(FAKE, Limits(set_up_ms=1), forks=True)
    monkeypatch.setattr(engines.engine_class("fake"), "limits", Limits(set_up_ms=1), raising=False)
    with pytest.raises(RecordingError, match=r"not done after 0\.001 s"), Studio(DictStore()) as studio:
        studio.record([Utterance("Go", FAKE)])
    monkeypatch.setattr(engines.engine_class("fake"), "limits", Limits(set_up_ms=60_000), raising=False)
    with Studio(DictStore()) as studio:
        assert studio.clip(Utterance("Go", FAKE)).samples


def test_a_voice_that_hangs_in_its_set_up_hears_that_it_is_to_go() -> None:
    process = EngineProcess(Limits(set_up_ms=600_000), forks=True)
    failures: list[EngineError] = []

    def wait() -> None:
        try:
            process.set_up(Voice("fake", "setup-hang"))
        except EngineError as error:
            failures.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    process.hang_up()
    waiting.join(60)
    assert len(failures) == 1
    process.close()


def test_with_forks_it_lasts() -> None:
    process = started(FAKE, QUICK, forks=True)
    clips = [read_take(process.say("Switch sides"), "Switch sides", Voice("fake")) for _ in range(3)]
    assert process.lasts
    process.close()
    assert len(set(clips)) == 1
    assert not process.lasts


def test_without_forks_it_speaks_once() -> None:
    process = started(FAKE, QUICK, forks=False)
    assert read_take(process.say("Go"), "Go", Voice("fake")).duration_ms > 100
    assert not process.lasts
    process.close()


def test_a_refusal_is_told_apart_from_a_crash() -> None:
    with pytest.raises(RefusedError, match="pip install"):
        started(Voice("fake", "missing"), QUICK, forks=True)
    with pytest.raises(EngineError, match="crashed") as caught:
        started(Voice("fake", "setup-crash"), QUICK, forks=True)
    assert not isinstance(caught.value, RefusedError)


def test_the_last_clip_is_not_taken_for_the_next() -> None:
    process = started(Voice("fake", "no-file@Stop"), QUICK, forks=True)
    assert process.say("Go").exists()
    assert not process.say("Stop").exists()
    process.close()


def test_a_killed_process_is_an_error_and_no_hang() -> None:
    process = started(FAKE, QUICK, forks=True)
    os.killpg(process.process_id, signal.SIGKILL)
    with pytest.raises(EngineError, match="the speech process crashed"):
        process.say("Go")
    assert not process.lasts
    process.close()


def test_a_stopped_process_is_an_error_and_no_hang() -> None:
    process = started(FAKE, Limits(clip_ms=100, grace_ms=200), forks=True)
    os.killpg(process.process_id, signal.SIGSTOP)
    with pytest.raises(EngineError, match="not done after"):
        process.say("Go")
    process.close()


@pytest.mark.parametrize("ahead", [0, 1], ids=["started", "forked"])
def test_it_can_be_hung_up_on_from_another_thread(ahead: int) -> None:
    call_ahead(ahead, "fake")
    process = started(Voice("fake", "hang"), Limits(clip_ms=600_000), forks=True)
    caller = threading.Timer(0.05, process.hang_up)
    caller.start()
    with pytest.raises(EngineError, match="crashed"):
        process.say("Go")
    caller.join()
    process.close()


def test_closing_twice_is_closing() -> None:
    process = started(FAKE, QUICK, forks=True)
    process.close()
    process.close()
    with pytest.raises(EngineError, match="crashed"):
        process.say("Go")


def test_a_process_that_cannot_be_started_leaves_no_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(OSError, match="No such file or directory"):
        started(FAKE, QUICK, forks=True)


def test_lines_that_were_called_ahead_are_taken_by_whoever_speaks_first() -> None:
    call_ahead(2, "fake")
    three = [started(FAKE, QUICK, forks=True) for _ in range(3)]
    # Only a started process has a command line of its own.
    assert len(set(speech_processes())) == 1
    assert len({read_take(one.say("Go"), "Go", Voice("fake")) for one in three}) == 1
    for one in three:
        one.close()
        assert not is_alive(one.process_id)


def test_lines_that_nobody_takes_end_without_a_trace(tmp_path: Path) -> None:
    call_ahead(2, "fake")
    assert len(private_folders(tmp_path)) == 2
    end_ahead()
    for _ in range(2):
        os.wait()


def test_a_fork_keeps_the_line_that_its_parent_leaves() -> None:
    call_ahead(2, "fake")
    source, target = os.pipe()
    forks = []
    for _ in range(2):
        child = os.fork()
        if not child:
            take_one()
            process = started(FAKE, QUICK, forks=True)
            os.write(target, bytes([process.say("Go").is_file()]))
            process.close()
            os._exit(0)
        leave_one()
        forks.append(child)
    for child in forks:
        os.waitpid(child, 0)
    assert os.read(source, 3) == b"\1\1"
    for end in (source, target):
        os.close(end)
    for _ in forks:
        os.wait()


def test_what_the_default_voice_lacks_is_told_by_whoever_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise AttributeError("espeak_Synth")

    monkeypatch.setattr(engines, "prepare", broken)
    call_ahead(1, "fake")
    process = started(FAKE, QUICK, forks=True)
    assert process.say("Go").is_file()
    process.close()
