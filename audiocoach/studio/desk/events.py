"""What is told to every open page: which file has become another, as server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_LOOK_EVERY_S = 0.5
# Without news something is said all the same: a page that has vanished is noticed by that.
_BEAT_S = 15.0


class Events:
    """The pages that listen. All of it happens in the server's one thread, but for `close`."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._told: dict[str, str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False

    def tell(self, path: str, revision: str) -> None:
        """Tell all of them of a file, once for what is in it."""
        if self._told.get(path) == revision:
            return
        self._told[path] = revision
        data = json.dumps({"path": path, "revision": revision}, ensure_ascii=False)
        for queue in self._queues:
            queue.put_nowait(f"event: changed\ndata: {data}\n\n")

    def tell_from_afar(self, path: str, revision: str) -> None:
        """As `tell`, from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.tell, path, revision)

    async def listen(self) -> AsyncIterator[str]:
        """What is told from now on, until the end."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield ": here\n\n"
            while not self._is_closed:
                told: str | None = ": still here\n\n"
                with contextlib.suppress(asyncio.TimeoutError):
                    told = await asyncio.wait_for(queue.get(), _BEAT_S)
                if told is None:
                    return
                yield told
        finally:
            self._queues.discard(queue)

    async def watch(self, look: Callable[[], tuple[tuple[str, str], ...]]) -> None:
        """Look again and again, in another thread, for files that others have changed."""
        self._loop = asyncio.get_running_loop()
        while not self._is_closed:
            for path, revision in await asyncio.to_thread(look):
                self.tell(path, revision)
            await asyncio.sleep(_LOOK_EVERY_S)

    def close(self) -> None:
        """Let every page go; from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._is_closed = True
        for queue in self._queues:
            queue.put_nowait(None)
