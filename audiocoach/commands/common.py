"""What several commands do: find routines, open the cache, and tell."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.errors import InputError, Problem, printable, told, whole
from audiocoach.store.cache import Cache, default_folder
from audiocoach.store.files import UNFINISHED, remove_tree, routine_files
from audiocoach.store.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.workers.jobs import Built, Outcome


def tell_removed(done: Outcome) -> None:
    """Say which files went with their routines."""
    tell("".join(f"{printable(slug)}: its routine is gone: so are its files\n" for slug in done.removed))


def tell(text: str) -> None:
    """A message: where nobody takes it, the work goes on all the same."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)


def list_new_notes(built: Sequence[Built]) -> Iterator[str]:
    """The notes of what was built now."""
    new = ((note, one.routine) for one in built if one.reason is not None for note in one.notes)
    return list_each_once(sorted(new))


def list_each_once(notes: Iterable[tuple[Problem, Path]]) -> Iterator[str]:
    """Notes as lines; those of a library's line with the routines that they come from."""
    found: dict[Problem, list[Path]] = {}
    for note, routine in notes:
        found.setdefault(note, []).append(routine)
    for note in told(found):
        first, *others = found.get(note, [Path(note.position.path)])
        more = f" and {len(others)} more" if others else ""
        whose = "" if note.position.path == str(first) else f" (in {first.name}{more})"
        yield f"{note}{printable(whose)}\n"


def find_routines(paths: tuple[Path, ...]) -> list[Path]:
    """The routine files that are meant.

    Raises:
        InputError: there is none.
    """
    stdin = Path(regular.STDIN)
    if stdin in paths and len(paths) > 1:
        message = "standard input is one routine: name no others beside it"
        raise InputError(Problem(whole(stdin), message, code="wrong-folder"))
    found = routine_files(paths)
    if not found:
        raise InputError(*(Problem(whole(path), _no_routine(path), code="empty-folder") for path in paths))
    return found


def _no_routine(path: Path) -> str:
    """Why there is nothing to build in what was named."""
    if path.is_dir():
        return "there is no routine in this folder: expected a file such as my-routine.yaml"
    return "this is no routine, it says what all are together: expected a file such as my-routine.yaml"


def open_cache(folder: Path | None) -> Cache:
    """The cache in a folder, or the usual one."""
    return Cache(folder or default_folder())


@contextlib.contextmanager
def open_place(cache: Path | None, near: Path) -> Iterator[Place]:
    """The cache, and a spare one `near`: where the cache takes nothing we work all the same, and say so."""
    folder = cache or default_folder()
    spare = Path(UNFINISHED.name(str(near / "cache")))
    try:
        yield Place(folder, spare)
    finally:
        if os.path.lexists(spare):
            remove_tree(spare)
            tell(f"{folder}: warning: the cache cannot be written: nothing new was kept\n")
