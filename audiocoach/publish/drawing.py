"""The few strokes that pictures are made of: SVG elements as text, and how wide text is."""

from __future__ import annotations

from audiocoach.publish.markup import xml_text
from audiocoach.sound.tags import clean

# As parts of a text's height: few letters are wider. Those from U+2E80 on (CJK, emoji) may be squares.
_LETTER, _SQUARE = 0.6, 1.0
_FIRST_SQUARE = "\u2e80"
# With fewer letters left than this a text says nothing.
_FEWEST = 3


def number(value: float) -> str:
    """A length to the tenth."""
    return f"{value:.1f}".removesuffix(".0")


def rect(look: str, box: tuple[float, float, float, float], title: str = "") -> str:
    """A rectangle of a class in a box of left, top, width and height; the title appears under a pointer."""
    x, y, wide, high = map(number, box)
    place = f'x="{x}" y="{y}" width="{wide}" height="{high}"'
    inside = f"><title>{xml_text(title)}</title></rect>" if title else "/>"
    return f'<rect class="{look}" {place}{inside}'


def path(look: str, strokes: str) -> str:
    """A path of a class."""
    return f'<path class="{look}" d="{strokes}"/>'


def text(x: float, y: float, size: float, words: str, look: str) -> str:
    """A line of text that begins at `x` and stands on `y`, `size` high; nothing for no words."""
    if not words:
        return ""
    place = f'x="{number(x)}" y="{number(y)}" font-size="{number(size)}"'
    return f'<text class="{look}" {place}>{xml_text(words)}</text>'


def width(words: str, size: float) -> float:
    """How wide a text of this height is at most, in most fonts."""
    return size * sum(_LETTER if letter < _FIRST_SQUARE else _SQUARE for letter in words)


def whole(words: str, room: float, size: float) -> str:
    """The text where there is room for it."""
    return words if width(words, size) <= room else ""


def fitted(words: str, room: float, size: float) -> str:
    """The text on one line, cut where the room ends; nothing where hardly a letter would be left."""
    line = clean(words)
    if width(line, size) <= room:
        return line
    kept = 0
    left = room - width("…", size)
    for letter in line:
        left -= width(letter, size)
        if left < 0:
            break
        kept += 1
    return f"{line[:kept].rstrip()}…" if kept >= _FEWEST else ""
