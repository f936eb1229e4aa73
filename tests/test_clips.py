"""What passes between the studio and those who work for it."""

from __future__ import annotations

from audiocoach.voice.clips import Clip, Failure, RecordingError
from tests.voices import fake


def test_a_clip_knows_its_length_from_its_samples() -> None:
    assert Clip.of("clip-a", bytes(96 * 240)).duration_ms == 240


def test_a_recording_error_says_each_sentence_once_and_long_texts_shortened() -> None:
    same = Failure(fake("Round."), "the voice crashed")
    long = Failure(fake("Round your back. " * 9), "the voice crashed")
    error = RecordingError(same, same, long)
    assert str(error).splitlines() == [
        "'Round.': the voice crashed",
        "'Round your back. Round your back. Round your back. Round you…': the voice crashed",
    ]
    assert error.failures == (same, same, long)
