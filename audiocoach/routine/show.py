"""The show: what `audiocoach.yaml` beside the routines says of the feed that they make together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiocoach.errors import Position


@dataclass(frozen=True, slots=True)
class Show:
    """A feed's own words.

    `base_url` ends with a slash, None where nobody has said yet. `order` names routines (their files'
    names without `.yaml`) that come first, in play order; the others follow by name. `cover` is the
    path of the author's own picture.
    """

    position: Position
    title: str
    author: str
    description: str
    language: str
    category: tuple[str, ...]
    base_url: str | None
    is_private: bool
    is_serial: bool
    order: tuple[str, ...]
    email: str | None
    cover: str | None
