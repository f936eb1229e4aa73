"""The containers there are, by what the names of their files end with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.opus import OPUS

if TYPE_CHECKING:
    from audiocoach.sound.container import AnyContainer

CONTAINERS: tuple[AnyContainer, ...] = (MP3, OPUS)


def container_of(name: str) -> AnyContainer:
    """The container of a file with this name; MP3 where no other claims it."""
    return next((one for one in CONTAINERS if name.endswith(one.suffix)), MP3)
