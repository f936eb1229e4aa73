"""The pages as text: whole, valid, and the same; with hostile texts too. test_player.py has what they do."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import html5lib
import pytest
from hypothesis import given, settings

from audiocoach import assets
from audiocoach.coaching.timeline import Interval
from audiocoach.publish import picture
from audiocoach.publish.chapters import chapters
from audiocoach.publish.player_data import data
from audiocoach.publish.site import pages, transcript_page
from audiocoach.publish.transcript import lines
from audiocoach.sound.tags import clean
from tests import node
from tests.conftest import examples
from tests.decoders import need
from tests.hostile import AT, TEXTS, session, texts
from tests.sites import COVER, episode, show

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from audiocoach.publish.episode import Episode
    from audiocoach.routine.show import Show

TIMELINE = replace(session("Squats & more", "Stand tall."), language="en")
ONE = episode(TIMELINE)
# Where a page may name something else: what stands there must lie in the folder.
ADDRESSES = ("src", "href", "data-art")


def built(*episodes: Episode, of: Show | None = None, feed_url: str | None = None) -> dict[str, bytes]:
    return dict(pages(of or show(), COVER, episodes, feed_url))


def parsed(page: bytes) -> Element:
    """As a browser would (WHATWG HTML §13.2)."""
    tree: Element = html5lib.parse(page.decode("utf-8"), namespaceHTMLElements=False)
    return tree


def html(files: dict[str, bytes]) -> dict[str, Element]:
    return {name: parsed(content) for name, content in files.items() if name.endswith(".html")}


def told(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def by_id(page: Element, name: str) -> Element:
    (found,) = (one for one in page.iter() if one.get("id") == name)
    return found


def test_the_files_of_a_site() -> None:
    assert list(built(ONE)) == [
        *(
            "style.css",
            "player.js",
            "icon.svg",
            "icon-180.png",
            "icon-512.png",
            "manifest.webmanifest",
            "sw.js",
        ),
        *("index.html", "404.html", "404.offline.html", "short.svg", "short.transcript.html", "short.html"),
    ]


def test_the_same_episodes_are_the_same_bytes() -> None:
    assert list(pages(show(), COVER, (ONE,), None)) == list(pages(show(), COVER, (replace(ONE),), None))


def test_one_episode_more_changes_the_list_and_the_page_that_leads_to_it() -> None:
    other, third = episode(session("Other"), "other"), episode(session("Third"), "third")
    two, three = built(ONE, other), built(ONE, other, third)
    assert [name for name in two if two[name] != three[name]] == ["index.html", "other.html"]


def test_a_page_leads_to_the_next_session_and_the_last_one_nowhere() -> None:
    files = built(ONE, episode(session("Other"), "other"))
    link = by_id(parsed(files["short.html"]), "after")
    assert (link.get("href"), told(link)) == ("other.html", "Next session: Other")
    assert "after" not in {one.get("id") for one in parsed(files["other.html"]).iter()}


def test_what_a_page_needs_is_in_the_folder_under_the_digest_of_its_content() -> None:
    files = built(ONE)
    assets_ = {one.name: one.digest for one in (ONE.sound, ONE.cover, ONE.captions, COVER)}
    for page in html(files).values():
        named = [one.get(key, "") for one in page.iter() for key in ADDRESSES if one.get(key)]
        for address in filter(None, (address.split("#")[0] for address in named)):
            name, _, version = address.partition("?v=")
            assert name in {*files, *assets_, "feed.xml"}
            assert version in {"", digest(files, assets_, name)}


def digest(files: dict[str, bytes], digests: dict[str, str], name: str) -> str:
    return digests.get(name, sha256(files.get(name, b"")).hexdigest())[:8]


def test_pages_forbid_everything_from_outside_and_name_nothing_there() -> None:
    for name, page in html(built(ONE)).items():
        (policy,) = (one.get("content", "") for one in page.iter("meta") if one.get("http-equiv"))
        assert policy.startswith("default-src 'none'; ")
        # A sound that is kept has an address of the page's own; nothing else may come from such a one.
        others = policy.replace("media-src 'self' blob:;", "media-src 'self';")
        assert set(re.findall(r"'[^']*'|\S+:", others)) == {"'none'", "'self'"}
        assert not re.search(r"https?://", built(ONE)[name].decode("utf-8"))
        assert not [
            one for one in page.iter() if one.get("style") or any(key.startswith("on") for key in one.attrib)
        ]


def test_no_part_asks_for_anything_from_outside() -> None:
    for name, content in built(ONE).items():
        if name.endswith((".css", ".js", ".svg", ".webmanifest")):
            assert not re.search(rb"(?<!xmlns=\")https?://|url\(|@import|importScripts", content), name


def test_the_page_holds_what_the_player_knows() -> None:
    page = parsed(built(ONE)["short.html"])
    assert json.loads(by_id(page, "timeline").text or "") == data(TIMELINE)


def test_the_player_finds_rows_lines_and_chapters_by_their_order() -> None:
    page = parsed(built(ONE)["short.html"])
    links = [one for one in page.iter("a") if one.get("class") == "line"]
    assert [told(one.find("span")) for one in links] == [line.text for line in lines(TIMELINE)]
    rows = [one for one in page.iter("tr") if (one.get("class") or "").startswith("interval")]
    assert len(rows) == len(TIMELINE.intervals)
    (nav,) = page.iter("nav")
    assert [told(one.find("span")) for one in nav.iter("a")] == [one.title for one in chapters(TIMELINE)]


def test_a_page_can_be_used_without_its_script() -> None:
    page = parsed(built(ONE)["short.html"])
    (sound,) = page.iter("audio")
    assert "controls" in sound.attrib
    hidden = {one.get("id") for one in page.iter() if "hidden" in one.attrib}
    assert hidden >= {"stage", "scrubber", "controls", "help-button", "print", "follow"}


def test_the_list_tells_length_level_and_description_and_leads_to_the_page() -> None:
    (card,) = (one for one in parsed(built(ONE)["index.html"]).iter("li") if one.get("class") == "card")
    assert told(card) == "Squats & more 1 min · standard · A minute. A minute."
    assert [one.get("href") for one in card.iter("a")] == ["short.html", "short.html#play"]


@pytest.mark.parametrize(
    ("url", "wanted"), [(None, "feed.xml"), ("https://a.b/feed.xml", "https://a.b/feed.xml")]
)
def test_the_address_of_the_feed(url: str | None, wanted: str) -> None:
    feed = by_id(parsed(built(ONE, feed_url=url)["index.html"]), "feed")
    assert (told(feed), feed.get("href")) == (wanted, "feed.xml")


@pytest.mark.parametrize(
    ("address", "said"),
    [("http://localhost:8000/feed.xml", "This feed is private"), ("https://example.org/feed.xml", "public")],
)
def test_a_feed_that_no_directory_lists_is_no_public_one(address: str, said: str) -> None:
    texts = dict(pages(show(is_private=False), COVER, (ONE,), address))
    assert said in texts["index.html"].decode("utf-8")


@pytest.mark.parametrize(("is_private", "wanted"), [(True, "noindex"), (False, "index")])
def test_a_private_feed_is_not_to_be_found_by_searching(is_private: bool, wanted: str) -> None:  # noqa: FBT001
    page = parsed(built(ONE, of=show(is_private=is_private))["index.html"])
    assert [one.get("content") for one in page.iter("meta") if one.get("name") == "robots"] == [wanted]


def test_the_worker_changes_when_a_part_does() -> None:
    shell = re.findall(r'"([^"]+)"', built(ONE)["sw.js"].decode("utf-8").splitlines()[0])
    assert [one.partition("?v=")[0] for one in shell] == [
        *("index.html", "404.offline.html", *list(built(ONE))[:6], COVER.name)
    ]
    assert built(ONE)["sw.js"] != built(ONE, of=show("Another"))["sw.js"]


def test_the_manifest_names_icons_that_are_there() -> None:
    files = built(ONE)
    manifest = json.loads(files["manifest.webmanifest"])
    assert {one["src"]: one["sizes"] for one in manifest["icons"]} == {
        "icon.svg": "any",
        "icon-180.png": "180x180",
        "icon-512.png": "512x512",
    }
    for side in (180, 512):
        png = assets.site(f"icon-{side}.png")
        assert (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) == (side, side)
    assert files[manifest["start_url"]]


def test_the_picture_is_the_one_that_preview_prints() -> None:
    assert built(ONE)["short.svg"] == picture.svg(TIMELINE).encode("utf-8")


def test_the_transcript_has_every_line_with_its_time() -> None:
    text = transcript_page(TIMELINE)
    assert '<time datetime="PT0M4S">0:04</time>\n<p dir="auto">Stand tall.</p>' in text
    assert built(ONE)["short.transcript.html"] == text.encode("utf-8")


# -- hostile texts ------------------------------------------------------------------------------


def shape(page: Element) -> Counter[tuple[str, tuple[str, ...]]]:
    """Which elements a page has, and which attributes they have."""
    return Counter((str(one.tag), tuple(sorted(one.attrib))) for one in page.iter())


PLAIN = {name: shape(page) for name, page in html(built(episode(session("a", "b")), of=show("a"))).items()}
# Lines without words are left out, and so is the address of nothing.
NOTHING = {text for text in TEXTS.values() if not clean(text)}


def check(text: str) -> None:
    """Whatever the text: the pages have the same elements as with others, and tell it as it is."""
    files = built(episode(session(text, "b"), text=text), of=show(text))
    found = html(files)
    assert {name: shape(page) for name, page in found.items()} == PLAIN
    wanted = clean(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert told(found["short.html"].find(".//h1")) == wanted
    assert told(found["index.html"].find(".//h1")) == wanted
    assert told(found["short.transcript.html"].find(".//title")) == wanted
    assert json.loads(by_id(found["short.html"], "timeline").text or "") == data(session(text, "b"))
    json.loads(files["manifest.webmanifest"])


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if text not in NOTHING])
def test_hostile_text_is_text(text: str) -> None:
    check(text)


@settings(max_examples=examples(30))
@given(texts().filter(lambda text: clean(text) != ""))
def test_any_text_is_text(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", sorted(NOTHING))
def test_where_there_is_no_text_pages_still_have_titles(text: str) -> None:
    for page in html(built(episode(session(text, "b"), text=text), of=show(text))).values():
        assert told(page.find(".//title"))


def test_an_interval_of_nothing_at_all() -> None:
    bare = replace(TIMELINE, events=(), chapters=(), intervals=(Interval(0, 8000, "talk", AT),))
    assert by_id(parsed(built(episode(bare))["short.html"]), "timeline").text


# -- the judge ----------------------------------------------------------------------------------


def test_the_checker_of_the_w3c_finds_nothing(tmp_path: Path) -> None:
    timelines = (TIMELINE, replace(session(TEXTS["markup"]), language="en"))
    files = built(*(episode(one, f"e{index}") for index, one in enumerate(timelines)))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    jar = node.installed("vnu-jar") / "build" / "dist" / "vnu.jar"
    judged = [str(tmp_path / name) for name in files if name.endswith((".html", ".css", ".svg"))]
    done = subprocess.run(
        [need("java"), "-jar", jar, "--format", "json", "--also-check-css", "--also-check-svg", *judged],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    # A file has no origin that could be 'self', and a block of data is nothing that a policy could forbid:
    # the browser reports neither (test_player.py).
    messages = [one["message"] for one in json.loads(done.stderr)["messages"]]
    assert [one for one in messages if "violates Content Security Policy" not in one] == []
