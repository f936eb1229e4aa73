"""Work that can be stopped; `test_cli` stops the whole program with real signals."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import StoppedError
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers.stop import Stop, Stoppable, endings, stoppable
from tests.builds import Heard, carried_out, squats

if TYPE_CHECKING:
    from pathlib import Path


def test_the_result_comes_back_from_the_thread() -> None:
    assert stoppable(lambda _: threading.current_thread().name) == "audiocoach-work"


def test_an_error_comes_back_from_the_thread() -> None:
    def work(_: Stop) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        stoppable(work)


def test_a_wish_is_told_to_those_who_wait_and_to_those_who_come_late() -> None:
    stop, told = Stop(), list[str]()
    stop.on_wish(lambda: told.append("early"))
    stop.check()
    stop.wish()
    stop.on_wish(lambda: told.append("late"))
    assert told == ["early", "late"]
    with pytest.raises(StoppedError):
        stop.check()


def test_a_part_hears_the_wish_and_is_forgotten_when_it_is_over() -> None:
    stop, told = Stop(), list[str]()
    with stop.part() as first:
        first.on_wish(lambda: told.append("first"))
    with stop.part() as second:
        second.on_wish(lambda: told.append("second"))
        stop.wish()
        assert (first.is_wished, second.is_wished) == (False, True)
    with stop.part() as third, pytest.raises(StoppedError):
        third.check()
    assert told == ["second"]


def test_every_step_of_a_progress_is_a_safe_place() -> None:
    stop, heard = Stop(), Heard()
    progress = Stoppable(heard, stop)
    progress.expect("speech", 2)
    progress.advance("speech")
    stop.wish()
    with pytest.raises(StoppedError):
        progress.advance("speech")
    with pytest.raises(StoppedError):
        progress.expect("sound", 1)
    assert heard.stages == {"speech": (2, 1)}


def test_a_build_that_is_stopped_writes_nothing(tmp_path: Path) -> None:
    stop = Stop()
    stop.wish()
    options = BuildOptions((squats(tmp_path),), tmp_path / "out", Overrides(), 1)
    with pytest.raises(StoppedError):
        carried_out(options, Place(tmp_path / "cache"), Heard(), stop)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_nohup_has_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    assert set(endings()) == {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert set(endings()) == {signal.SIGINT, signal.SIGTERM}
    signal.signal(signal.SIGHUP, before)
