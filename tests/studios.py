"""A studio that runs, and tabs of one browser that show it: for tests, which then look at page and files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium
from tests.hosting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page

    Tabs = Callable[[], "Tab"]

# A file is looked at so often before a test gives up: half a minute on a busy machine.
_TRIES = 1500
ROUTINE = """\
title: Two moves
safety: Stop if it hurts.
session:
  - section: Strength # the main part
    items:
      - {do: bridge, reps: 5, sets: 2, rest: 20s}   # slowly
      - do: plank
        hold: 20s
  - rest: 10s
  - say: That was it. Well done.
moves:
  bridge:
    name: Bridge
    posture: supine
    setup: Lie on your back, knees bent.
  plank:
    name: Plank
    posture: prone
    setup: Forearms down, body long.
"""
# What WebAudio is given, and the address of the sound.
SPY = """
window.laid = [];
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (at, skip) {
  const { buffer } = this;
  const channels = [];
  for (let one = 0; one < buffer.numberOfChannels; one++) channels.push(buffer.getChannelData(one).slice());
  laid.push({ at, skip, channels });
  return start.call(this, at, skip);
};
const ask = window.fetch;
window.fetch = (address, options) => {
  if (String(address).startsWith("/sound/")) window.heard = address;
  return ask(address, options);
};
"""


@dataclass
class Tab:
    page: Page
    folder: Path

    def open(self, name: str) -> None:
        self.page.goto(f"{self.page.url.partition('#')[0]}#{name}")
        self.page.reload()
        self.page.locator(".card").first.wait_for()
        self.saved()

    def saved(self) -> None:
        self.page.locator("#state", has_text=re.compile("^Saved")).wait_for()

    def head(self, name: str) -> Locator:
        return self.page.locator(".head", has_text=name).first

    def write(self, name: str, text: str = ROUTINE) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def until(self, path: Path, part: str, *, gone: bool = False, is_open: bool = True) -> str:
        """The text of a file, as soon as it has a part, or has it no more."""
        text = ""
        for _ in range(_TRIES):
            # A new file may be on its way.
            text = path.read_text("utf-8") if path.exists() else ""
            if (part in text) is not gone:
                if is_open:
                    self.saved()
                return text
            self.page.wait_for_timeout(20)
        pytest.fail(f"never: {part!r} {'gone' if gone else 'there'}\n{text}")

    def changed(self, path: Path, before: str, wanted: str | None = None) -> str:
        """The text of a file, as soon as it is another than before, or the one that is wanted."""
        text = ""
        for _ in range(_TRIES):
            text = path.read_text("utf-8")
            if text != before and wanted in {None, text}:
                self.saved()
                return text
            self.page.wait_for_timeout(20)
        pytest.fail(f"never another, or never as it is wanted\n{text}")


@dataclass(frozen=True)
class Studio:
    """A studio of a folder, and the browser that it let in."""

    context: BrowserContext
    address: str
    folder: Path


@contextmanager
def studio(folder: Path, *flags: str) -> Iterator[Studio]:
    """A studio of a folder with its data beside it, in a browser with these flags more."""
    command = [sys.executable, "-m", "audiocoach", "studio", str(folder), "--port", "0", "--no-open"]
    own = os.environ | {"AUDIOCOACH_DATA": str(folder.parent / "data")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=own) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            with chromium(*flags) as browser:
                context = browser.new_context(
                    viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
                )
                context.set_default_timeout(PATIENCE_S * 1000 / 4)
                context.add_init_script(SPY)
                context.new_page().goto(address)
                yield Studio(context, address.partition("?")[0], folder)
                context.close()
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(PATIENCE_S)


@contextmanager
def tabs(of: Studio, *known: str) -> Iterator[Tabs]:
    """What opens tabs; at the end nothing may have gone wrong in them but what is `known`, such as `400`."""
    wrong: list[str] = []
    pages: list[Page] = []

    def note(line: ConsoleMessage) -> None:
        if is_grave(line) and not any(one in line.text for one in known):
            wrong.append(line.text)

    def make() -> Tab:
        page = of.context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", note)
        page.on(
            "request",
            lambda one: wrong.append(one.url) if not one.url.startswith((of.address, "blob:")) else None,
        )
        page.goto(of.address)
        page.locator("#start").wait_for()
        pages.append(page)
        return Tab(page, of.folder)

    yield make
    for page in pages:
        page.close()
    assert wrong == [], wrong


def opened(tab: Tabs, name: str, text: str = ROUTINE) -> tuple[Tab, Page, Path]:
    """A routine of its own for a test, in a tab."""
    found = tab()
    path = found.write(name, text)
    found.open(name)
    return found, found.page, path


def when(page: Page, condition: str) -> None:
    """Wait until something holds in the page, frame by frame."""
    look = f"const look = () => {condition} ? done() : requestAnimationFrame(look); look();"
    page.evaluate(f"new Promise((done) => {{ {look} }})")


def is_grave(line: ConsoleMessage) -> bool:
    """What the page did not expect; a conflict (409), no file (404) and no entry (403) it did."""
    return line.type == "error" and not re.search("40[349]", line.text)


def judge(page: Page, part: str) -> None:
    asked = part if part == "document" else repr(part)
    result = page.evaluate(f"axe.run({asked})")
    assert result["passes"]
    grave = [one for one in result["violations"] if one["impact"] in {"serious", "critical"}]
    found = [(part, one["id"], [it["html"] for it in one["nodes"]]) for one in grave]
    assert found == [], found
