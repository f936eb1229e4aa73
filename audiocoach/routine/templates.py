"""Small sessions to begin with: each is a whole routine with its moves, which its author then changes.

In: the name of a template and a title. Out: the text of a routine file.
"""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from audiocoach import assets
from audiocoach.records import dataclass

# In every template both stand first, on a line of their own: its title, and what it is in a sentence.
_HEAD = re.compile(r"title: (?P<title>.+)\ndescription: (?P<about>.+)\n")
# YAML breaks a longer line.
_LONGEST_LINE = 10_000


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
    """The text of a routine that begins as this template and is called `title`, a text on one line.

    Raises:
        KeyError: there is no such template.
    """
    if name not in assets.templates():
        raise KeyError(name)
    text = assets.template(name)
    head = yaml.safe_dump({"title": title}, allow_unicode=True, width=_LONGEST_LINE)
    return head + text.partition("\n")[2]


def _template(name: str) -> Template:
    head = _HEAD.match(assets.template(name))
    if head is None:
        raise ValueError(name)
    return Template(name, head["title"], head["about"])
