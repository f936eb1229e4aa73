"""Where pictures, pages and tags come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiocoach.build.press import press_of
from audiocoach.errors import InputError
from tests.hostile import TEXTS, session
from tests.publishing import SHOW, Workplace, picture

if TYPE_CHECKING:
    from pathlib import Path


def test_the_authors_picture_stands_for_every_session(tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "legs", show=f"{SHOW}cover: cover.jpg\n")
    (tmp_path / "routines" / "cover.jpg").write_bytes(picture("own"))
    done = place.published(press=press_of)
    assert {path.read_bytes() for path in place.site.glob("*.jpg")} == {picture("own")}
    assert (place.site / "legs.mp3").read_bytes() == (tmp_path / "out" / "legs.mp3").read_bytes()
    assert 'datetime="PT0S">0:00</time>' in (place.site / done.episodes[0].transcript.name).read_text("utf-8")


def test_without_one_it_is_said_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='"cover" is missing: expected, for example'):
        press_of(Workplace.of(tmp_path, "legs").prepared())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_words_are_no_markup(text: str, tmp_path: Path) -> None:
    place = Workplace.of(tmp_path, "legs", show=f"{SHOW}cover: cover.jpg\n")
    (tmp_path / "routines" / "cover.jpg").write_bytes(picture("own"))
    page = press_of(place.prepared()).transcript(session(text, text))
    assert page.count("<") == page.count(">") == 5 + 4 * page.count("<p>") - 1
