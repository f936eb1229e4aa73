"""What a phrase is spoken in: its sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.coaching.sentences import phrase_ms, sentences, starts_ms
from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice

SPLIT = {
    "Next: Squat. 40 seconds.": ["Next: Squat.", "40 seconds."],
    "Patient 12. This takes about 16 minutes.": ["Patient 12.", "This takes about 16 minutes."],
    "Ready? Breathe!  Last one.": ["Ready?", "Breathe!", "Last one."],
    "Round your back, look to your belly button.": ["Round your back, look to your belly button."],
    # A full stop that ends no sentence, or may end none.
    "Ask Dr. Smith, e.g. on the phone.": ["Ask Dr. Smith, e.g. on the phone."],
    "Hold for 2.5 seconds.": ["Hold for 2.5 seconds."],
    "Press approx. twice.": ["Press approx. twice."],
    # What follows could not be spoken by itself.
    "Well done. 👍 ...": ["Well done. 👍 ..."],
    "": [""],
}


@pytest.mark.parametrize("text", SPLIT)
def test_a_phrase_is_spoken_in_its_sentences(text: str) -> None:
    voice = Voice("fake")
    assert sentences(Utterance(text, voice)) == tuple(Utterance(one, voice) for one in SPLIT[text])


@given(st.text())
def test_no_word_is_lost_or_moved(text: str) -> None:
    parts = [one.text for one in sentences(Utterance(text, Voice()))]
    assert " ".join(parts).split() == text.split()


def test_sentences_are_a_breath_apart_and_on_the_grid_of_the_first() -> None:
    assert starts_ms([1000, 500, 700], 24) == (0, 1344, 2184)
    assert starts_ms([1000], 24) == (0,)
    assert starts_ms([1000, 500, 700], 1) == (0, 1336, 2172)
    assert starts_ms([1000, 500, 700], 20) == (0, 1340, 2180)
    assert phrase_ms(Utterance("Next: Squat. 40 seconds.", Voice()), lambda _: 1000, 24) == 2344
