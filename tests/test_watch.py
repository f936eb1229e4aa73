"""Files that change are noticed by their content, once whoever writes them is done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from audiocoach.serve import watch
from audiocoach.serve.watch import Watch, find_sources

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

# Long after every file of a test was written.
LATER_NS = 1 << 62


def looking(folder: Path, now_ns: int = LATER_NS) -> Watch:
    return Watch(lambda: find_sources(folder, folder / "site"), lambda: now_ns)


def test_what_comes_changes_or_goes_is_told_once(tmp_path: Path) -> None:
    a, b, c = (tmp_path / f"{name}.yaml" for name in "abc")
    a.write_text("a")
    b.write_text("b")
    seen = looking(tmp_path)
    assert seen.changed() == ()
    a.write_text("another")
    b.unlink()
    c.write_text("c")
    assert [seen.changed() for _ in range(3)] == [(), (a, b, c), ()]


def test_what_is_still_being_written_is_told_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a")
    seen = looking(tmp_path)
    for text in ("", "a b", "a b c"):
        path.write_text(text)
        assert seen.changed() == ()
    assert seen.changed() == (path,)


def test_a_file_that_is_saved_as_it_was_has_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a")
    seen = looking(tmp_path)
    os.utime(path, (1, 1))
    assert [seen.changed() for _ in range(3)] == [()] * 3


def test_a_time_stamp_of_now_may_stand_for_two_contents(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a")
    stamp = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    seen = looking(tmp_path, now_ns=stamp[1])
    path.write_text("b")
    os.utime(path, ns=stamp)
    assert [seen.changed() for _ in range(2)] == [(), (path,)]


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text("a")
    seen = looking(tmp_path)
    monkeypatch.setattr(watch, "Digests", None)
    assert seen.changed() == ()


def test_what_a_site_is_made_from_is_looked_at_and_nothing_else(tmp_path: Path) -> None:
    wanted = ("a.yaml", "audiocoach.yaml", "b.YML", "cover.jpg", "moves/c.yaml", "moves/deep/d.png")
    others = ("a.mp3", "notes.txt", ".a.yaml", ".git/e.yaml", "site/cover.jpg", "moves/.#c.yaml")
    for name in (*wanted, *others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = {
        str(path.relative_to(tmp_path)) for path in find_sources(tmp_path, tmp_path / "moves" / ".." / "site")
    }
    assert found == set(wanted)


def test_for_one_routine_its_own_folder_and_the_libraries_below_it_are_looked_at(tmp_path: Path) -> None:
    wanted = ("a.yaml", "audiocoach.yaml", "a.jpg", "moves/c.yaml")
    others = ("b.jpg", "moves/d.png", "moves/deep/e.yaml", ".git/e.yaml", "site/f.yaml")
    for name in (*wanted, *others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = {str(path.relative_to(tmp_path)) for path in find_sources(tmp_path / "a.yaml", tmp_path / "site")}
    assert found == set(wanted)


def test_a_folder_that_is_not_there_has_nothing_and_may_come(tmp_path: Path) -> None:
    seen = looking(tmp_path / "routines")
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "a.yaml").write_text("a")
    assert [seen.changed() for _ in range(2)] == [(), (tmp_path / "routines" / "a.yaml",)]
