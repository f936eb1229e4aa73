"""Wrong values of the fields of sound: what was expected, what was found, and a hint that can be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import InputError
from audiocoach.routine.library import load

if TYPE_CHECKING:
    from pathlib import Path

ROUTINE = "title: T\n{}\nmoves: {{squat: {{name: Squat}}}}\nsession: [{{do: squat, for: 20s}}]\n"
TONES = "expected full, soft or none, or a map such as {set: wood, go: bell}"
SOUND = "expected a tone such as bell, or a file such as sounds/gong.wav"
BEDS = "expected a file or folder beside the routine, or one of pad, rain, waves, pulse"
LEVEL = "expected how far below the voice it plays, from -30 to 0, such as -8"
FORMATS = "expected one of mp3, opus, m4b, wav, wav-8k"
GAIN = "expected decibels from -20 to 6, such as -6"
VOICE = "expected a voice such as {engine: pyttsx3, name: en-gb}"
WHO = "expected the name of a voice such as Anna, or its fields such as {engine: pyttsx3, gain: -6}"
MISSING = "is not there: expected a file beside r.yaml"
VOICES = "expected who counts, such as {count: Anna} or {count: {gain: -6}}"

# What is written, what is said of it, and what is written when that was followed.
FOLLOWED = [
    ("stereo: yes please", '9: expected on or off, found "yes please": write on', "stereo: on"),
    ("stereo: mono", '9: expected on or off, found "mono": write off', "stereo: off"),
    ("stereo: [on]", "9: expected on or off, found a list: write on", "stereo: on"),
    ("keep_awake: never", '13: expected on or off, found "never": write off', "keep_awake: off"),
    ("tones: loud", f'8: {TONES}, found "loud": write full', "tones: full"),
    ("tones: off", f'8: {TONES}, found "off": write none', "tones: none"),
    ("tones: on", f'8: {TONES}, found "on": write full', "tones: full"),
    ("tones: Soft", f'8: {TONES}, found "Soft"; did you mean "soft"?', "tones: soft"),
    ("tones: [wood]", f"8: {TONES}, found a list: write {{set: wood}}", "tones: {set: wood}"),
    ("tones: woods", f'8: {TONES}, found "woods": write {{set: wood}}', "tones: {set: wood}"),
    (
        "tones: bell",
        f'8: {TONES}, found "bell": write what is to sound so, such as {{go: bell}}',
        "tones: {go: bell}",
    ),
    (
        "tones: {set: full}",
        '14: expected one of clear, soft, wood, found "full": write play: full',
        "tones: {play: full}",
    ),
    (
        "tones: {play: wood}",
        '15: expected one of full, soft, none, found "wood": write set: wood',
        "tones: {set: wood}",
    ),
    (
        "tones: {play: on}",
        '15: expected one of full, soft, none, found "on": write full',
        "tones: {play: full}",
    ),
    ("tones: {start: bell}", '9: unknown field "start" in tones; did you mean "go"?', "tones: {go: bell}"),
    ("music: on", f'8: {BEDS}, found "on": write which, such as rain', "music: rain"),
    (
        "music: rain and waves",
        f'8: {BEDS}, found "rain and waves": write [rain, waves]',
        "music: [rain, waves]",
    ),
    (
        "music: calm",
        '8: there is no file or bed "calm" beside r.yaml; did you mean "calm.mp3"?',
        "music: calm.mp3",
    ),
    (
        "music: {volume: -8, play: rain}",
        '9: unknown field "volume" in music; did you mean "level"?',
        "music: {level: -8, play: rain}",
    ),
    (
        "music: {play: rain, level: 8 dB}",
        f'28: {LEVEL}, found "8 dB": write -8',
        "music: {play: rain, level: -8}",
    ),
    (
        "music: {play: rain, level: -8,5}",
        '31: "5" has no value; YAML cuts at commas here: write level: -8.5',
        "music: {play: rain, level: -8.5}",
    ),
    (
        "music: {play: pulse, bpm: 120 bpm}",
        '27: expected beats a minute from 40 to 240, such as 120, found "120 bpm": write 120',
        "music: {play: pulse, bpm: 120}",
    ),
    ("voices: Anna", f'9: {VOICES}, found "Anna": write {{count: Anna}}', "voices: {count: Anna}"),
    (
        "voice: Anna",
        f'8: {VOICE}, found "Anna": write {{engine: Anna}} or {{name: Anna}}',
        "voice: {name: Anna}",
    ),
    ("voice: {gain: -6 dB}", f'15: {GAIN}, found "-6 dB": write -6', "voice: {gain: -6}"),
    ("voice: {gain: -6.25}", f'15: {GAIN}, found "-6.25": write -6.2', "voice: {gain: -6.2}"),
    (
        "voice: {volume: -6}",
        '9: unknown field "volume" in a voice; did you mean "gain"?',
        "voice: {gain: -6}",
    ),
    (
        "voice: {speed: 150}",
        '9: unknown field "speed" in a voice; did you mean "rate"?',
        "voice: {rate: 150}",
    ),
    ("formats: opus m4b", f'10: {FORMATS}, found "opus m4b": write [opus, m4b]', "formats: [opus, m4b]"),
    ("formats: opus, m4b", f'10: {FORMATS}, found "opus, m4b": write [opus, m4b]', "formats: [opus, m4b]"),
    ("formats: mp4", f'10: {FORMATS}, found "mp4"; did you mean "m4b"?', "formats: m4b"),
    ("formats: [mp3, ogg]", f'16: {FORMATS}, found "ogg"; did you mean "opus"?', "formats: [mp3, opus]"),
    ("formats: 8k", f'10: {FORMATS}, found "8k"; did you mean "wav-8k"?', "formats: wav-8k"),
]
TOLD = [
    ("stereo: loud", '9: expected on or off, found "loud"'),
    ("keep_awake: 10s", '13: expected on or off, found "10s"'),
    ("stereo: {left: on}", "9: expected on or off, found a map"),
    (
        "tones: {go: none}",
        f'13: {SOUND}, found "none": one tone alone cannot be left out; tones: none leaves out all',
    ),
    (
        "tones: {go: sounds/gong}",
        f'13: the sound "sounds/gong" {MISSING}; did you mean "sounds/gong.wav"?',
    ),
    (
        "tones: {go: sounds/}",
        '13: the sound "sounds/" cannot be read: expected a file such as sounds/gong.wav',
    ),
    ("tones: {go: {file: a.wav}}", f"13: {SOUND}, found a map"),
    ("music: {play: rain, level: loud}", f'28: {LEVEL}, found "loud"'),
    (
        "voices: {count: [anna, bob]}",
        f"17: {WHO}, found a list",
    ),
    ("voices: [count]", f"9: {VOICES}, found a list"),
    ("formats: {opus: yes}", "10: expected a list such as [opus, m4b], found a map"),
    (
        "loudness: -14",
        '1: unknown field "loudness" in a routine; how loud files are is an option: --loudness -14',
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    (folder / "sounds").mkdir()
    (folder / "sounds" / "gong.wav").touch()
    (folder / "calm.mp3").write_bytes(b"ID3")
    return folder


def problems(line: str, folder: Path) -> str:
    path = folder / "r.yaml"
    try:
        load(path, ROUTINE.format(line))
    except InputError as error:
        return str(error).replace(f"{path}:2:", "")
    return ""


@pytest.mark.parametrize(("written", "told", "mended"), FOLLOWED)
def test_who_follows_the_hint_has_what_was_meant(written: str, told: str, mended: str, folder: Path) -> None:
    assert problems(written, folder) == told
    assert problems(mended, folder) == ""


@pytest.mark.parametrize(("written", "told"), TOLD)
def test_what_was_expected_is_told_where_nobody_knows_what_was_meant(
    written: str, told: str, folder: Path
) -> None:
    assert problems(written, folder) == told


def test_a_word_that_is_no_tone_may_be_a_file_without_its_ending(folder: Path) -> None:
    told = problems("tones: {go: gong}", folder)
    assert told.startswith(f'13: {SOUND}, found "gong"; tones are beat, bell, count, ')
    assert told.endswith(", tick; a file has its ending, such as gong.wav")
