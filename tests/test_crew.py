"""Workers on this machine: real processes, really killed."""

from __future__ import annotations

import gc
import os
import random
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import BuildError, InputError, Position, Problem, SeveralError
from audiocoach.making.work import Made, Speak, perform
from audiocoach.store.cache import Cache
from audiocoach.store.place import Place
from audiocoach.voice.studio import FORKS, Studio
from audiocoach.workers import worker
from audiocoach.workers.crew import Crew, LostWorkerError
from tests.test_studio import PHRASES
from tests.voices import eventually, is_alive, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=[True, False], ids=["forked", "started"])
def crew(request: pytest.FixtureRequest) -> Iterator[Crew]:
    with Crew(2, forks=request.param) as workers:
        yield workers


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "started"])
def lasting(request: pytest.FixtureRequest) -> Iterator[Crew]:
    """For calls that leave nothing behind: a worker that is started takes a second."""
    with Crew(2, forks=request.param) as workers:
        yield workers


def die_once(note: str) -> str:
    """Dies where nobody has died before."""
    try:
        with open(note, "x"):  # noqa: PTH123 - who makes the file dies
            os.kill(os.getpid(), signal.SIGKILL)
    except FileExistsError:
        return "survived"
    return "never"


def fail(error: Exception) -> None:
    raise error


class TwoReasons(Exception):  # noqa: N818 - as libraries name them
    """It cannot be unpickled: pickle gives one argument back."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")


def fail_twice() -> None:
    raise TwoReasons("it", "broke")


def wait_for(path: str) -> int:
    while not os.path.exists(path):  # noqa: PTH110 - polled
        time.sleep(0.01)
    return os.getpid()


def test_results_come_from_other_processes(lasting: Crew) -> None:
    futures = [lasting.submit(divmod, number, 3) for number in range(20)]
    assert [future.result() for future in futures] == [divmod(number, 3) for number in range(20)]
    assert lasting.submit(os.getpid).result() != os.getpid()


def test_two_calls_are_done_at_once_and_no_more(crew: Crew, tmp_path: Path) -> None:
    futures = [crew.submit(wait_for, str(tmp_path / "go")) for _ in range(2)]
    third = crew.submit(os.getpid)
    assert not third.done()
    (tmp_path / "go").touch()
    first, second = (future.result() for future in futures)
    assert first != second
    assert third.result() in {first, second}


def test_all_are_there_before_there_are_calls_for_them(crew: Crew) -> None:
    before = threading.active_count()
    crew.muster()
    # A thread for each.
    assert threading.active_count() == before + 2
    crew.muster()
    assert threading.active_count() == before + 2


def test_a_lost_worker_is_replaced_and_its_call_done_again(crew: Crew, tmp_path: Path) -> None:
    assert crew.submit(die_once, str(tmp_path / "note")).result() == "survived"


def test_a_call_that_kills_every_worker_it_meets_fails_alone(crew: Crew) -> None:
    killing = crew.submit(os.kill, 0, 0)
    deadly = crew.submit(os._exit, 1)
    others = [crew.submit(divmod, number, 3) for number in range(10)]
    with pytest.raises(LostWorkerError, match="a worker was lost over it, and another one as well"):
        deadly.result()
    assert killing.exception() is None
    assert [future.result()[0] for future in others] == [number // 3 for number in range(10)]


@pytest.mark.parametrize(
    "error",
    [
        InputError(Problem(Position("a.yaml", 1, 2), "no")),
        BuildError("no", Position("a.yaml", 1, 2)),
        SeveralError([BuildError("no"), InputError(Problem(Position("a.yaml", 1, 2), "no"))]),
        KeyError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_raised_there_is_raised_here_with_all_that_it_knows(lasting: Crew, error: Exception) -> None:
    raised = lasting.submit(fail, error).exception()
    assert (repr(raised), repr(vars(raised))) == (repr(error), repr(vars(error)))


def test_what_cannot_be_read_of_a_result_is_an_error_and_no_silence(lasting: Crew) -> None:
    assert isinstance(lasting.submit(fail_twice).exception(timeout=60), TypeError)
    assert lasting.submit(divmod, 7, 3).result() == (2, 1)


def test_what_cannot_be_sent_is_an_error_and_no_silence(lasting: Crew) -> None:
    assert lasting.submit(lambda: 1).exception(timeout=60) is not None
    assert lasting.submit(divmod, 7, 3).result() == (2, 1)


def test_a_crew_may_be_closed_twice() -> None:
    workers = Crew(1)
    workers.submit(os.getpid).result()
    workers.shutdown()
    workers.shutdown()


def test_killed_they_end_at_once_whatever_they_do(crew: Crew, tmp_path: Path) -> None:
    pids = [crew.submit(os.getpid).result()]
    futures = [crew.submit(wait_for, str(tmp_path / "never")) for _ in range(3)]
    threading.Timer(0.05, crew.kill).start()
    assert [type(future.exception()) for future in futures] == [LostWorkerError] * 3
    assert eventually(lambda: not any(map(is_alive, pids)))


def test_when_it_closes_nobody_is_left() -> None:
    with Crew(3) as workers:
        pids = {future.result() for future in [workers.submit(os.getpid) for _ in range(9)]}
    assert not any(map(is_alive, pids))


@pytest.mark.skipif(not FORKS, reason="a clip without a fork takes long")
def test_a_hundred_recordings_in_any_order_with_one_worker_or_four_are_one(tmp_path: Path) -> None:
    """Fault 18: ten phrases, ten times, in a new order each."""
    shuffle = random.Random(18)  # noqa: S311 - an order, no secret
    trees = set()
    for number in range(10):
        place = Place(tmp_path / str(number))
        studio = Studio(Cache(place.cache))
        jobs = [
            Speak(studio.key(spoken(text)), spoken(text)) for text in shuffle.sample(PHRASES, len(PHRASES))
        ]
        with Crew((1, 4)[number % 2]) as crew:
            for future in [crew.submit(perform, place, job) for job in jobs]:
                assert future.result() == Made()
        files = (path for path in place.cache.rglob("*") if path.is_file())
        trees.add(frozenset((path.name, path.read_bytes()) for path in files))
    assert len(trees) == 1


class Remains:
    """Garbage that notes who collects it."""

    def __init__(self, note: Path) -> None:
        self._self = self
        self._note = note

    def __del__(self) -> None:
        self._note.write_text(str(os.getpid()), "ascii")


def test_what_lies_for_collection_here_is_not_collected_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a filter graph was, and its end waited for threads that no fork has."""
    note = tmp_path / "note"
    # The foreman's first step.
    monkeypatch.setattr(worker, "preload", gc.collect)
    gc.disable()
    try:
        Remains(note)
        with Crew(1) as crew:
            crew.submit(os.getpid).result()
        assert not note.exists()
    finally:
        gc.enable()
    gc.collect()
    assert note.read_text("ascii") == str(os.getpid())
