"""How long is too long."""

from __future__ import annotations

import pytest

from audiocoach.voice.limits import Limits, least_ms, most_ms


def test_a_long_text_has_more_time() -> None:
    limits = Limits(clip_ms=1000, character_ms=10)
    assert limits.for_text("") == 1000
    assert limits.for_text("x" * 100) == 2000


@pytest.mark.parametrize(
    ("text", "rate_wpm", "least", "most"),
    [
        ("x" * 100, 165, 1800, 43_000),
        ("x" * 100, 330, 800, 43_000),
        ("x" * 100, 80, 1800, 85_500),
        ("Go", 165, -160, 3800),
        ("Ready ..........", 165, -100, 9400),
        ("💪", 165, -200, 4600),
    ],
)
def test_believable_lengths(text: str, rate_wpm: int, least: float, most: float) -> None:
    assert least_ms(text, rate_wpm) == pytest.approx(least)
    assert most_ms(text, rate_wpm) == pytest.approx(most)
