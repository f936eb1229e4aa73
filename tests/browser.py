"""A real Chromium for tests: Debian's, driven by Playwright, which brings none of its own then."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.decoders import need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    # Names that end so belong to nobody (RFC 6761 §6.2): here they lead to this machine.
    "--host-resolver-rules=MAP *.test 127.0.0.1",
)


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The browser, closed at the end; with more flags than all tests have."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a second that only these tests pay

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=need("chromium"), args=[*_FLAGS, *flags])
