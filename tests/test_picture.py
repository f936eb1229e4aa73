"""The picture of a session, read back as XML."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given

from audiocoach.coaching.timeline import Chapter, Interval, Speech, Timeline, Tone, Utterance
from audiocoach.publish.picture import svg
from audiocoach.routine.voice import Voice
from audiocoach.units import ms_to_clock
from tests.hostile import AT, TEXTS, session, texts
from tests.test_preview import TIMELINE

SVG = "{http://www.w3.org/2000/svg}"
MINUTE = 60_000


def drawn(timeline: Timeline) -> Element:
    return fromstring(svg(timeline))  # noqa: S314 - our own text


def lasting(length_ms: int, *chapters: Chapter) -> Timeline:
    """One interval of work, and a phrase and a tone every minute."""
    times_ms = range(0, length_ms, MINUTE)
    return Timeline(
        title="Long",
        language="en",
        duration_ms=length_ms,
        events=tuple(
            event
            for at in times_ms
            for event in (
                Speech(at, 999, "say", "Go on.", Utterance("Go on.", Voice()), AT),
                Tone(at, 90, "go", "go", AT),
            )
        ),
        intervals=(Interval(0, length_ms, "work", AT, move="Walk"),),
        chapters=chapters or (Chapter(0, "Walk"),),
        notes=(),
    )


def titles(picture: Element, look: str) -> list[str]:
    """What pointers find on the rectangles of a class."""
    rects = picture.findall(f"{SVG}rect[@class='{look}']")
    return [rect.findtext(f"{SVG}title", "") for rect in rects if len(rect)]


def words(picture: Element, look: str) -> list[str]:
    return [text.text or "" for text in picture.findall(f"{SVG}text[@class='{look}']")]


def test_every_interval_and_phrase_is_there_with_its_time() -> None:
    picture = drawn(TIMELINE)
    assert titles(picture, "ready") == ["0:00 ready 0:05 Squat, set 1 of 3"]
    assert titles(picture, "work") == ["0:05 work 1:00 Squat, set 1 of 3, hold 2, left"] * 2
    assert titles(picture, "speech") == ['0:01 Say "hi" — now.']


def test_tones_are_marks_at_their_moments() -> None:
    # The last ones are the legend's.
    paths = {
        path.get("class"): path.get("d", "") for path in reversed(list(drawn(TIMELINE).iter(f"{SVG}path")))
    }
    # 424 units a minute from 16 on: the count at 2 s, the go at 5 s.
    assert paths["faint"].startswith("M30.1,")
    assert paths["go"].startswith("M51.3,")


def test_a_reader_hears_what_the_picture_shows() -> None:
    picture = drawn(TIMELINE)
    assert picture.get("role") == "img"
    assert picture.findtext(f"{SVG}title") == "Squats"
    assert picture.findtext(f"{SVG}desc") == "1:05 in all: 0:00 Legs"


# Length, rows, and the time between two marks.
SCALES = {
    "nothing": (0, 1, 10),
    "an instant": (1, 1, 10),
    "a minute": (MINUTE, 1, 10),
    "a twentieth of a row over": (MINUTE * 21 // 20, 1, 10),
    "more over": (MINUTE * 21 // 20 + 1, 2, 10),
    "five minutes": (5 * MINUTE, 5, 10),
    "a quarter of an hour": (16 * MINUTE, 16, 10),
    "16:01": (16 * MINUTE + 1000, 8, 20),
    "an hour": (60 * MINUTE, 12, 60),
    "ten hours": (600 * MINUTE, 10, 600),
    "a day": (1440 * MINUTE, 12, 1200),
}


@pytest.mark.parametrize(("length_ms", "rows", "seconds"), SCALES.values(), ids=SCALES)
def test_rows_are_few_enough_to_be_seen_at_a_glance(length_ms: int, rows: int, seconds: int) -> None:
    picture = drawn(lasting(length_ms))
    floors = [rect for rect in picture.findall(f"{SVG}rect[@class='faint']") if rect.get("height") == "0.8"]
    assert len(floors) == rows
    clocks = words(picture, "faint middle")
    assert clocks[0] == "0:00"
    assert (clocks[1:] or [ms_to_clock(seconds * 1000)])[0] == ms_to_clock(seconds * 1000)


@pytest.mark.parametrize("length_ms", [1, 65_000, 60 * MINUTE, 1440 * MINUTE])
def test_nothing_lies_outside(length_ms: int) -> None:
    picture = drawn(lasting(length_ms))
    _, _, wide, high = map(float, picture.get("viewBox", "").split())
    for rect in picture.iter(f"{SVG}rect"):
        x, y, width, height = (float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + width <= wide
        assert y + height <= high
    for text in picture.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x", "")) <= wide
        assert 0 <= float(text.get("y", "")) <= high


def test_each_row_shows_its_part_of_what_is_longer() -> None:
    picture = drawn(lasting(3 * MINUTE))
    widths = [
        float(rect.get("width", "")) for rect in picture.findall(f"{SVG}rect[@class='work']") if len(rect)
    ]
    assert widths == [423.4] * 3
    assert words(picture, "ink").count("Walk") == 3


CHAPTERS = {
    "behind its line": (Chapter(30_000, "Strength"), ("ink bold", 16 + 212 + 5)),
    "before it where there is no room": (Chapter(55_000, "Strength"), ("ink bold end", 16 + 388.7 - 5)),
    "cut where there is none at all": (Chapter(1000, "S" * 80), ("ink bold", 16 + 7.1 + 5)),
}


@pytest.mark.parametrize(("chapter", "wanted"), CHAPTERS.values(), ids=CHAPTERS)
def test_a_chapters_title_stands_at_its_line(chapter: Chapter, wanted: tuple[str, float]) -> None:
    picture = drawn(lasting(MINUTE, Chapter(0, "A"), chapter))
    (text,) = [one for one in picture.iter(f"{SVG}text") if (one.text or "").startswith(chapter.title[:5])]
    assert text.get("class") == wanted[0]
    assert float(text.get("x", "")) == pytest.approx(wanted[1], abs=0.06)


def test_a_name_is_cut_only_where_most_of_its_stretch_is() -> None:
    name = "Alternating knee to chest"
    stretches = (
        Interval(0, 50_000, "rest", AT, move="Walk"),
        Interval(50_000, 15_000, "rest", AT, move=name),
        Interval(65_000, 15_000, "work", AT, move="Alternating heel to seat"),
        Interval(80_000, 40_000, "talk", AT),
    )
    shown = words(drawn(replace(lasting(2 * MINUTE), intervals=stretches)), "ink")
    assert "Walk" in shown
    assert [one for one in shown if one.startswith("Alt")] == ["Alternati…", "Alternating he…"]


def test_efforts_tell_their_set_and_side_where_there_is_room() -> None:
    one = Interval(0, 30_000, "hold", AT, move="Plank", set=2, sets=3, side="left")
    assert words(drawn(replace(lasting(30_000), intervals=(one,))), "on-hold") == ["0:30", "2/3 left"]
    short = replace(one, duration_ms=1000)
    assert words(drawn(replace(lasting(30_000), intervals=(short,))), "on-hold") == []


def test_the_legend_names_what_there_is() -> None:
    shown = words(drawn(TIMELINE), "ink")
    assert shown[-5:] == ["work", "ready", "speech", "go", "pace"]


def test_a_picture_asks_for_nothing_and_runs_nothing() -> None:
    picture = svg(session(*TEXTS.values()))
    assert picture.count("http") == picture.count("http://www.w3.org/2000/svg") + picture.count("http://a.b")
    assert not re.search(r"<script|href=|url\(|@import|\son\w+=", picture)
    assert {one.tag.removeprefix(SVG) for one in drawn(session(*TEXTS.values())).iter()} == {
        *("svg", "title", "desc", "style", "rect", "text", "path")
    }


def test_the_same_timeline_is_the_same_bytes() -> None:
    assert svg(TIMELINE) == svg(replace(TIMELINE))


@given(texts(), texts())
def test_any_text_is_drawn_as_text(first: str, second: str) -> None:
    picture = drawn(session(first, second))
    shape = Counter(one.tag for one in picture.iter() if one.tag != f"{SVG}text")
    assert shape == Counter(one.tag for one in drawn(session("a", "b")).iter() if one.tag != f"{SVG}text")
