"""The studio's figures beside what was asked: an hour of session, its real server, the real page in Chromium.

Best of several turns each, since others may use the machine: the time on the wall, and beside it that of the
processors in the server and its workers. All of it ends in time, with fewer turns where they are slow.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tests.bench.sessions import routine
from tests.browser import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from playwright.sync_api import BrowserContext, Page

T = TypeVar("T")
_EXERCISES = 45
_BUNDLE = Path(__file__).parents[2] / "assets" / "studio"
# So long it measures at most, with all voices together.
_MOST_S = 150
_ENGINES = ("pyttsx3", "hibari")
_WORDS = (
    "slowly",
    "gently",
    "evenly",
    "calmly",
    "lightly",
    "softly",
    "smoothly",
    "steadily",
    "firmly",
    "warmly",
)
_TICKS_S = os.sysconf("SC_CLK_TCK")
# When a key was pressed, when what it did was painted, and when the first sound after it begins.
_SPY = """
window.keys = [];
window.sounds = null;
addEventListener("keydown", () => {
  const began = performance.now();
  window.pressed = began;
  window.sounds = null;
  requestAnimationFrame(() => setTimeout(() => keys.push(performance.now() - began)));
}, true);
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at, skip) {
  window.sounds ??= performance.now() - pressed + (at - this.context.currentTime) * 1000;
  return start.call(this, at, skip);
};
"""
_EDITED = 'setup: "Press the heels'


@dataclass(frozen=True, slots=True)
class Took:
    """How long something took: on the wall, and on the processors of the server and its workers."""

    wall_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What the studio takes with one voice."""

    paint_ms: float
    key_ms: float
    slowest_key_ms: float
    look: Took
    sound: Took
    sound_s: float
    turns: int


class Studio:
    """A running studio, and the processor time of all that belongs to it."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        assert process.stdout is not None
        self.folder = folder
        self.address = process.stdout.readline().strip()
        self._root = process.pid

    def cpu_ms(self) -> float:
        """All of it up to now: that of workers that live, and of those that have ended."""
        return sum(_used_ms(process) for process in _tree(self._root))


def _tree(root: int) -> list[int]:
    """A process and all that come of it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if fields:
            parents[int(folder.name)] = int(fields[1])
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def _stat(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _used_ms(process: int) -> float:
    return sum(int(ticks) for ticks in _stat(process)[11:15]) * 1000 / _TICKS_S


@contextmanager
def _studio(folder: Path) -> Iterator[Studio]:
    command = (sys.executable, "-m", "audiocoach", "studio", str(folder), "--port", "0", "--no-open")
    # Ended from here, it says so: in the middle of a table.
    kept = (*command, "--cache", str(folder / ".cache"))
    with subprocess.Popen(kept, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        try:
            yield Studio(run, folder)
        finally:
            run.send_signal(signal.SIGTERM)


class Turns:
    """Takes something again and again: `most` times, or until its share of the time is over, but once."""

    def __init__(self, most: int, until_s: float) -> None:
        self._most = most
        self._until_s = until_s
        self.taken = most

    def of(self, take: Callable[[str], T], shares: int) -> list[T]:
        """What each turn gave, with a word for each; `shares` is how many such are to come, this one too."""
        began_s = time.monotonic()
        end_s = began_s + (self._until_s - began_s) / shares
        found = [take(_WORDS[0])]
        for word in _WORDS[1 : self._most]:
            if time.monotonic() > end_s:
                break
            found.append(take(word))
        self.taken = min(self.taken, len(found))
        return found


def _measured(engine: str, turns: Turns) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "hour.yaml")
        path.write_text(f"voice: {{engine: {engine}}}\n{routine('An hour', _EXERCISES)}", encoding="utf-8")
        with _studio(Path(folder)) as studio, chromium() as browser:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.set_default_timeout(300_000)
            context.add_init_script(_SPY)
            context.new_page().goto(studio.address)
            return _of_page(context, studio, turns)


def _of_page(context: BrowserContext, studio: Studio, turns: Turns) -> Figures:
    address = f"{studio.address.partition('?')[0]}#hour.yaml"
    page = context.new_page()
    page.goto(address)
    page.locator(".card").first.wait_for()
    _at_an_exercise(page)
    began = time.perf_counter()
    _heard(page)
    first_s = time.perf_counter() - began
    sounds = turns.of(lambda word: _edited(page, studio, word), 4)
    keys = turns.of(lambda _: _typed(page), 3)
    looks = turns.of(lambda word: _looked(page, studio, word), 2)
    paints = turns.of(lambda _: _paint_ms(context, address), 1)
    typical, slowest = min(keys)
    return Figures(
        paint_ms=min(paints),
        key_ms=typical,
        slowest_key_ms=slowest,
        look=_best(looks),
        sound=_best(sounds),
        sound_s=first_s,
        turns=turns.taken,
    )


def _best(turns: list[Took]) -> Took:
    return Took(min(one.wall_ms for one in turns), min(one.cpu_ms for one in turns))


def _paint_ms(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    page.goto(address)
    page.locator(".card").first.wait_for()
    painted: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.close()
    return painted


def _took(studio: Studio, does: Callable[[], float]) -> Took:
    before = studio.cpu_ms()
    wall_ms = does()
    return Took(wall_ms, studio.cpu_ms() - before)


def _typed(page: Page) -> tuple[float, float]:
    """Forty keys at 60 ms each: what the middle one takes to be painted, and the slowest."""
    _at_an_exercise(page)
    page.evaluate("keys.length = 0")
    page.keyboard.type(" and stay as tall as you can all the way", delay=60)
    keys = sorted(_until(page, "keys.length < 40 ? [] : keys"))
    return keys[len(keys) // 2], keys[-1]


def _at_an_exercise(page: Page) -> None:
    page.locator("#editor .cm-line", has_text=_EDITED).first.click()
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")


def _looked(page: Page, studio: Studio, word: str) -> Took:
    """An estimate of the text with a word more."""
    page.evaluate(
        """async (word) => {
          const text = (await (await fetch("/api/document?path=hour.yaml")).json()).text;
          window.looking = async () => {
            const edited = text.replace("Press the heels", `Press the heels ${word}`);
            const body = JSON.stringify({ path: "hour.yaml", text: edited });
            const headers = { "Content-Type": "application/json" };
            const began = performance.now();
            await (await fetch("/api/look", { method: "POST", headers, body })).json();
            return performance.now() - began;
          };
        }""",
        word,
    )
    return _took(studio, lambda: page.evaluate("looking()"))


def _until(page: Page, expression: str) -> list[float]:
    """The numbers, as soon as there are any; the page's policy lets nobody wait in the page itself."""
    found: list[float] = []
    while not found:
        page.wait_for_timeout(20)
        found = page.evaluate(expression)
    return found


def _heard(page: Page) -> float:
    """From a key until the first sound; then it is quiet again."""
    page.keyboard.press("Control+Enter")
    (took,) = _until(page, "sounds === null ? [] : [sounds]")
    page.keyboard.press("Control+Enter")
    page.locator("#play[aria-label=Play]").wait_for()
    return took


def _edited(page: Page, studio: Studio, word: str) -> Took:
    _at_an_exercise(page)
    page.keyboard.type(f" {word}")
    page.locator("#state", has_text=re.compile("^Saved$")).wait_for()
    return _took(studio, lambda: _heard(page))


def _rows(one: Figures) -> Iterator[tuple[str, str, str]]:
    """What was measured, how much it is, and what was asked for."""
    yield "one word edited, until its sound begins", _told(one.sound), "under 300 ms"
    yield "a key, until it is painted", f"{one.key_ms:.0f} ms", "under 60 ms"
    yield "the slowest of forty keys", f"{one.slowest_key_ms:.0f} ms", ""
    yield "an estimate after one word", _told(one.look), "under 100 ms"
    yield "first paint", f"{one.paint_ms:.0f} ms", "under 1000 ms"
    yield "all of it spoken, once", f"{one.sound_s:.1f} s", ""


def _told(one: Took) -> str:
    return f"{one.wall_ms:.0f} ms, of which processors of the server {one.cpu_ms:.0f} ms"


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    return "".join(f"| {what} | {took} | {wanted} |\n" for what, took, wanted in rows)


def main() -> None:
    """Measure and tell."""
    if not shutil.which("chromium"):
        sys.exit("scripts/bench-studio needs chromium: on Debian and Ubuntu, apt install chromium")
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    engines = tuple(sys.argv[2:]) or _ENGINES
    until_s = time.monotonic() + _MOST_S
    size = sum(path.stat().st_size for path in _BUNDLE.iterdir() if path.is_file())
    sys.stdout.write("| an hour of session | measured | asked for |\n|---|---|---|\n")
    sys.stdout.write(_table([("all that a browser loads", f"{size / 1000:.0f} kB", "under 700 kB")]))
    for left, engine in zip(range(len(engines), 0, -1), engines, strict=True):
        now_s = time.monotonic()
        figures = _measured(engine, Turns(most, now_s + (until_s - now_s) / left))
        sys.stdout.write(_table([(f"**{engine}**, best of {figures.turns} turns", "", ""), *_rows(figures)]))
        sys.stdout.flush()
    busy = os.getloadavg()[0]
    if busy > (os.cpu_count() or 1):
        sys.stdout.write(f"\n{busy:.0f} processes wanted a processor: measure on a machine that is quiet.\n")


if __name__ == "__main__":
    main()
