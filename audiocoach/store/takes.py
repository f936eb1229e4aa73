"""Takes that were paid for: kept in the user's data folder as they came, apart from the cache.

What is cleared from the cache can be made again for nothing, and these cannot. Nobody tidies them: they go
when the user removes the folder `takes`.
"""

from __future__ import annotations

from audiocoach import configuration
from audiocoach.store.cache import Cache

FOLDER = "takes"


def open_takes() -> Cache:
    """The store of takes."""
    return Cache(configuration.data_folder() / FOLDER)
