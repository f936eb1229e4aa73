"""One setting of the encoder for the file, for the measure of a voice, and for what is mixed."""

from __future__ import annotations

import re
from pathlib import Path

from audiocoach import encoder
from audiocoach.sound.mp3.encode import frames_of
from audiocoach.sound.mp3.frame import FRAME_BYTES, HEADER

PACKAGE = Path(encoder.__file__).parent


def test_a_stream_is_whole_frames_of_our_header() -> None:
    stream = encoder.mp3_stream(bytes(96_000))
    assert len(stream) % FRAME_BYTES == 0
    assert {stream[at : at + 4] for at in range(0, len(stream), FRAME_BYTES)} == {HEADER}


def test_regions_are_encoded_with_it() -> None:
    assert b"".join(frames_of(bytes(9600))) == encoder.mp3_stream(bytes(9600))


def test_the_setting_and_the_ceiling_are_written_once() -> None:
    """Nobody else sets an encoder up, and nobody else says how high a peak may be."""
    own = re.compile(r"\bset_bit_rate\b|\b0\.82\b|lameenc\.Encoder")
    files = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if own.search(path.read_text("utf-8"))
    }
    assert files == {"encoder.py"}
