"""A timeline's sound: which regions it is made of, and the frames of each, made once and kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach.build import artwork
from audiocoach.build.manifest import absolute
from audiocoach.build.recipe import Recipe, Source
from audiocoach.build.setting import libraries
from audiocoach.coaching.estimate import estimate_ms
from audiocoach.coaching.sentences import sentences, starts_ms
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.publish import chapters, transcript
from audiocoach.publish.preview import as_json
from audiocoach.sound import mixer, mp3, tags, tones
from audiocoach.units import SAMPLE_BYTES, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audiocoach.build.sessions import Session
    from audiocoach.build.setting import Setting
    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.routine.model import Routine
    from audiocoach.sound.mixer import Region
    from audiocoach.voice.clips import Clip, Store
    from audiocoach.voice.studio import Studio

# Part of every key: raise it when the same region would become other frames.
_FORMAT = "1"

# What stands beside each MP3, by what its name ends with.
COMPANIONS: dict[str, Callable[[Timeline], str]] = {
    ".timeline.json": as_json,
    ".chapters.json": chapters.as_json,
    ".vtt": transcript.vtt,
    ".lrc": transcript.lrc,
    ".txt": transcript.txt,
}


@dataclass(frozen=True, slots=True)
class Score:
    """The regions of one session in order of time, and its phrases by the keys of their clips."""

    regions: tuple[Region, ...]
    clips: Mapping[str, Utterance]

    @property
    def distinct(self) -> dict[str, Region]:
        """One region for each key."""
        return {region_key(region): region for region in self.regions}

    def clips_of(self, region: Region) -> tuple[tuple[str, Utterance], ...]:
        """The phrases of one region."""
        keys = dict.fromkeys(part.sound for part in region.parts)
        return tuple((key, self.clips[key]) for key in keys if key in self.clips)


def score(timeline: Timeline, studio: Studio) -> Score:
    """The regions of a timeline."""
    clips: dict[str, Utterance] = {}

    placements: list[mixer.Placement] = []
    for event in timeline.events:
        match event:
            case Speech():
                clips |= {studio.key(one): one for one in sentences(event.utterance)}
                placements += _spoken(event, studio)
            case Tone():
                placements.append(_placed(event.start_ms, event.duration_ms, tones.key(event.tone)))
    return Score(mixer.regions(placements), clips)


def _spoken(event: Speech, studio: Studio) -> Iterator[mixer.Placement]:
    """The sentences of a phrase; those that nobody has heard yet with an estimate."""
    parts = sentences(event.utterance)
    lengths_ms = [studio.heard(one) or estimate_ms(one) for one in parts]
    for one, start_ms, length_ms in zip(parts, starts_ms(lengths_ms), lengths_ms, strict=True):
        yield _placed(event.start_ms + start_ms, length_ms, studio.key(one))


def _placed(start_ms: int, length_ms: int, sound: str) -> mixer.Placement:
    return mixer.Placement(ms_to_samples(start_ms), ms_to_samples(length_ms), sound)


def recipe_of(session: Session, timeline: Timeline, scored: Score, setting: Setting) -> Recipe:
    """What the session's files are joined from.

    Raises:
        InputError: its own cover cannot be used.
    """
    cover = artwork.session_cover(session, timeline, artwork.IN_FILE_PX)
    voices = tuple(sorted({one.voice for one in scored.clips.values()}, key=repr))
    return Recipe(
        source=Source(
            inputs=(*((absolute(path), digest) for path, digest in session.inputs), *cover.inputs),
            voices=voices,
            setting=setting.of(voices),
        ),
        duration_ms=timeline.duration_ms,
        clips=tuple(sorted(scored.clips)),
        regions=tuple((region.first_frame, region_key(region)) for region in scored.regions),
        notes=timeline.notes,
        tag=_tag(session.routine, timeline, cover.jpeg),
        companions=tuple((suffix, told(timeline)) for suffix, told in COMPANIONS.items()),
    )


def _tag(routine: Routine, timeline: Timeline, cover: bytes) -> bytes:
    """Who coaches and what, the chapters, the words as players show them, and the cover."""
    credit, language = dict(routine.credit), timeline.language
    said = [(line.start_ms, line.text) for line in transcript.lines(timeline)]
    return tags.tag(
        title=timeline.title,
        artist=credit.get("coach", "audiocoach"),
        album=credit.get("publisher", "audiocoach"),
        length_ms=timeline.duration_ms,
        chapters=chapters.chapters(timeline),
        more=tags.origin_frames(language)
        + tags.comment_frame(routine.description, language)
        + tags.lyrics_frame(transcript.lrc(timeline), language)
        + tags.synced_frame(said, language)
        + tags.picture_frame(cover),
    )


def encode_region(region: Region, clips: Mapping[str, Utterance], studio: Studio, store: Store) -> None:
    """Make a region's frames and keep them; a clip that is not there is spoken.

    Raises:
        SoundError: what was encoded is not what went in.
        EngineError: a clip could not be spoken.
    """

    def fetch(sound: str) -> bytes:
        utterance = clips.get(sound)
        return tones.render(sound.split(":")[1]) if utterance is None else studio.clip(utterance).samples

    _encode(region, fetch, store)


def encode_alone(clip: Clip, store: Store) -> None:
    """Encode a clip as a region of its own at the start of a frame, where most words will stand.

    Done as soon as it is spoken, before it is known where it goes: words start on the 24 ms grid
    unless they have a time of their own.

    Raises:
        SoundError: as `encode_region`.
    """
    alone = mixer.Region(mp3.HEAD_FRAMES, (mixer.Part(0, len(clip.samples) // SAMPLE_BYTES, clip.key),))
    if store.get(region_key(alone)) is None:
        _encode(alone, lambda _: clip.samples, store)


def _encode(region: Region, fetch: Callable[[str], bytes], store: Store) -> None:
    """Mix a region, encode it, decode it again to check it, and keep its frames."""
    pcm = mixer.mix(region, fetch)
    head = mp3.head_frames(region.first_frame)
    frames = mp3.encode(pcm, head)
    mp3.check(frames, pcm, head)
    store.put(region_key(region), frames.to_bytes())


def region_key(region: Region) -> str:
    """What a region's frames are called in the store."""
    return _region_key(region.parts, mp3.head_frames(region.first_frame))


@lru_cache(maxsize=65536)
def _region_key(parts: tuple[mixer.Part, ...], head: int) -> str:
    text = repr((_FORMAT, *libraries(), mixer.Region(0, parts).key, str(head)))
    return f"region-{hashlib.sha256(text.encode()).hexdigest()[:40]}"
