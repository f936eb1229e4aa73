"""The web server over real sockets: what apps and browsers ask for, and what nobody should (faults 28-29)."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import os
import threading
from typing import TYPE_CHECKING

import pytest

from audiocoach.serve import hosted, server
from audiocoach.serve.hosted import EVENTS, SCRIPT, with_script
from audiocoach.serve.server import ServerLimits
from tests.decoders import run
from tests.hosting import FILES, PAGE, SOUND, asked, put, rest, served, until, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hosting import Served

# More than what a system holds for two sockets of one connection.
LONG = bytes(range(256)) * 100_000
LENGTH = f"bytes */{len(SOUND)}"
# News is news, and no repetition of what is known.
CALM = ServerLimits(request_s=600, beat_s=600)
SOON = ServerLimits(request_s=0.05, piece_s=0.05, goodbye_s=0.05)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    write_site(tmp_path / "site")
    with served(tmp_path / "site", CALM) as one:
        yield one
        assert one.told == []


# -- what apps and browsers ask for -------------------------------------------------------------


def test_the_page_stands_at_the_root_and_gets_the_script(site: Served) -> None:
    answer = site.get("/")
    assert (answer.status, answer.body) == (200, with_script(PAGE, site.server.site.version))
    assert answer.fields["content-type"] == "text/html; charset=utf-8"
    assert site.get("/index.html").lasting == answer.lasting


@pytest.mark.parametrize("name", sorted(set(FILES) - {"index.html"}))
@pytest.mark.parametrize("accepts", ["identity", "gzip"])
def test_every_file_is_served_whole_and_head_says_the_same(site: Served, name: str, accepts: str) -> None:
    media_type, content = FILES[name]
    answer = site.get(f"/{name}", accept_encoding=accepts)
    head = site.get(f"/{name}", "HEAD", accept_encoding=accepts)
    packed = answer.fields.get("content-encoding") == "gzip"
    assert packed == (accepts == "gzip" and name != "squats.mp3")
    assert (gzip.decompress(answer.body) if packed else answer.body) == content
    assert answer.fields["content-length"] == str(len(answer.body))
    assert answer.fields["content-type"].startswith(media_type)
    assert answer.fields["x-content-type-options"] == "nosniff"
    assert (head.status, head.lasting, head.body) == (answer.status, answer.lasting, b"")


def test_what_is_known_is_not_sent_again(site: Served) -> None:
    for name in ("squats.mp3", "feed.xml"):
        first = site.get(f"/{name}")
        assert first.status == 200
        for condition in (
            {"if_none_match": first.fields["etag"]},
            {"if_modified_since": first.fields["last-modified"]},
        ):
            again = site.get(f"/{name}", "GET", **condition)
            assert (again.status, again.body) == (304, b"")
            assert again.fields["etag"] == first.fields["etag"]


@pytest.mark.parametrize(
    ("wanted", "status", "body", "where"),
    [
        ("0-0", 206, SOUND[:1], f"bytes 0-0/{len(SOUND)}"),
        ("-5", 206, SOUND[-5:], f"bytes {len(SOUND) - 5}-{len(SOUND) - 1}/{len(SOUND)}"),
        ("100-", 206, SOUND[100:], f"bytes 100-{len(SOUND) - 1}/{len(SOUND)}"),
        ("9999-", 416, b"The file has no such range.\n", LENGTH),
        ("5-4", 200, SOUND, None),
        (",".join(f"{n}-{n}" for n in range(1500)), 200, SOUND, None),
    ],
)
def test_ranges(site: Served, wanted: str, status: int, body: bytes, where: str | None) -> None:
    answer = site.get("/squats.mp3", range=f"bytes={wanted}")
    assert (answer.status, answer.body, answer.fields.get("content-range")) == (status, body, where)


def test_a_range_of_an_older_file_gets_the_whole_new_one(site: Served, tmp_path: Path) -> None:
    old = site.get("/squats.mp3").fields["etag"]
    assert site.get("/squats.mp3", range="bytes=-5", if_range=old).status == 206
    put(tmp_path / "site" / "squats.mp3", SOUND[::-1])
    answer = site.get("/squats.mp3", range="bytes=-5", if_range=old)
    assert (answer.status, answer.body) == (200, SOUND[::-1])
    assert answer.fields["etag"] != old


def test_a_connection_serves_many_requests(site: Served) -> None:
    with site.connection() as connection:
        assert asked(connection, "/feed.xml").status == 200
        first = connection.sock
        assert asked(connection, "/squats.mp3", "HEAD").status == 200
        assert asked(connection, "/nothing").status == 404
        assert asked(connection, "/squats.mp3", range="bytes=0-0").body == SOUND[:1]
        assert connection.sock is first


def test_requests_that_come_at_once_are_answered_in_turn(site: Served) -> None:
    said = site.raw(site.request("/nothing") + site.request("/empty.txt"))
    assert [line for line in said.split(b"\r\n") if b"HTTP/1.1" in line] == [
        b"HTTP/1.1 404 Not Found",
        b"There is no such file here.\nHTTP/1.1 200 OK",
    ]


def test_an_old_client_gets_its_file_and_the_end(site: Served) -> None:
    with site.socket() as client:
        client.sendall(f"GET /squats.mp3 HTTP/1.0\r\nHost: {site.host}\r\n\r\n".encode())
        assert rest(client).endswith(SOUND)


# -- what nobody should ask for (fault 28) ------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing", "//index.html", "/index.html/", "/INDEX.HTML", "/site.json", "/.audiocoach.json"),
        *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%252e%252e%252fsecret.txt"),
        *("/..\\secret.txt", "/....//secret.txt", "/squats.mp3%00", "/%00", "/squats.mp3%00.vtt"),
        *(
            "/.hidden",
            "/.git/config",
            "/link.mp3",
            "/linked/secret.txt",
            "/etc/passwd",
            "/%ff%fe",
            "/-/",
            "/~root",
        ),
        *("/" + "x" * 5000, "/" + "../" * 1666 + "secret.txt", "/squats.mp3;x", "/C:/windows/win.ini"),
    ],
)
def test_what_is_not_published_is_not_there_in_one_way(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = write_site(tmp_path / "site", {**FILES, "link.mp3": ("audio/mpeg", b"")})
    (folder / ".hidden").write_text("secret")
    (folder / "link.mp3").unlink()
    (folder / "link.mp3").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path)
    with served(folder) as site:
        said = site.raw(site.request(path, "Connection: close"))
        usual = site.raw(site.request("/nothing", "Connection: close"))
    assert said.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert without_date(said) == without_date(usual)


def without_date(said: bytes) -> list[bytes]:
    return [line for line in said.split(b"\r\n") if not line.startswith(b"Date: ")]


@pytest.mark.parametrize(
    "host", ["example.org", "localhost", "localhost:1", "127.0.0.1.example.org", "[::1]"]
)
def test_a_foreign_host_is_refused(site: Served, host: str) -> None:
    for path in ("/", "/feed.xml", f"/{EVENTS}", "/nothing"):
        answer = site.get(path, host=host)
        assert (answer.status, answer.body) == (421, b"There is no site under this address.\n")
    assert site.get("/", host=f"localhost:{site.port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
def test_other_methods_are_refused_and_the_connection_goes_on(site: Served, method: str) -> None:
    with site.connection() as connection:
        connection.request(method, "/feed.xml", body=b"x" * 1000)
        response = connection.getresponse()
        assert (response.status, response.getheader("Allow")) == (405, "GET, HEAD")
        response.read()
        assert asked(connection, "/feed.xml").status == 200


def test_who_sends_much_is_told_no_and_the_connection_ends(site: Served) -> None:
    with site.socket() as client:
        client.sendall(f"POST / HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: 1000000\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            client.sendall(b"x" * 100_000)
        assert until(client, b"\r\n") == b"HTTP/1.1 405 Method Not Allowed\r\n"


def test_who_asks_before_sending_is_told_no(site: Served) -> None:
    head = f"POST / HTTP/1.1\r\nHost: {site.host}\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
    with site.socket() as client:
        client.sendall(head.encode())
        assert rest(client).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"hello\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
        (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 99_999 + b" HTTP/1.1\r\n", b"431"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 9999, b"431"),
    ],
)
def test_what_is_no_request_is_told_so(site: Served, said: bytes, status: bytes) -> None:
    assert site.raw(said).startswith(b"HTTP/1.1 " + status)


# -- clients that are slow, many, or gone (fault 29) --------------------------------------------


def test_200_clients_that_say_half_a_request_stop_nobody(site: Served) -> None:
    threads = threading.active_count()
    with contextlib.ExitStack() as stack:
        half = [stack.enter_context(site.socket()) for _ in range(200)]
        for client in half:
            # The first ones may have had to make room already.
            with contextlib.suppress(ConnectionError):
                client.sendall(b"GET /feed.xml HTTP/1.1\r\nHo")
        for _ in range(3):
            assert site.get("/squats.mp3").body == SOUND
        assert threading.active_count() - threads <= (os.cpu_count() or 1) + 4
        with contextlib.suppress(ConnectionResetError):
            assert rest(half[0]) == b""
        half[-1].sendall(f"st: {site.host}\r\nConnection: close\r\n\r\n".encode())
        assert rest(half[-1]).endswith(FILES["feed.xml"][1])


def test_a_client_that_does_not_finish_its_request_is_left(tmp_path: Path) -> None:
    with served(write_site(tmp_path), SOON) as site, site.socket() as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert rest(client) == b""


def test_so_is_one_that_says_nothing_more(tmp_path: Path) -> None:
    with served(write_site(tmp_path), SOON) as site, site.socket() as client:
        client.sendall(site.request("/empty.txt"))
        assert rest(client).startswith(b"HTTP/1.1 200 OK\r\n")


def test_so_is_one_that_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = threading.Event()
    monkeypatch.setattr(hosted.Opened, "__exit__", lambda self, *_: (self._file.close(), closed.set()))
    folder = write_site(tmp_path, {"long.mp3": ("audio/mpeg", LONG)})
    with served(folder, SOON) as site, site.socket() as client:
        client.sendall(site.request("/long.mp3"))
        assert closed.wait(60)
        assert 0 < len(rest(client)) < len(LONG)


def test_40_who_takes_nothing_makes_room(tmp_path: Path) -> None:
    limits = ServerLimits(connections=128, request_s=600, piece_s=600)
    folder = write_site(tmp_path, {"long.mp3": ("audio/mpeg", LONG), "squats.mp3": ("audio/mpeg", SOUND)})
    with served(folder, limits) as site, contextlib.ExitStack() as stack:
        greedy = [stack.enter_context(site.socket()) for _ in range(128)]
        for client in greedy:
            client.sendall(site.request("/long.mp3"))
        for client in greedy:
            assert until(client, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
        for _ in range(3):
            assert site.get("/squats.mp3").body == SOUND


def test_40_where_all_take_what_is_sent_one_more_waits_its_turn(tmp_path: Path) -> None:
    limits = ServerLimits(connections=2, request_s=600, piece_s=600, stall_s=600)
    folder = write_site(tmp_path, {"long.mp3": ("audio/mpeg", LONG)})
    with served(folder, limits) as site, contextlib.ExitStack() as stack:
        busy = [stack.enter_context(site.socket()) for _ in range(2)]
        for client in busy:
            client.sendall(site.request("/long.mp3", "Connection: close"))
            assert until(client, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
        with site.socket() as late:
            late.sendall(site.request("/long.mp3", "Connection: close"))
            assert [len(rest(client)) for client in busy] == [len(LONG)] * 2
            assert rest(late).endswith(LONG)


@pytest.mark.parametrize("order", [1, -1])
def test_40_a_request_with_two_lengths_is_the_last_of_its_connection(site: Served, order: int) -> None:
    lengths = ("Content-Length: 5", "Transfer-Encoding: chunked")[::order]
    body = b"0\r\n\r\n"
    answered = site.raw(site.request("/squats.mp3", *lengths) + body + site.request("/squats.mp3"))
    assert answered.count(b"HTTP/1.1 200 OK\r\n") == 1
    assert b"\r\nConnection: close\r\n" in answered
    assert answered.endswith(SOUND)


def test_a_file_that_is_replaced_is_sent_on_as_it_was(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {"long.mp3": ("audio/mpeg", LONG)})
    with served(folder) as site, site.connection() as connection:
        connection.request("GET", "/long.mp3")
        response = connection.getresponse()
        begin = response.read(1000)
        put(folder / "long.mp3", LONG[::-1] + b"more")
        assert site.get("/long.mp3").body == LONG[::-1] + b"more"
        assert begin + response.read() == LONG
        new = asked(connection, "/long.mp3")
        assert (new.body, new.fields["etag"]) != (LONG, response.getheader("ETag"))


@pytest.mark.parametrize("kept", [10, len(LONG) - 10])
def test_a_file_that_shrinks_while_it_is_sent_is_seen_to_be_cut(tmp_path: Path, kept: int) -> None:
    folder = write_site(tmp_path, {"long.mp3": ("audio/mpeg", LONG)})
    with served(folder) as site, site.connection() as connection:
        connection.request("GET", "/long.mp3")
        response = connection.getresponse()
        response.read(1000)
        with (folder / "long.mp3").open("r+b") as file:
            file.truncate(kept)
        with pytest.raises(http.client.IncompleteRead):
            response.read()
        assert site.get("/long.mp3").body == LONG[:kept]


def test_a_file_that_cannot_be_read_now_may_be_asked_for_later(
    site: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(_: object) -> None:
        raise hosted.TornError

    monkeypatch.setattr(hosted.Opened, "load", torn)
    answer = site.get("/squats.mp3")
    assert (answer.status, answer.fields["retry-after"]) == (503, "1")
    monkeypatch.undo()
    assert site.get("/squats.mp3").body == SOUND


def test_a_client_that_goes_in_the_middle_harms_nobody(tmp_path: Path) -> None:
    with served(write_site(tmp_path, {"long.mp3": ("audio/mpeg", LONG)})) as site:
        for _ in range(20):
            with site.socket() as client:
                client.sendall(site.request("/long.mp3"))
                client.recv(1)
        assert site.get("/long.mp3").body == LONG
    assert site.told == []


def test_a_defect_of_ours_is_told_and_the_next_client_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(write_site(tmp_path)) as site:
        monkeypatch.setattr(server, "respond", lambda *_: 1 // 0)
        assert site.raw(site.request("/squats.mp3")) == b""
        monkeypatch.undo()
        assert site.get("/squats.mp3").status == 200
    assert site.told == [
        "audiocoach: internal error: ZeroDivisionError: integer division or modulo by zero\n"
    ]


# -- pages that load again ----------------------------------------------------------------------


def news(site: Served) -> bytes:
    return f"data: {site.server.site.version}\n\n\r\n".encode()


def test_open_pages_hear_of_another_site(site: Served, tmp_path: Path) -> None:
    with site.socket() as page, site.socket() as other:
        for client in (page, other):
            client.sendall(site.request(f"/{EVENTS}"))
            assert b"Content-Type: text/event-stream\r\n" in until(client, b"\r\n\r\n")
            assert until(client, news(site)).endswith(news(site))
        before = site.server.site.version
        write_site(tmp_path / "site", {"index.html": ("text/html", PAGE), "new.mp3": ("audio/mpeg", b"new")})
        site.server.show(site.server.site.again())
        for client in (page, other):
            heard = until(client, b"\n\n\r\n")
            assert heard.endswith(news(site))
        assert site.server.site.version != before
    assert (site.get("/new.mp3").body, site.get("/squats.mp3").status) == (b"new", 404)
    assert site.server.site.version.encode() in site.get("/").body


def test_what_follows_a_stream_is_no_part_of_a_request(site: Served) -> None:
    with site.socket() as page:
        page.sendall(site.request(f"/{EVENTS}"))
        heard = until(page, news(site))
        page.sendall(site.request("/"))
        while part := page.recv(65_536):
            heard += part
    assert heard.count(b"HTTP/1.1") == 1
    assert b"Connection: close\r\n" in heard


@pytest.mark.parametrize("now_s", [-1.0, 1e12])
def test_37_a_clock_that_is_wrong_is_no_reason_to_serve_nothing(tmp_path: Path, now_s: float) -> None:
    with served(write_site(tmp_path), now_s=lambda: now_s) as site:
        assert site.get("/squats.mp3").body == SOUND
        assert site.told == []


def test_the_script_is_there_for_pages(site: Served) -> None:
    answer = site.get(f"/{SCRIPT}", accept_encoding="gzip")
    assert answer.fields["content-type"] == "text/javascript; charset=utf-8"
    assert f'"/{EVENTS}"'.encode() in gzip.decompress(answer.body)
    assert site.get(f"/{SCRIPT}", if_none_match=site.get(f"/{SCRIPT}").fields["etag"]).status == 304
    assert site.get(f"/{EVENTS}", "HEAD").fields["content-type"] == "text/event-stream"


def test_pages_that_wait_take_no_threads_and_are_bounded(tmp_path: Path) -> None:
    with served(write_site(tmp_path), ServerLimits(streams=50)) as site, contextlib.ExitStack() as stack:
        threads = threading.active_count()
        for _ in range(50):
            client = stack.enter_context(site.socket())
            client.sendall(site.request(f"/{EVENTS}"))
            until(client, b"\n\n\r\n")
        assert threading.active_count() == threads
        assert site.get(f"/{EVENTS}").status == 503
        assert site.get("/squats.mp3").body == SOUND
        client.close()
        assert any(site.get(f"/{EVENTS}", "HEAD").status == 200 for _ in range(9999))


def test_who_waits_for_news_is_told_the_same_again(tmp_path: Path) -> None:
    with served(write_site(tmp_path), ServerLimits(beat_s=0.01)) as site, site.socket() as client:
        client.sendall(site.request(f"/{EVENTS}"))
        for _ in range(3):
            assert until(client, b"\n\n\r\n").endswith(news(site))


def test_the_end_ends_everything(tmp_path: Path) -> None:
    folder = write_site(tmp_path, {**FILES, "long.mp3": ("audio/mpeg", LONG)})
    before = threading.active_count()
    with contextlib.ExitStack() as stack:
        with served(folder) as site:
            clients = [stack.enter_context(site.socket()) for _ in range(3)]
            for client, path in zip(clients, (f"/{EVENTS}", "/long.mp3", "/empty.txt"), strict=True):
                client.sendall(site.request(path))
                assert until(client, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
        assert threading.active_count() == before
        assert site.told == []
        assert len(rest(clients[1])) < len(LONG)
        assert rest(clients[2]) == b""
        with pytest.raises(ConnectionRefusedError):
            site.socket()


# -- judged by others ---------------------------------------------------------------------------


def test_curl_takes_ranges_goes_on_and_asks_for_news(site: Served, tmp_path: Path) -> None:
    url, part = f"http://{site.host}/squats.mp3", tmp_path / "part"
    assert run("curl", "-sf", "-r", "10-19", url).stdout == SOUND[10:20]
    assert run("curl", "-sf", "-r", "-5", url).stdout == SOUND[-5:]
    part.write_bytes(SOUND[:100])
    run("curl", "-sf", "-C", "-", "-o", part, url)
    assert part.read_bytes() == SOUND
    feed = f"http://{site.host}/feed.xml"
    assert run("curl", "-sf", "--compressed", feed).stdout == FILES["feed.xml"][1]
    tag, code = tmp_path / "tag", ("-o", tmp_path / "feed", "-w", "%{http_code}")
    statuses = [
        run("curl", "-s", "--etag-save", tag, "--etag-compare", tag, *code, feed).stdout for _ in range(2)
    ]
    assert statuses == [b"200", b"304"]
    head = run("curl", "-sfI", url).stdout.decode()
    assert f"Content-Length: {len(SOUND)}\r\n" in head
    assert run("curl", "-s", "--path-as-is", *code, f"http://{site.host}/../../etc/passwd").stdout == b"404"
