"""Sentences: each is spoken and encoded once, whatever phrases it is part of. Pure.

In: what a voice is to say. Out: its sentences, and where each begins within the phrase. So `40 seconds.`
is one clip for all moves, and an edit of a long setup costs the sentence that was edited.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach.coaching.space import PAUSE_MS
from audiocoach.language.language import traits
from audiocoach.records import replace
from audiocoach.units import ceil_to

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiocoach.coaching.timeline import Utterance


@lru_cache(maxsize=8)
def _end(language: str) -> re.Pattern[str]:
    """What parts two sentences.

    In English a full stop behind fewer than four letters may be that of `Dr. Smith`, and before a small
    letter it ends nothing.
    """
    return re.compile(traits(language).sentence_end)


@lru_cache(maxsize=8192)
def sentences(utterance: Utterance) -> tuple[Utterance, ...]:
    """The sentences of an utterance in order; itself where it is one."""
    parts = _end(utterance.voice.language).split(utterance.text)
    return tuple(replace(utterance, text=part) for part in parts) if len(parts) > 1 else (utterance,)


def starts_ms(lengths_ms: Sequence[int], grid_ms: int) -> tuple[int, ...]:
    """Where sentences that last so long begin: a breath apart, and on the grid, counted from the first.

    So a phrase that stands on the grid has all its sentences there, and each has one encoding.
    """
    starts = [0]
    for length_ms in lengths_ms[:-1]:
        starts.append(ceil_to(starts[-1] + length_ms + PAUSE_MS, grid_ms))
    return tuple(starts)


def phrase_ms(utterance: Utterance, length_ms: Callable[[Utterance], int], grid_ms: int) -> int:
    """How long an utterance takes whose sentences take `length_ms`."""
    lengths_ms = [length_ms(one) for one in sentences(utterance)]
    return starts_ms(lengths_ms, grid_ms)[-1] + lengths_ms[-1]
