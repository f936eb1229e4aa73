"""Site folders for tests, servers over real sockets, and clients that say what they want byte by byte."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiocoach.publish.episode import Asset
from audiocoach.publish.site_manifest import NAME as MANIFEST
from audiocoach.publish.site_manifest import SiteManifest
from audiocoach.serve.address import LOOPBACK, hosts, listen_on, port_of
from audiocoach.serve.hosted import Site
from audiocoach.serve.server import Door, Server, ServerLimits
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import IO

    Files = Mapping[str, tuple[str, bytes]]

# A machine may be slow: nothing here waits so long unless something is wrong.
PATIENCE_S = 120
PAGE = b"<!doctype html><html><head><title>Squats</title></head><body><p>Hello.</p></body></html>"
SOUND = bytes(range(256)) * 20
FILES: Files = {
    "index.html": ("text/html", PAGE),
    "squats.mp3": ("audio/mpeg", SOUND),
    "squats.vtt": ("text/vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n" * 9),
    "squats.chapters.json": ("application/json+chapters", b'{"chapters": []}'),
    "feed.xml": ("application/rss+xml", b"<rss>" + b"<item/>" * 99 + b"</rss>"),
    "picture.svg": ("image/svg+xml", b"<svg/>" * 99),
    "empty.txt": ("text/plain", b""),
}


def write_site(folder: Path, files: Files = FILES) -> Path:
    """A finished site: each file, then what names them."""
    folder.mkdir(exist_ok=True)
    named = []
    for name, (media_type, content) in files.items():
        put(folder / name, content)
        named.append(Asset(name, media_type, len(content), hashlib.sha256(content).hexdigest()))
    put(folder / MANIFEST, SiteManifest(tuple(named)).to_bytes())
    return folder


def put(path: Path, content: bytes) -> None:
    """A file in the place of what is there, as the program writes it: never half."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(content)
    os.replace(beside, path)  # noqa: PTH105 - the step that counts


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers in lower case."""

    status: int
    fields: Mapping[str, str]
    body: bytes

    @property
    def lasting(self) -> dict[str, str]:
        """The headers that do not change with the time of day."""
        return {name: value for name, value in self.fields.items() if name != "date"}


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs, and what it had to say."""

    server: Server
    port: int
    told: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def get(self, path: str = "/", method: str = "GET", **fields: str) -> Answer:
        """Ask once: `if_none_match` is the header `If-None-Match`."""
        with self.connection() as connection:
            return asked(connection, path, method, **fields)

    @contextlib.contextmanager
    def connection(self) -> Iterator[http.client.HTTPConnection]:
        with contextlib.closing(
            http.client.HTTPConnection(LOOPBACK, self.port, timeout=PATIENCE_S)
        ) as connection:
            yield connection

    def socket(self) -> socket.socket:
        """A connection that has said nothing yet."""
        return socket.create_connection((LOOPBACK, self.port), timeout=PATIENCE_S)

    def request(self, path: str, *more: str) -> bytes:
        """A request as bytes."""
        return "\r\n".join((f"GET {path} HTTP/1.1", f"Host: {self.host}", *more, "", "")).encode("latin-1")

    def raw(self, said: bytes) -> bytes:
        """All that is answered to these bytes, until the server ends the connection."""
        with self.socket() as client:
            client.sendall(said)
            client.shutdown(socket.SHUT_WR)
            return rest(client)


def asked(connection: http.client.HTTPConnection, path: str, method: str = "GET", **fields: str) -> Answer:
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in fields.items()}
    )
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def rest(client: socket.socket) -> bytes:
    """Everything up to the end."""
    return b"".join(iter(lambda: client.recv(1 << 16), b""))


def until(client: socket.socket, end: bytes) -> bytes:
    """Everything up to these bytes, or to the end."""
    said = b""
    while not said.endswith(end):
        one = client.recv(1)
        if not one:
            break
        said += one
    return said


@contextlib.contextmanager
def served(
    folder: Path,
    limits: ServerLimits | None = None,
    now_s: Callable[[], float] = time.time,
    names: tuple[str, ...] = (),
) -> Iterator[Served]:
    """A server of the folder on any port of loopback, which may be asked for by other names as well."""
    listeners = listen_on((LOOPBACK,), 0)
    port = port_of(listeners)
    told: list[str] = []
    door = Door(listeners, hosts((LOOPBACK, *names), port))
    with Server(Site.read(folder), door, told.append, limits, now_s) as server:
        yield Served(server, port, told)


@contextlib.contextmanager
def program(folder: Path, *arguments: str, out: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """`audiocoach serve` as a process of its own, with its temporary files in the folder."""
    command = [sys.executable, "-W", "error", "-m", "audiocoach", "serve", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    with subprocess.Popen(
        command, stdout=out, stderr=subprocess.PIPE, text=True, cwd=folder, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line(stream: IO[str] | None, begin: str = "") -> str:
    """The next line that begins so; nothing where there is none any more."""
    assert stream is not None
    return next((said for said in stream if said.startswith(begin)), "")
