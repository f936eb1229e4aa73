"""The program is killed or interrupted at many moments of a build, each at a file operation of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from audiocoach.store.place import MANIFEST
from tests.builds import SQUATS
from tests.publishing import SHOW
from tests.stage import COUNTED, Ended, Fault, Stage
from tests.voices import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = (sys.executable, "-m", "audiocoach")
TWO = ("hello.yaml", "squats.yaml", "--jobs", "2")
INTERRUPTED = 130


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage")) as one:
        one.routine("squats", SQUATS.format(title="Squats", engine="silent", setup="Stand tall."))
        yield one


@pytest.fixture(scope="module")
def counted(stage: Stage) -> Ended:
    """A build of two routines that nothing happened to, with all its file operations."""
    ended = stage.build("whole", *TWO, fault=COUNTED)
    assert (ended.status, ended.left) == (0, 0)
    return ended


@pytest.fixture(scope="module")
def whole(stage: Stage, counted: Ended) -> dict[str, bytes]:
    """What it gave."""
    assert counted.operations
    return stage.tree("whole")


def moments(counted: Ended, count: int) -> list[int]:
    """So many file operations, spread over the whole build."""
    operations = len(counted.operations)
    return [1 + operations * number // count for number in range(count)]


def test_killed_at_any_moment_it_leaves_nothing_half_and_nobody_behind(
    stage: Stage, counted: Ended, whole: dict[str, bytes]
) -> None:
    wrong = {}
    statuses = []
    for number in moments(counted, 24):
        ended = stage.build("run", *TWO, fault=Fault.once("SIGKILL", number))
        # A speech process removes its private files when its owner has gone.
        private = [str(path) for path in stage.tmp.iterdir()]
        sentences = stage.amiss("run", ended, whole) + private
        sentences += stage.amiss_later("run", whole, *TWO)
        statuses.append(ended.status)
        if sentences:
            wrong[number] = sentences
    assert wrong == {}
    # With two workers no build has exactly as many operations as another: the last moment may not come.
    assert (statuses.count(-signal.SIGKILL) >= 20, set(statuses) - {-signal.SIGKILL, 0}) == (True, set())


def test_killed_while_a_voice_hangs_it_leaves_nobody_behind(stage: Stage) -> None:
    stage.routine("hangs", SQUATS.format(title="Hangs", engine="fake, name: hang", setup="Stand tall."))
    # The clip of the time before is removed first: there is none, and the voice is asked next.
    ended = stage.run(
        *("build", "hangs.yaml", "-o", "hung/out", "--cache", "hung/cache"),
        watched=("tmp",),
        fault=Fault("SIGKILL", 1, None, ("unlink",)),
    )
    assert next(one.path.name for one in ended.operations if one.name == "unlink") == "clip.wav"
    assert (ended.status, ended.left) == (-signal.SIGKILL, 0)
    assert (stage.tree("hung"), stage.leftovers("hung")) == ({}, [])


@pytest.mark.parametrize("signals", ["SIGINT", "SIGINT SIGINT", "SIGTERM"])
def test_interrupted_at_any_moment_it_cleans_up(
    stage: Stage, counted: Ended, whole: dict[str, bytes], signals: str
) -> None:
    wrong = {}
    statuses = []
    for number in moments(counted, 8):
        ended = stage.build("run", *TWO, fault=Fault.once(signals, number))
        sentences = stage.amiss("run", ended, whole) + stage.leftovers("run")
        statuses.append(ended.status)
        if ended.status and (ended.status, ended.problems) != (INTERRUPTED, ["interrupted"]):
            sentences.append(f"{ended.status} {ended.err}")
        sentences += stage.amiss_later("run", whole, *TWO)
        if sentences:
            wrong[number] = sentences
    assert wrong == {}
    # Only when everything has been written is it too late to stop.
    assert statuses[:6] == [INTERRUPTED] * 6


def served(stage: Stage, signals: str, number: int) -> tuple[Ended, list[str]]:
    """Serve a routine until an operation of publishing it: there are about 900; what is left."""
    (stage.folder / "show" / "routines").mkdir(parents=True, exist_ok=True)
    (stage.folder / "show" / "routines" / "audiocoach.yaml").write_text(SHOW, "utf-8")
    stage.routine("show/routines/squats", SQUATS.format(title="Squats", engine="silent", setup="Stand."))
    places = ("--build", "show/out", "--cache", "show/cache")
    ended = stage.run(
        *("serve", "show/routines", "--port", "0", "--jobs", "1", *places),
        watched=("tmp", "show"),
        fault=Fault.once(signals, number),
    )
    return ended, stage.leftovers("show")


@pytest.mark.parametrize(("signals", "number"), [("SIGTERM", 400), ("SIGINT SIGINT", 780), ("SIGINT", 800)])
def test_a_site_that_is_served_goes_with_the_program(stage: Stage, signals: str, number: int) -> None:
    ended, left = served(stage, signals, number)
    assert (ended.status, ended.problems, ended.left, left) == (INTERRUPTED, ["interrupted"], 0, [])
    shutil.rmtree(stage.folder / "show")


def test_a_site_whose_program_was_killed_goes_with_the_next_build(stage: Stage) -> None:
    ended, left = served(stage, "SIGKILL", 800)
    assert (ended.status, ended.left) == (-signal.SIGKILL, 0)
    assert {path.split("/")[2].split(".")[1] for path in left} == {"site"}
    stage.run("build", "show/routines", "-o", "show/out", "--cache", "show/cache")
    assert stage.leftovers("show") == []


def test_the_lock_of_a_killed_build_holds_nobody_up(stage: Stage, whole: dict[str, bytes]) -> None:
    out = stage.folder / "run" / "out"
    out.mkdir(parents=True)
    descriptor = os.open(out, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    # The lock is shared with a child, who alone will have it.
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[descriptor]
    ) as holder:
        os.close(descriptor)
        process = started(stage, *TWO)
        assert eventually(lambda: all((out / name).exists() for name in ("hello.mp3", "squats.mp3")))
        assert process.poll() is None
        assert not (out / MANIFEST).exists()
        holder.kill()
        assert process.wait(60) == 0
    assert stage.tree("run") == whole
    assert stage.amiss_later("run", whole, *TWO) == []


def started(stage: Stage, *arguments: str) -> subprocess.Popen[bytes]:
    """A build that goes on while the test does something else."""
    return subprocess.Popen(
        [*PROGRAM, "build", *arguments, "-o", "run/out", "--cache", "run/cache"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=stage.folder,
        env=stage.environment,
    )


@pytest.fixture
def closed() -> Iterator[int]:
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_build_whose_words_nobody_reads_is_a_build(
    stage: Stage, whole: dict[str, bytes], closed: int, stream: str, unbuffered: str
) -> None:
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: closed}
    done = subprocess.run(
        [*PROGRAM, "build", *TWO, "-o", "run/out", "--cache", "run/cache"],
        **streams,  # type: ignore[call-overload]
        text=True,
        check=False,
        cwd=stage.folder,
        env={**stage.environment, "PYTHONUNBUFFERED": unbuffered},
    )
    assert done.returncode == 0
    assert "Error" not in (done.stderr or "")
    assert stage.tree("run") == whole
    if stream == "stderr":
        assert "2 routines built" in done.stdout
    assert stage.amiss_later("run", whole, *TWO) == []


def test_what_failed_is_said_though_nobody_reads_the_result(stage: Stage, closed: int) -> None:
    (stage.folder / "bad.yaml").write_text("title: [", "utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "audiocoach",
            "build",
            "bad.yaml",
            "hello.yaml",
            "-o",
            "other/out",
            "--cache",
            "other/cache",
        ],
        stdout=closed,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=stage.folder,
        env=stage.environment,
    )
    assert done.returncode == 2
    assert "bad.yaml:" in done.stderr


@pytest.mark.parametrize("stream", [0, 1])
def test_a_full_device_for_its_words_takes_no_file_with_it(
    stage: Stage, whole: dict[str, bytes], stream: int
) -> None:
    streams = ("/dev/full", f"{stage.folder}/said") if stream == 0 else (f"{stage.folder}/said", "/dev/full")
    arguments = ("build", *TWO, "-o", "run/out", "--cache", "run/cache")
    ended = stage.run(*arguments, streams=streams)
    assert stage.tree("run") == whole
    if stream == 0:
        assert (ended.status, ended.problems) == (
            1,
            ["the result could not be written: No space left on device"],
        )
    else:
        assert "2 routines built" in ended.out
    (stage.folder / "said").unlink()
    assert stage.amiss_later("run", whole, *TWO) == []
