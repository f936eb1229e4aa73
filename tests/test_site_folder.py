"""The site's folder: what is written, when, and what is removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from audiocoach.errors import StoppedError, StorageError
from audiocoach.publish.site_folder import SiteFolder, asset_of, is_so
from audiocoach.publish.site_manifest import NAME, SiteManifest
from audiocoach.workers.stop import Stop
from tests.publishing import row

if TYPE_CHECKING:
    from pathlib import Path


def published(folder: Path, files: dict[str, bytes], feed: str = "<rss/>") -> SiteFolder:
    site = SiteFolder(folder, Stop().check)
    site.write_all(files.items())
    site.finish(feed)
    return site


def listed(folder: Path) -> dict[str, dict[str, object]]:
    files: dict[str, dict[str, object]] = json.loads((folder / NAME).read_text("utf-8"))["files"]
    return files


def test_what_is_written_is_listed(tmp_path: Path) -> None:
    published(tmp_path, {"a.vtt": b"WEBVTT"})
    assert listed(tmp_path) == {
        "a.vtt": row(b"WEBVTT", "text/vtt"),
        "feed.xml": row(b"<rss/>", "application/rss+xml"),
    }


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.webmanifest", "application/manifest+json"),
        ("a.chapters.json", "application/json+chapters"),
        ("sw.js", "text/javascript"),
        ("icon-180.png", "image/png"),
        ("a.svg", "image/svg+xml"),
        ("style.css", "text/css"),
    ],
)
def test_a_media_type_goes_by_the_name(name: str, media_type: str) -> None:
    assert asset_of(name, b"").media_type == media_type


def test_until_the_feed_is_there_the_old_one_is_with_all_its_files(tmp_path: Path) -> None:
    published(tmp_path, {"a.vtt": b"WEBVTT"})
    old = listed(tmp_path)
    site = SiteFolder(tmp_path, Stop().check)
    site.write("b.vtt", b"WEBVTT")
    assert (tmp_path / "feed.xml").read_bytes() == b"<rss/>"
    assert (tmp_path / "a.vtt").exists()
    assert listed(tmp_path) == old
    site.finish("<rss >")
    assert not (tmp_path / "a.vtt").exists()
    assert set(listed(tmp_path)) == {"b.vtt", "feed.xml"}


def test_whoever_comes_after_a_stop_knows_what_is_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, {"a.vtt": b"WEBVTT"})
    site = SiteFolder(tmp_path, Stop().check)
    site.write("b.vtt", b"WEBVTT")

    def stopped(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(site, "_remove", stopped)
    with pytest.raises(KeyboardInterrupt):
        site.finish("<rss >")
    assert (tmp_path / "feed.xml").read_bytes() == b"<rss >"
    assert set(listed(tmp_path)) == {"a.vtt", "b.vtt", "feed.xml"}
    assert published(tmp_path, {"b.vtt": b"WEBVTT"}, "<rss >").removed == ["a.vtt"]


def test_what_cannot_be_removed_is_said_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, {"a.vtt": b"WEBVTT", "b.vtt": b"WEBVTT"})

    def refused(_: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", refused)
        with pytest.raises(StorageError, match=r"could not be removed from .*: a\.vtt"):
            published(tmp_path, {"b.vtt": b"WEBVTT"}, "<rss >")
    assert set(listed(tmp_path)) == {"a.vtt", "b.vtt", "feed.xml"}
    (tmp_path / "a.vtt").unlink()
    assert published(tmp_path, {"b.vtt": b"WEBVTT"}, "<rss >").removed == []
    assert set(listed(tmp_path)) == {"b.vtt", "feed.xml"}


def test_it_stops_before_a_file(tmp_path: Path) -> None:
    stop = Stop()
    site = SiteFolder(tmp_path, stop.check)
    stop.wish()
    with pytest.raises(StoppedError):
        site.write("a.vtt", b"WEBVTT")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_a_files_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").mkdir()
    with pytest.raises(StorageError, match=r"a\.vtt could not be written"):
        published(tmp_path, {"a.vtt": b"WEBVTT"})
    assert not (tmp_path / "feed.xml").exists()


def test_a_link_is_no_file_that_stands(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    found = [
        is_so(tmp_path / name, data) for name, data in (("a", b"a"), ("a", b"b"), ("b", b"a"), ("c", b""))
    ]
    assert found == [True, False, False, False]


def test_a_session_whose_name_looks_like_a_digest_is_no_older_file_of_another(tmp_path: Path) -> None:
    published(tmp_path, {f"a-0a1b2c3d{suffix}": b"" for suffix in (".html", ".svg", "-0f0f0f0f.mp3")})
    site = SiteFolder(tmp_path, Stop().check)
    new = site.write_digested("a", ".mp3", b"new").name
    assert site.superseded({"a"}) == []
    site.finish("<rss >")
    assert set(listed(tmp_path)) == {new, "feed.xml"}


def test_what_is_named_and_never_was_ours_stays(tmp_path: Path) -> None:
    published(tmp_path, {"a.vtt": b"WEBVTT"})
    manifest = SiteManifest.from_bytes((tmp_path / NAME).read_bytes())
    strange = tuple(asset_of(name, b"") for name in ("Notes.html", "read me.html"))
    (tmp_path / NAME).write_bytes(SiteManifest((*manifest.files, *strange)).to_bytes())
    for one in strange:
        (tmp_path / one.name).write_bytes(b"")
    assert published(tmp_path, {"b.vtt": b"WEBVTT"}).removed == ["a.vtt"]
    assert all((tmp_path / one.name).exists() for one in strange)
    assert set(listed(tmp_path)) == {"b.vtt", "feed.xml"}


def test_what_is_superseded_stays_where_it_is_wished(tmp_path: Path) -> None:
    site = SiteFolder(tmp_path, Stop().check)
    old = [site.write_digested("a", suffix, b"old").name for suffix in (".mp3", ".chapters.json")]
    site.write_digested("gone", ".mp3", b"old")
    site.finish("<rss/>")
    site = SiteFolder(tmp_path, Stop().check)
    new = site.write_digested("a", ".mp3", b"new").name
    assert sorted(site.superseded({"a"})) == sorted(old)
    site.finish("<rss >", old[:1])
    assert set(listed(tmp_path)) == {old[0], new, "feed.xml"}
    assert {path.name for path in tmp_path.iterdir()} == {old[0], new, "feed.xml", NAME}


def test_a_new_name_is_listed_before_its_file_stands(tmp_path: Path) -> None:
    published(tmp_path, {"a.html": b""})
    site = SiteFolder(tmp_path, Stop().check)
    new = site.write_digested("a", ".mp3", b"new").name
    assert set(listed(tmp_path)) == {"a.html", "feed.xml", new}
    # Stopped here; whoever comes next may want none of it.
    assert published(tmp_path, {"a.html": b""}).removed == [new]
