"""The folder of a studio: which files of it may be read and written, and how what others write is kept.

A path is text from a page: it names a YAML file below the folder, or nothing. A save is made against the text
that it was made from: where the file is another by then, the two are merged, or it is a conflict.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections import OrderedDict
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.errors import InputError, Problem, StorageError, whole
from audiocoach.records import dataclass
from audiocoach.routine.source import MAX_BYTES
from audiocoach.routine.templates import slug
from audiocoach.serve.watch import Watch, find_sources
from audiocoach.store.files import make_folders, replacing, routine_files
from audiocoach.studio.look import revision_of
from audiocoach.studio.merge import joined_of, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.studio.merge import Piece

_YAML = (".yaml", ".yml")
_LONGEST = 400
_LONGEST_NAME = 80
# A file of this name says what all routines of a folder are together.
_SHOW = "audiocoach"
# Where files lie that were taken away: hidden, so that nothing takes them for routines.
_AWAY = ".removed"
# So many texts are remembered that pages may still be working on.
_TEXTS = 512
_TRIES = 20


class MissingError(InputError):
    """There is no such file in the folder, or none that a studio opens."""


class ConflictError(Exception):
    """The file and the text that is to be saved were changed in one place.

    `theirs` is what it holds, `mine` what was to be saved, `pieces` both of them joined where they can be.
    """

    def __init__(self, theirs: str, mine: str, pieces: tuple[Piece, ...]) -> None:
        self.theirs, self.mine, self.pieces = theirs, mine, pieces
        super().__init__("the file was changed on the disk in the same place: choose one, or join them")


class _MovedOnError(Exception):
    """Somebody wrote the file while we did."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What the file holds now; `merged` where that is not what was sent."""

    text: str
    merged: bool


class Folder:
    """A folder whose routines are read and written; from any thread."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = Path(os.path.realpath(root))
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def path(self, name: str) -> Path:
        """The file that a page names, which need not be there.

        Raises:
            MissingError: it is no YAML file of the folder, hidden, or leads out of it.
        """
        parts = PurePosixPath(name).parts
        is_odd = not name or "\0" in name or "\\" in name or ":" in name or len(name) > _LONGEST
        if is_odd or name.startswith("/") or any(part.startswith(".") for part in parts):
            raise _missing(name)
        path = self.root.joinpath(*parts)
        if path.suffix.lower() not in _YAML or not self._is_inside(path):
            raise _missing(name)
        return path

    def names(self) -> list[str]:
        """The routines of the folder, as pages name them.

        Raises:
            InputError: it cannot be read.
        """
        paths = routine_files((self.root,))
        return [path.name for path in paths if self._is_inside(path) and regular.is_file(str(path))]

    def _is_inside(self, path: Path) -> bool:
        real = Path(os.path.realpath(path))
        return real.is_relative_to(self._real) and real.suffix.lower() in _YAML

    def read(self, name: str) -> str:
        """The text of a file as it is, with its mark and line ends.

        Raises:
            MissingError: there is none.
            InputError: it is no text in UTF-8, or too large.
        """
        return self._remembered(_text_of(self.path(name), name))

    def _remembered(self, text: str) -> str:
        revision = revision_of(text)
        self._texts[revision] = text
        self._texts.move_to_end(revision)
        while len(self._texts) > _TEXTS:
            self._texts.popitem(last=False)
        return text

    def save(self, name: str, base: str, text: str) -> Saved:
        """Write a text that was made from the one of the revision `base`; joined with what came in between.

        Raises:
            ConflictError: both changed the same place; nothing is written.
            MissingError: it is no file of the folder, or is there no more.
            StorageError: it cannot be written.
        """
        path = self.path(name)
        with self._lock:
            for _ in range(_TRIES):
                with contextlib.suppress(_MovedOnError):
                    return self._saved(path, name, base, text)
        raise StorageError(f"{name} is being written by another program all the time: save again")

    def _saved(self, path: Path, name: str, base: str, text: str) -> Saved:
        current = self._remembered(_text_of(path, name))
        new = self._joined(current, base, text)
        if new != current:
            _write(path, name, current, new)
        return Saved(self._remembered(new), merged=new != text)

    def _joined(self, current: str, base: str, text: str) -> str:
        if revision_of(current) == base:
            return text
        before = self._texts.get(base)
        found = pieces(before, text, current)
        joined = joined_of(found)
        if joined is None:
            raise ConflictError(current, text, found)
        return joined

    def make(self, name: str, text: str) -> None:
        """Write a file that is not there yet.

        Raises:
            InputError: there is one of this name, or it cannot have this name.
            StorageError: it cannot be written.
        """
        path = self.path(name)
        with self._lock:
            if os.path.lexists(path):
                raise InputError(Problem(whole(name), "there is a file of this name: choose another"))
            with replacing(path) as (file,):
                file.write(regular.encoded(text))
        self._remembered(text)

    def copy(self, name: str, text: str) -> str:
        """Write a text beside a file, under the first name behind its own that is free: `legs-2.yaml`.

        Raises:
            MissingError: it is no file of the folder.
            StorageError: it cannot be written.
        """
        path = self.path(name)
        with self._lock:
            free = _free(path)
            with replacing(free) as (file,):
                file.write(regular.encoded(text))
        self._remembered(text)
        return free.relative_to(self.root).as_posix()

    # -- what is taken away -------------------------------------------------------------------------------

    def put_away(self, name: str) -> str:
        """Take a routine out of the folder, to where it can be brought back from by the name that it gets.

        Raises:
            MissingError: it is none of the folder's routines.
            StorageError: it cannot be moved.
        """
        if name not in self.names():
            raise _missing(name)
        with self._lock:
            return self._moved(self.path(name), self.root / _AWAY / name).name

    def bring_back(self, name: str) -> str:
        """Put what was taken away into the folder again; its name, another one where it is taken by now.

        Raises:
            MissingError: nothing of this name was.
            StorageError: it cannot be moved.
        """
        if name not in self.away():
            raise _missing(name)
        with self._lock:
            return self._moved(self.root / _AWAY / name, self.root / name).name

    def away(self) -> list[str]:
        """What was taken away, and can be brought back."""
        place = self.root / _AWAY
        if not place.is_dir() or not self._is_near(place):
            return []
        return sorted(path.name for path in place.iterdir() if path.suffix.lower() in _YAML)

    def read_away(self, name: str) -> str:
        """The text of what was taken away.

        Raises:
            InputError: it is gone, or cannot be read.
        """
        return _text_of(self.root / _AWAY / name, name)

    def _moved(self, path: Path, wanted: Path) -> Path:
        try:
            wanted.parent.mkdir(exist_ok=True)
            if not self._is_near(wanted.parent):
                raise StorageError(f"{_AWAY} leads out of the folder: nothing was moved")
            free = _free(wanted)
            path.rename(free)
        except OSError as error:
            raise StorageError(f"{path.name} cannot be moved: {error.strerror}") from error
        return free

    def _is_near(self, place: Path) -> bool:
        return Path(os.path.realpath(place)).is_relative_to(self._real)

    def watch(self) -> Watch:
        """What notices that files of the folder change."""
        return Watch(self.sources)

    def sources(self) -> Iterator[Path]:
        """Every YAML file below the folder, the libraries too."""
        below = find_sources(self.root, Path(os.devnull))
        return (path for path in below if path.suffix.lower() in _YAML and self._is_inside(path))


def prepare(root: Path, first: str, text: str) -> None:
    """See that the folder is there; one that is not is made, with a first routine.

    Raises:
        InputError: it is something else.
        StorageError: it cannot be made.
    """
    if root.is_dir():
        return
    if os.path.lexists(root):
        message = "this is no folder: expected one with routines, or a name for a new one"
        raise InputError(Problem(whole(root), message, code="wrong-folder"))
    try:
        make_folders(root)
    except OSError as error:
        raise StorageError(f"{root} cannot be made: {error.strerror}") from error
    Folder(root).make(first, text)


def file_name(name: str) -> str:
    """The file of a routine that somebody gives a name in words: `Monday, legs` is in `monday-legs.yaml`.

    Raises:
        InputError: nothing is left of it, or it is the name of a show.
    """
    stem = slug(re.sub(r"\.ya?ml$", "", name.strip(), flags=re.IGNORECASE))[:_LONGEST_NAME].strip("-")
    if not stem or stem == _SHOW:
        raise InputError(Problem(whole(name), "expected a name such as monday legs"))
    return f"{stem}.yaml"


def _free(path: Path) -> Path:
    """The path, or the first that is numbered like it where nothing is: `legs-2.yaml` behind `legs.yaml`."""
    bare = re.sub(r"-\d+$", "", path.stem)
    numbered = (path.with_name(f"{bare}-{number}{path.suffix}") for number in count(2))
    return next(one for one in chain((path,), numbered) if not os.path.lexists(one))


def _missing(name: str) -> MissingError:
    message = "there is no such routine in this folder: expected a file such as morning.yaml"
    return MissingError(Problem(whole(name[:_LONGEST]), message, code="unknown-routine"))


def _text_of(path: Path, name: str) -> str:
    try:
        return regular.read(path, MAX_BYTES).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _missing(name) from error
    except UnicodeDecodeError as error:
        message = "expected UTF-8 text: save the file as UTF-8"
        raise InputError(Problem(whole(name), message, code="bad-encoding")) from error
    except OSError as error:
        problem = f"cannot be read: {error.strerror or 'it is too large, or no regular file'}"
        raise InputError(Problem(whole(name), problem, code="unreadable-file")) from error


def _write(path: Path, name: str, current: str, new: str) -> None:
    """Put a text in the place of the one that is there.

    Raises:
        _MovedOnError: it is there no more.
        StorageError: it cannot be written.
    """

    def look_again() -> None:
        # As late as can be: what somebody writes from here on is seen the next time.
        if _text_of(path, name) != current:
            raise _MovedOnError

    # A link stays one: what it leads to is written.
    with replacing(Path(os.path.realpath(path)), last=look_again) as (file,):
        file.write(regular.encoded(new))
