"""What a request is answered, by the rules of HTTP (RFC 9110): functions without files, clocks or sockets.

In: a request, and what is known of the content that it names. Out: a status, headers, and which bytes
to send. Field names are in lower case; fields that came several times are joined with commas.
"""

from __future__ import annotations

import re
from email.utils import formatdate, mktime_tz, parsedate_tz
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from audiocoach.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    Fields = tuple[tuple[str, str], ...]

METHODS = ("GET", "HEAD")
INDEX = "index.html"
# A client behind a proxy may name the whole address (RFC 9112, 3.2.2).
_TARGET = re.compile(r"(?:http://(?P<authority>[^/?]*))?(?P<path>/[^?]*)?(?:\?.*)?", re.IGNORECASE)
_RANGE = re.compile(r"bytes=[ \t]*(?:(\d+)-(\d*)|-(\d+))[ \t]*", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r'(?:W/)?("[^"]*")')
_NEVER = re.compile(r"q\s*=\s*0(?:\.0*)?")
# Longer numbers are as good as this one: no file has so many bytes.
_DIGITS = 18
_TEXTS = ("json", "xml", "javascript")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks for."""

    method: str
    target: str
    fields: Mapping[str, str]

    @property
    def host(self) -> str:
        """The host and port that it believes to speak with, in lower case; `""` where it does not say."""
        found = _TARGET.fullmatch(self.target)
        authority = found["authority"] if found else None
        return (self.fields.get("host", "") if authority is None else authority).lower()

    @property
    def name(self) -> str | None:
        """The name that is to be looked up, None where the target cannot be one."""
        found = _TARGET.fullmatch(self.target)
        if found is None:
            return None
        try:
            return unquote((found["path"] or "/")[1:], errors="strict") or INDEX
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True, slots=True)
class Content:
    """What stands under a name now.

    `digest` is the SHA-256 of its bytes in hexadecimal, `modified_s` Unix time, `zipped_bytes` its length
    as gzip, None where it is not offered so.
    """

    media_type: str
    size_bytes: int
    digest: str
    modified_s: int
    zipped_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes of a content, or of its gzip form."""

    start_bytes: int
    size_bytes: int
    is_zipped: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """A status, the headers that belong to it, and the body: of a content, or a text of our own."""

    status: int
    fields: Fields
    body: ByteRange | bytes = b""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The form of a content that this client gets, with what tells it from every other."""

    tag: str
    modified_s: int
    size_bytes: int
    is_zipped: bool


def plain(status: int, text: str, *more: tuple[str, str]) -> Response:
    """A sentence for people who see the answer, such as that of an error."""
    body = f"{text}\n".encode()
    kind = ("Content-Type", "text/plain; charset=utf-8")
    return Response(status, (kind, ("Content-Length", str(len(body))), _NO_SNIFFING, *more), body)


_NO_SNIFFING = ("X-Content-Type-Options", "nosniff")
# What a site has to show where a page is not there.
MISSING = "404.html"
NOT_FOUND = plain(HTTPStatus.NOT_FOUND, "There is no such file here.")


def refused(request: Request, hosts: frozenset[str]) -> Response | None:
    """Why a request is answered whatever it names; None for one that is looked up.

    `hosts` are the names with port that are ours: a page of another site that had its name lead here
    (DNS rebinding) could read what is served otherwise.
    """
    if request.host not in hosts:
        return plain(HTTPStatus.MISDIRECTED_REQUEST, "There is no site under this address.")
    if request.method not in METHODS:
        allow = ", ".join(METHODS)
        return plain(HTTPStatus.METHOD_NOT_ALLOWED, f"Expected {allow}.", ("Allow", allow))
    return None


def respond(request: Request, content: Content, now_s: float) -> Response:
    """The whole content, a range of it, or that the client has it already; `now_s` is Unix time."""
    chosen = _chosen(request, content, int(now_s))
    fields = _fields(content, chosen)
    if _is_another(request, chosen):
        return plain(HTTPStatus.PRECONDITION_FAILED, "The file has changed.")
    if _is_known(request, chosen):
        return Response(HTTPStatus.NOT_MODIFIED, fields)
    kind = ("Content-Type", with_charset(content.media_type))
    asked = _range(request, chosen, int(now_s))
    if asked is None:
        return _whole((*fields, kind), chosen)
    start, end = asked
    if start >= end:
        none = ("Content-Range", f"bytes */{chosen.size_bytes}")
        return plain(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "The file has no such range.", none)
    where = ("Content-Range", f"bytes {start}-{end - 1}/{chosen.size_bytes}")
    length = ("Content-Length", str(end - start))
    return Response(HTTPStatus.PARTIAL_CONTENT, (*fields, kind, where, length), ByteRange(start, end - start))


def missing(request: Request, content: Content, now_s: float) -> Response:
    """The page that says that there is none: whole, whatever part or version of a page was asked for."""
    packed = {name: value for name, value in request.fields.items() if name == "accept-encoding"}
    return replace(respond(replace(request, fields=packed), content, now_s), status=HTTPStatus.NOT_FOUND)


def wants_page(request: Request) -> bool:
    """Whether who asks would show a page, as browsers do that are led to one."""
    return "text/html" in request.fields.get("accept", "")


def is_text(media_type: str) -> bool:
    """Whether it may be read by pages of others, and is worth to be packed."""
    return media_type.startswith("text/") or any(kind in media_type for kind in _TEXTS)


def with_charset(media_type: str) -> str:
    """As it is sent: JSON and what is no text has no character set."""
    if "charset" in media_type or not is_text(media_type) or "json" in media_type:
        return media_type
    return f"{media_type}; charset=utf-8"


def _chosen(request: Request, content: Content, now_s: int) -> _Chosen:
    """Packed where the client takes it so, and wants no range: a range counts the bytes of the file."""
    modified_s = min(content.modified_s, now_s)
    packs = _accepts_gzip(request.fields.get("accept-encoding", "")) and not _wants_range(request)
    if packs and content.zipped_bytes is not None:
        return _Chosen(f'"{content.digest}-gzip"', modified_s, content.zipped_bytes, is_zipped=True)
    return _Chosen(f'"{content.digest}"', modified_s, content.size_bytes, is_zipped=False)


def _wants_range(request: Request) -> bool:
    # Ranges are defined for GET alone (RFC 9110, 14.2).
    return request.method == "GET" and "range" in request.fields


def _accepts_gzip(field: str) -> bool:
    accepts: dict[str, bool] = {}
    for item in field.lower().split(","):
        coding, *parameters = (piece.strip() for piece in item.split(";"))
        accepts[coding] = not any(_NEVER.fullmatch(one) for one in parameters)
    return accepts.get("gzip", accepts.get("*", False))


def _fields(content: Content, chosen: _Chosen) -> Fields:
    """What is said with the content, and with the news that it is known."""
    fields = (
        ("ETag", chosen.tag),
        ("Last-Modified", formatdate(chosen.modified_s, usegmt=True)),
        # Asked for again each time, and mostly answered with 304: so nobody hears last week's session.
        ("Cache-Control", "no-cache"),
        ("Accept-Ranges", "bytes"),
        _NO_SNIFFING,
    )
    if not is_text(content.media_type):
        return fields
    return (*fields, ("Vary", "Accept-Encoding"), ("Access-Control-Allow-Origin", "*"))


def _whole(fields: Fields, chosen: _Chosen) -> Response:
    packed = (("Content-Encoding", "gzip"),) if chosen.is_zipped else ()
    length = ("Content-Length", str(chosen.size_bytes))
    body = ByteRange(0, chosen.size_bytes, chosen.is_zipped)
    return Response(HTTPStatus.OK, (*fields, *packed, length), body)


# -- conditions (RFC 9110, 13) --------------------------------------------------------------------


def _is_another(request: Request, chosen: _Chosen) -> bool:
    """Whether the client wants to go on only with something that is not there any more."""
    match = request.fields.get("if-match")
    if match is not None:
        return match.strip() != "*" and chosen.tag not in _strong_tags(match)
    since_s = _seconds(request.fields.get("if-unmodified-since", ""))
    return since_s is not None and chosen.modified_s > since_s


def _is_known(request: Request, chosen: _Chosen) -> bool:
    """Whether the client has this already. Where it names a tag, its date does not count."""
    none_match = request.fields.get("if-none-match")
    if none_match is not None:
        return none_match.strip() == "*" or chosen.tag in _TAG.findall(none_match)
    since_s = _seconds(request.fields.get("if-modified-since", ""))
    return since_s is not None and chosen.modified_s <= since_s


def _strong_tags(field: str) -> list[str]:
    return [found[0] for found in _TAG.finditer(field) if not found[0].startswith("W/")]


def _seconds(date: str) -> int | None:
    """Unix time of a date, None where it is none."""
    try:
        parsed = parsedate_tz(date)
        return None if parsed is None else mktime_tz(parsed)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


# -- ranges (RFC 9110, 14) ------------------------------------------------------------------------


def _range(request: Request, chosen: _Chosen, now_s: int) -> tuple[int, int] | None:
    """The first byte that is wanted and the one after the last; none lies between them if there is none.

    None where the whole is sent: without a range, with one that is no range, or with several. The standard
    allows that, and no number of ranges makes an answer larger than the file.
    """
    found = _RANGE.fullmatch(request.fields.get("range", "")) if _wants_range(request) else None
    if found is None or not _is_same(request, chosen, now_s):
        return None
    first, last, suffix = found.groups()
    size = chosen.size_bytes
    if suffix is not None:
        return size - min(_number(suffix), size), size
    if last and _number(last) < _number(first):
        return None
    return _number(first), min(_number(last) + 1, size) if last else size


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS


def _is_same(request: Request, chosen: _Chosen, now_s: int) -> bool:
    """Whether a range belongs to what the client has: if not, it gets the whole.

    A date counts only if it is that of the content to the second, and that second is over.
    """
    same = request.fields.get("if-range")
    if same is None or same.strip() == chosen.tag:
        return True
    return _seconds(same) == chosen.modified_s < now_s
