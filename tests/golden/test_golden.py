"""One routine for each feature of the language, and the script that a listener hears; one in all formats.

Every word takes 60 ms a character and 300 ms. After a change of wording, read what changed:

    AUDIOCOACH_REFRESH=1 python -m pytest tests/golden && git diff tests/golden
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audiocoach.coaching.schedule import schedule
from audiocoach.publish import chapters, picture, sheet, transcript
from audiocoach.publish.preview import as_text
from audiocoach.routine.diagnostics import Diagnostics
from tests.generate import constant, planned

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.coaching.timeline import Timeline

HERE = Path(__file__).parent
# One session in every format that is made from a timeline alone.
FORMATS: dict[str, Callable[[Timeline], str]] = {
    "csv": sheet.csv,
    "vtt": transcript.vtt,
    "srt": transcript.srt,
    "lrc": transcript.lrc,
    "txt": transcript.txt,
    "svg": picture.svg,
    "chapters.json": chapters.as_json,
}


def timeline_of(path: Path, diagnostics: Diagnostics) -> Timeline:
    return schedule(planned(path.read_text(encoding="utf-8"), diagnostics), constant)


def script(path: Path) -> str:
    diagnostics = Diagnostics()
    timeline = timeline_of(path, diagnostics)
    notes = "".join(f"{problem}\n" for problem in diagnostics.problems)
    return as_text(timeline) + (f"\n{notes}" if notes else "")


@pytest.mark.parametrize("path", sorted(HERE.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_script_is_as_it_was_read_and_accepted(path: Path) -> None:
    check(path.with_suffix(".expected"), script(path))


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_as_it_was_read_and_accepted(suffix: str) -> None:
    path = HERE / "sections-and-rounds.yaml"
    check(path.with_suffix(f".{suffix}"), FORMATS[suffix](timeline_of(path, Diagnostics())))


def check(expected: Path, found: str) -> None:
    if os.environ.get("AUDIOCOACH_REFRESH"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


def test_every_script_has_its_routine() -> None:
    scripts = {path.stem for path in HERE.glob("*.expected")}
    assert scripts == {path.stem for path in HERE.glob("*.yaml")}
