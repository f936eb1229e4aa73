"""The frames of a region: made once, checked, and kept under a name that holds all that shapes them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach.keys import key
from audiocoach.sound import mixer, mp3, tones
from audiocoach.store.fingerprint import libraries
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.sound.mixer import Region
    from audiocoach.voice.clips import Clip, Store
    from audiocoach.voice.studio import Studio

# Part of every key: raise it when the same region would become other frames.
_FORMAT = "1"


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
    region = alone(clip.key, clip.duration_ms)
    if store.size_bytes(region_key(region)) is None:
        _encode(region, lambda _: clip.samples, store)


def alone(clip: str, duration_ms: int) -> Region:
    """A clip at the start of a frame, with silence on both sides."""
    return mixer.Region(mp3.HEAD_FRAMES, (mixer.Part(0, ms_to_samples(duration_ms), clip),))


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
    return key("region", _FORMAT, *libraries(), mixer.Region(0, parts).key, str(head))
