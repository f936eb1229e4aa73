"""What leads others to the pages: cards for whoever hands an address on, and the ways into podcast apps.

In: addresses that are known, and texts. Out: markup. Where nobody knows yet where a site will be there is
none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from audiocoach.publish.templates import Markup, fill, joined

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROPERTY = '<meta property="$name" content="$content">'
_NAMED = '<meta name="$name" content="$content">'
_LINK = '<a class="button" href="$href">$app</a>'
# By which address an app takes a feed: `bare` is the feed's address without its scheme.
_APPS = (
    ("AntennaPod", "antennapod-subscribe://{bare}"),
    ("Apple Podcasts", "podcast://{bare}"),
    ("Overcast", "overcast://x-callback-url/add?url={quoted}"),
    ("Pocket Casts", "pktc://subscribe/{bare}"),
)
_QR = '<svg class="qr" role="img" aria-label="$label" viewBox="0 0 $side $side"><path d="$path"/></svg>'
# Readers of the code want so much white around it (ISO/IEC 18004 §6.3.8).
_QUIET = 4


def social(site_url: str | None, page: str, card: Mapping[str, str], image: str) -> Markup:
    """What a message shows of an address (The Open Graph protocol; Twitter cards).

    `card` has `title`, `description` and `site_name`; `page` and `image` are names in the site, `site_url`
    the address of anything in it.
    """
    if site_url is None:
        return Markup()
    told = {
        "og:type": "website",
        "og:url": urljoin(site_url, page),
        "og:image": urljoin(site_url, image),
        **{f"og:{name}": text for name, text in card.items()},
    }
    rows = [fill(_PROPERTY, name=name, content=content) for name, content in told.items()]
    rows.append(fill(_NAMED, name="twitter:card", content="summary"))
    return Markup(f"{joined(rows)}\n")


def app_links(feed_url: str) -> Markup:
    """A button for each app that takes a feed by a link."""
    ways = {"bare": feed_url.partition("://")[2], "quoted": quote(feed_url, safe="")}
    return joined(fill(_LINK, href=way.format_map(ways), app=app) for app, way in _APPS)


def qr_code(address: str, label: str) -> Markup:
    """The address, to be opened with a phone's camera: dark squares on a path of their own."""
    import segno  # 60 ms, and only where pages are made

    rows = tuple(segno.make_qr(address).matrix)
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return fill(_QR, label=label, side=len(rows) + 2 * _QUIET, path=path)
