"""The containers there are, by what the names of their files end with, and by what people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.sound.m4b import M4B, M4B_STEREO
from audiocoach.sound.mp3.container import MP3, with_sides
from audiocoach.sound.opus import OPUS, OPUS_STEREO
from audiocoach.sound.wav import WAV, WAV_8K, WAV_STEREO

if TYPE_CHECKING:
    from audiocoach.sound.container import AnyContainer

# The longer of two endings first.
CONTAINERS: tuple[AnyContainer, ...] = (MP3, OPUS, M4B, WAV_8K, WAV)
BY_NAME: dict[str, AnyContainer] = {"mp3": MP3, "opus": OPUS, "m4b": M4B, "wav": WAV, "wav-8k": WAV_8K}

# With music in it. A telephone has one speaker.
_STEREO: dict[str, AnyContainer] = {
    OPUS.suffix: OPUS_STEREO,
    M4B.suffix: M4B_STEREO,
    WAV.suffix: WAV_STEREO,
    WAV_8K.suffix: WAV_8K,
}
# In 32 kb/s Opus has bits for one channel.
_SIDED: dict[str, AnyContainer] = {**_STEREO, MP3.suffix: with_sides(MP3), OPUS.suffix: OPUS}


def other_with_music(suffix: str) -> AnyContainer:
    """The container of a file beside an MP3 in which music plays, by what its name ends with."""
    return _STEREO[suffix]


def with_sides_of(suffix: str) -> AnyContainer:
    """The container of a file in which sounds lie to a side, by what its name ends with."""
    return _SIDED[suffix]


def container_of(name: str) -> AnyContainer:
    """The container of a file with this name; MP3 where no other claims it."""
    return next((one for one in CONTAINERS if name.endswith(one.suffix)), MP3)


def is_sound(name: str) -> bool:
    """Whether a file with this name is one of theirs."""
    return name.endswith(tuple(one.suffix for one in CONTAINERS))
