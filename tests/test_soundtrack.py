"""A timeline's regions, and the sentences in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.sentences import sentences
from audiocoach.coaching.timeline import Speech
from audiocoach.making.sessions import open_session
from audiocoach.making.soundtrack import plan_sound
from audiocoach.making.speech import draft
from audiocoach.store.options import Overrides
from audiocoach.voice.studio import Studio
from tests.builds import squats
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path


def test_each_sentence_of_a_phrase_sounds_in_its_place_and_the_last_ends_with_it(tmp_path: Path) -> None:
    session = open_session(squats(tmp_path), Overrides())
    with Studio(DictStore()) as studio:
        studio.record(draft(session, studio).unheard)
        timeline = draft(session, studio).timeline
        scored = plan_sound(timeline, studio)
        spoken = [event for event in timeline.events if isinstance(event, Speech)]
        keys = [[studio.key(one) for one in sentences(event.utterance)] for event in spoken]
    parts = {
        (region.first_frame * 1152 + part.offset_samples, part.sound): part.length_samples
        for region in scored.regions
        for part in region.parts
    }
    for event, (first, *_, last) in zip(spoken, [[one[0], *one] for one in keys], strict=True):
        assert (event.start_ms * 48, first) in parts
        ends = [start + length for (start, sound), length in parts.items() if sound == last]
        assert event.end_ms * 48 in ends
    assert any(len(one) > 1 for one in keys)
    assert set(scored.clips) == {key for one in keys for key in one}
