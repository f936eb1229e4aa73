"""Noise in the place of silence: nobody hears it, no sound changes by it, and nothing falls asleep."""

from __future__ import annotations

import hashlib
import io
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.records import replace
from audiocoach.sound import awake, mixer, tones
from audiocoach.sound.containers import CONTAINERS
from audiocoach.sound.mp3.container import MP3, with_sides
from audiocoach.sound.mp3.encode import silence
from audiocoach.sound.mp3.frame import FRAME_BYTES, frame_count
from audiocoach.sound.mp3.join import Join, write
from audiocoach.sound.mp3.reservoir import RegionFrames
from audiocoach.sound.mp3.walk import walk
from audiocoach.sound.whole import Samples
from tests.decoders import DECODERS, pyav
from tests.levels import measure_loudness
from tests.test_mp3 import phrase, placed
from tests.test_opus import never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from audiocoach.sound.container import AnyContainer, Container
    from tests.test_mp3 import Spot

GO = tones.render("go")
HALF_A_MINUTE = 30 * 48_000


def samples(pcm: bytes) -> NDArray[np.int32]:
    return np.frombuffer(pcm, dtype="<i2").astype(np.int32)


def level_dbfs(sound: NDArray[np.int32]) -> float:
    return float(10 * np.log10(np.mean(sound.astype(float) ** 2)) - 20 * np.log10(32_768))


def longest_zeros(sound: NDArray[np.int32]) -> int:
    sounding = np.flatnonzero(sound)
    return int(np.diff(np.concatenate([[-1], sounding, [len(sound)]])).max()) - 1


def middles(quiet: NDArray[np.int32], length_ms: int) -> list[NDArray[np.int32]]:
    """What lies between the fades of each stretch of noise, where there is nothing else."""
    sounding = np.flatnonzero(quiet)
    runs = np.split(sounding, np.flatnonzero(np.diff(sounding) > 1200) + 1)[1:-1]
    half = 48 * (length_ms // 2 - 9)
    return [quiet[(run[0] + run[-1]) // 2 - half : (run[0] + run[-1]) // 2 + half] for run in runs]


class Kept(dict[str, bytes]):
    """What a container has kept."""

    def __call__(self, name: str, make: Callable[[], bytes]) -> bytes:
        self[name] = make()
        return self[name]

    def pieces(self, _name: str, make: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
        return make()


def noise(container: Container[RegionFrames] = MP3) -> RegionFrames:
    kept = Kept()
    container.join_awake(io.BytesIO(), [], 48_000, b"", kept)
    (name,) = (name for name in kept if name.startswith("awake"))
    return RegionFrames.from_bytes(kept[name])


AWAKE = replace(silence(), noise=noise())
SIDES = with_sides(MP3)


def placed_in(container: AnyContainer) -> object:
    """A tone as a container of frames has it, in the middle."""
    return container.encode(GO if container.channels == 1 else mixer.interleaved(GO, GO), 8)


def decoded(
    folder: Path,
    container: AnyContainer,
    placed: Sequence[tuple[int, object]],
    length: int,
    *,
    is_awake: bool,
) -> NDArray[np.int32]:
    out = io.BytesIO()
    container.kept_awake(is_awake=is_awake).join(out, placed, length, b"", never)
    path = folder / f"{is_awake}{container.suffix}"
    path.write_bytes(out.getvalue())
    container.prove(io.BytesIO(out.getvalue()))
    return samples(pyav(path))


def test_it_is_the_same_on_every_machine() -> None:
    pcm = awake.stretch()
    assert hashlib.sha256(pcm).hexdigest()[:16] == "9bd9b3684504ef5c"
    short = awake.stretch(awake.SHORT_MS)
    assert hashlib.sha256(short).hexdigest()[:16] == "8c2bcccb40b557e4"
    assert (len(pcm), len(short)) == (awake.STRETCH_MS * 96, awake.SHORT_MS * 96)
    assert pcm[:2] == pcm[-2:] == b"\0\0"


@pytest.mark.parametrize("container", [*CONTAINERS, SIDES], ids=lambda one: f"{one.suffix} {one.channels}")
def test_no_silence_lasts_over_a_second_and_it_decodes_to_its_level(
    container: AnyContainer, tmp_path: Path
) -> None:
    sound = Samples(GO) if container.suffix != ".mp3" else placed_in(container)
    spots = [(at_ms // container.grid_ms, sound) for at_ms in (1200, 8400, 9600, 10_416)]
    off = decoded(tmp_path, container, spots, HALF_A_MINUTE, is_awake=False)
    on = decoded(tmp_path, container, spots, HALF_A_MINUTE, is_awake=True)
    assert len(on) == len(off)
    assert longest_zeros(off) > 15 * 48_000
    assert longest_zeros(on) < 48 * awake.MOST_SILENCE_MS
    quiet = on[15 * 48_000 :]
    assert 20 < np.abs(quiet).max() <= awake.PEAK
    length_ms = awake.STRETCH_MS if container.suffix == ".mp3" else awake.SHORT_MS
    levels = [level_dbfs(one) for one in middles(quiet, length_ms)]
    assert len(levels) > 15
    assert levels == pytest.approx([awake.LEVEL_DBFS] * len(levels), abs=1)
    files = [tmp_path / f"{is_awake}{container.suffix}" for is_awake in (False, True)]
    without, with_noise = (measure_loudness(path).integrated_lufs for path in files)
    assert with_noise == pytest.approx(without, abs=0.05)


def test_words_and_tones_decode_to_the_same_samples_in_100_places(tmp_path: Path) -> None:
    dice = random.Random(16)  # noqa: S311
    sounds = [phrase(1, 900), phrase(2, 400), GO, tones.render("count")]
    spots: list[Spot] = []
    at = 48_000
    for _ in range(100):
        sound = dice.choice(sounds)
        spots.append((at, sound))
        at += len(sound) // 2 + 48 * dice.choice([200, 400, 700, dice.randrange(150, 3000)])
    regions = placed(spots)
    files = {}
    for name, silent in (("off", silence()), ("on", AWAKE)):
        out = io.BytesIO()
        write(out, regions, at, silent)
        assert walk(io.BytesIO(out.getvalue())) == frame_count(at)
        files[name] = tmp_path / f"{name}.mp3"
        files[name].write_bytes(out.getvalue())
    for decode in DECODERS:
        off, on = (samples(decode(files[name])) for name in ("off", "on"))
        assert len(on) == len(off)
        # Wherever it was not silent before, it is what it was.
        sounding = np.flatnonzero(off)
        assert (on[sounding] == off[sounding]).all()
        filled = np.flatnonzero((on != 0) & (off == 0))
        near = np.searchsorted(sounding, filled)
        apart = np.minimum(filled - sounding[near - 1], np.append(sounding, len(on) * 2)[near] - filled)
        assert apart[near > 0].min() > 480
        assert longest_zeros(on) < 48 * awake.MOST_SILENCE_MS


def test_silence_of_any_length_is_filled_from_the_first_frame_on() -> None:
    """By whole frames, as it is decoded: before the first noise, between and behind."""
    for begin in (0, 1, 2, 50):
        for length in range(60):
            out = io.BytesIO()
            join = Join(out, AWAKE)
            join.silence(begin)
            join.quiet(begin + length)
            frames = out.getvalue()
            assert join.written == max(begin, begin + length) == len(frames) // FRAME_BYTES
            silent = [frames[at : at + FRAME_BYTES] for at in range(0, len(frames), FRAME_BYTES)][begin:]
            assert (length > 22) <= any(frame not in {AWAKE.steady, *_start()} for frame in silent)


def _start() -> set[bytes]:
    return {AWAKE.frame(0), AWAKE.frame(1)}


@pytest.mark.parametrize("apart", [0, 100, 16_800])
def test_samples_are_filled_to_exactly_so_many(apart: int) -> None:
    for count in (0, 1, 99, 100, 2304, 2404, 2504, 35_903, 35_904, 40_512, 480_001):
        assert len(b"".join(awake.fill(count, apart))) == count * 2


def test_ten_hours_are_written_in_small_pieces() -> None:
    sizes = []

    class Sink:
        def write(self, data: bytes, /) -> int:
            sizes.append(len(data))
            return len(data)

    write(Sink(), [], 36_000 * 48_000, AWAKE)
    assert sum(sizes) == (1 + frame_count(36_000 * 48_000)) * FRAME_BYTES
    assert max(sizes) < 250_000
    assert len(sizes) < 2000
