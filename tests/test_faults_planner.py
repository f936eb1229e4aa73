"""A plan that is too much, one that takes long, and one over which the planner itself stumbles."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach.coaching import schedule as schedules
from audiocoach.coaching.schedule import schedule
from audiocoach.commands.build import Shown, build_all
from audiocoach.commands.check import check_all
from audiocoach.commands.preview import View, preview_one
from audiocoach.errors import BuildError, DefectError, SeveralError, StoppedError
from audiocoach.making import sessions
from audiocoach.making.work import Compose, Script, Workbench
from audiocoach.publish.site_manifest import NAME as MANIFEST
from audiocoach.serve.serving import Keeper, Workshop
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers import worker
from audiocoach.workers.stop import Stop
from tests.builds import built, files_of, squats
from tests.conftest import ROOT
from tests.generate import constant, planned, problems
from tests.hosting import write_site
from tests.publishing import SHOW
from tests.test_cli import processes_with
from tests.voices import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = (
    "title: T\nvoice: {{engine: silent}}\nmoves: {{m: {{name: Move{move}}}}}\nsession:\n  - {{do: m, {do}}}\n"
)
MANY = "the session has too many repetitions: expected at most 100,000 in all"
# So many that to lay them all out, again and again, takes minutes.
ENDLESS = (
    TEXT.format(
        move=", easier: {say: Slowly.}, steps: [Down., Up.]",
        do="for: 2h30m, tempo: 0.2s, sides: alternate, ready: 0s",
    )
    + "  - {do: m, for: 2h30m, tempo: 0.2s, sides: alternate}\n"
)
INTERRUPTED = 130
PATIENCE_S = 20
BUSY_S = 2.5


@pytest.mark.parametrize(
    ("do", "sentences"),
    [
        ("for: 23h, tempo: 0.001s", [f"5:5: {MANY}"]),
        ("for: 23h, tempo: 0.1s", [f"5:5: {MANY}"]),
        ("for: 10000s, tempo: 0.1s", []),
        ("for: 10001s, tempo: 0.1s", [f"5:5: {MANY}"]),
        ("breaths: 1000, breath: 0.1-0.1, sets: 100, rest: 0s", []),
        ("breaths: 501, breath: 0.1-0.1, sets: 100, rest: 0s, sides: each", [f"5:5: {MANY}"]),
    ],
)
def test_32_the_repetitions_of_a_session_are_bounded(do: str, sentences: list[str], tmp_path: Path) -> None:
    assert problems(TEXT.format(move="", do=do), tmp_path) == sentences


@pytest.mark.parametrize("dose", ["reps: 500", "for: 20s"])
def test_32_the_steps_of_a_repetition_have_room_in_it(dose: str, tmp_path: Path) -> None:
    steps = ", reminders: [Breathe.], steps: [Down., Up.]"
    for tempo, found in (("0.001s", "0.001s"), ("0.199s", "0.199s")):
        wrong = TEXT.format(move=steps, do=f"{dose}, tempo: {tempo}")
        column = wrong.splitlines()[-1].index("0.") + 1
        assert problems(wrong, tmp_path) == [
            f'5:{column}: expected at least 0.2s for 2 steps, such as 6s: a repetition of "m" takes {found}'
        ]
    assert problems(TEXT.format(move=steps, do=f"{dose}, tempo: 0.2s"), tmp_path) == []


class Enough(Exception):  # noqa: N818 - what a stop raises is no error
    """Raised by a check that was asked often enough."""


def patience(times: int) -> Callable[[], None]:
    left = iter(range(times))

    def check() -> None:
        if next(left, None) is None:
            raise Enough

    return check


@pytest.mark.parametrize(
    "do",
    ["reps: 900", "for: 1h, tempo: 1s", "breaths: 900", "reps: 900, cues: tones", "hold: 20s, reps: 900"],
)
def test_46_a_layout_asks_at_every_step_repetition_and_breath_whether_to_go_on(do: str) -> None:
    plan = planned(TEXT.format(move="", do=do))
    schedule(plan, constant, patience(50_000))
    for times in (0, 1, 900):
        with pytest.raises(Enough):
            schedule(plan, constant, patience(times))


def test_46_it_asks_with_every_word_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(TEXT.format(move=", steps: [Down., Up.]", do="for: 30m"), "utf-8")
    session = sessions.open_session(path, Overrides())
    sessions.draft_of(session, lambda _: 500, patience(50_000))
    with pytest.raises(Enough):
        sessions.draft_of(session, lambda _: 500, patience(600))


def test_46_a_bench_that_is_closed_lays_nothing_out(tmp_path: Path) -> None:
    path = squats(tmp_path)
    with Workbench(Place(tmp_path / "cache")) as bench:
        bench.perform(Script(path, Overrides()))
    # By another thread, while it is at work.
    for job in (Script(path, Overrides()), Compose(path, Overrides(), tmp_path)):
        with pytest.raises(StoppedError):
            bench.perform(job)
    assert worker.outcome(lambda: bench.perform(job))[0] is False


def environment(folder: Path) -> dict[str, str]:
    (folder / "tmp").mkdir()
    return {**os.environ, "TMPDIR": str(folder / "tmp"), "AUDIOCOACH_PLAN_TEST": str(folder)}


def workers_of(folder: Path) -> list[str]:
    return processes_with("AUDIOCOACH_PLAN_TEST", str(folder))


def computed_s(folder: Path) -> float:
    """How long the processes of a test have kept a processor busy, those of them that are there."""
    ticks = 0
    for process in workers_of(folder):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(
    ("command", "number"),
    [
        ("build", signal.SIGINT),
        ("build many", signal.SIGTERM),
        ("serve", signal.SIGINT),
        ("serve", signal.SIGHUP),
    ],
)
def test_46_signals_end_the_program_while_a_plan_is_laid_out(
    tmp_path: Path, command: str, number: signal.Signals
) -> None:
    folder = tmp_path / "routines"
    folder.mkdir()
    (folder / "audiocoach.yaml").write_text(SHOW, "utf-8")
    # With many routines the workers lay them out.
    for index in range(10 if command == "build many" else 1):
        (folder / f"{index}.yaml").write_text(ENDLESS, "utf-8")
    places = {"serve": ("--build", "out", "--port", "0")}.get(command, ("-o", "out"))
    paths = map(str, sorted(folder.glob("?.yaml"))) if "build" in command else (str(folder),)
    arguments = (command.split(maxsplit=1)[0], *paths, *places, "--jobs", "2", "--cache", "cache")
    with subprocess.Popen(
        [sys.executable, "-m", "audiocoach", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        # To start takes much less.
        assert eventually(lambda: computed_s(tmp_path) > BUSY_S)
        process.send_signal(number)
        _, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said.splitlines()[-1]) == (INTERRUPTED, "interrupted")
    assert (workers_of(tmp_path), list((tmp_path / "tmp").iterdir())) == ([], [])
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


# -- a mistake of ours ---------------------------------------------------------------------------


RIGHT = schedules.retraced


def wrong(plan: Any, *arguments: Any) -> Any:  # noqa: ANN401 - as the real one
    """A planner that stumbles over one title."""
    if plan.title == "Bad":
        raise ZeroDivisionError("a\x1bb")
    return RIGHT(plan, *arguments)


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The planner stumbles in this process and its forks, and in whatever process is started by it."""
    monkeypatch.setattr(schedules, "retraced", wrong)
    started = tmp_path_factory.mktemp("started")
    patch = "from tests import test_faults_planner as planner\nplanner.schedules.retraced = planner.wrong\n"
    (started / "sitecustomize.py").write_text(patch, "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{started}{os.pathsep}{ROOT}")


WRONG = "internal error: ZeroDivisionError: a\\x1bb at test_faults_planner.py:"
PLEASE = ": a mistake in audiocoach: please report it"


def is_told(error: BaseException, path: Path) -> bool:
    text = str(error)
    return text.startswith(f"{path}:1:1: {WRONG}") and text.endswith(PLEASE) and "\n" not in text


@pytest.mark.usefixtures("stumbling")
@pytest.mark.parametrize("forks", [True, False])
@pytest.mark.parametrize("others", [1, 9])
def test_46_an_internal_error_takes_no_neighbour_with_it(tmp_path: Path, others: int, forks: bool) -> None:  # noqa: FBT001
    good = [squats(tmp_path, f"good-{number}") for number in range(others)]
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    if not forks:
        # A process with other threads starts its workers.
        other.start()
    stands, failed = built(tmp_path, squats(tmp_path, "bad"), *good)
    over.set()
    assert [one.slug for one in stands] == [path.stem for path in good]
    assert [(type(one.error), one.error.exit_status) for one in failed] == [(DefectError, 1)]
    assert is_told(failed[0].error, tmp_path / "bad.yaml")


@pytest.mark.usefixtures("stumbling")
def test_46_build_check_and_preview_tell_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good, cache = squats(tmp_path, "bad"), squats(tmp_path, "good"), tmp_path / "cache"
    out = tmp_path / "out"
    with pytest.raises(SeveralError) as told:
        build_all(BuildOptions((bad, good), out, Overrides(), 1), cache, Shown())
    assert is_told(told.value, bad)
    assert set(files_of("good")) <= {path.name for path in out.iterdir()}
    with pytest.raises(SeveralError) as told:
        check_all((bad, good), Overrides(), cache)
    assert is_told(told.value, bad)
    with pytest.raises(DefectError) as one:
        preview_one(bad, View("text"), Overrides(), cache, estimate=False)
    assert is_told(one.value, bad)
    assert "good" in capsys.readouterr().out


def test_46_an_internal_error_takes_no_server_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_site(tmp_path / "site")
    (tmp_path / "a.yaml").write_text("title: T\n", "utf-8")

    def publish(*_: object) -> None:
        raise KeyError("x")

    keeper = Keeper(folder, "http://127.0.0.1/", Workshop(tmp_path, publish), Stop())
    assert keeper.first().version
    assert capsys.readouterr().err.startswith("internal error: KeyError: 'x' at test_faults_planner.py:")
    (folder / MANIFEST).unlink()
    with pytest.raises(DefectError, match="please report it"):
        keeper.first()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ImportError("libx265.so.216: failed to map segment from shared object"),
        ImportError("libm.so: cannot create shared object descriptor: Cannot allocate memory"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
    ],
)
def test_38_no_memory_is_no_mistake_of_ours(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(schedules, "retraced", full)
    _, (failed,) = built(tmp_path, squats(tmp_path, "big"))
    assert (type(failed.error), str(failed.error)) == (
        BuildError,
        f"{tmp_path / 'big.yaml'}:1:1: there is not enough memory",
    )
