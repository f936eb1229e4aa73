"""Silence inside a text: `Breathe in … <pause 3s> and out`. Pure.

In: a text with marks. Out: its parts, each with the silence that follows it. A part is spoken by itself, so
that no voice can read a mark, and whoever shows what is said shows the parts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND

MARK = re.compile(r"<pause (\d{1,2}(?:\.\d{1,3})?)s>")
# Two parts are two phrases, which lie at least 168 ms apart; what is longer is a step of a session.
LEAST_MS, MOST_MS = 200, 60_000


@dataclass(frozen=True, slots=True)
class Part:
    """Words without a mark, and how long it is silent after them."""

    text: str
    pause_ms: int = 0


def pause_ms(mark: re.Match[str]) -> int:
    """The silence that a mark stands for."""
    return round(float(mark[1]) * MS_PER_SECOND)


@lru_cache(maxsize=8192)
def parts(text: str) -> tuple[Part, ...]:
    """The parts of a text in order, each with words: itself where it has no mark, none where it has no words.

    Whatever is spoken is measured, and laid, by its parts: so what has no words makes no sound.
    """
    marks = list(MARK.finditer(text))
    edges = [0, *(edge for mark in marks for edge in mark.span()), len(text)]
    texts = [text[start:end].strip() for start, end in list(pairwise(edges))[::2]]
    rows = zip(texts, [*map(pause_ms, marks), 0], strict=True)
    found = [Part(words, silence_ms) for words, silence_ms in rows if words]
    return (*found[:-1], Part(found[-1].text)) if found else ()
