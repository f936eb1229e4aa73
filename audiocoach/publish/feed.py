"""The feed: RSS 2.0 with the tags that podcast apps read (docs/feed.md says which and why).

In: the show, its episodes in play order, and what was promised of them. Out: the text of `feed.xml`. The same
input is the same text: no clock is read, and nothing says when it was written.
"""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from email.utils import formatdate
from html import escape
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from audiocoach.errors import BuildError
from audiocoach.publish.chapters import chapters
from audiocoach.publish.markup import plain
from audiocoach.routine import wordings
from audiocoach.routine.show import DAYS
from audiocoach.units import MS_PER_SECOND, ms_to_stamp

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Chapter
    from audiocoach.publish.episode import Asset, Episode
    from audiocoach.routine.show import Show

NAME = "feed.xml"
# Exactly so: with a slash at the end of `podcast`, for one, there is an app that knows none of its tags.
NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
}
_PSC_VERSION = "1.2"
_LOCAL = (".local", ".localhost", ".lan", ".home.arpa", ".internal")
# Apps show a description as text or as HTML: with these for brackets it is the same in both.
_LOOK_ALIKES = str.maketrans("<>", "\u2039\u203a")


def feed(show: Show, cover: Asset, episodes: tuple[Episode, ...], show_guid: str, feed_url: str) -> str:
    """The whole document; every address in it is beside `feed_url`.

    Raises:
        BuildError: it could not be parsed again.
    """
    for prefix, name in NAMESPACES.items():
        ET.register_namespace(prefix, name)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _channel(_Writer(channel, feed_url), show, cover, show_guid)
    _synthetic(_Writer(channel, feed_url), is_so=any(one.is_synthetic for one in episodes))
    for one in episodes:
        _item(_Writer(ET.SubElement(channel, "item"), feed_url), show, one)
    ET.indent(root, " ")
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
    _parse_again(text, ET.tostring(root))
    return text


def _parse_again(text: str, wanted: bytes) -> None:
    """Writing checks nothing: a text with a character that XML has not would be written as it is."""
    try:
        same = ET.tostring(ET.fromstring(text)) == wanted  # noqa: S314 - it is our own
    except ET.ParseError as error:
        raise BuildError(f"the feed cannot be parsed again: {error}") from error
    if not same:
        raise BuildError("the feed is another when it is parsed again")


class _Writer:
    """Adds to one element: names are written `prefix:name`, texts are made safe here and nowhere else."""

    def __init__(self, element: ET.Element, feed_url: str) -> None:
        self._element = element
        self.feed_url = feed_url

    def add(self, name: str, /, *lines: str, **attributes: str) -> _Writer:
        """One element with a text of so many lines."""
        prefix, _, local = name.rpartition(":")
        tag = f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local
        safe = {key: plain(value) for key, value in attributes.items()}
        child = ET.SubElement(self._element, tag, safe)
        child.text = "\n".join(map(plain, lines)) or None
        return _Writer(child, self.feed_url)

    def url(self, asset: Asset | str) -> str:
        """The absolute address of a file of the site."""
        return urljoin(self.feed_url, asset if isinstance(asset, str) else asset.name)


def is_local(feed_url: str) -> bool:
    """Whether an address leads nowhere outside a house: no directory should list such a feed."""
    host = urlsplit(feed_url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_LOCAL)


def is_unlisted(show: Show, feed_url: str | None) -> bool:
    """Whether directories are asked to leave the feed out."""
    return show.is_private or (feed_url is not None and is_local(feed_url))


def guid_in(text: str) -> str | None:
    """By what listeners know the show of a feed of ours; None where the text names none."""
    named = re.search(r"<podcast:guid>([^<]*)</podcast:guid>", text)
    return named[1] if named else None


# -- the channel --------------------------------------------------------------------------------


def _channel(to: _Writer, show: Show, cover: Asset, show_guid: str) -> None:
    to.add("title", show.title)
    to.add("link", to.url("."))
    to.add("description", show.description)
    to.add("language", show.language)
    to.add("atom:link", href=to.feed_url, rel="self", type="application/rss+xml")
    to.add("itunes:author", show.author)
    to.add("itunes:image", href=to.url(cover))
    wide = to
    for name in show.category:
        wide = wide.add("itunes:category", text=name)
    to.add("itunes:explicit", "false")
    to.add("itunes:type", "serial" if show.is_serial else "episodic")
    to.add("podcast:guid", show_guid)
    to.add("podcast:medium", "podcast")
    to.add("podcast:locked", "yes", **({"owner": show.email} if show.email else {}))
    to.add("podcast:person", show.author, role="host")
    _license(to, show)
    _rhythm(to, show)
    _owner(to, show)
    if is_unlisted(show, to.feed_url):
        to.add("itunes:block", "Yes")
        to.add("podcast:block", "yes")


def _license(to: _Writer, show: Show) -> None:
    if show.license and "://" in show.license:
        to.add("podcast:license", "custom", url=show.license)
    elif show.license:
        to.add("podcast:license", show.license.lower())


def _rhythm(to: _Writer, show: Show) -> None:
    """When to expect sessions, as a rule of iCalendar (RFC 5545 §3.3.10), and whether there will be more."""
    if not show.days and not show.is_complete:
        return
    daily = len(show.days) == len(DAYS)
    rule = "FREQ=DAILY" if daily else f"FREQ=WEEKLY;BYDAY={','.join(show.days)}"
    attributes = {"rrule": rule} if show.days else {}
    if show.is_complete:
        attributes["complete"] = "true"
    language = wordings.nearest(show.language)
    days = [language.label(f"day_{day}") for day, code in DAYS.items() if code in show.days]
    named = language.traits.lists.join(days) or language.label("complete")
    to.add("podcast:updateFrequency", language.label("daily") if daily else named, **attributes)


def _synthetic(to: _Writer, *, is_so: bool) -> None:
    """That the voice is a machine's, as directories ask to be told (podcast namespace 1.0, `txt`)."""
    if is_so:
        to.add("podcast:txt", "true", purpose="ai-content")


def _owner(to: _Writer, show: Show) -> None:
    if show.email:
        owner = to.add("itunes:owner")
        owner.add("itunes:name", show.author)
        owner.add("itunes:email", show.email)


# -- an episode ---------------------------------------------------------------------------------


def _item(to: _Writer, show: Show, one: Episode) -> None:
    to.add("title", one.title)
    to.add("link", to.url(one.page))
    to.add("guid", one.guid, isPermaLink="false")
    to.add("pubDate", formatdate(one.published_s, usegmt=True))
    to.add("enclosure", url=to.url(one.sound), length=str(one.sound.size_bytes), type=one.sound.media_type)
    to.add("itunes:duration", str(duration_s(one)))
    to.add("itunes:image", href=to.url(one.cover))
    to.add("itunes:explicit", "false")
    to.add("itunes:episodeType", "full")
    _numbers(to, show, one)
    _words(to, one)
    if one.coach:
        to.add("podcast:person", one.coach, role="host")
    _synthetic(to, is_so=one.is_synthetic)
    _carriers(to, one)
    _alternates(to, one)


def duration_s(one: Episode) -> int:
    """An episode's length in whole seconds, the nearest."""
    return (one.timeline.duration_ms + MS_PER_SECOND // 2) // MS_PER_SECOND


def _numbers(to: _Writer, show: Show, one: Episode) -> None:
    week_day = week_and_day(show, one.number)
    if week_day is None:
        to.add("itunes:episode", str(one.number))
        to.add("podcast:episode", str(one.number))
        return
    week, day = week_day
    language = wordings.nearest(show.language)
    to.add("itunes:season", str(week))
    to.add("itunes:episode", str(day))
    to.add("podcast:season", str(week), name=language.label("week", week=week))
    to.add("podcast:episode", str(day), display=language.label("week_and_day", week=week, day=day))


def week_and_day(show: Show, number: int) -> tuple[int, int] | None:
    """Where an episode stands in a programme with days, both from 1; None where there are no weeks.

    A week is a season; everything else counts through.
    """
    if not show.is_serial or not show.days:
        return None
    week, day = divmod(number - 1, len(show.days))
    return week + 1, day + 1


def _words(to: _Writer, one: Episode) -> None:
    """What it is and needs, and its chapters with their times, which several apps read from here."""
    language = wordings.nearest(one.timeline.language)
    things = language.traits.lists.join(one.equipment)
    needed = language.label("you_need", things=things) if things else ""
    about = [plain(text) for text in (one.description, needed) if plain(text)]
    marks = [chapter_line(chapter) for chapter in chapters(one.timeline)]
    lines = (*about, "", *marks) if about else marks
    to.add("description", *(line.translate(_LOOK_ALIKES) for line in lines))
    paragraphs = [*map(escape, about), "<br/>".join(escape(plain(mark)) for mark in marks)]
    to.add("content:encoded", *(f"<p>{text}</p>" for text in paragraphs if text))


def chapter_line(chapter: Chapter) -> str:
    """`00:04:00 Legs`, as Apple's and Spotify's apps read chapters from a description."""
    return f"{ms_to_stamp(chapter.start_ms).partition('.')[0]} {chapter.title}"


def _alternates(to: _Writer, one: Episode) -> None:
    """The same session in other files, where there are any, each with what its bytes are known by.

    Podcast namespace 1.0, `alternateEnclosure`; the digest is one of Subresource Integrity.
    """
    for asset in (one.sound, *one.alternates) if one.alternates else ():
        bits = asset.size_bytes * 8 * MS_PER_SECOND // one.timeline.duration_ms
        own = {"default": "true"} if asset is one.sound else {}
        file = to.add(
            "podcast:alternateEnclosure",
            type=asset.media_type,
            length=str(asset.size_bytes),
            bitrate=str(bits),
            title=asset.name.rpartition(".")[2].upper(),
            **own,
        )
        file.add("podcast:source", uri=to.url(asset))
        digest = base64.b64encode(bytes.fromhex(asset.digest)).decode("ascii")
        file.add("podcast:integrity", type="sri", value=f"sha256-{digest}")


def _carriers(to: _Writer, one: Episode) -> None:
    language = one.timeline.language
    captions, page = one.captions, one.transcript
    to.add(
        "podcast:transcript",
        url=to.url(captions),
        type=captions.media_type,
        language=language,
        rel="captions",
    )
    to.add("podcast:transcript", url=to.url(page), type=page.media_type, language=language)
    to.add("podcast:chapters", url=to.url(one.chapters), type=one.chapters.media_type)
    marks = to.add("psc:chapters", version=_PSC_VERSION)
    for chapter in chapters(one.timeline):
        marks.add("psc:chapter", start=ms_to_stamp(chapter.start_ms), title=chapter.title)
