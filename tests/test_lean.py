"""To which side files sound, and what `verify` says of one that sounds to another."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach.errors import SoundError
from audiocoach.sound import lean
from audiocoach.sound.hearing import Stretch
from audiocoach.store.place import MANIFEST
from audiocoach.workers.run import Inline
from audiocoach.workers.verify import verify
from tests.builds import Heard, built
from tests.test_mp3 import phrase
from tests.test_mp3 import session as mono_session
from tests.test_pan import LENGTH, TONE_AT, WORDS_AT, session

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROUTINE = """title: Sides
voice: {engine: fake}
moves:
  lunge: {name: Lunge, sides: each}
session:
  - {do: lunge, for: 10s}
"""


def test_a_stretch_leans_to_the_side_of_its_sound(tmp_path: Path) -> None:
    path, pieces = tmp_path / "sides.mp3", list[bytes]()
    path.write_bytes(session([(at, phrase(1, 900), side) for side, at in WORDS_AT.items()], LENGTH))
    stretches = {side: Stretch(at, at + 900 * 48) for side, at in WORDS_AT.items()}
    silent = Stretch(TONE_AT["left"], LENGTH)
    found = lean.leans(path, [*stretches.values(), silent], "mp3", pieces.append)
    assert found is not None
    assert {side: lean.side_of(found[stretch]) for side, stretch in stretches.items()} == {
        side: side for side in stretches
    }
    assert found[stretches["left"]] == pytest.approx(6.02, abs=0.2)
    assert silent not in found
    assert sum(map(len, pieces)) == LENGTH * 4


def test_a_file_of_one_channel_leans_nowhere_and_what_is_no_sound_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mono.mp3"
    path.write_bytes(mono_session([(48_000, phrase(1, 900))], 96_000))
    assert lean.leans(path, [], "mp3") is None
    path.write_bytes(b"no sound")
    with pytest.raises(SoundError, match="does not decode"):
        lean.leans(path, [], "mp3")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sides")
    for name, more in (("sides", ""), ("off", "stereo: off\n")):
        (folder / f"{name}.yaml").write_text(more + ROUTINE, "utf-8")
    built(folder, folder / "sides.yaml", folder / "off.yaml")
    return folder / "out"


def findings(folder: Path) -> list[str]:
    return [str(finding) for one in verify(folder, Inline(), Heard()) for finding in one.findings]


def forged(out: Path, folder: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The folder as one would leave it who has changed files, and let the manifest say so."""
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    change(files)
    manifest: dict[str, Any] = json.loads(files[MANIFEST])
    for row in manifest["sessions"].values():
        row["files"] = [
            [name, len(files[name]), hashlib.sha256(files[name]).hexdigest()] for name, *_ in row["files"]
        ]
    files[MANIFEST] = json.dumps(manifest).encode()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_verify_hears_that_all_lies_on_its_side(whole: Path) -> None:
    assert findings(whole) == []


def test_verify_finds_what_lies_on_the_other_side(whole: Path, tmp_path: Path) -> None:
    def swap(files: dict[str, bytes]) -> None:
        told = files["sides.timeline.json"]
        files["sides.timeline.json"] = told.replace(b'"side": "left", "line"', b'"side": "right", "line"')

    found = findings(forged(whole, tmp_path, swap))
    what = ("'Left side first.'", "the tone count", "the tone stop")
    assert set(what) <= {line.removeprefix("sides.mp3: ").split(" lies ")[0] for line in found}
    assert {line.split(" lies ")[1].split(" at ")[0] for line in found} == {
        "on the left instead of on the right"
    }


def test_verify_finds_a_file_of_one_channel_where_there_are_sides(whole: Path, tmp_path: Path) -> None:
    found = findings(forged(whole, tmp_path, lambda files: files.update({"sides.mp3": files["off.mp3"]})))
    assert found == ["sides.mp3: it has one channel, and no sides"]
