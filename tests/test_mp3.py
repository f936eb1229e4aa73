from __future__ import annotations

import io
import math
import random
import subprocess
import sys
from array import array
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen import mp3 as mutagen_mp3

from audiocoach.errors import SoundError
from audiocoach.sound import mixer, tags, tones
from audiocoach.sound.mixer import Placement
from audiocoach.sound.mp3.check import check, decode
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.mp3.encode import encode, frames_of, silence
from audiocoach.sound.mp3.frame import FRAME_BYTES, FRAME_PCM_BYTES, FRAME_SAMPLES, frame_count
from audiocoach.sound.mp3.info import crc16, info_frame, read_info
from audiocoach.sound.mp3.join import write
from audiocoach.sound.mp3.reservoir import RegionFrames, Silence
from audiocoach.sound.mp3.walk import walk
from tests.conftest import examples
from tests.decoders import DECODERS, ffmpeg, lame, pyav, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Decoder = Callable[[Path], bytes]
    Spot = tuple[int, bytes]


@cache
def phrase(seed: int, length_ms: int) -> bytes:
    """Something like speech: a pitch with overtones in syllables, and hiss."""
    dice = random.Random(seed)  # noqa: S311
    pitch = dice.uniform(90, 220)

    def sample(at: int) -> int:
        syllable = math.sin(math.pi * at / 9_600) ** 2
        voice = sum(math.sin(math.tau * pitch * tone * at / 48_000) / tone for tone in (1, 2, 3, 5))
        return int(7_000 * syllable * voice + dice.gauss(0, 300) * syllable)

    return array("h", [sample(at) for at in range(length_ms * 48)]).tobytes()


@cache
def noise(seed: int, length_samples: int) -> bytes:
    return random.Random(seed).randbytes(length_samples * 2)  # noqa: S311


def regions_of(spots: Sequence[Spot]) -> list[tuple[mixer.Region, bytes]]:
    sounds = {f"{at}": pcm for at, (_, pcm) in enumerate(spots)}
    placements = [Placement(start, len(pcm) // 2, f"{at}") for at, (start, pcm) in enumerate(spots)]
    return [(region, mixer.mix(region, sounds.__getitem__)) for region in MP3.regions(placements)]


def placed(spots: Sequence[Spot]) -> list[tuple[int, RegionFrames]]:
    found = []
    for region, pcm in regions_of(spots):
        head = MP3.head_of(region)
        frames = encode(pcm, head)
        check(frames, pcm, head)
        found.append((region.first_frame, frames))
    return found


def session(spots: Sequence[Spot], duration_samples: int, tag: bytes = b"") -> bytes:
    """The whole chain, as a build goes through it."""
    out = io.BytesIO()
    size = write(out, placed(spots), duration_samples, silence(), tag)
    data = out.getvalue()
    assert len(data) == size
    assert walk(io.BytesIO(data)) == frame_count(duration_samples)
    return data


def intended(spots: Sequence[Spot], duration_samples: int) -> bytes:
    pcm = bytearray(duration_samples * 2)
    for region, mixed in regions_of(spots):
        start = region.first_frame * FRAME_PCM_BYTES
        pcm[start : start + len(mixed)] = mixed
    return bytes(pcm)


def rms(pcm: bytes) -> int:
    return int(mixer.load("audioop").rms(pcm, 2))


def error(decoded: bytes, wanted: bytes) -> float:
    """The coding error against the sound, both as root mean squares."""
    audioop = mixer.load("audioop")
    flipped = audioop.mul(wanted, 2, -0.5)
    return rms(audioop.add(audioop.mul(decoded, 2, 0.5), flipped, 2)) / rms(flipped)


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "session.mp3"
    path.write_bytes(data)
    return path


GO = tones.render("go")
WORKOUT_SAMPLES = 16_001 * 48


@cache
def workout_spots() -> tuple[Spot, ...]:
    return (
        (0, phrase(1, 900)),
        (2_000 * 48, tones.render("count")),
        (3_000 * 48, tones.render("count")),
        (5_000 * 48, GO),
        (5_000 * 48 + len(GO) // 2, phrase(2, 1_400)),
        (9_123 * 48, phrase(1, 900)),
        (12_345 * 48, tones.render("stop")),
        (14_000 * 48, noise(3, 30_000)),
    )


@pytest.fixture(scope="module")
def workout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chapters = tags.tag("Legs", "Ana", "Workouts", 16_001)
    return saved(tmp_path_factory.mktemp("workout"), session(workout_spots(), WORKOUT_SAMPLES, chapters))


@pytest.mark.parametrize("decoder", DECODERS)
def test_a_session_decodes_to_what_was_meant(decoder: Decoder, workout: Path) -> None:
    decoded = decoder(workout)
    assert len(decoded) == WORKOUT_SAMPLES * 2
    assert error(decoded[: 13_900 * 96], intended(workout_spots(), WORKOUT_SAMPLES)[: 13_900 * 96]) < 0.15


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("over", [0, 1, 46, 47, 48, 1_151])
def test_any_length_decodes_to_exactly_that_length(decoder: Decoder, over: int, tmp_path: Path) -> None:
    samples = 100 * FRAME_SAMPLES + over
    path = saved(tmp_path, session([(24 * 480, GO)], samples))
    assert len(decoder(path)) == samples * 2


@pytest.mark.parametrize("decoder", DECODERS)
def test_silence_is_exactly_silent_from_48_ms_around_each_sound(decoder: Decoder, workout: Path) -> None:
    decoded = decoder(workout)
    end = 0
    for start, pcm in workout_spots():
        assert not any(decoded[end * 2 : max(end, start - 48 * 48) * 2])
        end = start + len(pcm) // 2 + 48 * 48
    assert not any(decoded[end * 2 :])


@pytest.mark.parametrize("decoder", DECODERS)
def test_a_tone_is_heard_on_its_millisecond(decoder: Decoder, workout: Path) -> None:
    decoded = array("h", decoder(workout))
    for start_ms in (2_000, 3_000, 5_000, 12_345):
        around = [abs(sample) for sample in decoded[(start_ms - 60) * 48 : (start_ms + 80) * 48]]
        onset = next(at for at, level in enumerate(around) if level > max(around) / 10)
        assert abs(onset / 48 - 60) < 2


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("start_ms", [0, 1, 24, 48, 72, 100, 120, 144, 168, 191, 192, 216])
def test_a_sound_near_the_beginning_is_whole_and_in_place(
    decoder: Decoder, start_ms: int, tmp_path: Path
) -> None:
    spots = [(start_ms * 48, phrase(4, 300))]
    samples = (start_ms + 300) * 48
    decoded = decoder(saved(tmp_path, session(spots, samples)))
    assert len(decoded) == samples * 2
    assert error(decoded, intended(spots, samples)) < 0.15


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("over", [0, 1, 48, 1_104, 1_151])
def test_a_sound_that_ends_with_the_session_is_whole(decoder: Decoder, over: int, tmp_path: Path) -> None:
    spots = [(50 * FRAME_SAMPLES + over, phrase(5, 240))]
    samples = 60 * FRAME_SAMPLES + over
    decoded = decoder(saved(tmp_path, session(spots, samples)))
    assert error(decoded[-240 * 96 :], phrase(5, 240)) < 0.15


def test_a_phrase_sounds_the_same_wherever_it_stands(tmp_path: Path) -> None:
    frames = (40, 100, 101 + 40, 400, 1_000)
    spots = [(frame * FRAME_SAMPLES + 240, phrase(6, 500)) for frame in frames]
    decoded = pyav(saved(tmp_path, session(spots, 1_100 * FRAME_SAMPLES)))
    around = [decoded[(frame - 2) * FRAME_PCM_BYTES : (frame + 24) * FRAME_PCM_BYTES] for frame in frames]
    assert set(around) == {around[0]}
    assert any(around[0])


def test_a_join_is_as_good_as_encoding_everything_at_once() -> None:
    wanted = intended(workout_spots(), WORKOUT_SAMPLES)
    direct = decode(b"".join(frames_of(wanted)))
    joined = decode(session(workout_spots(), WORKOUT_SAMPLES)[FRAME_BYTES:])
    for region, pcm in regions_of(workout_spots()):
        span = slice(region.first_frame * FRAME_PCM_BYTES, region.first_frame * FRAME_PCM_BYTES + len(pcm))
        assert error(joined[span], wanted[span]) < 1.02 * error(direct[span], wanted[span]) + 0.002


def test_validators_have_no_complaint(workout: Path) -> None:
    told = run("mp3val", workout).stdout.decode()
    assert "WARNING" not in told
    assert "ERROR" not in told
    ffmpeg(workout)


def test_the_info_frame_is_understood(workout: Path) -> None:
    info = mutagen_mp3.MP3(workout).info
    assert info.length == pytest.approx(WORKOUT_SAMPLES / 48_000)
    assert (info.bitrate_mode, info.bitrate, info.channels) == (mutagen_mp3.BitrateMode.CBR, 64_000, 1)
    assert info.encoder_info.startswith("LAME")


def test_the_info_frame_counts_frames_bytes_delay_and_padding() -> None:
    frame = info_frame(48_000, silence().steady)
    total = frame_count(48_000)
    assert (len(frame), total) == (192, 43)
    assert frame[21:37] == b"Info" + (15).to_bytes(4, "big") + total.to_bytes(4, "big") + (44 * 192).to_bytes(
        4, "big"
    )
    delay_and_padding = int.from_bytes(frame[162:165], "big")
    assert divmod(delay_and_padding, 4096) == (576, total * 1152 - 576 - 48_000)
    assert (list(frame[37:137]), frame[37 + 50]) == (sorted(frame[37:137]), 256 * 22 // 44)


@pytest.mark.parametrize("seconds", [1, 60, 961, 36_000])
def test_the_seek_table_leads_to_every_hundredth_of_the_time(seconds: int) -> None:
    samples = seconds * 48_000
    total = frame_count(samples)
    size_bytes = (1 + total) * 192
    table = info_frame(samples, silence().steady)[37:137]
    for hundredth, entry in enumerate(table):
        meant = (1 + total * hundredth // 100) * 192
        # One step of the table is a 256th of the file: it leads to the frame or less than a step before it.
        assert 0 <= meant - size_bytes * entry / 256 < size_bytes / 256


def test_the_seek_table_is_lames_own(tmp_path: Path) -> None:
    raw, theirs = tmp_path / "tone.raw", tmp_path / "tone.mp3"
    raw.write_bytes(bytes(60 * 96_000))
    run("lame", "--quiet", "-r", "-s", "48", "-m", "m", "--bitwidth", "16", "-b", "64", raw, theirs)
    info = read_info(io.BytesIO(theirs.read_bytes()))
    ours = info_frame(60 * 48_000, silence().steady)
    assert info[21:25] == ours[21:25] == b"Info"
    # LAME writes an entry when it comes by, we compute it: they are one step apart at most.
    assert all(abs(one - other) <= 1 for one, other in zip(info[37:137], ours[37:137], strict=True))


def test_the_checksum_is_the_one_the_standard_names() -> None:
    assert crc16(b"123456789") == 0xBB3D


def test_lame_writes_the_same_checksum(tmp_path: Path) -> None:
    wave = tmp_path / "tone.raw"
    wave.write_bytes(GO)
    theirs = tmp_path / "tone.mp3"
    run("lame", "--quiet", "-r", "-s", "48", "-m", "m", "--bitwidth", "16", "-b", "64", wave, theirs)
    read_info(io.BytesIO(theirs.read_bytes()))


def test_the_same_session_gives_the_same_bytes() -> None:
    spots = workout_spots()[:3]
    assert session(spots, WORKOUT_SAMPLES) == session(spots, WORKOUT_SAMPLES)


def test_an_empty_session_is_silence(tmp_path: Path) -> None:
    path = saved(tmp_path, session([], 480))
    assert [decoder(path) for decoder in DECODERS] == [bytes(960)] * 3


def test_a_silent_sound_needs_no_frames() -> None:
    frames = encode(bytes(48_000))
    check(frames, bytes(48_000))
    assert frames == RegionFrames(0, b"")


def test_silence_at_either_end_of_a_sound_is_part_of_it() -> None:
    pcm = bytes(30 * FRAME_PCM_BYTES) + GO + bytes(30 * FRAME_PCM_BYTES)
    frames = encode(pcm)
    check(frames, pcm)
    assert frames.lead < -25
    assert RegionFrames.from_bytes(frames.to_bytes()) == frames


# A millisecond and longer, as clips and tones are: at 64 kb/s no encoder gives back a click of two samples.
SPOTS = st.lists(
    st.tuples(st.integers(0, 120 * FRAME_SAMPLES), st.integers(48, 12_000), st.integers(0, 9)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(60), deadline=None)
@given(SPOTS)
def test_noise_at_full_scale_anywhere_joins(spots: list[tuple[int, int, int]]) -> None:
    sounds = [(start, noise(seed, length)) for start, length, seed in spots]
    end = max(start + len(pcm) // 2 for start, pcm in sounds)
    data = session(sounds, end)
    wanted = intended(sounds, end)
    joined = decode(data[FRAME_BYTES:])[: len(wanted)]
    direct = decode(b"".join(frames_of(wanted)))[: len(wanted)]
    assert error(joined, wanted) < 1.1 * error(direct, wanted) + 0.02


@pytest.mark.parametrize("gap_frames", range(6, 9))
@pytest.mark.parametrize("phase", range(0, 1_152, 96))
def test_regions_six_frames_apart_never_need_the_same_frame(gap_frames: int, phase: int) -> None:
    first = 20 * FRAME_SAMPLES + phase
    second = (-(-(first + 5_000) // FRAME_SAMPLES) + gap_frames) * FRAME_SAMPLES + phase
    spots = [(first, noise(7, 5_000)), (second, noise(8, 5_000))]
    assert len(placed(spots)) == 2
    session(spots, second + 9_000)


def test_a_tail_that_does_not_come_back_is_given_more_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = encode(phrase(1, 900))
    monkeypatch.setattr("audiocoach.sound.mp3.encode.TAIL_FRAMES", 1)
    assert encode(phrase(1, 900)) == usual


def test_region_frames_and_silence_survive_the_cache() -> None:
    frames = encode(GO)
    assert RegionFrames.from_bytes(frames.to_bytes()) == frames
    assert frames.count == len(frames.frames) / FRAME_BYTES
    assert Silence.from_bytes(silence().to_bytes()) == silence()


@pytest.mark.parametrize("data", [b"", b"\x03" + bytes(191), bytes(192)])
def test_what_the_cache_spoilt_is_refused(data: bytes) -> None:
    with pytest.raises(SoundError, match="frames"):
        RegionFrames.from_bytes(data)
    with pytest.raises(SoundError, match="frames"):
        Silence.from_bytes(data)


def spoilt(name: str) -> RegionFrames:
    good = encode(phrase(1, 900))
    at = good.count // 2 * FRAME_BYTES
    before, here, after = (
        good.frames[:at],
        good.frames[at : at + FRAME_BYTES],
        good.frames[at + FRAME_BYTES :],
    )
    steady = silence().steady
    table = {
        "moved later": RegionFrames(good.lead - 1, good.frames),
        "moved earlier": RegionFrames(good.lead + 1, good.frames),
        "one frame lost": RegionFrames(good.lead, before + after),
        "one frame silent": RegionFrames(good.lead, before + steady + after),
        "wrong bits": RegionFrames(good.lead, before + here[:21] + bytes(171) + after),
        "no sound": RegionFrames(0, b""),
        "another sound": encode(phrase(9, 900)),
        "longer": encode(phrase(1, 900) + noise(1, 9_000)),
    }
    return table[name]


SPOILT = (
    "moved later",
    "moved earlier",
    "one frame lost",
    "one frame silent",
    "wrong bits",
    "no sound",
    "another sound",
    "longer",
)


@pytest.mark.parametrize("name", SPOILT)
def test_frames_that_are_not_what_went_in_are_refused(name: str) -> None:
    with pytest.raises(SoundError, match=r"an encoded sound|needs bytes"):
        check(spoilt(name), phrase(1, 900))


def test_frames_that_are_cut_short_are_refused() -> None:
    frames = encode(GO)
    with pytest.raises(SoundError, match="needs bytes that are not there"):
        check(RegionFrames(frames.lead, frames.frames[: -5 * FRAME_BYTES]), GO)


def test_frames_that_no_decoder_takes_are_refused() -> None:
    frames = encode(GO)
    with pytest.raises(SoundError, match="strange header"):
        check(RegionFrames(frames.lead, b"x" * len(frames.frames)), GO)


def test_regions_that_overlap_are_refused() -> None:
    frames = encode(GO)
    with pytest.raises(SoundError, match="two stretches of sound meet at 0:02"):
        write(io.BytesIO(), [(100, frames), (110, frames)], 480_000, silence())


def test_frames_that_would_begin_before_the_file_are_refused() -> None:
    with pytest.raises(SoundError, match="two stretches of sound meet at 0:00"):
        write(io.BytesIO(), [(0, encode(GO))], 480_000, silence())


def test_a_sound_behind_the_end_is_refused() -> None:
    with pytest.raises(SoundError, match="behind the end at 0:01"):
        write(io.BytesIO(), [(100, encode(GO))], 48_000, silence())


def replaced(data: bytes, frame: int, by: bytes) -> bytes:
    at = (1 + frame) * FRAME_BYTES
    return data[:at] + by + data[at + FRAME_BYTES :]


def test_walking_finds_what_does_not_hold_together() -> None:
    spots = [(50 * FRAME_SAMPLES, phrase(1, 900))]
    good = session(spots, 240_000)
    steady = silence().steady
    frame = good[61 * FRAME_BYTES : 62 * FRAME_BYTES]
    found = {
        "needs bytes that are not there": replaced(good, 0, steady),
        "frame 60 at 0:01 needs bytes": replaced(good, 60, frame[:4] + b"\xff\xff" + frame[6:]),
        "needs bytes of the frame behind it": replaced(good, 60, frame[:4] + b"\x00\x00\x3f\xfc" + frame[8:]),
        "frame 100 at 0:02 is cut short or has a strange header": replaced(good, 100, bytes(192)),
        "tells of 210 frames, 209 are there": good[:-FRAME_BYTES],
        "frame 209 at 0:05 is cut short": good[:-1],
        "does not start with an Info frame": good[FRAME_BYTES:],
        "wrong checksum": good[:40] + b"\xff" + good[41:],
    }
    for message, data in found.items():
        with pytest.raises(SoundError, match=message):
            walk(io.BytesIO(data))


# The peak is read from the process itself: what wait4(2) tells begins with the parent's own size.
TEN_HOURS = """
import re, sys
from audiocoach.sound import tones
from audiocoach.sound.mp3.check import check
from audiocoach.sound.mp3.encode import encode, silence
from audiocoach.sound.mp3.join import write
from audiocoach.sound.mp3.walk import walk
frames = encode(tones.render("go"))
check(frames, tones.render("go"))
with open(sys.argv[1], "w+b") as file:
    spots = ((at, frames) for at in range(50, 1_499_900, 250))
    size = write(file, spots, 36_000 * 48_000, silence())
    file.seek(0)
    frames = walk(file)
peak_kb = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
print(size, frames, int(peak_kb) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc to read the peak from")
def test_ten_hours_need_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.mp3"
    command = [sys.executable, "-c", TEN_HOURS, str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    path.unlink()
    size, frames, peak_mb = map(int, done.stdout.split())
    assert (size, frames) == (288_000_384, 1_500_001)
    assert peak_mb < 120


def test_what_lame_drops_is_what_a_file_must_not_start_with(tmp_path: Path) -> None:
    data = session([(50 * FRAME_SAMPLES, GO)], 240_000)
    spoilt_start = replaced(data, 0, silence().steady)
    assert lame(saved(tmp_path, spoilt_start)) != lame(saved(tmp_path, data))
