"""Cover art: the session as a ring of blocks, one turn long, with its length, its title and its level.

In: a timeline and its level, or a show's title and author. Out: a square JPEG (RGB, no alpha), the
same bytes for the same input and version of Pillow. Blocks are coloured as those of the session's
picture, and as high; the ground has a tint of what the session is most of.

All lengths are thousandths of a side, so it is one picture at every size: at 55 px the ring tells
sessions apart, from 300 px on the title can be read.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from functools import lru_cache
from itertools import groupby
from math import cos, pi, sin
from typing import TYPE_CHECKING

from audiocoach.coaching.steps import EXERCISES
from audiocoach.publish import lettering
from audiocoach.publish.palette import COLOURS, LOOKS
from audiocoach.records import dataclass
from audiocoach.routine import wordings
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.language.language import Language

_SIDE, _MIDDLE, _ROOM = 1000, 500, 880
# The ring's middle stands so far down above a title, and where there is none.
_ABOVE, _ALONE = 346, 430
_INNER, _OUTER = 196, 306
_TALLEST = max(look.height for look in LOOKS.values())
# However many intervals there are, a ring has no more blocks than slots.
_SLOTS = 720
# What is left free behind a block, in slots and at most as a part of it.
_GAP, _GAP_PART = 1.0, 0.3
# Edges are smooth because the ring is drawn so many times as large.
_SMOOTH = 2
# How many lines a title may have at which size, and the middle of the room that it has.
_TITLES = ((1, 112), (2, 92), (2, 80), (3, 66), (3, 56))
_LEADING, _TITLE_MIDDLE = 1.14, 774
# What capital letters are of a size.
_CAPITALS = 0.72
_FIGURE, _FIGURE_ROOM, _UNIT, _SMALL = 168, 300, 56, 38
_LAST_LINE = 946
_TWO_DIGITS = 100
_LEVELS = ("gentle", "standard", "strong")
_DOT, _DOTS_APART, _DOTS_BEFORE = 10, 32, 6
_TINT, _DIM = 0.16, 0.3
_QUALITY = 88
# In place of a session a show has every kind of effort once, and a sign to play it.
_EMBLEM = tuple(kind for effort in EXERCISES for kind in (effort, "rest"))
_EMBLEM_TINT = "ready"
_PLAY = ((-52, -84), (94, 0), (-52, 84))

_Points = list[tuple[float, float]]
_Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the ring, from slot to slot."""

    start: int
    end: int
    kind: str


@lru_cache(maxsize=1)
def load() -> None:
    """Load what draws and writes pictures: 20 ms that may pass while something else is waited for."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: F401 - a cached build must not pay for it

    Image.preinit()


def sketch(timeline: Timeline, level: str) -> str:
    """All that shapes the cover of a session: two that are drawn alike have the same."""
    language = wordings.nearest(timeline.language)
    length, name = _length(timeline.duration_ms, language), language.named("level", level)
    return repr((tuple(_blocks(timeline)), timeline.title, length, name))


def draw(timeline: Timeline, level: str, side_px: int) -> bytes:
    """The cover of a session; `level` is `gentle`, `standard` or `strong`."""
    blocks, language = tuple(_blocks(timeline)), wordings.nearest(timeline.language)
    title = lettering.drawable(timeline.title)
    sheet = _Sheet(side_px, _main(blocks))
    centre = _ABOVE if title else _ALONE
    sheet.ring(blocks, centre)
    sheet.length(*_length(timeline.duration_ms, language), centre)
    sheet.title(title)
    sheet.level(_LEVELS.index(level), language.named("level", level))
    return sheet.jpeg()


def draw_show(title: str, author: str, side_px: int) -> bytes:
    """The cover of a show."""
    each = _SLOTS // len(_EMBLEM)
    blocks = [_Block(at * each, (at + 1) * each, kind) for at, kind in enumerate(_EMBLEM)]
    shown = lettering.drawable(title)
    sheet = _Sheet(side_px, _EMBLEM_TINT)
    centre = _ABOVE if shown else _ALONE
    sheet.ring(blocks, centre)
    sheet.polygon([(_MIDDLE + x, centre + y) for x, y in _PLAY], COLOURS["ink"].dark)
    sheet.title(shown)
    sheet.text(lettering.fitted(lettering.drawable(author), _SMALL, _ROOM), _SMALL, _LAST_LINE, "faint")
    return sheet.jpeg()


def _blocks(timeline: Timeline) -> Iterator[_Block]:
    """The slots whose middles lie in one interval, interval by interval."""
    ends_ms = [one.end_ms for one in timeline.intervals]

    def interval(slot: int) -> int:
        return bisect_right(ends_ms, (2 * slot + 1) * timeline.duration_ms // (2 * _SLOTS))

    for index, group in groupby(range(_SLOTS), interval):
        slots = tuple(group)
        if index < len(ends_ms):
            yield _Block(slots[0], slots[-1] + 1, timeline.intervals[index].kind)


def _main(blocks: Iterable[_Block]) -> str:
    """The kind of effort that takes most of the ring."""
    slots: dict[str, int] = {}
    for block in blocks:
        if LOOKS[block.kind].height == _TALLEST:
            slots[block.kind] = slots.get(block.kind, 0) + block.end - block.start
    return max(slots, key=slots.__getitem__, default="talk")


def _length(duration_ms: int, language: Language) -> tuple[str, str]:
    """A figure and its unit."""
    minutes = round(duration_ms / MS_PER_MINUTE)
    if duration_ms < MS_PER_MINUTE:
        return str(duration_ms // MS_PER_SECOND), language.label("unit_seconds")
    if minutes < _TWO_DIGITS:
        return str(minutes), language.label("unit_minutes")
    return f"{minutes // 60}:{minutes % 60:02}", language.label("unit_hours")


class _Sheet:
    """A square to draw on, in thousandths of its side."""

    def __init__(self, side_px: int, tint: str) -> None:
        from PIL import Image, ImageDraw  # a cached build must not pay for it

        self._scale = side_px / _SIDE
        self._ground = _mixed(_rgb(COLOURS["paper"].dark), _rgb(LOOKS[tint].dark), _TINT)
        self._image = Image.new("RGB", (side_px, side_px), self._ground)
        self._pen = ImageDraw.Draw(self._image)

    def ring(self, blocks: Sequence[_Block], centre: float) -> None:
        """The blocks around a centre that stands so far down."""
        from PIL import Image, ImageDraw

        side_px = round(2 * _OUTER * self._scale)
        scale = _SMOOTH * side_px / (2 * _OUTER)
        image = Image.new("RGB", (_SMOOTH * side_px, _SMOOTH * side_px), self._ground)
        pen = ImageDraw.Draw(image)
        for block in blocks:
            pen.polygon(_scaled(_outline(block), scale), LOOKS[block.kind].dark)
        corner = (round((_MIDDLE - _OUTER) * self._scale), round((centre - _OUTER) * self._scale))
        self._image.paste(image.reduce(_SMOOTH), corner)

    def polygon(self, points: _Points, colour: str) -> None:
        """A filled shape."""
        self._pen.polygon(_scaled(points, self._scale), colour)

    def text(self, line: str, size: float, y: float, colour: str, x: float | None = None) -> None:
        """A line that stands on `y` and begins at `x`, or in the middle of the sheet."""
        place = ((_MIDDLE if x is None else x) * self._scale, y * self._scale)
        font = lettering.font(max(1, round(size * self._scale)))
        self._pen.text(place, line, COLOURS[colour].dark, font, "ms" if x is None else "ls")

    def length(self, figure: str, unit: str, centre: float) -> None:
        """How long the session is, inside its ring."""
        size = min(_FIGURE, _FIGURE_ROOM / lettering.width(figure, 1))
        self.text(figure, size, centre + size * _CAPITALS / 2 - 24, "ink")
        self.text(unit, _UNIT, centre + 104, "faint")

    def title(self, title: str) -> None:
        """The title under the ring, as large as it can be."""
        size, lines = lettering.laid_out(title, _ROOM, _TITLES)
        high = size * _LEADING
        y = _TITLE_MIDDLE - (len(lines) - 1) * high / 2 + size * _CAPITALS / 2
        for index, line in enumerate(lines):
            self.text(line, size, y + index * high, "ink")

    def level(self, index: int, name: str) -> None:
        """As many of three dots as the level is hard, from 0, and its name."""
        dots = _DOTS_APART * len(_LEVELS) + _DOTS_BEFORE
        x = _MIDDLE - (dots + lettering.width(name, _SMALL)) / 2
        dim = _mixed(self._ground, _rgb(COLOURS["ink"].dark), _DIM)
        for place in range(len(_LEVELS)):
            is_lit = place <= index
            self._dot(x + place * _DOTS_APART, _rgb(COLOURS["ink"].dark) if is_lit else dim)
        self.text(name, _SMALL, _LAST_LINE, "faint", x + dots)

    def _dot(self, x: float, colour: _Rgb) -> None:
        y = _LAST_LINE - _SMALL * _CAPITALS / 2 - _DOT
        box = [length * self._scale for length in (x, y, x + 2 * _DOT, y + 2 * _DOT)]
        self._pen.ellipse(box, colour)

    def jpeg(self) -> bytes:
        """The sheet as it is published."""
        out = io.BytesIO()
        self._image.save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()


def _outline(block: _Block) -> _Points:
    """A block on a square that the ring fills: along the outer circle, and back on the inner one."""
    height = (_OUTER - _INNER) * LOOKS[block.kind].height / _TALLEST
    end = block.end - min(_GAP, (block.end - block.start) * _GAP_PART)
    angles = [2 * pi * slot / _SLOTS for slot in (*range(block.start, block.end), end)]
    around = [(_INNER + height, angle) for angle in angles] + [(_INNER, angle) for angle in reversed(angles)]
    return [(_OUTER + radius * sin(angle), _OUTER - radius * cos(angle)) for radius, angle in around]


def _scaled(points: _Points, scale: float) -> _Points:
    return [(x * scale, y * scale) for x, y in points]


def _rgb(colour: str) -> _Rgb:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _mixed(first: _Rgb, second: _Rgb, part: float) -> _Rgb:
    red, green, blue = (round(one + (other - one) * part) for one, other in zip(first, second, strict=True))
    return red, green, blue
