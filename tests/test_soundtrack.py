"""A timeline's regions and their frames."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3

from audiocoach.build.order import Wanted
from audiocoach.build.sessions import open_session
from audiocoach.build.setting import Setting
from audiocoach.build.soundtrack import COMPANIONS, encode_alone, encode_region, recipe_of, region_key, score
from audiocoach.build.speech import draft
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import SoundError
from audiocoach.publish.cover import draw
from audiocoach.sound import mixer, mp3
from audiocoach.voice.studio import Studio
from tests.builds import squats
from tests.voices import DictStore, silent

if TYPE_CHECKING:
    from pathlib import Path


def test_every_region_is_encoded_once_and_kept(tmp_path: Path) -> None:
    path, store = squats(tmp_path), DictStore()
    session = open_session(path, Wanted())
    with Studio(store) as studio:
        studio.record(draft(session, studio).unheard)
        timeline = draft(session, studio).timeline
        scored = score(timeline, studio)
        for region in scored.distinct.values():
            encode_region(region, dict(scored.clips_of(region)), studio, store)
        recipe = recipe_of(session, timeline, scored, Setting(Wanted(), studio.voice_key))
    assert {key for _, key in recipe.regions} == {key for key in store.entries if key.startswith("region-")}
    assert [first for first, _ in recipe.regions] == sorted(region.first_frame for region in scored.regions)
    assert recipe.source.routine == str(path)
    # Players show every phrase as it is spoken.
    (words,) = ID3(io.BytesIO(recipe.tag)).getall("SYLT")
    spoken = [event for event in timeline.events if isinstance(event, Speech)]
    assert [(text.strip(), at) for text, at in words.text] == [(one.text, one.start_ms) for one in spoken]
    # They show the cover as well, and what the files beside it tell is the timeline's.
    (picture,) = ID3(io.BytesIO(recipe.tag)).getall("APIC")
    assert picture.data == draw(timeline, "standard", 1000)
    assert recipe.companions == tuple((suffix, told(timeline)) for suffix, told in COMPANIONS.items())
    assert [suffix for suffix, _ in recipe.companions] == [
        *(".timeline.json", ".chapters.json", ".vtt", ".lrc", ".txt")
    ]
    # Nothing was spoken that is not heard.
    assert set(recipe.clips) == set(store.clips())


def test_a_clip_alone_is_the_region_that_most_words_are() -> None:
    store = DictStore()
    with Studio(store) as studio:
        encode_alone(studio.clip(silent("Stand tall.")), store)
        key = studio.key(silent("Stand tall."))
        length = mixer.Part(0, 48 * studio.measure(silent("Stand tall.")), key)
    assert region_key(mixer.Region(90, (length,))) in store.entries


def test_a_sound_that_fails_its_check_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    encode = mp3.encode

    def broken(pcm: bytes, head: int = 8) -> mp3.RegionFrames:
        frames = encode(pcm, head)
        # Frames of another place: what a damaged encoder would give.
        return mp3.RegionFrames(frames.lead - 2, frames.frames)

    monkeypatch.setattr(mp3, "encode", broken)
    store = DictStore()
    with Studio(store) as studio, pytest.raises(SoundError, match="an encoded sound is not"):
        encode_alone(studio.clip(silent("Stand tall.")), store)
    assert [key for key in store.entries if key.startswith("region-")] == []


def test_a_key_knows_the_sounds_and_the_place_in_the_frame_and_nothing_else() -> None:
    part = mixer.Part(48, 4800, "clip-a")
    here, there = mixer.Region(40, (part,)), mixer.Region(90, (part,))
    assert region_key(here) == region_key(there)
    assert region_key(here) != region_key(mixer.Region(40, (mixer.Part(96, 4800, "clip-a"),)))
    assert region_key(here) != region_key(mixer.Region(40, (mixer.Part(48, 4800, "clip-b"),)))
    # The first frames of a file are encoded from its real beginning.
    assert region_key(here) != region_key(mixer.Region(2, (part,)))
