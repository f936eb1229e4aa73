"""A routine file with everything it includes: from a path to a `Routine`.

Paths start at the including file and stay inside the project: the folder of the nearest
`audiocoach.yaml` above the routine, else the routine's own folder (fault 13).
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.errors import InputError, Position, Problem, quote
from audiocoach.records import dataclass
from audiocoach.routine import checks, sounds, tone_files
from audiocoach.routine.diagnostics import Diagnostics, nearest
from audiocoach.routine.parser import Include, Library, parse_library, parse_routine
from audiocoach.routine.source import compose, read_text

if TYPE_CHECKING:
    from audiocoach.routine.model import Move, Routine

_LEADS_OUT = "this is a link that leads out of its folder: put the file itself there"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A routine that can be used, what was noticed on the way, and its files: paths and SHA-256."""

    routine: Routine
    warnings: tuple[Problem, ...]
    inputs: tuple[tuple[Path, str], ...]


def load(path: Path, given: str | None = None) -> Loaded:
    """Read a routine and its libraries, and check them; `given` is a text that stands in for its file.

    Raises:
        InputError: every problem of the files, sorted by place; or it leads out of the project.
    """
    diagnostics = Diagnostics()
    refuse_link_out(path)
    shown = str(path)
    try:
        text, digest = read_text(path, shown, given)
        node = compose(text, shown, diagnostics)
    except InputError as error:
        raise InputError(*error.problems, *diagnostics.problems) from error
    parsed = parse_routine(node, diagnostics) if node is not None else None
    if parsed is None:
        diagnostics.close()
        raise InputError(
            Problem(Position(shown, 1, 1), "expected a routine, found nothing", code="empty-file")
        )
    routine, own = parsed
    shelf = _Shelf(_project_root(path), diagnostics)
    shelf.include(own, path, (os.path.realpath(path),))
    whole = replace(
        routine,
        moves=_distinct((*own.moves, *shelf.moves), diagnostics),
        pronounce=(*shelf.pronounce, *own.pronounce),
    )
    music = sounds.Shelf(path, _project_root(path), diagnostics)
    rings = tone_files.ToneShelf(path, _project_root(path), diagnostics)
    whole = rings.filled(music.filled(whole))
    checks.run(whole, diagnostics, whole=not shelf.failed)
    return Loaded(
        whole, diagnostics.close(), ((path, digest), *shelf.files, *music.files.items(), *rings.files.items())
    )


def refuse_link_out(path: Path) -> None:
    """See that a routine, or a file beside it, lies in the project of the folder that it stands in.

    Raises:
        InputError: it is a link that leads out.
    """
    if not Path(os.path.realpath(path)).is_relative_to(_project_root(path)):
        raise InputError(Problem(Position(str(path), 1, 1), _LEADS_OUT))


def _project_root(path: Path) -> Path:
    """The project of the folder that the routine stands in; a link may lead elsewhere, the folder is ours."""
    folder = Path(os.path.realpath(path.parent))
    for candidate in (folder, *folder.parents):
        if (candidate / "audiocoach.yaml").is_file():
            return candidate
    return folder


def _near(written: str, folder: Path) -> str:
    """A hint at the library whose path is nearly that, where there is one."""
    beside: list[Path] = []
    with contextlib.suppress(OSError):
        beside += [path.relative_to(folder) for path in (folder / written).parent.glob("*.y*ml")]
    # Without what they all end with, which would make them all alike.
    names = {path.with_suffix("").as_posix(): path.as_posix() for path in beside}
    near = nearest(os.path.splitext(written)[0], names)  # noqa: PTH122 - it is text
    return f"; did you mean {quote(names[near])}?" if near else ""


def _distinct(moves: tuple[Move, ...], diagnostics: Diagnostics) -> tuple[Move, ...]:
    first: dict[str, Move] = {}
    for move in moves:
        if move.key in first:
            other = first[move.key].position
            diagnostics.error(
                move.position,
                f"the move {quote(move.key)} is defined twice: first at {other.path}:{other.line}",
                "doubled-move",
            )
        else:
            first[move.key] = move
    return tuple(first.values())


# Thousands of routines share a library: it is parsed once.
@lru_cache(maxsize=32)
def _parsed(text: str, shown: str) -> tuple[Library | None, tuple[Problem, ...]]:
    """The library of a text, None where it is none, and what was noticed.

    Raises:
        InputError: the YAML cannot be read.
    """
    diagnostics = Diagnostics()
    try:
        node = compose(text, shown, diagnostics)
    except InputError as error:
        raise InputError(*error.problems, *diagnostics.problems) from error
    library = parse_library(node, diagnostics) if node is not None else Library((), (), ())
    return library, diagnostics.problems


class _Shelf:
    """The libraries that one routine reaches, each read once."""

    def __init__(self, root: Path, diagnostics: Diagnostics) -> None:
        self._root = root
        self._diagnostics = diagnostics
        self._seen: set[str] = set()
        self.failed = False
        self.moves: list[Move] = []
        self.pronounce: list[tuple[str, str]] = []
        self.files: list[tuple[Path, str]] = []

    def include(self, library: Library, from_path: Path, chain: tuple[str, ...]) -> None:
        # A stack of our own: libraries may include each other deeper than calls may be nested.
        waiting = [(wanted, from_path, chain) for wanted in reversed(library.include)]
        while waiting:
            wanted, beside, including = waiting.pop()
            path = self._new(wanted, beside, including)
            found = self._read(path) if path else None
            if path and found:
                inner = (*including, os.path.realpath(path))
                waiting += [(wanted, path, inner) for wanted in reversed(found.include)]

    def _new(self, wanted: Include, from_path: Path, chain: tuple[str, ...]) -> Path | None:
        """The library's file, where it can be read and was not read before."""
        path = self._inside(wanted, from_path)
        if path is None:
            self.failed = True
            return None
        real = os.path.realpath(path)
        if real in chain:
            self._diagnostics.error(
                wanted.position,
                f"{quote(wanted.path)} includes itself, directly or through others",
                "looped-include",
            )
        elif real not in self._seen:
            self._seen.add(real)
            return path
        return None

    def _inside(self, wanted: Include, from_path: Path) -> Path | None:
        written = wanted.path
        if _SCHEME.match(written) or Path(written).is_absolute() or "\\" in written or "\0" in written:
            message = (
                f"expected a path inside the project, such as moves/lower-back.yaml, found {quote(written)}"
            )
            return self._diagnostics.error(wanted.position, message, "outside-include")
        path = from_path.parent / written
        if not Path(os.path.realpath(path)).is_relative_to(self._root):
            return self._diagnostics.error(
                wanted.position, f"{quote(written)} leads out of the project", "outside-include"
            )
        if not os.path.exists(path):  # noqa: PTH110 - it takes names of any length
            near = _near(written, from_path.parent)
            return self._diagnostics.error(
                wanted.position,
                f"there is no file {quote(written)} beside {from_path.name}{near}",
                "missing-include",
            )
        if not os.path.isfile(path):  # noqa: PTH113 - as for any name
            example = "expected a library such as moves/lower-back.yaml"
            return self._diagnostics.error(
                wanted.position, f"{quote(written)} is no file: {example}", "wrong-include"
            )
        return path

    def _read(self, path: Path) -> Library | None:
        shown = os.path.normpath(path)
        try:
            text, digest = read_text(path, shown)
            library, problems = _parsed(text, shown)
        except InputError as error:
            self._diagnostics.add(error.problems)
            self.failed = True
            return None
        self._diagnostics.add(problems)
        if library is None:
            self.failed = True
            return None
        self.files.append((path, digest))
        self.moves.extend(library.moves)
        self.pronounce.extend(library.pronounce)
        return library
