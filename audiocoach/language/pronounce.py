r"""What an author has the voice say in place of words: whole words, and patterns between slashes. Pure.

In: the pairs under `pronounce:`. Out: a text in which what was replaced is held back, each piece as one
character that no table takes for a word, so that nobody changes the author's own words once more.
A pattern is a regular expression of `re` without what could take longer than its text: `/\bKB\b/`.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

Pairs = tuple[tuple[str, str], ...]

_PATTERN = re.compile(r"/(.+)/(i?)")
# One piece of a pattern: an escape, a class of characters, a quantifier, an alternative, or anything else.
_PIECE = re.compile(
    r"(?P<plain>\\.|\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<many>[*+]|\{(?P<least>\d*)(?P<comma>,?)(?P<most>\d*)\})"
    r"|(?P<maybe>\?|\|)|(?P<group>\((?:\?(?:[:=!]|<[=!])?)?)|(?P<other>.)",
    re.DOTALL,
)
# Figures and words are shorter; so nothing is looked for without an end.
_MANY = 99
_MOST_WORK = 20_000
# The first of the characters that Unicode leaves to private use: no voice reads one.
_HELD = 0xE000
_MOST_HELD = 6_400
_HELD_ONE = re.compile(f"[{chr(_HELD)}-{chr(_HELD + _MOST_HELD - 1)}]")
_EXAMPLE = r"a pattern such as /\bKB\b/"


@dataclass(frozen=True, slots=True)
class Held:
    """A text with one character for each piece that was replaced, and what is said in their place."""

    text: str
    pieces: tuple[str, ...]

    def told(self, text: str) -> str:
        """What was made of `self.text`, with the pieces back in their places."""
        return _HELD_ONE.sub(lambda match: self.pieces[ord(match[0]) - _HELD], text) if self.pieces else text


def is_pattern(key: str) -> bool:
    r"""Whether a key is a pattern and no word: `/\bKB\b/`, or `/kb/i` in capitals or not."""
    return bool(_PATTERN.fullmatch(key))


@lru_cache(maxsize=1024)
def compiled(key: str) -> re.Pattern[str]:
    """The expression of a key that is a pattern.

    Raises:
        ValueError: it is none, or could take too long; the message is the end of a sentence.
    """
    found = _PATTERN.fullmatch(key)
    if not found:
        raise ValueError(f"expected {_EXAMPLE}")
    try:
        pattern = re.compile(_bounded(found[1]), re.IGNORECASE if found[2] else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"expected {_EXAMPLE}: {error}") from error
    if pattern.search(""):
        raise ValueError(f"expected {_EXAMPLE} that finds something: it also finds nothing at all")
    return pattern


def check(key: str, said: str) -> None:
    """See that a pattern can be used, with what is said in its place.

    Raises:
        ValueError: it cannot.
    """
    pattern = compiled(key)
    try:
        pattern.sub(said, "")
    except (re.error, IndexError) as error:
        raise ValueError(rf"expected words, with \1 for the first group of the pattern: {error}") from error


def _bounded(pattern: str) -> str:
    """The pattern with an end for everything that is repeated, if that is little enough to try out."""
    pieces, work, before = [], 1, ""
    for piece in _PIECE.finditer(pattern):
        if piece["many"]:
            if before == ")":
                raise ValueError(f"expected {_EXAMPLE}: a group cannot be repeated")
            least, most = _times(piece)
            work *= most - least + 1
            pieces.append(f"{{{least},{most}}}")
        else:
            work *= 2 if piece["maybe"] else 1
            pieces.append(piece[0])
        before = piece[0]
        if work > _MOST_WORK:
            raise ValueError(f"expected {_EXAMPLE}: this one could take too long, use fewer of * + ? |")
    return "".join(pieces)


def _times(piece: re.Match[str]) -> tuple[int, int]:
    match piece["many"]:
        case "*":
            return 0, _MANY
        case "+":
            return 1, _MANY
    least = int(piece["least"] or 0)
    most = least if not piece["comma"] else int(piece["most"] or _MANY)
    if not least <= most <= _MANY:
        raise ValueError(f"expected {_EXAMPLE}: {piece[0]} is not from few to at most {_MANY}")
    return least, most


@lru_cache(maxsize=8)
def replacer(pairs: Pairs) -> Callable[[str], Held]:
    """What replaces an author's words: patterns in their order, then words, the longest first."""
    if not pairs:
        return lambda text: Held(_HELD_ONE.sub("", text), ())
    patterns = [(compiled(key), said) for key, said in pairs if is_pattern(key)]
    words = {key.casefold(): said for key, said in pairs if not is_pattern(key)}
    every = _any_of([key for key, _ in pairs if not is_pattern(key)])

    def held(text: str) -> Held:
        text, pieces = _HELD_ONE.sub("", text), list[str]()
        for pattern, said in patterns:
            text = pattern.sub(partial(_hold, said=said, pieces=pieces), text)
        if every:
            text = every.sub(lambda match: _hold_word(match, words, pieces), text)
        return Held(text, tuple(pieces))

    return held


def _any_of(words: list[str]) -> re.Pattern[str] | None:
    names = "|".join(_bounds(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(names, re.IGNORECASE) if words else None


def _bounds(word: str) -> str:
    """The whole word: no letter goes on at its ends, and no figure at an end that is one."""
    before = r"(?<!\w)" if word[0].isdigit() else r"(?<![^\W\d])"
    behind = r"(?!\w)" if word[-1].isdigit() else r"(?![^\W\d])"
    return f"{before}{re.escape(word)}{behind}"


def _hold_word(match: re.Match[str], words: dict[str, str], pieces: list[str]) -> str:
    said = words.get(match[0].casefold())
    return match[0] if said is None else _held(match, said, pieces)


def _hold(match: re.Match[str], said: str, pieces: list[str]) -> str:
    return _held(match, match.expand(said), pieces)


def _held(match: re.Match[str], said: str, pieces: list[str]) -> str:
    """A character in place of what was found, apart from a figure that stuck to it."""
    if len(pieces) == _MOST_HELD:
        return match[0]
    before, behind = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    pieces.append(said)
    return f"{' ' * before.isdigit()}{chr(_HELD + len(pieces) - 1)}{' ' * behind.isdigit()}"
