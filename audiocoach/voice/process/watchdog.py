"""A watchdog: it bites when a block of code takes longer than it may."""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Watchdog:
    """Calls `bite`, which is quick, when a block is over its limit; never when the block has ended.

    One thread watches block after block, and sleeps on while their ends come later and later: to start one
    for each, as `threading.Timer` does, takes 0.2 ms.
    """

    def __init__(self, bite: Callable[[], object]) -> None:
        self._bite = bite
        self._news = threading.Condition()
        self._deadline_s = math.inf
        self._wakes_s = math.inf
        self._is_over = False
        threading.Thread(target=self._watch, daemon=True).start()

    @contextmanager
    def limit(self, limit_ms: int) -> Iterator[None]:
        """Watch this block, the only one at a time."""
        self._expect(time.monotonic() + limit_ms / MS_PER_SECOND)
        try:
            yield
        finally:
            self._expect(math.inf)

    def end(self) -> None:
        """Watch no more."""
        with self._news:
            self._is_over = True
            self._news.notify()

    def _expect(self, deadline_s: float) -> None:
        with self._news:
            self._deadline_s = deadline_s
            if deadline_s < self._wakes_s:
                self._news.notify()

    def _watch(self) -> None:
        with self._news:
            while not self._is_over:
                left_s = self._deadline_s - time.monotonic()
                if left_s > 0:
                    self._wakes_s = self._deadline_s
                    self._news.wait(None if left_s == math.inf else left_s)
                else:
                    self._deadline_s = math.inf
                    self._bite()
