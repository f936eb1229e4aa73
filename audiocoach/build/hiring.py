"""Who does the work of a build: hired as soon as it is known that there is some."""

from __future__ import annotations

import contextlib
import os
from itertools import islice
from typing import TYPE_CHECKING

from audiocoach.build.cache import Cache
from audiocoach.build.files import Digests, absolute
from audiocoach.build.order import MANIFEST
from audiocoach.build.recipe import recipe_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiocoach.build.crew import Workers
    from audiocoach.build.order import Order, Place

_FIRST = 8


@contextlib.contextmanager
def workers(order: Order, place: Place, tell: Callable[[str], object] = lambda _: None) -> Iterator[Workers]:
    """The workers that an order asks for: they are there sooner while this program has one thread.

    `tell` is told which workers of a cluster are refused.

    Raises:
        ClusterError: there are none.
    """
    if order.cluster:
        from audiocoach.build.cluster import opened  # noqa: PLC0415 - who has no cluster needs no Dask

        with opened(order, place, tell) as cluster:
            yield cluster
        return
    from audiocoach.build.crew import Crew  # noqa: PLC0415 - who has a cluster needs no processes

    with Crew(order.jobs) as crew:
        yield crew


def is_sure(order: Order, place: Place) -> bool:
    """Whether sessions must be laid out: the folder has no record, and the cache lacks one of the first."""
    if os.path.exists(order.folder / MANIFEST):  # noqa: PTH110 - raises nothing
        return False
    cache, digests = Cache(place.cache), Digests()
    keys = (
        recipe_key(path, digests.of(absolute(path)), order.wanted) for path in islice(order.paths, _FIRST)
    )
    return any(cache.get(key) is None for key in keys)
