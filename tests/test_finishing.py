"""What a session is finished with: its recipe, tag, cover and companions."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mutagen.id3 import ID3

from audiocoach.coaching.timeline import Speech
from audiocoach.making.finishing import COMPANIONS, recipe_of
from audiocoach.making.regions import encode_region, fetching
from audiocoach.making.sessions import open_session
from audiocoach.making.soundtrack import plan_sound
from audiocoach.making.speech import draft
from audiocoach.publish.cover import draw
from audiocoach.store.fingerprint import Fingerprint
from audiocoach.store.options import Overrides
from audiocoach.voice.studio import Studio
from tests.builds import squats
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path


def test_every_region_is_encoded_once_and_kept(tmp_path: Path) -> None:
    path, store = squats(tmp_path), DictStore()
    session = open_session(path, Overrides())
    with Studio(store) as studio:
        studio.record(draft(session, studio).unheard)
        timeline = draft(session, studio).timeline
        scored = plan_sound(timeline, studio)
        for region in scored.distinct.values():
            encode_region(region, fetching(dict(scored.clips_of(region)), studio, store), store)
        recipe = recipe_of(session, timeline, scored, Fingerprint(Overrides(), studio.voice_key), store)
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
