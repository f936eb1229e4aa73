"""The whole chain for many routines."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from audiocoach.build import manifest
from audiocoach.build.cache import Cache
from audiocoach.build.jobs import Order, build
from audiocoach.build.sessions import Wanted
from audiocoach.errors import SeveralError, StorageError
from audiocoach.sound import mp3
from tests.builds import Heard, built, squats

if TYPE_CHECKING:
    from pathlib import Path


def outputs(folder: Path) -> dict[str, str]:
    files = [path for path in (folder / "out").iterdir() if path.name != manifest.NAME]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_forced_build_makes_nothing_new_and_the_same_bytes(tmp_path: Path) -> None:
    first, _ = built(tmp_path, squats(tmp_path))
    before = outputs(tmp_path)
    again, _ = built(tmp_path, squats(tmp_path), force=True)
    assert (first[0].new, again[0].new) == (first[0].phrases, 0)
    assert outputs(tmp_path) == before


def test_an_edit_of_one_word_costs_one_phrase_and_one_region(tmp_path: Path) -> None:
    built(tmp_path, squats(tmp_path))
    heard = Heard()
    changed, _ = built(tmp_path, squats(tmp_path, setup="Stand wide."), progress=heard)
    assert changed[0].new == 1
    assert ["speech", 1, 1] in heard.stages
    # The new clip was encoded while it was still the only work: nothing is left for the stage.
    assert [stage for stage in heard.stages if stage[0] == "sound"] == [["sound", 0, 0]]


def test_bytes_do_not_depend_on_workers_order_or_what_the_cache_holds(tmp_path: Path) -> None:
    trees = []
    for jobs, turned in ((1, False), (4, True)):
        folder = tmp_path / str(jobs)
        folder.mkdir()
        paths = [squats(folder, name, setup=f"Stand {name}.") for name in ("one", "two", "three")]
        built(folder, *(reversed(paths) if turned else paths), jobs=jobs)
        trees.append(outputs(folder))
    assert trees[0] == trees[1]


def test_a_phrase_that_two_sessions_share_is_spoken_once(tmp_path: Path) -> None:
    built(tmp_path, squats(tmp_path, "one"))
    done, _ = built(tmp_path, squats(tmp_path, "two"))
    # Only its opening, which names its title.
    assert (done[0].phrases, done[0].new) == (8, 1)


def test_a_failure_takes_no_other_routine_with_it(tmp_path: Path) -> None:
    bad = squats(tmp_path, "bad", engine="fake, name: crash@tall")
    done, failed = built(tmp_path, bad, squats(tmp_path, "good"))
    assert [one.slug for one in done] == ["good"]
    assert [one.path for one in failed] == [bad]
    error = failed[0].error
    assert isinstance(error, SeveralError)
    assert str(error) == f"{bad}:4:31: the voice crashed (SIGABRT)"
    assert sorted(outputs(tmp_path)) == ["good.mp3", "good.timeline.json"]


def test_more_sessions_than_fit_a_batch_are_all_built(tmp_path: Path) -> None:
    paths = [squats(tmp_path, f"s{number}") for number in range(35)]
    done, failed = built(tmp_path, *paths)
    assert ([one.slug for one in done], failed) == ([f"s{number}" for number in range(35)], [])


def test_a_sound_that_fails_its_check_fails_its_session_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode = mp3.encode

    def broken(pcm: bytes, head: int = 8) -> mp3.RegionFrames:
        frames = encode(pcm, head)
        # Frames of another place: what a damaged encoder would give.
        return mp3.RegionFrames(frames.lead - 2, frames.frames) if len(pcm) > 400_000 else frames

    monkeypatch.setattr(mp3, "encode", broken)
    long = squats(
        tmp_path, "long", setup="Stand tall and stay there for as long as this sentence takes to say."
    )
    done, failed = built(tmp_path, long, squats(tmp_path, "short"))
    assert [one.slug for one in done] == ["short"]
    assert "an encoded sound is not" in str(failed[0].error)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        build(Order((), tmp_path / "out", Wanted(), 1), Cache(tmp_path / "cache"), Heard())
