"""WAV: samples as they are, with cue points for chapters."""

from __future__ import annotations

import io
import struct
import wave
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import SoundError
from audiocoach.sound import tones
from audiocoach.sound.wav import EDITOR, WAV, WAV_8K, write
from audiocoach.sound.whole import Samples
from tests.test_opus import FIELDS, never

if TYPE_CHECKING:
    from audiocoach.sound.container import AnyContainer

GO = tones.render("go")


def written(
    container: AnyContainer, placed: list[tuple[int, Samples]], samples: int, told: bytes = b""
) -> bytes:
    out = io.BytesIO()
    container.join(out, placed, samples, told, never)
    return out.getvalue()


def chunks(data: bytes) -> dict[str, bytes]:
    """The chunks of a RIFF by name, lists by their kind."""
    found, at = {}, 12
    while at < len(data):
        name, size = data[at : at + 4].decode("ascii"), int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]
        found[body[:4].decode("ascii") if name == "LIST" else name] = body
        at += 8 + size + size % 2
    return found


def test_an_editor_gets_every_sample_as_it_was_mixed() -> None:
    data = written(WAV, [(100, Samples(GO))], 48_000, WAV.tag(FIELDS))
    with wave.open(io.BytesIO(data)) as found:
        assert (found.getframerate(), found.getnchannels(), found.getsampwidth()) == (48_000, 1, 2)
        assert found.readframes(found.getnframes()) == bytes(9600) + GO + bytes(96_000 - 9600 - len(GO))
    WAV.prove(io.BytesIO(data))


@pytest.mark.parametrize("samples", [48_000, 480_000, 6])
def test_a_telephone_gets_so_much_less_of_the_exact_length(samples: int) -> None:
    with wave.open(io.BytesIO(written(WAV_8K, [], samples))) as found:
        assert (found.getframerate(), found.getnframes()) == (8_000, samples // 6)


def test_chapters_are_cue_points_with_labels_in_order() -> None:
    for container, rate_hz in ((WAV, 48_000), (WAV_8K, 8_000)):
        found = chunks(written(container, [], 48_000 * 60, container.tag(FIELDS)))
        count = int.from_bytes(found["cue "][:4], "little")
        points = [struct.unpack_from("<II", found["cue "], 4 + 24 * index) for index in range(count)]
        assert points == [(1, 0), (2, 30 * rate_hz)]
        assert found["adtl"] == (b"adtllabl\x0c\0\0\0\x01\0\0\0Opening\0labl\x0a\0\0\0\x02\0\0\0Squat\0")
        assert b"INAM\x0d\0\0\0Legs & backs\0\0" in found["INFO"]


def test_what_is_longer_than_a_wav_can_be_is_told() -> None:
    with pytest.raises(SoundError, match="a WAV lasts 12:25:28 at most, at 48000 Hz: leave it out"):
        write(io.BytesIO(), [], 48_000 * 3600 * 13, b"", EDITOR)


@pytest.mark.parametrize("data", [b"", b"nothing of the kind", written(WAV, [], 480)[:-2]])
def test_what_is_no_whole_wav_is_told(data: bytes) -> None:
    with pytest.raises(SoundError, match="the file is no"):
        WAV.prove(io.BytesIO(data))
