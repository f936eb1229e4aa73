"""Blocks of frames that become one MP3, measured against an encode in one piece."""

from __future__ import annotations

import io
import random
from functools import cache
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from audiocoach.errors import SoundError
from audiocoach.sound.mp3 import block, splice
from audiocoach.sound.mp3.block import JOINT_FRAMES, RUN_IN_FRAMES, RUN_OUT_FRAMES, BlockFrames
from audiocoach.sound.mp3.frame import FRAME_SAMPLES, STEREO, frame_count, split
from audiocoach.sound.mp3.info import info_frame
from audiocoach.sound.mp3.walk import walk
from tests.decoders import ffmpeg, lame, run

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CUTS = 100
SIZE = STEREO.frame_bytes


@cache
def music(frames: int) -> NDArray[np.int16]:
    """Notes with overtones and a drum, left and right: rows of two samples."""
    dice = np.random.default_rng(7)
    length = frames * FRAME_SAMPLES
    sound = np.zeros((length + 48_000, 2))
    at = np.arange(24_000)
    for start in range(0, length, 12_000):
        pitch = 110 * 2 ** (dice.integers(0, 36) / 12)
        note = sum(np.sin((2 * np.pi) * pitch * over * at / 48_000) / over for over in (1, 2, 3, 5))
        place = dice.uniform()
        faded = 0.07 * note * np.exp(-at / 8_000)
        sound[start : start + 24_000] += np.outer(faded, (place, 1 - place))
    for start in range(0, length, 24_000):
        sound[start : start + 4_800] += dice.normal(0, 0.12, (4_800, 2)) * np.exp(-at[:4_800, None] / 900)
    return (sound[:length].clip(-0.95, 0.95) * 32_767).astype(np.int16)


def cuts_of(total: int) -> list[int]:
    """The first frames of the blocks, at random."""
    dice = random.Random(3)  # noqa: S311
    starts = [0]
    while len(starts) <= CUTS:
        starts.append(starts[-1] + dice.randint(30, 44))
    assert starts[-1] + 60 < total
    return starts


def encoded(sound: NDArray[np.int16], start: int, end: int) -> BlockFrames:
    """One block, as a worker makes it."""
    total = len(sound) // FRAME_SAMPLES
    first, last = max(0, start - RUN_IN_FRAMES), min(total, end + RUN_OUT_FRAMES)
    pcm = sound[first * FRAME_SAMPLES : last * FRAME_SAMPLES].tobytes()
    return block.encode(pcm, start - first, end - start, last - end)


def in_one_piece(sound: NDArray[np.int16], samples: int) -> bytes:
    frames = block.stream(sound.tobytes())[: frame_count(samples)]
    return info_frame(samples, block.silent_frame(), STEREO) + b"".join(frames)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same sound, joined at 100 places and encoded in one piece."""
    sound = music(4_000)
    starts = cuts_of(4_000)
    samples = starts[-1] * FRAME_SAMPLES + 50 * FRAME_SAMPLES - 1200
    total = frame_count(samples)
    # Behind its end there is silence, as in a build.
    sound = np.concatenate([sound[:samples], np.zeros((total * FRAME_SAMPLES - samples, 2), np.int16)])
    out = io.BytesIO()
    ends = [*starts[1:], total]
    placed = ((start, encoded(sound, start, end)) for start, end in zip(starts, ends, strict=True))
    splice.write(out, placed, samples, block.silent_frame())
    folder = tmp_path_factory.mktemp("splice")
    joined, direct = folder / "joined.mp3", folder / "direct.mp3"
    joined.write_bytes(out.getvalue())
    direct.write_bytes(in_one_piece(sound, samples))
    return joined, direct


def heard(path: Path) -> NDArray[np.float64]:
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(frames, axis=1).T.astype(float)


def test_a_hundred_joints_add_no_error_to_the_codec_s_own(files: tuple[Path, Path]) -> None:
    joined, direct = map(heard, files)
    wanted = music(4_000)[: len(direct)] / 32_768
    assert joined.shape == direct.shape == wanted.shape
    ratios = []
    for start in cuts_of(4_000)[1:]:
        # From three frames before the block to three behind the last frame that a joint was found at.
        near = slice((start - 3) * FRAME_SAMPLES, (start + 16) * FRAME_SAMPLES)
        ours, theirs = (np.sqrt(np.mean((one[near] - wanted[near]) ** 2)) for one in (joined, direct))
        ratios.append(ours / theirs)
    assert len(ratios) == CUTS
    assert np.median(ratios) < 1.002
    assert np.quantile(ratios, 0.95) < 1.02
    assert max(ratios) < 1.15
    whole = [np.sqrt(np.mean((one - wanted) ** 2)) for one in (joined, direct)]
    assert whole[0] < 1.002 * whole[1]


def test_a_joined_file_is_whole_for_other_readers(files: tuple[Path, Path]) -> None:
    joined, direct = files
    assert joined.stat().st_size == direct.stat().st_size
    assert walk(io.BytesIO(joined.read_bytes())) == walk(io.BytesIO(direct.read_bytes()))
    said = run("mp3val", joined).stdout
    assert said.count(b"WARNING") == said.count(b"No supported tags") == 1
    assert b"3828 MPEG frames" in said
    assert len(ffmpeg(joined)) == len(ffmpeg(direct)) == len(heard(direct)) * 2
    assert len(lame(joined)) == len(lame(direct))


def test_joined_frames_differ_from_those_in_one_piece_at_the_joints_alone(files: tuple[Path, Path]) -> None:
    """The encoders have settled: most frames between two joints are the same to the byte."""
    joined, direct = (list(split(path.read_bytes()[SIZE:], SIZE)) for path in files)
    side = STEREO.side_bytes
    same = sum(one[:side] == other[:side] for one, other in zip(joined, direct, strict=True))
    assert same > len(direct) * 0.5


def test_a_stream_with_a_hole_or_a_block_that_does_not_fit_is_refused() -> None:
    sound = music(4_000)
    first, second = encoded(sound, 0, 100), encoded(sound, 200, 210)
    with pytest.raises(SoundError, match="no sound was made for 0:03"):
        splice.write(io.BytesIO(), [(0, first), (200, second)], 210 * FRAME_SAMPLES, block.silent_frame())
    busy = block.encode(np.zeros((200 * FRAME_SAMPLES, 2), np.int16).tobytes(), 40, 100, 60)
    frames = list(split(first.frames, SIZE))
    hungry = BlockFrames(0, b"".join([*frames[:100], *map(_starving, frames[100:])]))
    with pytest.raises(SoundError, match=r"cannot be joined at 0:02"):
        splice.write(io.BytesIO(), [(0, hungry), (100, busy)], 160 * FRAME_SAMPLES, block.silent_frame())


def _starving(frame: bytes) -> bytes:
    """The frame with nothing kept free before it."""
    side = int.from_bytes(frame[4:36], "big") & (1 << 247) - 1
    return frame[:4] + side.to_bytes(32, "big") + frame[36:]


def test_what_is_kept_of_a_block_comes_back_whole() -> None:
    made = encoded(music(4_000), 100, 110)
    assert (made.lead, made.count) == (2, 2 + 10 + JOINT_FRAMES)
    assert BlockFrames.from_bytes(made.to_bytes()) == made
    with pytest.raises(SoundError, match="no whole frames"):
        BlockFrames.from_bytes(made.to_bytes()[:-1])
