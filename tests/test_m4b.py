"""AAC in MPEG-4, from stretches of samples."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import av
import pytest
from mutagen.mp4 import MP4

from audiocoach.errors import SoundError
from audiocoach.sound import tones
from audiocoach.sound.m4b import M4B, join, tag
from audiocoach.sound.whole import Proof, Samples
from tests.decoders import pyav
from tests.test_opus import FIELDS, never

if TYPE_CHECKING:
    from pathlib import Path

GO = tones.render("go")


def written(placed: list[tuple[int, Samples]], duration_samples: int, told: bytes = b"") -> bytes:
    out = io.BytesIO()
    join(out, placed, duration_samples, told, never)
    return out.getvalue()


@pytest.mark.parametrize("samples", [48_000, 48, 48 * 21, 48 * 22, 48 * 14_583])
def test_a_file_tells_its_length_and_fills_its_last_frame(samples: int, tmp_path: Path) -> None:
    path = tmp_path / "a.m4b"
    path.write_bytes(written([], samples))
    M4B.prove(io.BytesIO(path.read_bytes()))
    with av.open(str(path)) as found:
        assert found.streams.audio[0].duration == samples
    found_samples = len(pyav(path)) // 2
    assert samples <= found_samples <= samples + 1024
    assert not pyav(path).strip(b"\0")


def test_the_same_is_the_same_and_what_is_told_stands_in_front() -> None:
    told = tag(FIELDS)
    one = written([(100, Samples(GO))], 96_000, told)
    assert one == written([(100, Samples(GO))], 96_000, told)
    assert one[4:12] == b"ftypM4B "
    assert one.index(b"moov") < one.index(b"mdat")


def test_titles_are_clean_chapters_ordered_and_the_last_ends_with_the_session(tmp_path: Path) -> None:
    path = tmp_path / "a.m4b"
    path.write_bytes(written([], 48_000 * 60, tag(FIELDS)))
    found = MP4(path)
    assert found["©nam"] == ["Legs & backs"]
    assert found["desc"] == ["Füße."]
    assert found["©lyr"] == ["[00:01.00]Stand tall.\n[00:02.00]Go."]
    assert bytes(found["covr"][0]) == FIELDS.cover
    with av.open(str(path)) as file:
        rows = [(row["start"], row["end"], row["metadata"]["title"]) for row in file.chapters()]
    assert rows == [(0, 30_000, "Opening"), (30_000, 60_000, "Squat")]


def test_what_does_not_decode_to_what_went_in_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf(Proof):
        def intend(self, pcm: bytes) -> None:
            super().intend(bytes(len(pcm)))

    monkeypatch.setattr("audiocoach.sound.m4b.Proof", Deaf)
    with pytest.raises(SoundError, match="the encoded session is not what went in, at 0:01"):
        written([(1500, Samples(GO))], 480_000)


@pytest.mark.parametrize("data", [b"", b"nothing of the kind", GO])
def test_what_is_no_m4b_is_told(data: bytes) -> None:
    with pytest.raises(SoundError, match="the file"):
        M4B.prove(io.BytesIO(data))
