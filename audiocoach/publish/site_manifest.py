"""`site.json`, both ways: what a site's folder publishes, as bytes and as a record.

Whoever publishes writes it, and reads it again the next time; the server reads it. No name in it leads out of
that folder.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from audiocoach.publish.episode import Asset
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from typing_extensions import Self

NAME = "site.json"
_FILE = re.compile(r"[^./\\:\x00-\x1f][^/\\:\x00-\x1f]*")
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; ?charset=[a-z0-9-]+)?")


@dataclass(frozen=True, slots=True)
class SiteManifest:
    """Every published file, each name once."""

    files: tuple[Asset, ...]

    def to_bytes(self) -> bytes:
        """JSON in ASCII, in the order of names."""
        rows = {one.name: _row(one) for one in sorted(self.files, key=lambda one: one.name)}
        return f"{json.dumps({'files': rows}, indent=1)}\n".encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The inverse.

        Raises:
            MALFORMED: it is no manifest, or a name in it leads elsewhere.
        """
        return cls(tuple(_asset(name, row) for name, row in json.loads(data)["files"].items()))


def _row(asset: Asset) -> dict[str, Any]:
    return {"type": asset.media_type, "size": asset.size_bytes, "sha256": asset.digest}


def _asset(name: str, row: dict[str, Any]) -> Asset:
    asset = Asset(name, str(row["type"]), int(row["size"]), str(row["sha256"]))
    if not _FILE.fullmatch(name) or not _TYPE.fullmatch(asset.media_type):
        raise ValueError(name)
    return asset
