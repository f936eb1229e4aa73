"""The pages in a real browser, with a real MP3: a minute of it, built once, with a voice of known lengths."""

from __future__ import annotations

import hashlib
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach.publish import gates, site
from audiocoach.publish.chapters import chapters
from audiocoach.publish.transcript import lines
from tests import node
from tests.browser import chromium
from tests.decoders import need
from tests.hostile import TEXTS, session
from tests.hosting import Served, served
from tests.sites import COVER, LONG, PACED, build, episode, name_all, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Response

    from audiocoach.coaching.timeline import Interval
    from audiocoach.publish.episode import Episode

# What the page asks of the phone, remembered; whatever it does goes on as ever.
SPY = """
window.asked = { actions: {}, locks: [] };
window.failures = [];
const fails = ({ target }) => { if (target.id === "sound") failures.push(target.error.message); };
addEventListener("error", fails, true);
const on = MediaSession.prototype.setActionHandler;
MediaSession.prototype.setActionHandler = function (name, action) {
  asked.actions[name] = action;
  on.call(this, name, action);
};
const lock = { released: false, release: async () => { lock.released = true; } };
const take = async (kind) => { asked.locks.push(kind); lock.released = false; return lock; };
// Over plain http there is none.
if (window.WakeLock) WakeLock.prototype.request = take;
window.wakeLock = lock;
"""
WAIT = """() => new Promise((resolve, reject) => {
  const late = performance.now() + 15_000;
  const look = async () => {
    if (await (CONDITION)) resolve();
    else if (performance.now() > late) reject(new Error("never: CONDITION"));
    else setTimeout(look, 10);
  };
  look();
})"""
PHONE = {"width": 360, "height": 740}
# A name that leads here, and is not the machine's own: browsers allow its pages neither worker nor cache.
PLAIN = "coach.test"


# What is heard beside the session's sound: how long, how loud, and whether it could be heard.
RINGS = """() => {
  window.rung = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function () {
    const peak = Math.max(...this.buffer.getChannelData(0).map(Math.abs));
    rung.push({ duration: this.buffer.duration, peak, state: this.context.state });
    start.call(this);
  };
}"""
# The page's own listeners were there before this one.
SEEK = """(at) => new Promise((done) => {
  sound.addEventListener("seeked", () => requestAnimationFrame(done), { once: true });
  sound.currentTime = at;
})"""


@dataclass
class Visit:
    """A page that is open, and what went wrong on it."""

    page: Page
    address: str
    problems: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def now(self) -> float:
        """Where the sound is, in seconds."""
        return float(self.page.evaluate("sound.currentTime"))

    def seek(self, seconds: float) -> None:
        """Go there, and wait until the page has been told: the sound is there before its event comes."""
        self.page.evaluate(SEEK, seconds)

    def text(self, name: str) -> str:
        return " ".join(self.page.locator(f"#{name}").inner_text().split())

    def wait_for(self, condition: str) -> None:
        """Until an expression is true: Playwright's own way to wait needs `eval`, which the page forbids."""
        self.page.evaluate(WAIT.replace("CONDITION", condition))

    def forgive(self, words: str) -> None:
        """What the browser is expected to complain of."""
        assert any(words in one for one in self.problems)
        self.problems = [one for one in self.problems if words not in one]

    @property
    def current(self) -> str:
        """The line that is marked."""
        return self.page.locator(".line[aria-current] span").inner_text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def long(folder: Path) -> Episode:
    """A sound that a browser does not fetch in one piece."""
    return build(folder, "long", LONG)


@pytest.fixture(scope="module")
def paced(folder: Path) -> Episode:
    return build(folder, "paced", PACED)


@pytest.fixture(scope="module")
def one(folder: Path, long: Episode, paced: Episode) -> Episode:
    """The last to be built: what all pages share is its own."""
    assert long.sound.size_bytes
    assert paced.sound.size_bytes
    return build(folder)


@pytest.fixture(scope="module")
def server(folder: Path, long: Episode, one: Episode) -> Iterator[Served]:
    """What `audiocoach serve` serves with; pages get its script, which loads them again."""
    assert one.sound.size_bytes
    assert long.sound.size_bytes > 3_000_000
    with served(folder, names=(PLAIN,)) as server:
        yield server
    assert server.told == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, server: Served) -> Iterator[Callable[..., Visit]]:
    """Opens a page at 360 px; in the end nothing must have gone wrong, or out into the world."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(
        name: str = "short.html",
        *,
        ready: str = ".plays",
        host: str = server.host,
        **settings: Any,  # noqa: ANN401
    ) -> Visit:
        context = browser.new_context(**{"viewport": PHONE, "service_workers": "block"} | settings)
        context.set_default_timeout(15_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        context.add_init_script(SPY)
        page = context.new_page()
        found = Visit(page, f"http://{host}")
        visits.append(found)
        page.on(
            "console",
            lambda said: (
                found.problems.append(f"{said.text} {said.location.get('url')}")
                if said.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda error: found.problems.append(str(error)))
        page.on("request", lambda request: found.asked.append(request.url))
        page.goto(f"{found.address}/{name}")
        page.wait_for_selector(ready)
        return found

    yield open_page
    for context in contexts:
        context.close()
    for found in visits:
        # Playwright's own words: most tests do without the worker.
        assert [one for one in found.problems if "blocked by Playwright" not in one] == []
        assert [url for url in found.asked if not url.removeprefix("blob:").startswith(found.address)] == []


# -- sound --------------------------------------------------------------------------------------


def test_it_plays(visit: Callable[..., Visit]) -> None:
    found = visit()
    assert found.text("figures") == "2:01"
    found.page.get_by_role("button", name="Play").click()
    found.wait_for("sound.currentTime > 0.5")
    assert found.page.evaluate("!sound.paused && sound.duration") == pytest.approx(121, abs=0.001)
    found.page.get_by_role("button", name="Pause").click()
    assert found.page.evaluate("sound.paused")


def test_it_begins_at_once_where_the_link_says_so(visit: Callable[..., Visit]) -> None:
    visit("short.html#play").wait_for("sound.currentTime > 0.2")


def test_it_begins_where_the_link_says(visit: Callable[..., Visit]) -> None:
    found = visit("short.html#t=83.5")
    found.wait_for("sound.readyState > 1")
    assert found.now == 83.5


def test_what_is_heard_after_a_seek_is_what_the_timeline_says(
    visit: Callable[..., Visit], one: Episode
) -> None:
    # The go tone of the last hold: silence before it, far above the silent voice.
    (go,) = (event for event in one.timeline.events if event.start_ms == 104_000)
    found = visit()
    heard_ms = found.page.evaluate(LISTEN, go.start_ms / 1000 - 0.5) * 1000
    assert heard_ms == pytest.approx(go.start_ms, abs=60)


LISTEN = """async (from) => {
  const context = new AudioContext();
  const meter = context.createAnalyser();
  meter.fftSize = 256;
  context.createMediaElementSource(sound).connect(meter);
  sound.currentTime = from;
  await context.resume();
  await sound.play();
  const samples = new Float32Array(256);
  return new Promise((resolve) => {
    const look = () => {
      meter.getFloatTimeDomainData(samples);
      if (Math.max(...samples) > 0.05) resolve(sound.currentTime);
      else setTimeout(look, 5);
    };
    look();
  });
}"""


def test_a_chapter_that_is_tapped_is_played(visit: Callable[..., Visit], one: Episode) -> None:
    found = visit(has_touch=True)
    found.page.locator(".chapters a", has_text="Strength").tap()
    found.wait_for("!sound.paused && sound.currentTime >= 37")
    assert found.now < 46
    assert found.page.locator(".chapters [aria-current]").inner_text() == "0:37 Strength"
    assert [chapter.start_ms for chapter in chapters(one.timeline)] == [0, 37_000, 115_000]


def test_a_sound_that_cannot_be_loaded_is_said_and_tried_again(
    visit: Callable[..., Visit], server: Served
) -> None:
    # Where nothing is kept.
    found = visit(host=f"{PLAIN}:{server.port}")
    found.page.route("**/*.mp3*", lambda route: route.abort())
    found.page.evaluate("sound.load()")
    found.page.wait_for_selector("#trouble:visible")
    found.page.unroute("**/*.mp3*")
    found.page.get_by_role("button", name="Play").click()
    found.wait_for("sound.currentTime > 0")
    assert found.page.locator("#trouble").is_hidden()
    found.forgive("ERR_FAILED")


def test_a_sound_that_breaks_off_goes_on_where_it_was_without_a_word(
    visit: Callable[..., Visit], server: Served
) -> None:
    # Where nothing is kept.
    found = visit(host=f"{PLAIN}:{server.port}")
    found.page.evaluate("sound.currentTime = 40; sound.play()")
    found.wait_for("sound.currentTime > 40.5")
    found.page.route("**/*.mp3*", lambda route: route.abort(), times=1)
    # As where the network of a phone changes: what was asked for is given up, and fails.
    found.page.evaluate("sound.load(); sound.currentTime = 41; sound.play().catch(() => 0)")
    found.wait_for("!sound.paused && sound.currentTime > 41.2")
    assert found.page.locator("#trouble").is_hidden()
    found.forgive("ERR_FAILED")


# -- the first visit ----------------------------------------------------------------------------

# What has happened when somebody presses play: nothing yet, the worker has the page, the sound is kept.
MOMENTS = {
    "at once": "true",
    "with the worker": "navigator.serviceWorker.controller !== null",
    "when it is kept": "kept.textContent === 'Works offline'",
}


def play_to(found: Visit, seconds: float) -> None:
    found.page.evaluate("sound.play().catch(() => undefined)")
    found.wait_for(f"failures.length || !sound.seeking && sound.currentTime > {seconds}")
    assert found.page.evaluate("failures") == []


def play_from(found: Visit, seconds: float) -> None:
    found.page.evaluate("(at) => { sound.currentTime = at; }", seconds)
    play_to(found, seconds + 1)


def source(found: Visit) -> str:
    """Where the sound comes from."""
    address = str(found.page.evaluate("sound.src"))
    return "kept" if address.startswith("blob:") else address.removeprefix(f"{found.address}/")


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_sound_has_one_source_from_its_first_byte(
    visit: Callable[..., Visit], long: Episode, moment: str
) -> None:
    found = visit("long.html", service_workers="allow")
    found.wait_for(moment)
    found.page.evaluate("sound.playbackRate = 4")
    found.page.get_by_role("button", name="Play").click()
    play_to(found, 10)
    play_from(found, 300)
    play_from(found, 100)
    assert source(found) == long.sound.name
    found.page.get_by_text("Works offline").wait_for()
    found.page.reload()
    found.wait_for("document.body.matches('.plays') && sound.src.startsWith('blob:')")
    found.page.get_by_role("button", name="Play").click()
    play_to(found, 1)
    found.page.context.set_offline(True)
    play_to(found, 2)
    play_from(found, 500)
    play_from(found, 50)
    assert source(found) == "kept"


def test_the_worker_never_answers_for_a_sound(visit: Callable[..., Visit], long: Episode) -> None:
    found = visit("long.html", service_workers="allow")
    answers: list[Response] = []
    found.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks it
    found.page.get_by_text("Works offline").wait_for()
    play_to(found, 1)
    play_from(found, 400)
    sounds = [one for one in answers if long.sound.name in one.url and one.request.resource_type == "media"]
    assert sounds
    assert [one.url for one in sounds if one.from_service_worker] == []


def test_over_plain_http_it_comes_from_the_network(
    visit: Callable[..., Visit], server: Served, long: Episode
) -> None:
    found = visit("long.html", host=f"{PLAIN}:{server.port}", service_workers="allow")
    assert found.page.evaluate("[isSecureContext, 'caches' in window]") == [False, False]
    play_to(found, 1)
    play_from(found, 300)
    assert source(found) == long.sound.name


def test_a_line_that_goes_while_it_plays_is_not_heard_where_the_sound_is_kept(
    visit: Callable[..., Visit],
) -> None:
    found = visit("long.html", service_workers="allow")
    found.page.get_by_text("Works offline").wait_for()
    found.seek(300)
    # Whatever the browser asks for from here on stays unanswered, as on a phone that has left the house.
    found.page.route("**/*.mp3*", lambda _: None)
    found.page.evaluate("sound.src = sound.src; sound.currentTime = 300")
    play_to(found, 301)
    assert source(found) == "kept"


def test_a_kept_sound_that_breaks_off_comes_from_the_network(
    visit: Callable[..., Visit], long: Episode
) -> None:
    found = visit("long.html", service_workers="allow")
    found.page.get_by_text("Works offline").wait_for()
    found.page.reload()
    found.wait_for("document.body.matches('.plays') && sound.src.startsWith('blob:')")
    found.page.evaluate("URL.revokeObjectURL(sound.src); sound.src = sound.src; sound.currentTime = 300")
    found.page.evaluate("sound.play().catch(() => 0)")
    found.wait_for("!sound.seeking && sound.currentTime > 301")
    assert source(found) == long.sound.name
    found.forgive("ERR_FILE_NOT_FOUND")


def test_what_is_kept_plays_on_when_it_is_let_go_of(visit: Callable[..., Visit]) -> None:
    found = visit("long.html", service_workers="allow")
    found.page.get_by_text("Works offline").wait_for()
    found.page.reload()
    found.wait_for("document.body.matches('.plays') && sound.src.startsWith('blob:')")
    play_to(found, 1)
    # As another page does that knows of a newer version.
    found.page.evaluate("caches.delete('audiocoach')")
    found.page.context.set_offline(True)
    play_from(found, 500)
    assert source(found) == "kept"


# -- what is seen -------------------------------------------------------------------------------

SHOWN = {
    17.0: (
        "work",
        "Work · Warm-up",
        "Squat",
        "",
        "0:20",
        "Get ready · 0:14, then Side plank, set 1 of 2, left",
    ),
    36.9: (
        "work",
        "Work · Warm-up",
        "Squat",
        "",
        "0:01",
        "Get ready · 0:14, then Side plank, set 1 of 2, left",
    ),
    51.2: (
        "hold",
        "Hold · Strength",
        "Side plank",
        "set 1 of 2 · left",
        "0:10",
        "Rest · 0:08, then set 2 of 2, left",
    ),
    61.0: ("rest", "Strength", "Rest", "", "0:08", "Side plank, set 2 of 2, left · 0:10"),
    105.5: ("hold", "Hold · Strength", "Side plank", "set 2 of 2 · right", "0:10", "Listen · 0:04"),
    121.0: ("idle", "2:01 · 2 exercises", "Well done.", "", "2:01", ""),
}


def test_the_stage_tells_interval_move_side_set_time_left_and_what_is_next(
    visit: Callable[..., Visit],
) -> None:
    found = visit()
    for seconds, wanted in SHOWN.items():
        found.seek(seconds)
        kind = found.page.locator("#stage").get_attribute("data-kind")
        context = " ".join(found.page.locator(".context").inner_text().split())
        assert (kind, context, *map(found.text, ("move", "details", "figures", "next"))) == wanted


def of_kind(episode: Episode, kind: str, which: int = 0) -> Interval:
    return [one for one in episode.timeline.intervals if one.kind == kind][which]


def test_the_stage_tells_which_repetition_breath_or_hold_of_how_many(
    visit: Callable[..., Visit], paced: Episode
) -> None:
    found = visit("paced.html")
    reps, breaths = of_kind(paced, "reps"), of_kind(paced, "breaths")
    for interval, into_s, wanted in (
        (reps, 0.5, "repetition 1 of 4"),
        (reps, 9.0, "repetition 3 of 4"),
        (breaths, 1.0, "In · breath 1 of 3"),
        (breaths, 5.0, "Hold · breath 1 of 3"),
        (breaths, 19.0, "Out · breath 2 of 3"),
    ):
        found.seek(interval.start_ms / 1000 + into_s)
        assert found.text("turn") == wanted
    found.seek(of_kind(paced, "hold", 1).start_ms / 1000 + 1)
    assert (found.text("turn"), found.text("details")) == ("", "hold 2 of 2")


def test_the_breath_is_a_circle_that_grows_and_shrinks(visit: Callable[..., Visit], paced: Episode) -> None:
    found, start_s = visit("paced.html"), of_kind(paced, "breaths").start_ms / 1000
    full = []
    for into_s in (0.0, 2.0, 5.0, 9.0, 11.9):
        found.seek(start_s + into_s)
        full.append(found.page.evaluate("Number(breath.style.getPropertyValue('--full'))"))
    assert full == pytest.approx([0, 0.5, 1, 0.5, 0.0167], abs=0.01)
    found.seek(1)
    assert found.page.locator("#breath").is_hidden()
    calm = visit("paced.html", reduced_motion="reduce")
    calm.seek(start_s + 2)
    assert (calm.text("turn"), calm.page.locator("#breath").is_hidden()) == ("In · breath 1 of 3", True)


def test_the_stage_shows_the_words_while_they_last(visit: Callable[..., Visit], paced: Episode) -> None:
    found = visit("paced.html")
    line = next(one for one in lines(paced.timeline) if one.text == "Slowly down.")
    found.seek(line.start_ms / 1000 + 0.1)
    assert found.text("cue") == "Slowly down."
    # What was said of the repetitions is no word for the rest.
    found.seek(of_kind(paced, "rest").start_ms / 1000)
    assert found.text("cue") == ""


def test_nothing_on_the_stage_moves_what_one_touches(visit: Callable[..., Visit], paced: Episode) -> None:
    found = visit("paced.html")
    tops = set()
    for interval in paced.timeline.intervals:
        found.seek(interval.start_ms / 1000 + 0.5)
        tops.add(found.page.evaluate("play.getBoundingClientRect().top"))
    assert len(tops) == 1


# When which words were shown, by the sound's own time.
WATCH = """() => {
  window.changes = [];
  const keep = () => changes.push([Math.round(sound.currentTime * 1000), cue.textContent]);
  new MutationObserver(keep).observe(cue, { childList: true, characterData: true, subtree: true });
}"""
# Where everything stands that one may touch, but for the words, which scroll in a window of their own.
TOUCHED = """() => [...document.querySelectorAll("button, .chapters a, #stage, #scrubber, #panel")]
  .filter((one) => one.checkVisibility() && !panel.contains(one.parentElement))
  .map((one) => [one.id || one.href, ...Object.values(one.getBoundingClientRect().toJSON())])"""


def test_a_film_of_ten_seconds_shows_the_words_in_time_and_moves_nothing_that_one_touches(
    visit: Callable[..., Visit], paced: Episode, tmp_path: Path
) -> None:
    found, start_ms = visit("paced.html"), of_kind(paced, "breaths").start_ms - 2000
    found.seek(start_ms / 1000)
    found.page.evaluate(WATCH)
    found.page.get_by_role("button", name="Play").click()
    frames, places = set(), set()
    for number in range(1, 21):
        found.wait_for(f"sound.currentTime * 1000 >= {start_ms + number * 500}")
        frames.add(found.page.screenshot(path=tmp_path / f"{number:02}.png"))
        places.add(str(found.page.evaluate(TOUCHED)))
    found.page.get_by_role("button", name="Pause").click()
    end_ms = found.now * 1000
    # The figures, the circle and the strip go on in each.
    assert len(frames) == 20
    assert len(places) == 1
    assert "'play'" in places.pop()
    due = [one for one in lines(paced.timeline) if start_ms < one.start_ms <= end_ms]
    shown = [(at_ms, text) for at_ms, text in found.page.evaluate("changes") if text]
    assert [text for _, text in shown] == [one.text for one in due]
    for (at_ms, text), line, following in zip(shown, due, [*due[1:], None], strict=True):
        assert line.start_ms <= at_ms, text
        assert following is None or at_ms < following.start_ms, text
    assert len(due) >= 3


def test_a_rest_until_ready_waits_for_the_listener(visit: Callable[..., Visit], paced: Episode) -> None:
    found = visit("paced.html")
    rest = of_kind(paced, "rest")
    lead = {"time_left", "get_ready", "at_go", "count"}
    count = next(
        one.start_ms for one in paced.timeline.events if one.cue in lead and one.start_ms > rest.start_ms
    )
    found.page.get_by_role("button", name="Play").click()
    found.page.evaluate("(at) => { sound.currentTime = at; }", count / 1000 - 1)
    found.wait_for("sound.paused")
    assert rest.start_ms < found.now * 1000 <= count
    assert (found.text("figures"), found.text("details")) == ("Ready?", "Press play when you are.")
    found.page.keyboard.press("Space")
    found.wait_for(f"sound.currentTime > {count / 1000 + 0.5}")
    assert found.text("details") == ""


def test_that_it_waits_is_heard_and_told(visit: Callable[..., Visit], paced: Episode) -> None:
    found = visit("paced.html")
    found.page.evaluate(RINGS)
    told = found.page.get_by_role("status").filter(has_text="waits for you")
    assert told.count() == 0
    found.page.get_by_role("button", name="Play").click()
    found.page.evaluate("(at) => { sound.currentTime = at; }", gate_s(paced) - 1)
    found.wait_for("rung.length")
    assert told.inner_text() == "The session waits for you. Press Space, or play, when you are ready."
    # Words are no time that is left.
    assert found.page.get_by_role("timer").count() == 0
    # The bell is soft, and the session stands where it stood: what comes next is heard whole.
    rung = found.page.evaluate("rung")
    assert rung == [{"duration": 0.9, "peak": pytest.approx(0.3, abs=0.15), "state": "running"}]
    assert found.now == pytest.approx(gate_s(paced), abs=0.001)
    found.page.keyboard.press("Space")
    found.wait_for(f"sound.currentTime > {gate_s(paced) + 0.5}")
    assert (told.count(), found.page.evaluate("rung.length")) == (0, 1)


def gate_s(one: Episode) -> float:
    (at_ms,) = gates.times_ms(one.timeline)
    return at_ms / 1000


def test_full_screen_has_the_stage_and_the_controls(visit: Callable[..., Visit]) -> None:
    for size in (PHONE, {"width": 740, "height": 360}, {"width": 1280, "height": 800}):
        found = visit(viewport=size)
        found.page.get_by_role("button", name="Full screen").click()
        assert found.page.locator(".script").is_hidden()
        found.seek(17)
        # None of the figures is beside the stage, nor anything below the screen.
        assert found.page.locator("#stage").evaluate("(one) => one.scrollWidth <= one.clientWidth")
        assert found.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        for name in ("Play", "Next chapter"):
            box = found.page.get_by_role("button", name=name, exact=True).bounding_box()
            assert box
            assert box["y"] + box["height"] <= size["height"]
        found.page.keyboard.press("f")
        assert found.page.locator(".script").is_visible()


def test_full_screen_keeps_the_focus_of_whoever_was_among_the_words(visit: Callable[..., Visit]) -> None:
    found = visit()
    here = "[document.activeElement.id, document.activeElement.className].join(' ').trim()"
    found.page.locator(".line").nth(1).focus()
    for wanted in ("full round", "line"):
        found.page.keyboard.press("f")
        assert found.page.evaluate(here) == wanted


def test_the_large_figures_say_what_they_are(visit: Callable[..., Visit]) -> None:
    found = visit()
    for seconds, name in ((0, "Length of the session"), (17, "Time left"), (121, "Length of the session")):
        found.seek(seconds)
        assert name in (found.page.get_by_role("timer").get_attribute("aria-label") or "")


def test_a_phone_that_lies_on_its_side_has_stage_and_controls(visit: Callable[..., Visit]) -> None:
    found = visit(viewport={"width": 740, "height": 360})
    for name in ("#figures", "#next", "#play", "#scrubber"):
        box = found.page.locator(name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 360


def test_the_address_of_a_session_can_be_shared(visit: Callable[..., Visit]) -> None:
    found = visit("short.html#t=5")
    found.page.get_by_role("button", name="Share").click()
    found.page.get_by_role("button", name="The address is copied").wait_for()
    assert found.page.evaluate("navigator.clipboard.readText()") == f"{found.address}/short.html"


def test_the_figures_are_a_fifth_of_the_width_and_more(visit: Callable[..., Visit]) -> None:
    found = visit()
    found.seek(17)
    for width in (360, 768, 1280):
        found.page.set_viewport_size({"width": width, "height": 800})
        high, wide, room = found.page.evaluate(
            "[parseFloat(getComputedStyle(figures).fontSize), figures.scrollWidth, figures.clientWidth]"
        )
        assert high >= 0.2 * min(width, 720)
        assert wide <= room


def test_the_line_that_is_spoken_is_marked_and_in_view(visit: Callable[..., Visit], one: Episode) -> None:
    found = visit(reduced_motion="reduce")
    for line in lines(one.timeline):
        found.seek(line.start_ms / 1000 + 0.01)
        assert found.current == line.text
        assert found.page.evaluate(IN_VIEW)


IN_VIEW = """() => {
  const line = document.querySelector(".line[aria-current]").getBoundingClientRect();
  const box = panel.getBoundingClientRect();
  return line.top >= box.top && line.bottom <= box.bottom;
}"""


def test_a_line_that_is_tapped_is_played(visit: Callable[..., Visit]) -> None:
    found = visit()
    unfold(found, "Finish")
    found.page.locator(".line", has_text="Well done").click()
    found.wait_for("!sound.paused && sound.currentTime >= 115.6")
    assert found.current == "Well done, that was all for today."


def unfold(found: Visit, chapter: str) -> None:
    found.page.locator("summary", has_text=chapter).click()


# Which exercises are open, by their places.
OPEN = "[...panel.querySelectorAll('details')].flatMap((one, place) => (one.open ? [place] : []))"


def test_the_voice_unfolds_what_it_comes_to_and_leaves_what_a_reader_unfolded(
    visit: Callable[..., Visit],
) -> None:
    found = visit(reduced_motion="reduce")
    assert found.page.evaluate(OPEN) == [0]
    found.seek(60)
    assert found.page.evaluate(OPEN) == [1]
    # Who folds and unfolds reads, and is left alone like one who scrolls.
    unfold(found, "Warm-up")
    found.seek(117)
    assert found.page.evaluate(OPEN) == [0, 1]
    found.page.get_by_role("button", name="Back to the voice").click()
    assert found.page.evaluate(OPEN) == [0, 2]
    assert found.page.evaluate(IN_VIEW)


def test_words_are_unfolded_by_keys(visit: Callable[..., Visit]) -> None:
    found = visit()
    tab_to(found, "line")
    here = "document.activeElement.innerText"
    for _ in range(20):
        found.page.keyboard.press("ArrowDown")
        if "Strength" in found.page.evaluate(here):
            break
    # What is folded is passed over; Space unfolds it and plays nothing.
    found.page.keyboard.press("Space")
    assert found.page.evaluate(OPEN) == [0, 1]
    assert found.page.evaluate("sound.paused")
    found.page.keyboard.press("ArrowDown")
    assert found.page.evaluate("document.activeElement.matches('details:nth-of-type(2) .line')")
    found.page.keyboard.press("ArrowUp")
    found.page.keyboard.press("Enter")
    assert found.page.evaluate(OPEN) == [0]
    found.page.keyboard.press("ArrowDown")
    assert "Finish" in found.page.evaluate(here)


def test_who_scrolls_the_words_is_not_carried_off(visit: Callable[..., Visit]) -> None:
    found = visit(reduced_motion="reduce")
    found.page.locator("#panel").hover()
    found.page.mouse.wheel(0, 50)
    found.page.wait_for_selector("#follow:visible")
    found.seek(114)
    assert not found.page.evaluate(IN_VIEW)
    found.page.get_by_role("button", name="Back to the voice").click()
    assert found.page.evaluate(IN_VIEW)
    assert found.page.locator("#follow").is_hidden()


def test_the_words_scroll_gently_unless_motion_is_unwelcome(visit: Callable[..., Visit]) -> None:
    found = visit()
    found.page.evaluate("() => { panel.scrollTo = ({ behavior }) => { window.behavior = behavior; }; }")
    found.seek(60)
    assert found.page.evaluate("window.behavior") == "smooth"
    found.page.emulate_media(reduced_motion="reduce")
    found.seek(114)
    assert found.page.evaluate("window.behavior") == "auto"


def test_the_picture_is_a_scrubber(visit: Callable[..., Visit]) -> None:
    found = visit()
    box = found.page.locator("#scrubber").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    found.page.mouse.move(box["x"] + box["width"] * 64.5 / 121, middle)
    assert found.text("bubble") == "1:04 Rest"
    found.page.mouse.down()
    assert found.now == pytest.approx(64.5, abs=0.5)
    found.page.mouse.move(box["x"] + box["width"], middle, steps=3)
    found.page.mouse.up()
    assert found.now == pytest.approx(121, abs=0.5)
    assert found.page.locator("#bubble").is_hidden()


# -- keys ---------------------------------------------------------------------------------------

KEYS = (
    ("ArrowRight", 25),
    ("ArrowLeft", 20),
    ("]", 37),
    ("l", 115),
    ("[", 37),
    ("J", 0),
    (".", 6),
    (".", 17),
    (",", 6),
)


def test_keys_move_through_the_session(visit: Callable[..., Visit]) -> None:
    found = visit()
    found.seek(20)
    for key, wanted in KEYS:
        found.page.keyboard.press(key)
        assert found.now == wanted, key


def test_where_a_key_or_a_button_leads_is_told(visit: Callable[..., Visit]) -> None:
    found = visit()
    told = found.page.locator("#told")
    for key, wanted in (
        ("l", "Strength, Get ready, Side plank, set 1 of 2, left · 0:10, 0:37"),
        (".", "Side plank, set 1 of 2, left, 0:51"),
        ("ArrowRight", "Side plank, set 1 of 2, left, 0:56"),
    ):
        found.page.keyboard.press(key)
        assert told.inner_text() == wanted
    found.page.get_by_role("button", name="Back 10 seconds").click()
    assert told.inner_text().endswith("0:46")
    # The slider says it by itself.
    found.page.locator("#scrubber").focus()
    found.page.keyboard.press("ArrowRight")
    assert told.inner_text().endswith("0:46")
    # Among the words it is told how one moves there.
    words = found.page.get_by_role("group", name="Words")
    assert words.get_attribute("aria-describedby") == "word-keys"
    assert "up and down" in found.page.locator("#word-keys").inner_text()


def test_back_goes_to_the_start_of_a_chapter_first(visit: Callable[..., Visit]) -> None:
    found = visit()
    found.seek(60)
    found.page.keyboard.press("[")
    assert found.now == 37
    found.page.keyboard.press("[")
    assert found.now == 0


def test_everything_works_with_the_keyboard_alone(visit: Callable[..., Visit]) -> None:
    found = visit()
    press = found.page.keyboard.press
    press("Space")
    found.wait_for("sound.currentTime > 0.1")
    press("Space")
    assert found.page.evaluate("sound.paused")
    tab_to(found, "scrubber")
    for key, wanted in {
        "End": 121,
        "Home": 0,
        "PageUp": 60,
        "PageDown": 0,
        "ArrowUp": 5,
        "ArrowRight": 10,
    }.items():
        press(key)
        assert found.now == wanted, key
    assert found.page.locator("#scrubber").get_attribute("aria-valuetext") == "0:10 of 2:01, Get ready"
    tab_to(found, "following")
    press("Enter")
    assert found.now == 37
    press("Space")
    assert found.now == 115


def test_among_the_words_arrows_go_from_line_to_line(visit: Callable[..., Visit], one: Episode) -> None:
    found = visit()
    tab_to(found, "line")
    for _ in range(3):
        found.page.keyboard.press("ArrowDown")
    found.page.keyboard.press("ArrowUp")
    found.page.keyboard.press("Enter")
    assert found.now == pytest.approx(lines(one.timeline)[2].start_ms / 1000, abs=0.3)
    # One stop for all lines: the next is below them.
    found.page.keyboard.press("Tab")
    assert found.page.evaluate("!panel.contains(document.activeElement)")


def tab_to(found: Visit, name: str) -> None:
    """Tab until something with this id or class has the focus; it must be seen to have it."""
    for _ in range(40):
        found.page.keyboard.press("Tab")
        here = found.page.evaluate("[document.activeElement.id, document.activeElement.className].join(' ')")
        if name in here.split():
            assert found.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    pytest.fail(f"{name} cannot be reached")


def test_help_lists_the_keys_and_can_turn_letters_off(visit: Callable[..., Visit]) -> None:
    found = visit()
    found.page.keyboard.press("?")
    assert found.page.get_by_role("dialog").is_visible()
    found.page.get_by_role("checkbox").uncheck()
    found.page.keyboard.press("Escape")
    assert found.page.get_by_role("dialog").is_hidden()
    found.page.keyboard.press("]")
    assert found.now == 0
    found.page.keyboard.press("ArrowRight")
    assert found.now == 5
    found.page.get_by_role("button", name="Keys").click()
    found.page.get_by_role("button", name="Close").click()
    assert found.page.get_by_role("dialog").is_hidden()


# -- the phone ----------------------------------------------------------------------------------


def test_the_screen_stays_on_while_it_plays(visit: Callable[..., Visit]) -> None:
    found = visit("short.html#play")
    found.wait_for("asked.locks.length === 1 && !wakeLock.released")
    found.page.keyboard.press("Space")
    found.wait_for("wakeLock.released")


def test_the_lock_screen_tells_the_chapter_and_skips_by_chapter(visit: Callable[..., Visit]) -> None:
    found = visit()
    title = "navigator.mediaSession.metadata.title"
    assert found.page.evaluate(title) == "Warm-up"
    found.page.evaluate("asked.actions.nexttrack()")
    assert (found.page.evaluate(title), found.now) == ("Strength", 37)
    assert found.page.evaluate("navigator.mediaSession.metadata.album") == "Short & sweet"
    found.page.evaluate("asked.actions.nexttrack()")
    found.page.evaluate("asked.actions.previoustrack()")
    assert (found.page.evaluate(title), found.now) == ("Strength", 37)
    for action, details, wanted in (
        ("seekto", {"seekTime": 50}, 50),
        ("seekforward", {}, 60),
        ("seekbackward", {"seekOffset": 20}, 40),
    ):
        found.page.evaluate("([name, details]) => asked.actions[name](details)", [action, details])
        assert found.now == wanted
    found.page.evaluate("asked.actions.play()")
    found.wait_for("!sound.paused")
    found.page.evaluate("asked.actions.pause()")
    assert found.page.evaluate("sound.paused")


WIDTHS = (320, 360, 768, 1280)


@pytest.mark.parametrize("page", ["index.html", "short.html", "short.transcript.html"])
def test_nothing_is_wider_than_the_screen(visit: Callable[..., Visit], page: str) -> None:
    found = visit(page, ready="h1")
    for width in WIDTHS:
        found.page.set_viewport_size({"width": width, "height": 740})
        assert found.page.evaluate("document.documentElement.scrollWidth") == width


def test_hostile_texts_break_neither_player_nor_layout(
    visit: Callable[..., Visit], folder: Path, one: Episode, server: Served
) -> None:
    names = [hostile(folder, one, index, text) for index, text in enumerate([*TEXTS.values(), "W" * 10_000])]
    name_all(folder)
    server.server.show(server.server.site.again())
    found = visit(names[0])
    for name in names:
        found.page.goto(f"{found.address}/{name}#t=5")
        found.wait_for("document.body.matches('.plays') && sound.readyState > 0")
        assert found.page.evaluate("document.documentElement.scrollWidth") == 360
        assert found.text("figures") == "0:03"
        assert found.page.evaluate("document.querySelectorAll('script').length") == 3


def hostile(folder: Path, one: Episode, index: int, text: str) -> str:
    """The page of a session that says this everywhere, with the sound of another."""
    bad = episode(session(text, "then", text), f"bad{index}", text, (folder / one.sound.name).read_bytes())
    for name, content in site.pages(show(text), COVER, (bad,), None):
        if name.startswith(bad.name):
            (folder / name).write_bytes(content)
    for theirs, ours in ((bad.sound, one.sound), (bad.cover, one.cover)):
        (folder / theirs.name).write_bytes((folder / ours.name).read_bytes())
    return bad.page


def test_the_address_of_the_feed_can_be_copied(visit: Callable[..., Visit]) -> None:
    found = visit("index.html", ready="#copy:visible")
    assert found.text("feed") == f"{found.address}/feed.xml"
    found.page.get_by_role("button", name="Copy").click()
    found.page.get_by_role("button", name="Copied").wait_for()
    assert found.page.evaluate("navigator.clipboard.readText()") == f"{found.address}/feed.xml"


def test_the_list_leads_to_a_session_that_plays(visit: Callable[..., Visit]) -> None:
    found = visit("index.html", ready="#copy:visible")
    found.page.get_by_role("link", name="Play Short & sweet").click()
    found.wait_for("window.sound?.currentTime > 0.2")


# -- without scripts, on paper, without a network -------------------------------------------------


def test_without_scripts_it_is_read_and_heard(visit: Callable[..., Visit], one: Episode) -> None:
    found = visit(java_script_enabled=False, ready="h1")
    assert found.page.locator("audio").is_visible()
    # The transcript has them whole; here they are folded, which takes no script.
    assert found.page.locator(".line:visible").count() < len(lines(one.timeline))
    for summary in found.page.locator("details:not([open]) > summary").all()[::-1]:
        summary.click()
    for line in lines(one.timeline):
        assert found.page.locator(".words", has_text=line.text).first.is_visible()
    links = found.page.locator(".chapters a")
    assert [link.get_attribute("href") for link in links.all()][1] == f"{one.sound.name}#t=37"
    for name in ("#stage", "#scrubber", "#controls", "#help-button", "#follow", "#print"):
        assert found.page.locator(name).is_hidden()


def test_paper_gets_the_cue_sheet(visit: Callable[..., Visit], tmp_path: Path) -> None:
    found = visit(color_scheme="dark")
    found.page.emulate_media(media="print")
    for name in ("#stage", "#scrubber", "#controls", ".chapters", ".about"):
        assert found.page.locator(name).is_hidden()
    found.page.pdf(path=tmp_path / "sheet.pdf", format="A4")
    done = subprocess.run(
        [need("pdftotext"), "-layout", tmp_path / "sheet.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [re.sub(r"\s+", " ", row).strip() for row in done.stdout.splitlines()]
    assert "0:17 Squat Work 0:20 Chest up." in rows
    # All of it, and once, though most of it is folded on the screen.
    assert rows.count("Time Move Dose Words") == 1
    assert [row for row in rows if row in {"Warm-up", "Strength", "Finish"}] == [
        "Warm-up",
        "Strength",
        "Finish",
    ]
    assert any(
        row.startswith("1:01 Side plank set 2 of 2,") and row.endswith("Rest 0:08 Rest. · Set 2 of 2.")
        for row in rows
    )


def test_what_was_opened_once_works_without_a_network(visit: Callable[..., Visit]) -> None:
    found = visit(service_workers="allow")
    found.page.get_by_text("Works offline").wait_for()
    found.page.context.set_offline(True)
    answers: list[Response] = []
    found.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks it
    found.page.reload()
    found.page.wait_for_selector(".plays")
    found.page.get_by_role("button", name="Play").click()
    found.wait_for("sound.currentTime > 0.2")
    found.page.locator(".chapters a", has_text="Finish").click()
    found.wait_for("!sound.seeking && sound.currentTime > 115.2")
    assert found.text("move") == "Listen"
    found.page.get_by_role("link", name="Back & belly").click()
    found.page.get_by_role("heading", name="1 session").wait_for()
    found.page.goto(f"{found.address}/")
    found.page.get_by_role("heading", name="1 session").wait_for()
    assert answers
    assert [one.url for one in answers if not (one.from_service_worker or one.url.startswith("blob:"))] == []
    # The script that loads pages again is the server's own, and of no use without it.
    found.forgive("/-/reload.js")


def test_the_list_marks_what_is_kept_and_what_is_not_has_a_page_of_the_house(
    visit: Callable[..., Visit],
) -> None:
    found = visit("index.html", ready=".sessions", service_workers="allow")
    mark = found.page.locator(".card", has_text="Short & sweet").get_by_text("Works offline")
    found.wait_for("navigator.serviceWorker.ready.then(() => true)")
    assert mark.count() == 0
    found.page.get_by_role("link", name="Short & sweet", exact=True).click()
    found.page.get_by_text("Works offline").wait_for()
    found.page.get_by_role("link", name="Back & belly").click()
    mark.wait_for()
    # Without a network, one that was never opened.
    found.page.context.set_offline(True)
    found.page.goto(f"{found.address}/paced.html")
    assert found.page.locator("h1").inner_text() == "This session is not on this device"
    assert found.page.evaluate("getComputedStyle(document.querySelector('.button')).display") == "inline-flex"
    found.page.get_by_role("link", name="To all sessions").click()
    mark.wait_for()
    found.forgive("/-/reload.js")


def test_the_sound_that_is_kept_is_the_one_that_is_published(
    visit: Callable[..., Visit], folder: Path, one: Episode
) -> None:
    found = visit(service_workers="allow")
    found.page.get_by_text("Works offline").wait_for()
    found.page.reload()
    found.wait_for("document.body.matches('.plays') && sound.src.startsWith('blob:')")
    found.page.context.set_offline(True)
    kept = found.page.evaluate(DIGEST, one.sound.name)
    assert kept == hashlib.sha256((folder / one.sound.name).read_bytes()).hexdigest()


DIGEST = """async (url) => {
  const kept = await (await caches.open("audiocoach")).match(url);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await kept.arrayBuffer()));
  return [...hash].map((one) => one.toString(16).padStart(2, "0")).join("");
}"""


def test_the_worker_lets_go_of_older_versions(visit: Callable[..., Visit]) -> None:
    found = visit(service_workers="allow")
    found.page.get_by_text("Works offline").wait_for()
    keys = "caches.open('audiocoach').then((cache) => cache.keys()).then((all) => all.map((one) => one.url))"
    kept = found.page.evaluate(keys)
    older = ("short-0a1b2c3d.mp3", "short-0a1b2c3d.png?v=0a1b2c3d", "player.js?v=0a1b2c3d")
    others = ("other-0a1b2c3d.mp3", "short-0a1b2c3d.html", "short-0a1b2c3d.svg?v=0a1b2c3d")
    put = "(name) => caches.open('audiocoach').then((cache) => cache.put(name, new Response('')))"
    for name in (*older, *others):
        found.page.evaluate(put, name)
    found.page.reload()
    found.page.get_by_text("Works offline").wait_for()
    stand = f"{keys}.then((all) => all.map((url) => url.split('/').pop()))"
    found.wait_for(
        f"{stand}.then((all) => ![{', '.join(map(repr, older))}].some((one) => all.includes(one)))"
    )
    assert set(found.page.evaluate(stand)) >= set(others)
    assert set(found.page.evaluate(keys)) >= set(kept)


# -- the judge of accessibility -------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["index.html", "short.html", "short.transcript.html"])
def test_axe_finds_nothing_serious(visit: Callable[..., Visit], page: str, scheme: str) -> None:
    axe = (node.installed("axe-core") / "axe.min.js").read_text("utf-8")
    found = visit(page, ready="h1", color_scheme=scheme, reduced_motion="reduce")
    judge(found, axe, "document")
    if page == "short.html":
        found.page.evaluate("panel.querySelectorAll('details').forEach((one) => { one.open = true; })")
        judge(found, axe, "panel")
        for seconds in SHOWN:
            found.seek(seconds)
            judge(found, axe, "stage")
        found.page.keyboard.press("?")
        judge(found, axe, "help")


def judge(found: Visit, axe: str, part: str) -> None:
    # Past the policy of the page, as a browser's own tools are.
    found.page.evaluate(axe)
    result = found.page.evaluate(f"axe.run({part})")
    assert result["passes"]
    grave = [one for one in result["violations"] if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [it["html"] for it in one["nodes"]]) for one in grave] == []


def test_an_address_that_leads_nowhere_shows_the_way_back(visit: Callable[..., Visit]) -> None:
    found = visit("nothing.html", ready=".missing")
    assert found.page.locator("h1").inner_text() == "This page is not here"
    found.page.get_by_role("link", name="To all sessions").click()
    found.page.locator(".sessions").wait_for()
    found.forgive("404")
