"""The routines that ship to begin with, by name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.errors import InputError, Problem, whole
from audiocoach.records import dataclass
from audiocoach.routine.source import Scalar
from audiocoach.studio.edits.document import find, read

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "five-minutes"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Template:
    """A routine to begin with."""

    name: str
    title: str
    about: str
    text: str


@cache
def templates() -> tuple[Template, ...]:
    """All of them, the usual first one in front."""
    paths = sorted(
        (assets.folder() / "templates").glob("*.yaml"), key=lambda path: (path.stem != FIRST, path)
    )
    return tuple(map(_read, paths))


def _read(path: Path) -> Template:
    text = path.read_text("utf-8")
    tree = read(text, path.name).tree
    title, about = (find(tree, (name,)) for name in ("title", "description"))
    shown = [node.text if isinstance(node, Scalar) else "" for node in (title, about)]
    return Template(path.stem, shown[0], shown[1], text)


def template(name: str) -> Template:
    """The one of this name.

    Raises:
        InputError: there is none.
    """
    found = next((one for one in templates() if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in templates())
        raise InputError(Problem(whole(name), f"there is no such template: expected one of {known}"))
    return found


def file_name(name: str) -> str:
    """The file of a routine that somebody gives a name in words: `Monday, legs` is in `monday-legs.yaml`.

    Raises:
        InputError: nothing is left of it.
    """
    bare = re.sub(r"\.ya?ml$", "", name.strip(), flags=re.IGNORECASE)
    slug = re.sub(r"[^\w]+", "-", bare).strip("-").lower()[:_LONGEST_NAME]
    if not slug:
        raise InputError(Problem(whole(name), "expected a name such as monday legs"))
    return f"{slug}.yaml"
