"""Sounds on their sides, joined from frames of joint stereo, and decoded by others."""

from __future__ import annotations

import io
import random
from functools import cache
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from audiocoach.errors import SoundError
from audiocoach.making import panning
from audiocoach.sound import mixer, pan, tones
from audiocoach.sound.mixer import Part, Placement, Region
from audiocoach.sound.mp3.check import check
from audiocoach.sound.mp3.container import MP3, with_sides
from audiocoach.sound.mp3.encode import encode, frames_of, silence
from audiocoach.sound.mp3.frame import FRAME_SAMPLES, SIDED, frame_count
from audiocoach.sound.mp3.info import info_frame
from audiocoach.sound.mp3.join import write
from audiocoach.sound.mp3.reservoir import RegionFrames, Silence
from audiocoach.sound.mp3.walk import walk
from tests.decoders import ffmpeg, lame_channels, run
from tests.test_mp3 import noise, phrase
from tests.test_mp3 import session as mono_session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Spot = tuple[int, bytes, str]

SIDES = with_sides(MP3)
SECOND = 48_000


@cache
def piece(parts: tuple[Part, ...], head: int, sounds: tuple[bytes, ...]) -> RegionFrames:
    pcm = panning.mixed(Region(0, parts), lambda name: sounds[int(name)], SIDES.channels)
    frames = SIDES.encode(pcm, head)
    SIDES.check(frames, pcm, head)
    return frames


def session(spots: Sequence[Spot], duration_samples: int) -> bytes:
    sounds = tuple(dict.fromkeys(pcm for _, pcm, _ in spots))
    placements = [Placement(start, len(pcm) // 2, str(sounds.index(pcm)), side) for start, pcm, side in spots]
    placed = [
        (region.first_frame, piece(region.parts, SIDES.head_of(region), sounds))
        for region in SIDES.regions(placements)
    ]
    out = io.BytesIO()
    write(out, placed, duration_samples, silence(SIDED))
    assert walk(io.BytesIO(out.getvalue())) == frame_count(duration_samples)
    return out.getvalue()


def heard(data: bytes | Path) -> NDArray[np.float64]:
    """What each channel gives, as rows: 1 is full scale."""
    with av.open(io.BytesIO(data) if isinstance(data, bytes) else str(data), "r") as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(frames, axis=1).astype(float)


def level_db(sound: NDArray[np.float64]) -> float:
    """By the power that the channels have on the mean."""
    return float(10 * np.log10(np.mean(sound**2)))


WORDS = phrase(1, 900)
WORDS_AT = {"left": 1 * SECOND, "": 3 * SECOND, "right": 5 * SECOND}
TONE_AT = {"left": 7 * SECOND, "": 8 * SECOND, "right": 9 * SECOND}
LENGTH = 10 * SECOND + 77


@pytest.fixture(scope="module")
def workout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pan") / "sides.mp3"
    spots = [(at, WORDS, side) for side, at in WORDS_AT.items()]
    spots += [(at, tones.render("go"), side) for side, at in TONE_AT.items()]
    path.write_bytes(session(spots, LENGTH))
    return path


@pytest.mark.parametrize(("at", "length"), [(WORDS_AT, 900 * 48), (TONE_AT, 360 * 48)])
def test_a_sound_lies_to_its_side_by_six_tenths(at: dict[str, int], length: int, workout: Path) -> None:
    decoded = heard(workout)
    for side, start in at.items():
        left, right = (level_db(channel[start : start + length]) for channel in decoded)
        wanted = {"left": 10 * np.log10(0.8 / 0.2), "": 0.0, "right": -10 * np.log10(0.8 / 0.2)}[side]
        assert left - right == pytest.approx(wanted, abs=0.2)


@pytest.mark.parametrize(("at", "length"), [(WORDS_AT, 900 * 48), (TONE_AT, 360 * 48)])
def test_a_sound_is_as_loud_on_its_side_as_in_the_middle_and_from_one_speaker(
    at: dict[str, int], length: int, workout: Path
) -> None:
    sides = heard(workout)
    spots = [(start, WORDS if at is WORDS_AT else tones.render("go")) for start in at.values()]
    (mono,) = heard(mono_session(spots, LENGTH))
    for start in at.values():
        span = slice(start, start + length)
        middle = slice(at[""], at[""] + length)
        assert level_db(sides[:, span]) == pytest.approx(level_db(sides[:, middle]), abs=0.5)
        assert level_db(sides[:, span].mean(axis=0)) == pytest.approx(level_db(mono[span]), abs=0.5)


def test_others_read_the_file_as_joint_stereo_of_96_kb_s(workout: Path) -> None:
    told = run("mp3val", workout).stdout.decode()
    assert "ERROR" not in told
    assert told.count("WARNING") == told.count("No supported tags") == 1
    with av.open(str(workout)) as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.channels, stream.bit_rate) == (48_000, 2, 96_000)
    assert heard(workout).shape == (2, LENGTH)
    assert len(ffmpeg(workout)) == LENGTH * 2
    theirs = np.frombuffer(lame_channels(workout), np.int16).reshape(-1, 2).T / 32_768
    assert theirs.shape == (2, LENGTH)
    assert np.abs(theirs - heard(workout)).max() < 0.001


def test_silence_around_a_sound_is_exactly_silent(workout: Path) -> None:
    decoded, end = heard(workout), 0
    starts = [*((at, 900 * 48) for at in WORDS_AT.values()), *((at, 360 * 48) for at in TONE_AT.values())]
    for start, length in starts:
        assert not decoded[:, end : start - 48 * 48].any()
        end = start + length + 48 * 48
    assert not decoded[:, end:].any()


def test_a_hundred_places_give_the_same_samples() -> None:
    dice, spots, at = random.Random(5), [], 20 * FRAME_SAMPLES  # noqa: S311
    for number in range(100):
        spots.append((at + 240, phrase(6, 300), ("left", "right")[number % 2]))
        at += (dice.randint(0, 40) + 13 + 6) * FRAME_SAMPLES
    decoded = heard(session(spots, at))
    for side in ("left", "right"):
        starts = [start for start, _, of in spots if of == side]
        around = {decoded[:, start - 2 * FRAME_SAMPLES : start + 20_000].tobytes() for start in starts}
        assert len(around) == 1


@pytest.mark.parametrize("gap_frames", [6, 7, 8])
def test_noise_on_either_side_joins_and_is_as_good_as_in_one_piece(gap_frames: int) -> None:
    spots, at = [], 300
    for number in range(12):
        spots.append((at, noise(number, 5_000), ("left", "", "right")[number % 3]))
        at = (-(-(at + 5_000) // FRAME_SAMPLES) + gap_frames) * FRAME_SAMPLES + number * 96
    wanted = np.zeros((at, 2), np.int16)
    for start, pcm, side in spots:
        region = Region(0, (Part(0, 5_000, "noise", side),))
        mixed = panning.mixed(region, {"noise": pcm}.__getitem__, 2)
        wanted[start : start + 5_000] = np.frombuffer(mixed, np.int16).reshape(-1, 2)
    direct = info_frame(at, silence(SIDED).steady, SIDED) + b"".join(
        frames_of(wanted.tobytes() + bytes(4 * SIDED.pcm_bytes), SIDED)[: frame_count(at)]
    )
    errors = [np.std(heard(data) - wanted.T / 32_768) for data in (session(spots, at), direct)]
    assert errors[0] < 1.05 * errors[1]


# A millisecond of two channels, in bytes.
MS = 48 * 2 * 2


def test_what_is_on_the_other_side_or_of_one_channel_is_refused() -> None:
    left, right = (
        panning.mixed(Region(0, (Part(0, len(WORDS) // 2, "words", side),)), lambda _: WORDS, 2)
        for side in ("left", "right")
    )
    with pytest.raises(SoundError, match="does not lie on the side"):
        check(encode(left, kind=SIDED), right, kind=SIDED)
    with pytest.raises(SoundError, match="is not what went in"):
        check(encode(left, kind=SIDED), bytes(2 * MS) + left[: -2 * MS], kind=SIDED)
    with pytest.raises(SoundError, match="of another kind than its file"):
        write(io.BytesIO(), [(50, encode(WORDS))], 4 * SECOND, silence(SIDED))


def test_frames_of_two_channels_survive_the_cache() -> None:
    frames = encode(mixer.interleaved(WORDS, WORDS), kind=SIDED)
    assert RegionFrames.from_bytes(frames.to_bytes()) == frames
    assert frames.count == len(frames.frames) / 288
    assert Silence.from_bytes(silence(SIDED).to_bytes()) == silence(SIDED)


def test_the_gains_are_those_of_constant_power() -> None:
    near, far = pan.NEAR, pan.NEAR * pan.FAR
    assert near**2 / (near**2 + far**2) == pytest.approx(0.8)
    assert 10 * np.log10((near**2 + far**2) / 2) == pytest.approx(0.15, abs=0.01)
    assert 20 * np.log10((near + far) / 2) == pytest.approx(-0.31, abs=0.01)
    assert pan.placed(b"ab", "", bytes) == (b"ab", b"ab")
