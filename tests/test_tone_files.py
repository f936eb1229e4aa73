"""Tones as coaches write them: sets, other sounds, and files of their own, hostile ones too."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach import assets
from audiocoach.errors import InputError
from audiocoach.routine import tones
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.source import Mapping, compose
from audiocoach.routine.tones import SoundFile, Sounds, TonesChoice, read
from tests.test_music import cut_to, encoded, wave

if TYPE_CHECKING:
    from pathlib import Path

ROUTINE = "title: T\ntones: {tones}\nmoves: {{squat: {{name: Squat}}}}\nsession: [{{do: squat, for: 20s}}]\n"


def parsed(text: str) -> tuple[TonesChoice | None, list[str]]:
    diagnostics = Diagnostics()
    node = compose(f"tones: {text}", "a.yaml", diagnostics)
    assert isinstance(node, Mapping)
    found = read(node.entries[0].value, diagnostics)
    return found, [str(problem) for problem in diagnostics.problems]


def test_what_may_be_written_is_what_there_is() -> None:
    assert tuple(assets.tone_sets()) == tones.SETS
    assert set(assets.tones()) == {*tones.MEANINGS, "wake"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("soft", TonesChoice("soft")),
        ("none", TonesChoice("none")),
        ("{set: wood}", TonesChoice("full", Sounds("wood"))),
        ("{play: soft, bell: done}", TonesChoice("soft", Sounds("", (("bell", "done"),)))),
        (
            "{set: soft, go: bell, rest: sounds/my-rest.wav}",
            TonesChoice("full", Sounds("soft", (("go", "bell"), ("rest", SoundFile("sounds/my-rest.wav"))))),
        ),
    ],
)
def test_tones_are_an_amount_or_a_map(text: str, wanted: TonesChoice) -> None:
    assert parsed(text) == (wanted, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("loud", "a.yaml:1:8: expected full, soft or none, or a map such as {set: wood, go: bell}"),
        ("wood", 'found "wood": write {set: wood}'),
        (
            "{set: would}",
            'a.yaml:1:14: expected one of clear, soft, wood, found "would"; did you mean "wood"?',
        ),
        ("{goo: bell}", 'unknown field "goo" in tones; did you mean "go"?'),
        (
            "{go: bel}",
            'or a file such as sounds/gong.wav, found "bel"; did you mean "bell"?',
        ),
        ("{go: [bell]}", "expected a tone such as bell, or a file such as sounds/gong.wav, found"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text: str, told: str) -> None:
    _, problems = parsed(text)
    assert any(told in problem for problem in problems), problems


def sounds_of(folder: Path, name: str) -> tuple[Sounds, tuple[tuple[Path, str], ...]]:
    routine = folder / "routine.yaml"
    routine.write_text(ROUTINE.format(tones=f"{{go: {name}}}"))
    loaded = load(routine)
    assert loaded.routine.settings.sounds is not None
    return loaded.routine.settings.sounds, loaded.inputs


def told(folder: Path, name: str) -> str:
    with pytest.raises(InputError) as refused:
        sounds_of(folder, name)
    (problem,) = refused.value.problems
    assert (problem.position.line, problem.position.column) == (2, 13)
    assert problem.code == "unusable-tone"
    return problem.message


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "ogg", "opus", "flac"])
def test_a_file_of_any_kind_is_heard_for_its_length(suffix: str, tmp_path: Path) -> None:
    silence = np.zeros((4800, 2), np.int16)
    sound = np.concatenate([silence, wave(0.5), silence, silence])
    path = encoded(tmp_path / f"gong.{suffix}", sound)
    sounds, inputs = sounds_of(tmp_path, path.name)
    found = dict(sounds.own)["go"]
    assert isinstance(found, SoundFile)
    # Lossy kinds smear it a little; the silence around it is no part of it.
    assert found.length_ms == pytest.approx(500, abs=60)
    assert found.digest
    assert (path, found.digest) in inputs


def test_a_file_is_found_on_a_block_and_on_a_do_as_well(tmp_path: Path) -> None:
    encoded(tmp_path / "gong.wav", wave(0.5, channels=1))
    routine = tmp_path / "routine.yaml"
    inner = "[{do: squat, for: 20s, tones: {go: gong.wav}}]"
    routine.write_text(
        "title: T\nmoves: {squat: {name: Squat}}\n"
        f"session: [{{section: A, tones: {{rest: gong.wav}}, items: {inner}}}]\n"
    )
    block = load(routine).routine.session[0]
    found = [settings.sounds for settings in (block.settings, block.items[0].settings)]  # type: ignore[union-attr]
    assert [dict(sounds.own).popitem()[1].length_ms for sounds in found if sounds] == [500, 500]


def test_a_sound_that_is_longer_than_a_dose_is_an_error_at_the_dose(tmp_path: Path) -> None:
    encoded(tmp_path / "gong.wav", wave(2.5, channels=1))
    routine = tmp_path / "routine.yaml"
    text = ROUTINE.format(tones="{go: gong.wav}").replace("20s", "2s")
    routine.write_text(text)
    with pytest.raises(InputError, match=r"4:\d+: expected a dose of at least 2\.5s, which its own"):
        load(routine)


def test_what_comes_every_second_lasts_a_second_and_a_beat_no_longer_than_a_beat(tmp_path: Path) -> None:
    encoded(tmp_path / "gong.wav", wave(1.5, channels=1))
    encoded(tmp_path / "second.wav", wave(1, channels=1))
    routine = tmp_path / "routine.yaml"
    for name in ("count", "count_out"):
        text = ROUTINE.format(tones=f"{{go: gong.wav, {name}: gong.wav}}")
        routine.write_text(text)
        told = rf'2:\d+: the sound "gong.wav" lasts 1\.5 s: expected at most 1 second for {name}, which comes'
        with pytest.raises(InputError, match=told):
            load(routine)
        routine.write_text(text.replace(f"{name}: gong", f"{name}: second"))
        load(routine)
    beats = ROUTINE.format(tones="{beat: gong.wav}").replace("for: 20s", "reps: 20, bpm: 40")
    routine.write_text(beats)
    load(routine)
    routine.write_text(beats.replace("bpm: 40", "bpm: 41"))
    told = r"4:\d+: expected at most 40 bpm, for which there is room in the sound for beat, which lasts 1\.5s"
    with pytest.raises(InputError, match=told):
        load(routine)


def test_what_is_no_sound_is_told_at_the_routines_line(tmp_path: Path) -> None:
    encoded(tmp_path / "long.wav", wave(3.2, channels=1))
    encoded(tmp_path / "longer.flac", wave(60, 8000, 1), 8000)
    encoded(tmp_path / "silent.wav", np.zeros((48_000, 1), np.int16))
    cut_to(encoded(tmp_path / "cut.wav", wave(2)), 0.5)
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("hello")
    (tmp_path / "list.mp3").write_text("#EXTM3U\nhttp://127.0.0.1:1/a.mp3\n")
    (tmp_path / "concat.wav").write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    (tmp_path / "head.wav").write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt ")
    (tmp_path / "broken.flac").write_bytes(b"fLaC" + os.urandom(3000))
    (tmp_path / "folder.wav").mkdir()
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    with (tmp_path / "huge.wav").open("wb") as file:
        file.truncate(20_000_000)
    assert told(tmp_path, "long.wav").endswith("cannot be used: it lasts 3.2 s: expected at most 3 seconds")
    assert "lasts too long" in told(tmp_path, "longer.flac")
    assert "it is silent" in told(tmp_path, "silent.wav")
    assert "it is cut short" in told(tmp_path, "cut.wav")
    for name in ("empty.wav", "text.wav", "list.mp3", "concat.wav"):
        assert "it is no sound: expected wav, mp3, m4a, ogg, opus or flac" in told(tmp_path, name)
    for name in ("head.wav", "broken.flac"):
        assert "it is damaged, or no sound that can be read" in told(tmp_path, name)
    for name in ("folder.wav", "pipe.wav", "loop.wav", "huge.wav"):
        assert "cannot be read" in told(tmp_path, name)


def test_a_file_lies_in_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    encoded(tmp_path / "gong.wav", wave(0.5))
    encoded(project / "gong.wav", wave(0.5))
    (project / "out.wav").symlink_to(tmp_path / "gong.wav")
    assert "leads out of the project" in told(project, "../gong.wav")
    assert "leads out of the project" in told(project, "out.wav")
    for name in ("/etc/a.wav", "https://example.org/a.wav"):
        assert "is no file inside the project, such as sounds/gong.wav" in told(project, name)
    assert 'is not there: expected a file beside routine.yaml; did you mean "gong.wav"?' in told(
        project, "gnog.wav"
    )


@pytest.mark.parametrize(("rate_hz", "channels"), [(192_000, 2), (8000, 1), (48_000, 7)])
def test_any_rate_and_number_of_channels_will_do(rate_hz: int, channels: int, tmp_path: Path) -> None:
    encoded(tmp_path / "gong.wav", wave(0.5, rate_hz, channels), rate_hz)
    found = dict(sounds_of(tmp_path, "gong.wav")[0].own)["go"]
    assert isinstance(found, SoundFile)
    assert found.length_ms == pytest.approx(500, abs=2)
