"""A file layer that can fail: every process of the program works through it.

It takes the place of Python's own file operations. Those on paths below the watched folders are
counted, in all processes together, and at the chosen ones something happens: an error comes, the program
is killed or gets a signal, a folder vanishes. What is chosen stands in the environment, as JSON:

    log      the folder for the count and for a line an operation, its number first
    watched  the folders
    number   the first operation at which it happens; 0 counts only
    last     the last one; the same as `number` for one fault, none for a fault that stays
    only     the names of operations that it happens to, none for all of them
    action   `ENOSPC` and its like, `short` (half is written), `vanish PATH`, or signals: `SIGINT SIGINT`
    program  the process that signals go to

This module is also what is run: a process that has loaded the whole program, and forks once for each line
of standard input, so that a run costs what it does. It adopts what its children leave behind,
and answers when the last process has ended.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import errno
import fcntl
import gc
import importlib
import io
import json
import os
import pathlib
import pkgutil
import resource
import shutil
import signal
import sys
import tempfile
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLE = "AUDIOCOACH_FAULTS"
WRITING = ("open to write", "write", "close", "fsync", "replace", "mkdir", "unlink", "rmdir", "utime")
_SUBREAPER = 36
_LIMIT_S = 60
_PATIENCE_S = 20.0
_OTHERS = ("av", "encodings.utf_8_sig", "lameenc", "pickle", "PIL.ImageDraw", "PIL.ImageText")
# What is loaded in a cluster's worker, and where the real voice speaks.
_ELSEWHERE = ("audiocoach.workers.admission", "audiocoach.voice.engines.espeak_driver")

_real_open = builtins.open
_lock = threading.RLock()
_quiet = threading.local()


class _Faults:
    """What is counted, and what happens when."""

    def __init__(self, wish: dict[str, Any]) -> None:
        self._watched = tuple(f"{folder}/" for folder in wish["watched"])
        self._first: int = wish["number"]
        self._last: int | None = wish["last"]
        self._only: list[str] | None = wish["only"]
        self._action: str = wish["action"]
        self._program: int = wish["program"]
        self._count = os.open(f"{wish['log']}/count", os.O_RDWR | os.O_CREAT, 0o600)
        self._lines = os.open(f"{wish['log']}/lines", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def watches(self, path: Any) -> bool:  # noqa: ANN401 - whatever a file operation takes
        """Whether an operation on this path counts."""
        if isinstance(path, int) or getattr(_quiet, "on", False):
            return False
        # Neither a link followed nor a file looked at.
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - neither a link followed nor a file looked at
        return f"{place}/".startswith(self._watched)

    def meet(self, operation: str, path: str, *, named: bool) -> bool:
        """Count an operation; whether only half of it is to be done.

        Raises:
            OSError: this is the one. It knows the path where `named`, as real ones do.
        """
        with _lock:
            number = self._next(operation, path)
        if number < self._first or not self._first or (self._last is not None and number > self._last):
            return False
        return (self._only is None or operation in self._only) and self._happen(operation, path, named=named)

    def _next(self, operation: str, path: str) -> int:
        # The lock is between processes; `_lock` between the threads of each.
        fcntl.lockf(self._count, fcntl.LOCK_EX)
        number = int.from_bytes(os.pread(self._count, 8, 0), "big") + 1
        os.pwrite(self._count, number.to_bytes(8, "big"), 0)
        os.write(self._lines, f"{number}\t{operation}\t{path}\n".encode())
        fcntl.lockf(self._count, fcntl.LOCK_UN)
        return number

    def _happen(self, operation: str, path: str, *, named: bool) -> bool:
        what, _, rest = self._action.partition(" ")
        if what == "short":
            return operation == "write"
        if what == "vanish":
            _quiet.on = True
            shutil.rmtree(rest, ignore_errors=True)
            _quiet.on = False
            return False
        if what.startswith("SIG"):
            # The program may have ended since.
            with contextlib.suppress(ProcessLookupError):
                for name in self._action.split():
                    os.kill(self._program, getattr(signal, name))
            return False
        number = getattr(errno, what)
        raise OSError(number, os.strerror(number), *([path] if named else []))


def install() -> None:
    """Put the layer in front of Python's file operations, if the environment asks for it."""
    if VARIABLE not in os.environ:
        return
    faults = _Faults(json.loads(os.environ[VARIABLE]))
    builtins.open = io.open = _opening(faults)
    for name in ("mkdir", "unlink", "remove", "rmdir", "utime", "stat", "scandir", "listdir"):
        _wrap(os, name, name.replace("remove", "unlink"), faults)
    for name in ("replace", "rename"):
        _wrap(os, name, "replace", faults)
    _wrap_open(faults)
    _wrap_descriptor(os, "fsync", faults)
    _wrap_descriptor(fcntl, "flock", faults)
    _renew_pathlib()


def _renew_pathlib() -> None:
    """Python 3.10 goes on with the operations that there were when pathlib was loaded."""
    accessor = getattr(pathlib, "_NormalAccessor", None)
    for name in ("mkdir", "unlink", "rmdir", "stat", "scandir", "listdir", "replace", "rename", "open"):
        if accessor:
            setattr(accessor, name, staticmethod(getattr(io if name == "open" else os, name)))


def _wrap(module: Any, name: str, operation: str, faults: _Faults) -> None:  # noqa: ANN401 - a module
    real = getattr(module, name)

    def counted(path: Any = ".", *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as the real one
        place = _place(path, more.get("dir_fd"))
        if place is not None and faults.watches(place):
            faults.meet(operation, place, named=True)
        return real(path, *arguments, **more)

    setattr(module, name, counted)


def _wrap_open(faults: _Faults) -> None:
    real = os.open

    def counted(path: Any, flags: int, *arguments: Any, **more: Any) -> int:  # noqa: ANN401 - as the real one
        place = _place(path, more.get("dir_fd"))
        if place is not None and faults.watches(place):
            writes = flags & (os.O_WRONLY | os.O_RDWR)
            # Python's own `open` does not come here: what only reads is a folder.
            faults.meet("open to write" if writes else "open a folder", place, named=True)
        return real(path, flags, *arguments, **more)

    os.open = counted


def _wrap_descriptor(module: Any, name: str, faults: _Faults) -> None:  # noqa: ANN401 - a module
    real = getattr(module, name)

    def counted(descriptor: Any, *arguments: Any) -> Any:  # noqa: ANN401 - as the real one
        number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
        place = _behind(number)
        if faults.watches(place):
            faults.meet(name, place, named=False)
        return real(descriptor, *arguments)

    setattr(module, name, counted)


def _place(path: Any, folder: int | None) -> str | None:  # noqa: ANN401 - whatever a file operation takes
    """The whole path; None for a descriptor, which was counted when it was opened."""
    if isinstance(path, int):
        return None
    text = os.fsdecode(path)
    return text if folder is None else f"{_behind(folder)}/{text}"


def _behind(descriptor: int) -> str:
    return os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115 - pathlib's is among those that are counted


def _opening(faults: _Faults) -> Callable[..., Any]:
    def counted(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as `open`
        if not faults.watches(file):
            return _real_open(file, mode, buffering, *rest, **more)
        place = os.fsdecode(file)
        faults.meet("open to read" if mode.strip("bt") == "r" else "open to write", place, named=True)
        raw = _Raw(place, mode.replace("b", "").replace("t", ""), faults)
        if not buffering:
            return raw
        if raw.readable() and raw.writable():
            buffered: Any = io.BufferedRandom(raw)
        else:
            buffered = io.BufferedReader(raw) if raw.readable() else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *rest, **more)

    return counted


class _Raw(io.FileIO):
    """A file whose reads, writes and closing are counted."""

    def __init__(self, path: str, mode: str, faults: _Faults) -> None:
        self._path = path
        self._faults = faults
        super().__init__(path, mode)

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - as the real one
        self._faults.meet("read", self._path, named=False)
        return super().readinto(buffer)

    def readall(self) -> bytes:
        self._faults.meet("read", self._path, named=False)
        return super().readall()

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - as the real one
        half = self._faults.meet("write", self._path, named=False)
        return super().write(memoryview(data)[: max(1, len(data) // 2)] if half else data)

    def close(self) -> None:
        writes = not self.closed and self.writable()
        super().close()
        if writes:
            self._faults.meet("close", self._path, named=False)


# -- the process that is run --------------------------------------------------------------------------


def serve() -> None:
    """Answer each line of standard input with a line: how the program ended, and who did not end with it."""
    _preload()
    # Forks share what nobody looks through for waste.
    gc.freeze()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    for line in sys.stdin:
        request = json.loads(line)
        process_id = os.fork()
        if not process_id:
            _be_the_program(request)
        status = os.waitstatus_to_exitcode(os.waitpid(process_id, 0)[1])
        sys.stdout.write(json.dumps({"status": status, "left": _collected()}) + "\n")
        sys.stdout.flush()


def _preload() -> None:
    """All that a build loads: each run would load what is missing here anew."""
    import audiocoach  # noqa: PLC0415 - nobody else who imports this module needs it

    within = pkgutil.walk_packages(audiocoach.__path__, "audiocoach.")
    names = {module.name for module in within} - {"audiocoach.__main__", *_ELSEWHERE}
    for name in (
        "av",
        "lameenc",
        "pickle",
        "encodings.utf_8_sig",
        "PIL.ImageDraw",
        "PIL.ImageText",
        *sorted(names),
    ):
        importlib.import_module(name)
    importlib.import_module("PIL.Image").preinit()
    importlib.import_module("audiocoach.sound.mixer").load("pydub")
    # Python tries whether the folder for temporary files can be written: no operation of ours.
    tempfile.gettempdir()


def _be_the_program(request: dict[str, Any]) -> None:
    """The command line from here on; ends by itself, or by the kernel where it hangs."""
    try:
        os.chdir(request["folder"])
        if request["faults"]:
            os.environ[VARIABLE] = json.dumps({**request["faults"], "program": os.getpid()})
        for descriptor, name in enumerate(request["streams"]):
            opened = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
            os.dup2(opened, descriptor)
            os.close(opened)
        if request["limit_bytes"] is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (request["limit_bytes"],) * 2)
        sys.argv[1:] = request["arguments"]
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_LIMIT_S)
        install()
        from audiocoach.cli import main  # noqa: PLC0415 - nobody else who imports this module needs them

        main()
    except SystemExit as ending:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(int(ending.code or 0))
    finally:
        os._exit(70)


def _collected() -> int:
    """Wait until every process that the program left behind has ended; how many had to be killed."""
    from tests.voices import eventually  # noqa: PLC0415 - not for the processes that only import this

    if eventually(_nobody_is_left, _PATIENCE_S):
        return 0
    left = list(_children())
    for process_id in left:
        os.kill(process_id, signal.SIGKILL)
    return len(left)


def _nobody_is_left() -> bool:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return False
    return True


def _children() -> Iterator[int]:
    for children in pathlib.Path("/proc/self/task").glob("*/children"):
        yield from map(int, children.read_text("ascii").split())
