"""A small cluster of our own; `test_cluster` has it work."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import stat
import sys
import time
from subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import ClusterError, UnusableClusterError
from audiocoach.start import start
from audiocoach.workers import loopback
from audiocoach.workers.loopback import start_loopback
from tests.clusters import own_workers
from tests.voices import eventually, is_alive

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_worker_that_is_lost_is_replaced_and_in_the_end_nothing_is_left(tmp: Path) -> None:
    before = set(own_workers())

    def running() -> set[int]:
        return set(own_workers()) - before

    with start_loopback(2) as own:
        assert eventually(lambda: len(running()) == 2)
        first = running()
        assert own.cluster.scheduler_address.startswith("tls://127.0.0.1:")
        os.kill(min(first), signal.SIGKILL)
        assert eventually(lambda: len(running() - first) == 1)
        second = running()
        assert list(tmp.iterdir())
    assert not any(map(is_alive, first | second))
    assert list(tmp.iterdir()) == []


def is_refused(address: str, *, encrypts: bool) -> bool:
    """Whether a stranger, who has no certificate, is turned away before a word is heard."""
    host, _, port = address.rpartition("/")[2].rpartition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((host, int(port)), timeout=60) as plain:
        try:
            with context.wrap_socket(plain) if encrypts else plain as stranger:
                stranger.sendall(bytes(64))
                return not stranger.recv(1)
        except (ssl.SSLError, ConnectionError):
            return True


def test_41_another_process_of_the_machine_is_heard_by_nobody(tmp: Path) -> None:
    with start_loopback(2) as own:
        workers = own.cluster.scheduler.workers
        assert eventually(lambda: len(workers) == 2)
        for address in (own.cluster.scheduler_address, *workers):
            assert address.startswith("tls://127.0.0.1:")
            assert is_refused(address, encrypts=False)
            assert is_refused(address, encrypts=True)
        (folder,) = tmp.iterdir()
        assert (stat.S_IMODE(folder.stat().st_mode), (folder / "key.pem").is_file()) == (0o700, True)


def test_41_without_what_makes_certificates_there_is_no_cluster_here(
    tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(UnusableClusterError, match=r'install "audiocoach\[cluster\]"'), start_loopback(1):
        pass
    assert list(tmp.iterdir()) == []


def test_once_it_has_ended_nobody_is_replaced(tmp: Path) -> None:
    del tmp
    before = set(own_workers())
    with start_loopback(1) as own:
        assert eventually(lambda: set(own_workers()) != before)
        pids = set(own_workers()) - before
        own.end()
        assert eventually(lambda: not any(map(is_alive, pids)))
        assert eventually(lambda: not any(thread.is_alive() for thread in own._threads))  # noqa: SLF001
    assert set(own_workers()) == before


def test_a_worker_that_finds_no_scheduler_ends_with_whoever_started_it() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        entry = loopback._ENTRY  # noqa: SLF001 - what is started
        with start(entry, address, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL) as process:
            assert process.stdin
            process.stdin.close()
            ended = eventually(lambda: process.poll() == 0)
            process.kill()
            assert ended


def never_end(_address: str) -> None:
    time.sleep(600)


def test_what_does_not_end_in_time_is_killed(tmp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del tmp
    monkeypatch.setattr(loopback, "_GRACE_S", 0.1)
    monkeypatch.setattr(loopback, "_ENTRY", "tests.test_loopback:never_end")
    before = set(own_workers())
    with start_loopback(1) as own:
        # They have another command line than workers.
        processes = own._processes  # noqa: SLF001
        assert eventually(lambda: len(processes) == 1)
        pids = [process.pid for process in processes]
    assert eventually(lambda: not any(map(is_alive, pids)))
    assert set(own_workers()) == before


def test_where_there_is_no_place_for_its_files_it_does_not_start(
    tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp / "gone"))
    with (
        pytest.raises(ClusterError, match=r"a cluster cannot be started here: .*No such file"),
        start_loopback(1),
    ):
        pass
