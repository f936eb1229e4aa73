"""A timeline's regions and their frames."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from audiocoach.build.sessions import Wanted, open_session
from audiocoach.build.soundtrack import region_key, soundtrack_of, write_mp3
from audiocoach.build.speech import speak
from audiocoach.sound import mixer, mp3
from audiocoach.units import ms_to_samples
from audiocoach.voice.studio import Studio
from tests.builds import Heard, squats
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path


def test_every_region_is_encoded_once_and_kept(tmp_path: Path) -> None:
    session, store = open_session(squats(tmp_path), Wanted()), DictStore()
    with Studio(store) as studio:
        timeline = speak([session], studio, Heard()).timelines["squats"]
        track = soundtrack_of(timeline, studio, store)
        tasks = track.tasks()
        assert set(tasks) == {region_key(region) for region in track.regions}
        for task in tasks.values():
            task()
        assert soundtrack_of(timeline, studio, store).tasks() == {}
        out = BytesIO()
        size = write_mp3(out, session.routine, timeline, track)
    assert size == len(out.getvalue())
    out.seek(0)
    assert mp3.walk(out) == mp3.frame_count(ms_to_samples(timeline.duration_ms))


def test_a_key_knows_the_sounds_and_the_place_in_the_frame_and_nothing_else() -> None:
    part = mixer.Part(48, 4800, "clip-a")
    here, there = mixer.Region(40, (part,)), mixer.Region(90, (part,))
    assert region_key(here) == region_key(there)
    assert region_key(here) != region_key(mixer.Region(40, (mixer.Part(96, 4800, "clip-a"),)))
    assert region_key(here) != region_key(mixer.Region(40, (mixer.Part(48, 4800, "clip-b"),)))
    # The first frames of a file are encoded from its real beginning.
    assert region_key(here) != region_key(mixer.Region(2, (part,)))
