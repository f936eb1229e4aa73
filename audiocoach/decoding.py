"""Short sounds of any format as samples: 48 kHz, 16 bit, mono, from where they begin to where they end.

What a file is its first bytes tell: the reader for it is named by who has looked at them, so that nothing
that leads to other files is opened.
"""

from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING, BinaryIO, cast

from audiocoach import regular
from audiocoach.errors import SoundError
from audiocoach.units import MS_PER_SECOND, SAMPLE_RATE_HZ, SAMPLES_PER_MS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av import AudioFrame, AudioResampler
    from av.container import InputContainer

# -46 dB: what is softer than that beside its own peak is no part of a sound, but what an encoder smeared.
_FAINT = 200
_RIFF_BYTES = 8
_UNTOLD = 0xFFFFFFFF
_CUT = "it is cut short: its header tells of more than there is"


def short_sound(path: str | Path, demuxer: str, most_ms: int) -> array[int]:
    """Its samples without the silence around it, a whole number of milliseconds of them.

    Raises:
        SoundError: it is damaged, silent, or longer; the message ends a sentence.
        OSError: it cannot be read.
    """
    import av

    try:
        found = _trimmed(_decoded(path, demuxer, most_ms))
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise SoundError("it is damaged, or no sound that can be read") from error
    if not found:
        raise SoundError("it is silent")
    if len(found) > most_ms * SAMPLES_PER_MS:
        lasts = f"{len(found) / SAMPLE_RATE_HZ:.1f} s"
        raise SoundError(f"it lasts {lasts}: expected at most {most_ms // MS_PER_SECOND} seconds")
    return found


def _decoded(path: str | Path, demuxer: str, most_ms: int) -> array[int]:
    """The first sound of a file, as far as it has to be looked at: silence may lie around what is heard."""
    import av

    samples, enough = array("h"), 2 * most_ms * SAMPLES_PER_MS
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    with _whole(path, demuxer) as file, av.open(file, format=demuxer) as container:
        source = cast("InputContainer", container)
        for frame in _frames(source, resampler):
            samples.frombytes(bytes(frame.planes[0])[: frame.samples * samples.itemsize])
            if len(samples) > enough:
                raise SoundError(f"it lasts too long: expected at most {most_ms // MS_PER_SECOND} seconds")
        told_ms = (source.duration or 0) // MS_PER_SECOND
    if demuxer != "mp3" and len(samples) < told_ms * SAMPLES_PER_MS * 9 // 10:
        raise SoundError(_CUT)
    return samples


def _whole(path: str | Path, demuxer: str) -> BinaryIO:
    """The file, opened, if all of it is there: of a WAV that is cut short a decoder says nothing."""
    file = regular.open_regular(path)
    told = int.from_bytes(file.read(_RIFF_BYTES)[4:], "little")
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if demuxer == "wav" and told != _UNTOLD and told + _RIFF_BYTES > size:
        file.close()
        raise SoundError(_CUT)
    return file


def _frames(source: InputContainer, resampler: AudioResampler) -> Iterator[AudioFrame]:
    for frame in source.decode(audio=0):
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _trimmed(samples: array[int]) -> array[int]:
    floor = max(1, max(map(abs, samples), default=0) // _FAINT)
    loud = [at for at, sample in enumerate(samples) if abs(sample) > floor]
    if not loud:
        return array("h")
    heard = samples[loud[0] : loud[-1] + 1]
    heard.extend([0] * (-len(heard) % SAMPLES_PER_MS))
    return heard
