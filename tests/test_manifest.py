"""Nothing is done twice: what stands as it should is left, whatever its time stamps say."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from audiocoach.store.manifest import Manifest
from audiocoach.store.options import Overrides
from audiocoach.store.place import MANIFEST
from tests.builds import Heard, built, files_of, squats

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def done(folder: Path, *paths: Path, overrides: Overrides | None = None) -> list[bool]:
    """For each routine, whether the build found it done."""
    return [one.reason is None for one in built(folder, *paths, overrides=overrides)[0]]


def outputs(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").iterdir() if path.name != MANIFEST)


def test_what_is_built_is_not_built_again_and_nothing_is_asked_of_the_voice(tmp_path: Path) -> None:
    path = squats(tmp_path)
    first = built(tmp_path, path)[0][0]
    heard = Heard()
    (again,), _ = built(tmp_path, path, progress=heard)
    assert (again.reason, heard.stages) == (None, {})
    assert first.reason == "there is no record of it here"
    facts = ("slug", "path", "duration_ms", "phrases", "size_bytes")
    assert [getattr(again, name) for name in facts] == [getattr(first, name) for name in facts]


def touch(path: Path) -> None:
    os.utime(path, (0, 0))


def test_time_stamps_decide_nothing(tmp_path: Path) -> None:
    path = squats(tmp_path)
    assert done(tmp_path, path) == [False]
    stamp = path.stat()
    touch(path)
    assert done(tmp_path, path) == [True]
    # An edit of the same size and time.
    path.write_text(path.read_text("utf-8").replace("tall", "wide"), "utf-8")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert done(tmp_path, path) == [False]


def test_a_changed_library_builds_what_includes_it(tmp_path: Path) -> None:
    library = tmp_path / "moves" / "m.yaml"
    library.parent.mkdir()
    library.write_text("moves: {plank: {name: Plank}}", "utf-8")
    path = tmp_path / "a.yaml"
    path.write_text(
        "title: A\nvoice: {engine: silent}\ninclude: [moves/m.yaml]\nsession: [{do: plank, hold: 10s}]\n",
        "utf-8",
    )
    other = squats(tmp_path)
    assert done(tmp_path, path, other) == [False, False]
    assert done(tmp_path, path, other) == [True, True]
    library.write_text("moves: {plank: {name: Long plank}}", "utf-8")
    assert done(tmp_path, path, other) == [False, True]


def test_another_level_is_another_session(tmp_path: Path) -> None:
    path = squats(tmp_path)
    assert done(tmp_path, path) == [False]
    assert done(tmp_path, path, overrides=Overrides(level="gentle")) == [False]
    assert done(tmp_path, path, overrides=Overrides(level="gentle")) == [True]


@pytest.mark.parametrize(
    "damage",
    [
        lambda out: (out / "squats.mp3").unlink(),
        lambda out: (out / "squats.timeline.json").unlink(),
        lambda out: (out / "squats.mp3").write_bytes(b"half"),
        lambda out: (out / MANIFEST).unlink(),
        lambda out: ((out / MANIFEST).unlink(), os.mkfifo(out / MANIFEST)),
        lambda out: (out / MANIFEST).write_bytes(b"{"),
        lambda out: (out / MANIFEST).write_bytes(b"[]"),
        lambda out: (out / MANIFEST).write_text((out / MANIFEST).read_text().replace('"inputs"', '"input"')),
        lambda out: (out / MANIFEST).write_text((out / MANIFEST).read_text().replace('"level"', '"hard"')),
    ],
    ids=[
        "no mp3",
        "no timeline",
        "short mp3",
        "no manifest",
        "a pipe",
        "torn",
        "another shape",
        "a field missing",
        "a listing without a level",
    ],
)
def test_whatever_is_missing_or_damaged_is_made_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = squats(tmp_path)
    done(tmp_path, path)
    whole = (tmp_path / "out" / "squats.mp3").read_bytes()
    damage(tmp_path / "out")
    assert done(tmp_path, path) == [False]
    assert (tmp_path / "out" / "squats.mp3").read_bytes() == whole
    assert done(tmp_path, path) == [True]


def test_a_routine_that_is_gone_takes_its_files_and_a_renamed_one_leaves_no_twin(
    tmp_path: Path,
) -> None:
    path, other = squats(tmp_path), squats(tmp_path, "other")
    done(tmp_path, path, other)
    (tmp_path / "out" / "mine.mp3").write_bytes(b"not of a build")
    path.rename(tmp_path / "renamed.yaml")
    assert done(tmp_path, tmp_path / "renamed.yaml", other) == [False, True]
    assert outputs(tmp_path) == ["mine.mp3", *files_of("other", "renamed")]


def vanish(path: Path) -> None:
    """Its folder leads to itself: nobody can look whether it is there."""
    path.parent.rename(path.parent.with_name("away"))
    path.parent.symlink_to(path.parent.name)


def dangle(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize("hide", [vanish, dangle])
def test_a_routine_that_cannot_be_looked_for_is_not_gone(
    tmp_path: Path, hide: Callable[[Path], None]
) -> None:
    (tmp_path / "mine").mkdir()
    path, other = squats(tmp_path / "mine"), squats(tmp_path, "other")
    done(tmp_path, path, other)
    hide(path)
    assert done(tmp_path, other) == [True]
    assert outputs(tmp_path) == files_of("other", "squats")


def test_a_file_that_somebody_has_changed_is_not_ours_to_remove(tmp_path: Path) -> None:
    path, other = squats(tmp_path), squats(tmp_path, "other")
    done(tmp_path, path, other)
    text = tmp_path / "out" / "squats.txt"
    text.write_text(text.read_text("utf-8").swapcase(), "utf-8")
    path.unlink()
    done(tmp_path, other)
    assert outputs(tmp_path) == sorted([*files_of("other"), "squats.txt"])


def test_what_is_told_to_stand_does_even_if_its_routine_goes_meanwhile(tmp_path: Path) -> None:
    path = squats(tmp_path)
    done(tmp_path, path)
    manifest = Manifest(tmp_path / "out")
    path.unlink()
    assert manifest.sweep({"squats"}) == ()
    assert manifest.sweep() == ("squats",)


def test_a_routine_that_was_not_asked_for_keeps_its_files(tmp_path: Path) -> None:
    path, other = squats(tmp_path), squats(tmp_path, "other")
    done(tmp_path, path, other)
    done(tmp_path, path)
    assert "other.mp3" in outputs(tmp_path)


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    path = squats(tmp_path)
    done(tmp_path, path)
    (tmp_path / "precious").write_bytes(b"precious")
    manifest = tmp_path / "out" / MANIFEST
    data = json.loads(manifest.read_bytes())
    data["sessions"]["squats"]["files"] = [["../precious", 8]]
    manifest.write_text(json.dumps(data), "utf-8")
    path.unlink()
    done(tmp_path, squats(tmp_path, "other"))
    assert (tmp_path / "precious").exists()
