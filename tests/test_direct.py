"""Speech without forks: a process that stays speaks text after text, and one text costs no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach.routine.voice import Voice
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.engines.fake import FakeEngine
from audiocoach.voice.limits import Limits
from audiocoach.voice.process.host import EngineProcess, call_ahead
from audiocoach.voice.studio import Studio
from tests.voices import QUICK, DictStore, eventually, fake, is_alive, nothing_is_left, private_folders

if TYPE_CHECKING:
    from collections.abc import Iterator

forked_or_not = pytest.mark.parametrize("forks", [True, False])
every_end = pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
TEXTS = ("Squat.", "Hold it.", "Rest now.", "Switch sides.", "Last one.")
ROOT = str(Path(__file__).parents[1])
OWNER = """
import sys
import threading
from tests.voices import DictStore, fake
from audiocoach.voice.limits import Limits
from audiocoach.voice.studio import Studio
with Studio(DictStore(), limits=Limits(clip_ms=600_000), forks=sys.argv[2] == "True") as studio:
    studio.record([fake("Go", sys.argv[1]), fake("Stop", sys.argv[1])])
"""
ROUTINE = """title: T
voice: {engine: fake, name: '%s'}
session: [{say: Go on.}, {say: Rest.}]
"""


@pytest.fixture(autouse=True)
def _leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert nothing_is_left(tmp_path)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[EngineProcess]:
    """Those that were set up, one after another."""
    begun: list[EngineProcess] = []
    set_up = EngineProcess.set_up

    def noted(process: EngineProcess, voice: Voice) -> None:
        begun.append(process)
        set_up(process, voice)

    monkeypatch.setattr(EngineProcess, "set_up", noted)
    return begun


def recorded(name: str, *texts: str, forks: bool = True) -> tuple[int, list[str]]:
    """How many clips there are when this voice was asked for all of these texts, and which there are not."""
    store = DictStore()
    failed: list[str] = []
    with Studio(store, limits=QUICK, forks=forks) as studio:
        try:
            studio.record(fake(text, name) for text in texts)
        except RecordingError as error:
            failed = [failure.utterance.text for failure in error.failures]
    return len(store.clips()), failed


def times(file: Path) -> int:
    """How often a voice was set up that tells it there."""
    return len(file.read_text().splitlines())


@forked_or_not
def test_a_voice_that_stays_is_set_up_once_and_not_in_the_time_of_a_text(
    tmp_path: Path, *, forks: bool
) -> None:
    # Its set-up takes a second, a text may take 0.6.
    assert recorded(f"stay+setup-slow={tmp_path / 'times'}", *TEXTS, forks=forks) == (5, [])
    assert times(tmp_path / "times") == 1


def test_each_text_of_a_voice_that_runs_once_has_a_set_up_of_its_own(tmp_path: Path) -> None:
    assert recorded(f"once+setup-slow={tmp_path / 'times'}", *TEXTS[:2]) == (2, [])
    assert times(tmp_path / "times") == 2


@forked_or_not
@pytest.mark.parametrize("runs", ["fork", "stay", "once"])
def test_an_engine_that_starts_threads_speaks_however_it_runs(runs: str, *, forks: bool) -> None:
    assert recorded(f"{runs}+threads", *TEXTS[:2], forks=forks) == (2, [])


def test_the_same_words_sound_the_same_however_an_engine_runs() -> None:
    takes = set()
    for runs in ("fork", "stay", "once"):
        with Studio(DictStore(), limits=QUICK) as studio:
            studio.record([fake("Squat.", f"{runs}+speak")])
            takes.add(studio.clip(fake("Hold it.", f"{runs}+speak")).samples)
    assert len(takes) == 1


def test_where_every_third_text_crashes_the_process_all_are_spoken(processes: list[EngineProcess]) -> None:
    assert recorded("stay+crash-third", *TEXTS) == (5, [])
    assert len(processes) == 3


@pytest.mark.parametrize(
    ("switch", "set_ups"),
    [
        ("hang", 3),
        ("crash", 3),
        ("exit-late", 3),
        ("truncated", 3),
        # It said itself that it will not: nothing is wrong with it.
        ("refuse", 1),
    ],
)
def test_a_text_that_goes_wrong_has_a_try_in_a_fresh_process_and_costs_no_other(
    switch: str, set_ups: int, processes: list[EngineProcess]
) -> None:
    assert recorded(f"stay+{switch}@Rest", *TEXTS) == (4, ["Rest now."])
    assert len(processes) == set_ups


@pytest.mark.parametrize("switch", ["hang-once", "crash-once"])
def test_after_a_fault_there_is_one_more_try(switch: str, tmp_path: Path) -> None:
    assert recorded(f"stay+{switch}@Rest={tmp_path / 'done'}", *TEXTS) == (5, [])


def test_a_process_that_ended_between_two_texts_costs_neither_its_try(
    tmp_path: Path, processes: list[EngineProcess]
) -> None:
    name = f"stay+crash-once@Rest={tmp_path / 'done'}"
    with Studio(DictStore(), limits=QUICK) as studio:
        assert studio.clip(fake("Squat.", name)).samples
        (process,) = processes
        os.killpg(process.process_id, signal.SIGKILL)
        assert eventually(process.has_ended)
        assert studio.clip(fake("Rest now.", name)).samples
    assert len(processes) == 3


def test_what_a_text_has_started_ends_with_the_process(tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    assert recorded(f"stay+grandchild={ids}", *TEXTS[:2]) == (2, [])
    assert recorded(f"stay+grandchild-hang={ids}", "Rest now.") == (0, ["Rest now."])
    left = [int(line) for line in ids.read_text().split()]
    assert len(left) == 4
    assert eventually(lambda: not any(map(is_alive, left)))


def owner_of(name: str, private: Path, *, forks: bool) -> subprocess.Popen[bytes]:
    """A program that has this voice speak "Go" and "Stop"."""
    return subprocess.Popen(
        [sys.executable, "-c", OWNER, name, str(forks)],
        env={**os.environ, "PYTHONPATH": ROOT, "TMPDIR": str(private)},
        stderr=subprocess.DEVNULL,
    )


@every_end
@forked_or_not
def test_a_voice_that_hangs_in_its_set_up_ends_with_its_owner(
    number: signal.Signals, tmp_path: Path, *, forks: bool
) -> None:
    hangs = tmp_path / "hangs"
    with owner_of(f"setup-hang={hangs}", tmp_path, forks=forks) as owner:
        assert eventually(hangs.exists)
        owner.send_signal(number)
    assert eventually(lambda: nothing_is_left(tmp_path))


@every_end
@pytest.mark.parametrize("runs", ["stay", "once"])
def test_it_ends_with_its_owner_while_it_hangs(runs: str, number: signal.Signals, tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    with owner_of(f"{runs}+grandchild-hang@Stop={ids}", tmp_path, forks=True) as owner:
        assert eventually(lambda: ids.exists() and ids.read_text().endswith("\n"))
        grandchild = int(ids.read_text())
        assert is_alive(grandchild)
        owner.send_signal(number)
    assert eventually(lambda: not is_alive(grandchild))
    assert eventually(lambda: nothing_is_left(tmp_path))


def test_a_session_is_the_same_with_one_process_that_stays_and_with_two(tmp_path: Path) -> None:
    says = ", ".join(f"{{say: Round {number}.}}, {{pause: 2s}}" for number in range(8))
    (tmp_path / "a.yaml").write_text(
        f"title: T\nvoice: {{engine: fake, name: stay+threads}}\nsession: [{says}]\n", encoding="utf-8"
    )
    sounds = set()
    for workers in ("1", "2"):
        output = tmp_path / workers
        options = ("-o", output, "--jobs", workers, "--cache", tmp_path / f"cache-{workers}")
        subprocess.run(
            [sys.executable, "-m", "audiocoach", "build", "a.yaml", *options],
            env={**os.environ, "PYTHONPATH": ROOT},
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )
        sounds.add((output / "a.mp3").read_bytes())
    assert len(sounds) == 1


@every_end
@pytest.mark.parametrize("switch", ["setup-hang", "hang", "ignore-term"])
def test_it_ends_with_the_program(switch: str, number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(ROUTINE % f"stay+{switch}", encoding="utf-8")
    private = tmp_path / "tmp"
    private.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "audiocoach", "build", "a.yaml", "--cache", "cache"],
        env={**os.environ, "PYTHONPATH": ROOT, "TMPDIR": str(private)},
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    ) as program:
        assert eventually(lambda: private_folders(private) != [])
        program.send_signal(number)
    assert eventually(lambda: nothing_is_left(private))


@pytest.mark.parametrize("ahead", [0, 1], ids=["started", "forked"])
def test_it_ends_when_it_is_told_to(ahead: int) -> None:
    call_ahead(ahead, "fake")
    process = EngineProcess(Limits(), forks=True)
    process.set_up(Voice("fake", "stay+threads"))
    assert process.say("Go").is_file()
    assert process.lasts
    process.close()
    assert not is_alive(process.process_id)


def test_what_an_engine_takes_is_its_own_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeEngine, "limits", Limits(text_characters=8), raising=False)
    with (
        Studio(DictStore()) as studio,
        pytest.raises(RecordingError, match="9 characters are too many for the voice: 8 at most") as caught,
    ):
        studio.record([fake("Hold it."), fake("Rest now.")])
    assert [failure.utterance.text for failure in caught.value.failures] == ["Rest now."]


def test_a_way_to_run_that_is_none_is_told() -> None:
    says = "the engine says runs = 'warm': there are: fork, stay, once"
    with Studio(DictStore()) as studio, pytest.raises(RecordingError, match=says):
        studio.record([fake("Go", "warm+")])


def test_limits_that_are_none_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeEngine, "limits", {"set_up_ms": 1}, raising=False)
    says = r"says limits = {'set_up_ms': 1}: write Limits\(set_up_ms=60_000\), say"
    with Studio(DictStore()) as studio, pytest.raises(RecordingError, match=says):
        studio.record([fake("Go")])
