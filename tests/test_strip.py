import re
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given

from audiocoach.coaching.timeline import Chapter, Interval, Timeline
from audiocoach.publish.palette import LOOKS
from audiocoach.publish.strip import strip
from tests.hostile import AT, TEXTS, session, texts

BOX = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)H\1z")


def drawn(timeline: Timeline) -> Element:
    return fromstring(strip(timeline))  # noqa: S314 - our own text


def boxes(picture: Element, look: str) -> list[tuple[int, ...]]:
    """Left, top, width and height, in tenths of a second from left to right."""
    (path,) = picture.findall(f"path[@class='{look}']")
    strokes = path.get("d", "")
    assert BOX.sub("", strokes) == ""
    return [tuple(map(int, found)) for found in BOX.findall(strokes)]


def test_intervals_stand_where_their_time_is_as_high_as_they_are_hard() -> None:
    intervals = (Interval(0, 20_000, "rest", AT), Interval(20_000, 40_000, "work", AT))
    picture = drawn(Timeline("A", "en", 60_000, (), intervals, (), ()))
    assert picture.get("viewBox") == "0 0 600 35"
    assert boxes(picture, "rest") == [(0, 14, 200, 14)]
    assert boxes(picture, "work") == [(200, 0, 400, 28)]
    assert boxes(picture, "hold") == []


def test_words_stand_below_and_chapters_but_the_first_are_lines() -> None:
    picture = drawn(session("a", "b"))
    assert boxes(picture, "speech") == [(0, 31, 10, 4), (40, 31, 10, 4)]
    (path,) = picture.findall("path[@class='chapter']")
    assert path.get("d") == "M40 0v35"


def test_something_shorter_than_a_stroke_is_seen() -> None:
    timeline = Timeline("A", "en", 50, (), (Interval(0, 50, "work", AT),), (Chapter(0, "A"),), ())
    assert boxes(drawn(timeline), "work") == [(0, 0, 1, 28)]


def test_a_class_for_every_kind_and_no_other() -> None:
    looks = [path.get("class") for path in drawn(session("a")).iter("path")]
    assert looks == [*LOOKS, "speech", "chapter"]


@given(texts())
def test_no_text_gets_in(text: str) -> None:
    assert strip(session(text)) == strip(session("a"))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_hostile_text_gets_in(text: str) -> None:
    assert strip(session(text)) == strip(session("a"))
