"""The engines: each trap of pyttsx3 as our engine meets it, and exact numbers from the silent one.

pyttsx3 is spoken to in processes of its own here, as the studio does: what one text leaves behind
in the library is part of what is tested.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from audiocoach import installed
from audiocoach.errors import EngineError, RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.engines import espeak, fake, silent
from audiocoach.voice.take import read_take

PHRASE = "Squat, slow down for three."
linux = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")

SPEAK = """
import json, sys
from pathlib import Path
sys.path[:] = json.loads(sys.argv[1])
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engine = engines.load(Voice("pyttsx3", *json.loads(sys.argv[3])))
for number, text in enumerate(json.load(sys.stdin)):
    engine.speak(text, Path(sys.argv[2]) / f"{number}.wav")
"""


def spoken(folder: Path, *texts: str, voice: tuple[str, int] = ("", 165)) -> list[Path]:
    """One new process says all texts; what it prints is an error."""
    folder.mkdir(exist_ok=True)
    ended = subprocess.run(
        [sys.executable, "-c", SPEAK, json.dumps(sys.path), str(folder), json.dumps(voice)],
        input=json.dumps(texts).encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.stdout == b""
    assert ended.returncode == 0, ended.stderr.decode()
    return [folder / f"{number}.wav" for number in range(len(texts))]


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=60)


def length_ms(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate() * 1000)


def content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@linux
def test_every_text_of_one_process_is_written(tmp_path: Path) -> None:
    assert all(length_ms(path) > 500 for path in spoken(tmp_path, "One.", "Two.", "Three."))


@linux
def test_a_first_text_of_800_characters_is_whole_when_the_call_returns(tmp_path: Path) -> None:
    (path,) = spoken(tmp_path, "Keep your back flat. " * 40)
    assert length_ms(path) > 40_000


@linux
@pytest.mark.parametrize("text", ["Keep your back flat. " * 1000, "word" * 5000, "a b " * 5000])
def test_20000_characters_neither_crash_nor_lose_the_end(text: str, tmp_path: Path) -> None:
    (path,) = spoken(tmp_path, text)
    assert length_ms(path) > 20 * len(text)


@linux
def test_fresh_processes_say_the_same_words_with_the_same_bytes(tmp_path: Path) -> None:
    takes = [spoken(tmp_path / str(number), PHRASE)[0] for number in range(8)]
    assert len(set(map(content, takes))) == 1


@linux
def test_the_rate_is_the_one_asked_for_from_the_first_clip_on(tmp_path: Path) -> None:
    slow, fast = (spoken(tmp_path / str(rate), PHRASE, voice=("", rate))[0] for rate in (120, 240))
    assert length_ms(slow) > 1.5 * length_ms(fast)


@linux
def test_the_header_has_the_rate_of_the_library(tmp_path: Path) -> None:
    (path,) = spoken(tmp_path, PHRASE)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (22_050, 1, 2)


@linux
@pytest.mark.parametrize(
    "text",
    [
        "<speak><prosody rate='x-slow'>Hello</prosody></speak>",
        "[[h@loU]]",
        "-v evil hello",
        "%s %d {x} $HOME `ls`",
        "a < b",
        "💪🏽🔥",
        "\u05e2\u05d1\u05e8\u05d9\u05ea",
        "\u4f60\u597d",
    ],
)
def test_markup_options_and_foreign_letters_are_words(text: str, tmp_path: Path) -> None:
    (path,) = spoken(tmp_path, text)
    assert read_take(path, text, Voice()).duration_ms > 300


@linux
def test_markup_is_read_out_and_not_obeyed(tmp_path: Path) -> None:
    marked, plain = spoken(tmp_path, "<speak>Hello</speak>", "Hello")
    assert length_ms(marked) > length_ms(plain) + 500


@linux
@pytest.mark.parametrize(
    "name", ["en-us", "EN-US", "en-gb", "de", "gmw/en-US", "gmw/en-us", "en-us+f3", "en-gb+m3"]
)
def test_voices_go_by_language_or_id(name: str, tmp_path: Path) -> None:
    (path,) = spoken(tmp_path, PHRASE, voice=(name, 165))
    assert length_ms(path) > 500


@linux
def test_no_name_is_american_english(tmp_path: Path) -> None:
    (default,) = spoken(tmp_path / "a", PHRASE)
    (american,) = spoken(tmp_path / "b", PHRASE, voice=("en-us", 165))
    (scottish,) = spoken(tmp_path / "c", PHRASE, voice=("en-gb-scotland", 165))
    assert content(default) == content(american) != content(scottish)


@linux
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("en-uss", "did you mean.* en-us"),
        ("klingonish", "there are [0-9]+, such as |did you mean"),
        ("en-us+nobody", "en-us has no variant 'nobody'"),
        ("../../etc/passwd", "there is no voice"),
    ],
)
def test_an_unknown_voice_is_an_error_with_near_names(name: str, says: str) -> None:
    code = (
        "from audiocoach.routine.voice import Voice\nfrom audiocoach.voice import engines\n"
        "from audiocoach.errors import EngineError\nimport sys\n"
        "try: engines.load(Voice('pyttsx3', sys.argv[1]))\nexcept EngineError as error: print(error)"
    )
    ended = run(code, name)
    assert re.search(says, ended.stdout.decode())
    assert ended.stderr == b""


@linux
def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    engine = engines.load(Voice())
    with pytest.raises(FileNotFoundError):
        engine.speak(PHRASE, tmp_path / "gone" / "clip.wav")
    engine.speak(PHRASE, tmp_path / "clip.wav")
    assert length_ms(tmp_path / "clip.wav") > 500


@linux
@pytest.mark.parametrize("package", ["pyttsx3", "espeakng-loader"])
def test_a_missing_library_is_one_message_with_the_command(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "version", lambda name: "" if name == package else "1")
    monkeypatch.setattr(
        espeak, "find_spec", lambda name: None if name == package.replace("-", "_") else pytest.fail(name)
    )
    with pytest.raises(EngineError, match=f" -m pip install {package}"):
        espeak.Pyttsx3Engine.fingerprint(Voice())


@linux
def test_a_library_that_does_not_load_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "libespeak-ng.so").write_text("no library")
    monkeypatch.setattr(espeak, "_package_folder", lambda: tmp_path)
    with pytest.raises(EngineError, match=" -m pip install"):
        espeak.Pyttsx3Engine(Voice())


@linux
@pytest.mark.parametrize(
    "file", ["libespeak-ng.so", "espeak-ng-data/phondata", "espeak-ng-data/en_dict", "espeak-ng-data/phontab"]
)
def test_a_model_file_that_changes_changes_the_fingerprint(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "espeakng_loader"
    shutil.copytree(espeak._package_folder(), package, ignore=shutil.ignore_patterns("lang", "voices"))  # noqa: SLF001
    monkeypatch.setattr(espeak, "_package_folder", lambda: package)
    before = espeak.Pyttsx3Engine.fingerprint(Voice())
    assert espeak.Pyttsx3Engine.fingerprint(Voice()) == before
    changed = bytearray((package / file).read_bytes())
    changed[1000] ^= 1
    (package / file).write_bytes(changed)
    assert espeak.Pyttsx3Engine.fingerprint(Voice()) != before


@linux
def test_the_fingerprint_imports_no_speech_library() -> None:
    code = (
        "import sys\nfrom audiocoach.routine.voice import Voice\nfrom audiocoach.voice import engines\n"
        "engines.engine_class('pyttsx3').fingerprint(Voice())\n"
        "print({'pyttsx3', 'espeakng_loader', 'ctypes', 'av', 'importlib.metadata'} & set(sys.modules))"
    )
    ended = run(code)
    assert ended.stdout == b"set()\n"


class SystemVoice:
    """A voice as pyttsx3's own drivers list it."""

    id = "com.example.voice.alex"
    name = "Alex"
    languages = ("en_US",)


class SystemSpeaker:
    """pyttsx3's engine on another platform: writes AIFF, like macOS, and reports an error when told to."""

    def __init__(self, aiff: bytes) -> None:
        self.aiff = aiff
        self.properties: dict[str, object] = {"voices": [SystemVoice()]}
        self.saved: Path | None = None

    def connect(self, topic: str, callback: object) -> None:
        assert topic == "error"
        assert callable(callback)

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802
        self.properties[name] = value

    def getProperty(self, name: str) -> object:  # noqa: N802
        return self.properties[name]

    def save_to_file(self, text: str, path: str) -> None:
        assert text
        self.saved = Path(path)

    def runAndWait(self) -> None:  # noqa: N802
        if self.saved:
            self.saved.write_bytes(self.aiff)


@pytest.fixture
def speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SystemSpeaker:
    import av  # noqa: PLC0415

    from audiocoach.voice import filters  # noqa: PLC0415
    from tests.voices import tone  # noqa: PLC0415

    with av.open(str(tmp_path / "tone.aiff"), "w") as file:
        stream = file.add_stream("pcm_s16be", rate=22_050, layout="mono")
        assert isinstance(stream, av.AudioStream)
        for frame in filters.frames(tone(1800), 22_050):
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    speaker = SystemSpeaker((tmp_path / "tone.aiff").read_bytes())
    monkeypatch.setattr(espeak, "_has_own_library", lambda: False)
    monkeypatch.setattr(espeak, "_speaker", lambda: speaker)
    return speaker


@pytest.mark.parametrize("name", ["alex", "en-us", "com.example.voice.alex"])
def test_elsewhere_the_systems_voices_go_by_language_name_or_id(name: str, speaker: SystemSpeaker) -> None:
    espeak.Pyttsx3Engine(Voice("pyttsx3", name, 180))
    assert speaker.properties["voice"] == SystemVoice.id
    assert speaker.properties["rate"] == 180


@pytest.mark.usefixtures("speaker")
def test_elsewhere_an_unknown_voice_is_an_error_too() -> None:
    with pytest.raises(EngineError, match="did you mean alex"):
        espeak.Pyttsx3Engine(Voice("pyttsx3", "alexa"))


@pytest.mark.usefixtures("speaker")
def test_the_aiff_of_macos_becomes_wav(tmp_path: Path) -> None:
    espeak.Pyttsx3Engine(Voice()).speak(PHRASE, tmp_path / "clip.wav")
    take = read_take(tmp_path / "clip.wav", PHRASE, Voice())
    assert take.rate_hz == 22_050
    assert take.duration_ms == pytest.approx(1800, abs=0.1)


@pytest.mark.usefixtures("speaker")
def test_elsewhere_the_fingerprint_has_the_system() -> None:
    import platform  # noqa: PLC0415

    assert platform.platform() in espeak.Pyttsx3Engine.fingerprint(Voice())


@pytest.mark.parametrize(("text", "expected_ms"), [("", 240), ("Go", 384), (PHRASE, 2184), ("💪", 312)])
def test_the_silent_voice_is_as_long_as_it_says(text: str, expected_ms: int, tmp_path: Path) -> None:
    silent.SilentEngine(Voice("silent")).speak(text, tmp_path / "clip.wav")
    assert silent.length_ms(text) == expected_ms == length_ms(tmp_path / "clip.wav")
    assert expected_ms % 24 == 0


def test_the_silent_voice_passes_every_check_untrimmed(tmp_path: Path) -> None:
    silent.SilentEngine(Voice("silent")).speak(PHRASE, tmp_path / "clip.wav")
    assert read_take(tmp_path / "clip.wav", PHRASE, Voice("silent")).duration_ms == silent.length_ms(PHRASE)


def test_the_fake_voice_speaks_a_tone_a_word(tmp_path: Path) -> None:
    fake.FakeEngine(Voice("fake")).speak("one two", tmp_path / "clip.wav")
    assert length_ms(tmp_path / "clip.wav") == pytest.approx(3 * 40 + 2 * (120 + 3 * 45), abs=0.2)


def test_the_fake_voice_knows_its_faults() -> None:
    assert fake.fault("crash-once@squat=x") == fake.Fault("crash-once", "squat", Path("x"))
    with pytest.raises(EngineError, match="there is no voice 'nonsense'"):
        fake.FakeEngine(Voice("fake", "nonsense"))


def test_a_name_of_another_engine_is_told_as_it_is_written() -> None:
    with pytest.raises(RefusedError, match=r"'heart': write voice: \{engine: hibari, name: heart\}$"):
        engines.load(Voice("pyttsx3", "heart"))


def test_a_fakes_model_is_part_of_its_fingerprint(tmp_path: Path) -> None:
    model = tmp_path / "model"
    voice = Voice("fake", f"speak={model}")
    prints = []
    for weights in ("a", "b", "a"):
        model.write_text(weights)
        prints.append(fake.FakeEngine.fingerprint(voice))
    assert prints[0] == prints[2] != prints[1]


def test_an_unknown_engine_is_an_error_with_near_names() -> None:
    with pytest.raises(EngineError, match="there is no engine 'pyttsx': did you mean pyttsx3"):
        engines.load(Voice("pyttsx"))
    with pytest.raises(EngineError, match=f"there are: {', '.join(engines.names())}"):
        engines.load(Voice("zzzzzz"))


def test_the_built_in_engines_come_through_the_door() -> None:
    assert {"pyttsx3", "silent", "fake"} <= set(engines.names())
    assert engines.engine_class("silent") is silent.SilentEngine
    assert isinstance(engines.load(Voice("fake")), fake.FakeEngine)


def test_an_engine_that_cannot_be_imported_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "entry_points", lambda _: {"broken": "no_such_module:Engine"})
    with pytest.raises(EngineError, match="the engine 'broken' cannot be loaded"):
        engines.load(Voice("broken"))
