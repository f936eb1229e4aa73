"""The sessions that come of a routine: its own, and its variants; what their files are called."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.store.files import slug_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Edition:
    """One session of the routine at `path`: its own, or that of a `variant` by its name and line."""

    path: Path
    variant: str | None = None
    line: int = field(default=1, compare=False)

    @property
    def slug(self) -> str:
        """What its files are called."""
        return f"{slug_of(self.path)}-{self.variant}" if self.variant else slug_of(self.path)
