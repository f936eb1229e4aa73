"""The frames of regions, and what they are called."""

from __future__ import annotations

import pytest

from audiocoach.errors import SoundError
from audiocoach.making.regions import encode_alone, region_key
from audiocoach.records import replace
from audiocoach.sound import mixer
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.mp3.encode import encode
from audiocoach.sound.mp3.reservoir import RegionFrames
from audiocoach.voice.studio import Studio
from tests.voices import DictStore, silent


def test_a_clip_alone_is_the_region_that_most_words_are() -> None:
    store = DictStore()
    with Studio(store) as studio:
        encode_alone(studio.clip(silent("Stand tall.")), store)
        key = studio.key(silent("Stand tall."))
        length = mixer.Part(0, 48 * studio.measure(silent("Stand tall.")), key)
    assert region_key(mixer.Region(90, (length,))) in store.entries


def test_a_sound_that_fails_its_check_is_not_kept() -> None:
    def broken(pcm: bytes, head: int = 8) -> RegionFrames:
        frames = encode(pcm, head)
        # Frames of another place: what a damaged encoder would give.
        return RegionFrames(frames.lead - 2, frames.frames)

    store = DictStore()
    with Studio(store) as studio, pytest.raises(SoundError, match="an encoded sound is not"):
        encode_alone(studio.clip(silent("Stand tall.")), store, replace(MP3, encode=broken))
    assert [key for key in store.entries if key.startswith("region-")] == []


def test_a_key_knows_the_sounds_and_the_place_in_the_frame_and_nothing_else() -> None:
    part = mixer.Part(48, 4800, "clip-a")
    here, there = mixer.Region(40, (part,)), mixer.Region(90, (part,))
    assert region_key(here) == region_key(there)
    assert region_key(here) != region_key(mixer.Region(40, (mixer.Part(96, 4800, "clip-a"),)))
    assert region_key(here) != region_key(mixer.Region(40, (mixer.Part(48, 4800, "clip-b"),)))
    # The first frames of a file are encoded from its real beginning.
    assert region_key(here) != region_key(mixer.Region(2, (part,)))
