"""The files of other kinds that a session comes in: mixed of the same sounds at the same times as its MP3.

They are encoded whole, so nothing of them is kept but the clips that they are made of; what they came to is
measured by decoding them.
"""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING

from audiocoach.errors import BuildError
from audiocoach.keys import key
from audiocoach.making.gain import amplified
from audiocoach.making.meter import Meter
from audiocoach.making.regions import METER
from audiocoach.sound import hearing, mixer, tones
from audiocoach.sound.containers import container_of
from audiocoach.sound.whole import Samples
from audiocoach.store.fingerprint import libraries
from audiocoach.store.recipe import level_from_json, level_to_json
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from audiocoach.sound.container import AnyContainer, Sink
    from audiocoach.store.recipe import Level, Recipe
    from audiocoach.voice.clips import Store


# An MP3 takes so much away from sound; these do not. So they are as loud as it is, and their peaks as low.
_AS_AN_MP3_DB = -0.4


def write_other(out: Sink, suffix: str, recipe: Recipe, store: Store, gain_db: float) -> None:
    """Write the file of a recipe whose name ends so; what is in it is so much louder than its clips.

    Raises:
        SoundError: what was encoded is not what went in; or it is too long for such a file.
        BuildError: a clip has gone since.
    """
    container, tag = container_of(suffix), dict(recipe.others)[suffix]
    placed = _placed(recipe, container, _clips_of(store), gain_db)
    container.join(out, placed, ms_to_samples(recipe.duration_ms), tag, _keep_nothing)


def _keep_nothing(_name: str, make: Callable[[], bytes], /) -> bytes:
    return make()


def _placed(
    recipe: Recipe, container: AnyContainer, fetch: Callable[[str], bytes], gain_db: float
) -> Iterator[tuple[int, Samples]]:
    """The sounds of a recipe in order of time, those that overlap in one piece."""
    for region in container.regions(mixer.Placement(*sound) for sound in recipe.sounds):
        yield region.first_frame, Samples(amplified(mixer.mix(region, fetch), gain_db + _AS_AN_MP3_DB))


def _clips_of(store: Store) -> Callable[[str], bytes]:
    def fetch(sound: str) -> bytes:
        if sound.startswith("tone:"):
            return tones.render(sound.split(":")[1])
        clip = store.get(sound)
        if clip is None:
            raise BuildError(f"the clip {sound} went while a file was being made of it: build once more")
        return clip

    return fetch


def write_rest(sound: Path, start_ms: int, out: BinaryIO) -> None:
    """Write what a finished file sounds like from there on, as a WAV: for players that cannot seek.

    Raises:
        SoundError: it does not decode.
    """
    left_out = ms_to_samples(start_ms) * SAMPLE_BYTES
    with wave.open(out, "wb") as rest:
        rest.setparams((1, SAMPLE_BYTES, SAMPLE_RATE_HZ, 0, "NONE", ""))

        def hear(pcm: bytes) -> None:
            nonlocal left_out
            rest.writeframesraw(pcm[left_out:])
            left_out = max(0, left_out - len(pcm))

        hearing.listen(sound, (), container_of(sound.name).demuxer, hear)


def measured(path: Path, digest: str, store: Store) -> Level:
    """How loud a finished file with this content is: it is decoded once.

    Raises:
        SoundError: it does not decode.
    """
    own = key("level", METER, libraries(), digest)
    stored = store.get(own)
    if stored is not None:
        kept = level_from_json(json.loads(stored))
        if kept:
            return kept
    meter = Meter()
    hearing.listen(path, (), container_of(path.name).demuxer, meter.hear)
    level = meter.level()
    store.put(own, json.dumps(level_to_json(level)).encode("ascii"))
    return level
