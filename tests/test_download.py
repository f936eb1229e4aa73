"""What is fetched is whole and what was wanted, or it is not there: whatever the server does."""

from __future__ import annotations

import ast
import fcntl
import shutil
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import AudiocoachError, BuildError, StorageError
from audiocoach.store import download as downloading
from audiocoach.store.download import Wanted, download, fetched_bytes, is_there
from tests import mirrors
from tests.conftest import ROOT
from tests.mirrors import BODY, CUT, OTHER, SHA256, Mirror

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NAME = "/voice.onnx"


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with mirrors.running() as server:
        server.files[NAME] = BODY
        yield server


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "voices" / "piper" / "voice.onnx"


def wanted(mirror: Mirror, path: str = NAME) -> Wanted:
    return Wanted(mirror.address + path, len(BODY), SHA256)


def fetch(mirror: Mirror, place: Path, path: str = NAME) -> int:
    """Fetch it; how many bytes came."""
    come: list[int] = []
    download(wanted(mirror, path), place, come.append)
    return sum(come)


def refused(mirror: Mirror, place: Path) -> str:
    with pytest.raises(BuildError) as caught:
        fetch(mirror, place)
    assert not place.exists()
    assert caught.value.exit_status == 1
    return caught.value.message.removeprefix(f"{mirror.address}{NAME} ")


def left(place: Path) -> list[str]:
    return sorted(path.name for path in place.parent.iterdir())


def test_what_is_whole_gets_its_name_and_nothing_is_left_beside_it(mirror: Mirror, place: Path) -> None:
    assert fetch(mirror, place) == len(BODY)
    assert place.read_bytes() == BODY
    assert left(place) == ["voice.onnx"]
    assert is_there(place, wanted(mirror))


@pytest.mark.parametrize("fault", [mirrors.cut, mirrors.cut_without_a_length], ids=["with", "without"])
def test_what_broke_off_goes_on_where_it_was(
    fault: Callable[[mirrors._Handler], None], mirror: Mirror, place: Path
) -> None:
    mirror.faults[NAME] = fault
    told = "broke off after 0.1 of 0.3 MB: the same command goes on from there"
    assert refused(mirror, place) == told
    assert fetched_bytes(place, wanted(mirror)) == CUT
    mirror.faults.clear()
    assert fetch(mirror, place) == len(BODY) - CUT
    assert place.read_bytes() == BODY
    assert mirror.asked == [(NAME, ""), (NAME, f"bytes={CUT}-")]


def test_a_server_that_hangs_is_left(mirror: Mirror, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "_PATIENCE_S", 0.2)
    mirror.faults[NAME] = mirrors.hang
    assert refused(mirror, place).startswith("broke off after 0.1 of 0.3 MB (")
    assert fetched_bytes(place, wanted(mirror)) == CUT


def test_a_file_that_has_changed_meanwhile_comes_anew(mirror: Mirror, place: Path) -> None:
    mirror.faults[NAME] = mirrors.cut
    refused(mirror, place)
    mirror.faults.clear()
    mirror.tag = '"two"'
    assert fetch(mirror, place) == len(BODY)
    assert mirror.asked[-1] == (NAME, f"bytes={CUT}-")


def test_a_part_that_is_no_part_of_it_costs_one_more_call(mirror: Mirror, place: Path) -> None:
    place.parent.mkdir(parents=True)
    (place.parent / "voice.onnx.part").write_bytes(OTHER[:CUT])
    assert refused(mirror, place).endswith("its SHA-256 is another one; nothing of it was kept")
    assert left(place) == []
    assert fetch(mirror, place) == len(BODY)


@pytest.mark.parametrize(
    ("size", "comes"), [(len(BODY), 0), (len(BODY) + 1, len(BODY))], ids=["whole", "too long"]
)
def test_a_part_of_the_whole_length_is_not_asked_for(
    size: int, comes: int, mirror: Mirror, place: Path
) -> None:
    place.parent.mkdir(parents=True)
    (place.parent / "voice.onnx.part").write_bytes((BODY + b"more")[:size])
    assert fetch(mirror, place) == comes
    assert place.read_bytes() == BODY


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (mirrors.other, "has another file than expected: its SHA-256 is another one; nothing of it was kept"),
        (mirrors.shorter, "has another file than expected: it has 100000 bytes and not 300000;"),
        (mirrors.longer, "has another file than expected: it has 300004 bytes and not 300000;"),
        (mirrors.endless, "has another file than expected: it has more than 300000 bytes;"),
        (mirrors.fails(404), "answered 404 Not Found"),
        (mirrors.fails(500), "answered 500 Internal Server Error"),
        (mirrors.fails(416), "answered 416 Requested Range Not Satisfiable"),
        (mirrors.sends_on("file:///etc/passwd"), "answered 302 Found - Redirection to url 'file:"),
        (mirrors.sends_on("ftp://127.0.0.1/x"), "sends on to ftp://127.0.0.1/x, which is not encrypted"),
        (mirrors.sends_on(NAME), "answered 302 "),
    ],
    ids=["bytes", "short", "long", "endless", "404", "500", "416", "file", "ftp", "loop"],
)
def test_what_is_not_wanted_is_not_kept(
    fault: Callable[[mirrors._Handler], None], told: str, mirror: Mirror, place: Path
) -> None:
    mirror.faults[NAME] = fault
    assert refused(mirror, place).startswith(told)
    assert left(place) == []


@pytest.mark.parametrize(
    "fault", [mirrors.elsewhere, mirrors.fails(416)], ids=["another range", "no such range"]
)
def test_a_server_that_cannot_go_on_is_asked_for_all_of_it(
    fault: Callable[[mirrors._Handler], None], mirror: Mirror, place: Path
) -> None:
    mirror.faults[NAME] = mirrors.cut
    refused(mirror, place)
    mirror.faults[NAME] = lambda handler: (fault if handler.headers.get("Range") else mirrors.serve)(handler)
    try:
        fetch(mirror, place)
    except BuildError as error:
        assert "it goes on with bytes 7-299999/300000" in error.message  # noqa: PT017 - one of the two may raise
        fetch(mirror, place)
    assert place.read_bytes() == BODY


def test_where_a_server_sends_on_is_followed(mirror: Mirror, place: Path) -> None:
    mirror.faults["/moved"] = mirrors.sends_on(NAME)
    assert fetch(mirror, place, "/moved") == len(BODY)


@pytest.mark.usefixtures("mirror")
def test_nobody_there_is_one_sentence(place: Path) -> None:
    with mirrors.running() as gone:
        address = gone.address
    with pytest.raises(BuildError, match="cannot be reached") as caught:
        download(Wanted(f"{address}{NAME}", len(BODY), SHA256), place, lambda _: None)
    assert caught.value.message.endswith("(Connection refused): try again when you are connected")
    assert left(place) == []


def test_two_do_not_fetch_one_file_at_once(mirror: Mirror, place: Path) -> None:
    place.parent.mkdir(parents=True)
    with (place.parent / "voice.onnx.part").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StorageError, match="is being fetched by another audiocoach: wait for it"):
            fetch(mirror, place)
    assert mirror.asked == []


def test_without_room_nobody_is_asked(mirror: Mirror, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(place.parent.parent.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StorageError, match=r"there is no room in .*: 0.3 MB are needed, 0.0 MB are free"):
        fetch(mirror, place)
    assert mirror.asked == []


def test_a_place_that_cannot_be_written_is_told(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AudiocoachError, match="could not be written"):
        fetch(mirror, tmp_path / "file" / "voice.onnx")
    assert mirror.asked == []


def test_a_file_that_was_changed_is_not_there(mirror: Mirror, tmp_path: Path) -> None:
    (tmp_path / "changed").write_bytes(OTHER)
    assert not is_there(tmp_path / "changed", wanted(mirror))
    assert not is_there(tmp_path / "gone", wanted(mirror))


def test_no_build_fetches() -> None:
    """One module alone imports what connects, and that is the command which the user gives."""
    importing = {
        path.relative_to(ROOT / "audiocoach").as_posix()
        for path in (ROOT / "audiocoach").rglob("*.py")
        if "store.download" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "audiocoach.store.download"
    }
    assert importing == {"commands/get.py"}
