"""What is answered to whom: the rules of HTTP as tables, and one law."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.serve.response import (
    NOT_FOUND,
    ByteRange,
    Content,
    Request,
    Response,
    is_text,
    refused,
    respond,
    with_charset,
)

DIGEST = "ab" * 32
TAG, PACKED = f'"{DIGEST}"', f'"{DIGEST}-gzip"'
# 1994-11-06 08:49:37, and some days later.
MODIFIED_S, NOW_S = 784_111_777, 784_900_000.5
SAME, EARLIER, LATER = (f"Sun, 06 Nov 1994 08:49:{second} GMT" for second in (37, 36, 38))
SOUND = Content("audio/mpeg", 1000, DIGEST, MODIFIED_S)
TEXT = Content("text/vtt", 1000, DIGEST, MODIFIED_S, 300)
WHOLE = ByteRange(0, 1000)


def ask(content: Content = SOUND, method: str = "GET", **fields: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return respond(Request(method, "/a.mp3", named), content, NOW_S)


def test_the_whole_comes_with_what_tells_it_from_others() -> None:
    assert ask() == Response(
        200,
        (
            ("ETag", TAG),
            ("Last-Modified", SAME),
            ("Cache-Control", "no-cache"),
            ("Accept-Ranges", "bytes"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Type", "audio/mpeg"),
            ("Content-Length", "1000"),
        ),
        WHOLE,
    )


def test_a_file_of_the_future_was_modified_now() -> None:
    response = respond(Request("GET", "/", {}), SOUND, MODIFIED_S - 1)
    assert dict(response.fields)["Last-Modified"] == EARLIER


# -- ranges -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "part", "where"),
    [
        ("bytes=0-0", ByteRange(0, 1), "bytes 0-0/1000"),
        ("bytes=0-", WHOLE, "bytes 0-999/1000"),
        ("bytes=999-", ByteRange(999, 1), "bytes 999-999/1000"),
        ("bytes=10-19", ByteRange(10, 10), "bytes 10-19/1000"),
        ("bytes=990-99999", ByteRange(990, 10), "bytes 990-999/1000"),
        (f"bytes=990-{'9' * 5000}", ByteRange(990, 10), "bytes 990-999/1000"),
        ("bytes=-5", ByteRange(995, 5), "bytes 995-999/1000"),
        ("bytes=-99999", WHOLE, "bytes 0-999/1000"),
        ("Bytes= 10-19 ", ByteRange(10, 10), "bytes 10-19/1000"),
    ],
)
def test_a_range_is_sent_alone(asked: str, part: ByteRange, where: str) -> None:
    response = ask(range=asked)
    assert (response.status, response.body) == (206, part)
    assert dict(response.fields)["Content-Range"] == where
    assert dict(response.fields)["Content-Length"] == str(part.size_bytes)


@pytest.mark.parametrize("asked", ["9999-", "1000-", "1000-1001", "-0", f"{'9' * 5000}-"])
def test_a_range_beyond_the_end_is_told_the_length(asked: str) -> None:
    response = ask(range=f"bytes={asked}")
    assert response.status == 416
    assert ("Content-Range", "bytes */1000") in response.fields


@pytest.mark.parametrize(
    "asked",
    [
        *("bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-0x", "bytes=0x0-", "bytes", "", "0-0"),
        *(
            "lines=0-0",
            "bytes=0-0;",
            "bytes = 0-0",
            "bytes=--5",
            "bytes=5--4",
            "bytes=\u0661-\u0661",
            "bytes=1.0-2",
        ),
        # Several ranges are answered with the whole: never more than the file, however many they are.
        *("bytes=0-0,-1", "bytes=0-,0-,0-", "bytes=" + ",".join(f"{n}-{n}" for n in range(1500))),
    ],
)
def test_what_is_no_range_or_several_gets_the_whole(asked: str) -> None:
    response = ask(range=asked)
    assert (response.status, response.body) == (200, WHOLE)


def test_nothing_has_no_range() -> None:
    empty = Content("audio/mpeg", 0, DIGEST, MODIFIED_S)
    assert ask(empty).body == ByteRange(0, 0)
    assert [ask(empty, range=f"bytes={one}").status for one in ("0-", "0-0", "-5")] == [416] * 3


def test_head_knows_no_ranges() -> None:
    assert ask(method="HEAD", range="bytes=0-0") == ask(method="HEAD") == ask()


@pytest.mark.parametrize(
    ("same", "status"),
    [
        (TAG, 206),
        (f" {TAG} ", 206),
        (SAME, 206),
        *((other, 200) for other in ('"old"', f"W/{TAG}", PACKED, EARLIER, LATER, "yesterday", "")),
    ],
)
def test_a_range_of_something_older_gets_the_whole(same: str, status: int) -> None:
    assert ask(range="bytes=0-0", if_range=same).status == status
    assert ask(range="bytes=9999-", if_range=same).status == (416 if status == 206 else 200)


def test_a_date_does_not_tell_what_was_written_in_this_second() -> None:
    request = Request("GET", "/", {"range": "bytes=0-0", "if-range": SAME})
    assert respond(request, SOUND, MODIFIED_S + 0.9).status == 200
    assert respond(request, SOUND, MODIFIED_S + 1).status == 206


@given(st.one_of(st.text(), st.from_regex(r"\Abytes=[0-9, -]*\Z")), st.integers(0, 9))
def test_no_range_makes_more_of_a_file(asked: str, size_bytes: int) -> None:
    response = ask(Content("audio/mpeg", size_bytes, DIGEST, MODIFIED_S), range=asked)
    assert response.status in {200, 206, 416}
    if isinstance(response.body, ByteRange):
        part = response.body
        assert 0 <= part.start_bytes <= part.start_bytes + part.size_bytes <= size_bytes
        assert part.size_bytes == size_bytes or response.status == 206
        assert dict(response.fields)["Content-Length"] == str(part.size_bytes)


# -- conditions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"if_none_match": TAG}, 304),
        ({"if_none_match": f"W/{TAG}"}, 304),
        ({"if_none_match": f'"a", {TAG}, "b"'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"old"'}, 200),
        ({"if_none_match": DIGEST}, 200),
        ({"if_none_match": ""}, 200),
        ({"if_modified_since": SAME}, 304),
        ({"if_modified_since": LATER}, 304),
        ({"if_modified_since": "Sunday, 06-Nov-94 08:49:37 GMT"}, 304),
        ({"if_modified_since": "Sun Nov  6 08:49:37 1994"}, 304),
        ({"if_modified_since": EARLIER}, 200),
        ({"if_modified_since": "tomorrow"}, 200),
        ({"if_modified_since": "Sun, 99 Nov 99999999999999999999 08:49:37 GMT"}, 200),
        ({"if_none_match": '"old"', "if_modified_since": SAME}, 200),
        ({"if_none_match": TAG, "if_modified_since": EARLIER}, 304),
        ({"if_none_match": TAG, "range": "bytes=0-0"}, 304),
        ({"if_match": TAG}, 200),
        ({"if_match": "*"}, 200),
        ({"if_match": f"W/{TAG}"}, 412),
        ({"if_match": '"old"'}, 412),
        ({"if_match": '"old"', "range": "bytes=0-0"}, 412),
        ({"if_match": TAG, "if_unmodified_since": EARLIER}, 200),
        ({"if_unmodified_since": SAME}, 200),
        ({"if_unmodified_since": EARLIER}, 412),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions(method: str, fields: dict[str, str], status: int) -> None:
    assert ask(SOUND, method, **fields).status == status


def test_what_is_known_is_not_sent_but_named() -> None:
    response = ask(TEXT, if_none_match=TAG)
    assert response.body == b""
    sent = dict(ask(TEXT).fields)
    assert dict(response.fields) == {
        name: value for name, value in sent.items() if name not in {"Content-Type", "Content-Length"}
    }


# -- forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepts", "is_packed"),
    [
        ("gzip", True),
        ("GZIP, br", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
        ("identity, deflate, br", False),
        ("", False),
    ],
)
def test_text_is_packed_for_those_who_take_it(accepts: str, *, is_packed: bool) -> None:
    response = ask(TEXT, accept_encoding=accepts)
    fields = dict(response.fields)
    assert response.body == (ByteRange(0, 300, is_zipped=True) if is_packed else WHOLE)
    assert fields["ETag"] == (PACKED if is_packed else TAG)
    assert fields["Content-Length"] == ("300" if is_packed else "1000")
    assert fields.get("Content-Encoding") == ("gzip" if is_packed else None)
    assert fields["Vary"] == "Accept-Encoding"
    assert ask(SOUND, accept_encoding=accepts) == ask(SOUND)


def test_each_form_is_known_by_its_own_tag() -> None:
    assert ask(TEXT, accept_encoding="gzip", if_none_match=PACKED).status == 304
    assert ask(TEXT, accept_encoding="gzip", if_none_match=TAG).status == 200
    assert ask(TEXT, if_none_match=PACKED).status == 200


def test_a_range_counts_the_bytes_of_the_file_itself() -> None:
    response = ask(TEXT, accept_encoding="gzip", range="bytes=0-9")
    assert (response.status, response.body) == (206, ByteRange(0, 10))
    assert dict(response.fields)["ETag"] == TAG


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("text/vtt", "text/vtt; charset=utf-8"),
        ("text/css; charset=utf-8", "text/css; charset=utf-8"),
        ("text/javascript", "text/javascript; charset=utf-8"),
        ("application/rss+xml", "application/rss+xml; charset=utf-8"),
        ("image/svg+xml", "image/svg+xml; charset=utf-8"),
        ("application/json+chapters", "application/json+chapters"),
        ("application/manifest+json", "application/manifest+json"),
        ("audio/mpeg", "audio/mpeg"),
        ("image/jpeg", "image/jpeg"),
    ],
)
def test_text_has_its_character_set_and_may_be_read_by_pages_of_others(media_type: str, sent: str) -> None:
    assert with_charset(media_type) == sent
    fields = dict(ask(Content(media_type, 9, DIGEST, MODIFIED_S)).fields)
    assert fields["Content-Type"] == sent
    assert ("Access-Control-Allow-Origin" in fields) == is_text(media_type)
    assert is_text(media_type) == (media_type.partition("/")[2] not in {"mpeg", "jpeg"})


# -- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/", "index.html"),
        ("/?utm=1", "index.html"),
        ("/a.mp3", "a.mp3"),
        ("/a.mp3?x=/../y", "a.mp3"),
        ("/%61.mp3", "a.mp3"),
        ("/%2561.mp3", "%61.mp3"),
        ("/%C3%9Cbung.mp3", "Übung.mp3"),
        ("//a.mp3", "/a.mp3"),
        ("/../a.mp3", "../a.mp3"),
        ("/%2e%2e%2fa.mp3", "../a.mp3"),
        ("/a%00.mp3", "a\0.mp3"),
        ("/%ff", None),
        ("*", None),
        ("a.mp3", None),
        ("http://somewhere/a.mp3", "a.mp3"),
        ("http://somewhere", "index.html"),
        ("https://somewhere/a.mp3", None),
        ("file:///a.mp3", None),
    ],
)
def test_a_target_is_a_name_and_nothing_more(target: str, name: str | None) -> None:
    assert Request("GET", target, {}).name == name


HOSTS = frozenset({"localhost:8000", "127.0.0.1:8000"})


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("/", "localhost:8000", None),
        ("/", "LocalHost:8000", None),
        ("/", "127.0.0.1:8000", None),
        ("http://127.0.0.1:8000/", "example.org", None),
        ("http://example.org/", "127.0.0.1:8000", 421),
        *(
            ("/", host, 421)
            for host in ("example.org", "localhost", "localhost:80", "localhost:8000.example.org")
        ),
        *(("/", host, 421) for host in ("", "127.0.0.1:8000, example.org", "example.org@localhost:8000")),
    ],
)
def test_only_our_own_names_are_answered(target: str, host: str, status: int | None) -> None:
    response = refused(Request("GET", target, {"host": host}), HOSTS)
    assert (response.status if response else None) == status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "BREW"])
def test_other_methods_are_told_which_there_are(method: str) -> None:
    response = refused(Request(method, "/", {"host": "localhost:8000"}), HOSTS)
    assert response is not None
    assert response.status == 405
    assert ("Allow", "GET, HEAD") in response.fields


def test_a_name_that_is_not_there_is_told_in_a_sentence() -> None:
    assert (NOT_FOUND.status, NOT_FOUND.body) == (404, b"There is no such file here.\n")
