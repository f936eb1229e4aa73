"""What the README shows and lets one hear: it is there, told in words as well, and of what stands here."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from PIL import Image

from audiocoach import api
from tests.conftest import ROOT
from tests.decoders import pyav
from tests.pictures import FOLDER, MADE, MINUTE, RECORD, made_of
from tests.tones_picture import PICTURE as TONES

if TYPE_CHECKING:
    from pathlib import Path

README = (ROOT / "README.md").read_text("utf-8")
# Before anything has to be installed.
FIRST = README.partition("\n## ")[0]
PICTURES = sorted(FOLDER.glob("*.webp"))


def test_it_is_made_of_what_stands_here() -> None:
    # Another routine or another picture: run scripts/pictures.
    assert made_of() == json.loads(RECORD.read_text("utf-8"))


def test_nothing_else_lies_there() -> None:
    assert {one.name for one in FOLDER.iterdir()} == {*MADE, RECORD.name, MINUTE.name, TONES.name}


def test_the_first_screen_shows_every_picture_and_says_what_is_on_it() -> None:
    shown = dict(re.findall(r'<img src="([^"]+)" width="\d+" alt="([^"]{60,})">', FIRST))
    assert set(shown) == {f"docs/shown/{one.name}" for one in PICTURES}
    assert len(PICTURES) == 3


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.stem)
def test_a_picture_is_whole_and_tells_nothing_of_the_machine(picture: Path) -> None:
    with Image.open(picture) as opened:
        opened.load()
        assert opened.format == "WEBP"
        assert min(opened.size) >= 800
        # No time, no program, no place.
        assert set(opened.info) <= {"background", "loop", "timestamp", "duration"}
        # What was not loaded is white.
        assert len(opened.convert("RGB").resize((200, 200)).getcolors(40_000) or ()) > 100


def test_all_pictures_are_a_few_hundred_kilobytes() -> None:
    assert sum(one.stat().st_size for one in PICTURES) < 400_000


def test_the_minute_can_be_heard_from_the_first_screen_with_its_words_and_its_routine() -> None:
    targets = set(re.findall(r"\]\(([^)]+)\)", FIRST))
    assert targets == {f"docs/shown/a-minute.{kind}" for kind in ("mp3?raw=true", "md", "yaml")}


def test_the_minute_is_a_whole_mp3_that_says_what_stands_beside_it() -> None:
    mp3 = FOLDER / "a-minute.mp3"
    assert 45 < MP3(mp3).info.length < 75
    # 16-bit samples at 48 kHz.
    assert len(pyav(mp3)) > 45 * 2 * 48_000
    told = re.findall(r"^\| [\d:]+ \| (.*) \|$", (FOLDER / "a-minute.md").read_text("utf-8"), re.MULTILINE)
    (said,) = ID3(mp3).getall("SYLT")
    assert [text.strip() for text, _ in said.text] == told


def test_the_minute_is_a_routine_without_a_note() -> None:
    assert api.check(api.load(MINUTE)) == ()
    assert "\nvoice: {engine: hibari}\n" in MINUTE.read_text("utf-8")
