"""The speech of a batch: each utterance once, failures with their line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.build.sessions import Wanted, open_session
from audiocoach.build.speech import speak
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import EngineError, RefusedError, SeveralError
from audiocoach.voice.studio import Studio
from tests.builds import Heard, squats
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.voice.clips import Clip


def test_timelines_have_the_real_length_of_every_clip(tmp_path: Path) -> None:
    session = open_session(squats(tmp_path), Wanted())
    taken: list[Clip] = []
    with Studio(DictStore()) as studio:
        spoken = speak([session], studio, Heard(), taken.append)
        speeches = [event for event in spoken.timelines["squats"].events if isinstance(event, Speech)]
        assert all(event.duration_ms == studio.measure(event.utterance) for event in speeches)
    assert {event.utterance for event in speeches} <= spoken.new
    assert len(taken) == len(spoken.new)


@pytest.mark.parametrize(
    ("voice", "kind", "line"),
    [("fake, name: crash@tall", EngineError, "4:31"), ("nobody", RefusedError, "2:8")],
)
def test_a_failure_has_the_line_of_the_words_or_of_the_voice(
    tmp_path: Path, voice: str, kind: type[EngineError], line: str
) -> None:
    path = squats(tmp_path, engine=voice)
    with Studio(DictStore()) as studio:
        error = speak([open_session(path, Wanted())], studio, Heard()).errors["squats"]
    first = error.errors[0] if isinstance(error, SeveralError) else error
    assert type(first) is kind
    assert str(first).startswith(f"{path}:{line}: ")
