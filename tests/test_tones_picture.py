"""The picture of all tones is that of the tones that there are."""

from audiocoach.routine.tones import MEANINGS, SETS
from tests.conftest import ROOT
from tests.tones_picture import ABOUT, PICTURE, picture


def test_it_is_drawn_from_the_table() -> None:
    # Another sound: run scripts/tones-picture.
    assert PICTURE.read_text("utf-8") == picture()


def test_it_has_a_title_and_a_place_for_each_tone_and_is_shown_where_they_are_taught() -> None:
    assert f"<title>{ABOUT}</title>" in picture()
    assert picture().count("<rect") == len(SETS) * len(MEANINGS)
    assert "](shown/tones.svg)" in (ROOT / "docs" / "routine-format.md").read_text("utf-8")
