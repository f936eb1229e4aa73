"""The five real MP3s as players see them: parsers that others wrote agree with the timelines.

On titles, lengths, chapters (times, order), words and cover; and on the files beside each MP3.
"""

from __future__ import annotations

import html
import io
import json
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import eyed3
import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from PIL import Image

from audiocoach.sound import tags
from tests import node
from tests.builds import files_of
from tests.conftest import ROUTINES
from tests.decoders import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Finished

Chapters = list[tuple[int, int, str]]
# Players that count frames take the encoder's delay and what fills the last frame for sound.
_PADDING_MS = 72


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader says of an MP3. Chapters have a start, an end (both in ms) and a title, in its order."""

    title: str
    duration_ms: float
    chapters: Chapters
    lyrics: str
    synced: list[tuple[int, str]] | None
    cover: bytes | int


def mutagen(path: Path) -> Told:
    tag = ID3(path)
    marks = [tag[f"CHAP:{name}"] for name in tag["CTOC:toc"].child_element_ids]
    (words,), (lines,), (picture,) = tag.getall("USLT"), tag.getall("SYLT"), tag.getall("APIC")
    return Told(
        str(tag["TIT2"]),
        MP3(path).info.length * 1000,
        [(one.start_time, one.end_time, str(one.sub_frames["TIT2"])) for one in marks],
        words.text,
        [(at_ms, text.removeprefix("\n")) for text, at_ms in lines.text],
        picture.data,
    )


def eye_d3(path: Path) -> Told:
    # It warns of the Info frame: it looks for the checksum where stereo has it, in mono files of LAME too.
    logging.getLogger("eyed3").setLevel(logging.ERROR)
    found = eyed3.load(path)
    (table,) = found.tag.table_of_contents
    assert [mark.element_id for mark in found.tag.chapters] == list(table.child_ids)
    (words,), (picture,) = found.tag.lyrics, found.tag.images
    assert (picture.picture_type, picture.mime_type) == (3, "image/jpeg")
    return Told(
        found.tag.title,
        found.info.time_secs * 1000,
        [(one.times.start, one.times.end, one.title) for one in found.tag.chapters],
        words.text,
        None,
        picture.image_data,
    )


def music_metadata(path: Path) -> Told:
    found = node.told("music-metadata", path)
    assert found["warnings"] == []
    common, sound = found["common"], found["format"]
    (words,) = [one for one in common["lyrics"] if one.get("text")]
    (lines,) = [one for one in common["lyrics"] if one.get("syncText")]
    (picture,) = common["picture"]
    assert (picture["type"], picture["format"]) == ("Cover (front)", "image/jpeg")
    return Told(
        common["title"],
        sound["duration"] * 1000,
        [(round(one["start"] * 1000), round(one["end"] * 1000), one["title"]) for one in sound["chapters"]],
        words["text"],
        [(one["timestamp"], one["text"].removeprefix("\n")) for one in lines["syncText"]],
        picture["size_bytes"],
    )


def ffprobe(path: Path) -> Told:
    show = ("-show_chapters", "-show_format", "-show_streams")
    found = json.loads(run("ffprobe", "-v", "error", *show, "-of", "json", path).stdout)
    texts = found["format"]["tags"]
    (picture,) = [one for one in found["streams"] if one["codec_type"] == "video"]
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("mjpeg", 1000, 1000)
    assert picture["disposition"]["attached_pic"] == 1
    return Told(
        texts["title"],
        float(found["format"]["duration"]) * 1000,
        [
            (
                round(float(one["start_time"]) * 1000),
                round(float(one["end_time"]) * 1000),
                one["tags"]["title"],
            )
            for one in found["chapters"]
        ],
        next(text for name, text in texts.items() if name.startswith("lyrics")),
        None,
        run("ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-f", "mjpeg", "-").stdout,
    )


READERS = (mutagen, eye_d3, music_metadata, ffprobe)


@pytest.fixture(params=range(len(ROUTINES)), ids=ROUTINES)
def one(request: pytest.FixtureRequest, five: tuple[Finished, ...]) -> Finished:
    return five[int(request.param)]


def beside(one: Finished, suffix: str) -> str:
    return one.mp3.with_name(f"{one.slug}{suffix}").read_text("utf-8")


def spoken(timeline: dict[str, Any]) -> list[tuple[int, str]]:
    return [(event["start_ms"], event["text"]) for event in timeline["events"] if event["kind"] == "speech"]


def chapters_of(timeline: dict[str, Any]) -> Chapters:
    starts = [(row["start_ms"], row["title"]) for row in timeline["chapters"]]
    ends_ms = [start_ms for start_ms, _ in starts[1:]] + [timeline["duration_ms"]]
    return [(start_ms, end_ms, title) for (start_ms, title), end_ms in zip(starts, ends_ms, strict=True)]


@pytest.mark.parametrize("read", READERS)
def test_a_player_shows_what_the_timeline_says(one: Finished, read: Callable[[Path], Told]) -> None:
    told = read(one.mp3)
    assert told.title == one.timeline["title"]
    assert 0 <= told.duration_ms - one.timeline["duration_ms"] < _PADDING_MS
    assert told.chapters == chapters_of(one.timeline)
    # Some end lines with both characters of a line end.
    assert told.lyrics.replace("\r\n", "\n").strip() == beside(one, ".lrc").strip()
    assert told.synced in (None, spoken(one.timeline))


@pytest.mark.parametrize("read", READERS)
def test_a_player_shows_the_cover(one: Finished, read: Callable[[Path], Told]) -> None:
    found, whole = read(one.mp3).cover, mutagen(one.mp3).cover
    assert isinstance(whole, bytes)
    assert found == (len(whole) if isinstance(found, int) else whole)
    with Image.open(io.BytesIO(whole)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1000, 1000))
    assert len(whole) < 150_000


def test_the_tag_is_no_more_than_it_has_to_be(one: Finished) -> None:
    with one.mp3.open("rb") as file:
        head = file.read(10)
        body = file.read(tags.size_bytes(head) - 10)
        file.seek(-128, io.SEEK_END)
        assert file.read(3) != b"TAG"
    # ID3v2.3 without a flag (unsynchronisation among them); frames up to the last byte, no padding.
    assert (head[:3], head[3:6]) == (b"ID3", b"\3\0\0")
    names = [name.decode("ascii") for name, _ in tags._frames(body)]  # noqa: SLF001
    assert sum(len(whole) for _, whole in tags._frames(body)) == len(body)  # noqa: SLF001
    once = {"TIT2", "TPE1", "TALB", "TLEN", "TLAN", "TCON", "COMM", "USLT", "SYLT", "APIC", "CTOC"}
    assert {name for name in names if names.count(name) == 1} >= once
    assert names.count("CHAP") == len(one.timeline["chapters"])


def test_every_mp3_has_its_companions(one: Finished) -> None:
    names = {path.name for path in one.mp3.parent.iterdir() if path.name.split(".")[0] == one.slug}
    assert sorted(names) == files_of(one.slug)


def test_the_companions_tell_the_timelines_chapters(one: Finished) -> None:
    wanted = [(start_ms, title) for start_ms, _, title in chapters_of(one.timeline)]
    found = json.loads(beside(one, ".chapters.json"))
    assert [(row["startTime"] * 1000, row["title"]) for row in found["chapters"]] == wanted
    heads = re.findall(r"^([\d:]+)  (.*)$", beside(one, ".txt"), re.MULTILINE)
    assert [(_clock_ms(clock), title) for clock, title in heads] == wanted


def _clock_ms(clock: str) -> int:
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds * 1000


def test_the_captions_are_the_timelines_words_to_a_strict_parser(five: tuple[Finished, ...]) -> None:
    paths = [one.mp3.with_suffix(".vtt") for one in five]
    for one, found in zip(five, node.told("webvtt-parser", *paths), strict=True):
        assert found["errors"] == []
        cues = [
            (round(cue["startTime"] * 1000), " ".join(html.unescape(cue["text"]).split()))
            for cue in found["cues"]
        ]
        assert cues == spoken(one.timeline)


def test_an_mp3_with_another_tag_is_the_same_sound(one: Finished, tmp_path: Path) -> None:
    again = tmp_path / "again.mp3"
    frames = tags.text_frame("TALB", "Lower Back") + tags.place_frames(7, 2, 2026)
    with one.mp3.open("rb") as source, again.open("wb") as out:
        tags.retag(source, out, frames)
    tag, before = (ID3(path, translate=False) for path in (again, one.mp3))
    found = {name: str(tag[name]) for name in ("TALB", "TRCK", "TPOS", "TYER")}
    assert found == {"TALB": "Lower Back", "TRCK": "7", "TPOS": "2", "TYER": "2026"}
    assert set(tag) - set(before) == {"TRCK", "TPOS", "TYER"}
    assert [str(tag[name]) for name in sorted(before) if name != "TALB"] == [
        str(before[name]) for name in sorted(before) if name != "TALB"
    ]
    assert [read(again).chapters for read in (mutagen, ffprobe)] == [chapters_of(one.timeline)] * 2
    size_bytes, new_bytes = (tags.size_bytes(path.read_bytes()[:10]) for path in (one.mp3, again))
    assert again.read_bytes()[new_bytes:] == one.mp3.read_bytes()[size_bytes:]
    assert "warning" not in run("mp3val", again).stdout.decode().lower()
    assert run("ffmpeg", "-v", "error", "-xerror", "-i", again, "-f", "null", "-").stderr == b""
