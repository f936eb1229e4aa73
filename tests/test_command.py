"""Programs as voices: one that the test writes keeps what it was given, and writes a tone."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from audiocoach.coaching.timeline import Utterance
from audiocoach.errors import EngineError, RefusedError
from audiocoach.language.language import traits
from audiocoach.routine.voice import Voice
from audiocoach.voice import engines
from audiocoach.voice.clips import RecordingError
from audiocoach.voice.engines.command import CommandEngine
from audiocoach.voice.listing import Listed
from audiocoach.voice.studio import Studio
from audiocoach.voice.take import read_take
from tests.voices import QUICK, DictStore, nothing_is_left

PROGRAM = """\
import json, math, os, struct, sys, time, wave
from pathlib import Path

notes, fault, wav, *rest = sys.argv[1:]
said = sys.stdin.buffer.read().decode()
with open(notes, "a") as file:
    file.write(json.dumps([said, *rest]) + "\\n")
words = said or rest[0]
if fault == "fails":
    sys.exit("first line\\nno such voice: bob")
if fault == "hangs":
    time.sleep(600)
if fault == "endless":
    while True:
        sys.stdout.buffer.write(bytes(65536))
if fault == "crashes":
    os.abort()
samples = [round(8000 * math.cos(i / 16)) for i in range(22050 * (100 + 60 * len(words)) // 1000)]
body = struct.pack(f"<{len(samples)}h", *samples)
if wav == "-":
    head = b"RIFF\\xff\\xff\\xff\\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16)
    sys.stdout.buffer.write(head + b"data\\xff\\xff\\xff\\xff" + body)
elif fault != "writes nothing":
    with wave.open(wav, "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(body)
if fault == "prints":
    print("done", flush=True)
"""


class Setting:
    """A configuration with one program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "speak.py"
        self.program.write_text(PROGRAM)
        self.notes = folder / "notes"
        self.config = folder / "config.toml"

    def says(self, *rest: str, fault: str = "", wav: str = "{wav}", more: str = "") -> None:
        run = [sys.executable, str(self.program), str(self.notes), fault, wav, *rest]
        self.config.write_text(f"[command.mine]\nrun = {json.dumps(run)}\n{more}")

    def noted(self) -> list[Any]:
        return [json.loads(line) for line in self.notes.read_text().splitlines()]


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setenv("AUDIOCOACH_CONFIG", str(tmp_path / "config.toml"))
    return Setting(tmp_path)


MINE = Voice("command", "mine")
TO_OUTPUT = "wrote no WAV to its standard output: write {wav} where it takes the path of its file"


def said(text: str, folder: Path, voice: Voice = MINE) -> Path:
    (folder / "work").mkdir(exist_ok=True)
    path = folder / "work" / "clip.wav"
    CommandEngine(voice).speak(text, path)
    return path


def test_a_text_comes_on_standard_input(setting: Setting) -> None:
    setting.says()
    take = read_take(said("Bend your knees.", setting.folder), "Bend your knees.", Voice("command"))
    assert take.duration_ms == pytest.approx(100 + 60 * 17, abs=10)
    assert setting.noted() == [["Bend your knees.\n"]]


def test_or_as_an_argument(setting: Setting) -> None:
    setting.says("{text}", "-x{text}", "{rate}")
    said("Bend: {wav} $(ls) 'é'", setting.folder, Voice("command", "mine", 200))
    assert setting.noted() == [["", "Bend: {wav} $(ls) 'é'", "-xBend: {wav} $(ls) 'é'", "200"]]


def test_a_text_is_never_an_option(setting: Setting) -> None:
    setting.says("{text}")
    said("-f /etc/passwd", setting.folder)
    assert setting.noted() == [["", " -f /etc/passwd"]]


def test_markup_between_double_brackets_is_broken_up(setting: Setting) -> None:
    setting.says()
    said("Slow [[slnc 5000]] down [[[x]]]", setting.folder)
    assert setting.noted() == [["Slow [ [slnc 5000] ] down [ [ [x] ] ]\n"]]


def test_without_a_place_for_its_file_the_wav_comes_from_standard_output(setting: Setting) -> None:
    setting.says(wav="-")
    take = read_take(said("Go.", setting.folder), "Go.", Voice("command"))
    assert take.duration_ms == pytest.approx(100 + 60 * 4, abs=10)


def test_what_it_prints_beside_its_file_goes_nowhere(setting: Setting) -> None:
    setting.says(fault="prints")
    assert read_take(said("Go.", setting.folder), "Go.", Voice("command")).rate_hz == 22_050


@pytest.mark.parametrize(
    ("fault", "wav", "message"),
    [
        ("fails", "{wav}", f"{Path(sys.executable).name} ended with status 1: no such voice: bob"),
        ("crashes", "{wav}", f"{Path(sys.executable).name} was ended by signal 6"),
    ],
)
def test_a_program_that_fails_is_told_with_its_last_line(
    setting: Setting, fault: str, wav: str, message: str
) -> None:
    setting.says(fault=fault, wav=wav)
    with pytest.raises(EngineError) as caught:
        said("Go.", setting.folder)
    assert caught.value.message == f"{message}: see [command.mine] in {setting.config}:1:2"


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (
            ["true", "{wav}"],
            "true wrote no file: have it write to {wav}, or leave {wav} out if it writes to standard output",
        ),
        (["cat"], f"cat {TO_OUTPUT}"),
        (["true"], f"true {TO_OUTPUT}"),
    ],
)
def test_a_program_that_writes_elsewhere_is_told_how_to_be_run(
    setting: Setting, run: list[str], message: str
) -> None:
    setting.config.write_text(f"# Mine.\n\n[command.mine]\nrun = {json.dumps(run)}\n")
    with pytest.raises(EngineError) as caught:
        said("Go.", setting.folder)
    assert caught.value.message == f"{message}: see [command.mine] in {setting.config}:3:2"


def test_a_program_that_misses_a_file_is_told_in_the_same_words_for_each_text(setting: Setting) -> None:
    setting.config.write_text(f'[command.mine]\nrun = ["{sys.executable}", "away.py", "{{wav}}"]\n')
    with Studio(DictStore()) as studio, pytest.raises(RecordingError) as caught:
        studio.record([Utterance("Go.", MINE), Utterance("Rest.", MINE)])
    first, second = (failure.message for failure in caught.value.failures)
    assert first == second
    assert "can't open file 'away.py'" in first
    assert "it works in a folder of its own: write whole paths" in first


def test_a_program_that_never_ends_its_output_is_ended(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiocoach.voice.engines.command._MOST_BYTES", 1_000_000)
    setting.says(fault="endless", wav="-")
    with pytest.raises(EngineError, match="wrote over 1,000,000 bytes"):
        said("Go.", setting.folder)


def test_what_is_wrong_is_a_failure_of_its_text_and_leaves_nothing(
    setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    messages = {
        "hangs": "the voice was not done after",
        "writes nothing": "wrote no file: have it write to {wav}, or leave",
    }
    for fault, message in messages.items():
        setting.says(fault=fault)
        with Studio(DictStore(), limits=QUICK) as studio, pytest.raises(RecordingError, match=message):
            studio.clip(Utterance("Go.", MINE))
    assert nothing_is_left(private)


def test_it_speaks_for_the_studio(setting: Setting) -> None:
    setting.says()
    store = DictStore()
    with Studio(store) as studio:
        studio.record([Utterance(text, MINE) for text in ("Squat down.", "Rest.", "Squat down.")])
    assert len(store.clips()) == 2
    # Each text once, and the passage that its level is found from.
    texts = ("Squat down.", traits("en").passage, "Rest.")
    assert setting.noted() == [[f"{text}\n"] for text in texts]


def test_a_program_or_an_entry_that_is_not_there_is_told(setting: Setting) -> None:
    setting.config.write_text('[command.flite]\nrun = ["no-such-program", "{wav}"]\n')
    place = f"{setting.config}:1:2"
    remedy = "install no-such-program, or write its whole path"
    for refused, message in {
        "flite": f"{place}: there is no program 'no-such-program': {remedy}",
        "flit": f"there is no [command.flit] in {setting.config}: did you mean flite?",
        "silence": f"there is no [command.silence] in {setting.config}: write [command.silence] into it",
        "": "the engine 'command' needs the name of an entry in your configuration: there are: flite",
    }.items():
        for ask in (CommandEngine, CommandEngine.fingerprint):
            with pytest.raises(RefusedError) as caught:
                ask(Voice("command", refused))
            assert caught.value.message == message
    setting.config.write_text("")
    with pytest.raises(RefusedError, match=r"write \[command\.flite\] with run = .* into "):
        CommandEngine(Voice("command"))
    setting.config.write_text("[command.flite]\n")
    with pytest.raises(RefusedError, match=r"config\.toml:1:2: \[command\.flite\] has no run"):
        CommandEngine(Voice("command", "flite"))


def test_a_rate_that_the_program_does_not_take_is_refused(setting: Setting) -> None:
    setting.says()
    with pytest.raises(RefusedError, match=r"\[command\.mine\] has no \{rate\} among its arguments"):
        CommandEngine(Voice("command", "mine", 200))


def test_a_program_beside_the_configuration_may_be_named_from_there(setting: Setting) -> None:
    program = setting.folder / "bin" / "speak"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexec {sys.executable} {setting.program} {setting.notes} '' \"$1\"\n")
    program.chmod(0o755)
    setting.config.write_text('[command.mine]\nrun = ["bin/speak", "{wav}"]\n')
    assert said("Go.", setting.folder).is_file()


def test_the_fingerprint_changes_with_arguments_program_and_version_and_not_with_time(
    setting: Setting,
) -> None:
    setting.says()
    first = CommandEngine.fingerprint(MINE)
    setting.says("another")
    other = CommandEngine.fingerprint(MINE)
    setting.says()
    setting.program.touch()
    assert CommandEngine.fingerprint(MINE) == first != other
    setting.program.write_text(PROGRAM + "\n")
    changed = CommandEngine.fingerprint(MINE)
    setting.says(more='version = "1"\n')
    pinned = CommandEngine.fingerprint(MINE)
    setting.program.write_text(PROGRAM)
    assert len({first, other, changed, pinned, CommandEngine.fingerprint(MINE)}) == 4


def test_a_large_file_among_the_arguments_is_known_by_both_ends(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audiocoach.voice.engines.command._WHOLE_BYTES", 4)
    model = setting.folder / "model"
    seen = set()
    for content in (b"abcd----efgh", b"abcd----efgX", b"Xbcd----efgh", b"abcd-----efgh", b"abcdef", b"abcde"):
        model.write_bytes(content)
        setting.says(str(model), more="")
        seen.add(CommandEngine.fingerprint(MINE))
    assert len(seen) == 6


def test_the_voices_are_the_entries(setting: Setting) -> None:
    setting.config.write_text('[command.a]\nrun = ["python3"]\n[command.b]\nrun = ["no-such-program"]\n')
    assert engines.voices_of("command") == (
        Listed("a", (), "", "" if shutil.which("python3") else "install python3, or write its whole path"),
        Listed("b", (), "", "install no-such-program, or write its whole path"),
    )


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
def test_flite_speaks(setting: Setting) -> None:
    setting.config.write_text('[command.mine]\nrun = ["flite", "-o", "{wav}"]\n')
    with Studio(DictStore()) as studio:
        assert studio.clip(Utterance("Bend your knees.", MINE)).duration_ms > 500
