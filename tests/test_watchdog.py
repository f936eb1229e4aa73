"""The watchdog bites what is late, and nothing else."""

from __future__ import annotations

import threading

from audiocoach.voice.process.watchdog import Watchdog

SOON_MS = 10
LATE_MS = 60_000
# So long a test waits for what must come.
PATIENCE_S = 30


def test_a_block_that_takes_too_long_is_bitten() -> None:
    bitten = threading.Event()
    dog = Watchdog(bitten.set)
    with dog.limit(SOON_MS):
        assert bitten.wait(PATIENCE_S)
    dog.end()


def test_a_short_limit_is_kept_behind_a_long_one() -> None:
    bitten = threading.Event()
    dog = Watchdog(bitten.set)
    with dog.limit(LATE_MS):
        pass
    with dog.limit(SOON_MS):
        assert bitten.wait(PATIENCE_S)
    dog.end()


def test_it_bites_once_for_a_block_and_again_for_the_next() -> None:
    bites = threading.Semaphore(0)
    dog = Watchdog(bites.release)
    for _ in range(3):
        with dog.limit(SOON_MS):
            assert bites.acquire(timeout=PATIENCE_S)
        assert not bites.acquire(blocking=False)
    dog.end()


def test_a_block_that_has_ended_is_not_bitten() -> None:
    bites: list[bool] = []
    runs, bitten = threading.Event(), threading.Semaphore(0)

    def bite() -> None:
        bites.append(runs.is_set())
        bitten.release()

    dog = Watchdog(bite)
    for _ in range(200):
        runs.set()
        with dog.limit(0):
            assert bitten.acquire(timeout=PATIENCE_S)
        runs.clear()
    dog.end()
    assert bites == [True] * 200


def test_its_thread_ends_with_it() -> None:
    before = set(threading.enumerate())
    dog = Watchdog(lambda: None)
    (thread,) = set(threading.enumerate()) - before
    dog.end()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
