"""Which text a picture can have, and on which lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from audiocoach.publish import lettering
from tests.hostile import TEXTS, texts

DRAWABLE = {
    "plain": ("Squats & lunges", "Squats & lunges"),
    "Latin with marks": ("Übungen für größere Füße, ő ł ș ợ", "Übungen für größere Füße, ő ł ș ợ"),
    "marks of their own": ("U\u0308bung", "Übung"),
    "Cyrillic": ("Спина", "Спина"),
    "Greek": ("Πλάτη", "Πλάτη"),
    "an emoji behind": ("Back care 🏋🏽‍♀️", "Back care"),
    "an emoji within": ("Back 🏋 care", "Back care"),
    "a mark of direction": ("Back\u2066 care\u202e", "Back care"),
    "a translation": ("深蹲 Squats", "Squats"),
    "a sign left alone": ("深蹲 & Squats", "Squats"),
    "a word half of which is missing": ("Squats for the q中", "Squats for the"),
    "most of it is missing": ("深蹲訓練 A", ""),
    "Hebrew": ("תרגילי גב", ""),
    "emoji alone": ("🏋🏽‍♀️💪", ""),
    "signs alone": ("?!", ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "drawn"), DRAWABLE.values(), ids=DRAWABLE)
def test_only_what_the_font_has_is_drawn(text: str, drawn: str) -> None:
    assert lettering.drawable(text) == drawn


def boxes(line: str) -> str:
    """The letters of a line that are drawn as the box for a missing one."""
    font = lettering.font(40)
    return "".join(letter for letter in line if bytes(font.getmask(letter)) == bytes(font.getmask("\uffff")))


@settings(deadline=None)
@given(texts())
def test_no_text_is_drawn_as_boxes(text: str) -> None:
    assert boxes("A\uffff中") == "\uffff中"
    assert boxes(lettering.drawable(text)) == ""


SHAPES = ((1, 112), (2, 92), (3, 56))
LAID_OUT = {
    "one line": ("Legs", 112, ("Legs",)),
    "two lines": ("Sixteen minutes for your back", 92, ("Sixteen minutes", "for your back")),
    "about as long as one another": ("A Stronger Lower Back", 92, ("A Stronger", "Lower Back")),
    "three lines": (
        *("A fairly long title for hips, back and core, in half an hour of slow moves", 56),
        ("A fairly long title for hips,", "back and core, in half an", "hour of slow moves"),
    ),
    "too long": (
        *("word " * 40, 56),
        ("word word word word word word",) * 2 + ("word word word word word wo…",),
    ),
    "a long word": (
        *("Donaudampfschifffahrtsgesellschaft macht Kniebeugen", 56),
        ("Donaudampfschifffahrtsgesells", "chaft macht Kniebeugen"),
    ),
    "nothing": ("", 112, ()),
}


@pytest.mark.parametrize(("line", "size", "lines"), LAID_OUT.values(), ids=LAID_OUT)
def test_a_title_is_as_large_as_it_can_be(line: str, size: float, lines: tuple[str, ...]) -> None:
    assert lettering.laid_out(line.strip(), 880, SHAPES) == (size, lines)


def check_fits(text: str) -> None:
    size, lines = lettering.laid_out(lettering.drawable(text), 880, SHAPES)
    assert len(lines) <= dict(zip((112, 92, 56), (1, 2, 3), strict=True))[int(size)]
    # As it is drawn: each letter is set on a whole pixel.
    font = lettering.font(int(size))
    assert all(font.getlength(line) <= 880 + len(line) / 2 for line in lines)


@pytest.mark.parametrize(
    "text", [*TEXTS.values(), "W" * 10_000, "iiiii " * 2000], ids=[*TEXTS, "wide", "narrow"]
)
def test_hostile_titles_fit(text: str) -> None:
    check_fits(text)


@settings(deadline=None)
@given(texts())
def test_any_title_fits(text: str) -> None:
    check_fits(text)


def test_a_line_is_cut_where_the_room_ends() -> None:
    assert lettering.fitted("Ana Example", 38, 880) == "Ana Example"
    assert lettering.fitted("Ana Example", 38, 150) == "Ana Ex…"
    assert lettering.width(lettering.fitted("W" * 200, 38, 880), 38) <= 880
