"""Where pictures, pages and tags come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3

from audiocoach.errors import InputError
from audiocoach.publish import cover as covers
from audiocoach.sound.mp3.walk import walk
from audiocoach.workers.renderers import make_renderers
from tests.publishing import SHOW, Workplace, picture

if TYPE_CHECKING:
    from pathlib import Path


def published(place: Workplace) -> None:
    place.published(renderers=make_renderers)


def test_a_site_has_its_pages_and_covers(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "legs")
    published(place)
    assert {"index.html", "legs.html", "legs.svg", "style.css", "sw.js"} <= set(place.listed())
    assert all(path.read_bytes()[:3] == b"\xff\xd8\xff" for path in place.site.glob("*.jpg"))


def test_an_mp3_tells_its_show_and_its_place(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "a", "b", "c", show=f"{SHOW}sessions: serial\ndays: [mon, wed]\n")
    published(place)
    tag = ID3(place.file("c.mp3"), translate=False)
    assert [str(tag[name]) for name in ("TALB", "TRCK", "TPOS", "TYER")] == ["Back", "3", "2", "2027"]
    built = ID3(tmp_path / "out" / "c.mp3")
    assert str(tag["TIT2"]) == str(built["TIT2"])
    assert [mark.start_time for mark in tag.getall("CHAP")] == [
        mark.start_time for mark in built.getall("CHAP")
    ]
    with place.file("c.mp3").open("rb") as after, (tmp_path / "out" / "c.mp3").open("rb") as before:
        assert walk(after) == walk(before)


def test_a_cover_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Workplace.of(tmp_path, "legs")
    published(place)
    whole = place.tree()
    monkeypatch.setattr(covers, "draw", lambda *_: pytest.fail("drawn again"))
    published(place)
    assert place.tree() == whole


def test_a_picture_that_will_not_do_is_said_before_anything_is_built(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "legs", show=f"{SHOW}cover: cover.jpg\n")
    (tmp_path / "routines" / "cover.jpg").write_bytes(picture("own"))
    with pytest.raises(InputError, match="expected a JPEG or PNG picture"):
        published(place)
    assert not place.site.exists()
    assert not (tmp_path / "out" / "legs.mp3").exists()
