"""A WAV file whose header was written before its end was known."""

from __future__ import annotations

import io
import struct
import wave

import pytest

from audiocoach.voice.engines.streamed import completed, is_wav
from tests.voices import tone

SAMPLES = tone(200)


def wav(samples: bytes = SAMPLES, channels: int = 1) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as target:
        target.setparams((channels, 2, 22_050, 0, "NONE", ""))
        target.writeframes(samples)
    return file.getvalue()


def claiming(size_bytes: int, body: bytes = wav()) -> bytes:
    at = body.index(b"data") + 4
    return (
        body[:4]
        + struct.pack("<I", 0xFFFF_FFFF)
        + body[8:at]
        + struct.pack("<I", size_bytes)
        + body[at + 4 :]
    )


def samples_of(body: bytes) -> bytes:
    with wave.open(io.BytesIO(body)) as source:
        assert source.getnframes() * source.getsampwidth() * source.getnchannels() == len(body) - 44
        return bytes(source.readframes(source.getnframes()))


@pytest.mark.parametrize("size_bytes", [0, 0x7FFF_F000, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_sizes_that_nobody_knew_become_those_that_are_there(size_bytes: int) -> None:
    assert completed(claiming(size_bytes)) == wav()


def test_half_a_sample_at_the_end_is_no_sound() -> None:
    assert samples_of(completed(claiming(0xFFFF_FFFF) + b"\1")) == SAMPLES
    stereo = claiming(0xFFFF_FFFF, wav(channels=2))
    assert samples_of(completed(stereo + b"\1\2\3")) == SAMPLES


def test_chunks_before_the_sound_are_passed_over() -> None:
    at = wav().index(b"data")
    listed = wav()[:at] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + claiming(0xFFFF_FFFF)[at:]
    assert completed(listed).endswith(SAMPLES)
    assert len(completed(listed)) == len(wav()) + 12


@pytest.mark.parametrize("body", [b"", b"RIFF", wav()[:40], wav()[:-100], wav(), b"RIFF\0\0\0\0WAVEfmt "])
def test_what_is_whole_or_cut_off_stays_as_it_is(body: bytes) -> None:
    assert completed(body) == body


def test_a_wav_file_is_known_by_its_beginning() -> None:
    assert is_wav(wav())
    assert not is_wav(SAMPLES)
