"""A cluster of our own on loopback: a scheduler in this process, and workers that are started for it.

Both sides show a certificate that is made for it and goes with it: a process of somebody else on this machine
finds ports, and nobody behind them who listens. Who is lost is replaced here. Dask's own nanny would do it
as well, but it waits for ever where a worker ends before the nanny has heard that it is there, and a deadly
call does just that.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.errors import ClusterError, UnusableClusterError
from audiocoach.start import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import LocalCluster, Security

# A call that was lost with its worker goes to one other; with that as well, the scheduler gives it up.
_MOST_LOST = 1
_GRACE_S = 10.0
# Nobody looks at the profile of workers that live as long as one build.
_SETTINGS = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
_ENTRY = "audiocoach.workers.admission:main"


class Loopback:
    """So many workers of the scheduler of `cluster`, each a process, with their files in `folder`."""

    def __init__(self, cluster: LocalCluster, folder: str, workers: int) -> None:
        self.cluster = cluster
        self.workers = workers
        self._folder = folder
        self._lock = threading.RLock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._ended = False
        self._threads = [threading.Thread(target=self._keep, daemon=True) for _ in range(workers)]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """All workers end now, whatever they do, and clean up after themselves; nobody replaces them."""
        with self._lock:
            self._ended = True
            for process in self._processes:
                if process.stdin:
                    process.stdin.close()

    def close(self) -> None:
        """Wait until they have ended; not for ever."""
        self.end()
        for thread in self._threads:
            thread.join(_GRACE_S)
        with self._lock:
            for process in self._processes:
                process.kill()

    def _keep(self) -> None:
        """One worker, and the next one when it is lost."""
        while process := self._started():
            with process:
                process.wait()
            with self._lock:
                self._processes.discard(process)

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._ended:
                return None
            process = start(
                _ENTRY,
                self.cluster.scheduler_address,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={
                    **os.environ,
                    **_SETTINGS,
                    **_shown_by(self.cluster.security),
                    "DASK_TEMPORARY_DIRECTORY": self._folder,
                },
            )
            self._processes.add(process)
            return process


def _shown_by(security: Security) -> dict[str, str]:
    """The certificate as Dask's configuration has it in the environment of a worker."""
    return {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": security.tls_ca_file,
        "DASK_DISTRIBUTED__COMM__TLS__WORKER__CERT": security.tls_worker_cert,
        "DASK_DISTRIBUTED__COMM__TLS__WORKER__KEY": security.tls_worker_key,
    }


@contextlib.contextmanager
def start_loopback(workers: int) -> Iterator[Loopback]:
    """A scheduler on loopback with so many workers; all their files are in a folder that goes with them.

    Raises:
        ClusterError: it did not start.
        UnusableClusterError: no certificate can be made.
    """
    with contextlib.ExitStack() as stack:
        try:
            folder = tempfile.mkdtemp(prefix="audiocoach-cluster-")
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            cluster = stack.enter_context(_scheduler(folder))
        except (OSError, RuntimeError) as error:
            raise ClusterError(f"a cluster cannot be started here: {error}") from error
        loopback = Loopback(cluster, folder, workers)
        stack.callback(loopback.close)
        yield loopback


@contextlib.contextmanager
def _scheduler(folder: str) -> Iterator[LocalCluster]:
    import dask  # 0.4 s, and not for everybody
    from distributed import LocalCluster  # likewise

    settings = {"distributed.scheduler.allowed-failures": _MOST_LOST, "temporary-directory": folder}
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=0,
            host="127.0.0.1",
            security=_certified(folder),
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
        ) as cluster,
    ):
        yield cluster


def _certified(folder: str) -> Security:
    """A certificate for both sides, made now, in a folder that only this user can look into.

    From memory Dask would write it into a folder of its own whenever it is used: a worker that ends in this
    moment leaves that behind.

    Raises:
        UnusableClusterError: what makes certificates is not installed.
    """
    from distributed import Security

    try:
        made = Security.temporary()
    except ImportError as error:
        install = 'python -m pip install "audiocoach[cluster]"'
        raise UnusableClusterError(f"a cluster here needs certificates: {install} ({error})") from error
    certificate, key = Path(folder, "cert.pem"), Path(folder, "key.pem")
    certificate.write_text(made.tls_ca_file, "ascii")
    key.write_text(made.tls_worker_key, "ascii")
    sides = (f"tls_{side}_{what}" for side in ("client", "scheduler", "worker") for what in ("cert", "key"))
    files = {name: str(certificate if name.endswith("cert") else key) for name in sides}
    return Security(require_encryption=True, tls_ca_file=str(certificate), **files)
