"""Sessions with music: built for real, decoded by others, and measured."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.making import bed
from audiocoach.routine.music import Track
from audiocoach.sound.bed.score import Reel
from audiocoach.store.place import MANIFEST
from audiocoach.voice.studio import Studio
from audiocoach.workers.run import Inline
from audiocoach.workers.verify import verify
from tests.builds import Heard, built
from tests.decoders import run
from tests.generate import constant, planned
from tests.levels import measure_loudness
from tests.test_music import encoded, wave
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ROUTINE = """\
title: Music
music: {{play: loop.wav, bpm: 120}}
voice: {{engine: {engine}}}
safety: Stop at once if anything feels sharp.
moves:
  squat: {{name: Squat, setup: "Stand tall, with your feet apart.", reminders: [{reminder}]}}
session:
  - say: This is a session with music. It takes <duration>.
  - {{do: squat, for: 40s, sets: 2, rest: 20s}}
  - say: Well done.
"""
ENGINE = "pyttsx3" if sys.platform == "linux" else "silent"


def written(folder: Path, reminder: str = "Breathe out as you rise.", engine: str = ENGINE) -> Path:
    path = folder / "music.yaml"
    path.write_text(ROUTINE.format(engine=engine, reminder=reminder))
    return path


def drummed() -> NDArray[np.int16]:
    """Two bars: a chord and a drum, much louder than a bed may be."""
    sound = wave(4).astype(float) * 2
    at = np.arange(4 * 48_000)
    hits = 12_000 * np.exp(-(at % 24_000) / 2000) * np.sin(at / 30)
    return np.asarray(sound + hits[:, None], np.int16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session that was built with music."""
    made = tmp_path_factory.mktemp("bed")
    encoded(made / "loop.wav", drummed())
    done, failed = built(made, written(made))
    assert not failed
    assert len(done) == 1
    return made


def blocks_in(folder: Path) -> set[str]:
    return {path.name for path in (folder / "cache").rglob("block-*")}


def test_it_is_whole_for_us_and_for_other_readers(folder: Path) -> None:
    (session,) = verify(folder / "out", Inline(), Heard())
    assert session.findings == ()
    assert b"WARNING" not in run("mp3val", folder / "out" / "music.mp3").stdout


def test_it_is_as_loud_as_a_podcast_and_never_clips_as_the_table_and_verify_say(folder: Path) -> None:
    done, _ = built(folder, written(folder))
    loudness = measure_loudness(folder / "out" / "music.mp3")
    assert loudness.integrated_lufs == pytest.approx(-16, abs=1)
    assert loudness.true_peak_db <= -1
    (session,) = verify(folder / "out", Inline(), Heard())
    ((_, verified),) = session.levels
    for told in (done[0].level, verified):
        assert told
        assert told.lufs == pytest.approx(loudness.integrated_lufs, abs=0.11)
        assert told.peak_db == pytest.approx(loudness.true_peak_db, abs=0.2)


def decoded(folder: Path) -> NDArray[np.float64]:
    """Milliseconds of both sides."""
    raw = run(
        "ffmpeg", "-v", "error", "-i", folder / "out" / "music.mp3", "-f", "s16le", "-ac", "2", "-"
    ).stdout
    sound = np.frombuffer(raw, "<i2").astype(float) / 32_768
    return sound[: len(sound) // 96 * 96].reshape(-1, 96)


def level_db(sound: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(sound**2)))


def test_music_is_at_its_level_and_makes_room_before_the_first_syllable(folder: Path) -> None:
    sound = decoded(folder)
    timeline = json.loads((folder / "out" / "music.timeline.json").read_text())
    assert len(sound) == timeline["duration_ms"]
    events = timeline["events"]
    gaps = [
        (before["start_ms"] + before["duration_ms"], after["start_ms"])
        for before, after in pairwise(events)
        if after["kind"] == before["kind"] == "speech" or after["kind"] == "speech"
    ]
    # Whole bars in which nobody speaks: their level is that of the loop.
    end, start = max(gaps, key=lambda gap: gap[1] - gap[0])
    first = -(-(end + 600) // 2000) * 2000
    assert first + 2000 < start - 200
    alone = level_db(sound[first : first + 2000])
    assert alone == pytest.approx(level_db(sound[first : first + 1000]), abs=1)
    # Once it has made room for a tone or a word it is lower: in the pauses that it is held through.
    held = [
        level_db(sound[at + 40 : until - 60])
        for at, until in gaps
        if 300 < until - at < 850 and until < len(sound)
    ]
    assert held
    assert max(held) < alone - 6


def test_a_word_more_costs_the_blocks_that_it_touches(folder: Path) -> None:
    before = blocks_in(folder)
    first = (folder / "out" / "music.mp3").read_bytes()
    done, _ = built(folder, written(folder, "Breathe out as you stand."))
    new = blocks_in(folder) - before
    assert done[0].new == 1
    # A reminder sounds in each of the two sets, at the most in two blocks each.
    assert 1 <= len(new) <= 4 < len(before)
    built(folder, written(folder))
    assert blocks_in(folder) == before | new
    assert (folder / "out" / "music.mp3").read_bytes() == first


def test_one_worker_makes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    encoded(tmp_path / "loop.wav", drummed())
    built(folder, written(folder))
    built(tmp_path, written(tmp_path), jobs=1)
    wanted = (folder / "out" / "music.mp3").read_bytes()
    assert (tmp_path / "out" / "music.mp3").read_bytes() == wanted


PART = """\
title: {title}
voice: {{engine: silent}}
tones: none
formats: [opus, m4b, wav]
keep_awake: {awake}
session:
  - {{section: Loud, music: loop.wav, items: [{{say: Lie down.}}]}}
  - {{pause: 6s}}
  - {{say: Sit up.}}
"""


def test_where_music_plays_in_a_part_no_file_has_a_silence_on_which_devices_sleep(tmp_path: Path) -> None:
    """And `verify` tells where one has."""
    # The end of a song is silent as well.
    silence = np.zeros((96_000, 2), np.int16)
    encoded(tmp_path / "loop.wav", np.concatenate([drummed(), silence, drummed(), silence]))
    for name, awake in (("part", "on"), ("still", "off")):
        (tmp_path / f"{name}.yaml").write_text(PART.format(title=name, awake=awake), "utf-8")
    _, failed = built(tmp_path, tmp_path / "part.yaml", tmp_path / "still.yaml")
    assert failed == []
    out = tmp_path / "out"
    assert [one.findings for one in verify(out, Inline(), Heard())] == [(), ()]
    for suffix in ("mp3", "opus", "m4b", "wav"):
        assert longest_silence_ms(out / f"part.{suffix}") < 1000
        assert longest_silence_ms(out / f"still.{suffix}") > 4000
    manifest = (out / MANIFEST).read_text()
    (out / MANIFEST).write_text(manifest.replace('"is_awake": false', '"is_awake": true'))
    (whole, still) = verify(out, Inline(), Heard())
    assert whole.findings == ()
    assert [one.file for one in still.findings] == ["still.mp3", "still.opus", "still.m4b", "still.wav"]
    assert all("devices may sleep on" in one.message for one in still.findings)


def longest_silence_ms(path: Path) -> float:
    raw = run("ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ac", "2", "-").stdout
    sound = np.abs(np.frombuffer(raw, "<i2").astype(int)).reshape(-1, 2).max(axis=1)
    places = np.concatenate([[-1], np.flatnonzero(sound), [len(sound)]])
    return float(np.diff(places).max()) / 48


def test_music_that_cannot_be_played_fails_its_routine_alone(tmp_path: Path) -> None:
    (tmp_path / "loop.wav").write_bytes(b"RIFF\xff\xff\xff\xffWAVEjunk")
    _, failed = built(tmp_path, written(tmp_path, engine="silent"))
    assert str(failed[0].error).startswith(f'{tmp_path}/music.yaml:2:15: the music "loop.wav" cannot be used')
    assert failed[0].error.exit_status == 2


def test_blocks_in_which_nobody_speaks_are_made_once() -> None:
    text = "title: T\nmusic: rain\ntones: none\nsession: [{say: Lie down., pause: 10m}, {say: Sit up.}]\n"
    timeline = schedule(planned(text), constant)
    rain = Track("rain")
    with Studio(DictStore()) as studio:
        plan = bed.plan_bed(timeline, studio, {rain: Reel("rain", 60_000, 2000, 3.0)})
    # The first and the last, those with words beside them, and five for a minute of rain.
    assert len(plan.distinct) <= 5 + 4
    at = 0
    for laid in plan.blocks:
        assert laid.first == at
        at += laid.count
    assert 0 <= at * 24 - timeline.duration_ms < 100
    heard_ms = sum(laid.count * 24 for laid in plan.blocks if laid.block.sounds)
    assert heard_ms < 40_000
