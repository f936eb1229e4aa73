"""One run of `build`: what stands is left, the rest is made, and the folder knows what it holds."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from unicodedata import normalize

from audiocoach.errors import (
    AudiocoachError,
    InputError,
    Position,
    Problem,
    SeveralError,
    StorageError,
)
from audiocoach.making.beside import sound_beside
from audiocoach.making.editions import editions_of
from audiocoach.records import dataclass
from audiocoach.store.cache import Cache
from audiocoach.store.editions import Edition
from audiocoach.store.files import absolute, folder_of_built, prepare_folder
from audiocoach.store.fingerprint import Fingerprint
from audiocoach.store.manifest import Manifest
from audiocoach.voice.studio import Studio
from audiocoach.workers.starting import digests_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.routine.voice import Voice
    from audiocoach.store.manifest import File, ManifestEntry
    from audiocoach.store.options import BuildOptions, Overrides
    from audiocoach.store.place import Place
    from audiocoach.store.recipe import Level
    from audiocoach.voice.purchases import Bought
    from audiocoach.workers.crew import Workers
    from audiocoach.workers.progress import Progress
    from audiocoach.workers.run import Run
    from audiocoach.workers.stop import Stop

# So few sessions are laid out and written by the thread that asked, while workers speak and encode.
_FEW = 8
_SAVE_AFTER = 32


@dataclass(frozen=True, slots=True)
class Built:
    """One MP3 that stands. `reason` says why it was built, None that it stood; `new` counts phrases.

    `voices` are those that were to speak it, in no order that means anything. `level` is how loud it is;
    `others` are the files of other kinds beside it.
    """

    slug: str
    routine: Path
    path: Path
    duration_ms: int
    phrases: int
    new: int
    size_bytes: int
    voices: tuple[Voice, ...] = ()
    notes: tuple[Problem, ...] = ()
    reason: str | None = None
    seconds: float = 0.0
    level: Level | None = None
    others: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """One routine that was not built, and why."""

    path: Path
    error: AudiocoachError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a build: what stands, what failed, and the slugs whose files went with their routines.

    `refused` are engines that were chosen, not asked for, and did not speak, each with the reason; `bought`
    is what paid voices were asked for.
    """

    built: tuple[Built, ...] = ()
    failed: tuple[Failed, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    bought: tuple[Bought, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What there is to do: the sessions of a build, and for each that has to be built the reason.

    `damaged` are those files that only their content told from what was built. `known` are the slugs of all
    sessions of a routine, by its absolute path, where its variants could be read.
    """

    options: BuildOptions
    place: Place
    editions: tuple[Edition, ...]
    reasons: dict[Edition, str]
    manifest: Manifest
    failed: tuple[Failed, ...]
    known: Mapping[str, frozenset[str]]
    damaged: tuple[Path, ...] = ()


def survey(options: BuildOptions, place: Place, *, prove: bool = False) -> Survey:
    """Look what stands already: by what it was made from and the sizes of its files, or `prove` every byte.

    Raises:
        StorageError: the output folder cannot be used.
    """
    prepare_folder(options.folder)
    failed: list[Failed] = []
    manifest = Manifest(options.folder)
    found = {path: editions_of(path, dict(options.texts).get(path)) for path in options.paths}
    editions = _leave_out_doubles((one for every in found.values() for one in every.editions), failed)
    if not options.force:
        editions = _leave_out_taken(editions, options, manifest, failed)
    reasons = reasons_of(options, editions, manifest, place)
    damaged = _damaged((one for one in editions if one not in reasons), manifest) if prove else {}
    reasons |= {one: f"{name} is not as it was built" for one, name in damaged.items()}
    files = tuple(options.folder / name for name in damaged.values())
    known = {absolute(path): every.slugs for path, every in found.items() if every.are_known}
    return Survey(options, place, tuple(editions), reasons, manifest, tuple(failed), known, files)


def build(found: Survey, makers: Workers | None, progress: Progress, stop: Stop) -> Outcome:
    """Build what has to be built, with these workers; None where there is nothing to do.

    Raises:
        StoppedError: `stop` was wished for.
        SeveralError: the manifest could not be written; with it are the routines that failed.
    """
    options, manifest = found.options, found.manifest
    failed = list(found.failed)
    ended: list[Run] = []
    built = {
        edition: _standing(options, edition, manifest.entry(edition.slug))
        for edition in found.editions
        if edition not in found.reasons
    }
    try:
        for edition, outcome in _made(found, makers, progress, stop, ended.append) if makers else ():
            match outcome:
                case AudiocoachError():
                    failed.append(Failed(edition.path, outcome))
                case entry, new, seconds:
                    manifest.remember(
                        edition.slug, entry, save_after=max(_SAVE_AFTER, len(found.reasons) // 8)
                    )
                    standing = _standing(options, edition, entry)
                    built[edition] = replace(
                        standing, new=new, reason=found.reasons[edition], seconds=seconds
                    )
        removed = manifest.sweep({edition.slug for edition in built}, found.known)
    except BaseException:
        with contextlib.suppress(StorageError):
            manifest.save()
        raise
    try:
        manifest.save()
    except StorageError as error:
        raise SeveralError([*(one.error for one in failed), error]) from error
    return replace(_in_order(found, built, failed, ended), removed=removed)


def _in_order(found: Survey, built: dict[Edition, Built], failed: list[Failed], ended: list[Run]) -> Outcome:
    """What came of it, in the order in which it was asked for."""
    places = {path: number for number, path in enumerate(found.options.paths)}
    return Outcome(
        built=tuple(built[edition] for edition in found.editions if edition in built),
        failed=tuple(sorted(each_once(failed), key=lambda routine: places[routine.path])),
        refused=tuple(sorted(refusal for run in ended for refusal in run.refused.items())),
        bought=tuple(bought for run in ended for bought in run.purchases.bought()),
    )


def each_once(failed: Iterable[Failed]) -> list[Failed]:
    """What is wrong with a routine is wrong with each of its variants: it is told once."""
    return list({(one.path, str(one.error)): one for one in failed}.values())


def write_script(
    options: BuildOptions, place: Place, makers: Workers, progress: Progress, stop: Stop
) -> Timeline:
    """The timeline of the order's one routine, with the real length of every phrase.

    Raises:
        AudiocoachError: it cannot be used, or not be spoken.
        StoppedError: as `build`.
    """
    from audiocoach.making.work import Script, Scripted, Workbench
    from audiocoach.workers.run import Run, purchases_of  # a build with nothing to do needs none of it

    with Workbench(place) as bench:
        run = Run(place, makers, progress, stop, bench)
        run.purchases = purchases_of(place, options.budget)
        bench.on_unkept, bench.on_untuned, bench.check = makers.prepare, run.tune, stop.check
        path = options.paths[0]
        (over,) = run.sessions([Script(path, options.overrides, text=dict(options.texts).get(path))])
    match over.outcome:
        case AudiocoachError():
            raise over.outcome
        case Scripted(timeline):
            return timeline
        case other:
            raise TypeError(other)


def reasons_of(
    options: BuildOptions, editions: Iterable[Edition], manifest: Manifest, place: Place
) -> dict[Edition, str]:
    """The sessions that have to be built, and why."""
    digests, voice_key = digests_of(options), Studio(Cache(place.cache)).voice_key
    settings: dict[tuple[Path, str | None], Fingerprint] = {}

    def reason(edition: Edition) -> str | None:
        # One show says the same of all that lies beside it.
        place = edition.path.parent, edition.variant
        if place not in settings:
            settings[place] = Fingerprint(asked_for(options, edition), voice_key)
        return manifest.reason(edition, digests, settings[place])

    forced = "all were asked for" if options.force else None
    return {edition: why for edition in editions if (why := reason(edition) or forced)}


def asked_for(options: BuildOptions, edition: Edition) -> Overrides:
    """What is asked for beside the routine, of this edition, by the options and by the show beside it."""
    show = options.overrides.show or sound_beside(edition.path)
    return replace(options.overrides, variant=edition.variant, show=show)


def _damaged(editions: Iterable[Edition], manifest: Manifest) -> dict[Edition, str]:
    """The first damaged file of each session that has one."""
    found = {edition: manifest.damaged(edition.slug) for edition in editions}
    return {edition: name for edition, name in found.items() if name is not None}


def _made(
    found: Survey, makers: Workers, progress: Progress, stop: Stop, at_end: Callable[[Run], object]
) -> Iterator[tuple[Edition, AudiocoachError | tuple[ManifestEntry, int, float]]]:
    """What becomes of each session: an error, or its entry, how many phrases were new, and its time.

    `at_end` gets what has done it.
    """
    from audiocoach.making.work import Compose, Composed, Workbench
    from audiocoach.workers.run import Run, purchases_of

    folder, texts = found.options.folder, dict(found.options.texts)
    jobs = [
        Compose(one.path, asked_for(found.options, one), folder, text=texts.get(one.path))
        for one in found.reasons
    ]
    with Workbench(found.place) as bench:
        run = Run(found.place, makers, progress, stop, bench if len(jobs) <= _FEW else None)
        run.purchases = purchases_of(found.place, found.options.budget)
        bench.on_unkept, bench.on_untuned, bench.check = makers.prepare, run.tune, stop.check
        # Workers end while the rest is done here.
        release = partial(makers.shutdown, wait=False)
        if len(jobs) == 1:
            bench.complete = release
        for over in run.sessions(jobs):
            edition = Edition(over.job.path, over.job.overrides.variant)
            match over.outcome:
                case AudiocoachError():
                    yield edition, over.outcome
                case Composed(entry, clips):
                    yield edition, (entry, len(run.new.intersection(clips)), over.seconds)
                case other:
                    raise TypeError(other)
    at_end(run)
    release()
    cache = Cache(found.place.cache)
    if run.has_made:
        cache.tidy()
    else:
        cache.sweep()


def _standing(options: BuildOptions, edition: Edition, entry: ManifestEntry) -> Built:
    mp3 = entry.files[0]
    return Built(
        slug=edition.slug,
        routine=edition.path,
        path=options.folder / mp3.name,
        duration_ms=entry.duration_ms,
        phrases=entry.phrases,
        new=0,
        size_bytes=mp3.size_bytes,
        voices=entry.source.voices,
        notes=entry.notes,
        level=mp3.level,
        others=tuple(file for file in entry.files[1:] if file.level),
    )


def _leave_out_doubles(editions: Iterable[Edition], failed: list[Failed]) -> list[Edition]:
    """Two sessions may not write the same file, whatever the file system thinks of case and of accents."""
    first: dict[str, Edition] = {}
    for edition in editions:
        other = first.setdefault(_folded(edition.slug), edition)
        if other is not edition:
            path, slug = edition.path, edition.slug
            message = f"both {_called(edition)} and {other.path} would be written to {slug}.mp3: rename one"
            apart = path.stem == other.path.stem and path.parent != other.path.parent
            failed.append(_refused(edition, message + (_by_itself(path.parent) if apart else "")))
    return list(first.values())


def _called(edition: Edition) -> str:
    return f"the variant {edition.variant} of this routine" if edition.variant else "this routine"


def _by_itself(folder: Path) -> str:
    place = folder_of_built(folder)
    return f", or build each folder by itself with -o, such as -o {place}"


def _leave_out_taken(
    editions: Iterable[Edition], options: BuildOptions, manifest: Manifest, failed: list[Failed]
) -> list[Edition]:
    """Less those whose files would take the place of another routine's, which an earlier build wrote."""
    free: list[Edition] = []
    for edition in editions:
        other = manifest.taken(edition)
        if other is None:
            free.append(edition)
            continue
        message = f"{options.folder / edition.slug}.mp3 was built from {other}, which is still there"
        failed.append(_refused(edition, f"{message}: rename one, or {options.way_out}"))
    return free


def _refused(edition: Edition, message: str) -> Failed:
    place = Position(str(edition.path), edition.line, 1)
    return Failed(edition.path, InputError(Problem(place, message, code="taken-output")))


def _folded(name: str) -> str:
    """One text for all names that some file system takes for the same (Unicode, D145)."""
    return normalize("NFC", normalize("NFD", name).casefold())
