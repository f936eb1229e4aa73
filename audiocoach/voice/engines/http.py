"""A speech server that is asked as OpenAI's is: `POST …/audio/speech` (kokoro-fastapi, LocalAI, OpenAI).

Address, model and the name of the key's variable stand in the user's configuration, and a routine names the
entry. The key goes to that address and nowhere else: no redirect is followed, and where nothing is encrypted
no proxy is asked. `docs/engines/http.md` is its tutorial.
"""

from __future__ import annotations

import json
import os
import re
import time
import wave
from typing import TYPE_CHECKING, Any, cast

from audiocoach import __version__
from audiocoach.errors import EngineError, RefusedError
from audiocoach.units import MS_PER_SECOND, SAMPLE_BYTES
from audiocoach.voice.engines.entries import entries, entry
from audiocoach.voice.engines.streamed import completed, is_wav
from audiocoach.voice.limits import Limits, most_ms
from audiocoach.voice.listing import Listed
from audiocoach.voice.terms import Terms

if TYPE_CHECKING:
    from http.client import HTTPResponse
    from pathlib import Path
    from urllib.request import OpenerDirector, Request

    from audiocoach.configuration import Configuration, HttpService
    from audiocoach.routine.voice import Voice

_USUAL_RATE_WPM = 165
_EXAMPLE = '[http.clinic] with address = "http://127.0.0.1:8880/v1", model and voice'
# The largest sound that is read of a millisecond: 192 kHz, 16 bit, two channels.
_MOST_MS_BYTES = 192 * 2 * SAMPLE_BYTES
_CHUNK_BYTES = 65_536
_SHOWN = 200
_CONNECT_S = 10.0
_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
# What is left of a text's time when the speech process is ended from outside.
_SPARE_S = 2.0
_REFUSED = 400  # and above; below is a redirect
_UNAUTHORIZED = 401
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_FAULT = 500
# Kokoro's markup for phonemes, `[word](/wɜd/)`, is obeyed by its servers.
_MARKUP = re.compile(r"\](?=\()")
_PCM_TYPES = frozenset(
    {"", "audio/pcm", "audio/x-pcm", "audio/raw", "audio/x-raw", "application/octet-stream", "audio/l16"}
)
_MAGIC = {b"ID3": "MP3", b"\xff\xfb": "MP3", b"\xff\xf3": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC"}
_RATE = re.compile(r"\brate=(\d{4,6})\b")


class HttpEngine:
    """One entry of the user's `[http.NAME]`."""

    # It has nothing that a text could change, and threads do no harm.
    runs = "stay"
    limits = Limits(set_up_ms=30_000, clip_ms=60_000, character_ms=100, text_characters=4096, failures=3)

    def __init__(self, voice: Voice) -> None:
        self._name = voice.name
        self._service = _service(voice)
        self._key = _key(voice.name, self._service)
        self._rate_wpm = voice.rate_wpm
        self._opener = opener(self._service.address)
        try:
            self._greet()
        except RefusedError as error:
            raise RefusedError(self._located(error.message)) from error

    @staticmethod
    def fingerprint(voice: Voice) -> str:
        """Address, model, voice, and the version that the user gives: nobody is asked.

        Raises:
            RefusedError: there is no such entry.
        """
        return f"http 1 {_identity(_service(voice))}"

    @staticmethod
    def terms(voice: Voice) -> Terms:
        """What it costs, and the name of its takes.

        Raises:
            RefusedError: there is no such entry.
        """
        service = _service(voice)
        return Terms(
            kept_as=f"http {_identity(service)}",
            price_per_million_characters=service.price_per_million_characters,
            budget=service.budget,
        )

    @staticmethod
    def voices() -> tuple[Listed, ...]:
        """The entries of the user's configuration; nobody is asked whether a server is there.

        Raises:
            RefusedError: it has a problem.
        """
        return tuple(Listed(name, (), "", _remedy(service)) for name, service in entries(_table).items())

    def speak(self, text: str, path: Path) -> None:
        """Have `text` spoken, and write the answer to `path` as a WAV file.

        Raises:
            EngineError: what the server says instead of sound, or that it cannot be reached.
            RefusedError: it says that of all texts: its address, model or key is to be mended.
            OSError: the file cannot be written.
        """
        asked: dict[str, object] = {
            "model": self._service.model,
            "voice": self._service.voice,
            "input": _MARKUP.sub("] ", text),
            "response_format": "pcm",
        }
        if self._rate_wpm != _USUAL_RATE_WPM:
            asked["speed"] = round(self._rate_wpm / _USUAL_RATE_WPM, 4)
        try:
            self._speak(json.dumps(asked).encode(), text, path)
        except EngineError as error:
            raise type(error)(self._located(error.message)) from error

    def _speak(self, request: bytes, text: str, path: Path) -> None:
        deadline_s = time.monotonic() + self.limits.for_text(text) / MS_PER_SECOND - _SPARE_S
        most_bytes = int(most_ms(text, self._rate_wpm)) * _MOST_MS_BYTES
        kind, body = self._asked(request, most_bytes, deadline_s)
        self._write(kind, body, path)

    # -- asking ---------------------------------------------------------------------------------

    def _greet(self) -> None:
        """See that there is a server, and that it takes the key: else each text would tell.

        What else it says is of no account: not all of them have a list of models.

        Raises:
            RefusedError: there is none, or it does not.
        """
        from urllib.error import HTTPError, URLError

        try:
            with self._open(self._request("/models"), _CONNECT_S):
                return
        except HTTPError as error:
            with error:
                if error.code == _UNAUTHORIZED:
                    raise RefusedError(self._unauthorized()) from None
        except URLError as error:
            raise RefusedError(self._unreachable(error.reason)) from None
        except (OSError, _http_exception()) as error:
            raise RefusedError(self._unreachable(error)) from None

    def _asked(self, request: bytes, most_bytes: int, deadline_s: float) -> tuple[str, bytes]:
        """The type and the bytes of the answer; asked again where the server is busy or at fault."""
        for wait_s in (*_WAITS_S, None):
            answer = self._tried(request, most_bytes, deadline_s)
            match answer:
                case (kind, body):
                    return kind, body
                case (status, asked_s, said):
                    self._wait(status, said, wait_s, asked_s, deadline_s)
        raise AssertionError

    def _tried(
        self, request: bytes, most_bytes: int, deadline_s: float
    ) -> tuple[str, bytes] | tuple[int, float, str]:
        """The answer; or a status for which to try again, the seconds to wait first, and what was said."""
        from urllib.error import HTTPError, URLError

        try:
            with self._open(
                self._request("/audio/speech", request), deadline_s - time.monotonic()
            ) as response:
                return response.headers.get("Content-Type", ""), read_whole(response, most_bytes, deadline_s)
        except HTTPError as error:
            with error:
                return self._refusal(error)
        except URLError as error:
            raise EngineError(self._unreachable(error.reason)) from None
        except (OSError, _http_exception()) as error:
            raise EngineError(f"the server broke off: {reason(error)}") from None

    def _refusal(self, error: Any) -> tuple[int, float, str]:
        """What there is to wait for.

        Raises:
            EngineError: nothing: the same would be said again.
            RefusedError: and of every other text.
        """
        said = self._excerpt(_some(error))
        if error.code == _TOO_MANY or error.code >= _SERVER_FAULT:
            return error.code, _retry_after_s(error.headers.get("Retry-After", "")), said
        if error.code == _UNAUTHORIZED:
            raise RefusedError(self._unauthorized())
        if error.code < _REFUSED:
            raise RefusedError(f"the server says that it is elsewhere ({error.code}): mend its address")
        refusal = RefusedError if error.code == _NOT_FOUND else EngineError
        raise refusal(f"the server refuses this ({error.code}){said}")

    def _wait(self, status: int, said: str, wait_s: float | None, asked_s: float, deadline_s: float) -> None:
        """Wait as long as is wished, where there is time for that."""
        if wait_s is None:
            raise EngineError(f"the server is busy or at fault ({status}) again and again{said}")
        needed_s = max(wait_s, asked_s)
        if time.monotonic() + needed_s > deadline_s:
            asks = f" and asks to wait {asked_s:g} s, which is too long" if asked_s else ""
            raise EngineError(f"the server is busy or at fault ({status}){asks}{said}")
        time.sleep(needed_s)

    def _request(self, way: str, body: bytes | None = None) -> Request:
        headers = {
            "User-Agent": f"audiocoach/{__version__}",
            "Accept": "audio/*, application/octet-stream, */*",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        return request_to(self._service.address + way, headers, body, self._key)

    def _open(self, request: Request, limit_s: float) -> HTTPResponse:
        return cast("HTTPResponse", self._opener.open(request, timeout=max(0.1, limit_s)))

    # -- answers --------------------------------------------------------------------------------

    def _write(self, kind: str, body: bytes, path: Path) -> None:
        """The sound as a WAV file.

        Raises:
            EngineError: it is none, or of another kind.
        """
        if not body:
            raise EngineError("the server sent nothing")
        if is_wav(body):
            path.write_bytes(completed(body))
            return
        name, _, parameters = kind.partition(";")
        other = next((form for magic, form in _MAGIC.items() if body.startswith(magic)), None)
        if other or name.strip().lower() not in _PCM_TYPES:
            shown = other or f"{name.strip()}{self._excerpt(body) if _is_text(name) else ''}"
            raise EngineError(f"the server was asked for PCM, and sent {shown}")
        if len(body) % SAMPLE_BYTES:
            raise EngineError("the server sent a sound that ends within a sample")
        rate = _RATE.search(parameters)
        with path.open("wb") as target, wave.open(target, "wb") as file:
            file.setparams((1, SAMPLE_BYTES, int(rate[1]) if rate else self._service.rate_hz, 0, "NONE", ""))
            file.writeframes(body)

    def _excerpt(self, body: bytes) -> str:
        """What the server says, for people: an error's message as OpenAI has it, or the beginning."""
        text = body.decode("utf-8", "replace")
        try:
            said = json.loads(text)
            text = str(said["error"]["message"] if isinstance(said["error"], dict) else said["error"])
        except (ValueError, LookupError, TypeError):
            pass
        if self._key:
            text = text.replace(self._key, "…")
        words = " ".join(text.split())
        return f": {words[:_SHOWN]}" if words else ""

    def _unauthorized(self) -> str:
        if self._key:
            return f"the server does not take the key in {self._service.key_env} (401)"
        return f"the server wants a key (401): write key_env into {self._service.at}"

    def _located(self, message: str) -> str:
        """What went wrong, with the place of the entry."""
        place = str(self._service.at)
        return message if place in message else f"{message}: see [http.{self._name}] in {place}"

    def _unreachable(self, error: object) -> str:
        return f"no server answers at {self._service.address}: {reason(error)}"


def _table(configuration: Configuration) -> dict[str, HttpService]:
    return dict(configuration.http)


def _service(voice: Voice) -> HttpService:
    return entry(voice, _table, _EXAMPLE)


def _identity(service: HttpService) -> str:
    return repr((service.address, service.model, service.voice, service.version, service.rate_hz))


def _key(name: str, service: HttpService) -> str:
    """The key, `""` where none is asked for. It goes into no message.

    Raises:
        RefusedError: its variable is not set, or holds what is none.
    """
    if not service.key_env:
        return ""
    key = os.environ.get(service.key_env, "").strip()
    if not key:
        where = f"[http.{name}] in {service.at} takes its key from there"
        raise RefusedError(f"the environment variable {service.key_env} is not set: {where}")
    if not (key.isascii() and key.isprintable()):
        raise RefusedError(f"the environment variable {service.key_env} holds what can be no key")
    return key


def _remedy(service: HttpService) -> str:
    is_missing = service.key_env and not os.environ.get(service.key_env, "").strip()
    return f"set the environment variable {service.key_env}" if is_missing else ""


def request_to(url: str, headers: dict[str, str], body: bytes | None, key: str) -> Request:
    """A request whose key, if there is one, is handed on to nobody else."""
    from urllib.request import Request

    request = Request(url, body, headers)  # noqa: S310 - http or https: it was read
    if key:
        # Of those that are not handed on, wherever the answer may lead.
        request.add_unredirected_header("Authorization", f"Bearer {key}")
    return request


def opener(address: str) -> OpenerDirector:
    """What opens this address: it follows no redirect, and asks a proxy only for what is encrypted."""
    from urllib.request import (
        HTTPRedirectHandler,
        ProxyHandler,
        build_opener,
        getproxies,
    )

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """None: the redirect is an error."""

    proxies = getproxies() if address.startswith("https:") else {}
    return build_opener(Stay, ProxyHandler(proxies))


def _http_exception() -> type[Exception]:
    from http.client import HTTPException

    return HTTPException


def read_whole(response: HTTPResponse, most_bytes: int, deadline_s: float) -> bytes:
    """All of an answer of at most so many bytes, until `deadline_s` on the monotonic clock.

    Raises:
        EngineError: it is cut off, has no end, or takes too long.
    """
    parts, size_bytes = [], 0
    while part := response.read1(_CHUNK_BYTES):
        parts.append(part)
        size_bytes += len(part)
        if size_bytes > most_bytes:
            raise EngineError("the server sent far too many bytes for the text")
        if time.monotonic() > deadline_s:
            raise EngineError("the server was still sending when the time was up")
    promised = response.headers.get("Content-Length", "")
    if promised.isdecimal() and size_bytes < int(promised):
        raise EngineError("the server's answer is cut off")
    return b"".join(parts)


def _some(error: Any) -> bytes:
    """The beginning of what an error says, if it can be read."""
    try:
        return bytes(error.read(4 * _CHUNK_BYTES))
    except (OSError, _http_exception()):
        return b""


def _retry_after_s(header: str) -> float:
    """Seconds; what is a date, as RFC 9110 allows, is not waited for longer than usual."""
    return float(header) if header.strip().isdecimal() else 0.0


def _is_text(kind: str) -> bool:
    name = kind.strip().lower()
    return name.startswith("text/") or name.endswith("json")


def reason(error: object) -> str:
    """Why a server cannot be had, in words."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(words)
