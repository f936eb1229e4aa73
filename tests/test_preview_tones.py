"""`audiocoach preview --tones`: each tone is named by the voice and then heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mutagen
import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.commands.tones import text_of
from audiocoach.routine.tones import MEANINGS
from tests.generate import constant, planned
from tests.test_music import encoded, wave

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    Program = Callable[..., subprocess.CompletedProcess[str]]


def test_each_meaning_is_named_and_then_heard() -> None:
    events = schedule(planned(text_of(None)), constant).events
    named = [event for event in events if isinstance(event, Speech)]
    heard = [event for event in events if isinstance(event, Tone) and event.cue != "wake"]
    assert {event.tone for event in heard} == set(MEANINGS)
    assert len(named) == len(heard) == len(MEANINGS)
    for words, tone in zip(named, heard, strict=True):
        assert words.end_ms < tone.start_ms
    assert named[0].text == "Count-in."
    # Alone, a breath is long enough to be heard as one.
    assert {event.duration_ms for event in heard if event.tone in {"inhale", "exhale"}} == {3000}


def test_a_routine_gives_it_its_tones_and_its_voice(tmp_path: Path, audiocoach: Program) -> None:
    (tmp_path / "sounds").mkdir()
    encoded(tmp_path / "sounds" / "my gong.wav", wave(0.7, channels=1))
    (tmp_path / "evening.yaml").write_text(
        "title: Evening\nvoice: {engine: silent}\n"
        'tones: {set: wood, go: bell, rest: "sounds/my gong.wav"}\n'
        "moves: {squat: {name: Squat}}\nsession: [{do: squat, for: 20s}]\n"
    )
    done = audiocoach("preview", "--tones", "evening.yaml", "-o", "heard.mp3")
    assert (done.stdout, done.returncode) == ("heard.mp3\n", 0), done.stderr
    assert 30 < mutagen.File(tmp_path / "heard.mp3").info.length < 120
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".mp3"] == ["heard.mp3"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("preview",), "Missing argument 'PATH'"),
        (("preview", "a.yaml", "-o", "a.mp3"), "-o belongs to --tones"),
        (("preview", "--tones", "--summary"), "--summary and --tones do not go together: keep one"),
        (("preview", "--tones", "gone.yaml"), "gone.yaml"),
    ],
)
def test_what_does_not_go_together_is_told(options: tuple[str, ...], told: str, audiocoach: Program) -> None:
    done = audiocoach(*options)
    assert done.returncode == 2
    assert told in done.stderr
