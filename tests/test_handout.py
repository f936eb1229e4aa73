"""What is handed over: opened from a disk, in a fresh browser without a network, and printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
import zxingcpp
from PIL import Image

from audiocoach import api, assets
from audiocoach.publish import handout, site
from audiocoach.publish.handout import Handout
from tests import node
from tests.browser import chromium
from tests.conftest import ROOT, run_audiocoach
from tests.hostile import TEXTS, session
from tests.sites import COVER, PACED, ROUTINE, show
from tests.test_player import RINGS, SEEK, WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from playwright.sync_api import Browser, BrowserContext, Page

LINK = "https://example.org/back/short.html"
# Those of the library with most to say: how, what to look out for, both sides.
EIGHT = """\
title: Eight moves for your back, your hips and your legs
safety: Ask a doctor first if your back already hurts. Stop as soon as a pain turns sharp, or gets worse.
include: [moves/all.yaml]
session:
  - do: knee-to-chest
  - do: bear-plank-flow
  - do: side-plank
  - do: glute-hip-thrust
  - do: dead-bug
  - do: three-way-leg-stretch
  - do: hip-flexor-wall-stretch
  - do: sit-to-stand
"""
# The exercises whose words are unfolded.
OPEN = "[...document.querySelectorAll('#lines details[open] > summary span')].map((one) => one.textContent)"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "offline": True}
# What can be tapped and is no line of text, where it is smaller than a thumb (WCAG 2.2, 2.5.5).
SMALL = """[...document.querySelectorAll("button, label:has(input), nav a")]
  .filter((one) => one.checkVisibility()).map((one) => [one.outerHTML, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)"""


@dataclass
class Opened:
    """A page, and what went wrong on it or was asked for."""

    page: Page
    problems: list[str]
    asked: list[str]

    def wait_for(self, condition: str) -> None:
        self.page.evaluate(WAIT.replace("CONDITION", condition))

    def text(self, name: str) -> str:
        return " ".join(self.page.locator(f"#{name}").inner_text().split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes with a voice of known lengths, handed over."""
    folder = tmp_path_factory.mktemp("handout")
    (folder / "short.yaml").write_text(ROUTINE, "utf-8")
    done = run_audiocoach("handout", "short.yaml", "--link", LINK, "--cache", "cache", cwd=folder, check=True)
    (folder / "told").write_text(done.stdout, "utf-8")
    eight, mp3 = eight_moves(), (folder / "out" / "short.mp3").read_bytes()
    (folder / "eight.html").write_bytes(handout.page(eight, mp3))
    (folder / "eight.sheet.html").write_bytes(handout.sheet(eight))
    (folder / "six.html").write_bytes(handout.sheet(made_of(ROOT / "routines" / "knee-to-chest.yaml")))
    (folder / "sections.html").write_bytes(handout.sheet(in_sections()))
    # Of this one the sound does not matter.
    (folder / "paced.html").write_bytes(handout.page(made_of(PACED), mp3))
    (folder / "hostile.html").write_bytes(handout.page(hostile(), mp3))
    return folder


def words_of(page: Element, kind: str) -> list[str]:
    """What stands in each element of a class."""
    return [" ".join("".join(one.itertext()).split()) for one in page.iter() if one.get("class") == kind]


@cache
def for_a_back() -> Handout:
    return made_of(ROOT / "assets" / "templates" / "rehabilitation.yaml")


@cache
def eight_moves() -> Handout:
    return made_of(EIGHT)


def in_sections() -> Handout:
    """The same in three sections, at the level with the easier versions, and with words at the end."""
    head, _, moves = EIGHT.partition("session:\n")
    rows = [f"    {row}\n" for row in moves.splitlines()]
    parts = zip(("Loosen", "Strengthen", "Stretch"), (rows[:3], rows[3:6], rows[6:]), strict=True)
    sections = "".join(f"  - section: {name}\n    items:\n{''.join(part)}" for name, part in parts)
    return made_of(f"{head}level: gentle\nsession:\n{sections}  - say: That was all. Do it once a day.\n")


def made_of(routine: Path | str) -> Handout:
    document = api.load(routine, near=None if isinstance(routine, Path) else ROOT / "routines")
    safety = document.routine.safety
    told = safety.text if safety else ""
    return Handout(api.preview(document, estimate=True), "standard", told, LINK)


def hostile() -> Handout:
    made = session(*TEXTS.values())
    row = eight_moves().timeline.outline[0]
    rows = tuple(replace(row, name=text, doses=(text,), how=(text,), care=(text,)) for text in TEXTS.values())
    return Handout(replace(made, outline=rows, equipment=tuple(TEXTS.values())), "standard", TEXTS["markup"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Callable[..., Opened]]:
    """Opens a file from the disk in a new profile, without a network; in the end nothing was asked for."""
    contexts: list[BrowserContext] = []
    pages: list[Opened] = []

    def open_file(name: str, **settings: Any) -> Opened:  # noqa: ANN401 - whatever Playwright takes
        context = browser.new_context(**PHONE | settings)
        context.set_default_timeout(15_000)
        contexts.append(context)
        found = Opened(context.new_page(), [], [])
        pages.append(found)
        found.page.on("console", lambda said: found.problems.append(said.text))
        found.page.on("pageerror", lambda error: found.problems.append(str(error)))
        found.page.on("request", lambda request: found.asked.append(request.url))
        found.page.goto((folder / name).as_uri())
        return found

    yield open_file
    for context in contexts:
        context.close()
    for found in pages:
        assert found.problems == []
        own, *others = found.asked
        assert own.startswith("file://")
        assert [url for url in others if not url.startswith(("blob:null/", "data:"))] == []


def parsed(page: bytes) -> Element:
    """As a browser would (WHATWG HTML §13.2)."""
    tree: Element = html5lib.parse(page.decode("utf-8"), namespaceHTMLElements=False)
    return tree


# -- what is written ----------------------------------------------------------------------------


def test_the_table_tells_each_file_and_how_large_it_is(folder: Path) -> None:
    rows = [line.split() for line in (folder / "told").read_text("utf-8").splitlines()]
    assert [row[0] for row in rows] == [
        *("file", "handout/short.html", "handout/short.sheet.html", "handout/short.mp3")
    ]
    assert {path.name for path in (folder / "handout").iterdir()} == {
        *("short.html", "short.sheet.html", "short.mp3")
    }
    assert (folder / "handout" / "short.mp3").read_bytes() == (folder / "out" / "short.mp3").read_bytes()


def test_the_same_session_is_the_same_bytes() -> None:
    made = eight_moves()
    again = replace(made, timeline=replace(made.timeline))
    assert handout.page(made, b"1") == handout.page(again, b"1")


def test_a_page_may_do_what_it_brings_and_nothing_else() -> None:
    page = parsed(handout.page(hostile(), b"1"))
    (policy,) = (one.get("content", "") for one in page.iter("meta") if one.get("http-equiv"))
    assert re.sub(r"'sha256-[\w+/=]{44}'", "OWN", policy) == (
        "default-src 'none'; script-src OWN; media-src data: blob:; style-src OWN; "
        "base-uri 'none'; form-action 'none'"
    )
    assert len(list(page.iter("script"))) == 2
    assert not [
        one for one in page.iter() if one.get("style") or any(key.startswith("on") for key in one.attrib)
    ]
    addresses = {one.get(key, "") for one in page.iter() for key in ("src", "href") if one.get(key)}
    assert [one for one in addresses if not one.startswith(("#t=", "data:audio/mpeg;base64,"))] == []


def test_a_row_tells_dose_sides_how_and_what_to_look_out_for() -> None:
    sheet = parsed(handout.sheet(eight_moves()))
    first, *others = (one for one in sheet.iter("li") if one.find("div") is not None)
    assert len(others) == 7
    words = " ".join("".join(first.itertext()).split())
    for part in (
        "4 holds of 25 seconds, each side",
        "Sides: left, right",
        "your left knee",
        "Leave it out if your knee",
    ):
        assert part in words


def test_the_sheet_tells_where_a_rest_waits() -> None:
    rows = handout.sheet(made_of(PACED)).decode("utf-8").split('class="name"')[1:]
    assert ["Then: rest until you are ready" in row for row in rows] == [True, False, False]


def test_the_sheet_is_for_the_eye_with_its_sections_and_what_the_coach_says_last() -> None:
    sheet = parsed(handout.sheet(for_a_back()))
    told = {kind: words_of(sheet, kind) for kind in ("section", "variant", "closing", "dose")}
    assert told["section"] == ["Loosen", "Strengthen", "Rest"]
    assert told["variant"][1] == "Easier: Hold behind your thigh, in place of the knee."
    assert all(text.startswith("Easier: ") for text in told["variant"])
    assert told["closing"] == ["That was all for today. Do it once a day."]
    assert told["dose"][:2] == ["6 repetitions", "3 holds of 10 seconds, each side"]
    assert "Draw the knee in. Then foot down." in " ".join(sheet.itertext())
    assert "tone" not in " ".join(sheet.itertext())


def test_a_section_that_goes_on_or_is_called_as_its_move_is_not_named_again() -> None:
    items = "{do: plank, for: 9s}, {do: squat, for: 9s}"
    made = made_of(
        "title: T\nmoves: {plank: {name: Plank}, squat: {name: Squat}}\nsession:\n"
        f"  - {{section: Legs, items: [{items}]}}\n  - {{section: Plank, items: [{{do: plank, for: 9s}}]}}\n"
    )
    sheet = parsed(handout.sheet(made))
    assert (words_of(sheet, "section"), words_of(sheet, "closing")) == (["Legs"], [""])


# -- in a browser, without a network ------------------------------------------------------------


def test_it_plays_from_the_disk_jumps_by_chapter_and_its_words_light_up(
    opened: Callable[..., Opened],
) -> None:
    found = opened("handout/short.html", has_touch=True)
    assert found.text("figures") == "2:01"
    found.page.get_by_role("button", name="Play").tap()
    found.wait_for("!sound.paused && sound.currentTime > 0.5 && sound.duration > 120")
    found.page.locator(".chapters a", has_text="Strength").tap()
    # The words of the chapter, and none of those that were said for what is over.
    found.wait_for("sound.currentTime >= 37.3 && cue.textContent")
    found.page.get_by_role("button", name="Pause").tap()
    assert found.page.locator(".chapters [aria-current]").inner_text().split()[-1] == "Strength"
    assert found.page.evaluate(OPEN) == ["Strength"]
    first = found.page.locator("#lines [aria-current] span").inner_text()
    assert found.text("cue") == " ".join(first.split())
    found.page.evaluate(SEEK, 51.2)
    assert (found.text("move"), found.text("figures")) == ("Side plank", "0:10")
    assert found.text("details") == "set 1 of 2 · left"
    assert found.page.locator("#lines [aria-current] span").inner_text() != first


def test_it_counts_with_the_voice_and_waits_where_the_listener_is_waited_for(
    opened: Callable[..., Opened],
) -> None:
    found, intervals = opened("paced.html"), made_of(PACED).timeline.intervals
    squats, rest, belly = (
        next(one for one in intervals if one.kind == kind) for kind in ("reps", "rest", "breaths")
    )
    tops = set()
    for start_ms, told in (
        (squats.start_ms + 9000, "repetition 3 of 4"),
        (belly.start_ms + 12_000 + 4500, "Hold · breath 2 of 3"),
        (belly.start_ms + 24_000 + 7000, "Out · breath 3 of 3"),
        (rest.start_ms + 1000, ""),
    ):
        found.page.evaluate(SEEK, start_ms / 1000)
        assert found.text("turn") == told
        tops.add(found.page.evaluate("find('play').getBoundingClientRect().top"))
    found.page.evaluate(RINGS)
    found.page.get_by_role("button", name="Play").click()
    found.page.evaluate(
        "(at) => { sound.currentTime = at; sound.playbackRate = 4; }", rest.start_ms / 1000 + 4
    )
    found.wait_for("sound.paused")
    assert rest.start_ms < found.page.evaluate("sound.currentTime") * 1000 < rest.end_ms
    assert (found.text("figures"), found.text("details")) == ("Ready?", "Press play when you are.")
    tops.add(found.page.evaluate("find('play').getBoundingClientRect().top"))
    # Whoever does not look hears a bell, and is told.
    found.wait_for("rung.length")
    assert found.page.evaluate("rung[0].state") == "running"
    waits = found.page.get_by_role("status").filter(has_text="waits for you")
    assert waits.count() == 1
    found.page.get_by_role("button", name="Play").click()
    found.wait_for(f"sound.currentTime > {belly.start_ms / 1000}")
    assert (found.text("details"), waits.count(), found.page.evaluate("rung.length")) == ("", 0, 1)
    # Whatever the stage says, the buttons stay where they are.
    assert len(tops) == 1


def test_the_circle_of_the_pages_breathes_here_too(opened: Callable[..., Opened]) -> None:
    start_s = next(one for one in made_of(PACED).timeline.intervals if one.kind == "breaths").start_ms / 1000
    found, calm = opened("paced.html"), opened("paced.html", reduced_motion="reduce")
    full = []
    for into_s in (0.0, 2.0, 5.0, 9.0):
        found.page.evaluate(SEEK, start_s + into_s)
        full.append(found.page.evaluate("Number(breath.style.getPropertyValue('--full'))"))
    assert full == pytest.approx([0, 0.5, 1, 0.5], abs=0.01)
    circle, stage = (found.page.locator(f"#{name}").bounding_box() for name in ("breath", "stage"))
    assert circle
    assert stage
    assert circle["width"] < stage["width"]
    found.page.evaluate("(at) => { sound.currentTime = at; sound.play(); }", start_s + 1)
    found.wait_for("Number(breath.style.getPropertyValue('--full')) > 0.5")
    calm.page.evaluate(SEEK, start_s + 2)
    assert (calm.text("turn"), calm.page.locator("#breath").is_hidden()) == ("In · breath 1 of 3", True)


def test_it_fills_the_screen_with_its_buttons_and_tells_at_the_end_what_was_done(
    opened: Callable[..., Opened],
) -> None:
    for size in (
        {"width": 360, "height": 740},
        {"width": 740, "height": 360},
        {"width": 1280, "height": 800},
    ):
        found = opened("handout/short.html", viewport=size)
        found.page.get_by_role("button", name="Full screen").click()
        found.page.evaluate(SEEK, 17)
        assert found.page.locator(".words").is_hidden()
        box = found.page.get_by_role("button", name="Play", exact=True).bounding_box()
        assert box
        assert box["y"] + box["height"] <= size["height"]
        assert found.page.locator("#stage").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    found.page.evaluate(SEEK, 121)
    assert (found.text("move"), found.text("part")) == ("Well done.", "2:01 · 2 exercises")
    found.page.keyboard.press("f")
    assert found.page.locator(".words").is_visible()


def test_the_stage_is_the_one_of_the_pages() -> None:
    page = handout.page(eight_moves(), b"1").decode("utf-8")
    files = dict(site.pages(show(), COVER, (), None))
    for shared, published in (("stage.js", "player.js"), ("stage.css", "style.css")):
        whole = assets.site(shared)
        assert whole.decode("utf-8") in page
        assert whole in files[published]


def test_it_can_be_used_by_keys_alone(opened: Callable[..., Opened]) -> None:
    found = opened("handout/short.html")
    keyboard = found.page.keyboard
    keyboard.press("Space")
    found.wait_for("!sound.paused")
    keyboard.press("Space")
    found.wait_for("sound.paused")
    # First what fills the screen and the list of keys, then the place in the sound.
    for name in ("full", "help-button"):
        keyboard.press("Tab")
        assert found.page.evaluate("document.activeElement.id") == name
    keyboard.press("Tab")
    keyboard.press("End")
    assert found.page.evaluate("[document.activeElement.id, sound.currentTime]") == ["position", 121]
    reached = []
    for _ in range(40):
        keyboard.press("Tab")
        reached.append(found.page.evaluate("document.activeElement.type || document.activeElement.tagName"))
    assert {"button", "A", "checkbox"} <= set(reached)


def test_its_keys_are_those_of_the_pages(opened: Callable[..., Opened]) -> None:
    found = opened("handout/short.html")
    keyboard, told = found.page.keyboard, found.page.locator("#told")
    keyboard.press("l")
    assert told.inner_text() == "Strength, Get ready, Side plank, set 1 of 2, left · 0:10, 0:37"
    keyboard.press(".")
    assert told.inner_text() == "Side plank, set 1 of 2, left, 0:51"
    found.page.locator("#position").focus()
    for key, wanted in (("ArrowRight", 56), ("ArrowDown", 51), ("PageUp", 111), ("Home", 0)):
        keyboard.press(key)
        assert found.page.evaluate("Math.floor(sound.currentTime)") == wanted
    # One stop for all words, and arrows among them.
    first, second = (found.page.locator("#lines details[open] a").nth(place) for place in (0, 1))
    first.focus()
    keyboard.press("ArrowDown")
    assert second.evaluate("(one) => one === document.activeElement")
    assert found.page.locator("#lines [tabindex='0']").count() == 1
    keyboard.press("?")
    assert found.page.get_by_role("dialog").is_visible()
    found.page.get_by_role("button", name="Close").click()
    assert found.page.get_by_role("dialog").is_hidden()


def test_without_scripts_it_is_a_player_and_a_sheet(opened: Callable[..., Opened]) -> None:
    found = opened("handout/short.html", java_script_enabled=False)
    assert found.page.locator("audio[controls]").is_visible()
    assert found.page.get_by_text("open this file in a browser").is_visible()
    assert found.page.locator(".exercises h3").count() == 2
    assert found.page.locator("#controls").is_hidden()


def test_texts_that_break_formats_break_nothing(opened: Callable[..., Opened]) -> None:
    found = opened("hostile.html")
    found.page.wait_for_selector(".plays")
    found.page.evaluate(SEEK, 9)
    assert found.page.locator(".exercises > li").count() == len(TEXTS)
    assert found.page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("name", ["handout/short.html", "handout/short.sheet.html", "eight.html"])
def test_it_fits_a_phone_and_a_thumb(opened: Callable[..., Opened], name: str) -> None:
    found = opened(name)
    assert found.page.evaluate("document.documentElement.scrollWidth") == 360
    assert found.page.evaluate(SMALL) == []


def test_on_a_phone_that_lies_on_its_side_what_is_now_and_the_buttons_are_seen_at_once(
    opened: Callable[..., Opened],
) -> None:
    found = opened("handout/short.html", viewport={"width": 740, "height": 360})
    found.page.evaluate(SEEK, 51.2)
    for name in ("figures", "cue", "next", "position", "play"):
        box = found.page.locator(f"#{name}").bounding_box()
        assert box
        assert box["y"] + box["height"] <= 360, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["handout/short.html", "handout/short.sheet.html"])
def test_axe_finds_nothing(opened: Callable[..., Opened], name: str, scheme: str) -> None:
    axe = (node.installed("axe-core") / "axe.min.js").read_text("utf-8")
    found = opened(name, color_scheme=scheme)
    found.page.evaluate(axe)
    for seconds in (0, 51.2) if "sheet" not in name else (0,):
        if seconds:
            found.page.evaluate(SEEK, seconds)
        result = found.page.evaluate("axe.run()")
        assert result["passes"]
        assert [(one["id"], [it["html"] for it in one["nodes"]]) for one in result["violations"]] == []


# -- on paper -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["eight.html", "eight.sheet.html", "six.html", "sections.html"])
def test_up_to_eight_exercises_are_one_page(opened: Callable[..., Opened], name: str) -> None:
    page = opened(name).page
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1


def test_the_code_leads_to_the_session(opened: Callable[..., Opened], tmp_path: Path) -> None:
    found = opened("handout/short.sheet.html", color_scheme="dark")
    found.page.locator(".code").screenshot(path=tmp_path / "code.png")
    (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert code.text == LINK == found.page.locator(".code a").get_attribute("href")


def test_without_an_address_there_is_no_code() -> None:
    assert b'class="code"' not in handout.sheet(replace(eight_moves(), link=""))


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("back.html", 20_000_000, ""),
        ("back.html", 20_000_001, "back.html is larger than most mails may be: hand it over as a file"),
        ("back.mp3", 22_200_000, ""),
    ],
)
def test_a_page_above_20_mb_is_told(name: str, size: int, told: str) -> None:
    assert handout.too_large(name, size) == told


# -- the command --------------------------------------------------------------------------------


def test_what_stands_is_left_and_a_shows_own_address_is_taken(folder: Path) -> None:
    (folder / "audiocoach.yaml").write_text(
        "title: Backs\nauthor: Anna\ndescription: For backs.\nbase_url: https://example.org/anna/\n", "utf-8"
    )
    mp3 = folder / "handout" / "short.mp3"
    before = mp3.stat().st_mtime_ns
    run_audiocoach("handout", "short.yaml", "--cache", "cache", cwd=folder, check=True)
    assert mp3.stat().st_mtime_ns == before
    assert b"https://example.org/anna/short.html" in (folder / "handout" / "short.sheet.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("short.yaml", "--link", "back"), "expected an address such as https://example.org/back/knee.html"),
        (
            ("short.yaml", "two.yaml", "--link", LINK),
            "2 sessions cannot be at one address: end it with a slash",
        ),
        (("short.yaml", "bad.yaml"), "bad.yaml:1:"),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    (folder / "two.yaml").write_text(ROUTINE, "utf-8")
    (folder / "bad.yaml").write_text("title: Bad\n", "utf-8")
    done = run_audiocoach("handout", *arguments, "-o", "other", "--cache", "cache", cwd=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert ("other/short.html" in done.stdout) is ("bad.yaml" in arguments)
