"""The recorder: gains first, then clips, failures in order."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import EngineError, StorageError
from audiocoach.routine.voice import Voice
from audiocoach.voice import loudness
from audiocoach.voice.clips import Job
from audiocoach.voice.engines.fake import FakeEngine
from audiocoach.voice.process.recorder import Recorder
from tests.voices import QUICK, DictStore, eventually, fake, speech_processes

if TYPE_CHECKING:
    from pathlib import Path


def job(text: str, voice: str = "") -> Job:
    return Job(fake(text, voice), text, f"clip-{text}", f"gain-{voice}")


def record(recorder: Recorder, *jobs: Job) -> tuple[dict[str, bytes], list[str]]:
    clips: dict[str, bytes] = {}
    failures = recorder.record(jobs, lambda done, samples: clips.update({done.key: samples}))
    return clips, [failure.utterance.text for failure in failures]


def test_failures_come_in_the_order_of_the_jobs() -> None:
    recorder = Recorder(DictStore(), QUICK, forks=True)
    texts = ("One", "Two", "Three", "Four")
    clips, failed = record(recorder, *(job(text, "crash@T") for text in texts))
    recorder.close()
    assert failed == ["Two", "Three"]
    assert sorted(clips) == ["clip-Four", "clip-One"]


def test_processes_are_kept_until_it_is_closed() -> None:
    recorder = Recorder(DictStore(), QUICK, forks=True)
    record(recorder, job("One"))
    (process,) = set(speech_processes())
    record(recorder, job("Two"))
    assert set(speech_processes()) == {process}
    recorder.close()
    assert eventually(lambda: speech_processes() == [])


def test_the_voice_that_rested_longest_leaves_where_there_are_too_many() -> None:
    recorder = Recorder(DictStore(), QUICK, forks=True)
    for rate_wpm in range(100, 160, 10):
        asked = Utterance("One", Voice("fake", rate_wpm=rate_wpm))
        record(recorder, Job(asked, "One", f"clip-{rate_wpm}", "gain"))
    assert eventually(lambda: len(set(speech_processes())) == 4)
    recorder.close()
    assert eventually(lambda: speech_processes() == [])


def test_a_closed_recorder_records_no_more() -> None:
    recorder = Recorder(DictStore(), QUICK, forks=True)
    recorder.close()
    assert record(recorder, job("One")) == ({}, ["One"])


def test_a_voice_without_a_known_gain_is_calibrated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(FakeEngine, "gain_db")
    store = DictStore()
    recorder = Recorder(store, QUICK, forks=True)
    record(recorder, job("One"), job("Two"))
    assert list(store.entries) == ["gain-"]
    gain_db = float(store.entries["gain-"])
    monkeypatch.setattr(loudness, "calibrate", lambda _: pytest.fail("calibrated again"))
    record(recorder, job("Three"))
    recorder.close()
    assert gain_db != 0


def test_a_voice_that_fails_its_calibration_fails_every_clip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(FakeEngine, "gain_db")
    recorder = Recorder(DictStore(), QUICK, forks=True)
    clips, failed = record(recorder, job("One", "refuse"), job("Two", "refuse"))
    recorder.close()
    assert (clips, failed) == ({}, ["One", "Two"])


def test_what_is_no_engines_fault_is_raised() -> None:
    def full(_: Job, samples: bytes) -> None:
        raise OSError(28, f"no room for {len(samples)} bytes")

    recorder = Recorder(DictStore(), QUICK, forks=True)
    with pytest.raises(OSError, match="no room"):
        recorder.record([job("One")], full)
    recorder.close()
    assert not issubclass(OSError, EngineError)


def test_a_voice_without_a_place_to_work_is_no_fault_of_the_voice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    recorder = Recorder(DictStore(), QUICK, forks=True)
    with pytest.raises(StorageError, match="the voice has no place to work: No such file or directory"):
        record(recorder, job("One"))
    recorder.close()
