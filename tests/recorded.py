"""Helpers for the tests of recorded voices: recordings that are tones, and a voice's folder of them."""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice
from tests.voices import tone

if TYPE_CHECKING:
    from pathlib import Path

SILENT = {"engine": "silent"}


def write_tone(path: Path, duration_ms: int, peak: int = 8000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22_050, 0, "NONE", ""))
        file.writeframes(tone(duration_ms, peak=peak))


def write_voice(
    data: Path, sentences: dict[str, int], name: str = "anna", *, peak: int = 8000, **index: object
) -> Path:
    """The folder of a voice in the data folder `data`: a tone of so many milliseconds for each sentence."""
    folder = data / "voices" / "recorded" / name
    folder.mkdir(parents=True, exist_ok=True)
    files = {text: f"{number}.wav" for number, text in enumerate(sentences)}
    for text, duration_ms in sentences.items():
        write_tone(folder / files[text], duration_ms, peak)
    (folder / "voice.json").write_text(json.dumps({"beside": SILENT, **index, "sentences": files}))
    return folder


def by_anna(text: str, name: str = "anna") -> Utterance:
    return Utterance(text, Voice("recorded", name))
