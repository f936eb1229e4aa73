"""The site's folder while it is being published: only what is another is written, and the feed comes last.

In: names and bytes. Out: files that are whole whenever they stand under their names, and `site.json`, which
names each with its media type, size and SHA-256: the server serves what it names, and only what it names is
ever removed. What belongs to a session has a digest of its content in its name, so that an older download
never meets a newer text under the address that it knows.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.errors import MALFORMED, StorageError
from audiocoach.publish import feed
from audiocoach.publish.episode import Asset
from audiocoach.publish.site_manifest import NAME, SiteManifest
from audiocoach.sound.containers import CONTAINERS
from audiocoach.store.files import prepare_folder, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path


_TYPES = {
    **{container.suffix: container.media_type for container in CONTAINERS},
    ".vtt": "text/vtt",
    ".html": "text/html",
    ".chapters.json": "application/json+chapters",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/rss+xml",
}
# Every name that we give; a manifest may have been edited to name something else.
_OURS = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)+")
_SHORT_DIGEST = 8
# Sites that were published before names had digests have names without.
_DIGESTED = re.compile(rf"(.+?)(?:-[0-9a-f]{{{_SHORT_DIGEST}}})?(\.[a-z0-9.]+)")
# A page, and the picture on it, are called as their routine, which may look like one with a digest.
_UNDIGESTED = frozenset({".html", ".svg"})
_PNG = b"\x89PNG\r\n"


class SiteFolder:
    """Every file is in its place as soon as it is whole; `written` and `removed` are names."""

    def __init__(self, folder: Path, check: Callable[[], object]) -> None:
        prepare_folder(folder)
        self._folder = folder
        self._check = check
        self._before = _before(folder / NAME)
        self._assets: dict[str, Asset] = {}
        self.written: list[str] = []
        self.removed: list[str] = []

    def write(self, name: str, data: bytes) -> Asset:
        """Put a file there, where it is not there as it should be."""
        self._check()
        self._assets[name] = asset_of(name, data)
        self._replace(name, data)
        return self._assets[name]

    def write_digested(self, stem: str, suffix: str, data: bytes) -> Asset:
        """The same, under a new name whenever the content is another: apps and browsers keep what they have.

        A site that stands names it before it is there: if we are stopped, whoever comes after us knows of it.
        """
        name = f"{stem}-{hashlib.sha256(data).hexdigest()[:_SHORT_DIGEST]}{suffix}"
        if self._before and name not in self._before:
            self._check()
            self._before[name] = asset_of(name, data)
            self._list(self._before)
        return self.write(name, data)

    def write_picture(self, stem: str, data: bytes) -> Asset:
        """The same for a PNG or a JPEG."""
        return self.write_digested(stem, ".png" if data.startswith(_PNG) else ".jpg", data)

    def write_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        """The same for many files."""
        for name, data in files:
            self.write(name, data)

    def superseded(self, stems: Collection[str]) -> list[str]:
        """What was published of these stems with other contents, and still stands."""
        older = ((name, _DIGESTED.fullmatch(name)) for name in self._before if name not in self._assets)
        return [
            name
            for name, parts in older
            if parts and parts[1] in stems and parts[2] not in _UNDIGESTED and self._stands(name)
        ]

    def _stands(self, name: str) -> bool:
        """Whether it is the file that the manifest names, as far as its type and size can tell."""
        try:
            found = (self._folder / name).lstat()
            known = self._before[name]
            same = (known.media_type, known.size_bytes) == (_type(name), found.st_size)
        except (OSError, StopIteration):
            return False
        return same and stat.S_ISREG(found.st_mode)

    def finish(self, text: str, staying: Collection[str] = ()) -> None:
        """Let the feed take the place of the old one; then what left it goes, but for what is `staying`.

        Until then `site.json` names both what was and what is, so that whoever comes after us, if we are
        stopped, knows what is to go.

        Raises:
            StorageError: a file could not be written, or (then the feed is the new one) not be removed.
        """
        data = text.encode("utf-8")
        self._assets[feed.NAME] = asset_of(feed.NAME, data)
        older = {name: one for name, one in self._before.items() if name not in self._assets}
        stays = {name: one for name, one in older.items() if name in staying}
        self._list(older)
        self._replace(feed.NAME, data)
        left = {
            name: one for name, one in sorted(older.items()) if name not in stays and not self._remove(name)
        }
        self._list(stays | left)
        if left:
            raise StorageError(f"could not be removed from {self._folder}: {', '.join(left)}")

    def _list(self, gone: dict[str, Asset]) -> None:
        self._replace(NAME, SiteManifest(tuple((self._assets | gone).values())).to_bytes())

    def _replace(self, name: str, data: bytes) -> None:
        path = self._folder / name
        if is_so(path, data):
            return
        with replacing(path) as (file,):
            file.write(data)
        if name != NAME:
            self.written.append(name)

    def _remove(self, name: str) -> bool:
        """Whether it is gone."""
        path = self._folder / name
        try:
            path.unlink()
            self.removed.append(name)
        except OSError:
            return not os.path.lexists(path)
        return True


def is_so(path: Path, data: bytes) -> bool:
    """Whether a file stands there, and no link, with this content."""
    try:
        found = path.lstat()
        same = stat.S_ISREG(found.st_mode) and found.st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
    return same


def _before(path: Path) -> dict[str, Asset]:
    """What a manifest names of ours, nothing where it cannot be read."""
    try:
        files = SiteManifest.from_bytes(regular.read(path)).files
    except (OSError, *MALFORMED):
        return {}
    return {one.name: one for one in files if _OURS.fullmatch(one.name) and one.name != NAME}


def asset_of(name: str, data: bytes) -> Asset:
    """What is published of a file; its media type is known by its name."""
    return Asset(name, _type(name), len(data), hashlib.sha256(data).hexdigest())


def _type(name: str) -> str:
    return next(kind for suffix, kind in _TYPES.items() if name.endswith(suffix))
