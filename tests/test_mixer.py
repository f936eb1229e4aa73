import itertools
import os
import subprocess
import sys
import warnings
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.encoder import PEAK_CEILING
from audiocoach.errors import SoundError
from audiocoach.sound import mixer
from audiocoach.sound.mixer import Part, Placement, Region
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.mp3.frame import FRAME_SAMPLES

PLACEMENTS = st.lists(
    st.builds(
        Placement,
        st.integers(0, 400_000),
        st.integers(1, 60_000),
        st.sampled_from(["clip:a", "clip:b", "tone:go:1"]),
    ),
    max_size=12,
)


def constant(level: int, length_samples: int) -> bytes:
    return array("h", [level] * length_samples).tobytes()


def placed(region: Region) -> list[Placement]:
    start = region.first_frame * FRAME_SAMPLES
    return [Placement(start + part.offset_samples, part.length_samples, part.sound) for part in region.parts]


@given(PLACEMENTS)
def test_every_placement_is_in_exactly_one_region_at_its_own_time(placements: list[Placement]) -> None:
    found = [spot for region in MP3.regions(placements) for spot in placed(region)]
    order = [(spot.start_sample, spot.length_samples, spot.sound) for spot in placements]
    assert [(spot.start_sample, spot.length_samples, spot.sound) for spot in found] == sorted(order)


@given(PLACEMENTS)
def test_six_whole_frames_lie_between_two_regions(placements: list[Placement]) -> None:
    found = MP3.regions(placements)
    for before, after in itertools.pairwise(found):
        end_frame = -(-(before.first_frame * FRAME_SAMPLES + before.length_samples) // FRAME_SAMPLES)
        assert after.first_frame - end_frame >= 6


@given(PLACEMENTS)
def test_within_a_region_no_gap_has_six_whole_frames(placements: list[Placement]) -> None:
    for region in MP3.regions(placements):
        end = 0
        for part in region.parts:
            assert part.offset_samples // FRAME_SAMPLES - -(-end // FRAME_SAMPLES) < 6
            end = max(end, part.end_samples)


@given(PLACEMENTS)
def test_a_region_begins_within_its_first_frame(placements: list[Placement]) -> None:
    for region in MP3.regions(placements):
        assert 0 <= region.parts[0].offset_samples < FRAME_SAMPLES


@given(PLACEMENTS, st.integers(0, 50))
def test_a_key_does_not_depend_on_the_place(placements: list[Placement], frames: int) -> None:
    moved = [
        Placement(spot.start_sample + frames * FRAME_SAMPLES, spot.length_samples, spot.sound)
        for spot in placements
    ]
    before, after = MP3.regions(placements), MP3.regions(moved)
    assert [region.key for region in before] == [region.key for region in after]
    assert [region.first_frame + frames for region in before] == [region.first_frame for region in after]


def test_a_key_tells_offsets_and_sounds() -> None:
    region = MP3.regions([Placement(1152 + 48, 100, "clip:a"), Placement(1152 + 480, 100, "tone:go:1")])[0]
    assert region.key == "48+clip:a 480+tone:go:1"


@pytest.mark.parametrize(("gap_frames", "count"), [(5, 1), (6, 2)])
def test_the_gap_that_parts_two_regions(gap_frames: int, count: int) -> None:
    second = (1 + gap_frames) * FRAME_SAMPLES
    assert len(MP3.regions([Placement(0, 1152, "a"), Placement(second, 10, "b")])) == count


def test_one_sound_is_itself_at_its_offset() -> None:
    clip = bytes(range(256)) * 10
    region = Region(7, (Part(77, 1280, "clip"),))
    assert mixer.mix(region, {"clip": clip}.__getitem__) == bytes(77 * 2) + clip


def test_sounds_that_do_not_overlap_are_themselves() -> None:
    region = Region(0, (Part(0, 100, "a"), Part(100, 50, "b"), Part(333, 10, "a10")))
    sounds = {"a": constant(32_767, 100), "b": constant(-32_768, 50), "a10": constant(5, 10)}
    wanted = sounds["a"] + sounds["b"] + bytes(183 * 2) + sounds["a10"]
    assert mixer.mix(region, sounds.__getitem__) == wanted


def test_overlapping_sounds_add_up_to_the_sample() -> None:
    region = Region(0, (Part(5, 100, "a"), Part(58, 30, "b")))
    mixed = array("h", mixer.mix(region, {"a": constant(100, 100), "b": constant(7, 30)}.__getitem__))
    assert list(mixed) == [0] * 5 + [100] * 53 + [107] * 30 + [100] * 17


def test_a_sum_that_would_clip_turns_the_region_down() -> None:
    region = Region(0, (Part(0, 100, "loud"), Part(50, 100, "loud"), Part(500, 100, "loud")))
    mixed = array("h", mixer.mix(region, {"loud": constant(30_000, 100)}.__getitem__))
    assert len(mixed) == 600
    assert max(mixed) / 32_767 == pytest.approx(PEAK_CEILING, abs=0.001)
    assert mixed[0] == mixed[120] == mixed[550] == pytest.approx(max(mixed) / 2, abs=2)


def test_a_sum_under_the_ceiling_keeps_its_level() -> None:
    region = Region(0, (Part(0, 100, "half"), Part(0, 100, "third")))
    sounds = {"half": constant(16_000, 100), "third": constant(-6_000, 100)}
    assert set(array("h", mixer.mix(region, sounds.__getitem__))) == {10_000}


def test_silent_sounds_may_overlap() -> None:
    region = Region(0, (Part(0, 100, "still"), Part(50, 100, "still")))
    assert mixer.mix(region, {"still": bytes(200)}.__getitem__) == bytes(300)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=6))
def test_nothing_saturates_and_lengths_are_kept(spans: list[tuple[int, int]]) -> None:
    parts = tuple(sorted(Part(offset, length, f"{length}") for offset, length in spans))
    region = Region(0, parts)
    mixed = array("h", mixer.mix(region, lambda sound: constant(26_800, int(sound))))
    assert len(mixed) == region.length_samples
    assert max(mixed) <= PEAK_CEILING * 32_767 + len(spans) ** 2


def test_a_long_chain_of_pairs_is_turned_down_no_further_than_a_pair() -> None:
    region = Region(0, tuple(Part(50 * at, 100, "loud") for at in range(200)))
    mixed = array("h", mixer.mix(region, {"loud": constant(20_000, 100)}.__getitem__))
    assert max(mixed) / 32_767 == pytest.approx(PEAK_CEILING, abs=0.001)


def test_a_clip_of_another_length_is_refused() -> None:
    region = Region(0, (Part(0, 100, "clip"),))
    with pytest.raises(SoundError, match="sound clip: expected 100 samples, found 99"):
        mixer.mix(region, {"clip": bytes(198)}.__getitem__)


def test_importing_the_room_imports_no_sound_library() -> None:
    code = (
        "import sys; from audiocoach.sound import containers, mixer, tags, tones; "
        "print([name for name in ('pydub', 'lameenc', 'av', 'audioop') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("path", [{"PATH": ""}, {}], ids=["an empty PATH", "none"])
def test_pydub_loads_without_a_warning_where_no_ffmpeg_is(path: dict[str, str]) -> None:
    code = "from audiocoach.sound import mixer; mixer.load('pydub'); mixer.load('audioop')"
    others = {name: value for name, value in os.environ.items() if name != "PATH"}
    clean = {**others, **path, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, check=False, text=True, env=clean)
    assert (done.returncode, done.stderr) == (0, "")


def test_other_warnings_are_heard() -> None:
    mixer.load("pydub")
    with pytest.warns(RuntimeWarning, match="Couldn't find ffmpeg"):
        warnings.warn("Couldn't find ffmpeg", RuntimeWarning, stacklevel=1)
