"""The pages: one for the feed, one for each episode, and what they need to work without a network.

In: a show and its episodes. Out: names of files in the site's folder and their bytes; the same input gives
the same bytes. Nothing asks for anything outside that folder. Pages name what belongs to them with a digest
of its content (`player.js?v=1a2b3c4d`), a sound by a name that has one: so no cache, of a browser or of
the worker, mixes two versions.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from audiocoach import assets
from audiocoach.publish import cuesheet, feed, key_list, palette, picture, player_data, sharing, templates
from audiocoach.publish.chapters import chapters
from audiocoach.publish.strip import strip
from audiocoach.publish.templates import NO_MARKUP, Markup, fill, joined
from audiocoach.publish.transcript import to_read
from audiocoach.routine import wordings
from audiocoach.sound.tags import clean
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.language.language import Language
    from audiocoach.publish.episode import Asset, Episode
    from audiocoach.routine.show import Show

_BYTES_PER_MB = 1_000_000
_ICONS = {"icon.svg": "image/svg+xml", "icon-180.png": "image/png", "icon-512.png": "image/png"}
# The stage stands in one place for the pages and for what is handed over.
# What the worker answers where there is no network; a session is never called so, since it has a dot.
_OFFLINE = "404.offline.html"
_STYLE, _SCRIPT = ("stage.css", "style.css"), ("stage.js", "player.js")
_AUTHOR = '<bdi lang="$language">$author</bdi>'
_APPS = '<div class="apps"><p>$lead</p>\n<p class="ways">$links</p>\n$code</div>\n'
_AFTER = '<a id="after" href="$page" hidden>$lead: <bdi lang="$language">$title</bdi></a>'
_LINE = '$time\n<p dir="auto">$text</p>'


def pages(
    show: Show, cover: Asset, episodes: Sequence[Episode], feed_url: str | None
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site that is made of text: pages, transcripts, pictures, style, player and worker.

    `episodes` are in play order. `feed_url` is where the feed will be found, None where nobody knows yet.
    """
    shared = dict(_shared(show))
    yield from shared.items()
    links = {name: _link(name, content) for name, content in shared.items()}
    yield "sw.js", _worker((*links.values(), _linked(cover)))
    yield "index.html", _index(show, cover, episodes, feed_url, links)
    yield "404.html", _missing(show, links)
    yield _OFFLINE, _unkept(show, links)
    for place, one in enumerate(episodes):
        drawn = picture.svg(one.timeline).encode("utf-8")
        yield f"{one.name}.svg", drawn
        yield one.transcript.name, transcript_page(one.timeline).encode("utf-8")
        following = episodes[place + 1] if place + 1 < len(episodes) else None
        lead = _after(following, wordings.nearest(one.timeline.language))
        head = _head(show, _title(one.timeline), one.description, links, _card_of(show, one, feed_url))
        yield one.page, _episode(show, one, head, lead, _link(f"{one.name}.svg", drawn))


def transcript_page(timeline: Timeline) -> str:
    """What is said, with its times, for apps and readers (podcast namespace, Transcripts, HTML)."""
    words = [
        (one.start_ms, 0, fill('<h2 dir="auto">$title</h2>', title=one.title)) for one in chapters(timeline)
    ]
    words += [
        (start_ms, 1, fill(_LINE, time=cuesheet.time_tag(start_ms), text=text))
        for start_ms, text in to_read(timeline)
    ]
    return templates.page(
        "transcript.html",
        wordings.nearest(timeline.language),
        language=timeline.language,
        title=_title(timeline),
        words=joined(markup for *_, markup in sorted(words)),
    ).decode("utf-8")


# -- what all pages share -----------------------------------------------------------------------


def _shared(show: Show) -> Iterator[tuple[str, bytes]]:
    yield "style.css", b"\n".join((palette.variables().encode("ascii"), *map(assets.site, _STYLE)))
    yield "player.js", b"\n".join(map(assets.site, _SCRIPT))
    yield from ((name, assets.site(name)) for name in _ICONS)
    yield "manifest.webmanifest", _manifest(show)


def _manifest(show: Show) -> bytes:
    """What a phone needs to put the pages among its apps (W3C, Web Application Manifest)."""
    manifest = {
        "name": _name(show),
        "lang": clean(show.language),
        "start_url": "index.html",
        "scope": "./",
        "display": "standalone",
        "background_color": palette.COLOURS["paper"].light,
        "theme_color": palette.COLOURS["paper"].light,
        "icons": [{"src": name, "type": kind, "sizes": _size(name)} for name, kind in _ICONS.items()],
    }
    return json.dumps(manifest, indent=1).encode("ascii") + b"\n"


def _size(icon: str) -> str:
    _, _, side = icon.removesuffix(".png").partition("-")
    return f"{side}x{side}" if side.isdecimal() else "any"


def _worker(links: Sequence[str]) -> bytes:
    """The service worker, which begins with what every page needs: it changes whenever one of them does."""
    shell = json.dumps(["index.html", _OFFLINE, *links])
    first = f'const SHELL = {shell};\nconst OFFLINE = "{_OFFLINE}";\n'
    return first.encode("ascii") + assets.site("sw.js")


def _link(name: str, content: bytes) -> str:
    return _address(name, hashlib.sha256(content).hexdigest())


def _linked(asset: Asset) -> str:
    return _address(asset.name, asset.digest)


def _address(name: str, digest: str) -> str:
    return f"{quote(name)}?v={digest[:8]}"


def _head(
    show: Show, title: str, description: str, links: dict[str, str], card: Markup = NO_MARKUP
) -> Markup:
    return templates.part(
        "head.html",
        wordings.nearest(show.language),
        title=title,
        show=show.title,
        description=description,
        robots="noindex" if show.is_private else "index",
        style=links["style.css"],
        player=links["player.js"],
        icon=links["icon.svg"],
        touch_icon=links["icon-180.png"],
        manifest=links["manifest.webmanifest"],
        card=card,
    )


# -- the page of the feed -----------------------------------------------------------------------


def _index(
    show: Show, cover: Asset, episodes: Sequence[Episode], feed_url: str | None, links: dict[str, str]
) -> bytes:
    language = wordings.nearest(show.language)
    return templates.page(
        "index.html",
        language,
        head=_head(show, _name(show), show.description, links, _card_of_all(show, cover, feed_url)),
        language=show.language,
        title=_name(show),
        by=templates.label(language, "by", author=fill(_AUTHOR, language=show.language, author=show.author)),
        description=show.description,
        cover=_linked(cover),
        count=language.counted_label("sessions", len(episodes)),
        cards=joined(_card(one) for one in episodes),
        feed=feed_url or "feed.xml",
        apps=_apps(feed_url, language),
        privacy=language.label("private" if feed.is_unlisted(show, feed_url) else "public"),
    )


def _card_of_all(show: Show, cover: Asset, feed_url: str | None) -> Markup:
    told = {"title": _name(show), "description": clean(show.description), "site_name": _name(show)}
    return sharing.social(feed_url, "index.html", told, quote(cover.name))


def _apps(feed_url: str | None, language: Language) -> Markup:
    """The ways into apps, where others can reach the feed."""
    if feed_url is None or feed.is_local(feed_url):
        return Markup()
    code = sharing.qr_code(urljoin(feed_url, "index.html"), language.label("scan"))
    lead, links = language.label("open_with"), sharing.app_links(feed_url)
    return fill(_APPS, lead=lead, links=links, code=code)


def _card(one: Episode) -> Markup:
    card = templates.part(
        "card.html",
        wordings.nearest(one.timeline.language),
        cover=_linked(one.cover),
        page=quote(one.page),
        sound=quote(one.sound.name),
        title=_title(one.timeline),
        facts=_facts(one),
        strip=strip(one.timeline),
        description=one.description,
    )
    return Markup(card.rstrip())


def _facts(one: Episode) -> str:
    """`16 min · standard · mat, band`."""
    language = wordings.nearest(one.timeline.language)
    length = language.label("minutes_long", count=max(round(one.timeline.duration_ms / MS_PER_MINUTE), 1))
    level, things = language.named("level", one.level), language.traits.lists.join(one.equipment)
    return " · ".join(filter(None, (length, level, things)))


# -- the page of an episode ---------------------------------------------------------------------


def _card_of(show: Show, one: Episode, feed_url: str | None) -> Markup:
    described = " · ".join(filter(None, (_facts(one), clean(one.description))))
    told = {"title": _title(one.timeline), "description": described, "site_name": _name(show)}
    return sharing.social(feed_url, quote(one.page), told, quote(one.cover.name))


def _episode(show: Show, one: Episode, head: Markup, after: Markup, drawn: str) -> bytes:
    timeline, sound = one.timeline, quote(one.sound.name)
    title, language = _title(timeline), wordings.nearest(timeline.language)
    size_mb = language.traits.decimal(one.sound.size_bytes / _BYTES_PER_MB, places=1)
    return templates.page(
        "episode.html",
        language,
        head=head,
        language=timeline.language,
        show=_name(show),
        title=title,
        sound=sound,
        cover=_linked(one.cover),
        artist=one.coach or show.author,
        seconds=timeline.duration_ms // MS_PER_SECOND,
        clock=ms_to_clock(timeline.duration_ms),
        strip=strip(timeline),
        chapters=cuesheet.entries(timeline, sound),
        words=cuesheet.tables(timeline, sound),
        facts=_facts(one),
        did=player_data.did(timeline, language),
        after=after,
        tags=language.traits.lists.between.join(one.tags),
        description=one.description,
        voice=_voice(one, language),
        picture=drawn,
        mp3=sound,
        size=language.label("megabytes", count=size_mb),
        keys=key_list.dialog(language),
        transcript=quote(one.transcript.name),
        captions=quote(one.captions.name),
        timeline=templates.json_block(player_data.data(timeline)),
    )


def _after(following: Episode | None, language: Language) -> Markup:
    """Where one goes on at the end; nothing after the last session."""
    if following is None:
        return Markup()
    title, lead = _title(following.timeline), language.label("next_session")
    return fill(
        _AFTER, page=quote(following.page), lead=lead, language=following.timeline.language, title=title
    )


def _missing(show: Show, links: dict[str, str]) -> bytes:
    """What a host shows where a page is not there."""
    language = wordings.nearest(show.language)
    head = _head(show, language.label("missing"), language.label("missing_why"), links)
    return templates.page("404.html", language, head=head)


def _unkept(show: Show, links: dict[str, str]) -> bytes:
    """What the worker shows where there is no network and a page was never opened."""
    language = wordings.nearest(show.language)
    head = _head(show, language.label("unkept"), language.label("unkept_why"), links)
    return templates.page("offline.html", language, head=head)


def _voice(one: Episode, language: Language) -> str:
    coach = language.label("coach", coach=one.coach) if clean(one.coach) else ""
    return " ".join(filter(None, (coach, language.label("synthetic") if one.is_synthetic else "")))


def _name(show: Show) -> str:
    """What the pages are called: the show's title, where it has one."""
    return clean(show.title) or wordings.nearest(show.language).label("untitled")


def _title(timeline: Timeline) -> str:
    """As the coach wrote it; a session without a title is called by its length."""
    return clean(timeline.title) or ms_to_clock(timeline.duration_ms)
