"""`audiocoach feed`: build what is missing, and publish it."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

from audiocoach.api import open_place
from audiocoach.commands.build import tell_forecast
from audiocoach.commands.common import list_new_notes, tell, tell_removed, tell_voices
from audiocoach.commands.report import bought_lines
from audiocoach.errors import (
    printable,
)
from audiocoach.store.options import BuildOptions
from audiocoach.workers.podcast import prepare, publish
from audiocoach.workers.progress import progress_on
from audiocoach.workers.renderers import make_renderers
from audiocoach.workers.starting import start_workers
from audiocoach.workers.stop import Stoppable, stoppable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiocoach.store.options import FeedOptions
    from audiocoach.workers.podcast import Published
    from audiocoach.workers.stop import Stop


def feed_all(options: FeedOptions, cache: Path | None) -> None:
    """Build what is missing and publish it; print where the feed is, and what is other than before.

    Raises:
        AudiocoachError: all that is wrong with the show, or the routines that failed; the feed is as it was.
    """
    done = publish_feed(options, cache, stoppable)
    tell(bought_lines(done.outcome.bought))
    episodes = "1 episode" if len(done.episodes) == 1 else f"{len(done.episodes)} episodes"
    changes = f"{len(done.written)} files written, {len(done.removed)} removed"
    sys.stdout.write(printable(f"{options.site}: {episodes}, {changes}") + f"\n{done.feed_url}\n")


def tell_feed_forecast(options: FeedOptions, cache: Path | None) -> None:
    """Print what would be spoken for a feed, and make nothing.

    Raises:
        AudiocoachError: as for a build.
    """
    overrides, jobs = options.overrides, options.jobs
    build_options = BuildOptions((options.folder,), options.built, overrides, jobs, budget=options.budget)
    tell_forecast(build_options, cache, json=False)


def publish_feed(
    options: FeedOptions, cache: Path | None, finish: Callable[[Callable[[Stop], Published]], Published]
) -> Published:
    """Build what is missing, publish it, and tell what was noticed; `finish` does what may be stopped.

    Raises:
        AudiocoachError: as `feed_all`.
    """
    with open_place(cache, options.built, tell) as place, contextlib.ExitStack() as stack:
        prepared = prepare(options, place)
        renderers = make_renderers(prepared)
        tell("".join(f"{warning}\n" for warning in prepared.warnings))
        damaged = map(printable, prepared.found.damaged)
        tell("".join(f"{path} is not as it was built: it is built anew\n" for path in damaged))
        build_options = prepared.found.options
        makers = (
            stack.enter_context(start_workers(build_options, place, tell)) if prepared.found.reasons else None
        )
        progress = stack.enter_context(progress_on(sys.stderr))

        def work(stop: Stop) -> Published:
            if makers:
                stop.on_wish(makers.kill)
            return publish(prepared, makers, renderers, Stoppable(progress, stop), stop, int(time.time()))

        done = finish(work)
    tell("".join(f"{one.error}\n" for one in done.outcome.failed))
    tell("".join(list_new_notes(done.outcome.built)))
    tell_removed(done.outcome)
    tell_voices(done.outcome)
    tell(
        "".join(f"{printable(slug)}: its date was in the future: it has a new one\n" for slug in done.redated)
    )
    return done
