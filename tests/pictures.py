"""What the README shows and lets one hear: `scripts/pictures` makes it, a test holds it to its sources.

Pictures of the program itself, in a real browser: a session as its picture, the player on two phones, the
studio on a desk. And a minute of a coach's voice with its words. Windows, fonts, moments and voice are fixed,
and nothing moves, so that a picture changes where what it shows does.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from audiocoach.coaching.timeline import Speech
from audiocoach.publish.timeline_json import from_json
from audiocoach.publish.transcript import lines
from audiocoach.units import ms_to_clock
from tests.browser import chromium
from tests.conftest import ROOT, run_audiocoach
from tests.hosting import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

    from audiocoach.coaching.timeline import Timeline

FOLDER = ROOT / "docs" / "shown"
RECORD = FOLDER / "made-of.json"
MINUTE = FOLDER / "a-minute.yaml"
SHOWN = ("bear-plank-flow", "five-moves")
IN_STUDIO = "four-moves"
# What it is made of beside the program: where one of them changes, `scripts/pictures` is run again.
SOURCES = ("docs/shown/a-minute.yaml", *(f"routines/{name}.yaml" for name in (*SHOWN, IN_STUDIO)))
MADE = ("a-minute.md", "a-minute.mp3", "player.webp", "session.webp", "studio.webp")
# Of the pictures; the minute names its own.
VOICE = ("--engine", "hibari")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
# Between and around the two phones, in the pixels of their screens.
_GAP = 48
_WEIGHTS = {"Regular": "100 450", "Medium": "451 620", "Bold": "621 900"}
_WORDS = """\
# A minute to listen to

<!-- Made by scripts/pictures from a-minute.yaml: change that. -->

The words of [a-minute.mp3](a-minute.mp3?raw=true), as [this routine](a-minute.yaml) has them. Nobody has
written when they are said: the coach counts, leads in and out, and tells how long it takes.

| time | what you hear |
|---|---|
{rows}
"""
# The words are where they belong at once.
_SEEK = """(at) => new Promise((done) => {
  panel.scrollTo = ({ top }) => { panel.scrollTop = top; };
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(done));
  sound.addEventListener("seeked", drawn, { once: true });
  sound.currentTime = at;
})"""


def make() -> None:
    """Everything in `docs/shown` but the routine, and the record of what it was made of."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        place = Path(name)
        _minute(place / "minute")
        _session(browser, place)
        _player(browser, _site(place / "site"))
        _studio(browser, place / "studio")
    RECORD.write_text(json.dumps(made_of(), indent=1) + "\n", encoding="utf-8")


def made_of() -> dict[str, dict[str, str]]:
    """The digests of the sources, and of what was made of them."""
    made = {name: _digest(FOLDER / name) for name in MADE}
    return {"sources": {name: _digest(ROOT / name) for name in SOURCES}, "made": made}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# -- a minute -----------------------------------------------------------------------------------


def _minute(place: Path) -> None:
    timeline = _built(MINUTE, place)
    shutil.copyfile(place / "a-minute.mp3", FOLDER / "a-minute.mp3")
    (FOLDER / "a-minute.md").write_text(words(timeline), encoding="utf-8")


def words(timeline: Timeline) -> str:
    """The page of the words beside the sound."""
    rows = (f"| {ms_to_clock(one.start_ms)} | {one.text} |" for one in lines(timeline))
    return _WORDS.format(rows="\n".join(rows))


def _built(routine: Path, place: Path) -> Timeline:
    run_audiocoach("build", str(routine), "-o", str(place), cwd=ROOT, check=True)
    written = (place / f"{routine.stem}.timeline.json").read_text("utf-8")
    return from_json(written, routine.name)


# -- the pictures -------------------------------------------------------------------------------


def _session(browser: Browser, place: Path) -> None:
    """The session that is on the first phone, as `preview` draws it."""
    routine = f"routines/{SHOWN[0]}.yaml"
    drawn = run_audiocoach("preview", routine, "--format", "svg", *VOICE, cwd=ROOT, check=True).stdout
    (place / "session.html").write_text(f"<!doctype html>\n<body>{drawn}", encoding="utf-8")
    with _window(browser, {"width": 960, "height": 800}) as page:
        page.goto((place / "session.html").as_uri())
        _set(page, "body { margin: 0; padding: 16px; } svg, svg text { font-family: Shown !important; }")
        _keep("session", page.locator("svg").screenshot())


def _site(place: Path) -> Path:
    """The two sessions, published as the command does."""
    place.mkdir()
    _take(place, SHOWN)
    show = (ROOT / "routines" / "audiocoach.yaml").read_text("utf-8")
    (place / "audiocoach.yaml").write_text(re.sub(r"order: .*\n", "", show), encoding="utf-8")
    site = place / "site"
    options = ("-o", str(site), "--base-url", "https://example.org/back/", "--build", str(place / "out"))
    run_audiocoach("feed", str(place), *options, *VOICE, cwd=place, check=True)
    return site


def _take(place: Path, names: tuple[str, ...]) -> None:
    for name in names:
        shutil.copyfile(ROOT / "routines" / f"{name}.yaml", place / f"{name}.yaml")
    shutil.copytree(ROOT / "routines" / "moves", place / "moves")


def _player(browser: Browser, site: Path) -> None:
    out = site.parent / "out"
    flow, five = (
        from_json((out / f"{name}.timeline.json").read_text("utf-8"), f"{name}.yaml") for name in SHOWN
    )
    work = [one for one in flow.intervals if one.kind == "work"][1]
    said = next(
        one for one in flow.events if isinstance(one, Speech) and one.start_ms > work.start_ms + 20_000
    )
    breaths = next(one for one in five.intervals if one.kind == "breaths")
    # Near the end of the third breath in.
    full_ms = breaths.start_ms + 2 * sum(breaths.cycle_ms) + breaths.cycle_ms[0] * 3 // 4
    with served(site) as server:
        phones = [
            _phone(browser, f"http://{server.host}/{name}.html", at_ms, scheme)
            for name, at_ms, scheme in zip(
                SHOWN, (said.start_ms + 300, full_ms), ("light", "dark"), strict=True
            )
        ]
    _keep("player", _side_by_side(phones))


def _phone(browser: Browser, address: str, at_ms: int, scheme: str) -> bytes:
    with _window(browser, PHONE, color_scheme=scheme, device_scale_factor=1.5) as page:
        page.goto(address)
        page.locator(".plays").wait_for()
        _set(page, ":root { --text: Shown; --round: Shown; } .stage { transition: none; }")
        page.evaluate(_SEEK, at_ms / 1000)
        return page.screenshot()


def _side_by_side(pictures: list[bytes]) -> bytes:
    found = [Image.open(io.BytesIO(one)).convert("RGB") for one in pictures]
    width, height = found[0].size
    sheet = Image.new("RGB", (len(found) * (width + _GAP) + _GAP, height + 2 * _GAP), "#d5d9e0")
    for place, one in enumerate(found):
        sheet.paste(one, (_GAP + place * (width + _GAP), _GAP))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _studio(browser: Browser, place: Path) -> None:
    place.mkdir()
    _take(place, (IN_STUDIO,))
    command = [sys.executable, "-m", "audiocoach", "studio", str(place), "--port", "0", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            with _window(browser, DESK, reduced_motion="reduce") as page:
                page.goto(address)
                page.goto(f"{address.partition('?')[0]}#{IN_STUDIO}.yaml")
                page.reload()
                page.locator("#state", has_text=re.compile("^Saved$")).wait_for()
                _set(page, ":root { --face: Shown; --headline: Shown; }")
                page.locator(".card.is-do .head").first.click()
                page.locator(".is-open").wait_for()
                page.evaluate("() => document.activeElement.blur()")
                _keep("studio", page.screenshot())
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait()


# -- a window -----------------------------------------------------------------------------------


@contextmanager
def _window(browser: Browser, size: ViewportSize, **settings: Any) -> Iterator[Page]:  # noqa: ANN401
    """A page without its own policy, which would keep our fonts out; no worker, and no time zone of ours."""
    fixed: dict[str, Any] = {
        "bypass_csp": True,
        "service_workers": "block",
        "locale": "en",
        "timezone_id": "UTC",
    }
    context = browser.new_context(viewport=size, **fixed, **settings)
    try:
        yield context.new_page()
    finally:
        context.close()


def _set(page: Page, style: str) -> None:
    """Set the page in a typeface that is the same on every machine."""
    page.add_style_tag(content="\n".join((*map(_face, _WEIGHTS), style)))
    page.evaluate("() => Promise.all([...document.fonts].map((face) => face.load()))")


def _face(name: str) -> str:
    font = resources.files("font_roboto").joinpath("files", f"Roboto-{name}.ttf").read_bytes()
    source = f"data:font/ttf;base64,{base64.b64encode(font).decode('ascii')}"
    return f"@font-face {{ font-family: Shown; font-weight: {_WEIGHTS[name]}; src: url({source}); }}"


def _keep(name: str, png: bytes) -> None:
    Image.open(io.BytesIO(png)).convert("RGB").save(FOLDER / f"{name}.webp", "WEBP", quality=82, method=6)


if __name__ == "__main__":
    make()
