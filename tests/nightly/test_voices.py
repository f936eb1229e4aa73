"""What is understood of each voice that is installed. It takes minutes: `scripts/nightly` alone runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.routine.voice import Voice
from audiocoach.voice.choice import is_installed
from tests.nightly.judge import Heard, Marks, judge, word_errors
from tests.nightly.page import MOST_WORD_ERRORS, PAGE, with_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

VOICES = {
    "hibari, heart": Voice("hibari"),
    "piper, joe": Voice("piper", "joe"),
    "pyttsx3, espeak-ng": Voice("pyttsx3"),
}
NATURAL = "hibari, heart"


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Marks]:
    """Of each voice that is installed; the page has them, whatever they are."""
    folder = tmp_path_factory.mktemp("cache")
    voices = {name: voice for name, voice in VOICES.items() if is_installed(voice)}
    found = {name: judge(voice, folder) for name, voice in voices.items()}
    PAGE.write_text(with_marks(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    return found


def test_the_natural_voice_is_understood(marks: Mapping[str, Marks]) -> None:
    misheard = "\n".join(
        f"{one.text} -> {one.understood}" for one in marks[NATURAL].heard if not one.is_right
    )
    assert marks[NATURAL].word_errors <= MOST_WORD_ERRORS, misheard


@pytest.mark.parametrize(
    ("text", "understood", "share"),
    [
        ("Rest.", "rest", 0.0),
        ("First: Quad pull. 36 seconds, 3 sets.", "First, quad pull, thirty-six seconds, three sets.", 0.0),
        ("Hips up", "Heaps up.", 1 / 2),
        ("Press your low back flat.", "Press your back flat.", 1 / 5),
        ("Set 2 of 3.", "Set two of the three.", 1 / 4),
        ("Plank", "", 1.0),
    ],
)
def test_words_are_counted_however_they_are_spelled(text: str, understood: str, share: float) -> None:
    assert word_errors([Heard(text, understood)]) == pytest.approx(share)


def test_long_phrases_weigh_more_than_short_ones() -> None:
    assert (
        word_errors([Heard("Plank", "Blank"), Heard("Push the floor away", "push the floor away")]) == 1 / 5
    )
