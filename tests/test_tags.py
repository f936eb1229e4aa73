import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiocoach.coaching.timeline import Chapter
from audiocoach.sound import mp3, tags
from tests.decoders import run

CHAPTERS = (Chapter(0, "Warm-up"), Chapter(60_000, "Größe 🏋"), Chapter(90_000, ""))
HOSTILE = {
    "control characters": ("a\x00b\x1bc\x85d\ne", "a b c d e"),
    "a lone surrogate": ("a\ud800b", "a\ufffdb"),
    "surrogates that make a pair": ("\ud83c\udfcb", "🏋"),
    "a byte order mark that is none": ("\ufffe\uffffx", "\ufffe\uffffx"),
    "10,000 characters": ("é" * 10_000, "é" * 10_000),
    "emoji": ("🏋🏽‍♀️", "🏋🏽‍♀️"),
    "bidi marks": ("\u202eabc", "\u202eabc"),
    "markup": ("]]><script>", "]]><script>"),
}


def read(data: bytes) -> ID3:
    return ID3(io.BytesIO(data))


def test_texts_are_read_back() -> None:
    found = read(tags.tag("Legs", "Ana", "Früh", 960_000))
    assert [str(found[name]) for name in ("TIT2", "TPE1", "TALB", "TLEN")] == [
        "Legs",
        "Ana",
        "Früh",
        "960000",
    ]
    assert found.version == (2, 3, 0)


def test_a_tag_is_no_longer_than_its_frames() -> None:
    data = tags.tag("Legs", "", "", 1)
    assert data == (
        b"ID3\x03\x00\x00\x00\x00\x00\x1b" + b"TIT2\x00\x00\x00\x05\x00\x00\x00Legs"
        b"TLEN\x00\x00\x00\x02\x00\x00\x001"
    )


def test_what_is_not_ascii_is_utf_16_with_its_mark() -> None:
    assert tags.text_frame("TIT2", "ü") == b"TIT2\x00\x00\x00\x05\x00\x00\x01\xff\xfe\xfc\x00"


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", "\n"])
def test_a_text_with_nothing_in_it_makes_no_frame(text: str) -> None:
    assert tags.text_frame("TIT2", text) == b""


@pytest.mark.parametrize(("written", "found"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_titles_give_a_valid_tag(written: str, found: str) -> None:
    tag = read(tags.tag(written, "Ana", "Album", 60_000, (Chapter(0, written), Chapter(9, "last"))))
    assert str(tag["TIT2"]) == found
    assert str(tag["CHAP:chp0"].sub_frames["TIT2"]) == found
    assert str(tag["CHAP:chp1"].sub_frames["TIT2"]) == "last"


@given(st.text(st.characters(exclude_categories=()), max_size=40), st.text(max_size=40))
def test_any_title_leaves_the_frames_behind_it_readable(title: str, chapter: str) -> None:
    tag = read(tags.tag(title, "Ana", "Album", 60_000, (Chapter(0, chapter),)))
    assert str(tag["TLEN"]) == "60000"
    assert tag["CTOC:toc"].child_element_ids == ["chp0"]


def test_chapters_follow_one_another_to_the_end() -> None:
    tag = read(tags.tag("Legs", "Ana", "Album", 120_000, CHAPTERS))
    spans = [(tag[f"CHAP:chp{at}"].start_time, tag[f"CHAP:chp{at}"].end_time) for at in range(3)]
    assert spans == [(0, 60_000), (60_000, 90_000), (90_000, 120_000)]
    assert str(tag["CHAP:chp1"].sub_frames["TIT2"]) == "Größe 🏋"
    assert not tag["CHAP:chp2"].sub_frames


def test_chapters_stand_in_the_file_in_order_of_time() -> None:
    data = tags.tag("Legs", "", "", 120_000, tuple(reversed(CHAPTERS)))
    places = [data.index(b"CHAP"), data.index(b"chp1\0", data.index(b"CHAP")), data.rindex(b"chp2\0")]
    assert places == sorted(places)
    assert str(read(data)["CHAP:chp0"].sub_frames["TIT2"]) == "Warm-up"


def test_the_table_of_contents_is_on_top_and_in_order() -> None:
    table = read(tags.tag("Legs", "", "", 120_000, CHAPTERS))["CTOC:toc"]
    assert (int(table.flags), table.child_element_ids) == (3, ["chp0", "chp1", "chp2"])


def test_more_chapters_than_a_table_can_count_get_tables_of_their_own() -> None:
    tag = read(tags.tag("Long", "", "", 600_000, tuple(Chapter(at * 1_000, f"{at}") for at in range(600))))
    groups = [tag[f"CTOC:{name}"].child_element_ids for name in tag["CTOC:toc"].child_element_ids]
    assert [name for group in groups for name in group] == [f"chp{at}" for at in range(600)]
    assert len(tag.getall("CHAP")) == 600


def test_a_session_without_chapters_has_no_table() -> None:
    assert b"CTOC" not in tags.tag("Legs", "", "", 1_000)


def test_ffprobe_finds_the_chapters(tmp_path: Path) -> None:
    path = tmp_path / "session.mp3"
    with path.open("wb") as out:
        mp3.write(out, (), 120_000 * 48, mp3.silence(), tags.tag("Legs", "Ana", "Album", 120_000, CHAPTERS))
    told = json.loads(
        run("ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", path).stdout
    )
    found = [(chapter["start"], chapter.get("tags", {}).get("title")) for chapter in told["chapters"]]
    assert found == [(0, "Warm-up"), (60_000, "Größe 🏋"), (90_000, "chp2")]
    assert told["format"]["tags"]["title"] == "Legs"
