"""Networks that are kept as the runtime has made them: loaded sooner, and the same to the last bit."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from audiocoach.routine.voice import Voice
from audiocoach.store.cache import Cache
from audiocoach.voice import engines
from audiocoach.voice.engines import hibari, networks, onnx
from tests.conftest import run_audiocoach
from tests.stage import HELLO
from tests.voices import DictStore

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = ("Go.", "Round your back, look to your belly button.", "Set 2 of 3.")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[type]]:
    """What sessions were opened of: a file by its name, or bytes."""
    seen: list[type] = []
    real = onnx.inference

    def noted(model: str | bytes, options: Any) -> Any:  # noqa: ANN401 - as the real one
        seen.append(type(model))
        return real(model, options)

    monkeypatch.setattr(onnx, "inference", noted)
    yield seen
    hibari._model.cache_clear()  # noqa: SLF001 - as no other test has made it


def spoken(folder: Path, store: DictStore | None) -> list[str]:
    """What a voice says that is set up anew."""
    hibari._model.cache_clear()  # noqa: SLF001 - what was loaded before stays loaded
    engines.prepare("hibari", store)
    engine, path = engines.load(Voice("hibari")), folder / "clip.wav"
    digests = []
    for text in TEXTS:
        engine.speak(text, path)
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    return digests


def test_what_is_kept_says_the_same_to_the_last_bit(opened: list[type], tmp_path: Path) -> None:
    store = DictStore()
    plain = spoken(tmp_path, None)
    assert spoken(tmp_path, store) == plain
    assert [name.partition("-")[0] for name in store.entries] == ["network"]
    assert spoken(tmp_path, store) == plain
    assert opened == [str, str, bytes]


def test_the_network_gives_the_same_numbers() -> None:
    whole, store = hibari._models()["heart"], DictStore()  # noqa: SLF001 - where the wheel has it
    sounds = [[0, *range(first, first + 30), 0] for first in (3, 20, 60)]

    def outputs(session: Any) -> list[bytes]:  # noqa: ANN401 - of a library without types
        asked = ({"ids": np.array([ids], np.int64), "speed": np.array([0.9], np.float32)} for ids in sounds)
        return [output.tobytes() for given in asked for output in session.run(None, given)]

    plain = outputs(onnx.inference(str(whole), onnx.options()))
    assert outputs(networks.kept(whole, store)) == plain
    assert outputs(networks.kept(whole, store)) == plain


def test_what_the_runtime_does_not_read_is_made_again(opened: list[type]) -> None:
    whole, store = hibari._models()["heart"], DictStore()  # noqa: SLF001 - where the wheel has it
    networks.kept(whole, store)
    store.entries = dict.fromkeys(store.entries, b"of another version")
    for _ in range(2):
        networks.kept(whole, store)
    assert opened == [str, bytes, str, bytes]


def test_a_file_that_is_damaged_is_not_hidden_by_what_is_kept(tmp_path: Path) -> None:
    whole, store = hibari._models()["heart"], DictStore()  # noqa: SLF001 - where the wheel has it
    networks.kept(whole, store)
    (tmp_path / "cut.onnx").write_bytes(whole.read_bytes()[:5000])
    with pytest.raises(Exception, match=r"cut\.onnx"):
        networks.kept(tmp_path / "cut.onnx", store)
    assert len(store.entries) == 1


def test_a_voice_has_all_that_its_own_construction_sets() -> None:
    from hibari import Hibari  # noqa: PLC0415 - collected where it may be missing

    own, ours = vars(Hibari("heart", threads=1)), vars(hibari._model("heart"))  # noqa: SLF001 - the voice
    assert own.keys() == ours.keys()
    assert (own["vocab"], own["voice"]) == (ours["vocab"], ours["voice"])
    assert Path(own["model_path"]) == Path(ours["model_path"])


def test_a_build_keeps_it_in_its_cache(tmp_path: Path) -> None:
    (tmp_path / "hello.yaml").write_text(HELLO.replace("silent", "hibari"), "utf-8")
    run_audiocoach("build", "hello.yaml", "--cache", "cache", cwd=tmp_path, check=True)
    kept = [path.name for path in tmp_path.rglob("network-*")]
    assert len(kept) == 1
    assert Cache(tmp_path / "cache").get(kept[0])
