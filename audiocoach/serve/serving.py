"""`audiocoach serve`: a site folder on a web server, built again whenever its routines change."""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING, Protocol

from audiocoach.errors import AudiocoachError, foreseen, printable
from audiocoach.publish.site_manifest import NAME
from audiocoach.records import dataclass
from audiocoach.serve.address import LOOPBACK, USUAL_PORT, hosts, lan_address, listen_on, port_of
from audiocoach.serve.hosted import Site
from audiocoach.serve.watch import Watch, find_sources
from audiocoach.workers.stop import stoppable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiocoach.serve.server import Server
    from audiocoach.workers.stop import Stop

_LOOK_EVERY_S = 0.5
_WHO_CAN = """\
Apps that fetch a feed themselves can subscribe to it from this network: AntennaPod, gPodder.
Overcast, Pocket Casts, Spotify and Apple Podcasts fetch with their own servers: only from public addresses.
"""
# White on black whatever the terminal's colours are: a code in light on dark is read by fewer cameras.
_CODE_LINE = "\x1b[97;40m{}\x1b[0m\n"


class Publish(Protocol):
    """Builds a site: what `audiocoach feed` does, and a test may do instead."""

    def __call__(self, base_url: str, folder: Path, stop: Stop, /) -> None:
        """Write the site into the folder, `site.json` last, for `base_url`, which ends with a slash.

        Raises:
            AudiocoachError: it cannot be built; the folder is as it was.
            StoppedError: `stop` was wished for.
        """


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a site is built from, and how."""

    routines: Path
    publish: Publish


def serve_site(folder: Path, port: int | None, *, lan: bool, workshop: Workshop | None = None) -> None:
    """Serve a folder until Ctrl-C or SIGTERM; without a workshop, as whoever builds it leaves it.

    `port` is None for the usual one or the next that is free, and 0 for any.

    Raises:
        AudiocoachError: it cannot be served, or not be built and never was.
        KeyboardInterrupt: it was served.
    """
    stoppable(lambda stop: _serve(folder, port, workshop, stop, lan=lan))


def _serve(folder: Path, port: int | None, workshop: Workshop | None, stop: Stop, *, lan: bool) -> None:
    from audiocoach.serve.server import Door, Server  # asyncio, 70 ms

    addresses = (lan_address(), LOOPBACK) if lan else (LOOPBACK,)
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(one) for one in listen_on(addresses, port)]
        chosen = port_of(listeners)
        if port is None and chosen != USUAL_PORT:
            _tell(f"port {USUAL_PORT} is taken: {chosen} is the next that is free\n")
        base_url = f"http://{addresses[0]}:{chosen}/"
        keeper = Keeper(folder, base_url, workshop, stop)
        door = Door(tuple(listeners), hosts(addresses, chosen))
        server = stack.enter_context(Server(keeper.first(), door, _tell))
        sys.stdout.write(invitation(base_url, lan=lan, code=_shows_codes()))
        sys.stdout.flush()
        stopped = threading.Event()
        stop.on_wish(stopped.set)
        while not stopped.wait(_LOOK_EVERY_S):
            keeper.look(server)
        stop.check()


class Keeper:
    """Keeps a served site as its routines are."""

    def __init__(self, folder: Path, base_url: str, workshop: Workshop | None, stop: Stop) -> None:
        self._folder = folder
        self._base_url = base_url
        self._workshop = workshop
        self._stop = stop
        self._manifest = Watch(lambda: (folder / NAME,))
        self._sources = Watch(lambda: find_sources(workshop.routines, folder) if workshop else ())

    def first(self) -> Site:
        """Build the site, and read it; where it cannot be built, the one that is there has to do.

        Raises:
            AudiocoachError: there is none.
        """
        try:
            self._build()
        except AudiocoachError as error:
            if not (self._folder / NAME).is_file():
                raise
            _tell(f"{error}\n")
        return Site.read(self._folder)

    def look(self, server: Server) -> None:
        """Look at the files once. What cannot be built is told, and the site stays as it was."""
        changed = self._sources.changed()
        try:
            if changed:
                _tell(f"{_names(changed)} changed\n")
                self._build()
            if changed or self._manifest.changed():
                self._renew(server)
        except AudiocoachError as error:
            _tell(f"{error}\n")

    def _build(self) -> None:
        if not self._workshop:
            return
        try:
            self._workshop.publish(self._base_url, self._folder, self._stop)
        except Exception as error:
            # A mistake of ours in one session is no reason to serve the others no longer.
            raise foreseen(error) from error

    def _renew(self, server: Server) -> None:
        site = server.site.again()
        if site.version != server.site.version:
            server.show(site)
            _tell("the new site is served\n")


def invitation(base_url: str, *, lan: bool, code: bool) -> str:
    """Where the site is; for a network also as a code for cameras, and which apps can have it."""
    if not lan:
        return f"{base_url}\n"
    return f"{base_url}\n{_code(base_url) if code else ''}{base_url}feed.xml\n{_WHO_CAN}"


def _code(url: str) -> str:
    import io

    import segno  # 60 ms, and only with --lan

    text = io.StringIO()
    segno.make(url, micro=False).terminal(text, compact=True)
    return "".join(_CODE_LINE.format(line) for line in text.getvalue().splitlines())


def _shows_codes() -> bool:
    """Whether standard output is a terminal that has the blocks which a code is drawn with."""
    return sys.stdout.isatty() and "utf" in sys.stdout.encoding.lower()


def _names(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{printable(paths[0])}{more}"


def _tell(text: str) -> None:
    """A message: where nobody takes it, the site is served all the same."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
