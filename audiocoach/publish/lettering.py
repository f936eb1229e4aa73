"""Text as pictures have it: what the font can draw of it, how wide it is, on which lines it stands.

In: any text at all. Out: text that can be drawn, in lines that fit. The font ships with the package
and knows Latin, Greek and Cyrillic; no font of the machine is asked, so pictures are the same everywhere.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.sound.tags import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import ImageFont

# No title on a cover is longer, however small it is set.
_LONGEST = 200
# Widths are told by the one size and grow with it.
_MEASURED = 100
# At this size letters are told from boxes.
_SMALL = 20
# No font has this one: it is drawn as the box that stands for what is missing.
_MISSING = "\uffff"
# How often lines may be made narrower by how much until they are about as long as one another.
_STEPS, _STEP = 12, 0.96


@lru_cache(maxsize=16)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Manrope Bold, letter by letter: a layout engine that some machines have would place them otherwise."""
    from PIL import ImageFont  # noqa: PLC0415 - a cached build must not pay for it

    path = assets.folder() / "fonts" / "Manrope-Bold.ttf"
    return ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str) -> str:
    """The words of a text that the font has, on one line; nothing where those say less than half of it.

    A word is left out when one of its letters or digits would be a box, and so is any other sign.
    """
    words = unicodedata.normalize("NFC", clean(text)[:_LONGEST]).split()
    kept = [_drawable_word(word) for word in words]
    while kept and not _letters(kept[-1]):
        kept.pop()
    while kept and not _letters(kept[0]):
        kept.pop(0)
    line = " ".join(filter(None, kept))
    return line if 2 * _letters(line) >= _letters("".join(words)) else ""


def _drawable_word(word: str) -> str:
    if any(letter.isalnum() and not _has(letter) for letter in word):
        return ""
    return "".join(filter(_has, word))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _has(letter: str) -> bool:
    return letter == " " or _shape(letter) not in {_shape(_MISSING), b""}


@lru_cache(maxsize=1024)
def _shape(letter: str) -> bytes:
    return bytes(font(_SMALL).getmask(letter))


@lru_cache(maxsize=1024)
def _measured(words: str) -> float:
    return font(_MEASURED).getlength(words)


def width(words: str, size: float) -> float:
    """How wide a line of this size is; letters are set on whole pixels, half a pixel beside it at most."""
    return _measured(words) * size / _MEASURED


def fitted(line: str, size: float, room: float) -> str:
    """The line, cut where the room ends."""
    if width(line, size) <= room:
        return line
    kept = next(count for count in range(len(line), -1, -1) if width(f"{line[:count]}…", size) <= room)
    return f"{line[:kept].rstrip()}…"


def laid_out(line: str, room: float, shapes: Sequence[tuple[int, float]]) -> tuple[float, tuple[str, ...]]:
    """The first size at which a text fits, and its lines; at the last one it is cut.

    Args:
        line: words with one blank between them; none make no line.
        room: how wide a line may be.
        shapes: pairs of how many lines there may be and their size, in order of preference.
    """
    for most, size in shapes:
        lines = _wrapped(line.split(), size, room)
        if len(lines) <= most and all(width(one, size) <= room for one in lines):
            return size, _balanced(lines, size, room)
    most, size = shapes[-1]
    lines = _wrapped(_pieces(line, size, room), size, room)
    last = fitted(" ".join(lines[most - 1 :]), size, room)
    return size, (*lines[: most - 1], *filter(None, (last,)))


def _wrapped(words: Sequence[str], size: float, room: float) -> tuple[str, ...]:
    lines: list[str] = []
    left = 0.0
    for word in words:
        wide = width(word, size)
        if lines and wide + width(" ", size) <= left:
            lines[-1] += f" {word}"
            left -= wide + width(" ", size)
        else:
            lines.append(word)
            left = room - wide
    return tuple(lines)


def _balanced(lines: tuple[str, ...], size: float, room: float) -> tuple[str, ...]:
    """As many lines, about as long as one another: what they hold at the narrowest."""
    words = " ".join(lines).split()
    for step in range(1, _STEPS):
        narrow = room * _STEP**step
        narrower = _wrapped(words, size, narrow)
        if len(narrower) > len(lines) or any(width(one, size) > narrow for one in narrower):
            break
        lines = narrower
    return lines


def _pieces(line: str, size: float, room: float) -> list[str]:
    """The words; one that is wider than the room as pieces that are not."""
    pieces: list[str] = []
    for word in line.split():
        pieces.append("")
        for letter in word:
            if width(pieces[-1] + letter, size) > room:
                pieces.append("")
            pieces[-1] += letter
    return pieces
