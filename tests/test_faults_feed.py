"""Whatever stops a publication: the old feed or the new one, whole files, and the next run mends it."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.builds import SQUATS
from tests.publishing import SHOW
from tests.stage import COUNTED, Ended, Fault, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACTIONS = ("ENOSPC", "SIGKILL", "SIGTERM", "EACCES")
STEPS = ("open to write", "write", "replace", "unlink")


def feed(stage: Stage, fault: Fault | None = None) -> Ended:
    """Publish `run/routines`; only what is done to its site and its state counts."""
    arguments = ("feed", "run/routines", "-o", "run/site", "--build", "run/out", "--cache", "run/cache")
    return stage.run(*arguments, "--jobs", "1", watched=("run/site", "run/routines"), fault=fault)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "site").iterdir()}


def routine(folder: Path, name: str, setup: str = "Stand tall.") -> None:
    text = SQUATS.format(title=name, engine="silent", setup=setup)
    (folder / "routines" / f"{name}.yaml").write_text(text, "utf-8")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Three sessions were promised and two are published; then one is changed, one goes, one comes back."""
    with Stage(tmp_path_factory.mktemp("stage")) as one:
        run = one.folder / "run"
        (run / "routines").mkdir(parents=True)
        (run / "routines" / "audiocoach.yaml").write_text(SHOW, "utf-8")
        for name in "abc":
            routine(run, name)
        assert feed(one).status == 0
        (run / "routines" / "c.yaml").unlink()
        assert feed(one).status == 0
        shutil.copytree(run, one.folder / "old")
        routine(run, "a", "Stand wide and breathe out slowly.")
        (run / "routines" / "b.yaml").unlink()
        routine(run, "c")
        yield one


@pytest.fixture(scope="module")
def counted(stage: Stage) -> Ended:
    """The publication with all its file operations; `before` is what it began with, `new` what it gave."""
    run = stage.folder / "run"
    built = ("build", "run/routines", "-o", "run/out", "--cache", "run/cache", "--jobs", "1")
    assert stage.run(*built).status == 0
    shutil.copytree(run, stage.folder / "before")
    ended = feed(stage, COUNTED)
    assert (ended.status, ended.problems) == (0, [])
    run.rename(stage.folder / "new")
    return ended


def steps(counted: Ended) -> list[int]:
    """What is done to one file of each kind: to be replaced, to be removed, the list, the feed."""
    files = re.compile(r"\.?([ab]-[0-9a-f]{8}\.mp3|site\.json|feed\.xml)(\..*)?")
    return [
        number
        for number, one in enumerate(counted.operations, 1)
        if one.name in STEPS and files.fullmatch(one.path.name)
    ]


def amiss(stage: Stage, ended: Ended) -> list[str]:
    """What must never be."""
    run, old, new = (tree(stage.folder / name) for name in ("run", "before", "new"))
    known = {"site.json"} | {name for name in run if name.startswith(".")}
    torn = [name for name in run.keys() - known if run[name] not in {old.get(name), new.get(name)}]
    promised = new if run.get("feed.xml") == new["feed.xml"] else old
    lost = [name for name in promised if name not in run]
    wrong = {
        f"torn: {torn}": torn,
        f"lost: {lost}": lost,
        f"said: {ended.err}": "Traceback" in ended.err or "internal error" in ended.err,
        f"{ended.left} processes left": ended.left,
        f"status {ended.status}": ended.status == 0 and run != new,
        "said nothing": ended.status == 1 and not ended.problems,
    }
    again = feed(stage)
    wrong[f"again: {again.status} {again.err}"] = again.status or tree(stage.folder / "run") != new
    return [sentence for sentence, is_so in wrong.items() if is_so]


def test_whatever_happens_at_any_step_there_is_one_whole_feed(stage: Stage, counted: Ended) -> None:
    wrong = {}
    numbers = steps(counted)
    assert len(numbers) > 15
    for place, number in enumerate(numbers):
        shutil.copytree(stage.folder / "before", stage.folder / "run")
        fault = Fault.once(ACTIONS[place % len(ACTIONS)], number)
        sentences = amiss(stage, feed(stage, fault))
        if sentences:
            wrong[fault.action, str(counted.operations[number - 1])] = sentences
        shutil.rmtree(stage.folder / "run")
    assert wrong == {}


def test_the_feed_comes_after_everything_that_it_names_and_before_what_it_no_longer_does(
    counted: Ended,
) -> None:
    done = [(one.name, one.path.name) for one in counted.operations]
    renamed = [
        place for place, (name, file) in enumerate(done) if name == "replace" and "feed.xml" not in file
    ]
    (feed_at,) = (
        place for place, (name, file) in enumerate(done) if name == "replace" and "feed.xml" in file
    )
    gone = [
        place for place, one in enumerate(done) if one[0] == "unlink" and re.fullmatch(r"b-.{8}\.mp3", one[1])
    ]
    assert sum(place < feed_at for place in renamed) == len(renamed) - 1
    assert feed_at < min(gone)
    assert renamed[-1] > max(gone)
