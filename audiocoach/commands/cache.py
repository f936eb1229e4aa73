"""`audiocoach cache`: what was made once and is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.commands.common import open_cache
from audiocoach.errors import (
    StorageError,
)
from audiocoach.store.cache import Cache, default_folder

if TYPE_CHECKING:
    from pathlib import Path

    from audiocoach.store.cache import Holding


def show_cache(folder: Path | None) -> str:
    """What the cache holds, and where."""
    where = folder or default_folder()
    return f"{_amount(Cache(where).holding())} in {where}"


def prune_cache(folder: Path | None, limit_bytes: int) -> str:
    """Make the cache no larger than the limit.

    Raises:
        StorageError: too much of it could not be removed.
    """
    cache = open_cache(folder)
    removed = f"removed {_amount(cache.prune(limit_bytes))}"
    left = cache.holding()
    if left.size_bytes > limit_bytes:
        raise StorageError(f"{removed}; {_amount(left)} in {folder or default_folder()} could not be removed")
    return removed


def verify_cache(folder: Path | None) -> str:
    """Read every entry; damaged ones are removed and will be made again."""
    whole, damaged = open_cache(folder).verify()
    return f"{_amount(whole)} whole, removed {_amount(damaged)} damaged"


def _amount(holding: Holding) -> str:
    entries = "1 entry" if holding.entries == 1 else f"{holding.entries:,} entries"
    return f"{entries} ({holding.size_bytes / 1_000_000:.1f} MB)"
