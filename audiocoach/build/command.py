"""What the commands do, less the command line: each public function is one command."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach import regular
from audiocoach.build.cache import Cache, default_folder
from audiocoach.build.files import UNFINISHED, remove_tree, routine_files
from audiocoach.build.order import Order, Place
from audiocoach.build.stop import Stoppable, stoppable
from audiocoach.errors import (
    AudiocoachError,
    BuildError,
    InputError,
    Problem,
    SeveralError,
    StorageError,
    foreseen,
    printable,
    records,
    told,
    whole,
    within,
)
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from audiocoach.build.cache import Holding
    from audiocoach.build.jobs import Built, Outcome
    from audiocoach.build.order import Wanted
    from audiocoach.build.podcast import Published, Wish
    from audiocoach.build.stop import Stop
    from audiocoach.build.verify import Verified
    from audiocoach.coaching.timeline import Timeline


# The shapes of a script that may follow one another.
_TO_READ = ("text", "markdown")


@dataclass(frozen=True, slots=True)
class Shown:
    """How the end of a build is told: as JSON, and with the reason for each file."""

    json: bool = False
    reasons: bool = False


def build_all(order: Order, cache: Path | None, shown: Shown) -> None:
    """Build, tell the notes, print the closing table.

    Raises:
        SeveralError: routines that failed, or a report that could not be written; the others are built.
        AudiocoachError: nothing could be built.
    """
    start_s = time.monotonic()
    try:
        done = _built(order, cache)
    except AudiocoachError as error:
        if shown.json:
            from audiocoach.build.jobs import Outcome  # noqa: PLC0415 - as above
            from audiocoach.build.report import as_json  # noqa: PLC0415 - as above

            sys.stdout.write(as_json(Outcome(), time.monotonic() - start_s, [error]))
        raise
    _report(done, order.folder, shown, start_s)


def _built(order: Order, cache: Path | None) -> Outcome:
    """Whatever has to be built, with the workers that it takes."""
    from audiocoach.build.hiring import is_sure, workers  # noqa: PLC0415 - check and preview need no sound

    order = replace(order, paths=tuple(_routines(order.paths)))
    with _place(cache, order.folder) as place, contextlib.ExitStack() as stack:
        makers = stack.enter_context(workers(order, place, _tell)) if is_sure(order, place) else None
        if makers:
            # While more is loaded here.
            makers.prepare()
        from audiocoach.build.jobs import build, survey  # noqa: PLC0415 - as above
        from audiocoach.build.report import progress_on  # noqa: PLC0415 - as above

        found = survey(order, place)
        if found.reasons and not makers:
            makers = stack.enter_context(workers(order, place, _tell))
        progress = stack.enter_context(progress_on(sys.stderr))

        def work(stop: Stop) -> Outcome:
            if makers:
                stop.on_wish(makers.kill)
            return build(found, makers, Stoppable(progress, stop), stop)

        return stoppable(work)


def _report(done: Outcome, folder: Path, shown: Shown, start_s: float) -> None:
    """Leave the report, and tell what came of it.

    Raises:
        SeveralError: what failed.
    """
    from audiocoach.build.report import as_json, keep, table  # noqa: PLC0415 - as above

    others: list[AudiocoachError] = []
    try:
        keep(folder, done)
    except StorageError as error:
        others.append(error)
    seconds = time.monotonic() - start_s
    _tell("".join(_new_notes(done.built)))
    _tell_removed(done)
    if shown.reasons:
        reasons = ((one.slug, one.reason or "stands as it should") for one in done.built)
        _tell("".join(f"{printable(slug)}: {printable(reason)}\n" for slug, reason in reasons))
    try:
        if shown.json:
            sys.stdout.write(as_json(done, seconds, others))
        elif done.built:
            sys.stdout.write(table(done.built, seconds))
    finally:
        # Told as well where nobody reads the result.
        errors = [*(one.error for one in done.failed), *others]
        if errors:
            raise SeveralError(errors)


def _tell_removed(done: Outcome) -> None:
    _tell("".join(f"{printable(slug)}: its routine is gone: so are its files\n" for slug in done.removed))


def _tell(text: str) -> None:
    """A message: where nobody takes it, the work goes on all the same."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)


def _new_notes(built: Sequence[Built]) -> Iterator[str]:
    """The notes of what was built now."""
    new = ((note, one.routine) for one in built if one.reason is not None for note in one.notes)
    return _each_once(sorted(new))


def _each_once(notes: Iterable[tuple[Problem, Path]]) -> Iterator[str]:
    """Notes as lines; those of a library's line with the routines that they come from."""
    found: dict[Problem, list[Path]] = {}
    for note, routine in notes:
        found.setdefault(note, []).append(routine)
    for note in told(found):
        first, *others = found.get(note, [Path(note.position.path)])
        more = f" and {len(others)} more" if others else ""
        whose = "" if note.position.path == str(first) else f" (in {first.name}{more})"
        yield f"{note}{printable(whose)}\n"


def feed_all(wish: Wish, cache: Path | None) -> None:
    """Build what is missing and publish it; print where the feed is, and what is other than before.

    Raises:
        AudiocoachError: all that is wrong with the show, or the routines that failed; the feed is as it was.
    """
    done = _published(wish, cache, stoppable)
    episodes = "1 episode" if len(done.episodes) == 1 else f"{len(done.episodes)} episodes"
    changes = f"{len(done.written)} files written, {len(done.removed)} removed"
    sys.stdout.write(printable(f"{wish.site}: {episodes}, {changes}") + f"\n{done.feed_url}\n")


def serve_all(order: Order, cache: Path | None, port: int | None, *, lan: bool) -> None:
    """Serve what an order names until Ctrl-C: a finished site as it is, routines as they are written.

    They are published beside what is built of them, in a folder that goes when we do: neither the addresses
    of this machine nor sessions that are not done yet get into what was promised to listeners.

    Raises:
        AudiocoachError: it cannot be served, or not be published.
        KeyboardInterrupt: it was served.
    """
    from audiocoach.build.podcast import Wish  # noqa: PLC0415 - as above
    from audiocoach.build.serving import Workshop, serve_site  # noqa: PLC0415 - as above
    from audiocoach.publish import state  # noqa: PLC0415 - as above

    (named,) = order.paths
    folder, only = _parted(named)
    if not only and not _has_routines(folder):
        _expect_site(folder)
        serve_site(folder, port, lan=lan)
        return
    place = Path(UNFINISHED.name(str(order.folder / "site")))

    def publish(base_url: str, site: Path, stop: Stop) -> None:
        wish = Wish(folder, site, order.folder, order.wanted, order.jobs, base_url, site / state.NAME, only)
        with stop.part() as part:
            _published(wish, cache, lambda work: work(part))

    try:
        serve_site(place, port, lan=lan, workshop=Workshop(only or folder, publish))
    finally:
        remove_tree(place)


def _parted(named: Path) -> tuple[Path, Path | None]:
    """The folder that is meant, and the one routine of it where that was named."""
    from audiocoach.routine import show  # noqa: PLC0415 - as above

    if not named.is_file():
        return named, None
    return named.parent, None if named.name == show.NAME else named


def _expect_site(folder: Path) -> None:
    """Say in a user's words what can be served.

    Raises:
        InputError: there is nothing of it.
    """
    from audiocoach.build import sitefolder  # noqa: PLC0415 - as above

    if (folder / sitefolder.NAME).exists():
        return
    there = folder.is_dir()
    found = "there is nothing to serve in this folder" if there else "there is nothing of this name"
    expected = "expected routines such as my-routine.yaml, or a site that feed has published"
    raise InputError(Problem(whole(folder), f"{found}: {expected}", code="wrong-folder"))


def _has_routines(folder: Path) -> bool:
    """Whether it is one of routines or of their show, and no finished site."""
    from audiocoach.build import sitefolder  # noqa: PLC0415 - as above
    from audiocoach.routine import show  # noqa: PLC0415 - as above

    if not folder.is_dir() or (folder / sitefolder.NAME).exists():
        return False
    return bool(routine_files((folder,))) or (folder / show.NAME).exists()


def _published(
    wish: Wish, cache: Path | None, finish: Callable[[Callable[[Stop], Published]], Published]
) -> Published:
    """Build what is missing, publish it, and tell what was noticed; `finish` does what may be stopped.

    Raises:
        AudiocoachError: as `feed_all`.
    """
    from audiocoach.build.hiring import workers  # noqa: PLC0415 - as above
    from audiocoach.build.podcast import prepare, publish  # noqa: PLC0415 - as above
    from audiocoach.build.press import press_of  # noqa: PLC0415 - as above
    from audiocoach.build.report import progress_on  # noqa: PLC0415 - as above

    with _place(cache, wish.built) as place, contextlib.ExitStack() as stack:
        prepared = prepare(wish, place)
        press = press_of(prepared)
        _tell("".join(f"{warning}\n" for warning in prepared.warnings))
        damaged = map(printable, prepared.found.damaged)
        _tell("".join(f"{path} is not as it was built: it is built anew\n" for path in damaged))
        order = prepared.found.order
        makers = stack.enter_context(workers(order, place, _tell)) if prepared.found.reasons else None
        progress = stack.enter_context(progress_on(sys.stderr))

        def work(stop: Stop) -> Published:
            if makers:
                stop.on_wish(makers.kill)
            return publish(prepared, makers, press, Stoppable(progress, stop), stop, int(time.time()))

        done = finish(work)
    _tell("".join(_new_notes(done.outcome.built)))
    _tell_removed(done.outcome)
    _tell(
        "".join(f"{printable(slug)}: its date was in the future: it has a new one\n" for slug in done.redated)
    )
    return done


def preview_all(path: Path, shape: str, wanted: Wanted, cache: Path | None, *, estimate: bool) -> None:
    """Print the script of a routine, or one after another those of a folder.

    Raises:
        SeveralError: those that cannot be used, or not be spoken.
        InputError: there is none, or there are many, and the shape is a file for one.
    """
    paths, failed = _routines((path,)), list[AudiocoachError]()
    if len(paths) > 1 and shape not in _TO_READ:
        found = f"there are {len(paths)} routines in this folder, and {shape} is for one"
        raise InputError(Problem(whole(path), f"{found}: name it, such as {paths[0]}", code="wrong-folder"))
    for number, one in enumerate(paths):
        try:
            script = preview_one(one, shape, wanted, cache, estimate=estimate)
        except AudiocoachError as error:
            failed.append(error)
            continue
        sys.stdout.write(f"\n{script}" if number else script)
    if failed:
        raise SeveralError(failed)


def preview_one(path: Path, shape: str, wanted: Wanted, cache: Path | None, *, estimate: bool) -> str:
    """The script of one routine, with the real length of its words or an estimate.

    Raises:
        AudiocoachError: the routine cannot be used, or not be spoken.
    """
    from audiocoach.publish.preview import SHAPES  # noqa: PLC0415 - a build that has nothing to do needs none

    if not estimate:
        return SHAPES[shape](_spoken(path, wanted, cache))
    from audiocoach.build.sessions import open_session, timeline_of  # noqa: PLC0415 - as above
    from audiocoach.coaching.estimate import estimate_ms  # noqa: PLC0415 - as above

    return SHAPES[shape](timeline_of(open_session(path, wanted), estimate_ms))


def _spoken(path: Path, wanted: Wanted, cache: Path | None) -> Timeline:
    """The timeline of one routine, with every phrase spoken.

    Raises:
        AudiocoachError: the routine cannot be used, or not be spoken.
    """
    import tempfile  # noqa: PLC0415 - as above

    from audiocoach.build.hiring import workers  # noqa: PLC0415 - as above
    from audiocoach.build.jobs import scripted  # noqa: PLC0415 - as above
    from audiocoach.build.report import progress_on  # noqa: PLC0415 - as above

    order = Order((path,), Path(tempfile.gettempdir()), wanted, os.cpu_count() or 1)
    with _place(cache, order.folder) as place, contextlib.ExitStack() as stack:
        makers = stack.enter_context(workers(order, place))
        progress = stack.enter_context(progress_on(sys.stderr))

        def work(stop: Stop) -> Timeline:
            stop.on_wish(makers.kill)
            return scripted(order, place, makers, Stoppable(progress, stop), stop)

        return stoppable(work)


def check_all(paths: tuple[Path, ...], wanted: Wanted, cache: Path | None, *, json: bool = False) -> None:
    """Print every note and warning; words count as long as they are, where they were spoken before.

    As JSON that is every problem, and the errors are raised all the same.

    Raises:
        SeveralError: routines with problems.
    """
    from audiocoach.build import artwork  # noqa: PLC0415 - as above
    from audiocoach.build.sessions import open_session  # noqa: PLC0415 - as above
    from audiocoach.build.speech import draft  # noqa: PLC0415 - as above
    from audiocoach.voice.studio import Studio  # noqa: PLC0415 - as above

    failed: list[AudiocoachError] = []
    notes: list[tuple[Problem, Path]] = []
    studio = Studio(_open_cache(cache))
    try:
        routines = _routines(paths)
    except AudiocoachError as error:
        if json:
            sys.stdout.write(_problems_as_json([error], ()))
        raise
    for path in routines:
        try:
            found = draft(open_session(path, wanted), studio).timeline.notes
            artwork.check(path)
        except Exception as error:  # noqa: BLE001 - one routine's failure, whatever it is
            failed.append(within(str(path), foreseen(error)))
            continue
        notes += [(note, path) for note in found]
    if json:
        sys.stdout.write(_problems_as_json(failed, [note for note, _ in notes]))
    else:
        sys.stdout.write("".join(_each_once(notes)))
    if failed:
        raise SeveralError(failed)


def _problems_as_json(failed: Iterable[AudiocoachError], notes: Iterable[Problem]) -> str:
    """Every problem once, by place, as a record."""
    from json import dumps  # noqa: PLC0415 - as above

    found = {*notes, *(problem for error in failed for problem in error.problems)}
    return dumps({"problems": records(sorted(found))}, indent=1) + "\n"


def verify_all(folder: Path, *, json: bool) -> None:
    """Prove what stands in an output folder; print a line a routine and the sum.

    Raises:
        SeveralError: all that is wrong.
        AudiocoachError: there is nothing to prove, or it cannot be read.
    """
    from audiocoach.build.verify import as_json, as_text  # noqa: PLC0415 - as above

    try:
        found = _verified(folder)
    except AudiocoachError as error:
        if json:
            sys.stdout.write(as_json((), [error]))
        raise
    errors = [BuildError(printable(f"{folder}/{finding}")) for one in found for finding in one.findings]
    try:
        sys.stdout.write(as_json(found) if json else as_text(found))
    finally:
        if errors:
            raise SeveralError(errors)


def _verified(folder: Path) -> list[Verified]:
    from audiocoach.build.crew import Crew  # noqa: PLC0415 - as above
    from audiocoach.build.report import progress_on  # noqa: PLC0415 - as above
    from audiocoach.build.verify import verify  # noqa: PLC0415 - as above

    with Crew(os.cpu_count() or 1) as makers, progress_on(sys.stderr) as progress:

        def work(stop: Stop) -> list[Verified]:
            stop.on_wish(makers.kill)
            return verify(folder, makers, Stoppable(progress, stop))

        return stoppable(work)


def show_cache(folder: Path | None) -> str:
    """What the cache holds, and where."""
    where = folder or default_folder()
    return f"{_amount(Cache(where).holding())} in {where}"


def prune_cache(folder: Path | None, limit_bytes: int) -> str:
    """Make the cache no larger than the limit.

    Raises:
        StorageError: too much of it could not be removed.
    """
    cache = _open_cache(folder)
    removed = f"removed {_amount(cache.prune(limit_bytes))}"
    left = cache.holding()
    if left.size_bytes > limit_bytes:
        raise StorageError(f"{removed}; {_amount(left)} in {folder or default_folder()} could not be removed")
    return removed


def verify_cache(folder: Path | None) -> str:
    """Read every entry; damaged ones are removed and will be made again."""
    whole, damaged = _open_cache(folder).verify()
    return f"{_amount(whole)} whole, removed {_amount(damaged)} damaged"


def _amount(holding: Holding) -> str:
    entries = "1 entry" if holding.entries == 1 else f"{holding.entries:,} entries"
    return f"{entries} ({holding.size_bytes / 1_000_000:.1f} MB)"


def _routines(paths: tuple[Path, ...]) -> list[Path]:
    stdin = Path(regular.STDIN)
    if stdin in paths and len(paths) > 1:
        message = "standard input is one routine: name no others beside it"
        raise InputError(Problem(whole(stdin), message, code="wrong-folder"))
    found = routine_files(paths)
    if not found:
        raise InputError(*(Problem(whole(path), _no_routine(path), code="empty-folder") for path in paths))
    return found


def _no_routine(path: Path) -> str:
    """Why there is nothing to build in what was named."""
    if path.is_dir():
        return "there is no routine in this folder: expected a file such as my-routine.yaml"
    return "this is no routine, it says what all are together: expected a file such as my-routine.yaml"


def _open_cache(folder: Path | None) -> Cache:
    return Cache(folder or default_folder())


@contextlib.contextmanager
def _place(cache: Path | None, near: Path) -> Iterator[Place]:
    """The cache, and a spare one `near`: where the cache takes nothing we work all the same, and say so."""
    folder = cache or default_folder()
    spare = Path(UNFINISHED.name(str(near / "cache")))
    try:
        yield Place(folder, spare)
    finally:
        if os.path.lexists(spare):
            remove_tree(spare)
            _tell(f"{folder}: warning: the cache cannot be written: nothing new was kept\n")
