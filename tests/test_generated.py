"""The beds that ship: code, the same on every run, and different from each other."""

from __future__ import annotations

import numpy as np
import pytest

from audiocoach.making import music
from audiocoach.routine.music import GENERATED, Track
from audiocoach.sound.bed import generated, score
from audiocoach.sound.bed.generated import Recipe
from tests.voices import DictStore


def test_each_is_as_long_as_it_has_to_be_to_come_again_after_a_minute() -> None:
    for name in GENERATED:
        bpm = 97 if name == "pulse" else 0
        period_ms, _ = score.period_of(generated.recipe(name, bpm).length_ms, bpm)
        assert 55_000 < period_ms <= 60_000


@pytest.mark.parametrize("name", GENERATED)
def test_it_is_stereo_that_never_clips_and_the_same_every_time(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = generated.recipe(name, 120)
    short = Recipe(8_000, whole.rate_hz, whole.specs)
    monkeypatch.setattr(generated, "recipe", lambda *_: short)
    track, stores = Track(name, 120 if name == "pulse" else 0), (DictStore(), DictStore())
    for store in stores:
        assert music.prepare(track, store).length_ms == 8_000
    assert stores[0].entries == stores[1].entries
    pcm = np.frombuffer(music.samples(track, stores[0], 0, 8_000), "<i2").reshape(-1, 2)
    assert 2_000 < abs(pcm.astype(int)).max() < 32_000
    assert (pcm[:, 0] != pcm[:, 1]).any()
