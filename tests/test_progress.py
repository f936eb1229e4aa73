"""What is seen of a build while it goes on."""

from __future__ import annotations

import re
from io import StringIO

import pytest

from audiocoach.workers.progress import Bar, Lines, progress_on


@pytest.fixture(autouse=True)
def a_usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_without_a_terminal_a_stage_is_one_plain_line() -> None:
    out = StringIO()
    with progress_on(out) as progress:
        assert isinstance(progress, Lines)
        progress.expect("speech", 2)
        progress.advance("speech")
        progress.expect("files", 1)
        progress.advance("speech")
        progress.advance("files")
    speech, files = out.getvalue().splitlines()
    assert re.fullmatch(r"speech 2/2, \d+ a second", speech)
    assert re.fullmatch(r"files 1/1, \d+ a second", files)


def test_a_terminal_that_is_listened_to_gets_lines_and_nothing_is_drawn_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(progress_on(Terminal()), Lines)


def test_long_work_is_told_with_its_rate_and_the_time_left() -> None:
    out = StringIO()
    with Lines(out) as progress:
        progress.expect("speech", 100)
        progress.expect("files", 5)
        progress.since_s -= 10
        progress.advance("speech")
    first, last = out.getvalue().splitlines()
    assert re.fullmatch(r"speech 1/100, \d+(\.\d)? a second, \d+ s left", first)
    assert first.split(",")[0] == last.split(",")[0]


def test_on_a_terminal_short_work_shows_nothing_and_long_work_a_bar_with_the_time_left() -> None:
    out = Terminal()
    with progress_on(out) as progress:
        assert isinstance(progress, Bar)
        progress.expect("speech", 3)
        progress.advance("speech")
        assert out.getvalue() == ""
        progress.started_s -= 1
        progress.advance("speech")
        progress.expect("sound", 5)
        progress.advance("sound")
    shown = out.getvalue()
    assert "speech" in shown
    assert "2/3" in shown
    assert "a second" in shown
    assert "1/5" in shown
