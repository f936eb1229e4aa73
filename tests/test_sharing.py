"""What leads others to the pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audiocoach.publish import sharing
from audiocoach.publish.site import pages
from tests.hostile import TEXTS, session
from tests.sites import COVER, episode, show
from tests.test_site import html, parsed

FEED = "https://coach.example/back/feed.xml?key=a&b"
ONE = episode(session("Back"), "short")


def site(feed_url: str | None) -> dict[str, bytes]:
    return dict(pages(show(), COVER, (ONE,), feed_url))


def card_of(page: bytes) -> dict[str, str]:
    """The card as whoever reads it finds it: by property, in the head."""
    return {
        one.get("property") or one.get("name") or "": one.get("content") or ""
        for one in parsed(page).iter("meta")
        if (one.get("property") or one.get("name") or "").startswith(("og:", "twitter:"))
    }


def test_a_message_shows_title_picture_and_length_of_a_session() -> None:
    card = card_of(site(FEED)["short.html"])
    assert card == {
        "og:type": "website",
        "og:url": "https://coach.example/back/short.html",
        "og:image": "https://coach.example/back/short-00000000.png",
        "og:title": "Back",
        "og:description": "1 min · standard · A minute. · A minute.",
        "og:site_name": "Back & belly",
        "twitter:card": "summary",
    }


def test_where_nobody_knows_the_address_there_is_no_card() -> None:
    assert [card_of(page) for name, page in site(None).items() if name.endswith(".html")] == [{}] * 5


def test_apps_take_the_feed_by_a_link_of_theirs() -> None:
    page = parsed(site(FEED)["index.html"])
    links = {one.text: one.get("href") for one in page.iter("a") if one.get("class") == "button"}
    assert {name: link for name, link in links.items() if name != "Subscribe"} == {
        "AntennaPod": "antennapod-subscribe://coach.example/back/feed.xml?key=a&b",
        "Apple Podcasts": "podcast://coach.example/back/feed.xml?key=a&b",
        "Overcast": "overcast://x-callback-url/add?url=https%3A%2F%2Fcoach.example%2Fback%2Ffeed.xml%3Fkey%3Da%26b",
        "Pocket Casts": "pktc://subscribe/coach.example/back/feed.xml?key=a&b",
    }


@pytest.mark.parametrize("address", [None, "http://127.0.0.1:8000/feed.xml", "http://coach.local/feed.xml"])
def test_of_a_feed_that_nobody_else_reaches_no_app_is_told(address: str | None) -> None:
    page = site(address)["index.html"].decode("utf-8")
    assert "antennapod" not in page
    assert "This feed is public" not in page or address is None


@pytest.mark.parametrize("text", TEXTS.values())
def test_hostile_texts_are_texts_on_a_card(text: str) -> None:
    one = replace(episode(session(text, "then", text), "short", text))
    for page in html(dict(pages(show(text), COVER, (one,), FEED))).values():
        named = [meta for meta in page.iter("meta") if (meta.get("property") or "").startswith("og:")]
        assert len(named) in {0, 6}


def test_the_code_is_dark_squares_on_white() -> None:
    code = sharing.qr_code("https://coach.example/", "to scan")
    assert code.startswith('<svg class="qr" role="img" aria-label="to scan" viewBox="0 0 33 33">')
    # The corner of the first finder pattern (ISO/IEC 18004 §6.3.3).
    assert "M4 4h1v1h-1z" in code
