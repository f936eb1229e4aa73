"""Where a site's pictures, pages and tags come from: one function for each.

In: a show that was read, and what its sessions were built from. Out: the `Renderers` that publishes it.
"""

from __future__ import annotations

import io
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from audiocoach.making import artwork
from audiocoach.publish import site
from audiocoach.publish.feed import week_and_day
from audiocoach.sound import tags
from audiocoach.store.cache import Cache
from audiocoach.workers.podcast import Renderers

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.publish.episode import Episode
    from audiocoach.routine.show import Show
    from audiocoach.workers.podcast import Prepared


def make_renderers(prepared: Prepared) -> Renderers:
    """What publishes this show. Covers of sessions are kept in the cache: drawing one takes 150 ms."""
    cache = Cache(prepared.found.place.cache)

    def cover(routine: Path, level: str, timeline: Timeline) -> bytes:
        return artwork.session_cover(routine, level, timeline, artwork.IN_FEED_PX, cache).jpeg

    return Renderers(_show_cover, cover, site.transcript_page, tag_episode, site.pages)


def _show_cover(own: Path | None, show: Show) -> bytes:
    return artwork.show_cover(own, show.title, show.author, artwork.IN_FEED_PX)


def tag_episode(built: bytes, show: Show, one: Episode) -> bytes:
    """The MP3 with its show and its place in it: album, track, week, year (ID3v2.3 §4.2.1).

    How many tracks there are is not told: each session would be another file whenever one is added.
    """
    week, _ = week_and_day(show, one.number) or (1, one.number)
    year = datetime.fromtimestamp(one.published_s, timezone.utc).year
    out = io.BytesIO()
    place = tags.text_frame("TALB", show.title) + tags.place_frames(one.number, week, year)
    tags.retag(io.BytesIO(built), out, place)
    return out.getvalue()
