"""Workers of a cluster, behind the interface of `concurrent.futures`, on Dask distributed.

The scheduler gives calls to workers that were admitted (`admission`), and gives those of a lost
worker to others. It blames everything that was waiting on a lost worker, not only what was running:
so a call that it gives up is tried once more, alone, before it fails.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import logging
import pickle
import secrets
import socket
import threading
from collections import deque
from concurrent.futures import Future, InvalidStateError
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from audiocoach.errors import ClusterError, StorageError, UnusableClusterError
from audiocoach.records import dataclass
from audiocoach.store.files import UNFINISHED, prepare_folder
from audiocoach.workers.crew import LostWorkerError, Workers
from audiocoach.workers.loopback import start_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from types import ModuleType

    from distributed import Client, LocalCluster, Security

    from audiocoach.store.options import BuildOptions
    from audiocoach.store.place import Place
    from audiocoach.workers.admission import AdmissionTerms
    from audiocoach.workers.loopback import Loopback

P = ParamSpec("P")
T = TypeVar("T")
LOCAL = "local"
_PORT = 8786
_ANSWERS_WITHIN_S = 10.0
# Workers of our own are sure to come, however busy the machine is.
_OURS_COME_WITHIN_S = 60.0
_LOOK_EVERY_S = 10.0
# So many calls for each thread are with the scheduler: one is being done, one is there already.
_AHEAD = 2
_SHOWN = 3
# Dask's own, with all below them; a program that we are a part of may use asyncio as well.
_HUSHED = ("bokeh", "dask", "distributed", "tornado")
_SHARED = "asyncio"
_INSTALL = 'a cluster needs Dask: python -m pip install "audiocoach[cluster]"'
LOST = "a worker was lost over it, and another one as well"


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    """A function that has its arguments, and where its result is waited for."""

    future: Future[Any]
    function: Callable[[], Any]


class Cluster(Workers):
    """The workers behind `client` that accept `terms`; `own` where they are a part of this program."""

    def __init__(
        self, client: Client, terms: AdmissionTerms, address: str, own: Loopback | None = None
    ) -> None:
        self._client = client
        self._terms = terms
        self._address = address
        self._own = own
        self._theirs: Executor = client.get_executor(pure=False, resources={terms.resource: 1})
        self._lock = threading.RLock()
        self._new: deque[_Call] = deque()
        self._suspects: deque[_Call] = deque()
        self._out: set[_Call] = set()
        self._most = _most_out(client)
        self._alone = False
        self._finished = 0
        self._closed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call `fn`: a function of a module, with arguments that can be pickled."""
        future: Future[T] = Future()
        with self._lock:
            self._new.append(_Call(future, partial(fn, *args, **kwargs)))
            self._go_on()
        return future

    def kill(self) -> None:
        """End now: our own workers whatever they do; others finish what they are at, for nobody."""
        self._closed.set()
        if self._own:
            self._own.end()
        self._fail(LostWorkerError("the build was stopped"))

    def end(self, *, wait: bool) -> None:
        """No more calls; what nobody waits for any more is cancelled."""
        del wait
        self._closed.set()
        self._theirs.shutdown(wait=False)

    def _go_on(self) -> None:
        """Give out what may be given out now: a suspect alone, others as many as are wanted there."""
        while self._new and not self._alone and len(self._out) < self._most:
            self._give_out(self._new.popleft())
        if self._suspects and not self._out:
            self._alone = True
            self._give_out(self._suspects.popleft())

    def _give_out(self, call: _Call) -> None:
        from audiocoach.workers.admission import carry_out  # it needs Dask

        self._out.add(call)
        future = self._theirs.submit(carry_out, self._terms.folder, call.function)
        future.add_done_callback(partial(self._over, call))

    def _over(self, call: _Call, theirs: Future[bytes]) -> None:
        """A call came back, in whatever way."""
        well, outcome = self._outcome(theirs)
        lost = isinstance(outcome, LostWorkerError) and not well
        with self._lock:
            self._out.discard(call)
            again = lost and not self._alone and not self._closed.is_set()
            if again:
                self._suspects.append(call)
            self._alone = False
            self._finished += 1
            self._go_on()
        if not again:
            _set(call.future, **{"result" if well else "error": outcome})

    def _outcome(self, theirs: Future[bytes]) -> tuple[bool, Any]:
        """Whether the call went well, and what it returned or the error."""
        from distributed import KilledWorker

        if theirs.cancelled():
            return False, ClusterError(f"the scheduler {self._address} is gone")
        try:
            well, outcome = pickle.loads(theirs.result())  # noqa: S301 - from ourselves
        except KilledWorker:
            return False, LostWorkerError(LOST)
        except Exception as error:  # noqa: BLE001 - whatever Dask raises, and what cannot be unpickled
            return False, ClusterError(f"the cluster {self._address} failed: {error}")
        return well, outcome

    def _watch(self) -> None:
        """Keep up with workers that come and go; where nothing moves any more, see who is left."""
        seen, alone = -1, 0
        while not self._closed.wait(_LOOK_EVERY_S):
            # Without a scheduler there is nothing to watch: all calls are over.
            with contextlib.suppress(Exception):
                self._most = _most_out(self._client)
                stalled = self._out and seen == self._finished
                refused = _refusals(self._client, self._terms) if stalled else {"": []}
                alone = alone + 1 if all(refused.values()) else 0
                # One that was lost may be on its way back.
                if alone > 1:
                    self._fail(ClusterError(_nobody(self._address, refused)))
            seen = self._finished

    def _fail(self, error: Exception) -> None:
        """Whoever waits has waited for nothing."""
        with self._lock:
            waiting = (*self._out, *self._new, *self._suspects)
            self._new.clear()
            self._suspects.clear()
        for call in waiting:
            _set(call.future, error=error)


@contextlib.contextmanager
def open_cluster(options: BuildOptions, place: Place, tell: Callable[[str], object]) -> Iterator[Cluster]:
    """The workers that a build's cluster has for us; `tell` is told which are refused, and why.

    Raises:
        ClusterError: there are none.
        UnusableClusterError: the address is none, or would send everything in the clear, or Dask is
            not installed.
    """
    address = check_address(options.cluster or LOCAL)
    distributed = _dask()
    with contextlib.ExitStack() as stack:
        own = stack.enter_context(start_loopback(options.jobs)) if address == LOCAL else None
        client = stack.enter_context(_connected(own.cluster if own else address))
        with contextlib.suppress(distributed.TimeoutError):
            within_s = _OURS_COME_WITHIN_S if own else _ANSWERS_WITHIN_S
            client.wait_for_workers(own.workers if own else 1, timeout=within_s)
        terms = _terms(options, place, stack)
        _admit(client, terms, address, tell)
        stack.callback(_leave, client, terms)
        yield stack.enter_context(Cluster(client, terms, address, own))


# -- where it is --------------------------------------------------------------------------------


def check_address(address: str) -> str:
    """The address as Dask takes it, or `local`.

    Raises:
        UnusableClusterError: it is none; or another machine would be spoken to without TLS.
    """
    if address == LOCAL:
        return address
    scheme, host, port = _parts(address)
    if scheme == "tcp" and not _is_loopback(host):
        raise UnusableClusterError(
            f"{address} would send everything in the clear: use tls://{_bracketed(host)}:{port}, with the"
            " certificates that Dask's configuration names under distributed.comm.tls"
        )
    return f"{scheme}://{_bracketed(host)}:{port}"


def _parts(address: str) -> tuple[str, str, int]:
    """Scheme, host, port.

    Raises:
        UnusableClusterError: it has none of them, or another scheme.
    """
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        scheme, host, port = parts.scheme, parts.hostname, parts.port or _PORT
    except ValueError:
        host = None
    if not host or scheme not in {"tcp", "tls"}:
        raise UnusableClusterError(
            f"{address!r} is no address of a scheduler: expected local, or one such as tls://10.0.0.5:{_PORT}"
        )
    return scheme, host, port


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _dask() -> ModuleType:
    """Dask's module, which keeps its log to itself.

    Raises:
        UnusableClusterError: it is not installed.
    """
    try:
        import distributed  # 0.4 s, and not for everybody
    except ImportError as error:
        raise UnusableClusterError(f"{_INSTALL} ({error})") from error
    _hush()
    dask: ModuleType = distributed
    return dask


def _hush() -> None:
    """Have what Dask logs go nowhere: what matters of it we say ourselves.

    Dask gives handlers to some of its loggers, each with the stream of errors. What nobody handles goes there
    as well, such as what asyncio says of a call whose end nobody waited for: workers that go one after the
    other leave such calls.
    """
    below = tuple(f"{name}." for name in _HUSHED)
    for name in tuple(logging.root.manager.loggerDict):
        if name.startswith(below):
            logger = logging.getLogger(name)
            logger.handlers, logger.propagate = [], True
    for name in _HUSHED:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [logging.NullHandler()], False
    logging.getLogger(_SHARED).addHandler(logging.NullHandler())


@contextlib.contextmanager
def _connected(where: LocalCluster | str) -> Iterator[Client]:
    """A client of the scheduler there.

    Raises:
        ClusterError: it does not answer, or not to us.
    """
    from distributed import Client

    class Closed(Client):  # type: ignore[misc]
        """Closed by its block. What a signal breaks off before that has no block, and cannot say goodbye."""

        def __del__(self) -> None:
            """Dask's own would wait 20 s for an answer."""

    security = _security() if isinstance(where, str) and where.startswith("tls") else None
    try:
        client = Closed(where, timeout=_ANSWERS_WITHIN_S, security=security, set_as_default=False)
    except OSError as error:
        raise ClusterError(f"no scheduler answers at {where}: {error}") from error
    with client:
        yield client


def _security() -> Security:
    """The certificates of Dask's configuration.

    Raises:
        UnusableClusterError: it names none, or they cannot be read.
    """
    from distributed import Security

    where = "distributed.comm.tls.ca-file, .client.cert and .client.key"
    try:
        security = Security(require_encryption=True)
        context = security.get_connection_args("client").get("ssl_context")
    except (OSError, ValueError) as error:
        raise UnusableClusterError(
            f"the certificates in Dask's configuration are of no use: {error}"
        ) from error
    if context is None:
        raise UnusableClusterError(f"tls:// needs certificates: name them in Dask's configuration, {where}")
    return security


# -- who may work -------------------------------------------------------------------------------


def _terms(options: BuildOptions, place: Place, stack: contextlib.ExitStack) -> AdmissionTerms:
    """What workers must agree to. `stack` keeps the files that they are to see."""
    from audiocoach.workers.admission import AdmissionTerms, identify, voices

    folder = str(Path.cwd())
    seen = [_token(options.folder, stack)]
    # A cache that takes nothing is replaced by a spare one in the output folder.
    with contextlib.suppress(StorageError, OSError):
        seen.append(_token(place.cache, stack))
    names = voices()
    known = identify(names)
    where = (socket.gethostname(), folder, str(options.folder), str(place.cache))
    resource = hashlib.sha256(repr((known, where)).encode()).hexdigest()[:16]
    return AdmissionTerms(
        f"audiocoach-{resource}", place, folder, known, names, tuple(seen), (str(options.folder),)
    )


def _token(folder: Path, stack: contextlib.ExitStack) -> tuple[str, str]:
    """A file that nobody can know who does not see it, and its digest.

    Raises:
        StorageError, OSError: the folder takes none.
    """
    prepare_folder(folder)
    path, file = stack.enter_context(UNFINISHED.beside(str(folder / "cluster")))
    content = secrets.token_bytes(16)
    file.write(content)
    file.flush()
    return path, hashlib.sha256(content).hexdigest()


def _admit(client: Client, terms: AdmissionTerms, address: str, tell: Callable[[str], object]) -> None:
    """Let those work that may, also when they come later.

    Raises:
        ClusterError: nobody may.
    """
    from audiocoach.workers.admission import Admission

    refused = _refusals(client, terms)
    if all(refused.values()):
        raise ClusterError(_nobody(address, refused))
    # A worker that cannot even load it fails here, and is one of those that are refused.
    with contextlib.suppress(Exception):
        client.register_plugin(Admission(terms), name=_plugin(terms))
    for worker, reasons in refused.items():
        if reasons:
            tell(f"{_sentence(worker, reasons)}\n")


def _leave(client: Client, terms: AdmissionTerms) -> None:
    """Have the workers forget this build; a scheduler that is gone forgets it by itself."""
    if client.status == "running":
        with contextlib.suppress(Exception):
            client.unregister_worker_plugin(_plugin(terms))


def _plugin(terms: AdmissionTerms) -> str:
    """A name of this build's own: another one with the same terms may end earlier."""
    return f"{terms.resource}-{terms.seen[0][1][:16]}"


def _refusals(client: Client, terms: AdmissionTerms) -> dict[str, list[str]]:
    """For each worker why it is of no use; nothing where it is."""
    from audiocoach.workers.admission import find_refusals

    answers = client.run(find_refusals, terms, on_error="return")
    return {
        worker: answer if isinstance(answer, list) else [f"it does not even answer: {answer}"]
        for worker, answer in answers.items()
    }


def _nobody(address: str, refused: dict[str, list[str]]) -> str:
    if not refused:
        return f"there is no worker at {address}: start one with dask worker {address}"
    reasons = [_sentence(worker, reasons) for worker, reasons in refused.items()][:_SHOWN]
    return f"no worker at {address} may work for this build: {'; '.join(reasons)}"


def _sentence(worker: str, reasons: list[str]) -> str:
    return f"the worker {worker} is refused: {' and '.join(reasons)}"


# -- calls --------------------------------------------------------------------------------------


def _most_out(client: Client) -> int:
    threads: int = sum(client.nthreads().values())
    return max(1, _AHEAD * threads)


def _set(future: Future[Any], result: object = None, error: Exception | None = None) -> None:
    """Tell whoever waits what a call came to, unless they were told otherwise before."""
    with contextlib.suppress(InvalidStateError):
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)
