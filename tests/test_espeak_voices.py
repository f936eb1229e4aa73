"""What espeak-ng's data says of its voices is what its library takes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from audiocoach import assets, installed
from audiocoach.voice import engines
from audiocoach.voice.engines import espeak, espeak_voices
from audiocoach.voice.listing import Listed

if TYPE_CHECKING:
    from pathlib import Path

linux = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")

TAKEN = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engine = engines.load(Voice("pyttsx3"))
from audiocoach.voice.engines import espeak_driver
taken = {}
for name in json.load(sys.stdin):
    espeak_driver.SynchronousDriver.setProperty("voice", name)
    spoken_by = espeak_driver._espeak.GetCurrentVoice().contents.identifier.decode()
    taken[name] = spoken_by.rpartition("/")[2] if "+" in name else spoken_by
print(json.dumps(taken))
"""


def listed() -> dict[str, Listed]:
    return {voice.name: voice for voice in engines.voices_of("pyttsx3")}


@linux
def test_the_library_takes_every_name_and_speaks_with_a_voice_of_its_own() -> None:
    names = list(listed())
    done = subprocess.run(
        [sys.executable, "-c", TAKEN, json.dumps(sys.path)],
        input=json.dumps(names),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    taken = json.loads(done.stdout)
    assert list(taken) == names
    assert len(set(taken.values())) == len(names)
    assert done.stderr == ""
    assert len(names) > 200


@linux
def test_a_voice_is_found_by_its_language() -> None:
    voices = listed()
    assert voices["de"] == Listed("de", ("de",), "GPL-3.0-or-later")
    assert voices["pt-br"].languages == ("pt",)
    assert voices["cmn"].languages == ("cmn", "zh")
    assert voices[assets.default_voice("en")].languages == ("en",)
    assert voices["en-us+f3"].languages == ("en",)
    assert all(voice.is_installed for voice in voices.values())


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_tag_that_another_voice_has_is_no_name(tmp_path: Path) -> None:
    write(tmp_path, "lang/sit/yue", "name Chinese\nlanguage yue\nlanguage zh 8\n")
    write(tmp_path, "lang/sit/yue-x", "name Chinese, too\nlanguage yue\n")
    write(tmp_path, "lang/sit/hak", "name Hakka\nlanguage hak-Latn\ndictionary yue\n")
    write(tmp_path, "lang/art/mute", "name Without a dictionary\nlanguage mute\n")
    write(tmp_path, "lang/art/none", "name None\nlanguage\n")
    write(tmp_path, "yue_dict", "")
    write(tmp_path, "voices/!v/f3", "gender female\n")
    write(tmp_path, "voices/!v/Mr serious", "gender male\n")
    voices = {voice.name: voice.languages for voice in espeak_voices.voices_in(tmp_path)}
    assert voices == {
        "en-us+f3": ("en",),
        "sit/hak": ("hak",),
        "sit/yue-x": ("yue",),
        "yue": ("yue", "zh"),
    }


def test_what_is_not_installed_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "version", lambda name: "" if name == "pyttsx3" else "1")
    (voice,) = engines.voices_of("pyttsx3")
    assert voice.remedy == installed.pip_install("pyttsx3")
    assert not voice.is_installed


def test_elsewhere_the_system_alone_knows_its_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "_has_own_library", lambda: False)
    assert engines.voices_of("pyttsx3") == (Listed("", (), "the system's own"),)
