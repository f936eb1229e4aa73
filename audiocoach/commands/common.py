"""What several commands do: open the cache, and tell."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.api import said_of_voices
from audiocoach.errors import Problem, printable, told
from audiocoach.store.cache import Cache, default_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.workers.jobs import Built, Outcome


def tell_removed(done: Outcome) -> None:
    """Say which files went with their routines or variants."""
    why = "no routine or variant makes it any more: its files are gone"
    tell("".join(f"{printable(slug)}: {why}\n" for slug in done.removed))


def tell_voices(done: Outcome) -> None:
    """Say who has spoken what was built now, and how to have a better voice where there is one."""
    if any(one.reason is not None for one in done.built):
        tell(printable(said_of_voices(done)) + "\n")


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


def open_cache(folder: Path | None) -> Cache:
    """The cache in a folder, or the usual one."""
    return Cache(folder or default_folder())
