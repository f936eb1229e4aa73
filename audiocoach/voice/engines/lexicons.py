"""The word lists of hibari, read as far as they are asked: a sentence needs a dozen of 270,000 rows.

They are JSON, packed: read whole they take half a second, more than the network does, and all their words
become objects. Here a list of words is searched where it lies (its words are in order), and a row of the
tagger is read when its turn comes. What a list says is the same, row by row; one that is not known is read
whole.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_GZIP = 31
_QUOTE = b'"'
_ENDS_KEY = b'":'
_BETWEEN = b'","'
_BEHIND_TAGS = b'},"'
_OPENS = b'":{'
_WEIGHTS = b'"weights":{'
_STRIDE = 4096
# The lists of hibari 0.2.1, American and British, whose words are in order and without escapes: what gzip
# writes at the end of each, a CRC-32 of the text, which is held against it when it is unpacked.
_IN_ORDER = frozenset((0x06A4DC48, 0x2B4DCAED, 0x31A542A8, 0x1D7CF389))


class WordList:
    """How words are pronounced: a text, or a text for each part of speech.

    `text` is JSON without blanks and escapes, whose words are in order. Of one row in every few thousand
    bytes it is known where it begins; a word is found between two of them.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._starts = [*_row_starts(text), len(text) - 1]
        self._firsts = [text[at + 1 : text.index(_ENDS_KEY, at)] for at in self._starts[:-1]]

    def get(self, word: str) -> str | dict[str, str | None] | None:
        """What the list has for the word."""
        key = word.encode("utf-8", "replace")
        place = bisect_right(self._firsts, key) - 1
        if place < 0 or _QUOTE in key:
            return None
        at = self._find(_QUOTE + key + _ENDS_KEY, self._starts[place], self._starts[place + 1])
        return None if at is None else self._value(at)

    def _find(self, head: bytes, start: int, end: int) -> int | None:
        """Where the value behind this key begins; the parts of speech of other words are no words."""
        at = self._text.find(head, start, end)
        while at >= 0 and _is_within(self._text, start, at):
            at = self._text.find(head, at + 1, end)
        return at + len(head) if at >= 0 else None

    def _value(self, at: int) -> str | dict[str, str | None]:
        if self._text.startswith(_QUOTE, at):
            return self._text[at + 1 : self._text.index(_QUOTE, at + 1)].decode("utf-8")
        tagged: dict[str, str | None] = json.loads(self._text[at : self._text.index(b"}", at) + 1])
        return tagged


def _row_starts(text: bytes) -> Iterator[int]:
    """The first row, and then the first behind every so many bytes."""
    at = 1
    while 0 < at < len(text) - 1:
        yield at
        at = _next_row(text, at)


def _next_row(text: bytes, row: int) -> int:
    """Where a row begins, at least so many bytes behind this one; 0 where none does."""
    end = text.find(_BETWEEN, row + _STRIDE)
    if end >= 0 and _is_within(text, row, end):
        end = text.find(_BEHIND_TAGS, end)
    return end + 2 if end >= 0 else 0


def _is_within(text: bytes, row: int, at: int) -> bool:
    """Whether this place is among the parts of speech of a word; a `row` before it is not."""
    return text.rfind(b"{", row, at) > text.rfind(b"}", row, at)


class Weights:
    """How much each feature of a word speaks for each part of speech."""

    def __init__(self, rows: Mapping[bytes, bytes]) -> None:
        self._rows = rows
        self._read: dict[str, dict[str, float] | None] = {}

    def get(self, feature: str) -> dict[str, float] | None:
        """The weights of a feature by part of speech."""
        if feature not in self._read:
            row = self._rows.get(json.dumps(feature, ensure_ascii=False).encode("utf-8", "replace"))
            self._read[feature] = json.loads(row[row.index(_OPENS) + 2 :] + b"}") if row else None
        return self._read[feature]


def read(path: Path) -> Any:
    """What a file of hibari's says: the long ones as far as they are asked, the others whole.

    Raises:
        OSError: it cannot be read.
        ValueError, zlib.error: it is not as it was installed.
    """
    if path.name.startswith("lexicon_"):
        return read_words(path)
    if path.name == "tagger.json.gz":
        return read_tagger(path)
    return json.loads(_unpacked(path) if path.suffix == ".gz" else path.read_bytes())


def read_words(path: Path) -> Any:
    """A list of words, as `WordList` where it is one of those that are known to be in order."""
    packed = path.read_bytes()
    text = zlib.decompress(packed, _GZIP)
    is_known = int.from_bytes(packed[-8:-4], "little") in _IN_ORDER
    return WordList(text) if is_known else json.loads(text)


def read_tagger(path: Path) -> Any:
    """What the tagger is made of; its `weights` are read row by row where they come last."""
    packed = _unpacked(path)
    at = packed.find(_WEIGHTS)
    rows = _cut_weights(packed[at + len(_WEIGHTS) :]) if at > 0 else None
    if rows is None:
        return json.loads(packed)
    return {**json.loads(packed[:at].rstrip(b",") + b"}"), "weights": Weights(rows)}


def _unpacked(path: Path) -> bytes:
    return zlib.decompress(path.read_bytes(), _GZIP)


def _cut_weights(text: bytes) -> dict[bytes, bytes] | None:
    """The rows of the weights by their features as written; None where they cannot be cut."""
    if not text.endswith(b"}}}"):
        return None
    try:
        return {row[: row.index(_OPENS) + 1]: row for row in text[:-3].split(b"},")}
    except ValueError:
        return None
