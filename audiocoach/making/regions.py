"""What a container makes of a region: once, checked, and kept under a name that holds all that shapes it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach.keys import key
from audiocoach.making import chimes, panning
from audiocoach.making.meter import measure
from audiocoach.sound import mixer
from audiocoach.sound.mp3.container import MP3
from audiocoach.store.fingerprint import libraries
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audiocoach.coaching.timeline import Utterance
    from audiocoach.sound.container import AnyContainer
    from audiocoach.sound.mixer import Region
    from audiocoach.voice.clips import Clip, Store
    from audiocoach.voice.studio import Studio

# Part of every key: raise it when the same region would become other frames.
_FORMAT = "1"
# Raise it when the same sound would be measured otherwise.
METER = "1"


def fetching(clips: Mapping[str, Utterance], studio: Studio, store: Store) -> Callable[[str], bytes]:
    """What gives the PCM of a sound by its key: a clip that is not there is spoken, a tone is drawn."""

    def fetch(sound: str) -> bytes:
        utterance = clips.get(sound)
        return chimes.fetched(sound, store) if utterance is None else studio.clip(utterance).samples

    return fetch


def encode_region(
    region: Region,
    fetch: Callable[[str], bytes],
    store: Store,
    container: AnyContainer = MP3,
    gain_db: float = 0.0,
) -> None:
    """Make a region's frames of the sounds in it, so much louder, and keep them.

    Raises:
        SoundError: what was encoded is not what went in.
        EngineError: a clip could not be spoken.
    """
    pcm = panning.mixed(region, fetch, container.channels, gain_db)
    head = container.head_of(region)
    stretch = container.encode(pcm, head)
    heard = container.check(stretch, pcm, head)
    own = region_key(region, container, gain_db)
    # First, so that whoever has the one has the other.
    store.put(powers_key(own), measure(heard, container.channels).to_bytes())
    store.put(own, stretch.to_bytes())


def encode_alone(
    clip: Clip, store: Store, container: AnyContainer = MP3, gain_db: float = 0.0, side: str = ""
) -> None:
    """Encode a clip as a region of its own at the start of a frame, where most words will stand.

    Done as soon as it is spoken, before it is known where it goes: words start on the container's grid
    unless they have a time of their own.

    Raises:
        SoundError: as `encode_region`.
    """
    region = alone(clip.key, clip.duration_ms, container, side)
    if store.size_bytes(region_key(region, container, gain_db)) is None:
        encode_region(region, lambda _: clip.samples, store, container, gain_db)


def alone(clip: str, duration_ms: int, container: AnyContainer = MP3, side: str = "") -> Region:
    """A clip at the start of a frame, with silence on both sides of it."""
    return mixer.Region(container.head_frames, (mixer.Part(0, ms_to_samples(duration_ms), clip, side),))


def region_key(region: Region, container: AnyContainer = MP3, gain_db: float = 0.0) -> str:
    """What a container makes of a region, louder than it was made by so much, is called so in the store."""
    louder = (f"{gain_db:+g} dB",) if gain_db else ()
    return _region_key(region.parts, (*container.key_parts, str(container.head_of(region)), *louder))


def powers_key(region: str) -> str:
    """How loud the region of this name is, is called so."""
    return key("powers", METER, region)


@lru_cache(maxsize=65536)
def _region_key(parts: tuple[mixer.Part, ...], made: tuple[str, ...]) -> str:
    return key("region", _FORMAT, *libraries(), mixer.Region(0, parts).key, *made)
