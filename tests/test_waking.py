"""The tone under which earphones wake: before the first words, soft, and nowhere else."""

from __future__ import annotations

import pytest

from audiocoach import assets
from audiocoach.coaching.schedule import FIRST_WORD_MS, schedule
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.sound import tones
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.mp3.frame import FRAME_MS
from tests.generate import constant, planned
from tests.levels import measure_loudness

ROUTINE = "title: Any\nmoves: {plank: {}}\nsession: [{do: plank, hold: 20s}]\n"
LENGTH_MS = assets.tones()["wake"].duration_ms


def heard(extra: str = "", routine: str = ROUTINE) -> tuple[Speech | Tone, ...]:
    return schedule(planned(routine + extra), constant).events


@pytest.mark.parametrize("extra", ["", "keep_awake: on\n", "tones: soft\n", "language: en\n"])
def test_it_ends_shortly_before_the_first_words_which_come_at_one_second(extra: str) -> None:
    wake, first, *others = heard(extra)
    assert (wake.cue, wake.duration_ms) == ("wake", LENGTH_MS)
    assert isinstance(first, Speech)
    assert first.start_ms == -(-FIRST_WORD_MS // FRAME_MS) * FRAME_MS
    assert not [event for event in others if event.cue == "wake"]
    # Both are encoded by themselves, on whole frames, so that the tone is encoded once for all sessions.
    assert wake.start_ms % FRAME_MS == 0
    assert first.start_ms - wake.end_ms >= MP3.apart_frames * FRAME_MS


def test_words_that_come_later_wake_what_has_gone_to_sleep_meanwhile() -> None:
    wake, first, *_ = heard(
        routine="title: Any\nphrases: {opening: ''}\nsession: [{pause: 30s}, {say: Hello.}]\n"
    )
    assert (wake.cue, first.start_ms) == ("wake", 30_000)
    assert 0 < first.start_ms - wake.end_ms < 200


@pytest.mark.parametrize("extra", ["tones: none\n", "keep_awake: off\n"])
def test_without_tones_or_where_nothing_is_kept_awake_there_is_none(extra: str) -> None:
    assert isinstance(heard(extra)[0], Speech)


def test_where_a_tone_comes_first_it_is_enough() -> None:
    events = heard(routine="title: Any\nphrases: {opening: ''}\nsession: [{tone: bell}, {say: Hello.}]\n")
    assert [event.cue for event in events[:2]] == ["bell", "say"]


def test_it_is_far_softer_than_a_voice() -> None:
    assert measure_loudness(tones.render("wake")).integrated_lufs < -19 - 10
