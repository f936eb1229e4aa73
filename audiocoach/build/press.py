"""Where a site's pictures, pages and tags come from: one function for each.

In: a show that was read, and what its sessions were built from. Out: the `Press` that publishes it.
"""

from __future__ import annotations

import io
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from audiocoach.build import artwork
from audiocoach.build.cache import Cache
from audiocoach.build.podcast import Press
from audiocoach.publish import site
from audiocoach.publish.feed import week_and_day
from audiocoach.sound import tags

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.build.podcast import Prepared
    from audiocoach.build.sessions import Session
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.publish.episode import Episode
    from audiocoach.routine.show import Show


def press_of(prepared: Prepared) -> Press:
    """What publishes this show. Covers of sessions are kept in the cache: drawing one takes 150 ms."""
    cache = Cache(prepared.found.place.cache)

    def cover(session: Session, timeline: Timeline) -> bytes:
        return artwork.session_cover(session, timeline, artwork.IN_FEED_PX, cache).jpeg

    return Press(_show_cover, cover, site.transcript_page, tagged, site.pages)


def _show_cover(own: Path | None, show: Show) -> bytes:
    return artwork.show_cover(own, show.title, show.author, artwork.IN_FEED_PX)


def tagged(built: bytes, show: Show, one: Episode) -> bytes:
    """The MP3 with its show and its place in it: album, track, week, year (ID3v2.3 §4.2.1).

    How many tracks there are is not told: each session would be another file whenever one is added.
    """
    week, _ = week_and_day(show, one.number) or (1, one.number)
    year = datetime.fromtimestamp(one.published_s, timezone.utc).year
    out = io.BytesIO()
    place = tags.text_frame("TALB", show.title) + tags.place_frames(one.number, week, year)
    tags.retag(io.BytesIO(built), out, place)
    return out.getvalue()
