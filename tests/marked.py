"""The parts of a page that scripts write: each stands between two marks, and the rest is written by hand."""

from __future__ import annotations

import re


def part(page: str, name: str) -> str:
    """What stands between the marks of a part, without them.

    Raises:
        ValueError: they are not there.
    """
    return _marked(page, name)[2]


def with_part(page: str, name: str, text: str) -> str:
    """The page with another text between the marks of a part.

    Raises:
        ValueError: they are not there.
    """
    match = _marked(page, name)
    return page[: match.start(2)] + text + page[match.end(2) :]


def _marked(page: str, name: str) -> re.Match[str]:
    match = re.search(rf"(?s)(<!-- {name}: written by scripts/[a-z]+ -->\n)(.*?)<!-- end of {name} -->", page)
    if match is None:
        raise ValueError(f"the page has no part called {name}")
    return match
