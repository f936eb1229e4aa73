"""The N-th file operation of a build fails, for every N: the real program on a file layer that fails."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.builds import files_of
from tests.stage import COUNTED, Ended, Fault, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Wrong = dict[tuple[str, int], list[str]]

ERRORS = ("ENOSPC", "EIO", "EACCES", "EMFILE")
# What fails again and again: a disk that is full, one that dies, a folder that may only be read, and so on.
LASTING = {
    "ENOSPC": ("open to write", "write", "fsync", "mkdir"),
    "EIO": ("read", "write", "fsync", "close"),
    "EACCES": ("open to write", "mkdir", "replace", "utime"),
    "EMFILE": ("open to write", "open to read"),
    "EROFS": ("open to write", "mkdir", "replace", "utime"),
}
ONE_WORKER = ("--jobs", "1")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage")) as one:
        yield one


@pytest.fixture(scope="module")
def counted(stage: Stage) -> Ended:
    """A build that nothing happened to, with all its file operations."""
    ended = stage.build("whole", *ONE_WORKER, fault=COUNTED)
    assert (ended.status, ended.left, stage.leftovers("whole")) == (0, 0, [])
    return ended


@pytest.fixture(scope="module")
def whole(stage: Stage, counted: Ended) -> dict[str, bytes]:
    """What it gave."""
    tree = stage.tree("whole")
    assert counted.status == 0
    assert sorted(tree) == [".audiocoach.json", "audiocoach-report.json", *files_of("hello")]
    return tree


def swept(stage: Stage, whole: dict[str, bytes], faults: Iterable[Fault], statuses: set[int]) -> Wrong:
    """Everything that is wrong after each of these faults."""
    wrong: Wrong = {}
    for fault in faults:
        ended = stage.build("run", *ONE_WORKER, fault=fault)
        sentences = stage.amiss("run", ended, whole)
        if ended.status not in statuses:
            sentences.append(f"status {ended.status}: {ended.err}")
        sentences += stage.amiss_later("run", whole, *ONE_WORKER)
        if sentences:
            wrong[fault.action, fault.number] = sentences
    return wrong


def test_the_layer_sees_every_process_and_every_step_of_a_file(counted: Ended) -> None:
    seen = {(one.name, one.path.name.split(".")[-1]) for one in counted.operations}
    assert {("open to write", "wav"), ("write", "wav"), ("read", "wav"), ("open to write", "txt")} <= seen
    assert {(step, "tmp") for step in ("open to write", "write", "close", "replace")} <= seen
    assert {(step, "part") for step in ("open to write", "write", "fsync", "close", "replace")} <= seen
    assert len(counted.operations) > 100


def test_whichever_file_operation_fails_once_nothing_is_torn_and_the_next_build_mends_it(
    stage: Stage, counted: Ended, whole: dict[str, bytes]
) -> None:
    numbers = range(1, len(counted.operations) + 1)
    faults = (Fault.once(ERRORS[number % len(ERRORS)], number) for number in numbers)
    assert swept(stage, whole, faults, {0, 1, 2}) == {}


@pytest.mark.parametrize("error", [*ERRORS, "short"])
def test_whichever_write_to_the_output_fails_it_is_said_in_one_sentence(
    stage: Stage, whole: dict[str, bytes], error: str
) -> None:
    """With everything in the cache: what is left to do is to write."""
    shutil.copytree(stage.folder / "whole" / "cache", stage.folder / "again" / "cache")
    quick = stage.build("again", *ONE_WORKER, fault=COUNTED)
    writes = [number for number, one in enumerate(quick.operations, 1) if one.writes_output]
    assert len(writes) > 15
    wrong: Wrong = {}
    for number in writes:
        shutil.rmtree(stage.folder / "again" / "out")
        ended = stage.build("again", *ONE_WORKER, fault=Fault.once(error, number))
        sentences = stage.amiss("again", ended, whole) + stage.leftovers("again")
        if error != "short" and (ended.status, len(ended.problems)) != (1, 1):
            sentences.append(f"{ended.status} {ended.problems}")
        mended = stage.build("again", *ONE_WORKER)
        if mended.status or stage.tree("again") != whole:
            sentences.append(f"again: {mended.status} {mended.err}")
        if sentences:
            wrong[error, number] = sentences
    shutil.rmtree(stage.folder / "again")
    assert wrong == {}


@pytest.mark.parametrize("error", LASTING)
def test_a_disk_that_fails_from_some_moment_on_is_survived(
    stage: Stage, counted: Ended, whole: dict[str, bytes], error: str
) -> None:
    numbers = range(1, len(counted.operations), len(counted.operations) // 6)
    faults = [Fault(error, number, None, LASTING[error]) for number in numbers]
    assert swept(stage, whole, faults, {0, 1, 2}) == {}


def test_a_cache_that_vanishes_at_any_moment_is_made_again(
    stage: Stage, counted: Ended, whole: dict[str, bytes]
) -> None:
    action = f"vanish {stage.folder}/run/cache"
    numbers = range(1, len(counted.operations), len(counted.operations) // 20)
    assert len(numbers) >= 20
    assert swept(stage, whole, [Fault.once(action, number) for number in numbers], {0}) == {}


def test_a_cache_that_can_only_be_read_is_read(stage: Stage, whole: dict[str, bytes]) -> None:
    shutil.copytree(stage.folder / "whole" / "cache", stage.folder / "run" / "cache")
    stage.routine(
        "more", "title: More\nvoice: {engine: silent}\nsession:\n  - {say: Hello.}\n  - {say: Bye.}\n"
    )
    read_only = stage.folder / "run" / "cache"
    ended = stage.run(
        *("build", "more.yaml", "-o", "run/out", "--cache", "run/cache", "--json"),
        watched=("run/cache",),
        fault=Fault("EROFS", 1, None, LASTING["EROFS"]),
    )
    assert ended.status == 0
    assert '"phrases": 2' in ended.out
    assert '"new_phrases": 1' in ended.out
    assert ended.problems == ["run/cache: warning: the cache cannot be written: nothing new was kept"]
    assert stage.leftovers("run") == []
    names = [path.name for path in read_only.rglob("*") if path.is_file()]
    assert sorted(names) == sorted(
        path.name for path in (stage.folder / "whole" / "cache").rglob("*") if path.is_file()
    )
    shutil.rmtree(stage.folder / "run")
    assert whole


@pytest.mark.parametrize("limit_bytes", [1000, 10_000, 30_000])
def test_an_mp3_larger_than_a_file_may_be_is_one_sentence(
    stage: Stage, whole: dict[str, bytes], limit_bytes: int
) -> None:
    assert len(whole["hello.mp3"]) > limit_bytes
    shutil.copytree(stage.folder / "whole" / "cache", stage.folder / "run" / "cache")
    ended = stage.build("run", limit_bytes=limit_bytes)
    files = "run/out/hello.mp3 and 5 files beside it"
    assert ended.status == 1
    assert ended.problems == [f"hello.yaml:1:1: {files} could not be written: File too large"]
    assert list(stage.tree("run")) == ["audiocoach-report.json"]
    assert (ended.left, stage.leftovers("run")) == (0, [])
    assert stage.amiss_later("run", whole) == []


@pytest.mark.parametrize("limit_bytes", [500, 5000, 50_000])
def test_where_no_sound_may_be_written_at_all_that_is_said(
    stage: Stage, whole: dict[str, bytes], limit_bytes: int
) -> None:
    ended = stage.build("run", limit_bytes=limit_bytes)
    (problem,) = ended.problems
    assert (ended.status, problem.rpartition(": ")[2]) == (1, "File too large")
    assert stage.amiss("run", ended, whole) + stage.leftovers("run") == []
    assert stage.amiss_later("run", whole) == []


@pytest.mark.parametrize("engine", ["pyttsx3", "silent"])
def test_a_disk_that_is_full_while_a_voice_speaks_is_no_fault_of_the_voice(stage: Stage, engine: str) -> None:
    lines = "".join(f"  - {{say: Hello number {number}.}}\n" for number in range(5))
    stage.routine("many", f"title: Many\nvoice: {{engine: {engine}}}\nsession:\n{lines}")
    # The header fits, and a part of the samples.
    ended = stage.build("run", "many.yaml", limit_bytes=10_000)
    shutil.rmtree(stage.folder / "run")
    assert ended.problems == ["many.yaml:1:1: the voice has no place to work: File too large"]
    assert (ended.status, ended.left) == (1, 0)
