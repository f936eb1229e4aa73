"""The feed: every row of the checklist, and what parsers that others wrote read in it."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import feedparser
import podcastparser
import pytest
from hypothesis import given, settings

from audiocoach.coaching.estimate import estimate_ms
from audiocoach.errors import BuildError
from audiocoach.making.sessions import open_session, timeline_of
from audiocoach.publish import feed as publishing
from audiocoach.publish.chapters import chapters
from audiocoach.publish.episode import Asset
from audiocoach.publish.feed import NAMESPACES, duration_s, feed, is_local, week_and_day
from audiocoach.publish.markup import plain
from audiocoach.store.options import Overrides
from audiocoach.units import ms_to_stamp
from tests.conftest import ROOT, ROUTINES
from tests.hostile import TEXTS, session, texts
from tests.node import told
from tests.shows import BASE_URL, COVER, FEED_URL, SHOW, SHOW_GUID, episode, stamp_ms
from tests.test_preview import TIMELINE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from audiocoach.publish.episode import Episode
    from audiocoach.routine.show import Show


def text_of(show: Show, *episodes: Episode, url: str = FEED_URL) -> str:
    return feed(show, COVER, episodes, SHOW_GUID, url)


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own


def channel(show: Show = SHOW, *episodes: Episode, url: str = FEED_URL) -> ET.Element:
    root = parsed(text_of(show, *episodes, url=url))
    assert (root.tag, root.attrib) == ("rss", {"version": "2.0"})
    (found,) = root
    return found


def item(one: Episode, show: Show = SHOW) -> ET.Element:
    (found,) = channel(show, one).findall("item")
    return found


def tags(element: ET.Element, name: str) -> list[tuple[str | None, dict[str, str]]]:
    return [(one.text, one.attrib) for one in element.findall(name, NAMESPACES)]


ONE = episode("squats", TIMELINE)


def test_the_namespaces_are_written_exactly_so() -> None:
    head = text_of(SHOW, ONE).splitlines()[1]
    assert dict(re.findall(r'xmlns:(\w+)="([^"]+)"', head)) == {
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "podcast": "https://podcastindex.org/namespace/1.0",
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "psc": "http://podlove.org/simple-chapters",
    }


CHANNEL = {
    "title": [("Ten minutes for your back", {})],
    "link": [(BASE_URL, {})],
    "description": [("Short sessions at home.", {})],
    "language": [("en", {})],
    "atom:link": [(None, {"href": FEED_URL, "rel": "self", "type": "application/rss+xml"})],
    "itunes:author": [("The Changing Room", {})],
    "itunes:image": [(None, {"href": f"{BASE_URL}cover-0a1b2c3d.jpg"})],
    "itunes:explicit": [("false", {})],
    "itunes:type": [("episodic", {})],
    "itunes:category": [("\n   ", {"text": "Health & Fitness"})],
    "itunes:category/itunes:category": [(None, {"text": "Fitness"})],
    "itunes:block": [],
    "itunes:owner": [],
    "podcast:guid": [(SHOW_GUID, {})],
    "podcast:locked": [("yes", {})],
    "podcast:medium": [("podcast", {})],
    "podcast:person": [("The Changing Room", {"role": "host"})],
    "podcast:license": [],
    "podcast:updateFrequency": [],
    "podcast:txt": [("true", {"purpose": "ai-content"})],
}


@pytest.mark.parametrize("name", CHANNEL)
def test_the_channel(name: str) -> None:
    assert tags(channel(SHOW, ONE), name) == CHANNEL[name]


WEEKLY = ("MO", "WE", "FR")
ALL_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WISHED: dict[str, tuple[dict[str, Any], str, list[tuple[str | None, dict[str, str]]]]] = {
    "a programme": ({"is_serial": True}, "itunes:type", [("serial", {})]),
    "a private feed": ({"is_private": True}, "itunes:block", [("Yes", {})]),
    "one category": ({"category": ("History",)}, "itunes:category", [(None, {"text": "History"})]),
    "an owner": ({"email": "a@b.org"}, "itunes:owner/itunes:email", [("a@b.org", {})]),
    "an owner's name": ({"email": "a@b.org"}, "itunes:owner/itunes:name", [("The Changing Room", {})]),
    "whom to ask": ({"email": "a@b.org"}, "podcast:locked", [("yes", {"owner": "a@b.org"})]),
    "a licence": ({"license": "CC-BY-4.0"}, "podcast:license", [("cc-by-4.0", {})]),
    "own terms with a question": (
        {"license": "https://a.b/c?d=e&f"},
        "podcast:license",
        [("custom", {"url": "https://a.b/c?d=e&f"})],
    ),
    "own terms": ({"license": "https://a.b/c"}, "podcast:license", [("custom", {"url": "https://a.b/c"})]),
    "days": (
        {"days": WEEKLY},
        "podcast:updateFrequency",
        [("Monday, Wednesday and Friday", {"rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR"})],
    ),
    "every day": ({"days": ALL_DAYS}, "podcast:updateFrequency", [("Daily", {"rrule": "FREQ=DAILY"})]),
    "the end": ({"is_complete": True}, "podcast:updateFrequency", [("Complete", {"complete": "true"})]),
    "the end of a programme with days": (
        {"is_complete": True, "days": ("MO",)},
        "podcast:updateFrequency",
        [("Monday", {"rrule": "FREQ=WEEKLY;BYDAY=MO", "complete": "true"})],
    ),
}


@pytest.mark.parametrize(("fields", "name", "wanted"), WISHED.values(), ids=WISHED)
def test_what_a_show_may_wish(
    fields: dict[str, Any], name: str, wanted: list[tuple[str | None, dict[str, str]]]
) -> None:
    assert tags(channel(replace(SHOW, **fields)), name) == wanted


LOCAL = {
    "https://example.org/": False,
    "http://93.184.216.34/": False,
    "http://192.168.1.4:8000/": True,
    "http://127.0.0.1:8000/": True,
    "http://[::1]:8000/": True,
    "http://localhost:8000/": True,
    "http://mac.local/": True,
}


@pytest.mark.parametrize("url", LOCAL)
def test_a_feed_that_stays_in_the_house_is_listed_nowhere(url: str) -> None:
    assert is_local(f"{url}feed.xml") == LOCAL[url]
    assert tags(channel(url=f"{url}feed.xml"), "itunes:block") == ([("Yes", {})] if LOCAL[url] else [])


ITEM = {
    "title": [("Squats", {})],
    "link": [(f"{BASE_URL}squats.html", {})],
    "guid": [(ONE.guid, {"isPermaLink": "false"})],
    "enclosure": [(None, {"url": f"{BASE_URL}squats.mp3", "length": "1010", "type": "audio/mpeg"})],
    "pubDate": [("Fri, 15 Jan 2027 07:01:00 GMT", {})],
    "itunes:duration": [("65", {})],
    "itunes:explicit": [("false", {})],
    "itunes:episodeType": [("full", {})],
    "itunes:episode": [("1", {})],
    "itunes:season": [],
    "itunes:image": [(None, {"href": f"{BASE_URL}squats-01234567.jpg"})],
    "podcast:episode": [("1", {})],
    "podcast:season": [],
    "podcast:person": [("Jo Doe", {"role": "host"})],
    "podcast:txt": [("true", {"purpose": "ai-content"})],
    "podcast:transcript": [
        (
            None,
            {"url": f"{BASE_URL}squats.vtt", "type": "text/vtt", "language": "en", "rel": "captions"},
        ),
        (None, {"url": f"{BASE_URL}squats.transcript.html", "type": "text/html", "language": "en"}),
    ],
    "podcast:chapters": [
        (None, {"url": f"{BASE_URL}squats.chapters.json", "type": "application/json+chapters"})
    ],
    "psc:chapters/psc:chapter": [(None, {"start": "00:00:00.000", "title": "Legs"})],
    "description": [("For a stiff back.\n\n00:00:00 Legs", {})],
    "content:encoded": [("<p>For a stiff back.</p>\n<p>00:00:00 Legs</p>", {})],
}


@pytest.mark.parametrize("name", ITEM)
def test_an_item(name: str) -> None:
    assert tags(item(ONE), name) == ITEM[name]


def test_other_files_of_a_session_are_told_with_their_digests(tmp_path: Path) -> None:
    """Podcast namespace 1.0, `alternateEnclosure`: the enclosure itself is among them."""
    opus = Asset("squats-0123.opus", "audio/ogg", 26_000, "c7" * 32)
    one = replace(ONE, alternates=(opus,))
    found = item(one).findall("podcast:alternateEnclosure", NAMESPACES)
    assert [(each.get("type"), each.get("length"), each.get("default")) for each in found] == [
        ("audio/mpeg", "1010", "true"),
        ("audio/ogg", "26000", None),
    ]
    assert [each.find("podcast:source", NAMESPACES).attrib for each in found] == [  # type: ignore[union-attr]
        {"uri": f"{BASE_URL}squats.mp3"},
        {"uri": f"{BASE_URL}squats-0123.opus"},
    ]
    digest = found[1].find("podcast:integrity", NAMESPACES)
    assert digest is not None
    value = base64.b64encode(bytes.fromhex(opus.digest)).decode()
    assert digest.attrib == {"type": "sri", "value": f"sha256-{value}"}
    assert item(ONE).findall("podcast:alternateEnclosure", NAMESPACES) == []
    path = tmp_path / "feed.xml"
    path.write_text(text_of(SHOW, one), "utf-8")
    (theirs,) = told("podcast-partytime", path)["items"]
    assert [
        (each["type"], each["length"], each["source"][0]["uri"]) for each in theirs["alternativeEnclosures"]
    ] == [
        ("audio/mpeg", 1010, f"{BASE_URL}squats.mp3"),
        ("audio/ogg", 26_000, f"{BASE_URL}squats-0123.opus"),
    ]
    (read,) = told("feedsmith", path)["items"]
    assert [each["integrity"]["type"] for each in read["podcast"]["alternateEnclosures"]] == ["sri", "sri"]


def test_a_programme_with_days_has_a_season_a_week() -> None:
    programme = replace(SHOW, is_serial=True, days=WEEKLY)
    found = item(episode("squats", TIMELINE, number=5), programme)
    names = ("itunes:season", "itunes:episode", "podcast:season", "podcast:episode")
    assert [tags(found, name) for name in names] == [
        *([("2", {})], [("2", {})]),
        *([("2", {"name": "Week 2"})], [("2", {"display": "Wk2 D2"})]),
    ]


@pytest.mark.parametrize(("number", "place"), [(1, (1, 1)), (3, (1, 3)), (4, (2, 1)), (6, (2, 3))])
def test_weeks_and_days_count_from_one(number: int, place: tuple[int, int]) -> None:
    assert week_and_day(replace(SHOW, is_serial=True, days=WEEKLY), number) == place
    assert week_and_day(replace(SHOW, is_serial=True), number) is None
    assert week_and_day(replace(SHOW, days=WEEKLY), number) is None


def test_what_is_said_of_an_episode_that_nobody_speaks_in_and_that_needs_things() -> None:
    quiet = replace(ONE, is_synthetic=False, coach="", description="", equipment=("a mat", "a <wide> strap"))
    found = item(quiet)
    assert tags(found, "podcast:txt") == tags(found, "podcast:person") == []
    assert found.findtext("description") == "You need: a mat and a \u2039wide\u203a strap.\n\n00:00:00 Legs"
    encoded = found.findtext("content:encoded", namespaces=NAMESPACES)
    assert encoded == "<p>You need: a mat and a &lt;wide&gt; strap.</p>\n<p>00:00:00 Legs</p>"


@pytest.mark.parametrize(("length_ms", "seconds"), [(960_000, 960), (960_499, 960), (960_500, 961)])
def test_a_duration_is_the_nearest_second(length_ms: int, seconds: int) -> None:
    assert duration_s(replace(ONE, timeline=replace(TIMELINE, duration_ms=length_ms))) == seconds


def test_the_same_input_is_the_same_text() -> None:
    assert text_of(SHOW, ONE) == text_of(SHOW, ONE)


def test_a_text_that_cannot_be_parsed_again_is_not_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "plain", str)
    with pytest.raises(BuildError, match="the feed cannot be parsed again"):
        text_of(replace(SHOW, title="a\x00"))
    with pytest.raises(BuildError, match="the feed is another when it is parsed again"):
        text_of(replace(SHOW, title="a\rb"))


# -- parsers that others wrote ------------------------------------------------------------------


@pytest.fixture(scope="module")
def episodes() -> tuple[Episode, ...]:
    return tuple(
        episode(
            slug,
            timeline_of(open_session(ROOT / "routines" / f"{slug}.yaml", Overrides()), estimate_ms),
            number,
        )
        for number, slug in enumerate(ROUTINES, start=1)
    )


Fact = dict[str, Any]


def wanted(episodes: Iterable[Episode], *names: str) -> list[Fact]:
    """What a parser should find; only what it reads."""
    rows = [
        {
            "title": plain(one.title),
            "guid": one.guid,
            "url": f"{BASE_URL}{one.sound.name}",
            "length": one.sound.size_bytes,
            "duration": duration_s(one),
            "published": one.published_s,
            "chapters": [(mark.start_ms, plain(mark.title)) for mark in chapters(one.timeline)],
            "chapters_url": f"{BASE_URL}{one.chapters.name}",
            "transcripts": [f"{BASE_URL}{one.captions.name}", f"{BASE_URL}{one.transcript.name}"],
        }
        for one in episodes
    ]
    return [{name: row[name] for name in names} for row in rows]


def by_podcastparser(text: str) -> list[Fact]:
    """gPodder's; it gives the newest first."""
    found = podcastparser.parse(FEED_URL, io.BytesIO(text.encode("utf-8")))["episodes"]
    rows = [
        {
            "title": row["title"],
            "guid": row["guid"],
            "url": row["enclosures"][0]["url"],
            "length": row["enclosures"][0]["file_size"],
            "duration": row["total_time"],
            "published": row["published"],
            "chapters": [(mark["start"] * 1000, mark["title"]) for mark in row["chapters"]],
        }
        for row in found
    ]
    return sorted(rows, key=lambda row: row["published"])


def by_feedparser(text: str) -> list[Fact]:
    found = feedparser.parse(text.encode("utf-8"))
    assert not found.bozo
    return [
        {
            "title": row.title,
            "guid": row.id,
            "url": row.enclosures[0].href,
            "length": int(row.enclosures[0].length),
            "duration": int(row.itunes_duration),
            "published": int(parsedate_to_datetime(row.published).timestamp()),
            "chapters": [
                (round(mark.start_parsed.total_seconds() * 1000), mark.title)
                for mark in row.psc_chapters.chapters
            ],
        }
        for row in found.entries
    ]


def by_partytime(path: Path) -> list[Fact]:
    """The podcast index's own."""
    return [
        {
            # It takes a title of digits for none.
            "title": row.get("title"),
            "guid": row["guid"],
            "url": row["enclosure"]["url"],
            "length": row["enclosure"]["length"],
            "duration": row["duration"],
            "published": iso_s(row["pubDate"]),
            "chapters_url": row["podcastChapters"]["url"],
            "transcripts": [one["url"] for one in row["podcastTranscripts"]],
        }
        for row in told("podcast-partytime", path)["items"]
    ]


def iso_s(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def by_feedsmith(path: Path) -> list[Fact]:
    return [
        {
            "title": row["title"],
            "guid": row["guid"]["value"],
            "url": row["enclosures"][0]["url"],
            "length": row["enclosures"][0]["length"],
            "duration": row["itunes"]["duration"],
            "published": int(parsedate_to_datetime(row["pubDate"]).timestamp()),
            "chapters": [(stamp_ms(mark["start"]), mark["title"]) for mark in row["psc"]["chapters"]],
            "chapters_url": row["podcast"]["chapters"]["url"],
            "transcripts": [one["url"] for one in row["podcast"]["transcripts"]],
        }
        for row in told("feedsmith", path)["items"]
    ]


ALL = ("title", "guid", "url", "length", "duration", "published")


def test_parsers_in_python_agree_with_the_timelines(episodes: tuple[Episode, ...]) -> None:
    text = text_of(SHOW, *episodes)
    assert by_podcastparser(text) == wanted(episodes, *ALL, "chapters")
    assert by_feedparser(text) == wanted(episodes, *ALL, "chapters")


def test_partytime_agrees_with_the_timelines(episodes: tuple[Episode, ...], tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(text_of(replace(SHOW, is_private=True, email="a@b.org"), *episodes), "utf-8")
    assert by_partytime(path) == wanted(episodes, *ALL, "chapters_url", "transcripts")
    found = told("podcast-partytime", path)
    assert found["guid"] == SHOW_GUID
    assert found["itunesBlock"] is True
    assert found["itunesCategory"] == ["Health & Fitness > Fitness"]
    assert found["pubsub"] == {"self": FEED_URL}
    assert found["locked"] is True
    assert found["medium"] == "podcast"


def test_feedsmith_agrees_with_the_timelines(episodes: tuple[Episode, ...], tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    show = replace(SHOW, is_serial=True, days=WEEKLY, is_complete=True, license="cc-by-4.0")
    path.write_text(text_of(show, *episodes), "utf-8")
    assert by_feedsmith(path) == wanted(episodes, *ALL, "chapters", "chapters_url", "transcripts")
    found = told("feedsmith", path)
    assert found["podcast"]["updateFrequency"] == {
        "display": "Monday, Wednesday and Friday",
        "complete": True,
        "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    }
    assert found["podcast"]["license"] == {"display": "cc-by-4.0"}
    assert found["podcast"]["txts"] == [{"display": "true", "purpose": "ai-content"}]
    assert found["items"][3]["podcast"]["season"] == {"number": 2, "name": "Week 2"}
    assert found["items"][3]["podcast"]["episode"] == {"number": 1, "display": "Wk2 D1"}


# -- fault 26: hostile titles -------------------------------------------------------------------


def hostile(*said: str) -> tuple[Show, Episode]:
    """A show and an episode with the texts wherever an author's may stand."""
    show = replace(SHOW, title=said[0], author=said[0], description=said[-1])
    one = episode(said[0], session(*said), description=said[0], coach=said[0], equipment=(said[-1],))
    return show, one


PLAINEST = {element.tag for element in parsed(text_of(*hostile("a", "a", "a"))).iter()}


def check(text: str, show: Show, one: Episode) -> None:
    """It parses again, every text is one element's whole text, and no element is there but ours."""
    found = parsed(text)
    (again,) = found.iter("item")
    assert again.findtext("title", "") == plain(one.title)
    assert found.findtext("channel/title", "") == plain(show.title)
    marks = again.findall("psc:chapters/psc:chapter", NAMESPACES)
    assert [(mark.get("start"), mark.get("title")) for mark in marks] == [
        (ms_to_stamp(mark.start_ms), plain(mark.title)) for mark in chapters(one.timeline)
    ]
    assert {element.tag for element in found.iter()} <= PLAINEST
    description = again.findtext("description", "")
    encoded = again.findtext("content:encoded", "", NAMESPACES)
    assert not set("<>") & set(description)
    assert set(re.findall(r"<[^>]*>?", encoded)) <= {"<p>", "</p>", "<br/>"}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_texts_parse_again_and_are_no_markup(text: str) -> None:
    show, one = hostile(text, "then", text)
    written = text_of(show, one)
    check(written, show, one)
    names = ("guid", "url", "length", "duration", "published")
    for (found,) in (by_podcastparser(written), by_feedparser(written)):
        assert [{name: found[name] for name in names}] == wanted((one,), *names)


@given(texts(), texts())
@settings(deadline=None)
def test_any_texts_parse_again(first: str, second: str) -> None:
    show, one = hostile(first, second)
    check(text_of(show, one), show, one)


def test_hostile_texts_are_read_by_parsers_from_npm(tmp_path: Path) -> None:
    # JavaScript takes a byte order mark for a blank.
    titles = [text for text in TEXTS.values() if plain(text).strip("\ufeff") == plain(text) != ""]
    every = [
        episode(f"day-{number}", session(text, text), number) for number, text in enumerate(titles, start=1)
    ]
    path = tmp_path / "feed.xml"
    path.write_text(text_of(SHOW, *every), "utf-8")
    assert [row["guid"] for row in by_partytime(path)] == [one.guid for one in every]
    assert by_feedsmith(path) == wanted(every, *ALL, "chapters", "chapters_url", "transcripts")


def test_a_feed_says_which_show_it_is() -> None:
    assert publishing.guid_in("<rss><podcast:guid>abc</podcast:guid></rss>") == "abc"
    assert publishing.guid_in("<rss></rss>") is None
