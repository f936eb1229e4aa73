"""`audiocoach serve`: from a saved routine to open pages that load again, and the program from the shell."""

from __future__ import annotations

import io
import os
import pty
import signal
import urllib.request
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import sync_playwright

from audiocoach.errors import AddressError, EngineError, StoppedError
from audiocoach.publish.site_manifest import NAME as MANIFEST
from audiocoach.serve import serving
from audiocoach.serve.address import lan_address
from audiocoach.serve.hosted import EVENTS, Site, with_script
from audiocoach.serve.server import ServerLimits
from audiocoach.serve.serving import Keeper, Workshop, invitation
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers.stop import Stop
from tests.builds import Heard, carried_out, squats
from tests.decoders import need
from tests.hosting import FILES, PAGE, PATIENCE_S, asked, line, program, put, served, until, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

BASE = "http://127.0.0.1:8000/"


def publisher(folder: Path, bases: list[str]) -> Workshop:
    """A workshop that builds the routines for real, with the silent voice, into a site of their MP3s."""

    def publish(base_url: str, site: Path, stop: Stop) -> None:
        bases.append(base_url)
        paths = tuple(sorted((folder / "routines").glob("*.yaml")))
        options = BuildOptions(paths, folder / "out", Overrides(), 1)
        _, failed = carried_out(options, Place(folder / "cache"), Heard(), stop)
        for one in failed:
            raise one.error
        sounds = {f"{path.stem}.mp3": (folder / "out" / f"{path.stem}.mp3").read_bytes() for path in paths}
        page = PAGE.replace(b"Hello.", b", ".join(name.encode() for name in sounds))
        write_site(
            site,
            {
                "index.html": ("text/html", page),
                **{name: ("audio/mpeg", sound) for name, sound in sounds.items()},
            },
        )

    (folder / "routines").mkdir()
    return Workshop(folder / "routines", publish)


def test_a_saved_routine_is_built_and_open_pages_load_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bases: list[str] = []
    workshop = publisher(tmp_path, bases)
    path = squats(workshop.routines)
    keeper = Keeper(tmp_path / "site", BASE, workshop, Stop())
    keeper.first()
    calm = ServerLimits(request_s=600, beat_s=600)
    with served(tmp_path / "site", calm) as site, site.connection() as connection, site.socket() as page:
        page.sendall(site.request(f"/{EVENTS}"))
        first = until(page, b"\n\n\r\n")
        assert first.endswith(f"data: {site.server.site.version}\n\n\r\n".encode())
        before = asked(connection, "/squats.mp3")

        squats(workshop.routines, setup="Stand tall and breathe.")
        squats(workshop.routines, "more")
        keeper.look(site.server)
        keeper.look(site.server)
        heard = until(page, b"\n\n\r\n")
        after = asked(connection, "/squats.mp3", if_none_match=before.fields["etag"])
        assert (after.status, after.body != before.body) == (200, True)
        assert heard.endswith(f"data: {site.server.site.version}\n\n\r\n".encode())
        assert b"more.mp3, squats.mp3" in asked(connection, "/").body
        assert asked(connection, "/more.mp3", "HEAD").status == 200

        version = site.server.site.version
        path.write_text(f"{path.read_text()}# Nothing that is heard.\n")
        keeper.look(site.server)
        keeper.look(site.server)
        path.write_text(path.read_text().replace("reps: 3", "reps: three"))
        keeper.look(site.server)
        keeper.look(site.server)
        assert (asked(connection, "/squats.mp3").body, site.server.site.version) == (after.body, version)
    assert bases == [BASE] * 4
    told = capsys.readouterr().err
    *before_that, problem = told.splitlines()
    more = f"{workshop.routines}/more.yaml and 1 more changed"
    assert before_that == [more, "the new site is served", f"{path} changed", f"{path} changed"]
    assert problem.startswith(f"{path}:6:23: expected a whole number")


POLICY = b"default-src 'none'; script-src 'self'; connect-src 'self'"
STRICT = PAGE.replace(b"<head>", b'<head><meta http-equiv="Content-Security-Policy" content="%b">' % POLICY)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        one = play.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a real browser; what it has to complain of is an error."""
    complaints: list[str] = []
    with browser.new_page() as one:
        one.on("console", lambda message: complaints.append(message.text))
        one.on("pageerror", lambda error: complaints.append(str(error)))
        yield one
    # Chromium asks for an icon that is not there, and the server ends before the page does.
    assert [text for text in complaints if "Failed to load resource" not in text] == []


def test_a_browser_loads_an_open_page_again(tmp_path: Path, page: Page) -> None:
    folder = write_site(tmp_path / "site", {"index.html": ("text/html", STRICT)})
    loads: list[object] = []
    page.on("load", lambda one: loads.append(one))  # noqa: PLW0108 - Playwright marks what it is handed
    with served(folder) as site:
        with page.expect_request(f"**/{EVENTS}"):
            page.goto(f"http://{site.host}/")
        for words in ("Goodbye.", "Hello again."):
            put(folder / "index.html", STRICT.replace(b"Hello.", words.encode()))
            put(folder / MANIFEST, (folder / MANIFEST).read_bytes() + b" ")
            with page.expect_event("load"), page.expect_request(f"**/{EVENTS}"):
                site.server.show(site.server.site.again())
            assert page.inner_text("p") == words
    assert len(loads) == 3


LISTENING = STRICT.replace(b"</p>", b"</p><audio src=/sound.wav></audio>").replace(
    b"; connect-src", b"; media-src 'self'; connect-src"
)


PLAYED = """(until) => new Promise((done) => {
  sound.addEventListener("timeupdate", () => { if (sound.currentTime > until) done(); });
})"""


def a_minute() -> bytes:
    """Silence as a WAV."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 8000 * 60)
    return file.getvalue()


def test_who_listens_hears_on_and_is_where_she_was_once_the_sound_stops(tmp_path: Path, page: Page) -> None:
    files = {"index.html": ("text/html", LISTENING), "sound.wav": ("audio/wav", a_minute())}
    folder = write_site(tmp_path / "site", files)
    with served(folder) as site:
        with page.expect_request(f"**/{EVENTS}"):
            page.goto(f"http://{site.host}/")
        page.evaluate("sound = document.querySelector('audio'); sound.muted = true; sound.play()")
        page.evaluate(PLAYED, 0.5)
        put(folder / "index.html", LISTENING.replace(b"Hello.", b"Goodbye."))
        put(folder / MANIFEST, (folder / MANIFEST).read_bytes() + b" ")
        page.evaluate("news = new Promise((heard) => events.addEventListener('message', heard)); 0")
        site.server.show(site.server.site.again())
        page.evaluate("news.then(() => 0)")
        at_s = page.evaluate("sound.currentTime")
        page.evaluate(PLAYED, at_s + 0.5)
        assert page.inner_text("p") == "Hello."
        with page.expect_event("load"):
            page.evaluate("sound.pause()")
        assert page.inner_text("p") == "Goodbye."
        assert float(page.url.partition("#t=")[2]) > at_s


def test_a_page_that_comes_out_of_a_cache_is_not_loaded_for_ever(tmp_path: Path, page: Page) -> None:
    folder = write_site(tmp_path / "site", {"index.html": ("text/html", STRICT)})
    loads: list[object] = []
    page.on("load", lambda one: loads.append(one))  # noqa: PLW0108 - Playwright marks what it is handed
    page.route("**/", lambda route: route.fulfill(body=with_script(STRICT, "old"), content_type="text/html"))
    with served(folder, ServerLimits(beat_s=0.1)) as site:
        page.goto(f"http://{site.host}/")
        page.wait_for_event("load", lambda _: len(loads) == 2)
        for _ in range(3):
            page.evaluate("new Promise((heard) => events.addEventListener('message', heard, { once: true }))")
    assert len(loads) == 2


def test_a_folder_that_others_build_is_served_as_they_leave_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_site(tmp_path / "site")
    keeper = Keeper(folder, BASE, None, Stop())
    keeper.first()
    with served(folder) as site:
        write_site(folder, {**FILES, "new.mp3": ("audio/mpeg", b"new")})
        for _ in range(2):
            keeper.look(site.server)
        assert site.get("/new.mp3").body == b"new"
        (folder / MANIFEST).write_text("{")
        for _ in range(2):
            keeper.look(site.server)
        assert site.get("/new.mp3").body == b"new"
    damaged = f"{folder}/{MANIFEST} is damaged: publish the site once more"
    assert capsys.readouterr().err.splitlines() == ["the new site is served", damaged]


def failing(_: str, __: Path, ___: Stop) -> None:
    raise EngineError("the voice does not speak")


def test_what_cannot_be_built_is_served_as_it_was_or_ends_the_program(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, failing)
    with pytest.raises(EngineError, match="the voice does not speak"):
        Keeper(tmp_path / "site", BASE, workshop, Stop()).first()
    folder = write_site(tmp_path / "site")
    assert Keeper(folder, BASE, workshop, Stop()).first().version == Site.read(folder).version


def test_ctrl_c_in_a_build_is_none_of_its_errors(tmp_path: Path) -> None:
    stop = Stop()
    workshop = publisher(tmp_path, [])
    squats(workshop.routines)
    stop.wish()
    with pytest.raises(StoppedError):
        Keeper(tmp_path / "site", BASE, workshop, stop).first()


# -- what is shown ------------------------------------------------------------------------------


def test_on_loopback_the_address_is_all_there_is_to_say() -> None:
    assert invitation(BASE, lan=False, code=True) == f"{BASE}\n"


def test_in_a_network_the_apps_are_named_that_can_reach_it() -> None:
    lines = invitation(BASE, lan=True, code=False).splitlines()
    assert lines[:2] == [BASE, f"{BASE}feed.xml"]
    assert "AntennaPod, gPodder" in lines[2]
    assert all(name in lines[3] for name in ("Overcast", "Pocket Casts", "Spotify", "Apple Podcasts"))


def seen(lines: list[str]) -> str:
    """What a camera reads in front of a terminal: each sign is two squares, white on black."""
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [line.removeprefix("\x1b[97;40m").removesuffix("\x1b[0m") for line in lines]
    squares = np.array([[halves[sign][half] for sign in row] for row in rows for half in (0, 1)], np.uint8)
    (found,) = zxingcpp.read_barcodes(np.kron(squares, np.ones((4, 4), np.uint8)))
    return found.text


@pytest.mark.parametrize("url", ["http://192.168.1.5:8000/", "http://10.200.100.250:65535/"])
def test_the_code_is_the_address_for_a_reader_that_we_did_not_write(url: str) -> None:
    first, *code, feed, _, _ = invitation(url, lan=True, code=True).splitlines()
    assert (first, feed) == (url, f"{url}feed.xml")
    assert seen(code) == url
    assert max(map(len, code)) < 80


# -- the program --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_serves_a_folder_until_it_is_interrupted(tmp_path: Path, number: signal.Signals) -> None:
    folder = write_site(tmp_path / "site")
    with program(tmp_path, "--port", "0") as process:
        url = line(process.stdout).strip()
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{url}{EVENTS}", timeout=PATIENCE_S) as news:  # noqa: S310 - our own
            first = news.readline()
            write_site(folder, {"index.html": ("text/html", PAGE)})
            assert line(process.stderr) == "the new site is served\n"
            assert (news.readline(), news.readline() != first) == (b"\n", True)
            process.send_signal(number)
            out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (130, "")
    assert err.split() == ["interrupted"]


def test_serve_without_a_site_or_with_a_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    with program(tmp_path) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (2, "")
    assert err.endswith("there is no folder routines/ here: name a routine, such as my-routine.yaml\n")
    with (
        served(write_site(tmp_path / "site")) as site,
        program(tmp_path, "--port", str(site.port)) as process,
    ):
        _, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert err.startswith(f"port {site.port} of 127.0.0.1 cannot be used: Address already in use")


def test_serve_says_when_it_takes_another_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = Stop()
    stop.wish()
    monkeypatch.setattr(serving, "USUAL_PORT", -1)
    with pytest.raises(StoppedError):
        serving._serve(write_site(tmp_path), None, None, stop, lan=False)  # noqa: SLF001 - as the command does
    said = capsys.readouterr()
    port = said.out.strip().rpartition(":")[2].strip("/")
    assert said.err == f"port -1 is taken: {port} is the next that is free\n"


def test_serve_lan_shows_a_code_that_leads_to_the_page(tmp_path: Path) -> None:
    write_site(tmp_path / "site")
    try:
        lan_address()
    except AddressError as error:
        problem = str(error)
    else:
        problem = ""
    ours, theirs = pty.openpty()
    with (
        os.fdopen(ours, encoding="utf-8", newline="") as screen,
        program(tmp_path, "--lan", "--port", "0", out=theirs) as process,
    ):
        os.close(theirs)
        if problem:
            assert process.communicate(timeout=PATIENCE_S)[1] == f"{problem}\n"
            return
        lines = [screen.readline().rstrip("\r\n")]
        while not lines[-1].endswith("feed.xml"):
            lines.append(screen.readline().rstrip("\r\n"))
        url = seen(lines[1:-1])
        assert lines[0] == url
        for place in (url, f"http://127.0.0.1:{url.rpartition(':')[2]}"):
            with urllib.request.urlopen(place, timeout=PATIENCE_S) as page:  # noqa: S310 - our own
                assert b"Hello." in page.read()
