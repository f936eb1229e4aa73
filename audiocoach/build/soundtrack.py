"""A timeline's sound: which regions it is made of, their frames from the cache, and the finished MP3."""

from __future__ import annotations

import hashlib
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.sound import mixer, mp3, tags, tones
from audiocoach.units import SAMPLE_BYTES, ms_to_samples
from audiocoach.voice import installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from audiocoach.coaching.timeline import Event, Timeline, Utterance
    from audiocoach.routine.model import Routine
    from audiocoach.sound.mixer import Region
    from audiocoach.voice.clips import Clip, Store
    from audiocoach.voice.studio import Studio

# Part of every key: raise it when the same region would become other frames.
_FORMAT = "1"
_LIBRARIES = ("av", "lameenc", "pydub")


class Soundtrack:
    """The regions of one session in order of time, and their frames, each read or made once."""

    def __init__(
        self,
        regions: tuple[Region, ...],
        duration_samples: int,
        clips: dict[str, Utterance],
        studio: Studio,
        store: Store,
    ) -> None:
        self.regions = regions
        self.duration_samples = duration_samples
        self.store = store
        self._clips = clips
        self._studio = studio
        self._frames: dict[str, mp3.RegionFrames] = {}

    def tasks(self) -> dict[str, Callable[[], None]]:
        """What has to be encoded, by its key: regions whose frames are not in the store."""
        missing: dict[str, Callable[[], None]] = {}
        for region in self.regions:
            key = region_key(region)
            if key not in missing and not self._known(key):
                missing[key] = partial(self._encode, region, key)
        return missing

    def frames(self, region: Region) -> mp3.RegionFrames:
        """A region's frames, from the store or made now.

        Raises:
            SoundError: what was encoded is not what went in.
        """
        key = region_key(region)
        if not self._known(key):
            self._encode(region, key)
        return self._frames[key]

    def _known(self, key: str) -> bool:
        if key not in self._frames:
            stored = self.store.get(key)
            if stored is None:
                return False
            self._frames[key] = mp3.RegionFrames.from_bytes(stored)
        return True

    def _encode(self, region: Region, key: str) -> None:
        self._frames[key] = _encoded(region, key, self._fetch, self.store)

    def _fetch(self, sound: str) -> bytes:
        utterance = self._clips.get(sound)
        if utterance is not None:
            return self._studio.clip(utterance).samples
        return tones.render(sound.split(":")[1])


def _encoded(region: Region, key: str, fetch: Callable[[str], bytes], store: Store) -> mp3.RegionFrames:
    """Mix a region, encode it, decode it again to check it, and keep its frames."""
    pcm = mixer.mix(region, fetch)
    head = mp3.head_frames(region.first_frame)
    frames = mp3.encode(pcm, head)
    mp3.check(frames, pcm, head)
    store.put(key, frames.to_bytes())
    return frames


def encode_alone(clip: Clip, store: Store) -> None:
    """Encode a clip as a region of its own at the start of a frame, where most words will stand.

    Done while other clips are still being spoken, before it is known where this one goes: words
    start on the 24 ms grid unless they have a time of their own.
    """
    alone = mixer.Region(mp3.HEAD_FRAMES, (mixer.Part(0, len(clip.samples) // SAMPLE_BYTES, clip.key),))
    key = region_key(alone)
    if store.get(key) is None:
        _encoded(alone, key, lambda _: clip.samples, store)


def region_key(region: Region) -> str:
    """What a region's frames are called in the store."""
    return _region_key(region.parts, mp3.head_frames(region.first_frame))


@lru_cache(maxsize=65536)
def _region_key(parts: tuple[mixer.Part, ...], head: int) -> str:
    versions = [f"{name} {installed.version(name)}" for name in _LIBRARIES]
    text = repr((_FORMAT, *versions, mixer.Region(0, parts).key, str(head)))
    return f"region-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def soundtrack_of(timeline: Timeline, studio: Studio, store: Store) -> Soundtrack:
    """The regions of a timeline."""
    clips: dict[str, Utterance] = {}

    def sound(event: Event) -> str:
        match event:
            case Speech():
                key = studio.key(event.utterance)
                clips[key] = event.utterance
                return key
            case Tone():
                return tones.key(event.tone)

    placements = [
        mixer.Placement(ms_to_samples(event.start_ms), ms_to_samples(event.duration_ms), sound(event))
        for event in timeline.events
    ]
    regions = mixer.regions(placements)
    return Soundtrack(regions, ms_to_samples(timeline.duration_ms), clips, studio, store)


def write_mp3(out: BinaryIO, routine: Routine, timeline: Timeline, track: Soundtrack) -> int:
    """Join the finished file, walk its frames once to prove the join; its size in bytes.

    Raises:
        SoundError: the frames do not hold together.
    """
    credit = dict(routine.credit)
    tag = tags.tag(
        title=timeline.title,
        artist=credit.get("coach", "audiocoach"),
        album=credit.get("publisher", "audiocoach"),
        length_ms=timeline.duration_ms,
        chapters=timeline.chapters,
    )
    placed = ((region.first_frame, track.frames(region)) for region in track.regions)
    size_bytes = mp3.write(out, placed, track.duration_samples, _silence(track.store), tag)
    out.seek(0)
    mp3.walk(out)
    return size_bytes


def _silence(store: Store) -> mp3.Silence:
    """The silent frames: made once, then kept."""
    key = "silence-" + hashlib.sha256(f"{_FORMAT} {installed.version('lameenc')}".encode()).hexdigest()[:39]
    stored = store.get(key)
    if stored is not None:
        return mp3.Silence.from_bytes(stored)
    silence = mp3.silence()
    store.put(key, silence.to_bytes())
    return silence
