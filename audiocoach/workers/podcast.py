"""The edge of the feed: what is missing is built, then the site's folder is written.

In: a folder of routines with its `audiocoach.yaml`. Out: a folder that any static host serves. A file is
written only where its content is another, whole, under another name first; the feed is the last, and
what left it goes after that: at once with its session, and a while later where the session only changed,
since older downloads ask for their own chapters and captions. So whatever stops us leaves the old feed,
and whole files, behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.coaching.timeline import Speech
from audiocoach.errors import (
    MALFORMED,
    BuildError,
    InputError,
    Position,
    Problem,
    SeveralError,
    StorageError,
    whole,
)
from audiocoach.making.editions import editions_of
from audiocoach.publish import chapters, feed, state, timeline_json, transcript
from audiocoach.publish.episode import Episode
from audiocoach.publish.names import safe_name
from audiocoach.publish.site_folder import SiteFolder, asset_of, is_so
from audiocoach.records import dataclass
from audiocoach.routine import show as shows
from audiocoach.routine.source import read_text
from audiocoach.sound.m4b import M4B
from audiocoach.sound.opus import OPUS
from audiocoach.store.files import replacing, routine_files, slug_of
from audiocoach.store.options import BuildOptions, FeedOptions
from audiocoach.workers.jobs import build, survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.publish.episode import Asset
    from audiocoach.publish.state import Promise, State
    from audiocoach.routine.show import Show
    from audiocoach.store.manifest import File
    from audiocoach.store.place import Place
    from audiocoach.workers.crew import Workers
    from audiocoach.workers.jobs import Built, Outcome, Survey
    from audiocoach.workers.progress import Progress
    from audiocoach.workers.stop import Stop


# What players take in place of an MP3; samples as they are would only be large.
_PLAYED = (OPUS.suffix, M4B.suffix)
# In a house nobody has older downloads, but somebody may be listening while the author writes.
_STAYS_AT_HOME_S = 3600


@dataclass(frozen=True, slots=True)
class Renderers:
    """What others draw and write for a site.

    `show_cover` (of the author's own picture, if there is one, and the show) and `cover` (of a session: its
    routine, level and timeline) give a picture as directories want it. `transcript` is an HTML page. `sound`
    gives a built MP3 as it is published. `pages` gives names in the site's folder and what stands there,
    from the show, its cover, the episodes in play order, and the feed's address.
    """

    show_cover: Callable[[Path | None, Show], bytes]
    cover: Callable[[Path, str, Timeline], bytes]
    transcript: Callable[[Timeline], str]
    sound: Callable[[bytes, Show, Episode], bytes]
    pages: Callable[[Show, Asset, tuple[Episode, ...], str], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was asked for and can be done: everything that was read, and what there is to build.

    `base_url` ends with a slash.
    """

    options: FeedOptions
    show: Show
    base_url: str
    state: State
    found: Survey
    warnings: tuple[Problem, ...]

    @property
    def feed_url(self) -> str:
        """Where the feed will be found."""
        return self.base_url + feed.NAME


@dataclass(frozen=True, slots=True)
class Published:
    """A site that stands: `written` files are new or other than before, `removed` ones were in it before.

    `outcome` is that of the sessions' build; `redated` are sessions that had a date in the future.
    """

    feed_url: str
    episodes: tuple[Episode, ...]
    written: tuple[str, ...]
    removed: tuple[str, ...]
    outcome: Outcome
    redated: tuple[str, ...] = ()


# -- before anything is built -------------------------------------------------------------------


def prepare(options: FeedOptions, place: Place) -> Prepared:
    """Read and check everything beside the routines themselves; nothing is written but an output folder.

    Raises:
        InputError: every problem of the show, and of the state.
        StorageError: the folder for what is built cannot be used.
    """
    paths = _routines(options)
    problems: list[Problem] = []
    with _told_to(problems):
        show, warnings = _show(options, paths)
        base_url = _address(options, show)
    with _told_to(problems):
        known = _known(options)
    if problems:
        raise InputError(*problems)
    promised = known or state.new(base_url + feed.NAME)
    way_out = "name another folder with --build"
    chosen = (options.only,) if options.only else tuple(paths)
    build_options = BuildOptions(
        chosen, options.built, options.overrides, options.jobs, way_out=way_out, budget=options.budget
    )
    return Prepared(
        options,
        replace(show, base_url=base_url),
        base_url,
        promised,
        # Listeners get every byte: what is damaged must not reach them, whatever its size and time say.
        survey(build_options, place, prove=True),
        warnings,
    )


@contextlib.contextmanager
def _told_to(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        problems += error.problems


def _routines(options: FeedOptions) -> list[Path]:
    """The routines of the folder.

    Raises:
        InputError: it is no folder of routines, or the site would lie in the way of something.
    """
    start = whole(options.folder)
    if not options.folder.is_dir():
        raise InputError(Problem(start, _expected_folder(options.folder), code="wrong-folder"))
    real = [os.path.realpath(path) for path in (options.site, options.built, options.folder)]
    if len(set(real)) < len(real):
        message = "the site, what is built and the routines each need a folder of their own"
        raise InputError(Problem(whole(options.site), message, code="wrong-folder"))
    found = routine_files((options.folder,))
    if not found:
        raise InputError(
            Problem(
                start,
                "there is no routine in this folder: expected a file such as my-routine.yaml",
                code="empty-folder",
            )
        )
    return found


def _show(options: FeedOptions, paths: Sequence[Path]) -> tuple[Show, tuple[Problem, ...]]:
    """What is said of all routines; whoever wants to see a single one need not say anything."""
    path = options.folder / shows.NAME
    if options.only and not os.path.lexists(path):
        return shows.stand_in(options.only), ()
    editions = (edition for routine in paths for edition in editions_of(routine).editions)
    return shows.read_show(path, [edition.slug for edition in editions])


def _expected_folder(path: Path) -> str:
    expected = f"expected a folder with routines and {shows.NAME}"
    if path.exists():
        return f"{expected}, found a file: name the folder that it is in, {path.parent}"
    return f"there is nothing of this name: {expected}"


def _address(options: FeedOptions, show: Show) -> str:
    base_url = options.base_url or show.base_url
    if base_url is None:
        message = (
            '"base_url" is missing: a feed needs absolute addresses: expected, for example, '
            "base_url: https://example.org/back/, or the option --base-url"
        )
        raise InputError(Problem(show.position, message, code="missing-address"))
    return base_url


def _state_path(options: FeedOptions) -> Path:
    return options.state or options.folder / state.NAME


def _known(options: FeedOptions) -> State | None:
    """What was promised, None where nothing was.

    Raises:
        InputError: that cannot be told: with new promises every listener would get every session again.
    """
    path, bring_back = _state_path(options), "bring it back from your version control or a backup"
    if not os.path.lexists(path):
        if (options.site / feed.NAME).exists():
            message = (
                f"there is no such file, but there is a feed in {options.site}:"
                f" {bring_back}, remove the site, "
                "or publish into another folder with -o"
            )
            raise InputError(Problem(Position(str(path), 1, 1), message, code="lost-promises"))
        return None
    try:
        known = state.parse(read_text(path, str(path))[0])
    except state.DamagedError as error:
        message = f"{error}: this file holds what listeners know the sessions by: {bring_back}"
        raise InputError(
            Problem(Position(str(path), error.line, error.column), message, code="lost-promises")
        ) from error
    _refuse_another_show(options, known)
    return known


def _refuse_another_show(options: FeedOptions, known: State) -> None:
    """One show's sessions never take the place of another's: on a page of a clinic they are a patient's.

    Raises:
        InputError: listeners know the feed in the site's folder as another one.
    """
    path = options.site / feed.NAME
    with contextlib.suppress(FileNotFoundError):
        stands = feed.guid_in(regular.read(path).decode("utf-8", "replace"))
        if stands is not None and stands != known.guid:
            message = f"the feed in {options.site} is another show's: publish into another folder with -o"
            raise InputError(Problem(whole(path), message, code="wrong-folder"))


# -- building and publishing --------------------------------------------------------------------


def publish(  # noqa: PLR0913, PLR0917 - what the edge hands in, each by itself
    prepared: Prepared,
    makers: Workers | None,
    renderers: Renderers,
    progress: Progress,
    stop: Stop,
    now_s: int,
) -> Published:
    """Build what is missing, then write the site; `now_s` is Unix time.

    Raises:
        InputError: the show's own picture cannot be used; nothing is done.
        BuildError: it cannot be `now_s`; nothing is done.
        SeveralError: routines that failed; the site is as it was.
        StorageError: a file could not be written: the feed is the old one, or all is done but the last.
        StoppedError: `stop` was wished for.
    """
    if not state.EARLIEST_S <= now_s <= state.LATEST_S:
        raise BuildError("the clock of this machine is wrong: set it, since sessions get their dates from it")
    own = prepared.show.cover
    # First of all: where the author's own cannot be used, nothing is built in vain.
    picture = renderers.show_cover(prepared.options.folder / own if own else None, prepared.show)
    done = build(prepared.found, makers, progress, stop)
    if done.failed and not _may_be_left_out(prepared, done):
        raise SeveralError([one.error for one in done.failed])
    in_order = _in_play_order(prepared.show, done.built)
    slugs = [built.slug for built in in_order]
    known, redated = state.redated(prepared.state, slugs, now_s)
    promised = state.with_sessions(known, slugs, now_s)
    site = SiteFolder(prepared.options.site, stop.check)
    _keep_state(_state_path(prepared.options), promised)
    cover = site.write_picture("cover", picture)
    episodes = tuple(
        _episode(site, prepared, renderers, built, _PlaceInFeed(number, promised.sessions[built.slug]))
        for number, built in enumerate(in_order, start=1)
    )
    site.write_all(renderers.pages(prepared.show, cover, episodes, prepared.feed_url))
    _finish(site, prepared, cover, episodes, promised, now_s)
    return Published(prepared.feed_url, episodes, tuple(site.written), tuple(site.removed), done, redated)


def _may_be_left_out(prepared: Prepared, done: Outcome) -> bool:
    """Whether a site of what was built lacks nothing that it had."""
    built = {one.slug for one in done.built}
    lost = {edition.slug for edition in prepared.found.editions} - built
    return prepared.options.by_itself and bool(built) and lost.isdisjoint(prepared.state.sessions)


def _finish(  # noqa: PLR0913, PLR0917 - all that a feed is made of
    site: SiteFolder,
    prepared: Prepared,
    cover: Asset,
    episodes: tuple[Episode, ...],
    promised: State,
    now_s: int,
) -> None:
    """The feed last of all: what it names stands, and so does what it named before, for a while."""
    older = site.superseded({"cover", *(episode.name for episode in episodes)})
    stays_s = _STAYS_AT_HOME_S if feed.is_local(prepared.feed_url) else state.STAYS_S
    kept = state.with_superseded(promised, older, now_s, stays_s)
    _keep_state(_state_path(prepared.options), kept)
    site.finish(
        feed.feed(prepared.show, cover, episodes, kept.guid, prepared.feed_url),
        {older.name for older in kept.superseded},
    )


def _in_play_order(show: Show, built: Sequence[Built]) -> list[Built]:
    places = {slug: place for place, slug in enumerate(show.order)}

    def place(one: Built) -> int:
        """A variant that nobody has given a place of its own follows its routine."""
        return places.get(one.slug, places.get(slug_of(one.routine), len(places)))

    # In the order of its file, which a sort keeps.
    return sorted(built, key=lambda one: (place(one), _by_name(slug_of(one.routine))))


def _by_name(slug: str) -> tuple[list[tuple[str, int]], str]:
    """So that `day-2` comes before `day-10`."""
    parts = re.findall(r"([^0-9]*)([0-9]*)", slug)
    return [(text.casefold(), int(digits or 0)) for text, digits in parts], slug


def _keep_state(path: Path, promised: State) -> None:
    data = state.as_text(promised).encode("utf-8")
    if not is_so(path, data):
        with replacing(path) as (file,):
            file.write(data)


@dataclass(frozen=True, slots=True)
class _PlaceInFeed:
    """Which one an episode is, and what was promised of it."""

    number: int
    promise: Promise


def timeline_of(one: Built) -> Timeline:
    """The timeline beside a session that was built.

    Raises:
        StorageError: it cannot be read, or is none.
    """
    path = one.path.with_name(f"{one.slug}.timeline.json")
    try:
        return timeline_json.read(path, str(one.routine))
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
    except MALFORMED as error:
        raise StorageError(f"{path} is damaged: remove it, and it is built anew") from error


def _episode(
    site: SiteFolder, prepared: Prepared, renderers: Renderers, one: Built, place: _PlaceInFeed
) -> Episode:
    timeline, name = timeline_of(one), safe_name(one.slug)
    entry = prepared.found.manifest.entry(one.slug)
    listing, mp3 = entry.listing, _as_built(entry.files[0], one)

    def text(suffix: str, content: str) -> Asset:
        return site.write_digested(name, suffix, content.encode("utf-8"))

    episode = Episode(
        slug=one.slug,
        name=name,
        guid=place.promise.guid,
        number=place.number,
        published_s=place.promise.published_s,
        description=listing.description,
        coach=listing.coach,
        level=listing.level,
        tags=listing.tags,
        equipment=listing.equipment,
        is_synthetic=any(isinstance(event, Speech) for event in timeline.events),
        timeline=timeline,
        sound=asset_of(f"{name}.mp3", mp3),
        cover=site.write_picture(name, renderers.cover(one.routine, listing.level, timeline)),
        chapters=text(".chapters.json", chapters.as_json(timeline)),
        captions=text(".vtt", transcript.vtt(timeline)),
        transcript=text(".transcript.html", renderers.transcript(timeline)),
    )
    published = renderers.sound(mp3, prepared.show, episode)
    alternates = tuple(
        site.write_digested(name, file.name.removeprefix(one.slug), _as_built(file, one))
        for file in one.others
        if file.name.endswith(_PLAYED)
    )
    sound = site.write_digested(name, ".mp3", published)
    return replace(episode, sound=sound, alternates=alternates)


def _as_built(file: File, one: Built) -> bytes:
    """A file of a session, every byte as it was built."""
    path = one.path.with_name(file.name)
    data = _read(path)
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise StorageError(f"{path} was changed while it was being published: publish once more")
    return data


def _read(path: Path) -> bytes:
    try:
        return regular.read(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}") from error
