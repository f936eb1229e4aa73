"""A server of files that misbehaves as it is asked to, for the tests of what is fetched."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BODY = hashlib.shake_128(b"one").digest(300_000)
OTHER = hashlib.shake_128(b"other").digest(300_000)
SHA256 = hashlib.sha256(BODY).hexdigest()
CUT = 100_000
# What a client that reads on for ever would get before the test gives up.
_ENDLESS_BYTES = 50_000_000


class Mirror(ThreadingHTTPServer):
    """Answers a path with what `files` has for it, or as `faults` say. `asked` holds path and range."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, Callable[[_Handler], None]] = {}
        self.asked: list[tuple[str, str]] = []
        self.tag = '"one"'
        self.over = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Mirror
    protocol_version = "HTTP/1.1"
    default: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        with contextlib.suppress(ConnectionError):
            self.server.faults.get(self.path, serve)(self)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve(handler: _Handler) -> None:
    """As a good server does it: ranges, for who has this version."""
    body = handler.server.files.get(handler.path)
    if body is None:
        handler.answer(404)
        return
    tag, wanted = handler.server.tag, handler.headers.get("Range", "")
    if not wanted or handler.headers.get("If-Range", tag) != tag:
        handler.answer(200, body, ETag=tag)
        return
    start = int(wanted.removeprefix("bytes=").rstrip("-"))
    if start >= len(body):
        handler.answer(416)
        return
    place = f"bytes {start}-{len(body) - 1}/{len(body)}"
    handler.answer(206, body[start:], ETag=tag, Content_Range=place)


def cut(handler: _Handler) -> None:
    """Promise all of it, and send a part."""
    handler.answer(200, BODY[:CUT], Content_Length=str(len(BODY)), ETag=handler.server.tag)


def cut_without_a_length(handler: _Handler) -> None:
    handler.answer(200, BODY[:CUT], Content_Length="", ETag=handler.server.tag)


def shorter(handler: _Handler) -> None:
    handler.answer(200, BODY[:CUT], ETag=handler.server.tag)


def longer(handler: _Handler) -> None:
    handler.answer(200, BODY + b"more", ETag=handler.server.tag)


def endless(handler: _Handler) -> None:
    handler.answer(200, BODY, Content_Length="", ETag=handler.server.tag)
    for _ in range(_ENDLESS_BYTES // len(OTHER)):
        handler.wfile.write(OTHER)


def other(handler: _Handler) -> None:
    handler.answer(200, OTHER, ETag=handler.server.tag)


def elsewhere(handler: _Handler) -> None:
    """Go on at another place than it was asked for."""
    place = f"bytes 7-{len(BODY) - 1}/{len(BODY)}"
    handler.answer(206, BODY[7:], ETag=handler.server.tag, Content_Range=place)


def hang(handler: _Handler) -> None:
    handler.answer(200, BODY[:CUT], Content_Length=str(len(BODY)), ETag=handler.server.tag)
    handler.server.over.wait(60)


def fails(status: int) -> Callable[[_Handler], None]:
    return lambda handler: handler.answer(status)


def sends_on(target: str) -> Callable[[_Handler], None]:
    return lambda handler: handler.answer(302, Location=target)


@contextlib.contextmanager
def running() -> Iterator[Mirror]:
    """A mirror on this machine, in a thread of its own."""
    mirror = Mirror()
    thread = threading.Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield mirror
    finally:
        mirror.over.set()
        mirror.shutdown()
        mirror.server_close()
        thread.join()
