"""The word lists of hibari, read as far as they are asked: a sentence needs a dozen of 270,000 rows.

They are JSON, packed: read whole they take half a second, more than the network does, and all their words
become objects. Here a list of words is cut at its commas and searched where it lies (its words are in
order), and a row of the tagger is read when its turn comes. What a list says is the same, row by row; one
that is written otherwise than hibari writes it is read whole.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_GZIP = 31
_BETWEEN = b'","'
_INNER = b'":"'
_OPENS = b'":{'
_WEIGHTS = b'"weights":{'


class WordList:
    """How words are pronounced: a text, or a text for each part of speech."""

    def __init__(self, rows: Sequence[bytes], by_tag: Mapping[bytes, bytes]) -> None:
        self._rows = rows
        self._by_tag = by_tag

    def get(self, word: str) -> str | dict[str, str | None] | None:
        """What the list has for the word."""
        key = word.encode("utf-8", "replace")
        tagged = self._by_tag.get(key)
        if tagged is not None:
            return dict(json.loads(b"{" + tagged + b"}"))
        head = key + _INNER
        index = bisect_left(self._rows, head)
        if index < len(self._rows) and self._rows[index].startswith(head):
            return self._rows[index][len(head) :].decode("utf-8")
        return None


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
    """A list of words, as `WordList` where it is written as one: in order, without escapes."""
    packed = _unpacked(path)
    if b"\\" not in packed and packed[:2] == b'{"' and packed[-1:] == b"}":
        words = _cut_words(packed[1:-1])
        if words is not None:
            return words
    return json.loads(packed)


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


def _cut_words(text: bytes) -> WordList | None:
    """The rows of a list, those by part of speech apart; None where they are in no order."""
    head, *tagged = text.split(_OPENS)
    plain, by_tag = [], {}
    for part in tagged:
        before, _, key = head.rpartition(b'"')
        inner, _, after = part.partition(b"}")
        plain.append(before.strip(b","))
        by_tag[key] = inner
        head = after
    plain.append(head.strip(b","))
    rows = [row for run in plain if run for row in run[1:-1].split(_BETWEEN)]
    return WordList(rows, by_tag) if rows == sorted(rows) else None


def _cut_weights(text: bytes) -> dict[bytes, bytes] | None:
    """The rows of the weights by their features as written; None where they cannot be cut."""
    if not text.endswith(b"}}}"):
        return None
    try:
        return {row[: row.index(_OPENS) + 1]: row for row in text[:-3].split(b"},")}
    except ValueError:
        return None
