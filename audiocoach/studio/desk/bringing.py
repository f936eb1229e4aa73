"""What others wrote is brought in: shown first, kept when its reader says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiocoach.errors import InputError, Problem, StorageError, whole
from audiocoach.routine.importers import bring_in
from audiocoach.routine.importers.shelf import bank_of
from audiocoach.store.files import make_folders
from audiocoach.studio.desk.folder import file_name
from audiocoach.studio.desk.requests import required, wrong
from audiocoach.studio.edits.document import read, resolve
from audiocoach.studio.gathering import Answer, answered, imported_record, is_library, titled
from audiocoach.studio.look import lay_out

if TYPE_CHECKING:
    from audiocoach.store.options import Overrides
    from audiocoach.studio.desk.folder import Folder
    from audiocoach.studio.edits.document import Pointer

    Json = dict[str, Any]

# Where the libraries of a folder are looked for.
_LIBRARIES = "moves"


def found(folder: Folder, body: Json) -> Json:
    """What a text becomes; nothing is written.

    Raises:
        InputError: nothing in it can be used.
    """
    kind = body.get("kind") or None
    return imported_record(bring_in(required(body, "text", str), bank_of(folder.root), kind and str(kind)))


def kept(folder: Folder, machine: Overrides, body: Json) -> tuple[str, str]:
    """The name and the text of a new file, with a title if one is given, and the answers to its questions.

    Raises:
        InputError: an answer cannot be used, or there is a file of this name.
        StorageError: it cannot be written.
    """
    text, places = answered(
        required(body, "text", str), map(_answer, required(body, "answers", list)), bank_of(folder.root)
    )
    text = titled(text, required(body, "title", str)) if "title" in body else text
    name = file_name(required(body, "name", str))
    if is_library(text):
        name = f"{_LIBRARIES}/{name}"
        _make_folder(folder)
    else:
        _refuse_errors(folder, machine, (name, text), places)
    folder.make(name, text)
    return name, text


def _answer(one: object) -> Answer:
    if not isinstance(one, dict):
        raise wrong("answers to be maps")
    return Answer(required(one, "line", int), required(one, "field", str), required(one, "value", str))


def _make_folder(folder: Folder) -> None:
    try:
        make_folders(folder.root / _LIBRARIES)
    except OSError as error:
        raise StorageError(f"{_LIBRARIES} cannot be made: {error.strerror}") from error


def _refuse_errors(
    folder: Folder, machine: Overrides, file: tuple[str, str], places: tuple[Pointer, ...]
) -> None:
    """Refuse answers that are none, in the words of `check`; what else is wrong is for the cards to show."""
    path, tree = folder.path(file[0]), read(file[1]).tree
    problems = lay_out(path, file[1], machine).problems if places else ()
    for one in problems:
        pointer = resolve(tree, str(one.position.node))
        if one.kind == "error" and pointer in places:
            raise InputError(Problem(whole(file[0]), f"{pointer[-1]}: {one.message}"))
