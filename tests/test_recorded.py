"""The engine of a coach's own recordings, and the voice that speaks what is missing."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING

import pytest

from audiocoach import installed
from audiocoach.errors import RefusedError
from audiocoach.keys import key
from audiocoach.making.sessions import open_session
from audiocoach.making.speech import draft
from audiocoach.routine.voice import Voice
from audiocoach.store.options import Overrides
from audiocoach.voice import engines
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.engines.recorded import RecordedEngine, gain_db
from audiocoach.voice.engines.silent import length_ms
from audiocoach.voice.studio import Studio
from audiocoach.voice.take import Take
from tests.builds import SQUATS, built
from tests.levels import measure_loudness
from tests.recorded import by_anna, write_tone, write_voice
from tests.voices import DictStore, fake, silent, tone

if TYPE_CHECKING:
    from pathlib import Path

ANNA = Voice("recorded", "anna")


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path))
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))


def clip_bytes(*texts: str) -> list[bytes]:
    with Studio(DictStore()) as studio:
        return [studio.clip(by_anna(text)).samples for text in texts]


def test_a_recording_is_played_at_its_length(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700})
    with Studio(DictStore()) as studio:
        assert studio.measure(by_anna("go")) == pytest.approx(700, abs=2)


def test_each_recording_has_the_level_of_all_voices(tmp_path: Path) -> None:
    folder = write_voice(tmp_path, {"Loud.": 1500, "Low.": 1500, "Short.": 200})
    write_tone(folder / "1.wav", 1500, peak=400)
    loud, low, short = clip_bytes("Loud.", "Low.", "Short.")
    assert measure_loudness(low).integrated_lufs == pytest.approx(-19, abs=1)
    assert measure_loudness(loud).integrated_lufs == pytest.approx(-19, abs=1)
    # Too short to be measured by itself: so often that it can be.
    assert measure_loudness(short * 8).integrated_lufs == pytest.approx(-19, abs=1.5)


def test_a_gain_is_found_for_the_shortest_word() -> None:
    assert gain_db(Take(tone(60, peak=4000), 22_050)) == pytest.approx(
        gain_db(Take(tone(3000, peak=4000), 22_050)), abs=1
    )


def test_what_is_missing_is_spoken_by_the_voice_beside(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700})
    with Studio(DictStore()) as studio:
        assert studio.speaker(by_anna("Go.")) == ANNA
        assert studio.speaker(by_anna("Stop.")) == Voice("silent")
        assert studio.measure(by_anna("Stop.")) == length_ms("Stop.")
        # It is the very clip that the voice beside has of it.
        assert studio.key(by_anna("Stop.")) == studio.key(silent("Stop."))


def test_without_a_voice_beside_the_usual_one_of_the_language_stands_in(tmp_path: Path) -> None:
    folder = write_voice(tmp_path, {})
    (folder / "voice.json").write_text('{"sentences": {}}')
    asked = Voice("recorded", "anna", rate_wpm=150, language="de")
    assert RecordedEngine.stand_in(asked) == Voice(rate_wpm=150, language="de")
    for engine, name in (("silent", "low"), ("recorded", "anna")):
        (tmp_path / "config.toml").write_text(f"[voice.de]\nengine = '{engine}'\nname = '{name}'\n")
        expected = ("silent", "low") if engine == "silent" else ("pyttsx3", "")
        stand_in = RecordedEngine.stand_in(asked)
        assert stand_in is not None
        assert (stand_in.engine, stand_in.name) == expected


def test_a_voice_may_refuse_to_be_stood_in_for(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700}, beside=None)
    with Studio(DictStore()) as studio, pytest.raises(RecordingError) as caught:
        studio.record([by_anna("Go."), by_anna("Stop.")])
    assert [(one.utterance.text, one.message) for one in caught.value.failures] == [
        (
            "Stop.",
            "anna has not recorded this: audiocoach record-sheet --voice anna lists all that is missing",
        )
    ]


def test_a_new_recording_makes_one_clip_anew(tmp_path: Path) -> None:
    folder = write_voice(tmp_path, {"Go.": 700, "Rest.": 700})
    with Studio(DictStore()) as studio:
        before = [studio.key(by_anna(text)) for text in ("Go.", "Rest.")]
        voice_before = studio.voice_key(ANNA)
    write_tone(folder / "1.wav", 900)
    with Studio(DictStore()) as studio:
        after = [studio.key(by_anna(text)) for text in ("Go.", "Rest.")]
        # Sessions with this voice are looked at again.
        assert studio.voice_key(ANNA) != voice_before
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_another_voice_beside_changes_what_it_speaks_alone(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700})
    with Studio(DictStore()) as studio:
        before = [studio.key(by_anna(text)) for text in ("Go.", "Stop.")]
        voice_before = studio.voice_key(ANNA)
    write_voice(tmp_path, {"Go.": 700}, beside={"engine": "fake"})
    with Studio(DictStore()) as studio:
        after = [studio.key(by_anna(text)) for text in ("Go.", "Stop.")]
        assert studio.voice_key(ANNA) != voice_before
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_a_voice_beside_that_cannot_be_had_fails_only_what_it_is_to_speak(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700}, beside={"engine": "nobody"})
    with Studio(DictStore()) as studio:
        assert studio.measure(by_anna("Go."))
        with pytest.raises(RecordingError, match=r"'Stop\.': there is no engine 'nobody'"):
            studio.record([by_anna("Stop.")])


def test_the_keys_of_other_engines_are_what_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "version", lambda name: f"{name}-1")
    gain = key("gain", "2", "av av-1", "lameenc lameenc-1", "fake", "", "165", "fake 1 ")
    with Studio(DictStore()) as studio:
        assert studio.voice_key(Voice("fake")) == gain
        assert studio.key(fake("Go.")) == key("clip", gain, "Go.")


def test_a_voice_that_is_not_there_is_an_error_with_near_names(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"such as \{engine: recorded, name: anna\}: none is there yet"):
        engines.load(Voice("recorded"))
    write_voice(tmp_path, {"Go.": 700})
    with pytest.raises(RefusedError, match="there is no recorded voice 'ana': did you mean anna"):
        engines.load(Voice("recorded", "ana"))
    assert RecordedEngine.fingerprint(Voice("recorded")) == RecordedEngine.fingerprint(ANNA)
    write_voice(tmp_path, {"Go.": 700}, "berta")
    with pytest.raises(RefusedError, match="there are: anna, berta"):
        engines.load(Voice("recorded"))


def test_voices_are_listed(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700})
    (listed,) = engines.voices_of("recorded")
    assert (listed.name, listed.is_installed) == ("anna", True)


def test_a_file_that_is_no_sound_is_said_at_its_sentence(tmp_path: Path) -> None:
    folder = write_voice(tmp_path, {"Go.": 700})
    (folder / "0.wav").write_text("no sound")
    with Studio(DictStore()) as studio, pytest.raises(RecordingError, match=r"'Go.': .*cannot be decoded"):
        studio.record([by_anna("Go.")])


def test_it_stays_and_has_no_memory(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700, "Rest.": 500})
    assert clip_bytes("Go.", "Rest.") == clip_bytes("Rest.", "Go.")[::-1]


def test_what_it_writes_is_a_clip_already(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Go.": 700})
    engines.load(ANNA).speak("Go.", tmp_path / "go.wav")
    with wave.open(str(tmp_path / "go.wav")) as file:
        assert file.getparams()[:3] == (1, 2, 48_000)


ROUTINE = SQUATS.replace("engine: {engine}", "engine: recorded, name: anna")


def test_what_is_missing_is_noted_once_with_its_line_and_count(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Stand tall.": 700})
    path = tmp_path / "squats.yaml"
    path.write_text(ROUTINE.format(title="Squats", setup="Stand tall."))
    with Studio(DictStore()) as studio:
        (note,) = draft(open_session(path, Overrides()), studio).timeline.notes
    assert (note.code, note.kind, note.position.path) == ("unrecorded-words", "note", str(path))
    assert "sentences are not recorded by anna and spoken by silent: " in note.message
    assert note.message.endswith(" (record-sheet --voice anna lists all)")
    assert '"Stand tall."' not in note.message


def test_a_routine_is_built_anew_when_a_sentence_is_recorded(tmp_path: Path) -> None:
    write_voice(tmp_path, {"Stand tall.": 700})
    path = tmp_path / "squats.yaml"
    path.write_text(ROUTINE.format(title="Squats", setup="Stand tall."))
    (first,), failed = built(tmp_path, path)
    assert failed == []
    (second,), _ = built(tmp_path, path)
    assert (first.reason is None, second.reason) == (False, None)
    write_voice(tmp_path, {"Stand tall.": 2700})
    (third,), _ = built(tmp_path, path)
    assert third.new == 1
