"""The guess for words that nobody has spoken yet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice
from audiocoach.store.cache import Cache
from audiocoach.voice.studio import Studio
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Finished


def test_it_is_near_what_the_default_voice_takes_for_the_five_routines(five: tuple[Finished, ...]) -> None:
    events = [event for one in five for event in one.timeline["events"] if event["kind"] == "speech"]
    lengths = {event["text"]: event["duration_ms"] for event in events}
    guessed = {text: estimate_ms(Utterance(text, Voice())) for text in lengths}
    assert abs(sum(guessed.values()) / sum(lengths.values()) - 1) < 0.05
    far = {text: guess for text, guess in guessed.items() if not 5 / 6 < guess / lengths[text] < 7 / 6}
    assert len(far) < len(guessed) / 5, json.dumps(far)


def test_it_is_near_what_the_natural_voice_takes_as_well(tmp_path: Path) -> None:
    phrases = (ROOT / "tests" / "nightly" / "phrases.txt").read_text("utf-8").splitlines()
    utterances = [Utterance(phrase, Voice("hibari")) for phrase in phrases]
    with Studio(Cache(tmp_path)) as studio:
        studio.record(utterances)
        taken_ms = [studio.measure(utterance) for utterance in utterances]
    guessed_ms = [estimate_ms(utterance) for utterance in utterances]
    assert abs(sum(guessed_ms) / sum(taken_ms) - 1) < 0.05
    near = [5 / 6 < guess / taken < 7 / 6 for guess, taken in zip(guessed_ms, taken_ms, strict=True)]
    assert sum(near) > 0.8 * len(near)


def test_a_faster_voice_takes_less() -> None:
    slow, fast = (estimate_ms(Utterance("Round your back.", Voice(rate_wpm=rate))) for rate in (120, 240))
    assert fast < slow
