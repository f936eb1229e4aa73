"""Sound files of any format as samples: 16 bit, little endian, mono. Importing this imports PyAV: 40 ms."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, cast

import av

from audiocoach import regular
from audiocoach.errors import SoundError
from audiocoach.units import SAMPLE_RATE_HZ
from audiocoach.voice import filters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import InputContainer

    from audiocoach.voice.filters import FilterSpec


def blocks(path: Path, rate_hz: int = SAMPLE_RATE_HZ, specs: tuple[FilterSpec, ...] = ()) -> Iterator[bytes]:
    """The first sound of a file through `specs`, piece by piece, at `rate_hz`.

    Raises:
        SoundError: it cannot be read, or nothing in it is sound.
    """
    form = ("aformat", {"sample_fmts": "s16", "channel_layouts": "mono", "sample_rates": str(rate_hz)})
    with _explained(path), regular.open_regular(path) as file, av.open(file) as container:
        frames = cast("InputContainer", container).decode(audio=0)
        yield from map(filters.samples, filters.filtered(frames, (*specs, form)))


def decoded(path: Path, most_bytes: int) -> bytes:
    """All of it, at 48 kHz.

    Raises:
        SoundError: as `blocks`, or there are more than `most_bytes`.
    """
    samples = bytearray()
    for block in blocks(path):
        samples += block
        if len(samples) > most_bytes:
            raise SoundError(f"{path}: is too long for one sentence")
    return bytes(samples)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (av.FFmpegError, IndexError) as error:
        expected = "a recording such as WAV, FLAC, MP3 or M4A"
        raise SoundError(f"{path}: cannot be decoded: expected {expected}") from error
    except OSError as error:
        raise SoundError(f"{path}: cannot be read: {error.strerror}") from error
