"""Whether a session's music can be played, told before anything of it is built.

In: a timeline. Out: an error for each file that a build would refuse. A file that nobody has looked at is
decoded once, which takes a quarter of what it takes to measure and keep it; how long it was is kept by its
content.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from audiocoach.errors import SeveralError
from audiocoach.keys import key
from audiocoach.making import bed, music
from audiocoach.routine.music import GENERATED
from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_BYTES, SAMPLES_PER_MS

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.making.music import MusicError
    from audiocoach.routine.music import Track
    from audiocoach.voice.clips import Store

_MS_BYTES = SAMPLES_PER_MS * SAMPLE_BYTES * 2
# -50 dB: what is never louder may be silent, by the measure that a build has.
_FAINT = 100


def refuse_unplayable(timeline: Timeline, store: Store) -> None:
    """See that all music of a session can be played, as a build would.

    Raises:
        SeveralError: the files that cannot, each at its line.
    """
    refused = [error for track in bed.tracks_of(timeline) if (error := _refusal(track, store))]
    if refused:
        raise SeveralError(refused)


def _refusal(track: Track, store: Store) -> MusicError | None:
    try:
        found = music.known(track, store)
        length_ms = found.length_ms if found else _length_ms(track, store)
        music.reel(track, music.Known(length_ms, music.VOICE_LUFS))
    except music.MusicError as error:
        return error
    return None


def _length_ms(track: Track, store: Store) -> int:
    """How much of a track there is to play.

    Raises:
        MusicError: it is damaged, cut short, silent, or no sound.
    """
    if track.name in GENERATED:
        return music.MOST_MS
    name = key("track", *music.shape_of(track))
    stored = store.get(name)
    if stored is not None:
        return int(json.loads(stored))
    length_ms, loudest = _heard(track)
    if loudest <= _FAINT:
        length_ms = music.prepare(track, store).length_ms
    store.put(name, json.dumps(length_ms).encode())
    return length_ms


def _heard(track: Track) -> tuple[int, int]:
    """How long it is, as far as it would be used, and its loudest sample."""
    audioop, size, loudest = mixer.load("audioop"), 0, 0
    with closing(music.decoded(track, (music.STEREO,))) as blocks:
        for block in blocks:
            size += len(block)
            loudest = max(loudest, audioop.max(block, SAMPLE_BYTES))
            if size >= music.MOST_MS * _MS_BYTES:
                return music.MOST_MS, loudest
    return size // _MS_BYTES, loudest
