"""A show and episodes for the tests of what is published, as `workers.podcast` makes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from audiocoach.errors import Position
from audiocoach.publish.episode import Asset, Episode
from audiocoach.publish.names import safe_name
from audiocoach.publish.state import feed_guid, new, with_sessions
from audiocoach.routine.show import Show

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline

BASE_URL = "https://example.org/back/"
FEED_URL = f"{BASE_URL}feed.xml"
SHOW_GUID = feed_guid(FEED_URL)
NOW_S = 1_800_000_000
COVER = Asset("cover-0a1b2c3d.jpg", "image/jpeg", 400_000, "0a1b2c3d" * 8)
SHOW = Show(
    position=Position("audiocoach.yaml", 1, 1),
    title="Ten minutes for your back",
    author="The Changing Room",
    description="Short sessions at home.",
    language="en",
    category=("Health & Fitness", "Fitness"),
    base_url=BASE_URL,
    is_private=False,
    is_serial=False,
    order=(),
    email=None,
    cover=None,
)


def asset(name: str, media_type: str) -> Asset:
    return Asset(name, media_type, 1000 + len(name), "ab" * 32)


def episode(slug: str, timeline: Timeline, number: int = 1, **facts: Any) -> Episode:  # noqa: ANN401 - any field
    name = safe_name(slug)
    promise = with_sessions(new(FEED_URL), [slug], NOW_S + 60 * number).sessions[slug]
    one = Episode(
        slug=slug,
        name=name,
        guid=promise.guid,
        number=number,
        published_s=promise.published_s,
        description="For a stiff back.",
        coach="Jo Doe",
        level="standard",
        tags=("back",),
        equipment=(),
        is_synthetic=True,
        timeline=timeline,
        sound=asset(f"{name}.mp3", "audio/mpeg"),
        cover=asset(f"{name}-01234567.jpg", "image/jpeg"),
        chapters=asset(f"{name}.chapters.json", "application/json+chapters"),
        captions=asset(f"{name}.vtt", "text/vtt"),
        transcript=asset(f"{name}.transcript.html", "text/html"),
    )
    return replace(one, **facts)


def stamp_ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
