"""A session in all kinds of files: the same sound at the same times, told the same by readers of others."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pytest
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus

from audiocoach.making.finishing import others_of
from audiocoach.routine.formats import NAMES
from audiocoach.sound import tones
from audiocoach.sound.containers import BY_NAME, CONTAINERS, container_of, is_sound
from audiocoach.sound.mp3.container import MP3
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.units import ms_to_samples
from audiocoach.workers.run import Inline
from audiocoach.workers.verify import as_text, verify
from tests.builds import Heard, built, carried_out, files_of, squats
from tests.decoders import run
from tests.levels import measure_loudness
from tests.node import told

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.workers.jobs import Built

ALL = Overrides(formats=NAMES)
SUFFIXES = [".opus", ".m4b", ".8k.wav", ".wav"]
every_suffix = pytest.mark.parametrize("suffix", SUFFIXES)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a session that was built in all formats."""
    folder = tmp_path_factory.mktemp("formats")
    (one,), failed = built(folder, squats(folder, engine="pyttsx3"), overrides=ALL)
    assert failed == []
    assert [one.path.name, *(file.name for file in one.others)] == [
        f"squats{end}" for end in (".mp3", *SUFFIXES)
    ]
    return folder


def file(work: Path, suffix: str) -> Path:
    return work / "out" / f"squats{suffix}"


def timeline(work: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file(work, ".timeline.json").read_bytes())
    return found


def chapters(work: Path) -> list[tuple[float, str]]:
    rows = json.loads(file(work, ".chapters.json").read_bytes())["chapters"]
    return [(row["startTime"], row["title"]) for row in rows]


def ffmpeg(path: Path) -> bytes:
    """48 kHz, whatever the file has."""
    return run("ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "s16le", "-ar", "48000", "-").stdout


def probed(path: Path) -> dict[str, Any]:
    asked = ("-show_format", "-show_streams", "-show_chapters", "-of", "json")
    found: dict[str, Any] = json.loads(run("ffprobe", "-v", "error", *asked, path).stdout)
    return found


def test_every_name_is_a_container_and_every_container_has_one() -> None:
    assert tuple(BY_NAME) == NAMES
    assert set(BY_NAME.values()) == set(CONTAINERS)
    assert [container_of(f"a{one.suffix}") for one in CONTAINERS] == list(CONTAINERS)
    assert (is_sound("a.8k.wav"), is_sound("a.vtt")) == (True, False)
    assert [one.suffix for one in others_of(("wav", "mp3", "opus", "wav"), MP3)] == [".opus", ".wav"]


def test_verify_finds_every_event_in_each_of_them_and_tells_how_loud_each_is(work: Path) -> None:
    (found,) = verify(work / "out", Inline(), Heard())
    assert found.findings == ()
    lines = as_text([found]).splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [f"squats{end}" for end in (".mp3", *SUFFIXES)]
    for name, level in found.levels:
        theirs = measure_loudness(work / "out" / name)
        assert level.lufs == pytest.approx(-16, abs=1)
        assert level.lufs == pytest.approx(theirs.integrated_lufs + 10 * math.log10(2), abs=0.3)
        assert theirs.true_peak_db <= -1


@every_suffix
def test_it_lasts_as_long_as_the_session_and_tones_begin_within_a_millisecond(
    work: Path, suffix: str
) -> None:
    sound = np.frombuffer(ffmpeg(file(work, suffix)), dtype="<i2").astype(np.int32)
    told_ms = timeline(work)["duration_ms"]
    # What fills the last frame of AAC is silence, and players cut it.
    over = len(sound) - ms_to_samples(told_ms)
    assert 0 <= over <= (1024 if suffix == ".m4b" else 0)
    assert not sound[len(sound) - over :].any()
    late_ms = []
    for event in timeline(work)["events"]:
        if event["kind"] == "tone":
            tone = np.abs(np.frombuffer(tones.render(event["tone"]), dtype="<i2").astype(np.int32))
            start = ms_to_samples(event["start_ms"])
            piece = np.abs(sound[start - 960 : start + len(tone)])
            level = int(tone.max()) // 10
            late_ms.append((np.argmax(piece >= level) - 960 - np.argmax(tone >= level)) / 48)
    assert len(late_ms) > 4
    assert max(map(abs, late_ms)) <= 1


def test_an_m4b_tells_its_length_to_the_millisecond(work: Path) -> None:
    """As the edit list has it, which players of phones follow."""
    (sound,) = (one for one in probed(file(work, ".m4b"))["streams"] if one["codec_type"] == "audio")
    assert float(sound["duration"]) * 1000 == pytest.approx(timeline(work)["duration_ms"], abs=0.001)
    assert float(sound["start_time"]) == 0


@pytest.mark.parametrize("suffix", [".opus", ".m4b"])
def test_ffprobe_reads_title_and_chapters(work: Path, suffix: str) -> None:
    found = probed(file(work, suffix))
    said = found["format"].get("tags", {}) | found["streams"][0].get("tags", {})
    assert said["title"] == "Squats"
    assert [(float(row["start_time"]), row["tags"]["title"]) for row in found["chapters"]] == chapters(work)
    assert [one["codec_name"] for one in found["streams"] if one["codec_type"] == "video"] == ["mjpeg"]


def test_mutagen_reads_them(work: Path) -> None:
    book, small = MP4(file(work, ".m4b")), OggOpus(file(work, ".opus"))
    assert (book["©nam"], book["©ART"], book["stik"]) == (["Squats"], ["audiocoach"], [2])
    assert [(mark.start, mark.title) for mark in book.chapters] == chapters(work)
    assert book["©lyr"] == small["lyrics"]
    assert "\n[00:01.00]Squats." in book["©lyr"][0]
    assert bytes(book["covr"][0]).startswith(b"\xff\xd8")
    assert small.info.length * 1000 == pytest.approx(timeline(work)["duration_ms"], abs=0.1)


def test_music_metadata_reads_them(work: Path) -> None:
    for suffix in SUFFIXES:
        found = told("music-metadata", file(work, suffix))
        assert found["common"]["title"] == "Squats"
        assert found["common"]["artist"] == "audiocoach"
    found = told("music-metadata", file(work, ".m4b"))
    marks = [(mark["start"] / mark["timeScale"], mark["title"]) for mark in found["format"]["chapters"]]
    assert marks == chapters(work)


def test_16_minutes_of_opus_go_into_a_mail(work: Path) -> None:
    """This session talks and sounds as densely as any; its cover counts once."""
    path = file(work, ".opus")
    cover_bytes = len(OggOpus(path)["metadata_block_picture"][0])
    sound_bytes = (path.stat().st_size - cover_bytes) * 960_000 / timeline(work)["duration_ms"]
    assert sound_bytes + cover_bytes < 2_500_000


def test_files_for_telephones_and_editors_are_what_these_take(work: Path) -> None:
    for suffix, rate_hz in ((".8k.wav", 8_000), (".wav", 48_000)):
        with av.open(str(file(work, suffix))) as found:
            (stream,) = found.streams.audio
            assert (stream.codec_context.name, stream.rate, stream.channels) == ("pcm_s16le", rate_hz, 1)


def again(work: Path, folder: str, overrides: Overrides) -> Built:
    options = BuildOptions((work / "squats.yaml",), work / folder, overrides, 1)
    (one,), _ = carried_out(options, Place(work / "cache"), Heard())
    return one


def test_what_stands_is_left_and_what_is_made_again_is_the_same(work: Path) -> None:
    stamps = {path: path.stat().st_mtime_ns for path in (work / "out").glob("squats*")}
    standing = again(work, "out", ALL)
    assert standing.reason is None
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    one = again(work, "elsewhere", ALL)
    assert one.others == standing.others
    for path in stamps:
        assert (work / "elsewhere" / path.name).read_bytes() == path.read_bytes()


def test_files_go_when_they_are_no_longer_wanted_and_with_their_routine(tmp_path: Path) -> None:
    path = squats(tmp_path)

    def names() -> list[str]:
        return sorted(one.name for one in (tmp_path / "out").glob("[!a.]*"))

    both = Overrides(formats=("wav", "wav-8k"))
    built(tmp_path, path, overrides=both)
    assert names() == sorted([*files_of("squats"), "squats.wav", "squats.8k.wav"])
    path.write_text(f"{path.read_text('utf-8')}formats: [wav-8k]\n", "utf-8")
    built(tmp_path, path)
    assert names() == sorted([*files_of("squats"), "squats.8k.wav"])
    # What somebody has put in its place stays.
    built(tmp_path, path, overrides=both)
    theirs = tmp_path / "out" / "squats.wav"
    theirs.write_bytes(b"of somebody else")
    built(tmp_path, path)
    assert theirs.read_bytes() == b"of somebody else"
    theirs.unlink()
    path.unlink()
    built(tmp_path, squats(tmp_path, "other"))
    assert names() == files_of("other")
