"""What is heard of an MP3: to the sample, and in a memory that does not grow with it."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.errors import SoundError
from audiocoach.sound.hearing import Heard, Stretch, listen, listen_to_both
from audiocoach.sound.mp3 import block, splice
from audiocoach.sound.mp3.encode import encode, silence
from audiocoach.sound.mp3.join import write
from audiocoach.units import ms_to_samples
from tests.conftest import ROOT
from tests.decoders import pyav
from tests.voices import tone

if TYPE_CHECKING:
    from pathlib import Path

START_FRAME = 50
START = START_FRAME * 1152
LENGTH = ms_to_samples(300)
TOTAL = ms_to_samples(5000)
FAR = Stretch(TOTAL - 4800, TOTAL)


def test_both_sides_are_heard_to_the_last_sample(tmp_path: Path) -> None:
    at = np.arange(40 * 1152)
    sides = np.stack([np.sin(at / 10) * 500, np.sin(at / 10) * 30_000], axis=1).astype("<i2")
    made = block.encode(sides.tobytes(), 0, 38, 0)
    out, pieces = BytesIO(), bytearray()
    splice.write(out, [(0, made)], 36 * 1152, block.silent_frame())
    path = tmp_path / "stereo.mp3"
    path.write_bytes(out.getvalue())
    assert listen_to_both(path, "mp3", pieces.extend) == 36 * 1152
    found = np.frombuffer(bytes(pieces), "<i2").reshape(-1, 2)
    assert len(found) == 36 * 1152
    assert np.abs(found).max(axis=0) == pytest.approx([500, 30_000], rel=0.1)


def written(path: Path, total: int = TOTAL) -> Path:
    """An MP3 with a tone of 300 ms that begins with frame 50."""
    region = encode(tone(300, rate_hz=48_000))
    out = BytesIO()
    write(out, [(START_FRAME, region)], total, silence())
    path.write_bytes(out.getvalue())
    return path


def test_every_sample_is_counted_and_each_sound_is_found_where_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp3")
    sound = np.frombuffer(pyav(path), dtype="<i2")
    all_of_it, middle = Stretch(0, TOTAL), Stretch(START + 100, START + 200)
    heard = listen(path, [all_of_it, middle, FAR], "mp3")
    assert heard.samples == TOTAL
    assert heard.first[all_of_it] == int(np.flatnonzero(sound)[0])
    assert heard.first[middle] == START + 100 + int(np.flatnonzero(sound[START + 100 :])[0])
    assert FAR not in heard.first


def test_a_stretch_ends_before_its_end_and_begins_with_its_beginning(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp3")
    sound = np.frombuffer(pyav(path), dtype="<i2")
    first, last = int(np.flatnonzero(sound)[0]), int(np.flatnonzero(sound)[-1])
    before, begun = Stretch(0, first), Stretch(0, first + 1)
    ended, after = Stretch(last, TOTAL), Stretch(last + 1, TOTAL)
    assert listen(path, [before, begun, ended, after], "mp3").first == {begun: first, ended: last}


@pytest.mark.parametrize(
    "text", [b"", b"no sound at all", b"#EXTM3U\nother.mp3\n", b"ffconcat version 1.0\n"]
)
def test_what_is_no_mp3_is_said_and_no_playlist_is_followed(tmp_path: Path, text: bytes) -> None:
    written(tmp_path / "other.mp3")
    path = tmp_path / "a.mp3"
    path.write_bytes(text)
    with pytest.raises(SoundError, match="it does not decode: "):
        listen(path, [], "mp3")


def test_an_mp3_without_sound_is_counted_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    out = BytesIO()
    write(out, [], TOTAL, silence())
    path.write_bytes(out.getvalue())
    assert listen(path, [Stretch(0, TOTAL)], "mp3") == Heard(TOTAL, {}, Stretch(0, TOTAL))


def test_an_hour_takes_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from audiocoach.sound.hearing import listen;"
        "print(listen(Path(sys.argv[1]), [], 'mp3').samples);"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )

    def measured(minutes: int) -> tuple[int, int]:
        path = written(tmp_path / f"{minutes}.mp3", minutes * 60 * 48_000)
        done = subprocess.run(
            [sys.executable, "-c", code, path], capture_output=True, text=True, check=True, cwd=ROOT
        )
        samples, most_kb = map(int, done.stdout.split())
        return samples, most_kb

    (short, less_kb), (long, most_kb) = measured(1), measured(60)
    assert (short, long) == (60 * 48_000, 3600 * 48_000)
    assert most_kb - less_kb < 4_000
