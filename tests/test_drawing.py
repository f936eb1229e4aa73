import pytest

from audiocoach.publish import drawing


def test_strokes_are_elements() -> None:
    assert (
        drawing.rect("work", (0, 1.25, 2.04, 3)) == '<rect class="work" x="0" y="1.2" width="2" height="3"/>'
    )
    assert drawing.rect("work", (0, 0, 1, 1), "<b>").endswith('height="1"><title>&lt;b&gt;</title></rect>')
    assert drawing.path("go", "M0,0h1") == '<path class="go" d="M0,0h1"/>'
    assert (
        drawing.text(1, 2, 9.5, "a & b", "ink")
        == '<text class="ink" x="1" y="2" font-size="9.5">a &amp; b</text>'
    )
    assert drawing.text(1, 2, 9.5, "", "ink") == ""


NUMBERS = {0.0: "0", 1.04: "1", 1.06: "1.1", -0.4: "-0.4", 480.0: "480", 100.0: "100"}


@pytest.mark.parametrize("value", NUMBERS)
def test_numbers_are_short(value: float) -> None:
    assert drawing.number(value) == NUMBERS[value]


# At a height of 10 a letter is 6 wide, a square 10.
FITTED = {
    "whole": ("Squat", 30, "Squat"),
    "cut": ("Squat jumps", 36, "Squat…"),
    "cut behind a blank": ("Bear plank", 36, "Bear…"),
    "hardly a letter left": ("Squat", 20, ""),
    "no room": ("Squat", -5, ""),
    "squares": ("深蹲深蹲深蹲", 40, "深蹲深…"),
    "on one line": ("a\nb", 30, "a b"),
    "nothing": ("", 30, ""),
}


@pytest.mark.parametrize(("words", "room", "shown"), FITTED.values(), ids=FITTED)
def test_a_text_is_cut_to_its_room(words: str, room: float, shown: str) -> None:
    assert drawing.fitted(words, room, 10) == shown


def test_a_text_that_must_not_be_cut_is_there_or_not() -> None:
    assert drawing.whole("0:40", 24, 10) == "0:40"
    assert drawing.whole("0:40", 23, 10) == ""
