"""A voice's place: quieter or louder than others, higher or lower, and who speaks no differently for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Utterance
from audiocoach.errors import RefusedError
from audiocoach.making.speech import open_drafted
from audiocoach.records import replace
from audiocoach.routine.voice import Voice
from audiocoach.store.options import Overrides
from audiocoach.voice.studio import Studio
from tests.generate import HEAD, constant, planned, problems
from tests.levels import measure_loudness
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "Lie down slowly, and let your breath become long and quiet."
ESPEAK = Voice("pyttsx3")
EVENING = replace(ESPEAK, gain_db=-6.0)
LOW = replace(ESPEAK, pitch=20)


@pytest.fixture(scope="module")
def clips() -> tuple[dict[Voice, bytes], DictStore]:
    store = DictStore()
    with Studio(store) as studio:
        return {
            voice: studio.clip(Utterance(WORDS, voice)).samples for voice in (ESPEAK, EVENING, LOW)
        }, store


def test_a_quiet_voice_says_the_same_so_much_quieter(clips: tuple[dict[Voice, bytes], DictStore]) -> None:
    usual, quiet = (np.frombuffer(clips[0][voice], dtype="<i2").astype(float) for voice in (ESPEAK, EVENING))
    assert len(usual) == len(quiet)
    assert np.corrcoef(usual, quiet)[0, 1] > 0.99
    loud, soft = (measure_loudness(clips[0][voice]).integrated_lufs for voice in (ESPEAK, EVENING))
    # Of the usual one the limiter has taken some peaks away.
    assert loud - soft == pytest.approx(6, abs=0.7)


def test_its_gain_is_found_once_for_both(clips: tuple[dict[Voice, bytes], DictStore]) -> None:
    """Three clips; one gain for the usual voice and the quiet one, one for the low one."""
    assert sorted(key.partition("-")[0] for key in clips[1].entries) == ["clip"] * 3 + ["gain"] * 2


def test_another_pitch_is_another_sound(clips: tuple[dict[Voice, bytes], DictStore]) -> None:
    assert _pitch_hz(clips[0][LOW]) < _pitch_hz(clips[0][ESPEAK]) * 0.9


def _pitch_hz(pcm: bytes) -> float:
    """The middle of the pitches, each that at which a piece is most like itself."""
    sound, found = np.frombuffer(pcm, dtype="<i2").astype(float), []
    for at in range(0, len(sound) - 4096, 4096):
        piece = sound[at : at + 4096] - sound[at : at + 4096].mean()
        if piece.std() > 1000:
            likeness = np.correlate(piece, piece, "full")[4095:]
            found.append(48_000 / (137 + np.argmax(likeness[137:800])))
    return float(np.median(found))


def test_an_engine_without_a_pitch_says_which_has_one_at_the_line_of_the_voice(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    head = "title: Any\nmoves: {plank: {}}\nvoice: {engine: silent, pitch: 40}\n"
    path.write_text(f"{head}session: [{{do: plank, for: 9s}}]\n", "utf-8")
    with Studio(DictStore()) as studio, pytest.raises(RefusedError) as refused:
        open_drafted(path, Overrides(), studio)
    assert str(refused.value) == (
        f"{path}:3:8: the engine 'silent' has no pitch to set: leave pitch out, "
        "or write an engine that has one: pyttsx3"
    )


@pytest.mark.parametrize(
    ("voice", "told"),
    [
        ("{gain: -21}", 'expected decibels from -20 to 6, such as -6, found "-21"'),
        ("{gain: quiet}", 'expected decibels from -20 to 6, such as -6, found "quiet"'),
        ("{pitch: 100}", 'expected a pitch from 0 to 99, such as 40, found "100"'),
    ],
)
def test_what_is_neither_is_told(voice: str, told: str, tmp_path: Path) -> None:
    (found,) = problems(f"{HEAD}  - {{do: plank, voice: {voice}}}\n", tmp_path)
    assert told in found


COUNTED = """\
title: Any
voice: {engine: silent, name: coach}
voices: {count: COUNT}
moves: {squat: {}, plank: {}}
session:
  - {do: squat, reps: 4, tempo: 2-2, count_in: both}
"""


@pytest.mark.parametrize(
    ("count", "counter"),
    [
        ("adam", Voice("silent", "adam")),
        ("{gain: -6}", Voice("silent", "coach", gain_db=-6.0)),
        ("{engine: fake, name: adam, rate: 180}", Voice("fake", "adam", 180)),
    ],
)
def test_one_voice_speaks_and_another_counts(count: str, counter: Voice) -> None:
    timeline = schedule(planned(COUNTED.replace("COUNT", count)), constant)
    by = {event.text: event.utterance.voice for event in timeline.events if isinstance(event, Speech)}
    counts = {"1.", "2.", "3.", "Last one."}
    assert {text for text, voice in by.items() if voice == counter} == counts
    assert {voice for text, voice in by.items() if text not in counts} == {Voice("silent", "coach")}


def test_a_block_has_a_coach_and_a_counter_of_its_own() -> None:
    """What a counter does not say is as in the voice there, and a `do` may have another."""
    squats, plank = (
        "{do: squat, reps: 2, tempo: 3-3}",
        "{do: plank, for: 20s, voices: {count: ann}, count_in: voice}",
    )
    block = f"{{section: Two, voice: {{name: other}}, items: [{squats}, {plank}]}}"
    head = COUNTED.replace("COUNT", "{gain: -9}").partition("session:")[0]
    timeline = schedule(planned(f"{head}session: [{block}]\n"), constant)
    said = {event.text: event.utterance.voice for event in timeline.events if isinstance(event, Speech)}
    assert said["Last one."] == Voice("silent", "other", gain_db=-9.0)
    assert said["2."] == Voice("silent", "ann")
    assert {voice for text, voice in said.items() if "plank" in text} == {Voice("silent", "other")}


def test_a_counter_that_is_not_there_is_told_at_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(COUNTED.replace("COUNT", "{engine: nobody}"), "utf-8")
    with Studio(DictStore()) as studio, pytest.raises(RefusedError) as refused:
        open_drafted(path, Overrides(), studio)
    assert str(refused.value).startswith(f"{path}:3:17: there is no engine 'nobody'")
