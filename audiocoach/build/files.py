"""Finished files: written beside their place, synced, and renamed when they are whole.

Whatever stops a build (an error, Ctrl-C, SIGTERM), nothing half written stands under a final name
and no temporary file is left; what a `kill -9` leaves, the next build into the folder sweeps away.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Position, Problem, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_BESIDE = re.compile(r"\..+\.(\d+)\.part")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when the block ends, and vanishes when it fails.

    Raises:
        StorageError: it could not be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise StorageError(f"{path} could not be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def prepare_folder(folder: Path) -> None:
    """Make the output folder, and sweep what a killed build left in it.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        left = [path for path in folder.iterdir() if _is_orphan(path)]
    except OSError as error:
        raise StorageError(f"the folder {folder} cannot be used: {error.strerror}") from error
    for path in left:
        with contextlib.suppress(OSError):
            path.unlink()


def _is_orphan(path: Path) -> bool:
    match = _BESIDE.fullmatch(path.name)
    return match is not None and not _is_alive(int(match[1]))


def _is_alive(pid: int) -> bool:
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def routine_files(paths: tuple[Path, ...]) -> list[Path]:
    """Every routine file that the paths name: files as they are, folders as the YAML files in them.

    Raises:
        InputError: a folder cannot be read.
    """
    found: list[Path] = []
    for path in paths:
        found += _in_folder(path) if os.path.isdir(path) else [path]  # noqa: PTH112 - raises nothing
    return list(dict.fromkeys(found))


def _in_folder(folder: Path) -> list[Path]:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        problem = Problem(Position(str(folder), 1, 1), f"cannot be read: {error.strerror}")
        raise InputError(problem) from error
    wanted = [name for name in names if name.endswith((".yaml", ".yml")) and name != "audiocoach.yaml"]
    return [Path(folder, name) for name in wanted if not name.startswith(".")]
