"""A site folder as it is served: what its manifest names, and nothing that took a file's place."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from audiocoach.errors import InputError, StorageError
from audiocoach.publish.site_manifest import NAME as MANIFEST
from audiocoach.serve.hosted import SCRIPT, Site, TornError, with_script
from audiocoach.serve.response import ByteRange, Content
from tests.hosting import FILES, PAGE, SOUND, put, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def loaded(site: Site, name: str) -> tuple[Content, bytes]:
    opened = site.open(name)
    assert opened is not None
    with opened:
        content = opened.load()
        return content, b"".join(opened.chunks(ByteRange(0, content.size_bytes)))


def test_a_file_is_what_lies_there(tmp_path: Path) -> None:
    site = Site.read(write_site(tmp_path))
    modified_s = int((tmp_path / "squats.mp3").stat().st_mtime)
    digest = hashlib.sha256(SOUND).hexdigest()
    assert loaded(site, "squats.mp3") == (Content("audio/mpeg", len(SOUND), digest, modified_s), SOUND)


@pytest.mark.parametrize("name", sorted(set(FILES) - {"index.html", "squats.mp3"}))
def test_a_text_is_also_there_packed(tmp_path: Path, name: str) -> None:
    opened = Site.read(write_site(tmp_path)).open(name)
    assert opened is not None
    with opened:
        content = opened.load()
        assert content.zipped_bytes is not None
        packed = b"".join(opened.chunks(ByteRange(0, content.zipped_bytes, is_zipped=True)))
    assert gzip.decompress(packed) == FILES[name][1]
    assert content.size_bytes == len(FILES[name][1])


def test_a_page_gets_the_script_and_the_folder_does_not(tmp_path: Path) -> None:
    site = Site.read(write_site(tmp_path))
    content, page = loaded(site, "index.html")
    assert page == with_script(PAGE, site.version)
    assert content.digest == hashlib.sha256(page).hexdigest()
    assert (tmp_path / "index.html").read_bytes() == PAGE


TAG = b'<script src="/-/reload.js" data-version="v"></script>'
POLICY = b'<head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; %b">'
OWN, NONE = POLICY % b"script-src 'self'", POLICY % b"style-src 'self'"


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        (b"<head></head>", b"<head>" + TAG + b"</head>"),
        (b"<HEAD></HEAD></head>", b"<HEAD>" + TAG + b"</HEAD></head>"),
        (OWN + b"</head>", OWN + TAG + b"</head>"),
        (NONE + b"</head>", NONE + b"</head>"),
        (b"<p>No head.", b"<p>No head."),
    ],
)
def test_the_script_stands_last_in_the_head_of_a_page_that_lets_it_run(page: bytes, sent: bytes) -> None:
    assert with_script(page, "v") == sent


def test_the_script_is_there_under_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    content, script = loaded(Site.read(write_site(tmp_path)), SCRIPT)
    assert content.media_type == "text/javascript"
    assert b"EventSource" in script


def test_a_large_text_is_sent_as_it_is(tmp_path: Path) -> None:
    page = b"<head></head>" + b" " * 8_000_000
    content, sent = loaded(Site.read(write_site(tmp_path, {"index.html": ("text/html", page)})), "index.html")
    assert content.zipped_bytes is None
    assert sent == page


def test_another_site_is_another_version_and_the_same_is_the_same(tmp_path: Path) -> None:
    site = Site.read(write_site(tmp_path))
    assert site.again().version == site.version
    write_site(tmp_path, {**FILES, "new.mp3": ("audio/mpeg", b"new")})
    assert site.open("new.mp3") is None
    assert site.again().version != site.version
    assert loaded(site.again(), "new.mp3")[1] == b"new"


# -- what is not there --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [None, "", ".", "..", MANIFEST, "secret.txt", "./squats.mp3", "squats.mp3/", "squats.mp3\0", "x" * 5000],
)
def test_what_the_manifest_does_not_name_is_not_there(tmp_path: Path, name: str | None) -> None:
    site = Site.read(write_site(tmp_path))
    (tmp_path / "secret.txt").write_text("secret")
    assert site.open(name) is None


def test_a_link_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = write_site(tmp_path / "site")
    (folder / "squats.mp3").unlink()
    (folder / "squats.mp3").symlink_to(tmp_path / "secret.txt")
    assert Site.read(folder).open("squats.mp3") is None


def test_neither_is_a_folder_a_pipe_or_what_is_gone(tmp_path: Path) -> None:
    site = Site.read(write_site(tmp_path))
    for name in ("squats.mp3", "squats.vtt", "feed.xml"):
        (tmp_path / name).unlink()
    (tmp_path / "squats.mp3").mkdir()
    os.mkfifo(tmp_path / "squats.vtt")
    assert [site.open(name) for name in ("squats.mp3", "squats.vtt", "feed.xml")] == [None] * 3


# -- files that change --------------------------------------------------------------------------


def test_a_file_that_is_replaced_is_read_on_as_it_was(tmp_path: Path) -> None:
    site = Site.read(write_site(tmp_path))
    opened = site.open("squats.mp3")
    assert opened is not None
    with opened:
        content = opened.load()
        put(tmp_path / "squats.mp3", b"another")
        assert b"".join(opened.chunks(ByteRange(0, content.size_bytes))) == SOUND
    assert loaded(site, "squats.mp3")[1] == b"another"


@pytest.mark.parametrize("name", ["squats.mp3", "feed.xml"])
def test_a_file_that_is_written_to_is_never_taken_for_whole(tmp_path: Path, name: str) -> None:
    opened = Site.read(write_site(tmp_path)).open(name)
    assert opened is not None
    with opened, (tmp_path / name).open("r+b") as file:
        file.truncate(10)
        with pytest.raises(TornError):
            opened.load()


def test_a_file_that_shrinks_while_it_is_sent_is_never_taken_for_whole(tmp_path: Path) -> None:
    opened = Site.read(write_site(tmp_path, {"a.mp3": ("audio/mpeg", SOUND * 100)})).open("a.mp3")
    assert opened is not None
    with opened, (tmp_path / "a.mp3").open("r+b") as file:
        chunks = opened.chunks(ByteRange(0, opened.load().size_bytes))
        assert next(chunks)
        file.truncate(10)
        with pytest.raises(TornError):
            next(chunks)


def test_a_file_that_is_written_over_while_it_is_sent_is_never_mixed(tmp_path: Path) -> None:
    path = write_site(tmp_path, {"a.mp3": ("audio/mpeg", SOUND * 100)}) / "a.mp3"
    opened = Site.read(tmp_path).open("a.mp3")
    assert opened is not None
    with opened:
        chunks = opened.chunks(ByteRange(0, opened.load().size_bytes))
        assert next(chunks)
        path.write_bytes(SOUND[::-1] * 100)
        os.utime(path, (1, 1))
        with pytest.raises(TornError):
            next(chunks)


def test_a_sound_is_read_as_a_whole_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site.read(write_site(tmp_path))
    first = loaded(site, "squats.mp3")
    monkeypatch.setattr("audiocoach.serve.hosted.hashlib.sha256", None)
    assert loaded(site, "squats.mp3") == first
    monkeypatch.undo()
    put(tmp_path / "squats.mp3", SOUND[::-1])
    assert loaded(site.again(), "squats.mp3")[0].digest == hashlib.sha256(SOUND[::-1]).hexdigest()


# -- manifests ----------------------------------------------------------------------------------


def test_a_folder_without_a_site_is_bad_input(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(
            InputError, match=f"^{folder}: there is no site in this folder: expected site.json"
        ):
            Site.read(folder)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / MANIFEST)
    with pytest.raises(StorageError, match=r"site\.json cannot be read: it is no regular file"):
        Site.read(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        *("", "{", "[]", "{}", '{"files": []}', '{"files": {"a": 1}}', '{"files": {"a": {}}}', "[" * 99_999),
        *(
            json.dumps({"files": {name: {"type": "text/html"}}})
            for name in (
                "",
                ".",
                "..",
                ".env",
                "../a",
                "a/b",
                "/etc/passwd",
                "a\\b",
                "C:a",
                "a\0",
                "a\nb",
                "-/events",
            )
        ),
        *(
            json.dumps({"files": {"a": {"type": media_type}}})
            for media_type in ("", "html", "text/html\r\nX-Evil: 1", "text/html; x", "text/", None)
        ),
    ],
)
def test_a_damaged_manifest_is_said_and_no_name_leads_elsewhere(tmp_path: Path, manifest: Any) -> None:  # noqa: ANN401
    (tmp_path / MANIFEST).write_text(manifest, "utf-8")
    with pytest.raises(StorageError, match=r"site\.json is damaged: publish the site once more"):
        Site.read(tmp_path)
