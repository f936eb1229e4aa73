"""A chat model on a server that is asked as OpenAI's is: `POST …/chat/completions`.

It is asked where the user says so on the command line, and nowhere else. The key comes from the environment,
by the name of its variable, and goes to that address alone: no redirect is followed.
"""

from __future__ import annotations

import json
import os
import time
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError

from audiocoach import __version__, configuration
from audiocoach.errors import MALFORMED, EngineError, InputError, Problem, quote, whole
from audiocoach.records import dataclass
from audiocoach.voice.engines.http import opener, read_whole, reason, request_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from urllib.request import Request

_LIMIT_S = 300.0
_MOST_BYTES = 2_000_000
_CHUNK_BYTES = 65_536
_SHOWN = 200
_UNAUTHORIZED, _REFUSED = 401, 400


@dataclass(frozen=True, slots=True)
class Chat:
    """A server by its address up to `/v1`; `model` is `""` where none is named. `key` goes nowhere else."""

    address: str
    model: str = ""
    key: str = ""

    def answer(self, said: Sequence[tuple[str, str]]) -> str:
        """What the model answers to what was said so far, each with its role.

        Raises:
            EngineError: there is no server, or it gives no answer.
        """
        messages = [{"role": role, "content": content} for role, content in said]
        asked: dict[str, Any] = {"messages": messages, "temperature": 0, "stream": False}
        if self.model:
            asked["model"] = self.model
        body = self._posted(json.dumps(asked).encode())
        try:
            content = json.loads(body)["choices"][0]["message"]["content"]
        except MALFORMED as error:
            raise EngineError(f"the server's answer is none of a chat model{self._excerpt(body)}") from error
        if not isinstance(content, str) or not content.strip():
            raise EngineError("the server's answer is empty")
        return content

    def _posted(self, body: bytes) -> bytes:
        deadline_s = time.monotonic() + _LIMIT_S
        try:
            with opener(self.address).open(self._request(body), timeout=_LIMIT_S) as response:
                return read_whole(response, _MOST_BYTES, deadline_s)
        except HTTPError as error:
            with error:
                raise EngineError(self._refusal(error)) from None
        except URLError as error:
            raise EngineError(f"no server answers at {self.address}: {reason(error.reason)}") from None
        except (OSError, HTTPException) as error:
            raise EngineError(f"the server broke off: {reason(error)}") from None

    def _request(self, body: bytes) -> Request:
        headers = {
            "User-Agent": f"audiocoach/{__version__}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        return request_to(f"{self.address}/chat/completions", headers, body, self.key)

    def _refusal(self, error: HTTPError) -> str:
        if error.code == _UNAUTHORIZED:
            return (
                "the server does not take the key (401)"
                if self.key
                else "the server wants a key (401): say --key-env"
            )
        if error.code < _REFUSED:
            return f"the server says that it is elsewhere ({error.code}): mend its address"
        try:
            said = error.read(_CHUNK_BYTES)
        except (OSError, HTTPException):
            said = b""
        return f"the server refuses this, or is at fault ({error.code}){self._excerpt(said)}"

    def _excerpt(self, body: bytes) -> str:
        """The beginning of what a server says; never the key."""
        words = " ".join(body.decode("utf-8", "replace").split())
        if self.key:
            words = words.replace(self.key, "\u2026")
        return f": {words[:_SHOWN]}" if words else ""


def chat_at(address: str, model: str = "", key_env: str = "") -> Chat:
    """The server of the command line, with the key that its variable holds.

    Raises:
        InputError: the address or the variable cannot be used, or the key would go over the net in the clear.
    """
    read = configuration.server_address(address)
    if read is None:
        raise _wrong('expected an address without a key in it, such as "http://127.0.0.1:8080/v1"')
    if not key_env:
        return Chat(read, model)
    if not configuration.is_private(read):
        raise _wrong("the key would go over the net in the clear: expected an address that begins https://")
    key = os.environ.get(key_env, "").strip()
    if not key or not (key.isascii() and key.isprintable()):
        raise _wrong(f"the environment variable {quote(key_env)} is not set, or holds what can be no key")
    return Chat(read, model, key)


def _wrong(message: str) -> InputError:
    return InputError(Problem(whole("--with"), message))
