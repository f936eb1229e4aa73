"""To which side files sound, and what `verify` says of one that sounds to another."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import av
import pytest

from audiocoach.sound import hearing, lean
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
    ears = lean.Ears([*stretches.values(), silent])

    def hear(both: bytes) -> None:
        ears.hear(both)
        pieces.append(both)

    assert hearing.listen_to_both(path, "mp3", hear) == LENGTH
    found = ears.leans
    assert {side: lean.side_of(found[stretch]) for side, stretch in stretches.items()} == {
        side: side for side in stretches
    }
    assert found[stretches["left"]] == pytest.approx(6.02, abs=0.2)
    assert silent not in found
    assert sum(map(len, pieces)) == LENGTH * 4


def test_a_file_of_one_channel_leans_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "mono.mp3"
    path.write_bytes(mono_session([(48_000, phrase(1, 900))], 96_000))
    stretch = Stretch(48_000, 60_000)
    ears = lean.Ears([stretch])
    hearing.listen_to_both(path, "mp3", ears.hear)
    assert ears.leans == {stretch: 0.0}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sides")
    for name, more in (("sides", "formats: [opus, m4b, wav, wav-8k]\n"), ("off", "stereo: off\n")):
        (folder / f"{name}.yaml").write_text(more + ROUTINE, "utf-8")
    built(folder, folder / "sides.yaml", folder / "off.yaml")
    return folder / "out"


def findings(folder: Path) -> list[str]:
    return [str(finding) for one in verify(folder, Inline(), Heard()) for finding in one.findings]


def forged(out: Path, folder: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A folder of MP3s as one would leave it who has changed files, and let the manifest say so."""
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    change(files)
    manifest: dict[str, Any] = json.loads(files[MANIFEST])
    for row in manifest["sessions"].values():
        row["files"] = [
            [name, len(files[name]), hashlib.sha256(files[name]).hexdigest()]
            for name, *_ in row["files"]
            if name.endswith((".mp3", ".timeline.json"))
        ]
    files[MANIFEST] = json.dumps(manifest).encode()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize(
    ("suffix", "channels"), [(".mp3", 2), (".m4b", 2), (".wav", 2), (".opus", 1), (".8k.wav", 1)]
)
def test_other_files_have_the_sides_for_which_they_have_room(whole: Path, suffix: str, channels: int) -> None:
    with av.open(str(whole / f"sides{suffix}"), "r") as container:
        assert container.streams.audio[0].channels == channels


def test_verify_hears_once_that_all_lies_on_its_side_and_is_as_loud_as_the_table_says(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: Counter[str] = Counter()

    def counted(listen: Callable[..., object]) -> Callable[..., object]:
        def hear(path: Path, *rest: object, **more: object) -> object:
            decoded[path.name] += 1
            return listen(path, *rest, **more)

        return hear

    for name in ("listen_to_both", "listen"):
        monkeypatch.setattr(hearing, name, counted(getattr(hearing, name)))
    off, sides = sorted(verify(whole, Inline(), Heard()), key=lambda one: one.file)
    assert off.findings == sides.findings == ()
    assert decoded == dict.fromkeys(["off.mp3", *(name for name, _ in sides.levels)], 1)
    (_, own), *others = sides.levels
    assert own.lufs is not None
    assert len(others) == 4
    for _, level in others:
        assert level.lufs == pytest.approx(own.lufs, abs=0.5)
        assert level.peak_db is not None
        assert level.peak_db <= -1
    entries = json.loads((whole / MANIFEST).read_bytes())["sessions"].values()
    (told,) = (row["files"][0] for row in entries if row["files"][0][0] == "sides.mp3")
    assert told[3] == pytest.approx(own.lufs, abs=0.1)


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
    assert found == ["sides.mp3: both channels are alike, and nothing lies to a side"]
