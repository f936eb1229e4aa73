"""Finished files: written beside their place, synced, and renamed when they are whole.

Whatever stops a build (an error, Ctrl-C, SIGTERM), nothing half written stands under a final name
and no temporary file is left; what a `kill -9` leaves, the next build into the folder sweeps away.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import socket
import stat
import threading
import time
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.errors import InputError, Problem, StorageError, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

_BESIDE = re.compile(r"\..+\.([0-9a-f]{8})\.(\d+)\.[0-9a-f]+\.(?:part|tmp)")
# A build on another machine that shares the folder may still be writing.
_ABANDONED_S = 3600.0
# What says of all routines of a folder what they are together; it is none of them.
_SHOW = "audiocoach.yaml"

# What stands beside a name that is finished, with room for the name itself.
_LONG_NAME = 200


class Unfinished:
    """The temporary files of this process. `drop` removes them, and lets none be made after that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._numbers = count()

    @contextlib.contextmanager
    def beside(self, path: str, suffix: str = ".part", buffering: int = -1) -> Iterator[tuple[str, BinaryIO]]:
        """A new file beside `path` under a name that nobody else has; it is gone when the block ends.

        `buffering` is as for `open`.
        """
        place = self.name(path, suffix)
        try:
            with self._lock:
                self._paths.add(place)
                file = open(place, "w+b", buffering)  # noqa: SIM115 - half of a cache write; closed below
            with file:
                yield place, file
        finally:
            with contextlib.suppress(OSError):
                os.unlink(place)
            with self._lock:
                self._paths.discard(place)

    def drop(self) -> None:
        """The process ends here: whoever wants another temporary file waits for ever."""
        self._lock.acquire()
        for path in self._paths:
            with contextlib.suppress(OSError):
                os.unlink(path)

    def name(self, path: str, suffix: str = ".part") -> str:
        """A hidden name beside `path`: with this machine, since others may share the folder, and process."""
        folder, name = os.path.split(path)
        token = f"{_host()}.{os.getpid()}.{next(self._numbers):x}"
        return os.path.join(folder, f".{name}.{token}{suffix}")


UNFINISHED = Unfinished()
# Whether a process lives: elsewhere a signal to it would end it.
_CAN_ASK = os.name == "posix"


@contextlib.contextmanager
def replacing(*paths: Path, last: Callable[[], object] = lambda: None) -> Iterator[tuple[BinaryIO, ...]]:
    """Files that take the places of `paths` together when the block ends, and vanish when it fails.

    `last` is called when they are whole, right before that; what it raises leaves all as it was.

    Raises:
        StorageError: one could not be written: then each place is as it was, or has all of its new file;
            where a folder stands in one of them, all are as they were.
    """
    for path in paths:
        _refuse_folder(path)
    # Closing a file writes what its buffer holds, and so fails once more on a disk that is full.
    try:
        with contextlib.ExitStack() as stack:
            opened = [stack.enter_context(UNFINISHED.beside(str(path))) for path in paths]
            yield tuple(file for _, file in opened)
            for _, file in opened:
                file.flush()
                os.fsync(file.fileno())
                file.close()
            last()
            for (place, _), path in zip(opened, paths, strict=True):
                _take_place(place, path)
    except OSError as error:
        more = f" and {len(paths) - 1} files beside it" if len(paths) > 1 else ""
        raise StorageError(f"{paths[0]}{more} could not be written: {error.strerror}") from error


def _refuse_folder(path: Path) -> None:
    """See that no folder stands where a file is to go, before any other takes its place.

    Raises:
        StorageError: one does.
    """
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(os.lstat(path).st_mode):
            message = f"{path} could not be written: there is a folder of this name: move it away"
            raise StorageError(message)


def _take_place(unfinished: str, path: Path) -> None:
    """Rename a file that is whole.

    Raises:
        StorageError: it cannot be; it is named, since others beside it could.
    """
    try:
        os.replace(unfinished, path)
    except OSError as error:
        raise StorageError(f"{path} could not be written: {error.strerror}") from error


@lru_cache(maxsize=1)
def _host() -> str:
    """This machine among those that share a folder; in the names of temporary files only."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def prepare_folder(folder: Path) -> None:
    """Make the output folder, and sweep what a killed build left in it.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        _refuse_too_long(folder)
        make_folders(folder)
        left = [path for path in folder.iterdir() if is_orphan(path)]
    except (FileExistsError, NotADirectoryError) as error:
        raise StorageError(f"{folder} cannot be used: it is no folder, or lies in none") from error
    except OSError as error:
        raise StorageError(f"the folder {folder} cannot be used: {error.strerror}") from error
    for path in left:
        remove_tree(path)


def _refuse_too_long(folder: Path) -> None:
    """Raise what the system says of a file in that folder, where no such name can be."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        os.lstat(os.path.join(absolute(folder), "n" * _LONG_NAME))


def make_folders(folder: str | Path) -> None:
    """A folder and those above it: whole, or none of them.

    What the library has for it calls itself for every level, and so cannot make a thousand.

    Raises:
        OSError: it cannot be made.
    """
    missing, above = [], os.fspath(folder)
    while above and not os.path.isdir(above):
        missing.append(above)
        above = os.path.dirname(above)
    with contextlib.ExitStack() as undo:
        for place in reversed(missing):
            with contextlib.suppress(FileExistsError):
                os.mkdir(place)
                undo.callback(_remove_empty, place)
        if not os.path.isdir(folder):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        undo.pop_all()


def _remove_empty(folder: str) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def remove_tree(path: Path) -> None:
    """A file, or a folder with all that is in it, as far as it can be removed."""
    import shutil  # noqa: PLC0415 - hardly ever

    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with contextlib.suppress(OSError):
        path.unlink()


def is_orphan(path: Path) -> bool:
    """Whether this is a temporary file that nobody writes any more."""
    match = _BESIDE.fullmatch(path.name)
    if match is None:
        return False
    # Elsewhere, and where processes cannot be asked for, only age tells.
    may_ask = match[1] == _host() and _CAN_ASK
    return not _is_alive(int(match[2])) if may_ask else _is_old(path)


def _is_old(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime > _ABANDONED_S
    return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def slug_of(routine: Path) -> str:
    """The name of what is built of a routine: the file's own, or that of a text that was handed in."""
    if str(routine) == regular.STDIN:
        return "stdin"
    return routine.stem if regular.is_file(str(routine)) else routine.name[1:-1]


def absolute(path: Path) -> str:
    """As inputs are named: links stay as they are, since their targets are what is read."""
    if str(path) == regular.STDIN:
        return regular.STDIN
    return os.path.abspath(path)


class Digests:
    """The content of files, each read once a run. `texts` stand in for files, by absolute path."""

    def __init__(self, texts: Iterable[tuple[str, str]] = ()) -> None:
        self._known = {path: hashlib.sha256(regular.encoded(text)).hexdigest() for path, text in texts}

    def of(self, path: str) -> str:
        """The SHA-256 of a file, `""` where there is none; why it cannot be read, where there is."""
        if path not in self._known:
            self._known[path] = _digest(path)
        return self._known[path]


def _digest(path: str) -> str:
    try:
        return _content_digest(path)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except regular.IrregularError as error:
        return regular.folder_digest(path) if os.path.isdir(path) else str(error.strerror)
    except OSError as error:
        return str(error.strerror)


def _content_digest(path: str) -> str:
    try:
        return hashlib.sha256(regular.read(path, regular.MOST_BYTES)).hexdigest()
    except regular.TooLargeError:
        return regular.digest(path, regular.MOST_MUSIC_BYTES)


def from_here(path: str) -> str:
    """A path from the current folder on, where there is one: on Windows none leads to another drive."""
    if path == regular.STDIN:
        return path
    with contextlib.suppress(ValueError):
        return os.path.relpath(path)
    return path


def folder_of_built(routines: Path) -> Path:
    """Where the MP3s of a folder of routines stand unless it is said: apart from those of other folders.

    That is `out` for the current folder and its `routines`, as `build` has it, and `out/anna` for `anna`;
    the name for a folder elsewhere has a part of the digest of its path.
    """
    here, there = Path(absolute(Path())), Path(absolute(routines))
    if there in {here, here / "routines"}:
        return Path("out")
    if there.is_relative_to(here):
        return Path("out", there.relative_to(here))
    digest = hashlib.sha256(str(there).encode("utf-8", "backslashreplace")).hexdigest()
    return Path("out", f"{there.name}-{digest[:8]}")


def routine_files(paths: tuple[Path, ...]) -> list[Path]:
    """Every routine file that the paths name: files as they are, folders as the YAML files in them.

    A show is passed over wherever it is named: `routines/*.yaml` means the routines.

    Raises:
        InputError: a folder cannot be read.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for one in _in_folder(path) if os.path.isdir(path) else (path,):
            if one.name != _SHOW:
                found.setdefault(absolute(one), one)
    return list(found.values())


def _in_folder(folder: Path) -> list[Path]:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        problem = Problem(whole(folder), f"cannot be read: {error.strerror}", code="unreadable-file")
        raise InputError(problem) from error
    wanted = [name for name in names if name.lower().endswith((".yaml", ".yml"))]
    return [Path(folder, name) for name in wanted if not name.startswith(".")]
