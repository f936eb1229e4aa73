"""`audiocoach doctor`: what is told of a machine where all is well, and of each thing that is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from audiocoach import assets, configuration, installed
from audiocoach.commands import checkup, doctor, trial
from audiocoach.commands.checkup import Finding, look
from audiocoach.errors import BuildError
from audiocoach.routine.voice import Voice
from tests.conftest import ROOT
from tests.voices import nothing_is_left

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATES = {"ok", "missing", "warning", "problem"}
# Whoever loads this notes each connection that is asked for.
WATCH = """
import os, sys
def note(event, arguments):
    if event in ("socket.getaddrinfo", "socket.connect", "urllib.Request"):
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {arguments}\\n")
sys.addaudithook(note)
"""


def finding(topic: str, cache: Path) -> Finding:
    (found,) = [one for one in look(cache) if one.topic == topic]
    return found


@pytest.fixture
def _untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is loaded, spoken or built."""
    monkeypatch.setattr(trial, "load", lambda _: {})
    monkeypatch.setattr(trial, "speak", lambda _: "")
    monkeypatch.setattr(trial, "build", lambda: "")


def test_where_all_is_well_it_says_so_and_asks_nobody(tmp_path: Path) -> None:
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    variables = {
        "AUDIOCOACH_DATA": str(tmp_path / "data"),
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "watch"), str(ROOT)]),
        "WATCHED": str(tmp_path / "watched"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "audiocoach", "doctor", "--cache", "cache"],
        cwd=tmp_path,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    *lines, last = done.stdout.splitlines()
    assert last == "A build works."
    engines = {line.split()[2]: line.split()[0] for line in lines if line.split()[1] == "engine"}
    # Kokoro lies in no wheel: it is there once it was fetched.
    assert engines.pop("kokoro:", "missing") == "missing"
    assert {"hibari:", "pyttsx3:"} <= set(engines)
    assert set(engines.values()) == {"ok"}
    assert "speech is forked" in done.stdout or sys.platform != "linux"
    assert not (tmp_path / "watched").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"watch"}


@pytest.mark.usefixtures("_untried")
def test_programs_get_a_record_for_each_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor.examine(tmp_path, json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["works"]
    assert {tuple(sorted(one)) for one in told["findings"]} == {("message", "remedy", "state", "topic")}
    assert {one["state"] for one in told["findings"]} <= STATES
    monkeypatch.setattr(trial, "build", lambda: "no sound")
    with pytest.raises(BuildError, match="no build works: see trial"):
        doctor.examine(tmp_path, json=True)
    assert not json.loads(capsys.readouterr().out)["works"]


@pytest.mark.usefixtures("_untried")
def test_a_configuration_that_cannot_be_used_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "config.toml"
    place.write_text("[voice.en]\nengin = 'piper'\n[http.a]\nmodel = 1\n")
    monkeypatch.setenv(configuration.VARIABLE, str(place))
    with pytest.raises(BuildError, match="no build works: see configuration"):
        doctor.examine(tmp_path, json=False)
    told = capsys.readouterr().out
    assert f"problem  configuration: {place}:1:" in told
    assert f"\n{place}:2:1: " in told
    assert f"\n{place}:4:1: " in told
    assert "to do: mend it" in told
    assert "trial: " in told


@pytest.mark.usefixtures("_untried")
def test_what_the_users_entries_need_is_looked_at_and_no_secret_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "config.toml"
    place.write_text(
        '[http.a]\naddress = "https://a.example/v1"\nmodel = "m"\nvoice = "v"\nkey_env = "DESK_A"\n'
        '[http.b]\naddress = "https://b.example/v1"\nmodel = "m"\nvoice = "v"\nkey_env = "DESK_B"\n'
        f'[command.c]\nrun = ["{sys.executable}"]\n[command.d]\nrun = ["no-such-program"]\n'
        f'[recorded.e]\nfolder = "{tmp_path}"\n[piper.f]\nmodel = "{tmp_path}/f.onnx"\n'
        f'[kokoro.g]\nmodel = "{tmp_path}/g.onnx"\nvoices = "{tmp_path}"\n'
    )
    monkeypatch.setenv(configuration.VARIABLE, str(place))
    monkeypatch.setenv("DESK_A", "sesame")
    monkeypatch.delenv("DESK_B", raising=False)
    doctor.examine(tmp_path, json=False)
    told = capsys.readouterr().out
    assert "sesame" not in told
    assert "ok       [http.a]: speaks through https://a.example/v1, which is not tried; DESK_A is set" in told
    assert "DESK_B is not set\n         to do: set DESK_B where you build" in told
    assert f"ok       [command.c]: {sys.executable} is there" in told
    assert "warning  [command.d]: no-such-program is not there" in told
    assert f"ok       [recorded.e]: {tmp_path} is there" in told
    assert f"warning  [piper.f]: {tmp_path}/f.onnx is not there" in told
    assert f"warning  [kokoro.g]: {tmp_path}/g.onnx is not there" in told
    assert f"ok       [kokoro.g]: {tmp_path} is there" in told


@pytest.mark.usefixtures("_untried")
def test_a_library_that_is_missing_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = installed.version
    monkeypatch.setattr(
        installed, "version", lambda name: "" if name in {"av", "distributed"} else version(name)
    )
    needed = finding("libraries", tmp_path)
    assert (needed.state, needed.message) == ("problem", "not installed: av")
    assert needed.remedy.startswith(installed.pip_install(""))
    assert finding("extra cluster", tmp_path) == Finding(
        "extra cluster",
        "missing",
        "not installed: distributed",
        installed.pip_install('"audiocoach[cluster]"'),
    )


@pytest.mark.usefixtures("_untried")
def test_a_library_that_does_not_load_is_told_with_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "load", lambda _: {"PIL": "ImportError: x", "onnxruntime": "ImportError: y"})
    needed = finding("libraries", tmp_path)
    assert (needed.state, needed.message) == ("problem", "do not load: pillow (ImportError: x)")
    natural = finding("extra natural", tmp_path)
    assert (natural.state, natural.message) == ("warning", "do not load: onnxruntime (ImportError: y)")


def test_libraries_are_loaded_one_after_another_whatever_one_of_them_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {
        "desk_good": "",
        "desk_bad": "raise RuntimeError('torn\\ntwice')",
        "desk_exit": "raise SystemExit(3)",
        "desk_crash": "import os; os.abort()",
        "desk_loud": "print('desk_good nonsense', file=__import__('sys').stderr)",
    }.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = ["desk_good", "desk_bad", "desk_crash", "desk_exit", "desk_loud", "desk_gone"]
    # Each once, also where it is wanted twice.
    assert trial.load([*modules, "desk_bad", "desk_crash"]) == {
        "desk_good": "",
        "desk_bad": "RuntimeError: torn twice",
        "desk_crash": "the process that loaded it crashed",
        "desk_exit": "SystemExit: 3",
        "desk_loud": "",
        "desk_gone": "ModuleNotFoundError: No module named 'desk_gone'",
    }


@pytest.mark.parametrize(
    ("voice", "problem"),
    [
        (Voice("silent"), ""),
        (Voice("fake"), ""),
        (Voice("fake", "missing"), "the fake voice is not installed: python -m pip install fake-voice"),
        (Voice("fake", "setup-crash"), "the speech process crashed"),
        (Voice("fake", "empty"), "the voice"),
        (Voice("gone"), "there is no engine 'gone'"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_voice_is_tried_in_a_process_of_its_own(
    voice: Voice, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = trial.speak(voice)
    assert said.startswith(problem)
    assert bool(said) == bool(problem)
    assert nothing_is_left(tmp_path)


@pytest.mark.usefixtures("_untried")
@pytest.mark.parametrize(
    ("mute", "state", "message"),
    [
        ((), "ok", "hibari speaks where a routine names none"),
        (("hibari",), "warning", "hibari does not speak (mute): pyttsx3 does in its place"),
        (("hibari", "pyttsx3"), "problem", "hibari does not speak: mute"),
    ],
)
def test_where_the_best_voice_fails_the_next_one_speaks(
    mute: tuple[str, ...], state: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(configuration.VARIABLE, str(tmp_path / "none.toml"))
    monkeypatch.setattr(trial, "speak", lambda voice: "mute" if voice.engine in mute else "")
    found = finding("voice for en", tmp_path)
    assert (found.state, found.message) == (state, message)


@pytest.mark.usefixtures("_untried")
@pytest.mark.parametrize(
    ("entry", "state", "message"),
    [
        ('engine = "pyttsx3"\nname = "en-gb+f3"', "ok", "pyttsx3/en-gb+f3 speaks where a routine names none"),
        (
            'engine = "piper"\nname = "no-such"',
            "warning",
            "there is no voice 'no-such' of piper: use another (voices use)): pyttsx3 does in its place",
        ),
        (
            'engine = "gone"',
            "warning",
            "gone does not speak (there is no engine 'gone'): pyttsx3 does in its place",
        ),
        (
            'engine = "command"\nname = "mine"\n[command.mine]\nrun = ["no-such-program"]',
            "warning",
            "does in its place",
        ),
    ],
    ids=["variant", "no voice", "no engine", "no program"],
)
def test_the_voice_that_the_user_has_set_is_looked_at_itself(
    entry: str, state: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text(f"[voice.en]\n{entry}\n")
    monkeypatch.setenv(configuration.VARIABLE, str(tmp_path / "config.toml"))
    monkeypatch.setattr(
        trial, "speak", lambda voice: "there is no engine 'gone'" if voice.engine == "gone" else ""
    )
    found = finding("voice for en", tmp_path)
    assert found.state == state
    assert found.message.endswith(message)


@pytest.mark.usefixtures("_untried")
def test_folders_that_cannot_be_written_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(configuration.DATA_VARIABLE, str(tmp_path / "file" / "data"))
    cache = finding("cache", tmp_path / "file" / "cache")
    assert (cache.state, cache.remedy) == (
        "warning",
        "make it writable, or name another one in AUDIOCOACH_CACHE",
    )
    assert finding("voices folder", tmp_path).state == "warning"
    assert finding("cache", tmp_path / "new" / "cache").state == "ok"
    assert not (tmp_path / "new").exists()


@pytest.mark.usefixtures("_untried")
def test_a_disk_without_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "_free_bytes", lambda _: 1_000_000)
    disk = finding("disk", tmp_path)
    assert (disk.state, disk.remedy) == ("warning", "make room: a build may take 500 MB")


@pytest.mark.usefixtures("_untried")
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda folder: (folder / "tones.json").unlink(), "tones.json"),
        (lambda folder: (folder / "languages" / "en" / "labels.json").write_text("{"), "Expecting"),
        (lambda folder: shutil.rmtree(folder / "fonts"), "there is no font"),
        (lambda folder: (folder / "site" / "index.html").write_text(""), "site/index.html"),
    ],
    ids=["missing", "damaged", "no font", "empty"],
)
def test_a_package_that_is_not_whole_is_told(
    harm: Callable[[Path], object], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(assets.folder(), tmp_path / "assets")
    monkeypatch.setattr(assets, "folder", lambda: tmp_path / "assets")
    for read in (assets.tone_sets, assets.podcast_terms, assets.languages, assets.language_table):
        read.cache_clear()
    harm(tmp_path / "assets")
    try:
        found = finding("files", tmp_path)
    finally:
        for read in (assets.tone_sets, assets.podcast_terms, assets.languages, assets.language_table):
            read.cache_clear()
    assert found.state == "problem"
    assert told in found.message


@pytest.mark.usefixtures("_untried")
def test_a_file_that_is_other_than_it_was_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = "sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0,3"
    (tmp_path / "a-1.dist-info").mkdir()
    (tmp_path / "a-1.dist-info" / "RECORD").write_text(
        f"audiocoach/whole.txt,{whole}\naudiocoach/changed.txt,{whole}\naudiocoach/gone.txt,{whole}\n"
        f"a-1.dist-info/RECORD,,\nbin/audiocoach,{whole}\n"
    )
    (tmp_path / "audiocoach").mkdir()
    (tmp_path / "audiocoach" / "whole.txt").write_text("abc")
    (tmp_path / "audiocoach" / "changed.txt").write_text("abd")
    files = metadata.Distribution.at(tmp_path / "a-1.dist-info").files
    monkeypatch.setattr(metadata, "files", lambda _: files)
    assert finding("files", tmp_path).message == (
        "the package is not whole: audiocoach/changed.txt, audiocoach/gone.txt"
    )


@pytest.mark.parametrize(
    ("marker", "needed"),
    [
        ("", ["sound"]),
        ("; python_version < '3'", []),
        ("; python_version >= '3.10'", ["sound"]),
        ("; python_version >= '3.100'", []),
        (f"; sys_platform == '{sys.platform}'", ["sound"]),
        ("; sys_platform == 'amiga'", []),
        ("; python_version >= '3.10' and sys_platform == 'amiga'", []),
        ("; extra == 'test'", []),
        ("; extra == 'nightly'", []),
    ],
)
@pytest.mark.usefixtures("_untried")
def test_a_requirement_is_one_where_its_marker_holds(
    marker: str, needed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: [f"sound<2,>=1{marker}"])
    found = finding("libraries", tmp_path)
    assert found.message == (f"not installed: {needed[0]}" if needed else "")
    assert not any(one.topic.startswith("extra") for one in look(tmp_path))
