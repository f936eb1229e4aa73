"""Takes that were paid for, from the service to the disk, and through upgrades of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach import installed
from audiocoach.coaching.timeline import Utterance
from audiocoach.routine.voice import Voice
from audiocoach.store import takes
from audiocoach.store.cache import Cache
from audiocoach.voice import engines, studio
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.engines.http import HttpEngine
from audiocoach.voice.studio import Studio
from tests.speech_server import SpeechServer, pcm, says, sends, speech_server
from tests.voices import DictStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLINIC = Voice("http", "clinic")
SQUAT, REST = Utterance("Squat down.", CLINIC), Utterance("Rest.", CLINIC)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SpeechServer]:
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    with speech_server() as speech:
        (tmp_path / "config.toml").write_text(
            f'[http.clinic]\naddress = "{speech.address}"\nmodel = "m"\nvoice = "v"\n'
        )
        yield speech


def speak(store: DictStore, *utterances: Utterance) -> None:
    with Studio(store, takes=takes.open_takes) as studio:
        studio.record(utterances)


def test_takes_lie_in_the_data_folder_and_not_in_the_cache(server: SpeechServer, tmp_path: Path) -> None:
    store = DictStore()
    speak(store, SQUAT)
    assert {key.partition("-")[0] for key in store.entries} == {"clip", "gain"}
    assert takes.open_takes().holding() == Cache(tmp_path / "data" / "takes").holding()
    # Its own, and that of the passage for the voice's level.
    assert takes.open_takes().holding().entries == len(server.asked) == 2


@pytest.mark.parametrize("what", ["a cleared cache", "another form of clips", "other libraries"])
def test_no_upgrade_of_ours_speaks_a_paid_sentence_again(
    server: SpeechServer, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    store = DictStore()
    speak(store, SQUAT, REST)
    before, asked = dict(store.clips()), len(server.asked)
    match what:
        case "a cleared cache":
            store.entries.clear()
        case "another form of clips":
            monkeypatch.setattr(studio, "_FORMAT", 99)
        case "other libraries":
            monkeypatch.setattr(installed, "version", lambda _: "99")
    speak(store, SQUAT, REST)
    assert len(server.asked) == asked
    assert sorted(store.clips().values()) == sorted(
        [*before.values()] * (1 if what == "a cleared cache" else 2)
    )


def test_what_changes_on_the_other_side_is_bought_anew(server: SpeechServer, tmp_path: Path) -> None:
    speak(DictStore(), SQUAT)
    with (tmp_path / "config.toml").open("a") as file:
        file.write('version = "2"\n')
    speak(DictStore(), SQUAT)
    assert server.texts.count("Squat down.") == 2


def test_a_take_is_kept_before_it_is_checked_and_forgotten_when_it_is_not_believed(
    server: SpeechServer,
) -> None:
    server.faults = [sends("audio/pcm", lambda _: bytes(48_000))]
    key = HttpEngine.terms(CLINIC).take_key(CLINIC, "Squat down.")
    with pytest.raises(RecordingError, match="the voice wrote a silent clip"):
        speak(DictStore(), SQUAT)
    # Nobody has asked again: each time would be paid for.
    assert server.texts == ["Squat down."]
    assert takes.open_takes().get(key) == b""
    speak(DictStore(), SQUAT)
    assert server.texts.count("Squat down.") == 2
    assert pcm("Squat down.") in (takes.open_takes().get(key) or b"")


def test_a_kept_take_that_is_not_believed_buys_nothing_before_it_was_told(server: SpeechServer) -> None:
    speak(DictStore(), SQUAT)
    key = HttpEngine.terms(CLINIC).take_key(CLINIC, "Squat down.")
    takes.open_takes().put(key, b"RIFF, once")
    with pytest.raises(RecordingError, match="the voice wrote no WAV file"):
        speak(DictStore(), SQUAT)
    assert server.texts.count("Squat down.") == 1


def test_a_refusal_is_not_kept(server: SpeechServer) -> None:
    server.faults = [says(400)]
    with pytest.raises(RecordingError, match="the server refuses this"):
        speak(DictStore(), SQUAT)
    assert takes.open_takes().holding().entries == 0


def test_voices_that_are_free_keep_no_takes() -> None:
    store = DictStore()
    with Studio(store) as studio:
        studio.record([Utterance("Go.", Voice("silent"))])
    assert [key for key in store.entries if key.startswith("take-")] == []
    assert engines.terms_of(Voice("silent")) is None
