from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from audiocoach.coaching.timeline import Chapter, Interval, Timeline
from audiocoach.publish.cuesheet import entries, tables, time_tag
from tests.hostile import AT, session

TIMES = {
    0: '<time datetime="PT0M0S">0:00</time>',
    12_000: '<time datetime="PT0M12S">0:12</time>',
    12_336: '<time datetime="PT0M12.336S">0:12</time>',
    60_500: '<time datetime="PT1M0.5S">1:00</time>',
    3_723_000: '<time datetime="PT62M3S">1:02:03</time>',
}


def tree(markup: str) -> Element:
    # An attribute without a value is HTML, and no XML.
    text = markup.replace(" open>", ' open="">')
    return fromstring(f"<div>{text}</div>")  # noqa: S314 - our own text


def told(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def test_times_are_exact_for_programs() -> None:
    assert {time_ms: time_tag(time_ms) for time_ms in TIMES} == TIMES


def test_a_row_tells_time_move_dose_and_words() -> None:
    one = Interval(27_000, 40_000, "hold", AT, move="Plank", set=2, sets=3, side="left", round=2)
    timeline = replace(session("Hold it."), intervals=(one,))
    (row,) = tree(tables(timeline, "a.mp3")).findall(".//tr[@class='interval hold']")
    assert [told(cell) for cell in row] == [
        "0:27",
        "Plank set 2 of 3, left, round 2",
        "Hold 0:40",
        "0:00 Hold it.",
    ]


def test_what_is_no_move_is_named_once() -> None:
    timeline = replace(session("Well done."), intervals=(Interval(0, 4_000, "talk", AT),))
    (row,) = tree(tables(timeline, "a.mp3")).findall(".//tr[@class='interval talk']")
    assert [told(cell) for cell in row] == ["0:00", "Listen", "0:04", "0:00 Well done."]


def test_a_line_stands_in_the_interval_that_it_begins_in() -> None:
    rows = tree(tables(session("one", "two", "three"), "a.mp3")).findall(".//td[@class='words']")
    assert [told(row) for row in rows] == ["0:00 one", "0:04 two", "0:08 three"]


def test_a_line_leads_to_its_moment_in_the_sound() -> None:
    links = tree(tables(session("one", "two"), "a.mp3?v=1")).findall(".//a")
    assert [link.get("href") for link in links] == ["a.mp3?v=1#t=0", "a.mp3?v=1#t=4"]


def test_words_are_folded_by_chapter_and_those_of_the_first_are_open() -> None:
    folds = tree(tables(session("one", "two"), "a.mp3")).findall("details")
    assert [told(one.find("summary")) for one in folds] == ["0:00 one", "0:04 two"]
    assert [one.get("open") is not None for one in folds] == [True, False]
    assert [len(one.findall("table/tbody/tr")) for one in folds] == [1, 1]


def test_an_interval_that_begins_within_the_second_of_its_chapter_is_in_it() -> None:
    intervals = (Interval(0, 10_476, "work", AT, move="A"), Interval(10_476, 5000, "work", AT, move="B"))
    timeline = Timeline("T", "en", 15_476, (), intervals, (Chapter(0, "A"), Chapter(10_476, "B")), ())
    groups = tree(tables(timeline, "a.mp3")).findall("details/table/tbody")
    assert [len(group) for group in groups] == [1, 1]


def test_without_chapters_there_is_one_table_that_is_not_folded() -> None:
    (group,) = tree(tables(replace(session("one"), chapters=()), "a.mp3")).findall("table/tbody")
    assert [row.get("class") for row in group] == ["interval work"]


def test_chapters_are_links() -> None:
    items = tree(entries(session("one", "two"), "a.mp3")).findall("li")
    assert [told(item) for item in items] == ["0:00 one", "0:04 two"]
    links = [item.find("a") for item in items]
    assert [link.get("href") for link in links if link is not None] == ["a.mp3#t=0", "a.mp3#t=4"]
