"""The whole chain for many routines."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import SeveralError, StorageError
from audiocoach.making import sessions
from audiocoach.making.work import Compose, Encode, Lacking, Speak, Tune, Workbench
from audiocoach.routine.voice import Voice
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import MANIFEST, Place
from audiocoach.workers.jobs import survey
from tests.builds import Heard, built, carried_out, files_of, squats

if TYPE_CHECKING:
    from pathlib import Path


def outputs(folder: Path) -> dict[str, str]:
    files = [path for path in (folder / "out").iterdir() if path.name != MANIFEST]
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
    # The clip was encoded when it was spoken: nothing is left for the stage of sound.
    assert heard.stages == {"files": (1, 1), "speech": (1, 1)}


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
    # Only the first sentence of its opening, which is its title.
    assert (done[0].phrases, done[0].new) == (8, 1)


def test_a_failure_takes_no_other_routine_with_it(tmp_path: Path) -> None:
    bad = squats(tmp_path, "bad", engine="fake, name: crash@tall")
    done, failed = built(tmp_path, bad, squats(tmp_path, "good"))
    assert [one.slug for one in done] == ["good"]
    assert [one.path for one in failed] == [bad]
    error = failed[0].error
    assert isinstance(error, SeveralError)
    assert str(error) == f"{bad}:4:31: the voice crashed (SIGABRT)"
    assert sorted(outputs(tmp_path)) == files_of("good")


def test_many_sessions_are_laid_out_by_the_workers_and_share_what_is_made(tmp_path: Path) -> None:
    paths = [squats(tmp_path, f"s{number}") for number in range(35)]
    heard = Heard()
    done, failed = built(tmp_path, *paths, progress=heard)
    assert ([one.slug for one in done], failed) == ([f"s{number}" for number in range(35)], [])
    # The sentences that all of them share, one with each title; and one with a length that was estimated
    # before anything was heard.
    assert heard.stages["speech"] == (8 + 35, 8 + 35)
    assert heard.stages["files"] == (35, 35)
    (tmp_path / "few").mkdir()
    built(tmp_path / "few", paths[7])
    one, other = ((folder / "out" / "s7.mp3").read_bytes() for folder in (tmp_path, tmp_path / "few"))
    assert one == other


def test_a_finished_session_is_joined_again_from_the_cache_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tmp_path, squats(tmp_path))
    before = outputs(tmp_path)
    shutil.rmtree(tmp_path / "out")
    monkeypatch.setattr(sessions, "open_session", None)
    heard = Heard()
    built(tmp_path, tmp_path / "squats.yaml", progress=heard)
    assert (heard.stages, outputs(tmp_path)) == ({"files": (1, 1)}, before)


def test_a_cache_that_takes_nothing_is_replaced_for_this_build(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    options = BuildOptions((squats(tmp_path),), tmp_path / "out", Overrides(), 2)
    done, failed = carried_out(options, Place(tmp_path / "cache", tmp_path / "spare"), Heard())
    assert (len(done), failed) == (1, [])
    done, failed = carried_out(replace(options, force=True), Place(tmp_path / "cache"), Heard())
    assert "does not keep what is made" in str(failed[0].error)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        survey(BuildOptions((), tmp_path / "out", Overrides(), 1), Place(tmp_path / "cache"))


def test_a_voice_is_tuned_while_its_session_is_laid_out(tmp_path: Path) -> None:
    options = BuildOptions((squats(tmp_path, engine="pyttsx3"),), tmp_path / "out", Overrides(), 1)
    place = Place(tmp_path / "cache")
    with Workbench(place) as bench:
        told: list[Voice] = []
        bench.on_untuned = told.append
        job = Compose(options.paths[0], options.overrides, options.folder)
        lacking = bench.perform(job)
        assert isinstance(lacking, Lacking)
        # What is made meanwhile needs no voice.
        kinds = [type(one) for one in lacking.jobs]
        assert kinds == sorted(kinds, key=[Encode, Speak].index)
        bench.perform(job)
        assert told == [Voice()]
        bench.perform(Tune(told[0]))
    with Workbench(place) as another:
        another.on_untuned = told.append
        another.perform(job)
    assert told == [Voice()]
