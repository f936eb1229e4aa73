"""Work that can be stopped: it runs in a thread of its own, and the main thread only hears signals.

An exception that a signal raises may come between any two steps of code that was not written for it:
in a thread pool it leaves locks shut for ever, in `Thread.join` it lets a running thread pass for a
dead one. So while there is work no signal raises: it is noted, whoever waits is told, and the work
stops at the next safe place.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from audiocoach.errors import StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.workers.progress import Progress

T = TypeVar("T")
_LOOK_EVERY_S = 0.1


class Stop:
    """The wish to stop: asked at safe places, and told to whoever waits for something slow."""

    def __init__(self) -> None:
        self._wished = threading.Event()
        # Signals may come while one is being handled.
        self._lock = threading.RLock()
        self._tell: list[Callable[[], None]] = []

    def on_wish(self, tell: Callable[[], None]) -> None:
        """Call `tell`, from another thread, when the work is to stop; now, if it is already."""
        with self._lock:
            self._tell.append(tell)
            late = self._wished.is_set()
        if late:
            tell()

    def wish(self) -> None:
        """Stop as soon as it is safe."""
        with self._lock:
            self._wished.set()
            telling = tuple(self._tell)
        for tell in telling:
            tell()

    @contextlib.contextmanager
    def part(self) -> Iterator[Stop]:
        """The same wish for work that is done again and again: whom it tells is forgotten with the block."""
        one = Stop()
        self.on_wish(one.wish)
        try:
            yield one
        finally:
            with self._lock:
                self._tell.remove(one.wish)

    @property
    def is_wished(self) -> bool:
        """Whether the work is to stop."""
        return self._wished.is_set()

    def check(self) -> None:
        """A safe place.

        Raises:
            StoppedError: the work is to stop here.
        """
        if self._wished.is_set():
            raise StoppedError


class Stoppable:
    """A progress at whose every step the work may be stopped."""

    def __init__(self, inner: Progress, stop: Stop) -> None:
        self._inner = inner
        self._stop = stop

    def expect(self, stage: str, more: int) -> None:
        """So many more steps will be done in a stage."""
        self._stop.check()
        self._inner.expect(stage, more)

    def advance(self, stage: str) -> None:
        """One of them is done."""
        self._stop.check()
        self._inner.advance(stage)


class _Work(threading.Thread, Generic[T]):
    """A function in a thread, and what came of it; `over` is locked until then."""

    def __init__(self, work: Callable[[Stop], T], stop: Stop) -> None:
        super().__init__(name="audiocoach-work")
        self._work = work
        self._stop_wish = stop
        self._result: list[T] = []
        self._error: BaseException | None = None
        self.over = threading.Lock()
        self.over.acquire()

    def run(self) -> None:
        try:
            self._result.append(self._work(self._stop_wish))
        except BaseException as error:  # noqa: BLE001 - raised again where the work is waited for
            self._error = error
        finally:
            self.over.release()

    def outcome(self) -> T:
        """The result.

        Raises:
            BaseException: whatever the function raised.
        """
        if self._error is not None:
            raise self._error
        return self._result[0]


def stoppable(work: Callable[[Stop], T]) -> T:
    """Do the work; Ctrl-C, SIGTERM and SIGHUP stop it at a safe place, however often they come.

    Raises:
        KeyboardInterrupt: it was stopped, and has cleaned up.
    """
    stop = Stop()
    thread = _Work(work, stop)
    with _heard(stop):
        thread.start()
        # The kernel may give a signal to any thread, which does not wake this one: so it looks up.
        while not thread.over.acquire(timeout=_LOOK_EVERY_S):
            pass
        thread.join()
    try:
        return thread.outcome()
    except StoppedError as stopped:
        raise KeyboardInterrupt from stopped


def endings() -> tuple[signal.Signals, ...]:
    """The signals that end a program; a terminal's end only where nobody has it ignored, as `nohup` does."""
    hang_up = getattr(signal, "SIGHUP", None)
    ignored = hang_up is None or signal.getsignal(hang_up) is signal.SIG_IGN
    return (signal.SIGINT, signal.SIGTERM, *(() if ignored else (hang_up,)))


@contextlib.contextmanager
def _heard(stop: Stop) -> Iterator[None]:
    """Have signals wish for a stop instead of raising."""
    before = {number: signal.getsignal(number) for number in endings()}
    for number in before:
        signal.signal(number, lambda *_: stop.wish())
    try:
        yield
    finally:
        # Whoever asks twice has been heard: nothing may break the clean end.
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if stop.is_wished else handler)
