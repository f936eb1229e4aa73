"""What an author has the voice say: whole words, what sticks to a figure, and patterns."""

import re

import pytest

from audiocoach.language.pronounce import check, compiled, is_pattern, replacer


def said(text: str, *pairs: tuple[str, str]) -> str:
    held = replacer(pairs)(text)
    return held.told(held.text)


@pytest.mark.parametrize(
    ("pairs", "text", "heard"),
    [
        ([("Pilates", "puh LAH teez")], "pilates, not pilatesque", "puh LAH teez, not pilatesque"),
        ([("Pil", "pill"), ("Pilates", "p")], "Pil Pilates", "pill p"),
        ([("KB", "kettlebell")], "20KB and 2 KB and KB2", "20 kettlebell and 2 kettlebell and kettlebell 2"),
        ([("KB", "kettlebell")], "KBs and OKB and K_KB", "KBs and OKB and K_KB"),
        ([("kg", "kilos")], "20kg", "20 kilos"),
        ([("%", "per cent")], "50%", "50 per cent"),
        ([("1", "won")], "1, 11, 1.", "won, 11, won."),
        ([(r"/\bKB\b/", "kettlebell")], "KB, kb", "kettlebell, kb"),
        ([("/kb/i", "kettlebell")], "20KB", "20 kettlebell"),
        ([(r"/(\d+) ?RM/", r"\1 rep max")], "5RM", "5 rep max"),
        ([("/a/", "b"), ("b", "c")], "a b", "b c"),
        ([("/plank/", "plonk"), ("/plonk/", "no")], "plank", "plonk"),
        ([("ß", "ss")], "ß STRASSE", "ss STRASSE"),
        ([], "20KB", "20KB"),
    ],
)
def test_what_is_replaced(pairs: list[tuple[str, str]], text: str, heard: str) -> None:
    assert said(text, *pairs) == heard


def test_a_character_that_stands_for_a_piece_is_nothing_an_author_can_write() -> None:
    assert said("\ue000 KB \ue000", ("KB", "bell")) == " bell "


def test_a_key_between_slashes_is_a_pattern() -> None:
    assert is_pattern(r"/\bKB\b/")
    assert is_pattern("/kb/i")
    assert not is_pattern("and/or")
    assert not is_pattern("w/")
    assert not is_pattern("//")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("/(KB/", "missing )"),
        ("/x*/", "finds nothing at all"),
        ("/(a+)+$/", "a group cannot be repeated"),
        ("/(a|a){9}/", "a group cannot be repeated"),
        ("/.*.*.*b/", "too long"),
        ("/" + "a?" * 30 + "b/", "too long"),
        ("/" + "(a|a)" * 30 + "b/", "too long"),
        ("/a{1000}/", "at most 99"),
    ],
)
def test_a_pattern_that_is_none_or_could_take_long_is_refused(key: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        compiled(key)


def test_a_group_that_is_not_there_is_refused() -> None:
    check(r"/(\d)KB/", r"\1 bells")
    with pytest.raises(ValueError, match="invalid group reference 2"):
        check(r"/(\d)KB/", r"\2 bells")


def test_what_is_repeated_has_an_end() -> None:
    assert compiled(r"/\d+ *[+*]\+x{2}/").pattern == r"\d{1,99} {0,99}[+*]\+x{2,2}"
