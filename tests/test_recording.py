"""A recording of a sheet, read by another engine, becomes a recorded voice."""

from __future__ import annotations

import struct
import wave
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import InputError, SoundError
from audiocoach.making.cut_list import Cut, CutList
from audiocoach.making.reading import Line
from audiocoach.making.recording import find_cuts, keep
from audiocoach.routine.voice import Voice
from audiocoach.voice import recordings
from audiocoach.voice.recordings import Beside
from audiocoach.voice.studio import Studio
from tests.levels import measure_loudness
from tests.readings import LINES, Read, Reader, read_aloud
from tests.recorded import write_tone
from tests.voices import DictStore

if TYPE_CHECKING:
    from pathlib import Path

FEW = LINES[:6]


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOCOACH_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))


def is_take(cut: Cut, read: Read) -> bool:
    """Whether this is the last take of its line: its first and last 0.15 s may be cut elsewhere."""
    start_ms, end_ms = read.takes[cut.line.number]
    return abs(cut.start_ms - start_ms) <= 80 and abs(cut.end_ms - end_ms) <= 150


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_the_last_take_of_each_line_is_found_or_doubted(tmp_path: Path, seed: int) -> None:
    read = read_aloud(tmp_path / "reading.wav", seed)
    assert (read.slips > 0, read.repeats > 0) == (True, True)
    listed = find_cuts(read.path, LINES)
    assert listed.missing == ()
    assert [cut.line.number for cut in listed.cuts if not is_take(cut, read) and not cut.doubts] == []
    # What is right is hardly ever doubted, or nobody would look.
    assert sum(is_take(cut, read) for cut in listed.cuts) >= len(LINES) - 1
    assert len(listed.doubtful) <= 4


def test_what_was_left_out_is_said(tmp_path: Path) -> None:
    reader = Reader(5)
    for line in FEW:
        if line.number == 5:
            reader.slip(line, 3000)
        reader.say(line)
        if line.number == 2:
            reader.repeat(line, 3000)
        reader.quiet(1200)
    listed = find_cuts(reader.write(tmp_path / "reading.wav").path, FEW)
    assert [(one.number, one.why) for one in listed.unused] == [(2, "an earlier take"), (5, "broken off")]


def test_a_word_that_is_on_no_line_makes_those_around_it_doubtful(tmp_path: Path) -> None:
    lines = tuple(Line(number, text) for number, text in enumerate(("Hold.", "Lift.", "Down.", "Reach."), 1))
    reader = Reader(9)
    for line in (*lines[:2], Line(9, "Back."), *lines[2:]):
        reader.say(line)
        reader.quiet(1200)
    listed = find_cuts(reader.write(tmp_path / "reading.wav").path, lines)
    assert any("it may be another line" in why for cut in listed.doubtful for why in cut.doubts)


def test_a_line_that_nobody_read_is_missing(tmp_path: Path) -> None:
    reader = Reader(6)
    lines = LINES[8:16]
    for line in lines:
        if line.text != "Breathe in through your nose, and out through your mouth.":
            reader.say(line)
            reader.quiet(1200)
    read = reader.write(tmp_path / "reading.wav")
    listed = find_cuts(read.path, lines)
    assert [line.number for line in listed.missing] == [13]
    assert all(is_take(cut, read) for cut in listed.cuts)


@pytest.mark.parametrize(
    ("gain", "doubt"), [(0.2, "it is far quieter than the rest"), (30, "it is too loud and clipped")]
)
def test_a_take_that_is_no_good_is_doubtful(tmp_path: Path, gain: float, doubt: str) -> None:
    reader = Reader(7)
    for line in FEW:
        reader.say(line)
        reader.quiet(1200)
    read = reader.write(tmp_path / "reading.wav")
    with wave.open(str(read.path)) as file:
        form, samples = file.getparams(), bytearray(file.readframes(file.getnframes()))
    start, end = (round(time_ms) * 96 for time_ms in read.takes[5])
    values = struct.unpack(f"<{(end - start) // 2}h", samples[start:end])
    louder = (max(-32768, min(round(value * gain), 32767)) for value in values)
    samples[start:end] = struct.pack(f"<{len(values)}h", *louder)
    with wave.open(str(read.path), "wb") as file:
        file.setparams(form)
        file.writeframes(bytes(samples))
    listed = find_cuts(read.path, FEW)
    assert [(cut.line.number, cut.doubts) for cut in listed.doubtful] == [(5, (doubt,))]


def test_a_recording_without_a_voice_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "quiet.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(64_000))
    with pytest.raises(InputError, match=r"quiet\.wav: expected somebody who reads the sheet"):
        find_cuts(tmp_path / "quiet.wav", FEW)
    with pytest.raises(SoundError, match=r"none\.wav: cannot be read"):
        find_cuts(tmp_path / "none.wav", FEW)


def test_what_is_cut_speaks_at_the_level_of_all_voices(tmp_path: Path) -> None:
    read = read_aloud(tmp_path / "reading.wav", 8, LINES[8:11])
    keep(read.path, find_cuts(read.path, LINES[8:11]), recordings.folder_of("anna"))
    with Studio(DictStore()) as studio:
        clips = [studio.clip(Utterance(line.text, Voice("recorded", "anna"))) for line in LINES[8:11]]
    for line, clip in zip(LINES[8:11], clips, strict=True):
        start_ms, end_ms = read.takes[line.number]
        assert clip.duration_ms == pytest.approx(end_ms - start_ms, abs=200)
        assert measure_loudness(clip.samples).integrated_lufs == pytest.approx(-19, abs=1)


def cut(number: int, text: str, start_ms: int, end_ms: int) -> Cut:
    return Cut(Line(number, text), start_ms, end_ms)


def length_ms(folder: Path, text: str) -> int:
    file = recordings.read(folder).file_of(text)
    assert file is not None
    with wave.open(str(file)) as wav:
        return int(wav.getnframes() / 48)


def test_what_is_cut_has_a_little_around_it(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 5000)
    cuts = (cut(1, "Go.", 10, 500), cut(2, "Rest.", 400, 900), cut(3, "Stop.", 4000, 4990))
    keep(tmp_path / "a.wav", CutList(cuts), tmp_path / "anna")
    assert length_ms(tmp_path / "anna", "Go.") == 540
    assert length_ms(tmp_path / "anna", "Rest.") == 580
    assert length_ms(tmp_path / "anna", "Stop.") == 1040


def test_a_new_recording_replaces_its_sentences_and_leaves_the_others(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 5000)
    folder = tmp_path / "anna"
    keep(tmp_path / "a.wav", CutList((cut(1, "Go.", 0, 500), cut(2, "Rest.", 1000, 1500))), folder)
    index = folder / "voice.json"
    index.write_text(index.read_text().replace("{", '{"beside": {"engine": "silent"},', 1))
    after = keep(tmp_path / "a.wav", CutList((cut(9, "rest", 2000, 3000),)), folder)
    assert after == recordings.read(folder)
    assert after.beside == Beside("silent")
    assert (length_ms(folder, "Go."), length_ms(folder, "Rest.")) == (540, 1080)
    assert len(list(folder.iterdir())) == 3


def test_a_cut_behind_the_end_of_the_recording_is_refused(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 1000)
    with pytest.raises(InputError, match=r"a\.wav: it ends before 3\.000 s, where line 1 is said to be"):
        keep(tmp_path / "a.wav", CutList((cut(1, "Go.", 3000, 3500),)), tmp_path / "anna")
    assert not (tmp_path / "anna" / "voice.json").exists()
