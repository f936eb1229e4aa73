"""Workers of a cluster: real schedulers, real workers, really killed."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gc
import ipaddress
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import distributed
import pytest

from audiocoach.errors import (
    BuildError,
    ClusterError,
    InputError,
    Position,
    Problem,
    SeveralError,
    UnusableClusterError,
)
from audiocoach.making.finishing import COMPANIONS
from audiocoach.making.work import Lacking, Script, Speak, perform
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers import cluster
from audiocoach.workers.cluster import LOCAL, LOST, _connected, check_address, open_cluster
from audiocoach.workers.crew import LostWorkerError
from tests.builds import Heard, carried_out, squats
from tests.clusters import BARE, OLD, own_workers, scheduler, worker
from tests.conftest import ROOT, run_audiocoach
from tests.test_cli import processes_with
from tests.test_crew import die_once, fail, wait_for
from tests.voices import eventually, is_alive, speech_processes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.workers.cluster import Cluster


@contextlib.contextmanager
def cluster_at(
    address: str, folder: Path, *, jobs: int = 1, told: list[str] | None = None
) -> Iterator[Cluster]:
    options = BuildOptions((), folder / "out", Overrides(), jobs, cluster=address)
    lines: list[str] = [] if told is None else told
    with open_cluster(options, Place(folder / "cache"), lines.append) as workers:
        yield workers


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers of our own."""
    with cluster_at(LOCAL, tmp_path_factory.mktemp("two"), jobs=2) as workers:
        yield workers


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for."""
    monkeypatch.setattr(cluster, "_ANSWERS_WITHIN_S", 0.3)
    monkeypatch.setattr(cluster, "_LOOK_EVERY_S", 0.1)


# -- calls --------------------------------------------------------------------------------------


def test_results_come_from_other_processes(two: Cluster) -> None:
    futures = [two.submit(divmod, number, 3) for number in range(20)]
    assert [future.result() for future in futures] == [divmod(number, 3) for number in range(20)]
    assert {two.submit(os.getpid).result() for _ in range(4)} <= set(own_workers())


@pytest.mark.parametrize(
    "error",
    [
        InputError(*(Problem(Position("a.yaml", line, 2), "no" * 100) for line in range(99))),
        BuildError("no", Position("a.yaml", 1, 2)),
        SeveralError([BuildError("no"), InputError(Problem(Position("a.yaml", 1, 2), "no"))]),
        KeyError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_raised_there_is_raised_here_with_all_that_it_knows(two: Cluster, error: Exception) -> None:
    raised = two.submit(fail, error).exception()
    assert (repr(raised), repr(vars(raised))) == (repr(error), repr(vars(error)))


def test_what_cannot_be_sent_back_is_an_error_of_the_cluster(two: Cluster) -> None:
    assert isinstance(two.submit(threading.Lock).exception(), ClusterError)


def test_a_lost_worker_is_replaced_and_its_call_done_again(two: Cluster, tmp_path: Path) -> None:
    assert two.submit(die_once, str(tmp_path / "note")).result() == "survived"


def test_a_call_that_kills_every_worker_it_meets_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All wait at one worker, and are blamed for its end.
    monkeypatch.setattr(cluster, "_AHEAD", 50)
    with cluster_at(LOCAL, tmp_path) as one:
        deadly = one.submit(os._exit, 1)
        others = [one.submit(divmod, number, 3) for number in range(10)]
        assert [future.result()[0] for future in others] == [number // 3 for number in range(10)]
        with pytest.raises(LostWorkerError, match=LOST):
            deadly.result()


def test_no_more_calls_are_with_the_scheduler_than_its_workers_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    with cluster_at(LOCAL, tmp_path) as one:
        theirs = one._theirs.submit  # noqa: SLF001 - what goes out is not to be seen elsewhere
        monkeypatch.setattr(one._theirs, "submit", lambda *what: (sent.append(what), theirs(*what))[1])  # noqa: SLF001
        futures = [one.submit(wait_for, str(tmp_path / "go")) for _ in range(5)]
        assert len(sent) == 2
        (tmp_path / "go").touch()
        assert len({future.result() for future in futures}) == 1


def test_killed_they_end_at_once_and_when_it_closes_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    before = set(own_workers())
    with cluster_at(LOCAL, tmp_path, jobs=2) as workers:
        pids = set(own_workers()) - before
        futures = [workers.submit(wait_for, str(tmp_path / "never")) for _ in range(5)]
        assert list((tmp_path / "tmp").iterdir())
        workers.kill()
        assert [type(future.exception()) for future in futures] == [LostWorkerError] * 5
        assert eventually(lambda: not any(map(is_alive, pids)))
    assert len(pids) == 2
    assert set(own_workers()) <= before
    assert list((tmp_path / "tmp").iterdir()) == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == []


# -- builds -------------------------------------------------------------------------------------


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))}


def built(folder: Path, *paths: Path, cluster: str | None, jobs: int = 2) -> dict[str, bytes]:
    """Build from the current folder; the output folder as it is then."""
    options = BuildOptions(paths, folder / "out", Overrides(), jobs, cluster=cluster)
    done, failed = carried_out(options, Place(folder / "cache", folder / "out" / "spare"), Heard())
    assert (len(done), failed) == (len(paths), [])
    return tree(folder / "out")


def test_one_machine_and_a_cluster_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # So many that workers lay the sessions out as well; relative paths begin where we are.
    paths = [squats(Path(), f"s{number}", setup=f"Stand {number}.") for number in range(9)]
    paths.append(squats(Path(), "spoken", engine="pyttsx3"))
    here = built(Path("here"), *paths, cluster=None)
    there = built(Path("there"), *paths, cluster=LOCAL)
    assert len(here) == len(paths) * (1 + len(COMPANIONS)) + 1
    assert here == there


class Killing(Heard):
    """A progress that kills a worker when so many steps are done."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after
        self.before = set(own_workers())
        self.entries: dict[Path, int] = {}
        self.cache = Path()

    def advance(self, stage: str) -> None:
        super().advance(stage)
        self.left -= 1
        if not self.left:
            self.entries = inodes(self.cache)
            for pid in set(own_workers()) - self.before:
                os.kill(pid, signal.SIGKILL)


def inodes(folder: Path) -> dict[Path, int]:
    return {
        path: path.stat().st_ino for path in folder.rglob("*-*") if path.is_file() and path.suffix != ".tmp"
    }


def test_when_all_workers_are_killed_in_the_middle_what_is_finished_is_not_made_again(tmp_path: Path) -> None:
    paths = tuple(squats(tmp_path, f"s{number}", setup=f"Stand {number}.") for number in range(12))
    killing = Killing(after=9)
    killing.cache = tmp_path / "cache"
    options = BuildOptions(paths, tmp_path / "out", Overrides(), 2, cluster=LOCAL)
    done, failed = carried_out(options, Place(tmp_path / "cache"), killing)
    assert (len(done), failed) == (12, [])
    assert len(killing.entries) >= 9
    assert killing.entries.items() <= inodes(tmp_path / "cache").items()


def test_a_voice_that_crashes_fails_its_routine_alone(tmp_path: Path) -> None:
    paths = (squats(tmp_path, "bad", engine="fake, name: crash@tall"), squats(tmp_path, "good"))
    options = BuildOptions(paths, tmp_path / "out", Overrides(), 2, cluster=LOCAL)
    done, failed = carried_out(options, Place(tmp_path / "cache"), Heard())
    assert [one.slug for one in done] == ["good"]
    assert [str(one.error) for one in failed] == [f"{paths[0]}:4:31: the voice crashed (SIGABRT)"]


def test_an_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    paths = [squats(tmp_path, name, engine=f"fake, name: hang={name}") for name in "abc"]
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "audiocoach", "build", *map(str, paths), "--cluster", "local"]
    command += ["--jobs", "2", "-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # Beside Dask's folder there are two of speech processes: the voice is being heard, and hangs.
    assert eventually(lambda: len(list((tmp_path / "tmp").iterdir())) == 3, 60)
    # As a terminal does: to the whole group.
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "interrupted"
    assert "Traceback" not in said
    assert eventually(lambda: processes_with("TMPDIR", str(tmp_path / "tmp")) == [])
    assert list((tmp_path / "tmp").iterdir()) == []
    assert [path for path in tmp_path.rglob("*.*") if path.suffix in {".part", ".tmp"}] == []


def test_nothing_that_dask_logs_reaches_a_user(tmp_path: Path) -> None:
    code = "import sys; from tests.test_cluster import log_much; log_much(sys.argv[1])"
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "our own\n")


def log_much(folder: str) -> None:
    """With a cluster as a build has it: log through all that Dask may log with, and leave calls behind."""
    with cluster_at(LOCAL, Path(folder)) as workers:
        workers._client.sync(leave_a_call)  # noqa: SLF001 - Dask's own loop
        gc.collect()
        for name in ("asyncio", "bokeh", "dask", "distributed", "tornado"):
            known = [other for other in logging.root.manager.loggerDict if other.startswith(f"{name}.")]
            for logger in map(logging.getLogger, (name, f"{name}.new", *known)):
                logger.critical("lost", exc_info=OSError("lost"))
    sys.stderr.write("our own\n")


async def leave_a_call() -> None:
    """A broadcast as Dask waits for it, to two workers that are lost one after the other."""
    told, lost = asyncio.Event(), OSError("lost")

    async def ask(*, is_first: bool) -> None:
        await (asyncio.sleep(0) if is_first else told.wait())
        raise lost

    second = asyncio.ensure_future(ask(is_first=False))
    with contextlib.suppress(OSError):
        await distributed.utils.All([ask(is_first=True), second])
    told.set()
    await asyncio.wait([second])
    # Whoever is told of it next has been told in the next turn of the loop.
    await asyncio.sleep(0)
    await asyncio.sleep(0)


# -- other people's clusters --------------------------------------------------------------------


def test_workers_that_differ_are_refused_by_name_and_the_others_do_the_work(tmp_path: Path) -> None:
    told: list[str] = []
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(scheduler())
        _, good = stack.enter_context(worker(address, tmp_path))
        old, _ = stack.enter_context(worker(address, tmp_path, OLD))
        bare, _ = stack.enter_context(worker(address, tmp_path, BARE))
        workers = stack.enter_context(cluster_at(address, tmp_path, told=told))
        assert {workers.submit(os.getpid).result() for _ in range(20)} == {good.pid}
    said = sorted(told, key=lambda line: bare in line)
    assert said[0].startswith(f"the worker {old} is refused: it has audiocoach 0.0.9/")
    assert said[1].startswith(f"the worker {bare} is refused: it does not even answer: ")
    assert len(said) == 2


@pytest.mark.usefixtures("quick")
def test_where_no_worker_may_work_there_is_nobody(tmp_path: Path) -> None:
    with scheduler() as address:
        with (
            pytest.raises(ClusterError, match=f"there is no worker at {address}: start one"),
            cluster_at(address, tmp_path),
        ):
            pass
        with (
            worker(address, tmp_path, OLD),
            pytest.raises(
                ClusterError, match=r"may work for this build: the worker .* is refused: it has audiocoach 0"
            ),
            cluster_at(address, tmp_path),
        ):
            pass


@pytest.mark.usefixtures("quick")
def test_workers_may_come_and_go_until_none_is_left(tmp_path: Path) -> None:
    with scheduler() as address, contextlib.ExitStack() as stack:
        with worker(address, tmp_path) as (_, first):
            workers = stack.enter_context(cluster_at(address, tmp_path))
            assert workers.submit(os.getpid).result() == first.pid
            held = workers.submit(wait_for, str(tmp_path / "go"))
            with worker(address, tmp_path) as (_, second), worker(address, tmp_path, OLD):
                assert workers.submit(os.getpid).result() == second.pid
            (tmp_path / "go").touch()
            assert held.result() == first.pid
            # It goes in the middle of a call.
            held = workers.submit(wait_for, str(tmp_path / "never"))
            first.kill()
        assert isinstance(held.exception(timeout=20), ClusterError)
        assert "there is no worker at" in str(held.exception())


def test_when_the_scheduler_goes_the_build_ends(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        with scheduler() as address:
            stack.enter_context(worker(address, tmp_path))
            workers = stack.enter_context(cluster_at(address, tmp_path))
            held = workers.submit(wait_for, str(tmp_path / "go"))
        assert str(held.exception(timeout=20)) == f"the scheduler {address} is gone"
        (tmp_path / "go").touch()


def test_a_worker_keeps_nothing_of_a_build_that_is_over(tmp_path: Path) -> None:
    path, place = squats(tmp_path, setup="Stand tall."), Place(tmp_path / "cache")
    spoken: list[set[str]] = []
    with scheduler() as address, worker(address, tmp_path):
        for setup in ("Stand tall.", "Stand wide."):
            squats(tmp_path, setup=setup)
            with cluster_at(address, tmp_path) as workers:
                answer = workers.submit(perform, place, Script(path, Overrides())).result()
                assert isinstance(answer, Lacking)
                texts = {job.utterance.text for job in answer.jobs if isinstance(job, Speak)}
                spoken.append({text for text in texts if text.startswith("Stand")})
                workers.submit(perform, place, answer.jobs[0]).result()
                assert any("process.child" in line for line in speech_processes())
            assert eventually(lambda: not any("process.child" in line for line in speech_processes()))
    assert spoken == [{"Stand tall."}, {"Stand wide."}]


# -- addresses and certificates -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("local", "local"),
        ("127.0.0.1:9000", "tcp://127.0.0.1:9000"),
        ("tcp://127.8.8.8", "tcp://127.8.8.8:8786"),
        ("localhost", "tcp://localhost:8786"),
        ("[::1]:1", "tcp://[::1]:1"),
        ("tls://coach.example:1", "tls://coach.example:1"),
        ("tls://[fe80::1]:1", "tls://[fe80::1]:1"),
    ],
)
def test_an_address_is_taken(address: str, meant: str) -> None:
    assert check_address(address) == meant


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "tcp://10.0.0.5:1", "0.0.0.0:1", "localhost.example", "[::2]:1"]
)
def test_an_address_off_loopback_without_tls_is_refused(address: str) -> None:
    with pytest.raises(UnusableClusterError, match=r"in the clear: use tls://.*distributed\.comm\.tls"):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["", "tls://", "http://127.0.0.1", "127.0.0.1:x", "inproc://a", "tls://[::1"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UnusableClusterError, match="is no address of a scheduler: expected local"):
        check_address(address)


def test_the_program_says_it_in_one_sentence(tmp_path: Path) -> None:
    squats(tmp_path)
    done = run_audiocoach(
        "build", "squats.yaml", "--cluster", "10.0.0.5:8786", "--cache", "cache", cwd=tmp_path
    )
    assert done.returncode == 2
    assert done.stderr == (
        "10.0.0.5:8786 would send everything in the clear: use tls://10.0.0.5:8786, with the"
        " certificates that Dask's configuration names under distributed.comm.tls\n"
    )


def test_without_dask_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UnusableClusterError, match=r'pip install "audiocoach\[cluster\]"') as caught,
        cluster_at(LOCAL, tmp_path),
    ):
        pass
    assert caught.value.exit_status == 2


@pytest.mark.usefixtures("quick")
def test_a_scheduler_that_does_not_answer_is_said(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        with (
            pytest.raises(ClusterError, match=f"no scheduler answers at tcp://{address}"),
            cluster_at(address, tmp_path),
        ):
            pass


def certified(folder: Path) -> dict[str, str]:
    """A certificate for loopback that vouches for itself, as Dask's configuration in the environment."""
    from cryptography import x509  # noqa: PLC0415 - for two tests
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - for two tests
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - for two tests

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "audiocoach")])
    now = dt.datetime.now(dt.timezone.utc)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    start = "DASK_DISTRIBUTED__COMM__TLS__"
    files = {f"{start}CA_FILE": "cert.pem"}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        files |= {f"{start}{role}__CERT": "cert.pem", f"{start}{role}__KEY": "key.pem"}
    return {name: str(folder / file) for name, file in files.items()}


def program(folder: Path, address: str, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audiocoach", "build", str(squats(folder)), "--cluster", address]
    return subprocess.run(
        [*command, "-o", str(folder / "out"), "--cache", str(folder / "cache")],
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


def test_with_tls_certificates_decide_who_may_speak(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    ours, others = certified(tmp_path), certified(tmp_path / "other")
    with scheduler("tls://127.0.0.1", ours) as address, worker(address, tmp_path, settings=ours):
        done = program(tmp_path, address, ours)
        assert (done.returncode, done.stderr.splitlines()[-1].split()[0]) == (0, "spoken")
        (tmp_path / "out" / "squats.mp3").unlink()
        done = program(tmp_path, address, others)
        assert done.returncode == 1
        assert done.stderr.startswith(f"no scheduler answers at {address}: ")
        done = program(tmp_path, address, {})
        assert done.returncode == 2
        assert done.stderr.startswith("tls:// needs certificates: name them in Dask's configuration")
        done = program(tmp_path, address, {**ours, next(iter(ours)): "/nowhere.pem"})
        assert done.returncode == 2
        assert done.stderr.startswith("the certificates in Dask's configuration are of no use: ")


def test_a_client_that_a_signal_breaks_off_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    closed: list[object] = []
    monkeypatch.setattr(distributed.Client, "__init__", interrupted)
    monkeypatch.setattr(distributed.Client, "__del__", closed.append)
    with pytest.raises(KeyboardInterrupt), _connected("tcp://127.0.0.1:1"):
        pass
    assert closed == []
