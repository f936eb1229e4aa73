"""What a new routine in a folder begins as, and what its file is called."""

from __future__ import annotations

import re

from audiocoach.errors import InputError, Problem, whole
from audiocoach.routine.templates import from_template, templates

# What a folder that is made has in it.
FIRST = "five-minutes"
FIRST_TITLE = "Five minutes"
_LONGEST_NAME = 80


def begun(name: str, title: str) -> str:
    """The text of a routine that begins as the template of this name.

    Raises:
        InputError: there is none.
    """
    known = [one.name for one in templates()]
    if name not in known:
        message = f"there is no such template: expected one of {', '.join(known)}"
        raise InputError(Problem(whole(name), message))
    return from_template(name, " ".join(title.split()))


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
