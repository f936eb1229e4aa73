"""What other programs call: read a routine, check it, lay it out, build it.

In: files, or routines as text. Out: frozen records. Nothing is printed, no signal is touched, this process
is never forked; it may be called from any thread, and several times at once. What goes wrong is raised as
the family of `errors`. The commands are its first user.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach import regular
from audiocoach.errors import InputError, Problem, foreseen, records, whole, within
from audiocoach.records import dataclass, replace
from audiocoach.store.files import UNFINISHED, remove_tree, routine_files
from audiocoach.store.options import BuildOptions, Overrides
from audiocoach.store.place import Place
from audiocoach.workers.stop import Stop, Stoppable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from audiocoach.coaching.timeline import Timeline
    from audiocoach.errors import AudiocoachError
    from audiocoach.routine.model import EditionName, FormatName, LevelName, Routine
    from audiocoach.store.editions import Edition
    from audiocoach.store.manifest import File
    from audiocoach.voice.purchases import Bought
    from audiocoach.workers.forecast import Forecast
    from audiocoach.workers.jobs import Built, Failed, Outcome
    from audiocoach.workers.progress import Progress

    Tell = Callable[[str], object]
    # The stage (`speech`, `sound` or `files`), how many of its steps are done, and how many there are so far.
    Advance = Callable[[str, int, int], object]
    Prepared = Callable[[Progress, Stop], "Outcome"]

_LONGEST_NAME = 100
_YAML = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Document:
    """A routine that was read and can be used.

    `path` names it in problems. `text` is what was handed in, None for a file, which is read again whenever
    something is made of it. `routine` is the author's tree, `warnings` what was noticed.
    """

    path: Path
    text: str | None
    routine: Routine
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is to be said of one routine: its notes and warnings, or the error that it has."""

    path: Path
    notes: tuple[Problem, ...] = ()
    error: AudiocoachError | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of it, as data."""
        return self.error.problems if self.error else self.notes


def load(routine: Path | str, *, name: str = "routine", near: Path | None = None) -> Document:
    """Read a routine with its libraries: a `Path` is its file, a `str` is its text.

    What is built of a text is called `name`, in problems `<name>`. Its libraries and its picture lie `near`
    that folder, as those of a file lie beside it; without one in the current folder.

    Raises:
        InputError: every problem of the routine and its libraries; or the name will not do.
    """
    from audiocoach.routine import library

    if isinstance(routine, Path):
        path, text = routine, None
    else:
        _refuse_name(name)
        _refuse_path(routine)
        path, text = (near or Path()) / regular.named_text(name), routine
    loaded = library.load(path, text)
    return Document(path, text, loaded.routine, loaded.warnings)


def _refuse_name(name: str) -> None:
    """See that a name can be that of files.

    Raises:
        InputError: it cannot.
    """
    if not 0 < len(name) <= _LONGEST_NAME or Path(name).name != name or not name.isprintable():
        message = f"expected a name such as morning, of at most {_LONGEST_NAME} letters"
        raise InputError(Problem(whole(name), message))


def _refuse_path(text: str) -> None:
    """See that a text is none that was meant as a path.

    Raises:
        InputError: it was.
    """
    if text.endswith(_YAML) and "\n" not in text:
        message = f"expected the text of a routine, found a path: hand it in as Path({text!r})"
        raise InputError(Problem(whole(text), message))


def check(
    routines: Path | Document | Iterable[Path | Document],
    *,
    level: LevelName | None = None,
    fit_ms: int | None = None,
    engine: str | None = None,
    cues: EditionName | None = None,
    day: int | None = None,
    cache: Path | None = None,
    stop: Stop | None = None,
) -> tuple[Problem, ...]:
    """Every problem, warning and note of routines and of folders of them, each once and by place.

    Words count as long as they are where the cache has them, and as an estimate elsewhere.

    Raises:
        InputError: there is no routine in what was named.
        StoppedError: `stop` was wished for.
    """
    options = _options(routines, overrides(level, fit_ms, engine, cues, day))
    wish = stop or Stop()
    checked = check_each(options, cache, wish.check)
    return tuple(sorted({problem for one in checked for problem in one.problems}))


def check_each(
    options: BuildOptions, cache: Path | None, check: Callable[[], None] = lambda: None
) -> Iterator[Checked]:
    """What is to be said of each routine and of its variants, in turn; what `check` raises ends it.

    Raises:
        InputError: there is no routine in what was named.
    """
    from audiocoach.coaching import advice as heard
    from audiocoach.making import artwork
    from audiocoach.making.editions import editions_of
    from audiocoach.making.speech import open_drafted
    from audiocoach.making.tracks import refuse_unplayable
    from audiocoach.routine import advice as written
    from audiocoach.store.cache import Cache, default_folder
    from audiocoach.voice.studio import Studio

    store, texts = Cache(cache or default_folder()), dict(options.texts)
    studio = Studio(store)

    def checked(path: Path, asked: Overrides) -> Checked:
        try:
            session, drafted = open_drafted(path, asked, studio, texts.get(path), check)
            routine, timeline = session.routine, drafted.timeline
            notes = (*timeline.notes, *written.advise(routine), *heard.advise(routine, timeline))
            artwork.check(path)
            refuse_unplayable(timeline, store)
        except Exception as error:  # noqa: BLE001 - one routine's failure, whatever it is
            return Checked(path, error=within(str(path), foreseen(error)))
        return Checked(path, tuple(sorted({*notes})))

    def each(path: Path) -> Iterator[Checked]:
        """The routine, then its variants; what is wrong with the routine is wrong with each of them."""
        own = checked(path, options.overrides)
        yield own
        told = {place for note in own.notes for place in _told_as(note)}
        for edition in editions_of(path, texts.get(path)).editions[1:]:
            found = checked(path, replace(options.overrides, variant=edition.variant))
            if found.error is None or str(found.error) != str(own.error):
                new = [note for note in found.notes if not told.intersection(_told_as(note))]
                told |= {place for note in new for place in _told_as(note)}
                yield replace(found, notes=tuple(_of_variant(note, edition) for note in new))

    return (one for path in find_routines(options.paths) for one in each(path))


def _told_as(note: Problem) -> tuple[object, object]:
    """What makes a note known: the same of the same place, or in the same words."""
    return (note.position, note.code), note.message


def _of_variant(note: Problem, edition: Edition) -> Problem:
    return replace(note, message=f"{note.message} (in the variant {edition.variant})")


def preview(
    routine: Path | Document,
    *,
    level: LevelName | None = None,
    fit_ms: int | None = None,
    engine: str | None = None,
    cues: EditionName | None = None,
    day: int | None = None,
    variant: str | None = None,
    estimate: bool = False,
    cache: Path | None = None,
    jobs: int | None = None,
    progress: Advance | None = None,
    stop: Stop | None = None,
    warn: Tell = lambda _: None,
) -> Timeline:
    """The timeline of one routine, or of its `variant`, with every phrase spoken; no sound is made of it.

    With `estimate` nobody speaks: the length of words is guessed, and no file is written.

    Raises:
        AudiocoachError: the routine cannot be used, or not be spoken.
        StoppedError: `stop` was wished for.
    """
    options = _options(routine, overrides(level, fit_ms, engine, cues, day, variant), jobs=jobs)
    wish = stop or Stop()
    if estimate:
        return guess(options, wish.check)
    with prepare_preview(options, cache, warn) as work:
        return work(_Counted(progress), wish)


def guess(options: BuildOptions, check: Callable[[], None] = lambda: None) -> Timeline:
    """The timeline of the one routine, with an estimate for the length of all words.

    Raises:
        InputError: the routine cannot be used.
    """
    from audiocoach.coaching.estimate import estimate_ms
    from audiocoach.making.sessions import open_session, timeline_of

    (path,) = options.paths
    return timeline_of(
        open_session(path, options.overrides, dict(options.texts).get(path)), estimate_ms, check
    )


@contextlib.contextmanager
def prepare_preview(
    options: BuildOptions, cache: Path | None, warn: Tell, *, is_ours: bool = False
) -> Iterator[Callable[[Progress, Stop], Timeline]]:
    """Workers for the preview of one routine, and what makes it; `is_ours` as in `prepare_build`."""
    from audiocoach.workers.jobs import write_script
    from audiocoach.workers.starting import start_workers

    with (
        open_place(cache, options.folder, warn) as place,
        start_workers(options, place, warn, is_ours=is_ours) as makers,
    ):

        def work(progress: Progress, stop: Stop) -> Timeline:
            stop.on_wish(makers.kill)
            return write_script(options, place, makers, Stoppable(progress, stop), stop)

        yield work


def build(
    routines: Path | Document | Iterable[Path | Document],
    out: Path,
    *,
    level: LevelName | None = None,
    fit_ms: int | None = None,
    engine: str | None = None,
    cues: EditionName | None = None,
    day: int | None = None,
    loudness_lufs: float | None = None,
    formats: Sequence[FormatName] | None = None,
    force: bool = False,
    cache: Path | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    progress: Advance | None = None,
    stop: Stop | None = None,
    warn: Tell = lambda _: None,
) -> Outcome:
    """Build the MP3 of each routine, and what stands beside it, into the folder `out`.

    A routine that fails takes no other with it: it stands among the outcome's `failed`, with its error.
    `progress` is called by the thread that called. `stop.wish()`, from any thread, ends the work at the
    next safe place. `warn` is told in a line of what is odd and does no harm. `loudness_lufs` is how loud
    words are as they are heard, from -24 to -14 (usually -16). `formats` are the files that are wanted beside
    the MP3s, whatever the routines say: `opus`, `m4b`, `wav`, `wav-8k`.

    Raises:
        InputError: there is no routine in what was named.
        StorageError: the folder cannot be used.
        ClusterError: there is nobody to do it.
        StoppedError: `stop` was wished for.
    """
    asked = overrides(level, fit_ms, engine, cues, day, loudness_lufs=loudness_lufs, formats=formats)
    options = _options(routines, asked, out, force, cluster, jobs)
    with prepare_build(options, cache, warn) as work:
        return work(_Counted(progress), stop or Stop())


@contextlib.contextmanager
def prepare_build(
    options: BuildOptions, cache: Path | None, warn: Tell, *, is_ours: bool = False
) -> Iterator[Prepared]:
    """Workers for what has to be built, if anything has, and what builds it with them.

    A process that `is_ours` may be forked while it has one thread, which is faster than to start another.

    Raises:
        InputError, StorageError, ClusterError: as `build`.
    """
    from audiocoach.workers.starting import is_sure, start_workers

    options = _replace_paths(options)
    with open_place(cache, options.folder, warn) as place, contextlib.ExitStack() as stack:
        sure = is_sure(options, place)
        started = start_workers(options, place, warn, is_ours=is_ours)
        makers = stack.enter_context(started) if sure else None
        if makers:
            # While more is loaded here.
            makers.prepare()
        from audiocoach.workers.jobs import build, survey

        surveyed = survey(options, place)
        if surveyed.reasons and not makers:
            makers = stack.enter_context(started)

        def work(progress: Progress, stop: Stop) -> Outcome:
            if makers:
                stop.on_wish(makers.kill)
            return build(surveyed, makers, Stoppable(progress, stop), stop)

        yield work


def forecast(options: BuildOptions, cache: Path | None) -> Forecast:
    """What a build would have spoken, and what of that would be paid for; nothing is made, nobody is asked.

    Raises:
        InputError: there is no routine in what was named.
    """
    from audiocoach.store.cache import default_folder
    from audiocoach.store.place import Place
    from audiocoach.workers.forecast import look_ahead

    return look_ahead(_replace_paths(options), Place(cache or default_folder()))


def to_json(record: Timeline | Outcome | Problem | Sequence[Problem]) -> str:
    """A record as the commands write it: a timeline's file, the end of a build, a list of problems."""
    from audiocoach.coaching.timeline import Timeline
    from audiocoach.publish.timeline_json import as_json
    from audiocoach.workers.jobs import Outcome

    match record:
        case Timeline():
            return as_json(record)
        case Outcome():
            return dumped(outcome_record(record))
        case Problem():
            return dumped({"problems": records([record])})
        case problems:
            return dumped({"problems": records(problems)})


def dumped(body: dict[str, Any]) -> str:
    """JSON as all of it is written."""
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def outcome_record(done: Outcome) -> dict[str, Any]:
    """The end of a build as JSON has it: each routine once, and what went."""
    return {
        "routines": [_built_record(one) for one in done.built],
        "failed": [failure_record(one) for one in done.failed],
        "removed": done.removed,
        "voice": said_of_voices(done),
        "bought": [bought_record(one) for one in done.bought],
    }


def bought_record(one: Bought) -> dict[str, Any]:
    """What a paid voice was asked for, or would be."""
    return {
        "engine": one.engine,
        "name": one.name,
        "texts": one.texts,
        "characters": one.characters,
        "cost": round(one.cost, 6),
    }


def said_of_voices(done: Outcome) -> str:
    """Who speaks what stands now, in a sentence, and how to have a better voice where there is one."""
    from audiocoach.voice.choice import describe

    return describe((voice for one in done.built for voice in one.voices), dict(done.refused))


def _built_record(one: Built) -> dict[str, Any]:
    return {
        "routine": str(one.routine),
        "status": "standing" if one.reason is None else "built",
        "reason": one.reason,
        **facts_record(one),
        "new_phrases": one.new,
        "seconds": round(one.seconds, 3),
        "file": str(one.path),
    }


def facts_record(one: Built) -> dict[str, Any]:
    """What depends on the routine alone, and on nothing that was there before."""
    return {
        "duration_ms": one.duration_ms,
        "phrases": one.phrases,
        "size_bytes": one.size_bytes,
        "lufs": one.level.lufs if one.level else None,
        "true_peak_db": one.level.peak_db if one.level else None,
        "others": [_other_record(file) for file in one.others],
        "notes": records(one.notes),
    }


def _other_record(file: File) -> dict[str, Any]:
    level = file.level
    return {
        "file": file.name,
        "size_bytes": file.size_bytes,
        "lufs": level.lufs if level else None,
        "true_peak_db": level.peak_db if level else None,
    }


def failure_record(one: Failed) -> dict[str, Any]:
    """A routine that was not built, and why."""
    return {"routine": str(one.path), "problems": records(one.error.problems)}


class _Counted:
    """A progress that calls back with how far each stage is."""

    def __init__(self, advance: Advance | None) -> None:
        self._advance = advance
        self._stages: dict[str, tuple[int, int]] = {}

    def expect(self, stage: str, more: int) -> None:
        """So many more steps will be done in a stage."""
        self._say(stage, 0, more)

    def advance(self, stage: str) -> None:
        """One of them is done."""
        self._say(stage, 1, 0)

    def _say(self, stage: str, steps: int, more: int) -> None:
        done, total = self._stages.get(stage, (0, 0))
        self._stages[stage] = (done + steps, total + more)
        if self._advance:
            self._advance(stage, *self._stages[stage])


def overrides(
    level: LevelName | None,
    fit_ms: int | None,
    engine: str | None,
    cues: EditionName | None = None,
    day: int | None = None,
    variant: str | None = None,
    loudness_lufs: float | None = None,
    formats: Sequence[FormatName] | None = None,
) -> Overrides:
    """What is asked for beside the routines, with who speaks on this machine where they name nobody.

    Raises:
        InputError: the user's configuration cannot be used.
    """
    from audiocoach import configuration
    from audiocoach.voice.choice import default_voices

    voices = default_voices(configuration.read().voice)
    files = None if formats is None else tuple(formats)
    return Overrides(level, fit_ms, engine, voices, cues, day, variant, loudness_lufs, files)


def _options(
    routines: Path | Document | Iterable[Path | Document],
    beside: Overrides,
    out: Path | None = None,
    force: bool = False,
    cluster: str | None = None,
    jobs: int | None = None,
) -> BuildOptions:
    sources = (routines,) if isinstance(routines, Path | Document) else tuple(routines)
    documents = [one for one in sources if isinstance(one, Document)]
    return BuildOptions(
        paths=tuple(one.path if isinstance(one, Document) else one for one in sources),
        folder=out or _folder_for_temporary_files(),
        overrides=beside,
        jobs=jobs or os.cpu_count() or 1,
        force=force,
        cluster=cluster,
        way_out="choose another folder, or force",
        texts=tuple((one.path, one.text) for one in documents if one.text is not None),
    )


def _folder_for_temporary_files() -> Path:
    import tempfile

    return Path(tempfile.gettempdir())


def _replace_paths(options: BuildOptions) -> BuildOptions:
    """The options with files in place of folders."""
    return replace(options, paths=tuple(find_routines(options.paths)))


def find_routines(paths: tuple[Path, ...]) -> list[Path]:
    """The routine files that are meant, folders as those in them.

    Raises:
        InputError: there is none.
    """
    stdin = Path(regular.STDIN)
    if stdin in paths and len(paths) > 1:
        message = "standard input is one routine: name no others beside it"
        raise InputError(Problem(whole(stdin), message, code="wrong-folder"))
    files = routine_files(paths)
    if not files:
        raise InputError(*(Problem(whole(path), _no_routine(path), code="empty-folder") for path in paths))
    return files


def _no_routine(path: Path) -> str:
    """Why there is nothing to build in what was named."""
    if path.is_dir():
        return "there is no routine in this folder: expected a file such as my-routine.yaml"
    return "this is no routine, it says what all are together: expected a file such as my-routine.yaml"


@contextlib.contextmanager
def open_place(cache: Path | None, near: Path, warn: Tell) -> Iterator[Place]:
    """The cache, and a spare one `near`: where the cache takes nothing we work all the same, and say so."""
    from audiocoach.store.cache import default_folder

    folder = cache or default_folder()
    spare = Path(UNFINISHED.name(str(near / "cache")))
    try:
        yield Place(folder, spare)
    finally:
        if os.path.lexists(spare):
            remove_tree(spare)
            warn(f"{folder}: warning: the cache cannot be written: nothing new was kept\n")
