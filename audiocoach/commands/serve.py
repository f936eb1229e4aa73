"""`audiocoach serve`: a finished site as it is, or routines as they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.commands.feed import publish_feed
from audiocoach.errors import (
    InputError,
    Problem,
    whole,
)
from audiocoach.publish import site_manifest, state
from audiocoach.routine import show
from audiocoach.serve.serving import Workshop, serve_site
from audiocoach.store.files import UNFINISHED, remove_tree, routine_files
from audiocoach.store.options import FeedOptions

if TYPE_CHECKING:
    from audiocoach.store.options import BuildOptions
    from audiocoach.workers.stop import Stop


def serve_all(options: BuildOptions, cache: Path | None, port: int | None, *, lan: bool) -> None:
    """Serve what an order names until Ctrl-C: a finished site as it is, routines as they are written.

    They are published beside what is built of them, in a folder that goes when we do: neither the addresses
    of this machine nor sessions that are not done yet get into what was promised to listeners.

    Raises:
        AudiocoachError: it cannot be served, or not be published.
        KeyboardInterrupt: it was served.
    """
    (named,) = options.paths
    folder, only = _parted(named)
    if not only and not _has_routines(folder):
        _expect_site(folder)
        serve_site(folder, port, lan=lan)
        return
    place = Path(UNFINISHED.name(str(options.folder / "site")))

    def publish(base_url: str, site: Path, stop: Stop) -> None:
        feed_options = FeedOptions(
            folder,
            site,
            options.folder,
            options.overrides,
            options.jobs,
            base_url,
            site / state.NAME,
            only,
            by_itself=True,
        )
        with stop.part() as part:
            publish_feed(feed_options, cache, lambda work: work(part))

    try:
        serve_site(place, port, lan=lan, workshop=Workshop(only or folder, publish))
    finally:
        remove_tree(place)


def _parted(named: Path) -> tuple[Path, Path | None]:
    """The folder that is meant, and the one routine of it where that was named."""
    if not named.is_file():
        return named, None
    return named.parent, None if named.name == show.NAME else named


def _expect_site(folder: Path) -> None:
    """Say in a user's words what can be served.

    Raises:
        InputError: there is nothing of it.
    """
    if (folder / site_manifest.NAME).exists():
        return
    there = folder.is_dir()
    found = "there is nothing to serve in this folder" if there else "there is nothing of this name"
    expected = "expected routines such as my-routine.yaml, or a site that feed has published"
    raise InputError(Problem(whole(folder), f"{found}: {expected}", code="wrong-folder"))


def _has_routines(folder: Path) -> bool:
    """Whether it is one of routines or of their show, and no finished site."""
    if not folder.is_dir() or (folder / site_manifest.NAME).exists():
        return False
    return bool(routine_files((folder,))) or (folder / show.NAME).exists()
