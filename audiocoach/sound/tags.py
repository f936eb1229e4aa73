"""The ID3 tag of a session: an ID3v2.3 tag with title, artist, album, length, chapters and words.

In: text and times. Out: the bytes that stand in front of the MP3: no padding, no
unsynchronisation, chapters in order of time. A frame is bytes; a new kind of frame is one more
function that returns `frame(name, body)`. `retag` gives a finished MP3 other frames.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from audiocoach.coaching.timeline import Chapter
    from audiocoach.sound.container import TagFields

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LATIN1 = b"\x00"
_UTF16 = b"\x01"
_MARK = b"\xff\xfe"

# ID3v2 Chapter Frame Addendum 1.0, 3.2: a table counts its entries in one byte.
_MOST_ENTRIES = 255
_TOP_LEVEL = 0x02
_ORDERED = 0x01
_NO_OFFSET = 0xFFFFFFFF
# ID3v2.3 §4.10: times are milliseconds, the texts are lyrics; players show no other kind.
_SYNCED_LYRICS = b"\x02\x01"
FRONT_COVER = 3
_HEAD_BYTES = 10


def tag(  # noqa: PLR0913 - one for each frame that every tag has
    title: str,
    artist: str,
    album: str,
    length_ms: int,
    chapters: Sequence[Chapter] = (),
    *,
    more: bytes = b"",
) -> bytes:
    """A whole ID3v2.3 tag. Empty texts make no frame; a chapter lasts until the next one.

    Args:
        title: of the session (TIT2).
        artist: who coaches (TPE1).
        album: what it is part of (TALB).
        length_ms: of the session (TLEN); the last chapter ends here.
        chapters: in any order; they are written in order of time.
        more: whole frames.
    """
    texts = (("TIT2", title), ("TPE1", artist), ("TALB", album), ("TLEN", str(length_ms)))
    frames = b"".join(text_frame(name, text) for name, text in texts)
    return enclose(frames + more + chapter_frames(chapters, length_ms))


def id3(fields: TagFields) -> bytes:
    """Who coaches and what, the chapters, the words as players show them, and the cover."""
    return tag(
        title=fields.title,
        artist=fields.artist,
        album=fields.album,
        length_ms=fields.length_ms,
        chapters=fields.chapters,
        more=origin_frames(fields.language, fields.genre)
        + comment_frame(fields.description, fields.language)
        + lyrics_frame(fields.lyrics, fields.language)
        + synced_frame(fields.said, fields.language)
        + picture_frame(fields.cover),
    )


def enclose(frames: bytes) -> bytes:
    """Frames behind a tag header, whose size has 7 bits to a byte (ID3v2.3 §3.1)."""
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frames


def frame(name: str, body: bytes) -> bytes:
    """One frame: four letters, the size in plain 32 bits, no flags (ID3v2.3 §3.3)."""
    return struct.pack(">4sIH", name.encode("ascii"), len(body), 0) + body


def text_frame(name: str, text: str) -> bytes:
    """A text information frame (ID3v2.3 §4.2), or nothing where no text is left to tell."""
    body = clean(text)
    return frame(name, encoded(body)) if body else b""


def encoded(text: str) -> bytes:
    """An encoding byte and the text: ISO-8859-1 where ASCII will do, else UTF-16 with its mark."""
    encoding, (body,) = _in_one_encoding(text)
    return encoding + body


def _in_one_encoding(*texts: str) -> tuple[bytes, list[bytes]]:
    """The encoding byte that all the texts of a frame share, and the texts, without an end."""
    if all(text.isascii() for text in texts):
        return _LATIN1, [text.encode("ascii") for text in texts]
    return _UTF16, [_MARK + text.encode("utf-16-le") for text in texts]


def clean(text: str) -> str:
    """The text on one line: control characters become spaces, what is no character U+FFFD."""
    spaced = _CONTROLS.sub(" ", text)
    if not spaced.isascii():
        spaced = spaced.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return " ".join(spaced.split())


def origin_frames(language: str, genre: str) -> bytes:
    """What all sessions in a language have in common: genre, language, encoder (ID3v2.3 §4.2.1).

    A language is told in three letters (ISO 639-2), here and in every frame that names one.
    """
    texts = (("TCON", genre), ("TLAN", language), ("TENC", "audiocoach"), ("TSSE", "LAME"))
    return b"".join(text_frame(name, text) for name, text in texts)


def comment_frame(text: str, language: str) -> bytes:
    """COMM (ID3v2.3 §4.11) without a description, or nothing where no text is left to tell."""
    body = clean(text)
    return _described("COMM", body, language) if body else b""


def place_frames(track: int, season: int, year: int) -> bytes:
    """Where a session stands in its show: track, part of a set, year (ID3v2.3 §4.2.1)."""
    texts = (("TRCK", str(track)), ("TPOS", str(season)), ("TYER", f"{year:04}"))
    return b"".join(text_frame(name, text) for name, text in texts)


def picture_frame(jpeg: bytes) -> bytes:
    """APIC (ID3v2.3 §4.15): a JPEG as the front cover, without a description."""
    return frame("APIC", _LATIN1 + b"image/jpeg\0" + bytes([FRONT_COVER]) + b"\0" + jpeg)


def lyrics_frame(text: str, language: str) -> bytes:
    """USLT (ID3v2.3 §4.9) without a description; lines end with a line feed, empty ones are left out.

    Players read times from it where it is LRC.
    """
    body = "\n".join(filter(None, map(clean, text.splitlines())))
    return _described("USLT", body, language) if body else b""


def synced_frame(lines: Sequence[tuple[int, str]], language: str) -> bytes:
    """SYLT (ID3v2.3 §4.10): each text with the millisecond at which it begins, in the order given.

    Each but the first begins with a line feed: a reader takes what has none for the same line.
    """
    told = [(time_ms, clean(text)) for time_ms, text in lines if clean(text)]
    if not told:
        return b""
    texts = [told[0][1], *(f"\n{text}" for _, text in told[1:])]
    encoding, (nothing, *bodies) = _in_one_encoding("", *texts)
    end = _end(encoding)
    synced = (body + end + struct.pack(">I", at) for body, (at, _) in zip(bodies, told, strict=True))
    head = encoding + language.encode("ascii") + _SYNCED_LYRICS + nothing + end
    return frame("SYLT", head + b"".join(synced))


def _described(name: str, text: str, language: str) -> bytes:
    encoding, (nothing, body) = _in_one_encoding("", text)
    return frame(name, encoding + language.encode("ascii") + nothing + _end(encoding) + body)


def _end(encoding: bytes) -> bytes:
    return b"\0" if encoding == _LATIN1 else b"\0\0"


def chapter_frames(chapters: Sequence[Chapter], length_ms: int) -> bytes:
    """CTOC and CHAP frames (ID3v2 Chapter Frame Addendum 1.0); nothing for no chapters.

    Players list chapters as they stand in the file, so they stand in order of time.
    """
    ordered = sorted(chapters, key=lambda chapter: chapter.start_ms)
    names = tuple(f"chp{index}" for index in range(len(ordered)))
    ends_ms = [chapter.start_ms for chapter in ordered[1:]] + [length_ms]
    spans = zip(names, ordered, ends_ms, strict=False)
    return b"".join(_tables(names)) + b"".join(_chapter(*span) for span in spans)


def _chapter(name: str, chapter: Chapter, end_ms: int) -> bytes:
    times = struct.pack(">IIII", chapter.start_ms, max(chapter.start_ms, end_ms), _NO_OFFSET, _NO_OFFSET)
    return frame("CHAP", _terminated(name) + times + text_frame("TIT2", chapter.title))


def _tables(names: tuple[str, ...]) -> Iterator[bytes]:
    """The table of contents, with tables of its own where one cannot count all chapters."""
    if not names:
        return
    if len(names) <= _MOST_ENTRIES:
        yield _table("toc", _TOP_LEVEL | _ORDERED, names)
        return
    groups = [names[at : at + _MOST_ENTRIES] for at in range(0, len(names), _MOST_ENTRIES)]
    yield _table("toc", _TOP_LEVEL | _ORDERED, tuple(f"toc{index}" for index in range(len(groups))))
    for index, group in enumerate(groups):
        yield _table(f"toc{index}", _ORDERED, group)


def _table(name: str, flags: int, entries: tuple[str, ...]) -> bytes:
    children = b"".join(_terminated(entry) for entry in entries)
    return frame("CTOC", _terminated(name) + bytes([flags, len(entries)]) + children)


def _terminated(name: str) -> bytes:
    return name.encode("ascii") + b"\0"


def size_bytes(head: bytes) -> int:
    """How long the tag is that begins with these ten bytes, its header included; 0 where none does."""
    if head[:3] != b"ID3":
        return 0
    return _HEAD_BYTES + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False))


def amended(old: bytes, frames: bytes) -> bytes:
    """A tag of ours with these frames in front, instead of its own of the same names."""
    names = {name for name, _ in _frames(frames)}
    kept = (whole for name, whole in _frames(old[_HEAD_BYTES:]) if name not in names)
    return enclose(frames + b"".join(kept))


def _frames(frames: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each frame's name, and all of it."""
    at = 0
    while at < len(frames):
        end = at + _HEAD_BYTES + int.from_bytes(frames[at + 4 : at + 8], "big")
        yield frames[at : at + 4], frames[at:end]
        at = end


def retag(source: BinaryIO, out: BinaryIO, frames: bytes) -> None:
    """Copy an MP3 of ours with frames put into its tag (`amended`); the sound goes through piece by piece.

    What the Info frame counts does not hold the tag, so the copy is as whole as its source.
    """
    import shutil  # noqa: PLC0415 - a build copies nothing

    head = source.read(_HEAD_BYTES)
    rest_bytes = max(0, size_bytes(head) - _HEAD_BYTES)
    if rest_bytes:
        out.write(amended(head + source.read(rest_bytes), frames))
    else:
        out.write(enclose(frames) + head)
    shutil.copyfileobj(source, out)
