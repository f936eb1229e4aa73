"""The door of a studio on loopback: one browser that was let in by a token, and nobody else.

A page of another site, or a program that guesses, gets 403 for anything: the host must be ours (else a name
that leads here from outside would do), the origin too, and the cookie that the token was given for.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from audiocoach import assets

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BYTES = 32
_NO_WAY_OUT = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_FIELDS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; {_NO_WAY_OUT}"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Gate:
    """Lets in what comes with the cookie. `hosts` are our own names, with the port."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], port: int) -> None:
        self._app = app
        self._hosts = hosts
        self._cookie = f"audiocoach-{port}"
        self._secret = secrets.token_urlsafe(_BYTES)
        self.token = secrets.token_urlsafe(_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["type"] != "http" or not self._is_ours(headers):
            await _refused(scope, receive, send)
        elif self._takes_token(scope):
            await self._let_in()(scope, receive, _with_fields(send))
        elif self._has_cookie(headers):
            await self._app(scope, receive, _with_fields(send))
        else:
            await _refused(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        """Whether the request is meant for us, and comes from a page of ours where it says so."""
        origin = headers.get("origin")
        ours = headers.get("host", "") in self._hosts
        return ours and (origin is None or origin in {f"http://{host}" for host in self._hosts})

    def _takes_token(self, scope: Scope) -> bool:
        """Whether this is the one request that has the token; then nobody has it any more."""
        given = QueryParams(scope["query_string"]).get("token")
        if given is None or scope["path"] != "/" or scope["method"] != "GET" or not self.token:
            return False
        taken = secrets.compare_digest(given.encode(), self.token.encode())
        self.token = "" if taken else self.token
        return taken

    def _let_in(self) -> RedirectResponse:
        response = RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
        response.set_cookie(self._cookie, self._secret, httponly=True, samesite="strict", path="/")
        return response

    def _has_cookie(self, headers: Headers) -> bool:
        given = cookie_parser(headers.get("cookie", "")).get(self._cookie, "")
        return secrets.compare_digest(given.encode(), self._secret.encode())


async def _refused(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        message = (
            "this studio lets one browser in, by the address that it prints in its terminal: "
            "open that one, which is new after each start"
        )
        is_person = "text/html" in Headers(scope=scope).get("accept", "")
        response = _closed() if is_person else JSONResponse({"message": message}, HTTPStatus.FORBIDDEN)
        await response(scope, receive, _with_fields(send))
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})


def _closed() -> Response:
    """The page that tells a person so, with its own style: whoever gets it is given nothing else."""
    page = (assets.folder() / "studio" / "closed.html").read_text("utf-8")
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; {_NO_WAY_OUT}"
    return HTMLResponse(page, HTTPStatus.FORBIDDEN, {"Content-Security-Policy": policy})


def _with_fields(send: Send) -> Send:
    """Say with every answer what a page may do, and that nothing of it is kept."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            # A sheet that is shown brings a policy of its own, which is stricter.
            for name, value in (*_FIELDS.items(), ("Cache-Control", "no-store")):
                headers.setdefault(name, value)
        await send(message)

    return sent
