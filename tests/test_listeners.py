"""What changes keeps its listeners: a feed that an app read long ago is as whole as the one that stands.

With the command itself, real MP3s, and the server: every feed that was ever published is kept, as apps do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

import pytest
import webvtt
from mutagen.id3 import ID3

from tests.conftest import run_audiocoach
from tests.hosting import served
from tests.publishing import undigested

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from tests.hosting import Served

SHOW = """\
title: Back
author: audiocoach
description: At home.
base_url: https://example.org/back/
"""
ROUTINE = """\
title: {title}
voice: {{engine: silent}}
chapters: sections
session:
  - section: Warm-up
    items: [{{do: march, for: {length}}}]
  - section: Strength
    items: [{{do: squat, reps: 3}}]
  - section: Finish
    items: [{{say: {words}}}]
moves:
  march: {{name: March}}
  squat: {{name: Squat, setup: Stand tall.}}
"""
# What is heard is longer, then told in other words, and then as it was in the beginning.
CHANGES = {
    "first": {"title": "Legs", "length": "40s", "words": "Well done."},
    "another length": {"title": "Legs", "length": "55s", "words": "Well done."},
    "other words and another title": {"title": "Strong legs", "length": "55s", "words": "That was all."},
    "as it was": {"title": "Legs", "length": "40s", "words": "Well done."},
}


@dataclass(frozen=True, slots=True)
class Known:
    """What an app has of one version: its item in the feed, and every file that this names."""

    item: Element
    files: dict[str, bytes]

    def text(self, tag: str) -> str:
        return self.item.findtext(tag) or ""

    def file(self, suffix: str) -> bytes:
        (name,) = (one for one in self.files if one.endswith(suffix))
        return self.files[name]

    @property
    def starts_ms(self) -> dict[str, list[int]]:
        """When its chapters begin, by what tells them."""
        told = json.loads(self.file(".chapters.json"))["chapters"]
        return {"json": [1000 * int(one["startTime"]) for one in told], "mp3": starts_in(self.file(".mp3"))}


def starts_in(mp3: bytes) -> list[int]:
    return [one.start_time for one in ID3(BytesIO(mp3)).getall("CHAP")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listeners")
    (folder / "audiocoach.yaml").write_text(SHOW, "utf-8")
    return folder


@pytest.fixture(scope="module")
def versions(folder: Path) -> dict[str, Known]:
    """What was published after each change, by its name."""
    return {name: published(folder, ROUTINE.format(**texts)) for name, texts in CHANGES.items()}


def published(folder: Path, routine: str) -> Known:
    (folder / "legs.yaml").write_text(routine, "utf-8")
    run_audiocoach("feed", ".", "--cache", "cache", "--jobs", "1", cwd=folder, check=True)
    site = folder / "site"
    (item,) = fromstring((site / "feed.xml").read_bytes()).iter("item")  # noqa: S314 - our own feed
    return Known(item, {name: (site / name).read_bytes() for name in named_by(item)})


def named_by(item: Element) -> list[str]:
    """The files that an item names, pages but for."""
    addresses = [one.get(key, "") for one in item.iter() for key in ("url", "href") if one.get(key)]
    return sorted({urlsplit(one).path.rpartition("/")[2] for one in addresses})


@pytest.fixture(scope="module")
def server(folder: Path, versions: dict[str, Known]) -> Iterator[Served]:
    assert versions
    with served(folder / "site") as server:
        yield server


def test_the_session_stays_the_same_episode(versions: dict[str, Known]) -> None:
    for tag in ("guid", "pubDate", "link"):
        assert len({one.text(tag) for one in versions.values()}) == 1, tag


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_an_app_knows_is_there_as_it_was(
    versions: dict[str, Known], server: Served, name: str
) -> None:
    known = versions[name]
    assert {undigested(one).partition(".")[2] for one in known.files} >= {"mp3", "chapters.json", "vtt"}
    for address, content in known.files.items():
        assert server.get(f"/{address}").body == content, address


@pytest.mark.parametrize("name", CHANGES)
def test_an_older_sound_meets_its_own_chapters_and_captions(versions: dict[str, Known], name: str) -> None:
    known = versions[name]
    assert known.starts_ms["json"] == known.starts_ms["mp3"]
    captions = [one.text for one in webvtt.from_string(known.file(".vtt").decode("utf-8")).captions]
    (said,) = ID3(BytesIO(known.file(".mp3"))).getall("SYLT")
    assert [" ".join(one.split()) for one in captions] == [text.strip() for text, _ in said.text]


def test_what_changed_has_another_address_and_what_came_back_its_old_one(versions: dict[str, Known]) -> None:
    sounds = {
        name: next(one for one in known.files if one.endswith(".mp3")) for name, known in versions.items()
    }
    assert len(set(sounds.values())) == 3
    assert sounds["first"] == sounds["as it was"]
    assert versions["first"].starts_ms != versions["another length"].starts_ms


def test_what_is_not_in_the_feed_any_more_is_dated_in_the_state(
    folder: Path, versions: dict[str, Known]
) -> None:
    state = json.loads((folder / "audiocoach.state.json").read_text("utf-8"))
    everything = {name for known in versions.values() for name in known.files}
    assert set(state["superseded"]) == everything - set(versions["as it was"].files)
