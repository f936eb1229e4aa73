"""The ID3 tag of a session: an ID3v2.3 tag with title, artist, album, length and chapters.

In: text and times. Out: the bytes that stand in front of the MP3: no padding, no
unsynchronisation, chapters in order of time. A frame is bytes; a new kind of frame (picture,
comment, lyrics) is one more function that returns `frame(name, body)`.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.timeline import Chapter

_LATIN1 = b"\x00"
_UTF16 = b"\x01\xff\xfe"

# ID3v2 Chapter Frame Addendum 1.0, 3.2: a table counts its entries in one byte.
_MOST_ENTRIES = 255
_TOP_LEVEL = 0x02
_ORDERED = 0x01
_NO_OFFSET = 0xFFFFFFFF


def tag(title: str, artist: str, album: str, length_ms: int, chapters: Sequence[Chapter] = ()) -> bytes:
    """A whole ID3v2.3 tag. Empty texts make no frame; a chapter lasts until the next one.

    Args:
        title: of the session (TIT2).
        artist: who coaches (TPE1).
        album: what it is part of (TALB).
        length_ms: of the session (TLEN); the last chapter ends here.
        chapters: in any order; they are written in order of time.
    """
    texts = (("TIT2", title), ("TPE1", artist), ("TALB", album), ("TLEN", str(length_ms)))
    frames = b"".join(text_frame(name, text) for name, text in texts)
    return enclose(frames + chapter_frames(chapters, length_ms))


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
    return _LATIN1 + text.encode("ascii") if text.isascii() else _UTF16 + text.encode("utf-16-le")


def clean(text: str) -> str:
    """The text on one line: control characters become spaces, what is no character U+FFFD."""
    spaced = "".join(" " if _is_control(letter) else letter for letter in text)
    whole = spaced.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return " ".join(whole.split())


def _is_control(letter: str) -> bool:
    return letter < " " or "\x7f" <= letter <= "\x9f"


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
