"""Signs of other languages in a text that is spoken: `<break/>`, `[pause 3s]`, `{side}`, `&nbsp;`.

A voice reads them out or swallows them. Each is told with what to write in its place.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from audiocoach.language import pauses
from audiocoach.routine import paper
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

_LENGTH = r"\d+(?::\d\d){1,2}|[\d.]+ ?(?:ms|s|sec\w*|m|min\w*)?"
_TIME = rf"(?:time|strength)?\s*[:=]?\s*[\"']?({_LENGTH})?[\"']?"
_PAUSE = re.compile(
    rf"<(?:break|pause|silence|br)\b[\s:]*{_TIME}[^>]*>"
    rf"|[\[({{*](?:\.\.\.|short |long )?\s*(?:pause|break|silence|wait)\b[\s:]*(?:for )?{_TIME}\s*[\])}}*]"
    rf"|[\[({{*]([\d.]+ ?(?:s|sec\w*|m|min\w*))? ?(?:pause|silence)[\])}}*]",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[a-z][\w-]*(?:\s[^<>]*[\"'/]\s*|/)>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_UNSAID_MS = "3s"
_MINUTE, _MINUTE_S = "1m", "60s"


def signs(text: str, placeholders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each sign of the text, and what to write; `placeholders` are those that the text may hold."""
    taken: list[str] = []
    for match in _PAUSE.finditer(text):
        taken.append(match[0])
        if not pauses.MARK.fullmatch(match[0]):
            yield match[0], _silence(_length(match))
    for match in _braced(placeholders).finditer(text):
        name = re.sub(r"[ -]", "_", match[1].lower())
        if match[0] != f"<{name}>":
            yield match[0], f"write <{name}>"
    for match in _MARKUP.finditer(text):
        if not any(match[0] in sign for sign in taken):
            yield match[0], "there is no markup here: leave it out"
    yield from entities(text)


def entities(text: str) -> Iterator[tuple[str, str]]:
    """`&nbsp;`, `&amp;` and their like, each with the character that it stands for."""
    for match in _ENTITY.finditer(text):
        meant = html.unescape(match[0])
        if meant != match[0]:
            yield (
                match[0],
                f"write {meant}" if meant.isprintable() and not meant.isspace() else "write a space",
            )


def _silence(length: str) -> str:
    """What to write for a silence of this length: inside a text, or where it is long, as a step."""
    mark = pauses.MARK.fullmatch(f"<pause {_MINUTE_S if length == _MINUTE else length}>")
    if mark and pauses.pause_ms(mark) < pauses.LEAST_MS:
        return too_short(pauses.pause_ms(mark))
    if mark and pauses.pause_ms(mark) <= pauses.MOST_MS:
        return f"write {mark[0]}"
    return f"a silence as long as that is a step of the session: write {{pause: {length}}} there"


def too_short(pause_ms: int) -> str:
    """What to write for a silence that is shorter than one can be inside a text."""
    return "write <pause 0.2s>, or leave it out" if pause_ms else "leave it out"


def _length(match: re.Match[str]) -> str:
    """The time that a sign names, `3s` where it names none."""
    written = next((group for group in match.groups() if group), "")
    found = paper.time(f"{written} s" if re.fullmatch(r"[\d.]+", written) else written)
    if ":" in written:
        return _of_a_clock(written)
    if written.endswith("ms"):
        found = paper.time(f"{float(written[:-2]) / 1000:g} s")
    return found.value if found else _UNSAID_MS


def _of_a_clock(written: str) -> str:
    """`1m30s` of `1:30`."""
    seconds = 0
    for part in written.split(":"):
        seconds = seconds * 60 + int(part)
    return paper.written(seconds * MS_PER_SECOND)


def _braced(placeholders: tuple[str, ...]) -> re.Pattern[str]:
    """`{side}`, `${side}`, `{{ side }}`, `%side%`, `< side >` and `<other side>`."""
    names = "|".join(name.replace("_", "[_ -]") for name in sorted(placeholders, key=len, reverse=True))
    return re.compile(rf"(?:\$?\{{+|<|%)\s*({names})\s*(?:\}}+|>|%)", re.IGNORECASE)
