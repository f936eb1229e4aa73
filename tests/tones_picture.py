"""The picture of all tones, from their table: `scripts/tones-picture` writes it, a test holds it to that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.routine.tones import MEANINGS, SETS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.assets import Partial, ToneNote

PICTURE = ROOT / "docs" / "shown" / "tones.svg"
ABOUT = "Every tone of the three sets: its time from left to right, its partials from bottom to top."
_LEFT, _TOP, _CELL, _ROW, _GAP = 90, 34, 225, 46, 20
_LOW_HZ, _HIGH_HZ = 400, 5000
_LONGEST_MS, _DEEPEST_DB = 900, 24
_STYLE = """\
text{font:13px system-ui,sans-serif;fill:#1d2b2a}.head{font-weight:600}.cell{fill:#eef2f1}.note{fill:#0d6b63}
@media(prefers-color-scheme:dark){text{fill:#e6efee}.cell{fill:#20302e}.note{fill:#63d2c6}}"""


def picture() -> str:
    """The whole SVG."""
    width = _LEFT + len(SETS) * (_CELL + _GAP)
    height = _TOP + len(MEANINGS) * _ROW + 6
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return "\n".join((head, f"<title>{ABOUT}</title>", f"<style>{_STYLE}</style>", *_cells(), "</svg>", ""))


def _cells() -> Iterator[str]:
    for column, family in enumerate(SETS):
        x = _LEFT + column * (_CELL + _GAP)
        yield f'<text class="head" x="{x}" y="22">{family}</text>'
        for row, meaning in enumerate(MEANINGS):
            y = _TOP + row * _ROW
            if not column:
                yield f'<text x="6" y="{y + _ROW // 2 + 2}">{meaning}</text>'
            yield f'<rect class="cell" x="{x}" y="{y}" width="{_CELL}" height="{_ROW - 8}" rx="4"/>'
            for note in assets.tone_sets()[family][meaning].notes:
                yield from _note(note, x, y)


def _note(note: ToneNote, x: float, y: float) -> Iterator[str]:
    for partial in note.partials:
        pitch_hz = note.frequency_hz * partial.ratio / 1000
        # So deep beside the others it is colour, and no line of its own.
        if partial.level_db > -_DEEPEST_DB and pitch_hz <= _HIGH_HZ:
            yield _stroke(note, partial, pitch_hz, x, y)


def _stroke(note: ToneNote, partial: Partial, pitch_hz: float, x: float, y: float) -> str:
    """A partial: thinner where it dies away, and where it glides slanted; a breath fills its cell."""
    stretch = 1 if not note.to_hz else _LONGEST_MS // note.duration_ms
    last_hz = pitch_hz * (note.to_hz or note.frequency_hz) / note.frequency_hz
    length_ms = note.duration_ms * stretch
    thick = 2.4 * (1 + partial.level_db / _DEEPEST_DB)
    thin = thick * 2 ** (-length_ms / partial.half_ms) if partial.half_ms else thick
    begin, end = (x + at_ms * _CELL / _LONGEST_MS for at_ms in (note.start_ms, note.start_ms + length_ms))
    first, last = (y + _height_of(hz) for hz in (pitch_hz, last_hz))
    corners = ((begin, first - thick), (end, last - thin), (end, last + thin), (begin, first + thick))
    return f'<polygon class="note" points="{" ".join(f"{left:.1f},{top:.1f}" for left, top in corners)}"/>'


def _height_of(pitch_hz: float) -> float:
    part = math.log(pitch_hz / _LOW_HZ) / math.log(_HIGH_HZ / _LOW_HZ)
    return (_ROW - 12) * (1 - part) + 2


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
