"""What an engine may get to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.voice.words import clean, pieces


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Squat.", "Squat."),
        ("  Squat\t\nslowly \r\n", "Squat slowly"),
        ("Squat\0slowly", "Squat slowly"),
        ("Squat \ud800 slowly", "Squat slowly"),
        ("\u202eSquat\u202c", "Squat"),
        ("\ufeffSquat", "Squat"),
        ("<speak>[[h@loU]] -v evil %s {x}", "<speak>[[h@loU]] -v evil %s {x}"),
        ("💪🏽 🔥", "💪🏽 🔥"),
        ("\0", ""),
    ],
)
def test_what_no_voice_can_say_becomes_a_space(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_cleaned_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert "\0" not in cleaned


def test_long_text_is_cut_after_sentences() -> None:
    assert pieces("One two. Three four. Five.", 20, 10) == ("One two. Three four.", "Five.")


def test_a_sentence_too_long_is_cut_between_words() -> None:
    assert pieces("one two three four", 9, 9) == ("one two", "three", "four")


def test_a_word_too_long_is_cut_anywhere() -> None:
    assert pieces("x" * 7, 6, 3) == ("xxx", "xxx", "x") or pieces("x" * 7, 6, 3) == ("xxx", "xxx x")


@given(st.text(), st.integers(2, 50), st.integers(1, 50))
def test_no_piece_is_too_long_and_nothing_is_lost(text: str, longest: int, longest_word: int) -> None:
    words = clean(text)
    cut = pieces(words, longest, min(longest, longest_word))
    assert all(len(piece) <= longest for piece in cut)
    assert "".join(cut).replace(" ", "") == words.replace(" ", "")


def test_a_word_must_fit_in_a_piece() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        pieces("words", 3, 4)
