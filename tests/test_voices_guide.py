"""The example in docs/voices.md is an engine that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.studio import Studio
from tests.voices import QUICK, DictStore, eventually, speech_processes

GUIDE = (Path(__file__).parents[1] / "docs" / "voices.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (only,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    return str(only)


@pytest.fixture(autouse=True)
def _humming_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "humming.py").write_text(block("python"))
    folder = tmp_path / "humming-1.0.dist-info"
    folder.mkdir()
    (line,) = re.findall(r"^humming = \"(.*)\"$", block("toml"), re.MULTILINE)
    (folder / "entry_points.txt").write_text(f"[{engines.GROUP}]\nhumming = {line}\n")
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_example_speaks() -> None:
    with Studio(DictStore(), limits=QUICK) as studio:
        low, high = (studio.clip(Utterance("Squat down", Voice("humming", name))) for name in ("low", "high"))
    assert low.duration_ms == pytest.approx(800, abs=15)
    assert low.samples != high.samples
    assert eventually(lambda: speech_processes() == [])


def test_the_example_knows_its_voices() -> None:
    with (
        Studio(DictStore(), limits=QUICK) as studio,
        pytest.raises(RecordingError, match="there are: high, low"),
    ):
        studio.record([Utterance("Go", Voice("humming", "loud"))])


def test_every_built_in_engine_is_in_the_guide() -> None:
    assert all(f"`{name}`" in GUIDE for name in engines.names() if name != "humming")
