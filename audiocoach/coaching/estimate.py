"""How long words take when nobody has spoken them yet: for `check`, `preview --estimate` and drafts."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from audiocoach.language.language import traits

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Utterance

_DIGIT = re.compile(r"\d")


def estimate_ms(utterance: Utterance) -> int:
    """Milliseconds: in English, for eight of ten phrases within a sixth of what the default voice takes.

    Its figures are those of the language: least squares of the relative error over the 362 phrases of the
    five routines and of the benchmark's sessions, in the default voice at 165 words a minute.
    """
    text, guess = utterance.text, traits(utterance.voice.language).estimate
    spoken_ms = (
        guess.letter_ms * sum(map(str.isalpha, text))
        + guess.digit_ms * len(_DIGIT.findall(text))
        + guess.sentence_ms * _pauses(text, guess.sentence_marks)
        + guess.comma_ms * _pauses(text, guess.comma_marks)
    )
    return round(guess.start_ms + spoken_ms * guess.rate_wpm / utterance.voice.rate_wpm)


def _pauses(text: str, marks: str) -> int:
    """How many of these marks have a blank behind them."""
    return sum(mark in marks and after.isspace() for mark, after in pairwise(text))
