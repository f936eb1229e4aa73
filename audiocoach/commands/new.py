"""`audiocoach new`: a routine to begin with, from a template."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from audiocoach.commands.common import tell
from audiocoach.errors import InputError, Problem, printable, quote, whole
from audiocoach.routine.templates import from_template, slug, templates
from audiocoach.store.files import prepare_folder, replacing

_SUFFIXES = (".yaml", ".yml")
_LONGEST_NAME = 100
# What says of all routines of a folder what they are together.
_SHOW = "audiocoach"


def list_templates() -> None:
    """Print the name of each template and what it is."""
    wide = max(len(one.name) for one in templates())
    sys.stdout.write("".join(f"{one.name:{wide}}  {one.about}\n" for one in templates()))


def write_new(name: str, template: str) -> None:
    """Write a routine called `name`, print its file, and say what to do next.

    Raises:
        InputError: the name cannot be that of a file, or there is one of it already.
        StorageError: it could not be written.
    """
    folder, title = _split(name)
    path = folder / f"{slug(title)}.yaml"
    if os.path.lexists(path):
        other = path.with_name(f"{path.stem}-2")
        message = f"this is there already: choose another name, such as {printable(other)}"
        raise InputError(Problem(whole(path), message, code="taken-output"))
    prepare_folder(folder)
    with replacing(path) as (file,):
        file.write(from_template(template, title).encode("utf-8"))
    sys.stdout.write(f"{printable(path)}\n")
    tell(f"read what the coach will say: audiocoach preview {printable(shlex.quote(str(path)))}\n")


def _split(name: str) -> tuple[Path, str]:
    """The folder that is named, and the title: `anna/my-morning` is `My morning` in `anna`.

    Raises:
        InputError: no file can be called so.
    """
    path = Path(name)
    last = path.stem if path.suffix.lower() in _SUFFIXES else path.name
    stem = slug(last)
    if not stem or stem == _SHOW or len(last) > _LONGEST_NAME or not last.isprintable():
        expected = f"expected a name such as my-morning, of at most {_LONGEST_NAME} letters"
        raise InputError(Problem(whole(path), f"{expected}, found {quote(last)}{_why(stem)}"))
    # A name with blanks is a title as it is, one without is a file's.
    words = last if " " in last.strip() else last.replace("-", " ").replace("_", " ")
    title = words.strip()
    return path.parent, title[0].upper() + title[1:]


def _why(stem: str) -> str:
    return f": {_SHOW}.yaml says what all routines of a folder are together" if stem == _SHOW else ""
