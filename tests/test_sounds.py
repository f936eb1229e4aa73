"""What a file is its first bytes tell; how its name is found is tested with `music`."""

from __future__ import annotations

import pytest

from audiocoach.routine.sounds import demuxer_of


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
        (b"RIFF\x24\0\0\0AVI LIST", ""),
        (b"fLaC\0\0\0\x22", "flac"),
        (b"OggS\0\x02\0\0", "ogg"),
        (b"\0\0\0\x1cftypM4A \0\0", "mov"),
        (b"ID3\x04\0\0\0\0", "mp3"),
        (b"\xff\xfb\x90\x64\0\0", "mp3"),
        (b"ffconcat version", ""),
        (b"#EXTM3U\n", ""),
        (b"", ""),
    ],
)
def test_a_sound_is_known_by_its_first_bytes(head: bytes, wanted: str) -> None:
    assert demuxer_of(head) == wanted
