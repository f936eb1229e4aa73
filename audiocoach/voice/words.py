"""Words as an engine may get them: cleaned of what no voice can say, and cut where they are long.

Markup, phonemes, options and placeholders are words like any others and stay as they are.
"""

from __future__ import annotations

import re

# NUL ends a C string, a lone surrogate has no UTF-8, the marks of direction are for the eye.
_UNSPEAKABLE = re.compile("[\x00-\x20\x7f-\xa0\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+")
_SENTENCE_END = re.compile(r"(?<=[.!?;:]) ")


def clean(text: str) -> str:
    """`text` with every run of spaces, control characters and lone surrogates as one space."""
    return _UNSPEAKABLE.sub(" ", text).strip()


def pieces(text: str, longest: int, longest_word: int) -> tuple[str, ...]:
    """`text` in order, cut to at most `longest` characters: after sentences, else words, else anywhere.

    A word of more than `longest_word` characters is cut into such first, wherever it stands.
    """
    if longest_word > longest:
        raise ValueError(f"a word of {longest_word} characters does not fit in {longest}")
    # In a fork the pages of the module for expressions take longer than the rest of this.
    if len(text) <= longest and max(map(len, text.split()), default=0) <= longest_word:
        return (text,)
    words = re.sub(rf"(\S{{{longest_word}}})(?=\S)", r"\1 ", text)
    return tuple(
        piece for run in _joined(_SENTENCE_END.split(words), longest) for piece in _fitted(run, longest)
    )


def _fitted(run: str, longest: int) -> list[str]:
    return [run] if len(run) <= longest else _joined(run.split(" "), longest)


def _joined(parts: list[str], longest: int) -> list[str]:
    """Neighbours joined with a space for as long as they fit."""
    runs: list[str] = []
    for part in parts:
        if runs and len(runs[-1]) + 1 + len(part) <= longest:
            runs[-1] = f"{runs[-1]} {part}"
        else:
            runs.append(part)
    return runs
