"""A cache that is damaged, shared by several builds, on another disk, or whose clock is wrong."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach.making.regions import powers_key
from audiocoach.store.cache import Cache
from audiocoach.store.manifest import Manifest
from audiocoach.store.place import MANIFEST
from audiocoach.store.recipe import Recipe
from audiocoach.workers.run import Inline
from audiocoach.workers.verify import verify
from tests.builds import Heard, built, squats
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Damage = Callable[[Path, Path], object]

KINDS = ("clip", "region", "session", "silence")
PROGRAM = (sys.executable, "-m", "audiocoach", "build")
_1970 = 0
_2500 = 16_725_225_600

# How a build ends that has something to do: its exit status, and the last thing that it says.
WELL = (0, "spoken by silent")


def outputs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


def entries(folder: Path) -> dict[str, Path]:
    return {path.name: path for path in sorted((folder / "cache").rglob("*-*")) if path.is_file()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build of two routines, which no test changes."""
    folder = tmp_path_factory.mktemp("kept")
    built(folder, squats(folder), squats(folder, "other", setup="Stand wide."))
    return folder


@pytest.fixture
def copy(kept: Path) -> Iterator[Path]:
    """The same folder again; a test may do to its cache and its output whatever it likes."""
    caches = {name: (kept / name, kept / f"{name}.safe") for name in ("cache", "out")}
    for place, safe in caches.values():
        shutil.copytree(place, safe)
    yield kept
    for place, safe in caches.values():
        shutil.rmtree(place)
        safe.rename(place)


def flip(path: Path, _: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    for at in range(middle, middle + 3):
        data[at] ^= 0xFF
    path.write_bytes(data)


def swap(path: Path, other: Path) -> None:
    first, second = path.read_bytes(), other.read_bytes()
    assert first != second
    path.write_bytes(second)
    other.write_bytes(first)


def make_folder(path: Path, _: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_bytes(b"whatever")


def forbid(path: Path, _: Path) -> None:
    if not os.geteuid():
        pytest.skip("the superuser reads everything")
    path.chmod(0)


DAMAGES: dict[str, Damage] = {
    "three bytes flipped": flip,
    "truncated": lambda path, _: os.truncate(path, path.stat().st_size // 2),
    "emptied": lambda path, _: os.truncate(path, 0),
    "swapped": swap,
    "made a folder": make_folder,
    "unreadable": forbid,
}


# Of silence there is one entry, which can change places with none of its kind.
CASES = [(kind, damage) for kind in KINDS for damage in DAMAGES if (kind, damage) != ("silence", "swapped")]


def stamp(path: Path) -> tuple[int, int]:
    """What no two files have in common: a number may be given again, but not at the same time."""
    return path.stat().st_ino, path.stat().st_mtime_ns


@pytest.mark.parametrize(("kind", "damage"), CASES)
def test_a_damaged_entry_is_made_again_and_no_other(copy: Path, kind: str, damage: str) -> None:
    """What a build reads is what is damaged: a clip only where its region is missing, and so on."""
    before = outputs(copy)
    paths, used = entries(copy), needed(copy / "cache")
    dropped = [name for name in paths if is_dropped(name, kind)]
    for name in dropped:
        paths.pop(name).unlink()
    of_kind = [name for name in sorted(paths) if name.startswith(kind) and name in used]
    hurt = of_kind[:1] + (of_kind[1:2] if damage == "swapped" else [])
    stamps = {name: stamp(path) for name, path in paths.items()}
    DAMAGES[damage](paths[hurt[0]], paths[hurt[-1]])
    shutil.rmtree(copy / "out")
    heard = Heard()
    done, failed = built(copy, copy / "squats.yaml", copy / "other.yaml", progress=heard)
    assert (len(done), failed) == (2, [])
    assert outputs(copy) == before
    after = entries(copy)
    assert set(paths) <= set(after)
    made = {name for name, known in stamps.items() if stamp(after[name]) != known}
    # How loud a region is is measured as it is made.
    measured = {powers_key(name) for name in (*dropped, *hurt) if name.startswith("region") and name in used}
    assert made == set(hurt) | measured
    # Inside, damage is noticed by whoever reads the sound; elsewhere by whoever asks how long it is.
    spoken = len(hurt) if kind == "clip" and damage != "three bytes flipped" else 0
    assert heard.stages.get("speech", (0, 0)) == (spoken, spoken)


def needed(cache: Path) -> set[str]:
    """The entries that the sessions read: a draft has phrases spoken that the last one leaves out."""
    names = {path.name for path in cache.rglob("*") if path.is_file()}
    recipes = [
        Recipe.from_bytes(Cache(cache).get(name) or b"") for name in names if name.startswith("session")
    ]
    clips = {clip for recipe in recipes for clip in recipe.clips}
    regions = {key for recipe in recipes for _, key in recipe.regions}
    others = {name for name in names if not name.startswith(("clip", "region"))}
    return clips | regions | others


def is_dropped(name: str, kind: str) -> bool:
    """Whether an entry has to go for those of this kind to be read."""
    needed = {"clip": ("session", "region"), "region": ()}
    return name.startswith(needed.get(kind, ()))


@pytest.mark.parametrize("stamp", [_1970, _2500], ids=["1970", "2500"])
def test_clocks_decide_nothing(copy: Path, stamp: int) -> None:
    before = outputs(copy)
    routines = [copy / "squats.yaml", copy / "other.yaml"]
    for path in [*routines, *(copy / "out").iterdir(), *entries(copy).values()]:
        os.utime(path, (stamp, stamp))
    heard = Heard()
    done, _ = built(copy, *routines, progress=heard)
    assert [one.reason for one in done] == [None, None]
    again, _ = built(copy, *routines, progress=heard, force=True)
    assert [one.new for one in again] == [0, 0]
    assert heard.stages == {"files": (2, 2)}
    assert outputs(copy) == before
    routines[0].write_text(routines[0].read_text("utf-8").replace("tall", "wide"), "utf-8")
    os.utime(routines[0], (stamp, stamp))
    changed, _ = built(copy, *routines)
    assert [one.reason is None for one in changed] == [False, True]
    squats(copy)


def at_once(folder: Path, *commands: Sequence[str]) -> list[tuple[int, str]]:
    """Run builds side by side; how each ended, and what it said beside progress."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [*PROGRAM, *command],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                    cwd=folder,
                    env=environment,
                )
            )
            for command in commands
        ]
        ends = [(process.communicate(timeout=120)[1], process.returncode) for process in processes]
    progress = ("speech ", "sound ", "files ")
    return [
        (status, "".join(line for line in said.splitlines() if not line.startswith(progress)))
        for said, status in ends
    ]


def test_four_builds_share_an_empty_cache(tmp_path: Path) -> None:
    squats(tmp_path)
    commands = [
        ["squats.yaml", "-o", f"{number}/out", "--cache", "cache", "--jobs", "2"] for number in range(4)
    ]
    assert at_once(tmp_path, *commands) == [WELL] * 4
    first, *others = [outputs(tmp_path / str(number)) for number in range(4)]
    assert others == [first] * 3
    assert list((tmp_path / "cache").rglob("*.tmp")) == []


def test_builds_of_different_routines_into_one_folder_keep_what_the_other_wrote(tmp_path: Path) -> None:
    names = [squats(tmp_path, name, setup=f"Stand {name}.").name for name in ("one", "two", "three")]
    ends = at_once(tmp_path, *([name, "-o", "out", "--cache", "cache"] for name in names))
    assert ends == [WELL] * 3
    assert sorted(Manifest(tmp_path / "out").entries) == ["one", "three", "two"]
    assert [one.findings for one in verify(tmp_path / "out", Inline(), Heard())] == [()] * 3
    assert [path.name for path in (tmp_path / "out").glob(".*")] == [MANIFEST]


def test_builds_of_one_routine_into_one_folder_leave_whole_files(tmp_path: Path) -> None:
    squats(tmp_path)
    command = ["squats.yaml", "-o", "out", "--cache", "cache"]
    assert at_once(tmp_path, command, command, command) == [WELL] * 3
    (found,) = verify(tmp_path / "out", Inline(), Heard())
    assert found.findings == ()
    alone = tmp_path / "alone"
    alone.mkdir()
    assert at_once(tmp_path, ["squats.yaml", "-o", "alone/out", "--cache", "cache"]) == [WELL]
    assert outputs(alone) == outputs(tmp_path)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another file system."""
    shared_memory = Path("/dev/shm")  # noqa: S108 - made and removed here
    if not shared_memory.is_dir() or shared_memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other file system")
    with tempfile.TemporaryDirectory(dir=shared_memory) as folder:
        yield Path(folder)


@pytest.mark.parametrize("which", ["out", "cache"])
def test_output_and_cache_may_lie_on_different_disks(tmp_path: Path, elsewhere: Path, which: str) -> None:
    squats(tmp_path)
    place = {"out": "out", "cache": "cache", which: str(elsewhere / which)}
    assert at_once(tmp_path, ["squats.yaml", "-o", place["out"], "--cache", place["cache"]]) == [WELL]
    (found,) = verify(tmp_path / place["out"], Inline(), Heard())
    assert found.findings == ()
    assert list(elsewhere.rglob(".*.part")) == []
