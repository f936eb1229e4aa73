"""The sessions of a folder in a list: what each is called and how long it is, and a copy of one."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any

from audiocoach.errors import AudiocoachError, InputError
from audiocoach.making.beside import sound_beside
from audiocoach.records import replace
from audiocoach.routine.source import Scalar
from audiocoach.studio.edits.document import applied, child, read
from audiocoach.studio.edits.edit import Set, edit
from audiocoach.studio.look import look_at

if TYPE_CHECKING:
    from audiocoach.store.options import Overrides
    from audiocoach.studio.desk.folder import Folder

    Json = dict[str, Any]


def row(folder: Folder, name: str, machine: Overrides) -> Json:
    """A session of the list; `length_ms` is an estimate, None where it cannot be laid out."""
    try:
        text = folder.read(name)
        look = look_at if "include" in text else _looked_at
        path = folder.path(name)
        document = look(path, text, replace(machine, show=sound_beside(path)))
    except AudiocoachError:
        return {"path": name, "title": name, "has_problems": True, "length_ms": None}
    timeline = document["timeline"]
    return {
        "path": name,
        "title": document["routine"]["title"] or name,
        "has_problems": any(one["severity"] == "error" for one in document["problems"]),
        "length_ms": timeline and timeline["length_ms"],
    }


# What reads no other file stays as it is, and a list is shown again whenever a file changes.
_looked_at = lru_cache(maxsize=256)(look_at)


def removed(folder: Folder) -> list[Json]:
    """What was taken away, with what it is called."""
    return [{"removed": name, "title": _title_away(folder, name)} for name in folder.away()]


def _title_away(folder: Folder, name: str) -> str:
    try:
        return _title_of(folder.read_away(name)) or name
    except InputError:
        return name


def copied(folder: Folder, name: str) -> tuple[str, str]:
    """Copy a file; the name and the text of the new one, whose title is the next that nobody has.

    Raises:
        MissingError: there is none.
        StorageError: it cannot be written.
    """
    text = folder.read(name)
    text = _retitled(text, {_title_read(folder, one) for one in folder.names()})
    return folder.copy(name, text), text


def _title_read(folder: Folder, name: str) -> str:
    try:
        return _title_of(folder.read(name))
    except InputError:
        return ""


def _title_of(text: str) -> str:
    title = child(read(text).tree, "title")
    return title.text if isinstance(title, Scalar) else ""


def _retitled(text: str, taken: set[str]) -> str:
    """With a number behind its title; as it is where no title can be read or written."""
    try:
        bare = re.sub(r" \d+$", "", _title_of(text))
        numbered = (f"{bare} {number}" for number in count(2))
        title = next(one for one in numbered if one not in taken)
        return applied(text, edit(text, (Set(("title",), title),))) if bare else text
    except InputError:
        return text
