"""Small sessions to begin with: each is a whole routine with its moves, which its author then changes.

In: the name of a template and a title. Out: the text of a routine file, and what the file is called.
"""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from audiocoach import assets
from audiocoach.errors import InputError, Problem, whole
from audiocoach.records import dataclass

# In every template both stand first, on a line of their own: its title, and what it is in a sentence.
_HEAD = re.compile(r"title: (?P<title>.+)\ndescription: (?P<about>.+)\n")
# YAML breaks a longer line.
_LONGEST_LINE = 10_000
_BETWEEN_WORDS = re.compile(r"[\W_]+")
# What a folder that is made has in it.
FIRST = "five-minutes"
FIRST_TITLE = "Five minutes"


@dataclass(frozen=True, slots=True)
class Template:
    """A session to begin with: `about` says in a sentence what it is."""

    name: str
    title: str
    about: str


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """Every template, in the order of their names."""
    return tuple(_template(name) for name in assets.templates())


def from_template(name: str, title: str) -> str:
    """The text of a routine that begins as this template and is called `title`.

    Raises:
        InputError: there is no such template.
    """
    if name not in assets.templates():
        message = f"there is no such template: expected one of {', '.join(assets.templates())}"
        raise InputError(Problem(whole(name), message))
    text = assets.template(name)
    head = yaml.safe_dump({"title": " ".join(title.split())}, allow_unicode=True, width=_LONGEST_LINE)
    return head + text.partition("\n")[2]


def slug(title: str) -> str:
    """What the file of a title is called, without its ending: `Monday, legs` is `monday-legs`."""
    return _BETWEEN_WORDS.sub("-", title.lower()).strip("-")


def _template(name: str) -> Template:
    head = _HEAD.match(assets.template(name))
    if head is None:
        raise ValueError(name)
    return Template(name, head["title"], head["about"])
