"""A web server for one site folder: in, a `Site` and sockets that listen; out, its answers.

It knows HTTP/1.1 through h11, which reads what clients send and holds what we send against what was
announced. One thread waits for all connections: a client that sends nothing costs a socket and no
thread. Every step of a connection has a time in which it must be over, and there is a bound on
connections, where those that ask for nothing, then those that take nothing, make room.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING

import h11

from audiocoach.publish.state import LATEST_S
from audiocoach.records import dataclass
from audiocoach.serve.hosted import EVENTS, TornError
from audiocoach.serve.response import (
    MISSING,
    NOT_FOUND,
    Request,
    Response,
    missing,
    plain,
    refused,
    respond,
    wants_page,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from audiocoach.serve.hosted import Opened, Site

_MOST_HEAD_BYTES = 1 << 15
_MOST_BODY_BYTES = 1 << 16
_RECEIVE_BYTES = 1 << 16
_RETRY_ACCEPT_S = 0.1
_BUSY = plain(HTTPStatus.SERVICE_UNAVAILABLE, "Not now: ask again in a second.", ("Retry-After", "1"))


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """How long a client may take for one step, and how many there may be.

    `request_s` is for a whole request and for the time without one, `piece_s` for taking 64 KB, `load_s`
    for us to read a file, `goodbye_s` for a client to hear that we end. Who has taken nothing for `stall_s`
    makes room where there is none. `streams` are the connections, of all `connections`, that may wait for
    news.
    """

    request_s: float = 15.0
    piece_s: float = 60.0
    stall_s: float = 1.0
    load_s: float = 60.0
    goodbye_s: float = 2.0
    beat_s: float = 15.0
    connections: int = 128
    streams: int = 64


@dataclass(frozen=True, slots=True)
class Door:
    """Sockets that listen, and the names with port that lead to them: those that a request may give."""

    listeners: tuple[socket.socket, ...]
    hosts: frozenset[str]


class Server:
    """Serves a site in a thread of its own while the context lasts; `tell` hears of defects of ours."""

    _loop: asyncio.AbstractEventLoop
    _ended: asyncio.Event
    # Done when another site is shown.
    news: asyncio.Future[None]

    def __init__(
        self,
        site: Site,
        door: Door,
        tell: Callable[[str], None],
        limits: ServerLimits | None = None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self.site = site
        self.hosts = door.hosts
        self.tell = tell
        self.limits = limits or ServerLimits()
        self._clock_s = now_s
        self.streams = 0
        self._listeners = door.listeners
        self._connections: dict[_Connection, asyncio.Task[None]] = {}
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="audiocoach-server")

    def now_s(self) -> float:
        """Unix time; a clock that is wrong is no reason to serve nothing."""
        return min(max(0, self._clock_s()), LATEST_S)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()
        for listener in self._listeners:
            listener.close()

    def show(self, site: Site) -> None:
        """Serve this site from now on, and have open pages loaded again."""
        self._loop.call_soon_threadsafe(self._show, site)

    def _show(self, site: Site) -> None:
        self.site = site
        news, self.news = self.news, self._loop.create_future()
        news.set_result(None)

    async def _run(self) -> None:
        """Everything that is still going on is cancelled when this returns, and so closes its socket."""
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self.news = self._loop.create_future()
        accepting = [self._loop.create_task(self._accept(listener)) for listener in self._listeners]
        self._started.set()
        await self._ended.wait()
        for task in accepting:
            task.cancel()

    async def _accept(self, listener: socket.socket) -> None:
        listener.settimeout(0)
        while True:
            try:
                client, _ = await self._loop.sock_accept(listener)
            except OSError:
                # The client has gone already, or there are too many open files.
                await asyncio.sleep(_RETRY_ACCEPT_S)
                continue
            await self._wait_for_room(client)
            self._begin(client)

    async def _wait_for_room(self, client: socket.socket) -> None:
        """Others wait meanwhile in the system's queue."""
        try:
            while len(self._connections) >= self.limits.connections and not self._make_room():
                tasks = set(self._connections.values())
                await asyncio.wait(tasks, timeout=_RETRY_ACCEPT_S, return_when="FIRST_COMPLETED")
        except asyncio.CancelledError:
            client.close()
            raise

    def _begin(self, client: socket.socket) -> None:
        connection = _Connection(self, client)
        task = self._loop.create_task(connection.run())
        self._connections[connection] = task

        # Also where the task is cancelled before its first step.
        def end(_: object) -> None:
            client.close()
            del self._connections[connection]

        task.add_done_callback(end)

    def _make_room(self) -> bool:
        """End the connection that has been open for longest of those that wait for nothing but a request.

        Where there is none, the one that has not taken for longest what we send.
        """
        chosen = next((one for one in self._connections if one.is_idle), None) or self._stalled()
        if chosen is None:
            return False
        chosen.is_idle, chosen.sends_since_s = False, None
        self._connections[chosen].cancel()
        return True

    def _stalled(self) -> _Connection | None:
        before_s = self._loop.time() - self.limits.stall_s
        waiting = [
            (one.sends_since_s, number, one)
            for number, one in enumerate(self._connections)
            if one.sends_since_s is not None and one.sends_since_s <= before_s
        ]
        return min(waiting)[-1] if waiting else None


class _Connection:
    """One client: its requests are answered one after the other, until one side ends it.

    To cancel its task is how a connection ends early, whatever the reason: it took too long, another
    needs its place, or the server ends.
    """

    def __init__(self, server: Server, client: socket.socket) -> None:
        self.is_idle = True
        # Since when the client has been expected to take what is being sent, on the loop's clock.
        self.sends_since_s: float | None = None
        self._server = server
        self._is_last = False
        self._limits = server.limits
        self._client = client
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MOST_HEAD_BYTES)
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """All of it. Nobody waits for what comes of it."""
        try:
            self._client.settimeout(0)
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._talk()
            await self._say_goodbye()
        except (OSError, TornError):
            # The client has gone, or sees by the length that its answer is cut.
            return
        except Exception as error:  # noqa: BLE001 - a defect of ours: the others are served all the same
            self._server.tell(f"audiocoach: internal error: {type(error).__name__}: {error}\n")
        finally:
            self._allow(None)

    def _allow(self, seconds: float | None) -> None:
        """Whatever is going on must be over in this time; None: it may take as long as it likes."""
        if self._timer is not None:
            self._timer.cancel()
        task = asyncio.current_task()
        self._timer = self._loop.call_later(seconds, task.cancel) if seconds is not None and task else None

    # -- what comes ---------------------------------------------------------------------------------

    async def _talk(self) -> None:
        try:
            while await self._exchange():
                self._http.start_next_cycle()
        except h11.RemoteProtocolError as error:
            if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                status = HTTPStatus(error.error_status_hint)
                await self._send(plain(status, f"{status.phrase}."), "GET")

    async def _exchange(self) -> bool:
        """Answer a request; whether another may follow."""
        self.is_idle = True
        self._allow(self._limits.request_s)
        event = await self._event()
        self.is_idle = False
        if not isinstance(event, h11.Request):
            return False
        # Whoever waited for a word before sending sends nothing now: what follows cannot be told apart.
        self._is_last = self._http.they_are_waiting_for_100_continue or _has_two_lengths(event)
        await self._answer(event)
        return not self._is_last and await self._is_read() and self._http.our_state is h11.DONE

    async def _event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._loop.sock_recv(self._client, _RECEIVE_BYTES))
        return event

    async def _is_read(self) -> bool:
        """Read what belongs to a request that was answered: nothing in it is of use to us."""
        self._allow(self._limits.request_s)
        left = _MOST_BODY_BYTES
        while left > 0:
            event = await self._event()
            if not isinstance(event, h11.Data):
                return isinstance(event, h11.EndOfMessage)
            left -= len(event.data)
        return False

    async def _say_goodbye(self) -> None:
        """End our side first: a socket that closes with something unread takes back what it has sent."""
        self._allow(self._limits.goodbye_s)
        self._client.shutdown(socket.SHUT_WR)
        while await self._loop.sock_recv(self._client, _RECEIVE_BYTES):
            pass

    # -- what goes ----------------------------------------------------------------------------------

    async def _answer(self, event: h11.Request) -> None:
        request = _request(event)
        response = refused(request, self._server.hosts)
        if response is not None:
            await self._send(response, request.method)
        elif request.name == EVENTS:
            await self._tell_news(request.method)
        else:
            await self._send_file(request)

    async def _send_file(self, request: Request) -> None:
        self._allow(self._limits.load_s)
        try:
            opened, answer = self._server.site.open(request.name), respond
            if opened is None and wants_page(request):
                opened, answer = self._server.site.open(MISSING), missing
            if opened is None:
                await self._send(NOT_FOUND, request.method)
                return
            with opened:
                content = await asyncio.to_thread(opened.load)
                response = answer(request, content, self._server.now_s())
                await self._send(response, request.method, opened)
        except (OSError, TornError):
            # Where the answer has begun this says nothing, and the client sees that it is cut.
            if self._http.our_state is not h11.SEND_RESPONSE:
                raise
            await self._send(_BUSY, request.method)

    async def _send(self, response: Response, method: str, opened: Opened | None = None) -> None:
        await self._send_head(response)
        if method != "HEAD":
            if isinstance(response.body, bytes):
                await self._send_piece(h11.Data(data=response.body))
            elif opened is not None:
                for chunk in opened.chunks(response.body):
                    await self._send_piece(h11.Data(data=chunk))
        await self._send_piece(h11.EndOfMessage())

    async def _send_head(self, response: Response) -> None:
        fields = [("Date", formatdate(self._server.now_s(), usegmt=True)), *response.fields]
        if self._is_last and ("Connection", "close") not in fields:
            fields.append(("Connection", "close"))
        reason = HTTPStatus(response.status).phrase
        await self._send_piece(h11.Response(status_code=response.status, headers=fields, reason=reason))

    async def _send_piece(self, event: h11.Event) -> None:
        piece = self._http.send(event)
        if piece:
            self._allow(self._limits.piece_s)
            self.sends_since_s = self._loop.time()
            await self._loop.sock_sendall(self._client, piece)
            self.sends_since_s = None

    async def _tell_news(self, method: str) -> None:
        """Tell a page the version of the site, now and whenever it changes (HTML standard, 9.2)."""
        if self._server.streams >= self._limits.streams:
            await self._send(_BUSY, method)
            return
        # Whoever looks out for the client's end reads what may be its next request.
        fields = (
            ("Content-Type", "text/event-stream"),
            ("Cache-Control", "no-store"),
            ("Connection", "close"),
        )
        await self._send_head(Response(HTTPStatus.OK, fields))
        self._server.streams += 1
        gone = self._loop.create_task(self._is_gone())
        try:
            while method != "HEAD" and not gone.done():
                news = self._server.news
                await self._send_piece(h11.Data(data=f"data: {self._server.site.version}\n\n".encode()))
                self._allow(None)
                # Without news the version is said again: a client that has vanished is noticed by that.
                await asyncio.wait({gone, news}, timeout=self._limits.beat_s, return_when="FIRST_COMPLETED")
        finally:
            self._server.streams -= 1
            gone.cancel()
            # The socket may be closed only when nothing waits for it any more.
            await asyncio.wait({gone})
        await self._send_piece(h11.EndOfMessage())

    async def _is_gone(self) -> None:
        """A client that waits for news says nothing more until it goes."""
        with contextlib.suppress(OSError):
            await self._loop.sock_recv(self._client, 1)


def _has_two_lengths(event: h11.Request) -> bool:
    """Whether a proxy may see another end of this request than we do (RFC 9112, 6.1)."""
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in event.headers}


def _request(event: h11.Request) -> Request:
    fields: dict[str, str] = {}
    for name, value in event.headers:
        key, text = name.decode("ascii"), value.decode("latin-1")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return Request(event.method.decode("ascii"), event.target.decode("ascii"), fields)
