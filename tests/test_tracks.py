"""`check` says what a build would say of music: at its line, all of it, and each file is looked at once."""

from __future__ import annotations

import wave
from array import array
from math import sin, tau
from typing import TYPE_CHECKING

import pytest

from audiocoach.api import check
from audiocoach.errors import SeveralError
from audiocoach.making import music
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.making.tracks import refuse_unplayable
from audiocoach.store.options import Overrides
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline

ROUTINE = """\
title: Songs
voice: {{engine: silent}}
moves: {{squat: {{name: Squat}}}}
session:
  - section: First
    music: {first}
    items: [{{do: squat, for: 40s}}]
  - section: Second
    music: {second}
    items: [{{do: squat, for: 40s}}]
"""


def sound(path: Path, seconds: float, peak: int = 8000) -> Path:
    """A tone in mono."""
    samples = array("h", (round(peak * sin(tau * 440 * at / 8000)) for at in range(round(8000 * seconds))))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def timeline(folder: Path, first: str, second: str) -> Timeline:
    path = folder / "songs.yaml"
    path.write_text(ROUTINE.format(first=first, second=second), "utf-8")
    return timeline_of(open_session(path, Overrides()), lambda _: 500)


def refused(told: Timeline, store: DictStore) -> list[str]:
    with pytest.raises(SeveralError) as caught:
        refuse_unplayable(told, store)
    return [f"{one.position.line}:{one.position.column}: {one.message}" for one in caught.value.problems]


def test_all_that_cannot_be_played_is_told_at_its_line(tmp_path: Path) -> None:
    sound(tmp_path / "short.wav", 4)
    sound(tmp_path / "silent.wav", 8, peak=0)
    cannot = "cannot be used: it"
    store = DictStore()
    assert refused(timeline(tmp_path, "short.wav", "silent.wav"), store) == [
        f'6:12: the music "short.wav" {cannot} lasts 4.0 s, and at least 6 seconds are needed to repeat it',
        f'9:12: the music "silent.wav" {cannot} is silent',
    ]
    sound(tmp_path / "cut.wav", 8)
    whole = (tmp_path / "cut.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[:-100])
    (tmp_path / "list.mp3").write_bytes(b"ID3 and nothing else")
    assert refused(timeline(tmp_path, "cut.wav", "list.mp3"), store) == [
        f'6:12: the music "cut.wav" {cannot} is cut short: its header tells of more than there is',
        f'9:12: the music "list.mp3" {cannot} is damaged, or no sound that can be read',
    ]


def test_a_bar_is_enough_for_what_is_repeated_at_its_beat(tmp_path: Path) -> None:
    sound(tmp_path / "bar.wav", 2.1)
    store = DictStore()
    refuse_unplayable(timeline(tmp_path, "{play: bar.wav, bpm: 120}", "rain, pulse"), store)
    (told,) = refused(timeline(tmp_path, "{play: bar.wav, bpm: 100}", "pad"), store)
    assert told.startswith(
        '6:19: the music "bar.wav" cannot be used: it lasts 2.1 s, and at least a bar of its'
    )


def test_what_was_heard_once_is_not_heard_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound(tmp_path / "song.wav", 8)
    told, store = timeline(tmp_path, "song.wav", "off"), DictStore()
    refuse_unplayable(told, store)
    monkeypatch.setattr(music, "decoded", None)
    refuse_unplayable(told, store)


def test_what_a_build_knows_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound(tmp_path / "song.wav", 8)
    told, store = timeline(tmp_path, "song.wav", "off"), DictStore()
    (track,) = told.music[0].tracks
    music.prepare(track, store)
    monkeypatch.setattr(music, "decoded", None)
    refuse_unplayable(told, store)


def test_check_says_it_once_for_all_editions(tmp_path: Path) -> None:
    sound(tmp_path / "short.wav", 4)
    path = tmp_path / "songs.yaml"
    text = ROUTINE.format(first="short.wav", second="off")
    path.write_text(f"{text}variants: [{{title: Gentle, level: gentle}}]\n", "utf-8")
    (problem,) = (one for one in check(path, cache=tmp_path / "cache") if one.kind == "error")
    assert (problem.position.line, problem.code) == (6, "unusable-music")
