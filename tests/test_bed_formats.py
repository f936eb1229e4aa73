"""A session with music in all kinds of files, and what is not made twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from audiocoach.sound import hearing, m4b, opus
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers.run import Inline
from audiocoach.workers.verify import verify
from tests.builds import Heard, built, carried_out
from tests.levels import measure_loudness
from tests.test_bed import ENGINE, drummed
from tests.test_music import encoded
from tests.test_others import ALL, SUFFIXES, ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from audiocoach.workers.jobs import Built

ROUTINE = """\
title: Legs
description: {about}
music: {{play: loop.wav, bpm: 120}}
voice: {{engine: {engine}}}
moves:
  squat: {{name: Squat, setup: "Stand tall, with your feet apart."}}
session:
  - {{do: squat, for: 20s}}
"""


def written(folder: Path, about: str = "For the legs.") -> Path:
    path = folder / "legs.yaml"
    path.write_text(ROUTINE.format(engine=ENGINE, about=about), "utf-8")
    return path


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session with music that was built in all formats."""
    folder = tmp_path_factory.mktemp("formats")
    encoded(folder / "loop.wav", drummed())
    done, failed = built(folder, written(folder), overrides=ALL)
    assert failed == []
    assert [file.name for file in done[0].others] == [f"legs{end}" for end in SUFFIXES]
    return folder


def sound_of(path: Path) -> NDArray[np.float64]:
    """All that is heard, as one speaker gives it."""
    with av.open(str(path)) as found:
        channels = found.streams.audio[0].channels
    heard = np.frombuffer(ffmpeg(path), "<i2").astype(float)
    return np.asarray(heard.reshape(-1, channels).mean(axis=1))


def test_each_is_whole_and_as_loud_as_the_others_and_as_verify_says(work: Path) -> None:
    (found,) = verify(work / "out", Inline(), Heard())
    assert found.findings == ()
    assert [name for name, _ in found.levels] == [f"legs{end}" for end in (".mp3", *SUFFIXES)]
    for name, level in found.levels:
        theirs, is_stereo = measure_loudness(work / "out" / name), ".8k" not in name
        # What differs from side to side is quieter out of the one speaker of a telephone.
        assert level.lufs == pytest.approx(-16, abs=1 if is_stereo else 2)
        assert level.lufs == pytest.approx(theirs.integrated_lufs + (0 if is_stereo else 3), abs=0.3)
        assert theirs.true_peak_db <= -1


def test_all_of_them_are_the_same_sound_at_the_same_time(work: Path) -> None:
    duration_ms = json.loads((work / "out" / "legs.timeline.json").read_bytes())["duration_ms"]
    mp3 = sound_of(work / "out" / "legs.mp3")
    assert len(mp3) == duration_ms * 48
    for suffix in SUFFIXES:
        other = sound_of(work / "out" / f"legs{suffix}")[: len(mp3)]
        assert len(other) == len(mp3)
        assert np.corrcoef(mp3, other)[0, 1] > (0.7 if suffix == ".8k.wav" else 0.95)


def test_they_are_stereo_and_opus_has_64_kilobits_a_second(work: Path) -> None:
    for suffix, channels in zip(SUFFIXES, (2, 2, 1, 2), strict=True):
        with av.open(str(work / "out" / f"legs{suffix}")) as found:
            assert found.streams.audio[0].channels == channels
            if suffix == ".opus":
                sizes = sum(packet.size for packet in found.demux(found.streams.audio[0]))
                seconds = (found.duration or 0) / av.time_base
                assert sizes * 8 / seconds == pytest.approx(64_000, rel=0.1)


def test_louder_for_outdoors_it_is_all_louder_and_nothing_clips(work: Path) -> None:
    outdoors = Overrides(formats=("opus",), loudness_lufs=-14)
    one = built_into(work, "loud", "For the legs.", outdoors)
    (found,) = verify(work / "loud", Inline(), Heard())
    assert found.findings == ()
    assert found.levels[0][1] == one.level
    for _, level in found.levels:
        assert level.lufs == pytest.approx(-14, abs=1)
        assert level.peak_db is not None
        assert level.peak_db <= -1


def built_into(work: Path, out: str, about: str, overrides: Overrides) -> Built:
    options = BuildOptions((written(work, about),), work / out, overrides, 1)
    (one,), failed = carried_out(options, Place(work / "cache"), Heard())
    assert failed == []
    return one


def test_another_description_and_another_folder_encode_and_measure_nothing(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told of the same sound is put around it anew."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("this is encoded or measured twice")

    two = Overrides(formats=("opus", "m4b"))
    before = {end: (work / "out" / f"legs{end}").read_bytes() for end in (".opus", ".m4b")}
    for module in (opus, m4b):
        monkeypatch.setattr(module, "encoded", refuse)
    monkeypatch.setattr(hearing, "listen_to_both", refuse)
    again = built_into(work, "again", "For the legs.", two)
    assert {end: (work / "again" / f"legs{end}").read_bytes() for end in before} == before
    retold = built_into(work, "retold", "For stairs.", two)
    assert all((work / "retold" / f"legs{end}").read_bytes() != data for end, data in before.items())
    assert [file.level for file in retold.others] == [file.level for file in again.others]


HOSTILE = """\
title: Hostile
music: {play: storm.wav, level: 0}
voice: {engine: silent}
tones: none
session:
  - {say: Now., pause: 3s}
"""


def storm() -> NDArray[np.int16]:
    """What no ear hears, as loud as can be, with cracks on its crests: no encoder keeps such peaks."""
    at, dice = np.arange(8 * 48_000) / 48_000, np.random.default_rng(5)
    cracks = ((at % 0.25) < 0.004) * dice.standard_normal(len(at))
    one = np.sin(2 * np.pi * 20 * at) + 0.6 * cracks
    return np.asarray(np.stack([one, one], 1) * 32_000 / abs(one).max(), np.int16)


def test_no_peak_of_hostile_music_passes_the_ceiling_in_any_file(tmp_path: Path) -> None:
    encoded(tmp_path / "storm.wav", storm())
    (tmp_path / "hostile.yaml").write_text(HOSTILE, "utf-8")
    outdoors = Overrides(formats=("opus", "m4b", "wav", "wav-8k"), loudness_lufs=-14)
    (one,), failed = built(tmp_path, tmp_path / "hostile.yaml", overrides=outdoors)
    assert failed == []
    for suffix in (".mp3", *SUFFIXES):
        assert measure_loudness(tmp_path / "out" / f"hostile{suffix}").true_peak_db <= -1, suffix
    (found,) = verify(tmp_path / "out", Inline(), Heard())
    assert found.findings == ()
    assert [level for _, level in found.levels[1:]] == [file.level for file in one.others]
