"""Short sounds become samples; what cannot is tested with `tone_files`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.decoding import short_sound
from audiocoach.errors import SoundError
from tests.test_music import encoded, wave

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sound_is_what_lies_between_its_silences_in_whole_milliseconds(tmp_path: Path) -> None:
    sound = np.concatenate(
        [np.zeros((4801, 1), np.int16), wave(0.25, channels=1), np.zeros((777, 1), np.int16)]
    )
    found = np.frombuffer(short_sound(encoded(tmp_path / "a.wav", sound), "wav", 3000), np.int16)
    assert len(found) == 250 * 48
    # Its first sample is 0, and so is what fills up its last millisecond.
    heard = np.trim_zeros(found)
    assert (heard == np.trim_zeros(wave(0.25, channels=1)[:, 0])[: len(heard)]).mean() > 0.99


def test_a_longer_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"it lasts 1\.5 s: expected at most 1 seconds"):
        short_sound(encoded(tmp_path / "a.wav", wave(1.5)), "wav", 1000)
