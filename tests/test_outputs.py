"""The files of a session, joined from frames."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import SoundError
from audiocoach.making.outputs import write_session
from audiocoach.sound.mp3.encode import encode
from audiocoach.sound.mp3.frame import frame_count
from audiocoach.sound.mp3.walk import walk
from audiocoach.units import ms_to_samples
from tests.test_recipe import RECIPE
from tests.voices import DictStore, tone

if TYPE_CHECKING:
    from pathlib import Path

FRAMES = encode(tone(400, 48_000))


def test_an_entry_knows_every_file_by_size_and_digest(tmp_path: Path) -> None:
    entry = write_session(tmp_path, "a", RECIPE, lambda _: FRAMES, DictStore())
    assert [file.name for file in entry.files] == ["a.mp3", "a.timeline.json", "a.vtt"]
    for file in entry.files:
        data = (tmp_path / file.name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size_bytes, file.digest)
    with (tmp_path / "a.mp3").open("rb") as sound:
        assert walk(sound) == frame_count(ms_to_samples(60_000))
    assert (entry.duration_ms, entry.phrases, entry.notes) == (60_000, 1, RECIPE.notes)


def test_what_does_not_hold_together_leaves_no_file(tmp_path: Path) -> None:
    meeting = replace(RECIPE, regions=((8, "region-1"), (9, "region-1")))
    with pytest.raises(SoundError, match="two stretches of sound meet"):
        write_session(tmp_path, "a", meeting, lambda _: FRAMES, DictStore())
    assert list(tmp_path.iterdir()) == []
