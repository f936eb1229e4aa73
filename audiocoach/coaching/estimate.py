"""How long words take when nobody has spoken them yet: for `check`, `preview --estimate` and drafts."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from audiocoach.language.language import traits

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Utterance

_DIGIT = re.compile(r"\d")


# The same phrases are asked for by every layout of a session, and by the next look at an edited one.
@lru_cache(maxsize=8192)
def estimate_ms(utterance: Utterance) -> int:
    """Milliseconds: in English, for eight of ten phrases within a sixth of what the voice takes.

    Its figures are those of the language and the engine, at 165 words a minute: least squares over the
    phrases of the five routines and of the benchmark's sessions, of the relative error for the usual engine
    (362 phrases), of the error by the root of the length for hibari (438).
    """
    text, voice = utterance.text, utterance.voice
    guess = traits(voice.language).estimate(voice.engine)
    spoken_ms = (
        guess.letter_ms * sum(map(str.isalpha, text))
        + guess.digit_ms * len(_DIGIT.findall(text))
        + guess.sentence_ms * _pauses(text, guess.sentence_marks)
        + guess.comma_ms * _pauses(text, guess.comma_marks)
    )
    return round(guess.start_ms + spoken_ms * guess.rate_wpm / voice.rate_wpm)


def _pauses(text: str, marks: str) -> int:
    """How many of these marks have a blank behind them."""
    return sum(mark in marks and after.isspace() for mark, after in pairwise(text))
