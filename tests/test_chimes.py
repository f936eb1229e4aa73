"""Sounds of an author's own in a session: evened in level, exact in time, followed by their content."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from audiocoach.coaching.timeline import Timeline, Tone
from audiocoach.encoder import PEAK_CEILING
from audiocoach.errors import BuildError
from audiocoach.making import chimes
from audiocoach.records import replace
from audiocoach.routine.tones import SoundFile
from tests.builds import built
from tests.levels import measure_loudness
from tests.test_diagnostics import HERE
from tests.test_music import encoded, wave
from tests.test_tone_files import sounds_of
from tests.voices import DictStore


def tone_of(folder: Path, loudness: float, level_db: float = -18.0) -> Tone:
    folder.mkdir(exist_ok=True)
    path = encoded(folder / "gong.wav", (wave(0.5, channels=1) * loudness).astype(np.int16))
    found = dict(sounds_of(folder, path.name)[0].own)["go"]
    assert isinstance(found, SoundFile)
    return Tone(1000, found.length_ms, "go", found.name, HERE, replace(found, level_db=level_db))


def timeline_of(*tones: Tone) -> Timeline:
    return Timeline("T", "en", 10_000, tones, (), (), ())


def kept(tone: Tone) -> np.ndarray:
    store = DictStore()
    chimes.keep(timeline_of(tone), store)
    return np.frombuffer(chimes.fetched(chimes.sound_key(tone), store), "<i2").astype(float) / 32_768


@pytest.mark.parametrize("level_db", [-18.0, -24.0])
def test_loud_and_soft_files_come_to_the_level_of_their_set(level_db: float, tmp_path: Path) -> None:
    for name, loudness in (("soft", 0.05), ("loud", 4.0)):
        samples = kept(tone_of(tmp_path / name, loudness, level_db))
        assert len(samples) == 500 * 48
        middle_db = 20 * math.log10(np.sqrt(np.mean(samples[4800:9600] ** 2)))
        assert middle_db == pytest.approx(level_db, abs=0.1)
        # Edges of 4 ms.
        assert abs(samples[:10]).max() < 0.06 * abs(samples).max() > abs(samples[-10:]).max()


def test_a_click_that_would_pass_the_ceiling_stays_below_it(tmp_path: Path) -> None:
    click = np.zeros((9600, 1), np.int16)
    click[200] = click[9000] = 3000
    path = encoded(tmp_path / "gong.wav", click)
    found = dict(sounds_of(tmp_path, path.name)[0].own)["go"]
    assert isinstance(found, SoundFile)
    tone = Tone(0, found.length_ms, "go", found.name, HERE, replace(found, level_db=-18.0))
    assert abs(kept(tone)).max() <= PEAK_CEILING


def test_another_content_or_level_is_another_sound_and_another_name_is_none(tmp_path: Path) -> None:
    tone = tone_of(tmp_path / "a", 1.0)
    assert isinstance(tone.sound, SoundFile)
    assert chimes.sound_key(replace(tone, start_ms=5)) == chimes.sound_key(tone)
    renamed = replace(tone, sound=replace(tone.sound, name="b.wav", path="/b.wav"))
    assert chimes.sound_key(renamed) == chimes.sound_key(tone)
    for other in (replace(tone.sound, digest="other"), replace(tone.sound, level_db=-24.0)):
        assert chimes.sound_key(replace(tone, sound=other)) != chimes.sound_key(tone)
    assert chimes.sound_key(Tone(0, 360, "go", "go", HERE)).startswith("tone:go:")
    assert chimes.sound_key(Tone(0, 360, "go", "go", HERE, "wood/go")).startswith("tone:wood/go:")


def test_a_file_that_went_or_changed_since_is_told_with_its_line(tmp_path: Path) -> None:
    tone = tone_of(tmp_path / "a", 1.0)
    assert isinstance(tone.sound, SoundFile)
    encoded(tmp_path / "b.wav", wave(0.3, channels=1)).replace(tone.sound.path)
    with pytest.raises(chimes.ToneFileError, match=r"routine.yaml:2:13: the sound \"gong.wav\" changed"):
        chimes.keep(timeline_of(tone), DictStore())
    Path(tone.sound.path).unlink()
    with pytest.raises(chimes.ToneFileError, match="changed while it was being used"):
        chimes.keep(timeline_of(tone), DictStore())
    with pytest.raises(BuildError, match="build once more"):
        chimes.fetched(chimes.sound_key(tone), DictStore())


LOUD = """\
title: Loud
voice: {engine: silent}
tones: {count: second.wav, count_out: second.wav, go: gong.wav, stop: gong.wav, tick: gong.wav}
moves:
  squat: {name: Squat}
session:
  - {do: squat, for: 8s, sets: 2, rest: 8s}
  - {do: squat, reps: 6, tempo: 2s, cues: tones}
"""


def test_sounds_that_last_make_no_session_louder_than_a_podcast(tmp_path: Path) -> None:
    """Even where ears hear best, with hardly a pause, and with a word nowhere."""
    at = np.arange(2 * 48_000) / 48_000
    whistle = (16_000 * np.sin(2 * np.pi * 3000 * at)).astype(np.int16)[:, None]
    encoded(tmp_path / "gong.wav", whistle)
    encoded(tmp_path / "second.wav", whistle[:48_000])
    (tmp_path / "loud.yaml").write_text(LOUD, "utf-8")
    (done,), failed = built(tmp_path, tmp_path / "loud.yaml")
    assert failed == []
    loudness = measure_loudness(tmp_path / "out" / "loud.mp3")
    # Two speakers play what a meter hears of one channel.
    assert loudness.integrated_lufs + 3 == pytest.approx(-16, abs=1)
    assert loudness.true_peak_db <= -1
    assert done.level is not None
    assert done.level.lufs == pytest.approx(loudness.integrated_lufs + 3, abs=0.2)
