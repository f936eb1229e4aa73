import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3

from audiocoach.coaching.timeline import Chapter
from audiocoach.sound import tags
from audiocoach.sound.mp3.encode import silence
from audiocoach.sound.mp3.join import write
from tests.decoders import run
from tests.hostile import texts

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
        write(out, (), 120_000 * 48, silence(), tags.tag("Legs", "Ana", "Album", 120_000, CHAPTERS))
    told = json.loads(
        run("ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", path).stdout
    )
    found = [(chapter["start"], chapter.get("tags", {}).get("title")) for chapter in told["chapters"]]
    assert found == [(0, "Warm-up"), (60_000, "Größe 🏋"), (90_000, "chp2")]
    assert told["format"]["tags"]["title"] == "Legs"


# -- words --------------------------------------------------------------------------------------

LINES = ((0, "Feet hip-width."), (1_008, "Stand tall."), (65_250, "Rest."))


def with_frames(*frames: bytes) -> ID3:
    return read(tags.tag("Legs", "", "", 120_000, CHAPTERS, more=b"".join(frames)))


def test_what_all_sessions_have_in_common_is_read_back() -> None:
    tag = with_frames(tags.origin_frames("eng", "Fitness"))
    found = {name: str(tag[name]) for name in ("TCON", "TLAN", "TENC", "TSSE")}
    assert found == {"TCON": "Fitness", "TLAN": "eng", "TENC": "audiocoach", "TSSE": "LAME"}


@pytest.mark.parametrize("text", ["Three moves.", "Drei Übungen 🏋"])
def test_a_comment_is_read_back(text: str) -> None:
    (comment,) = with_frames(tags.comment_frame(text, "eng")).getall("COMM")
    assert (comment.lang, comment.desc, list(comment.text)) == ("eng", "", [text])


@pytest.mark.parametrize("last", ["Rest.", "Pausé 🏋"])
def test_lyrics_are_read_back_with_their_times(last: str) -> None:
    lines = (*LINES[:2], (65_250, last))
    (synced,) = with_frames(tags.synced_frame(lines, "eng")).getall("SYLT")
    # Format 2 is milliseconds, type 1 lyrics; a line feed parts the lines.
    assert (synced.lang, synced.format, synced.type, synced.desc) == ("eng", 2, 1, "")
    assert synced.text == [("Feet hip-width.", 0), ("\nStand tall.", 1_008), (f"\n{last}", 65_250)]


@pytest.mark.parametrize("text", ["[00:00.00]One\n[00:01.00]Two", "[00:00.00]Ünö\n[00:01.00]Zwei 🏋"])
def test_unsynced_lyrics_keep_their_lines(text: str) -> None:
    (lyrics,) = with_frames(tags.lyrics_frame(f"{text}\n", "eng")).getall("USLT")
    assert (lyrics.lang, lyrics.desc, lyrics.text) == ("eng", "", text)


def test_ascii_words_are_written_as_such() -> None:
    assert tags.comment_frame("Hi", "eng") == b"COMM\x00\x00\x00\x07\x00\x00\x00eng\x00Hi"
    assert tags.lyrics_frame("A\nB", "eng") == b"USLT\x00\x00\x00\x08\x00\x00\x00eng\x00A\nB"
    assert tags.synced_frame(((258, "A"),), "eng") == (
        b"SYLT\x00\x00\x00\x0d\x00\x00\x00eng\x02\x01\x00A\x00\x00\x00\x01\x02"
    )


@pytest.mark.parametrize("text", ["", " ", "\x00\n\x01"])
def test_no_words_make_no_frame(text: str) -> None:
    assert tags.comment_frame(text, "eng") == b""
    assert tags.lyrics_frame(text, "eng") == b""
    assert tags.synced_frame(((0, text),), "eng") == b""


@given(texts(), texts())
def test_any_words_are_read_back(first: str, second: str) -> None:
    lines = [(at, text) for at, text in ((0, first), (1_000, second), (2_000, "end")) if tags.clean(text)]
    tag = with_frames(
        tags.synced_frame(lines, "eng"), tags.lyrics_frame(second, "eng"), tags.comment_frame(first, "eng")
    )
    (synced,) = tag.getall("SYLT")
    assert [(text.removeprefix("\n"), at) for text, at in synced.text] == [
        (tags.clean(text), at) for at, text in lines
    ]
    assert [comment.text for comment in tag.getall("COMM")] == [[tags.clean(first)]] * bool(tags.clean(first))
    assert str(tag["TLEN"]) == "120000"
    assert len(tag.getall("CHAP")) == len(CHAPTERS)


# -- the cover, the place in a show, and a new tag for a finished MP3 ----------------------------


def test_a_picture_is_the_front_cover() -> None:
    jpeg = b"\xff\xd8\xff\xe0 and so on \xff\xd9"
    assert tags.picture_frame(jpeg) == (
        b"APIC" + (14 + len(jpeg)).to_bytes(4, "big") + b"\0\0\0image/jpeg\0\x03\0" + jpeg
    )
    (found,) = with_frames(tags.picture_frame(jpeg)).getall("APIC")
    assert (found.mime, found.type, found.desc, found.data) == ("image/jpeg", 3, "", jpeg)


def test_the_place_in_a_show_is_read_back() -> None:
    tag = ID3(io.BytesIO(tags.enclose(tags.place_frames(7, 2, 2026))), translate=False)
    assert {name: str(tag[name]) for name in tag} == {"TRCK": "7", "TPOS": "2", "TYER": "2026"}


def test_a_tag_is_as_long_as_its_head_says() -> None:
    data = tags.tag("Legs", "Ana", "Album", 60_000, CHAPTERS, more=tags.picture_frame(bytes(40_000)))
    assert tags.size_bytes(data[:10]) == len(data)
    assert [tags.size_bytes(head) for head in (b"", b"ID", b"\xff\xfb" + bytes(8))] == [0, 0, 0]


def test_frames_take_the_places_of_their_names_and_the_others_stay() -> None:
    old = tags.tag("Legs", "Ana", "Album", 60_000, CHAPTERS, more=tags.picture_frame(b"jpeg"))
    new = tags.amended(old, tags.text_frame("TALB", "Lower Back") + tags.place_frames(1, 1, 2026))
    before, after = (ID3(io.BytesIO(data), translate=False) for data in (old, new))
    assert str(after["TALB"]) == "Lower Back"
    assert {name: repr(after[name]) for name in before if name != "TALB"} == {
        name: repr(before[name]) for name in before if name != "TALB"
    }
    assert after.keys() - before.keys() == {"TRCK", "TPOS", "TYER"}
    assert tags.amended(new, b"") == new


class Bounded(io.BytesIO):
    """A file that is never read in one piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert 0 <= size <= 1 << 20
        return super().read(size)


@pytest.mark.parametrize("head", [b"", tags.tag("Legs", "Ana", "Album", 1000)], ids=["no tag", "a tag"])
def test_a_new_tag_leaves_every_byte_of_the_sound(head: bytes) -> None:
    sound = b"\xff\xfb" + bytes(range(256)) * 9000
    out = io.BytesIO()
    tags.retag(Bounded(head + sound), out, tags.text_frame("TALB", "Lower Back"))
    data = out.getvalue()
    assert data[tags.size_bytes(data[:10]) :] == sound
    assert str(read(data)["TALB"]) == "Lower Back"
    assert ("TIT2" in read(data)) == bool(head)


@given(texts(), texts())
def test_any_tag_can_be_amended(title: str, album: str) -> None:
    old = tags.tag(title, title, title, 1000, (Chapter(0, title),))
    after = read(tags.amended(old, tags.text_frame("TALB", album) + tags.place_frames(1, 1, 2026)))
    assert str(after["TLEN"]) == "1000"
    assert str(after.get("TALB", "")) == (tags.clean(album) or tags.clean(title))
