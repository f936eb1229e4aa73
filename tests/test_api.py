"""What other programs call: from any thread, several times at once, without a word or a signal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import audiocoach
from audiocoach import api
from audiocoach.coaching.timeline import Timeline
from audiocoach.errors import InputError, StoppedError
from audiocoach.publish.timeline_json import as_json
from audiocoach.store.place import MANIFEST
from tests.builds import SQUATS, files_of, squats
from tests.conftest import ROOT
from tests.test_docs import fences

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach import Document, Outcome

PAGE = ROOT / "docs" / "api.md"
TEXT = SQUATS.format(title="Squats", engine="silent", setup="Stand tall.")
INCLUDING = """\
title: Squats
voice: {engine: silent}
include: [moves.yaml]
session:
  - {do: squat, reps: 3}
"""


def text(setup: str = "Stand tall.", name: str = "squats", **more: Path) -> Document:
    return audiocoach.load(TEXT.replace("Stand tall.", setup), name=name, **more)


def in_thread(work: Callable[[], Outcome]) -> Outcome:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# -- the page ---------------------------------------------------------------------------------------


def test_the_examples_of_the_page_work(tmp_path: Path) -> None:
    (tmp_path / "routines").mkdir()
    squats(tmp_path / "routines")
    blocks = [block.text for block in fences(PAGE) if block.info == "python"]
    assert len(blocks) == len(fences_of_all_kinds()) == 5
    (tmp_path / "example.py").write_text("\n".join(blocks), "utf-8")
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    first, *others = done.stdout.splitlines()
    assert first.startswith("Squats ")
    assert others[0] == "stopped"
    problems = json.loads("\n".join(others[1:]))["problems"]
    assert [one["code"] for one in problems] == ["unknown-move", "unknown-field"]


def fences_of_all_kinds() -> list[str]:
    return [block.text for block in fences(PAGE)]


def test_every_name_that_is_handed_on_is_there_and_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for name in audiocoach.__all__:
        assert getattr(audiocoach, name).__name__ == name
    told = {name for name in audiocoach.__all__ if name in page}
    assert set(audiocoach.__all__) - told == {"Built", "Failed", "Position"}
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = audiocoach.nothing  # type: ignore[attr-defined]


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(api.__file__).parent / "py.typed").is_file()


def test_who_imports_the_package_alone_loads_nothing_of_it() -> None:
    count = "import sys, audiocoach; print([name for name in sys.modules if name.startswith('audiocoach')])"
    done = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True)
    assert done.stdout == "['audiocoach']\n"


# -- routines as text ----------------------------------------------------------------------------------


def test_a_text_is_built_as_its_file_would_be(tmp_path: Path) -> None:
    of_file = audiocoach.build(squats(tmp_path), tmp_path / "a", cache=tmp_path / "cache")
    of_text = audiocoach.build(text(), tmp_path / "b", cache=tmp_path / "cache")
    assert [one.duration_ms for one in of_file.built] == [one.duration_ms for one in of_text.built]
    for name in files_of("squats"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert [one.routine for one in of_text.built] == [Path("<squats>")]


def test_what_is_built_of_a_text_stays_until_the_text_is_another(tmp_path: Path) -> None:
    out, cache = tmp_path / "out", tmp_path / "cache"
    audiocoach.build(text(), out, cache=cache)
    (again,) = audiocoach.build(text(), out, cache=cache).built
    assert again.reason is None
    (other,) = audiocoach.build(text("Stand taller."), out, cache=cache).built
    assert str(other.reason).endswith("<squats> has changed")
    more = audiocoach.build(text(name="more"), out, cache=cache)
    assert (more.removed, more.failed) == ((), ())
    assert names(out) == {*files_of("squats"), *files_of("more"), MANIFEST}
    # From another folder it is another text, and still takes the first one's place.
    (moved,) = audiocoach.build(text(near=tmp_path), out, cache=cache).built
    assert moved.reason is not None


def test_a_text_finds_its_libraries_near(tmp_path: Path) -> None:
    for name, setup in (("a", "Stand tall."), ("b", "Stand low.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "moves.yaml").write_text(f"moves: {{squat: {{setup: {setup}}}}}\n", "utf-8")

    def said(folder: str) -> str:
        document = audiocoach.load(INCLUDING, near=tmp_path / folder)
        outcome = audiocoach.build(document, tmp_path / folder / "out", cache=tmp_path / "cache")
        (built,) = outcome.built
        return built.path.with_suffix(".txt").read_text("utf-8")

    assert "Stand tall." in said("a")
    assert "Stand low." in said("b")
    with pytest.raises(InputError, match=r'there is no file "moves.yaml" beside <routine>'):
        audiocoach.load(INCLUDING, near=tmp_path)


def test_libraries_of_standard_input_are_those_of_the_current_folder(tmp_path: Path) -> None:
    for name, setup in (("a", "Stand tall."), ("b", "Stand low.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "moves.yaml").write_text(f"moves: {{squat: {{setup: {setup}}}}}\n", "utf-8")
        subprocess.run(
            [sys.executable, "-m", "audiocoach", "build", "-", "--cache", "../cache"],
            cwd=tmp_path / name,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            input=INCLUDING.encode(),
            capture_output=True,
            check=True,
        )
        assert setup in (tmp_path / name / "out" / "stdin.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("routine", "name", "said"),
    [
        ("routines/a.yaml", "a", r"found a path: hand it in as Path\('routines/a.yaml'\)"),
        (TEXT, "", "expected a name such as morning"),
        (TEXT, "../a", "expected a name such as morning"),
        (TEXT, "a\0", "expected a name such as morning"),
        (TEXT, "a" * 101, "expected a name such as morning"),
        ("", "a", "^<a>:1:1: the file is empty"),
        ("title: \ud800\n", "a", "^<a>:1:8: expected UTF-8 text"),
        ("#" * 2_000_001, "a", "^<a>:1:1: the file is too large"),
    ],
)
def test_a_text_that_is_none_is_refused(routine: str, name: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        audiocoach.load(routine, name=name)


# -- check and preview -----------------------------------------------------------------------------------


def test_check_gives_everything_back(tmp_path: Path) -> None:
    squats(tmp_path, "a", setup="<sid>")
    squats(tmp_path, "b")
    problem, advice = audiocoach.check(tmp_path, cache=tmp_path / "cache")
    assert (advice.kind, advice.code) == ("note", "missing-safety")
    assert (problem.position.line, problem.code) == (4, "unknown-placeholder")
    assert json.loads(audiocoach.to_json([problem])) == json.loads(audiocoach.to_json(problem))
    with pytest.raises(InputError, match="there is no routine in this folder"):
        audiocoach.check(empty(tmp_path), cache=tmp_path)


def empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def test_an_estimate_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDIOCOACH_CACHE", str(tmp_path / "cache"))
    timeline = audiocoach.preview(text(), estimate=True)
    assert isinstance(timeline, Timeline)
    assert audiocoach.to_json(timeline) == as_json(timeline)
    assert names(tmp_path) == set()


def test_a_preview_is_what_is_built(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (built,) = audiocoach.build(text(), tmp_path / "out", cache=cache, level="gentle").built
    shown = audiocoach.to_json(audiocoach.preview(text(), cache=cache, level="gentle"))
    assert built.path.with_suffix(".timeline.json").read_text("utf-8") == shown


# -- threads, ends -----------------------------------------------------------------------------------------


def test_it_builds_from_any_thread_and_says_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    heard = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    outcome = in_thread(lambda: audiocoach.build(text(), tmp_path / "out", cache=tmp_path / "cache"))
    audiocoach.build(text(), tmp_path / "other", cache=tmp_path / "others")
    (advice,) = audiocoach.check(text(), cache=tmp_path / "cache")
    assert advice.code == "missing-safety"
    assert [one.slug for one in outcome.built] == ["squats"]
    assert json.loads(audiocoach.to_json(outcome))["routines"][0]["status"] == "built"
    assert {number: signal.getsignal(number) for number in heard} == heard
    assert capfd.readouterr() == ("", "")


def test_two_builds_at_once_do_not_meet(tmp_path: Path) -> None:
    setups = ("Stand tall.", "Stand low.")

    def work(number: int) -> Outcome:
        document = text(setups[number])
        return audiocoach.build(document, tmp_path / f"out-{number}", cache=tmp_path / "cache", jobs=1)

    with ThreadPoolExecutor(2) as threads:
        for number, outcome in enumerate(threads.map(work, range(2))):
            (built,) = outcome.built
            said = built.path.with_suffix(".txt").read_text("utf-8")
            assert [setup in said for setup in setups] == [number == 0, number == 1]


def test_this_process_is_never_forked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise AssertionError("forked")

    # Where there is one thread it could be.
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(os, "fork", refuse)
    assert audiocoach.build(text(), tmp_path / "out", cache=tmp_path / "cache").failed == ()
    audiocoach.preview(text("Stand low."), cache=tmp_path / "cache")


def test_progress_says_how_far_it_is_by_the_thread_that_called(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    threads = set()

    def advance(stage: str, done: int, total: int) -> None:
        threads.add(threading.get_ident())
        steps.append((stage, done, total))

    audiocoach.build(text(), tmp_path / "out", cache=tmp_path / "cache", progress=advance)
    assert threads == {threading.get_ident()}
    assert (steps[0], steps[-1]) == (("files", 0, 1), ("files", 1, 1))
    assert {stage for stage, _, _ in steps} == {"speech", "sound", "files"}
    assert all(done <= total for _, done, total in steps)


def test_a_wish_to_stop_ends_it_at_the_next_safe_place(tmp_path: Path) -> None:
    stop = audiocoach.Stop()
    with pytest.raises(StoppedError):
        audiocoach.build(
            text(),
            tmp_path / "out",
            cache=tmp_path / "cache",
            progress=lambda *_: stop.wish(),
            stop=stop,
        )
    assert names(tmp_path / "out") == set()
    for call in (audiocoach.check, lambda *_, **more: audiocoach.preview(text(), estimate=True, **more)):
        with pytest.raises(StoppedError):
            call(text(), stop=stop)


def test_one_failure_takes_no_other_with_it(tmp_path: Path) -> None:
    squats(tmp_path, "a", setup="<sid>")
    outcome = audiocoach.build([tmp_path, text(name="b")], tmp_path / "out", cache=tmp_path / "cache")
    assert [one.slug for one in outcome.built] == ["b"]
    ((path, error),) = ((one.path, one.error) for one in outcome.failed)
    assert (path, type(error)) == (tmp_path / "a.yaml", InputError)
    assert json.loads(audiocoach.to_json(outcome))["failed"][0]["problems"][0]["line"] == 4


def test_a_cache_that_takes_nothing_is_told_and_not_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_text("in the way", "utf-8")
    said: list[str] = []
    audiocoach.build(text(), tmp_path / "out", cache=tmp_path / "cache", warn=said.append)
    assert ["the cache cannot be written" in line for line in said] == [True]
    assert capfd.readouterr() == ("", "")
