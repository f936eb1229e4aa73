"""A speech server on this machine that does what it is told, well or badly, and keeps what it was asked."""

from __future__ import annotations

import contextlib
import json
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.voices import tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RATE_HZ = 24_000
_MS = 60


def pcm(text: str) -> bytes:
    """60 ms a letter: 24 kHz, 16 bit, mono."""
    return tone(_MS * (len(text) + 4), RATE_HZ)


def streamed_wav(text: str) -> bytes:
    """The same behind the header of a stream."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16)
    return b"RIFF\xff\xff\xff\xffWAVEfmt " + form + b"data\xff\xff\xff\xff" + pcm(text)


@dataclass(frozen=True)
class Asked:
    """One request for speech."""

    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.body["input"])


@dataclass
class SpeechServer:
    """What it does next: each request for speech takes one of `faults`, or is answered well.

    `bad` are the texts for which `fault` holds always; `models` is the status of its list of models.
    """

    address: str = ""
    faults: list[Callable[[Handler], None]] = field(default_factory=list)
    models: int = 200
    asked: list[Asked] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    answers_when: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.asked]


class Handler(BaseHTTPRequestHandler):
    """Its connections."""

    protocol_version = "HTTP/1.1"
    speech: SpeechServer

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - as it is called in the library
        """Nothing: what is printed would stand among the tests."""

    def do_GET(self) -> None:
        self.speech.paths.append(self.path)
        self.answer(b"{}", "application/json", self.speech.models)

    def do_POST(self) -> None:
        speech = self.speech
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with speech.lock:
            speech.paths.append(self.path)
            speech.asked.append(Asked(dict(self.headers), body))
            speech.at_once += 1
            speech.most_at_once = max(speech.most_at_once, speech.at_once)
            fault = speech.faults.pop(0) if speech.faults else None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            fault(self) if fault else self.answer(pcm(body["input"]), "audio/pcm")
        with speech.lock:
            speech.at_once -= 1

    @property
    def text(self) -> str:
        return self.speech.asked[-1].text

    def answer(
        self,
        body: bytes,
        kind: str,
        status: int = 200,
        promised: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if promised is None else promised))
        for name, value in (headers or {}).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        if promised is not None:
            self.close_connection = True


@contextlib.contextmanager
def speech_server() -> Iterator[SpeechServer]:
    """A server on a free port, until the block ends."""
    speech = SpeechServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"speech": speech}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    speech.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield speech
    finally:
        speech.answers_when.set()
        server.shutdown()
        server.server_close()
        thread.join()


def says(
    status: int, body: str = "", kind: str = "application/json", **headers: str
) -> Callable[[Handler], None]:
    """An answer that is no sound."""
    return lambda handler: handler.answer(body.encode(), kind, status, headers=headers)


def sends(kind: str, body: Callable[[str], bytes]) -> Callable[[Handler], None]:
    """An answer with a sound of some kind."""
    return lambda handler: handler.answer(body(handler.text), kind)


def cut(handler: Handler) -> None:
    """Half of what was promised."""
    sound = pcm(handler.text)
    handler.answer(sound[: len(sound) // 2], "audio/pcm", promised=len(sound))


def cut_chunk(handler: Handler) -> None:
    """A stream in pieces, which breaks off within one."""
    _begin_stream(handler)
    handler.wfile.write(b"1000\r\n" + bytes(100))
    handler.close_connection = True


def broken_off(handler: Handler) -> None:
    """Not a word."""
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """A stream in pieces that never ends."""
    _begin_stream(handler)
    piece = tone(100, RATE_HZ)
    while not handler.speech.answers_when.is_set():
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))


def silent(handler: Handler) -> None:
    """No answer until the server ends."""
    handler.speech.answers_when.wait()
    handler.close_connection = True


def dripping(handler: Handler) -> None:
    """A stream that stops and leaves the connection open."""
    _begin_stream(handler)
    handler.wfile.write(b"2\r\n\0\0\r\n")
    handler.wfile.flush()
    silent(handler)


def _begin_stream(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "audio/pcm")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
