"""`music:` as coaches write it, and what becomes of the tracks that it names."""

from __future__ import annotations

import os
import subprocess
import wave as wave_file
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.errors import InputError
from audiocoach.making import music
from audiocoach.making.music import MusicError
from audiocoach.routine.diagnostics import Diagnostics
from audiocoach.routine.library import load
from audiocoach.routine.music import Music, Track, read
from audiocoach.routine.source import Mapping, compose
from tests.decoders import need
from tests.voices import DictStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUTINE = "title: T\nmusic: {music}\nmoves: {{squat: {{name: Squat}}}}\nsession: [{{do: squat, for: 20s}}]\n"
PULSE, RAIN = Track("pulse", 120), Track("rain")


def parsed(text: str) -> tuple[Music | None, list[str]]:
    diagnostics = Diagnostics()
    node = compose(f"music: {text}", "a.yaml", diagnostics)
    assert isinstance(node, Mapping)
    found = read(node.entries[0].value, diagnostics)
    return found, [str(problem) for problem in diagnostics.problems]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("rain", Music((RAIN,), (RAIN,))),
        ("pulse", Music((PULSE,), (PULSE,))),
        ("rain, pulse", Music((RAIN, PULSE), (RAIN, PULSE))),
        ("[music/a b.mp3, rain]", Music((Track("music/a b.mp3"), RAIN), (Track("music/a b.mp3"), RAIN))),
        ("off", Music((), ())),
        ("{play: rain, level: -12}", Music((RAIN,), (RAIN,), -12.0)),
        ("{work: pulse, rest: rain, bpm: 90}", Music((Track("pulse", 90),), (RAIN,))),
        ("{work: a.wav, bpm: 90}", Music((Track("a.wav", 90),), ())),
        ("{play: rain, work: off, level: -9.5 LU}", Music((), (RAIN,), -9.5)),
    ],
)
def test_music_is_a_bed_a_file_a_list_or_different_for_work_and_rest(text: str, wanted: Music) -> None:
    assert parsed(text) == (wanted, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "a.yaml:1:8: expected a file or folder beside the routine, or one of pad, rain"),
        ("[rain, [pad]]", "a.yaml:1:15: expected a file or folder"),
        ("{level: -8}", '"play" is missing: expected, for example, play: rain'),
        (
            "{play: rain, level: 8}",
            'how far below the voice it plays, from -30 to 0, such as -8, found "8": write -8',
        ),
        ("{play: rain, level: -31}", 'found "-31"'),
        ("{play: rain, bpm: 90}", "a.yaml:1:21: bpm has nothing to do here: it belongs to pulse"),
        ("{play: pulse, bpm: 20}", "expected beats a minute from 40 to 240"),
        ("{play: a, work: b, rest: c}", "expected play, or work and rest, found all three: remove play"),
        ("{plai: rain}", 'unknown field "plai" in music; did you mean "play"?'),
    ],
)
def test_what_is_wrong_with_it_is_told_at_its_place(text: str, told: str) -> None:
    _, problems = parsed(text)
    assert any(told in problem for problem in problems), problems


# -- files ------------------------------------------------------------------------------------------


def wave(seconds: float, rate_hz: int = 48_000, channels: int = 2) -> NDArray[np.int16]:
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    sides = [0.2 * np.sin(2 * np.pi * (220 + 110 * side) * at) for side in range(channels)]
    return (np.stack(sides, axis=1) * 32_767).astype(np.int16)


def encoded(path: Path, sound: NDArray[np.int16], rate_hz: int = 48_000) -> Path:
    channels = str(sound.shape[1])
    given = ("-f", "s16le", "-ar", str(rate_hz), "-ac", channels, "-i", "-")
    codec = {".opus": ("-c:a", "libopus"), ".m4a": ("-movflags", "+faststart")}.get(path.suffix, ())
    subprocess.run(
        [need("ffmpeg"), "-v", "error", *given, *codec, str(path)], input=sound.tobytes(), check=True
    )
    return path


def track_of(path: Path, bpm: int = 0) -> Track:
    text = ROUTINE.format(music=f"{{play: {path.name}, bpm: {bpm}}}" if bpm else path.name)
    routine = path.parent / "routine.yaml"
    routine.write_text(text)
    found = load(routine).routine.settings.music
    assert found is not None
    (track,) = found.work
    return track


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "ogg", "opus", "flac"])
def test_a_file_of_any_kind_is_decoded_measured_and_kept(suffix: str, tmp_path: Path) -> None:
    store = DictStore()
    track = track_of(encoded(tmp_path / f"song.{suffix}", wave(14)))
    known = music.prepare(track, store)
    assert music.known(track, store) == known
    assert known.length_ms == pytest.approx(14_000, abs=60)
    reel = music.reel(track, known)
    assert (reel.period_ms, reel.fade_ms) == (12_000, 2000)
    assert known.loudness_lufs + reel.gain_db == pytest.approx(music.VOICE_LUFS, abs=0.06)
    # Across the seam of two pieces, and behind the end.
    pcm = np.frombuffer(music.samples(track, store, 11_000, 15_000), "<i2").reshape(-1, 2)
    assert len(pcm) == 4000 * 48
    assert pcm[: 2900 * 48].any(axis=1).mean() > 0.99
    assert not pcm[3200 * 48 :].any()


def test_a_loop_with_beats_is_repeated_at_a_bar(tmp_path: Path) -> None:
    track = track_of(encoded(tmp_path / "drum.wav", wave(4.5)), bpm=120)
    reel = music.reel(track, music.prepare(track, DictStore()))
    assert (reel.period_ms, reel.fade_ms) == (4000, 10)


@pytest.mark.parametrize(("rate_hz", "channels"), [(192_000, 2), (8000, 1), (48_000, 7)])
def test_any_rate_and_number_of_channels_becomes_stereo(rate_hz: int, channels: int, tmp_path: Path) -> None:
    track = track_of(encoded(tmp_path / "song.wav", wave(7, rate_hz, channels), rate_hz))
    assert music.prepare(track, DictStore()).length_ms == pytest.approx(7000, abs=30)


def cut_to(path: Path, part: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    return path


def test_a_file_that_cannot_be_played_is_told_at_its_line(tmp_path: Path) -> None:
    long = wave(20)
    files = {
        "it is cut short: its header tells of more": cut_to(encoded(tmp_path / "cut.wav", long), 0.99),
        "it is cut short: 0:0": cut_to(encoded(tmp_path / "cut.mp3", long), 0.4),
        "it is damaged": cut_to(encoded(tmp_path / "cut.m4a", long), 0.5),
        "it is silent": encoded(tmp_path / "silent.wav", long * 0),
        "it lasts 0.0 s, and at least 6 seconds are needed": encoded(tmp_path / "one.wav", long[:100]),
        "it lasts 5.0 s": encoded(tmp_path / "short.wav", long[: 5 * 48_000]),
    }
    for told, path in files.items():
        track = track_of(path)
        with pytest.raises(MusicError) as caught:
            music.prepare(track, DictStore())
        assert told in str(caught.value)
        assert str(caught.value).startswith(f'{tmp_path / "routine.yaml"}:2:8: the music "{path.name}"')


def random_sound(path: Path, channels: int, frames: int) -> Path:
    with wave_file.open(str(path), "wb") as file:
        file.setparams((channels, 2, 48_000, 0, "NONE", ""))
        file.writeframes(np.random.default_rng(1).bytes(2 * channels * frames))
    return path


def with_a_hole(path: Path) -> Path:
    """Noise in place of a twentieth of it, from its middle on."""
    data = bytearray(encoded(path, wave(20)).read_bytes())
    middle, size = len(data) // 2, len(data) // 20
    data[middle : middle + size] = np.random.default_rng(2).bytes(size)
    path.write_bytes(data)
    return path


def test_hostile_sounds_are_refused_at_their_line(tmp_path: Path) -> None:
    endless = tmp_path / "endless.wav"
    endless.write_bytes(random_sound(tmp_path / "head.wav", 2, 0).read_bytes()[:40] + b"\xff" * 4)
    os.truncate(endless, 300_000_000)
    unplayable = {
        random_sound(tmp_path / "nothing.wav", 2, 0): "it lasts 0.0 s",
        random_sound(tmp_path / "crowd.wav", 100, 96_000): "it is damaged, or no sound that can be read",
        endless: "it is cut short: its header tells of more",
        with_a_hole(tmp_path / "hole.mp3"): "it is damaged",
        with_a_hole(tmp_path / "hole.m4a"): "it is damaged",
        with_a_hole(tmp_path / "hole.ogg"): "it is cut short",
        with_a_hole(tmp_path / "hole.flac"): "it is cut short",
    }
    endless.write_bytes(b"RIFF\xff\xff\xff\x7f" + endless.read_bytes()[8:44])
    os.truncate(endless, 300_000_000)
    for path, told in unplayable.items():
        with pytest.raises(MusicError) as caught:
            music.prepare(track_of(path), DictStore())
        assert str(caught.value).startswith(
            f'{tmp_path / "routine.yaml"}:2:8: the music "{path.name}" cannot be used: {told}'
        )


def test_the_file_of_a_folder_that_cannot_be_played_is_named(tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "again").symlink_to(".")
    (tmp_path / "songs" / "a.mp3").write_bytes(b"ID3 and nothing else")
    with pytest.raises(MusicError, match=r'routine\.yaml:2:8: the music "songs/a\.mp3" cannot be used'):
        music.prepare(track_of(tmp_path / "songs"), DictStore())


def test_what_is_no_file_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "round.mp3").symlink_to("round.mp3")
    folders = {name: tmp_path / name for name in ("many", "pipes", "rounds", "folders")}
    for folder in folders.values():
        folder.mkdir()
    for number in range(1000):
        (folders["many"] / f"{number}.mp3").write_bytes(b"ID3")
    os.mkfifo(folders["pipes"] / "a.mp3")
    (folders["rounds"] / "a.mp3").symlink_to("a.mp3")
    (folders["folders"] / "a.mp3").mkdir()
    tellings = {
        "pipe.mp3": '"pipe.mp3" is no file: expected music such as song.mp3',
        "round.mp3": '"round.mp3" is a link that leads to no file',
        "many": "expected from 1 to 200 files such as song.mp3 in this folder, found 1000 files",
        "pipes": '"a.mp3" is no file',
        "rounds": '"a.mp3" cannot be read: Too many levels of symbolic links',
        "folders": '"a.mp3" is no file',
    }
    for name, told in tellings.items():
        with pytest.raises(InputError) as caught:
            track_of(tmp_path / name)
        assert str(caught.value).startswith(f"{tmp_path / 'routine.yaml'}:2:8: {told}")


def test_what_is_no_music_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    (tmp_path / "folder").mkdir()
    files = {
        "text.mp3": b"This is a text.",
        "list.mp3": b"ffconcat version 1.0\nfile secret.wav\n",
        "list2.mp3": b"#EXTM3U\nsecret.wav\n",
        "empty.mp3": b"",
        "video.m4p": b"\0\0\0\x20ftypM4P \0\0\0\0",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "leads-out.mp3").symlink_to("/dev/zero")
    tellings = {
        **dict.fromkeys(["text.mp3", "list.mp3", "list2.mp3", "empty.mp3"], "is none that can be read"),
        "video.m4p": "is protected against copying",
        "leads-out.mp3": "leads out of the project",
        "../other.mp3": "leads out of the project",
        "/etc/passwd": "expected a file or folder inside the project",
        "'http://a.b/c.mp3'": "expected a file or folder inside the project",
        "folder": "expected from 1 to 200 files such as song.mp3 in this folder, found none",
        "missing.mp3": "there is no file or bed",
        "rein": 'did you mean "rain"?',
        "x" * 290: "there is no file or bed",
        f"{'x' * 290}/a.mp3": "there is no file or bed",
        "text.mp3/a.mp3": "there is no file or bed",
    }
    for name, told in tellings.items():
        routine = tmp_path / "routine.yaml"
        routine.write_text(ROUTINE.format(music=name))
        with pytest.raises(InputError) as caught:
            load(routine)
        assert told in str(caught.value), name
        assert str(caught.value).startswith(f"{routine}:2:8: ")


def test_a_folder_is_its_files_by_name_and_is_read_again_when_one_is_added(tmp_path: Path) -> None:
    songs = tmp_path / "songs"
    songs.mkdir()
    for name in ("b.wav", "a.mp3", "cover.jpg"):
        (songs / name).write_bytes(b"RIFF....WAVE" if name.endswith("wav") else b"ID3")
    routine = tmp_path / "routine.yaml"
    routine.write_text(ROUTINE.format(music="songs"))
    found = load(routine)
    assert found.routine.settings.music is not None
    names = [Path(track.path).name for track in found.routine.settings.music.work]
    assert names == ["a.mp3", "b.wav"]
    before = dict(found.inputs)[songs]
    (songs / "c.wav").write_bytes(b"RIFF....WAVE")
    assert dict(load(routine).inputs)[songs] != before
