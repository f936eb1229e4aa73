"""Sound files of any format as samples."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import av
import pytest

from audiocoach.errors import SoundError
from audiocoach.voice import decode, filters
from tests.recorded import write_tone
from tests.voices import tone

if TYPE_CHECKING:
    from pathlib import Path

SECOND_BYTES = 96_000


SIZED = ("asetnsamples", {"n": "1024"})


def write_as(path: Path, codec: str) -> None:
    with av.open(str(path), "w") as container:
        stream = cast("av.AudioStream", container.add_stream(codec, rate=48_000, layout="mono"))
        form = ("aformat", {"sample_fmts": "fltp", "channel_layouts": "mono", "sample_rates": "48000"})
        for frame in filters.filtered(filters.frames(tone(1000, 48_000), 48_000), [form, SIZED]):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize(("name", "codec"), [("a.m4a", "aac"), ("a.mp3", "libmp3lame")])
def test_what_phones_record_is_read(tmp_path: Path, name: str, codec: str) -> None:
    write_as(tmp_path / name, codec)
    samples = decode.decoded(tmp_path / name, 2 * SECOND_BYTES)
    assert len(samples) == pytest.approx(SECOND_BYTES, rel=0.1)
    # Its hard edges leave a mark.
    assert max(memoryview(samples).cast("h")[12_000:36_000]) == pytest.approx(8000, rel=0.1)


def test_samples_come_at_the_rate_that_is_asked_for(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 1000)
    assert len(decode.decoded(tmp_path / "a.wav", SECOND_BYTES)) == SECOND_BYTES
    assert sum(map(len, decode.blocks(tmp_path / "a.wav", 16_000))) == 32_000


def test_what_is_too_long_is_refused(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 1000)
    with pytest.raises(SoundError, match=r"a\.wav: is too long for one sentence"):
        decode.decoded(tmp_path / "a.wav", SECOND_BYTES - 2)


def test_what_is_no_sound_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("Hello.")
    os.mkfifo(tmp_path / "pipe.wav")
    for name, says in (
        ("text.wav", "cannot be decoded"),
        ("pipe.wav", "it is no regular file"),
        ("none.wav", "cannot be read: No such file"),
    ):
        with pytest.raises(SoundError, match=rf"{name}: .*{says}"):
            list(decode.blocks(tmp_path / name))
