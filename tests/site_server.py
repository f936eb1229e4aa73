"""A server for the browser's tests: a folder on loopback, with single ranges."""

from __future__ import annotations

import mimetypes
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser that has enough of a sound hangs up."""


class SiteServer:
    """Serves the files of `folder` at `address`; `asked` are the paths that somebody wanted."""

    def __init__(self, folder: Path) -> None:
        self.asked = asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked.append(self.path)
                path = folder / (unquote(urlsplit(self.path).path).strip("/") or "index.html")
                if path.is_file():
                    answer(self, path)
                else:
                    self.send_error(404)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def answer(handler: BaseHTTPRequestHandler, path: Path) -> None:
    """The file, or the range of it that was asked for."""
    content = path.read_bytes()
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("Range", ""))
    first = int(asked[1]) if asked else 0
    last = min(int(asked[2]), len(content) - 1) if asked and asked[2] else len(content) - 1
    handler.send_response(206 if asked else 200)
    if asked:
        handler.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
    kind = (
        "application/manifest+json" if path.suffix == ".webmanifest" else mimetypes.guess_type(path.name)[0]
    )
    handler.send_header("Content-Type", kind or "application/octet-stream")
    handler.send_header("Content-Length", str(last - first + 1))
    handler.send_header("Accept-Ranges", "bytes")
    handler.end_headers()
    handler.wfile.write(content[first : last + 1])
