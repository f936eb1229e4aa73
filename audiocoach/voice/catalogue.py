"""Voices that can be fetched at the user's word: where their files lie, their sizes and digests.

What stands in `assets/voices.json`; nothing here connects to anybody.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from audiocoach import assets
from audiocoach.records import dataclass
from audiocoach.voice.listing import Listed


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at an address that names one revision of it; `sha256` in hexadecimal."""

    name: str
    address: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RemoteVoice:
    """A voice of an engine whose files, the last of them its last, lie in `voices/<engine>` when it is there.

    `source` is the page that says whose voice it is, and under which licence.
    """

    engine: str
    name: str
    language: str
    licence: str
    source: str
    files: tuple[RemoteFile, ...]

    @property
    def path(self) -> str:
        """`engine/name`."""
        return f"{self.engine}/{self.name}"

    @property
    def listed(self) -> Listed:
        """As it is listed where it is not installed."""
        return Listed(self.name, (self.language,), self.licence, f"audiocoach voices get {self.name}")


@lru_cache(maxsize=1)
def catalogue() -> tuple[RemoteVoice, ...]:
    """All of them; no two have one name."""
    table = assets.voices()
    files = {name: RemoteFile(name, **row) for name, row in table["files"].items()}
    return tuple(_voice(row, files) for row in table["voices"])


def of_engine(engine: str) -> tuple[RemoteVoice, ...]:
    """Those that an engine can speak with."""
    return tuple(voice for voice in catalogue() if voice.engine == engine)


def _voice(row: dict[str, Any], files: dict[str, RemoteFile]) -> RemoteVoice:
    return RemoteVoice(**{**row, "files": tuple(files[name] for name in row["files"])})
