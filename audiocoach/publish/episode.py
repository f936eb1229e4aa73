"""What a feed and its pages know of one finished session.

In: nothing, this is a record; `build` makes it from a finished MP3 and what stands beside it. All
names of files are names in the site's one folder, safe on every file system and in every URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Asset:
    """A published file: its `name` in the site's folder, its media type, size and SHA-256 in hexadecimal."""

    name: str
    media_type: str
    size_bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Episode:
    """One session as it is published.

    `name` is what its files are called: safe and distinct where the routine's own `slug` may hold
    anything. `number` counts in play order from 1; `published_s` is Unix time, in whole seconds.
    `guid` and `published_s` never change once they were given. `alternates` are the same sound in files of
    other kinds, which players may take instead.
    """

    slug: str
    name: str
    guid: str
    number: int
    published_s: int
    description: str
    coach: str
    level: str
    tags: tuple[str, ...]
    equipment: tuple[str, ...]
    is_synthetic: bool
    timeline: Timeline
    sound: Asset
    cover: Asset
    chapters: Asset
    captions: Asset
    transcript: Asset
    alternates: tuple[Asset, ...] = ()

    @property
    def title(self) -> str:
        """As the coach wrote it."""
        return self.timeline.title

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"{self.name}.html"
