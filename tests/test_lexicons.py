"""The word lists of hibari, read as far as they are asked: each row as when they are read whole."""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiocoach.voice.engines import lexicons

if TYPE_CHECKING:
    from collections.abc import Mapping


def packed(folder: Path, name: str, content: object) -> Path:
    """A file as hibari packs them."""
    path = folder / name
    written = (
        content
        if isinstance(content, str)
        else json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    )
    path.write_bytes(gzip.compress(written.encode("utf-8")))
    return path


def installed(name: str) -> tuple[Any, Mapping[str, Any]]:
    """A file of the package, read as it is asked and read whole."""
    spec = find_spec("hibari")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "assets" / f"{name}.json.gz"
    return lexicons.read(path), json.loads(gzip.decompress(path.read_bytes()))


@pytest.mark.parametrize(
    "name", ["lexicon_us_gold", "lexicon_us_silver", "lexicon_gb_gold", "lexicon_gb_silver"]
)
def test_every_word_of_a_list_is_as_when_it_is_read_whole(name: str) -> None:
    asked, whole = installed(name)
    assert isinstance(asked, lexicons.WordList)
    assert all(asked.get(word) == sounds for word, sounds in whole.items())


def test_every_weight_is_as_when_it_is_read_whole() -> None:
    asked, whole = installed("tagger")
    weights = asked.pop("weights")
    assert isinstance(weights, lexicons.Weights)
    assert all(weights.get(feature) == weight for feature, weight in whole["weights"].items())
    assert asked == {key: value for key, value in whole.items() if key != "weights"}


WORDS = {"a": "x", "a b": "q", "ab": {"NN": "y", "VB": None}, "b": "é", "ba": "z"}


def written(words: Mapping[str, Any]) -> bytes:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        *WORDS.items(),
        *(
            (word, None)
            for word in ("", "aa", "zz", "NN", "VB", "\udc80", 'a":"x', 'ab":{"NN', "x", ",", ":")
        ),
    ],
)
def test_what_a_list_lacks_is_none(word: str, sounds: object) -> None:
    assert lexicons.WordList(written(WORDS)).get(word) == sounds


SOUNDS = st.text("ab é", max_size=3)
LISTS = st.dictionaries(
    st.text("abNVé -'", min_size=1, max_size=4),
    st.one_of(
        SOUNDS, st.dictionaries(st.sampled_from(("N", "V", "a")), st.one_of(SOUNDS, st.none()), min_size=1)
    ),
    min_size=1,
)


@given(LISTS, st.integers(1, 40))
def test_any_list_in_order_says_what_it_says_wherever_it_is_parted(
    words: dict[str, Any], stride: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexicons, "_STRIDE", stride)
        asked = lexicons.WordList(written({word: words[word] for word in sorted(words)}))
        assert all(asked.get(word) == sounds for word, sounds in words.items())
        assert all(asked.get(word) is None for word in ("N", "V", "a", "b", "aa") if word not in words)


@pytest.mark.parametrize(
    "words",
    [{"b": "x", "a": "y"}, {'say "a"': "x"}, {}, {"a": {"NN": "x"}}],
    ids=["in no order", "with escapes", "empty", "by part of speech alone"],
)
def test_a_list_that_is_not_known_is_read_whole(words: dict[str, Any], tmp_path: Path) -> None:
    assert lexicons.read(packed(tmp_path, "lexicon_us_gold.json.gz", words)) == words


@pytest.mark.parametrize(
    "weights",
    [{'w="': {"NN": 1.5}, "s3=},": {"VB": -2.0}}, {"w=ä": {}}, {}],
    ids=["what looks like an end", "no weight", "none"],
)
def test_weights_of_any_feature_are_read(weights: dict[str, Any], tmp_path: Path) -> None:
    read = lexicons.read(packed(tmp_path, "tagger.json.gz", {"tags": ["NN"], "weights": weights}))
    assert read["tags"] == ["NN"]
    assert all(read["weights"].get(feature) == weight for feature, weight in weights.items())
    assert read["weights"].get("w=none") is None


def test_a_damaged_list_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Expecting"):
        lexicons.read(packed(tmp_path, "lexicon_us_gold.json.gz", '{"a":"x"'))
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        lexicons.read(packed(tmp_path, "tagger.json.gz", '{"tags":[],"weights":{"w=a":{"NN":1'))
