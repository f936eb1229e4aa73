"""A worker's side: a process that does what it is told until its pipe ends.

Frames on the pipe are four bytes of length and a pickle: a function that has its arguments comes in,
its result or what it raised goes out. Both ends are this program, so a pickle is as safe as an import.

Where `fork` is safe (Linux) the workers are forks of one foreman: a process of its own with one
thread, which has loaded what they need and gets the end of a pipe for each. SIGTERM ends a worker at
once and without a trace: its voice is told to go, its temporary files are removed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import socket
import struct
import threading
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from audiocoach.build import work
from audiocoach.build.files import UNFINISHED
from audiocoach.build.stop import StoppedError
from audiocoach.units import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, ModuleType

_LENGTH = struct.Struct(">Q")
_GRACE_S = 3.0
# As in the manual page of mallopt.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_KEPT_BYTES = 64 << 20
_SURELY_LIMITED_DB = 12.0
_leaving = threading.Lock()
_idle = threading.Event()
_idle.set()


def send(pipe: BinaryIO, message: Any) -> None:  # noqa: ANN401 - whatever can be pickled
    """Write one frame."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:  # noqa: ANN401 - as above
    """Read one frame.

    Raises:
        EOFError: the other end is gone.
    """
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    if len(body) < length:
        raise EOFError
    return pickle.loads(body)  # noqa: S301 - from ourselves


def serve(reader: BinaryIO, writer: BinaryIO) -> NoReturn:
    """Say who we are, then answer every call until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave_soon)
    try:
        send(writer, os.getpid())
        while True:
            send(writer, outcome(receive(reader)))
    except (EOFError, OSError):
        _leave()


def outcome(call: Callable[[], Any]) -> tuple[bool, Any]:
    """Whether it went well, and the result or what was raised."""
    _idle.clear()
    try:
        return True, call()
    except (Exception, StoppedError) as error:  # noqa: BLE001 - raised again where the result is waited for
        return False, error
    finally:
        _idle.set()


def leave_soon(_number: int, _frame: FrameType | None) -> None:
    """Handle SIGTERM: the worker ends without a trace.

    A handler may come between any two steps, with any lock held: another thread can wait for them.
    """
    threading.Thread(target=_leave).start()


def _leave() -> NoReturn:
    """End. A job that waits for its voice is told, and cleans up after itself; others may take too long."""
    # The pipe's end and SIGTERM may come together: the second one would end us while the first cleans up.
    _leaving.acquire()
    work.close_benches()
    _idle.wait(_GRACE_S)
    _talkback().end_ahead()
    UNFINISHED.drop()
    os._exit(0)


def main() -> None:
    """One worker on standard input and output, where there is no foreman."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _silence_streams()
    serve(reader, writer)


def _silence_streams() -> None:
    """What a library prints goes nowhere: the pipes are for frames."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def start_foreman() -> None:
    """A foreman whose hatch is standard input."""
    foreman(socket.socket(fileno=os.dup(0)))


def foreman(hatch: socket.socket) -> NoReturn:
    """Fork a worker for every socket that comes; when no more can come, end all and wait for them."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _silence_streams()
        # The first byte says that there will be work, and for how many.
        first = hatch.recv(1)
        if first:
            _talkback().call_ahead(first[0], hatch.fileno())
            # What is wrong with a library is told by what needs it.
            with contextlib.suppress(Exception):
                _preload()
            gc.freeze()
            _fork_workers(hatch)
            _talkback().end_ahead()
        os.killpg(0, signal.SIGTERM)
        _collect(0)
    finally:
        # What a fork inherited is not its own to close: no handler of the program may run here.
        os._exit(0)


def _fork_workers(hatch: socket.socket) -> None:
    while True:
        _, descriptors, _, _ = socket.recv_fds(hatch, 1, 1)
        if not descriptors:
            break
        if not os.fork():
            hatch.close()
            _talkback().take_one()
            pipe = socket.socket(fileno=descriptors[0])
            serve(pipe.makefile("rb"), pipe.makefile("wb"))
        os.close(descriptors[0])
        _talkback().leave_one()
        _collect(os.WNOHANG)


def _talkback() -> ModuleType:
    """The lines to voices: the program, which imports this module as well, has none."""
    from audiocoach.voice import talkback  # noqa: PLC0415 - see above

    return talkback


def _collect(options: int) -> None:
    """Take leave of workers that have ended; with options 0, of all."""
    try:
        while os.waitpid(-1, options)[0]:
            pass
    except ChildProcessError:
        pass


def _preload() -> None:
    """What every worker needs, loaded once for all, and used once: the first time takes longer."""
    from audiocoach.build import regions  # noqa: F401, PLC0415 - a worker's, not the program's
    from audiocoach.sound import mp3, tones  # noqa: PLC0415 - as above
    from audiocoach.voice import recorder  # noqa: F401, PLC0415 - as above
    from audiocoach.voice.finish import levelled  # noqa: PLC0415 - as above
    from audiocoach.voice.take import Take  # noqa: PLC0415 - as above

    _keep_memory()
    sound = tones.render("go")
    mp3.check(mp3.encode(sound), sound)
    levelled(Take(sound, SAMPLE_RATE_HZ // 2), _SURELY_LIMITED_DB)


def _keep_memory() -> None:
    """Have glibc keep what is freed: every clip needs the same megabytes again.

    Each time they come from the system anew they are cleared page by page, which on a virtual machine
    takes as long as decoding the clip.
    """
    import ctypes  # noqa: PLC0415 - a worker's, not the program's

    with contextlib.suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            mallopt(option, _KEPT_BYTES)
