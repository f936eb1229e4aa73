"""The example in docs/voices.md is an engine that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.limits import Limits
from audiocoach.voice.studio import Studio
from tests.voices import DictStore, eventually, speech_processes

GUIDE = (Path(__file__).parents[1] / "docs" / "voices.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (only,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    return str(only)


@pytest.fixture(autouse=True)
def _murmur_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "murmur.py").write_text(block("python"))
    folder = tmp_path / "murmur-1.0.dist-info"
    folder.mkdir()
    (line,) = re.findall(r"^murmur = \"(.*)\"$", block("toml"), re.MULTILINE)
    (folder / "entry_points.txt").write_text(f"[{engines.GROUP}]\nmurmur = {line}\n")
    monkeypatch.syspath_prepend(str(tmp_path))


def said(text: str, name: str = "", rate_wpm: int = 165) -> Utterance:
    return Utterance(text, Voice("murmur", name, rate_wpm))


def test_the_example_speaks() -> None:
    with Studio(DictStore()) as studio:
        low, high = (studio.clip(said("Squat down", name)) for name in ("low", "high"))
        fast = studio.clip(said("Squat down", "low", 330))
    assert low.duration_ms == pytest.approx(800, abs=15)
    assert fast.duration_ms == pytest.approx(400, abs=15)
    assert low.samples != high.samples
    assert eventually(lambda: speech_processes() == [])


def test_the_example_stays_and_has_no_memory() -> None:
    with Studio(DictStore()) as studio:
        studio.record(map(said, ("Squat down", "Rest", "Last one")))
        # Of a started process and what it starts; one that is forked for each text would show twice.
        assert len(speech_processes()) == 1
        last = studio.clip(said("Last one"))
    with Studio(DictStore()) as studio:
        assert studio.clip(said("Last one")) == last


def test_the_example_knows_its_voices_and_its_words() -> None:
    with Studio(DictStore()) as studio, pytest.raises(RecordingError) as caught:
        studio.record([said("Go", "loud"), said("\u4f60\u597d"), said("Go")])
    assert [failure.message for failure in caught.value.failures] == [
        "there is no voice 'loud': there are: high, low",
        "this voice speaks English alone",
    ]


def test_every_built_in_engine_is_in_the_guide() -> None:
    assert all(f"`{name}`" in GUIDE for name in engines.names() if name != "murmur")


def test_every_limit_is_in_the_guide_with_what_holds_unless_said() -> None:
    assert all(f"`{name}`" in GUIDE for name in Limits.__match_args__)
    told = re.findall(r"^\| `\w+`.*\| ([^|]+) \|$", GUIDE[GUIDE.index("| `Limits(") :], re.MULTILINE)
    usual = Limits()
    assert told == [
        f"{usual.set_up_ms // 1000} s",
        f"{usual.clip_ms // 1000} s, {usual.character_ms} ms",
        f"{usual.grace_ms // 1000} s",
        "any",
        "never",
    ]
