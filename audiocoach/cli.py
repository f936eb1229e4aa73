"""The command line: click and nothing else. A command parses, makes one call, prints.

Standard output is the result alone; progress and messages go to standard error. Exit status: 0 done,
1 a build failed, 2 bad input or usage, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO, cast

import click

from audiocoach import __version__
from audiocoach.errors import NO_MEMORY, AudiocoachError, internal, is_for_want_of_memory
from audiocoach.store.options import BuildOptions, FeedOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiocoach.routine.model import EditionName, FormatName, LevelName
    from audiocoach.store.options import Overrides

_INTERRUPTED = 130
_QUIETEST_LUFS, _LOUDEST_LUFS = -24, -14
_NO_ROOM = frozenset({errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EBADF})


class _PathType(click.Path):
    """A path; an unset variable of a shell script is none."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Refuse an empty one: it would be the current folder."""
        if not str(value):
            self.fail("expected a path, such as routines, found an empty one", param, ctx)
        return cast("Path", super().convert(cast("str", value), param, ctx))


_PATH = _PathType(path_type=Path)
_LEVELS = click.Choice(["gentle", "standard", "strong"])
_SHAPES = ("text", "markdown", "json", "csv", "vtt", "srt", "lrc", "svg")
_TEMPLATES = (
    *("breathing", "circuit", "emom", "five-minutes", "rehabilitation", "run-walk"),
    *("strength", "stretching", "tabata", "yoga"),
)
_SCHEMAS = ("routine", "library", "show", "timeline")
_IMPORTED = ("answer", "zwo", "hevy", "strong", "exercises", "intervals", "page")
_PATHS = click.argument("paths", nargs=-1, type=_PATH)
_LEVEL = click.option("--level", type=_LEVELS, help="Do it at this level, whatever the routine says.")
_CUES = click.option(
    "--cues", type=click.Choice(["learn", "full", "brief", "tones"]),
    help="How much is said: learn is a lesson of the moves, whatever the routine says.",
)  # fmt: skip
_DAY = click.option(
    "--day", type=click.IntRange(1, 9999), metavar="N",
    help="Turn the wordings, the reminders and the reasons to those of day N (default: 1).",
)  # fmt: skip
_FIT = click.option("--fit", metavar="TIME", help="Make it last this long, such as 16m.")
_ENGINE = click.option("--engine", metavar="NAME", help="The speech engine, such as pyttsx3 or silent.")
_BUILD = click.option(
    "--build", "built", type=_PATH,
    help="The folder for the MP3s (default: out, and out/NAME for a folder NAME other than routines).",
)  # fmt: skip
_JOBS = click.option("--jobs", type=click.IntRange(1, 64), help="How many workers (default: all processors).")
_CACHE = click.option(
    "--cache",
    type=_PathType(path_type=Path, file_okay=False),
    envvar="AUDIOCOACH_CACHE",
    help="Where speech and sound that were made once are kept (default: your cache folder).",
)


_DRY_RUN = click.option(
    "--dry-run", is_flag=True, help="Say what would be spoken and what it would cost; make nothing."
)


class _Amount(click.FloatRange):
    """An amount of money, from 0 on."""

    name = "amount"

    def convert(self, value: float | str, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or a sentence with an example."""
        with contextlib.suppress(ValueError):
            amount = float(value)
            if math.isfinite(amount) and amount >= 0:
                return amount
        self.fail(f"expected an amount such as 2.50, found {value!r}", param, ctx)


_BUDGET = click.option(
    "--budget",
    type=_Amount(min=0),
    metavar="AMOUNT",
    help="What paid voices may cost in all (default: what your configuration says of each).",
)


class _Loudness(click.FloatRange):
    """How loud words are to be, in LUFS as they are heard."""

    name = "lufs"

    def convert(self, value: float | str, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or a sentence with an example."""
        with contextlib.suppress(ValueError):
            loudness = float(value)
            if _QUIETEST_LUFS <= loudness <= _LOUDEST_LUFS:
                return loudness
        expected = f"from {_QUIETEST_LUFS} to {_LOUDEST_LUFS} LUFS, such as -14 for outdoors"
        self.fail(f"expected {expected}, found {value!r}", param, ctx)


_LOUDNESS = click.option(
    "--loudness", type=_Loudness(), metavar="LUFS",
    help="How loud it is as heard: -14 for outdoors (default: -16).",
)  # fmt: skip


def _read_formats(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[FormatName, ...] | None:
    if value is None:
        return None
    # It brings the whole reader of routines along: 40 ms that who names no formats does not pay.
    from audiocoach.routine.formats import read_list

    def refuse(message: str) -> None:
        raise click.BadParameter(message)

    return read_list(value, refuse)


_FORMATS = click.option(
    "--format", "formats", callback=_read_formats, metavar="LIST",
    help="Other files beside the MP3, such as opus,m4b: also wav and wav-8k.",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="audiocoach")
def cli() -> None:
    """Turn a workout written in YAML into a coach's voice, right to the millisecond."""


@cli.command()
@_PATHS
@click.option(
    "-o", "--output", "folder", type=_PATH, default="out", show_default=True,
    help="The folder for the MP3s and their timelines.",
)  # fmt: skip
@_LEVEL
@_CUES
@_DAY
@_FIT
@_ENGINE
@_LOUDNESS
@_FORMATS
@_JOBS
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers do the work, or local.")
@_DRY_RUN
@_BUDGET
@click.option("--force", is_flag=True, help="Write the files again, even where they stand as they should.")
@click.option("--json", "as_json", is_flag=True, help="Print the end of the build as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Say why each file was built.")
@_CACHE
def build(
    paths: tuple[Path, ...],
    folder: Path,
    level: str | None,
    cues: str | None,
    day: int | None,
    fit: str | None,
    engine: str | None,
    loudness: float | None,
    formats: tuple[FormatName, ...] | None,
    jobs: int | None,
    cluster: str | None,
    cache: Path | None,
    budget: float | None,
    *,
    dry_run: bool,
    force: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Build the MP3 of each routine (default: all in routines/)."""
    from audiocoach.commands.build import Shown, build_all, tell_forecast

    workers = jobs or os.cpu_count() or 1
    if cluster is not None and not cluster.strip():
        message = "expected an address, such as tls://10.0.0.5:8786, or local, found an empty one"
        raise click.BadParameter(message, param_hint="--cluster")
    overrides = _overrides(level, cues, day, fit, engine, loudness_lufs=loudness, formats=formats)
    options = BuildOptions(_some(paths), folder, overrides, workers, force, cluster, budget=budget)
    if dry_run:
        tell_forecast(options, cache, json=as_json)
        return
    build_all(options, cache, Shown(as_json, verbose))


@cli.command()
@click.argument("folder", metavar="[PATH]", type=_PATH, default="routines")
@click.option(
    "-o", "--output", "site", type=_PATH, default="site", show_default=True, help="The folder to publish."
)  # fmt: skip
@click.option("--base-url", metavar="URL", help="Where that folder will be found on the web.")
@_BUILD
@_LEVEL
@_CUES
@_DAY
@_ENGINE
@_LOUDNESS
@_FORMATS
@_DRY_RUN
@_BUDGET
@_JOBS
@_CACHE
def feed(
    folder: Path,
    site: Path,
    base_url: str | None,
    built: Path | None,
    level: str | None,
    cues: str | None,
    day: int | None,
    engine: str | None,
    loudness: float | None,
    formats: tuple[FormatName, ...] | None,
    jobs: int | None,
    cache: Path | None,
    budget: float | None,
    *,
    dry_run: bool,
) -> None:
    """Publish the routines of a folder (default: routines/) as a podcast feed."""
    from audiocoach.commands.feed import feed_all, tell_feed_forecast
    from audiocoach.store.files import folder_of_built

    overrides, address = (
        _overrides(level, cues, day, None, engine, loudness_lufs=loudness, formats=formats),
        None if base_url is None else _address(base_url),
    )
    place = built or folder_of_built(folder)
    workers = jobs or os.cpu_count() or 1
    options = FeedOptions(folder, site, place, overrides, workers, address, budget=budget)
    tell_feed_forecast(options, cache) if dry_run else feed_all(options, cache)


@cli.command()
@click.argument("path", type=_PATH, required=False)
@click.option(
    "--format", "shape", type=click.Choice(_SHAPES), default="text", show_default=True,
    help="How the script is written.",
)  # fmt: skip
@click.option("--variant", metavar="NAME", help="The script of this variant of the routine.")
@click.option("--estimate", is_flag=True, help="Guess the length of words instead of speaking them.")
@click.option(
    "--summary", is_flag=True, help="Print what it is, how long, and its exercises as a table alone."
)
@click.option(
    "--all", "in_full", is_flag=True, help="Print every repetition and breath on a line of its own."
)
@click.option("--diff", "old", type=_PATH, metavar="OLD", help="Print what is heard otherwise than in OLD.")
@click.option("--tones", "as_tones", is_flag=True, help="Make an MP3 in which each tone is named and heard.")
@click.option("-o", "--output", type=_PATH, help="The file for --tones (default: tones.mp3).")
@_LEVEL
@_CUES
@_DAY
@_FIT
@_ENGINE
@_CACHE
def preview(
    path: Path | None,
    shape: str,
    *,
    variant: str | None,
    estimate: bool,
    summary: bool,
    in_full: bool,
    old: Path | None,
    as_tones: bool,
    output: Path | None,
    level: str | None,
    cues: str | None,
    day: int | None,
    fit: str | None,
    engine: str | None,
    cache: Path | None,
) -> None:
    """Print the script of a routine, or of each in a folder, with its times."""
    wishes = (("--summary", summary), ("--all", in_full), ("--diff", old), ("--tones", as_tones))
    asked = [name for name, wish in wishes if wish]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)} do not go together: keep one")
    if as_tones:
        from audiocoach.commands.tones import make_tones

        return make_tones(
            path, output or Path("tones.mp3"), _overrides(None, None, None, None, engine), cache
        )
    if output is not None:
        raise click.UsageError("-o belongs to --tones: a script is printed")
    if path is None:
        raise click.UsageError("Missing argument 'PATH'.")
    from audiocoach.commands.preview import View, preview_all

    if asked and shape not in ("text", "markdown"):
        raise click.UsageError(f"{asked[0]} is for the formats text and markdown, found {shape}")
    view = View(shape, "short" if summary else "full" if in_full else "folded", old)
    overrides = _overrides(level, cues, day, fit, engine, variant)
    preview_all(path, view, overrides, cache, estimate=estimate)


@cli.command()
@click.argument("path", type=_PATH)
@click.option("--from", "begin", metavar="PLACE", help="Where to begin: 3:20, or what an exercise is called.")
@click.option("--variant", metavar="NAME", help="Play this variant of the routine.")
@click.option(
    "--build", "built", type=_PATH, default="out", show_default=True, help="The folder for the MP3s of build."
)  # fmt: skip
@_LEVEL
@_CUES
@_DAY
@_FIT
@_ENGINE
@_LOUDNESS
@_BUDGET
@_JOBS
@_CACHE
def play(
    path: Path,
    begin: str | None,
    variant: str | None,
    built: Path,
    level: str | None,
    cues: str | None,
    day: int | None,
    fit: str | None,
    engine: str | None,
    loudness: float | None,
    jobs: int | None,
    cache: Path | None,
    budget: float | None,
) -> None:
    """Play the session of a routine through this machine's player, with its script."""
    from audiocoach.commands.play import play_one

    overrides = _overrides(level, cues, day, fit, engine, loudness_lufs=loudness)
    way_out = "name another folder with --build"
    workers = jobs or os.cpu_count() or 1
    options = BuildOptions((path,), built, overrides, workers, way_out=way_out, budget=budget)
    play_one(options, cache, begin, variant)


@cli.command()
@_PATHS
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, a record for each.")
@_LEVEL
@_CUES
@_DAY
@_FIT
@_CACHE
def check(
    paths: tuple[Path, ...],
    *,
    as_json: bool,
    level: str | None,
    cues: str | None,
    day: int | None,
    fit: str | None,
    cache: Path | None,
) -> None:
    """Print every problem and note of the routines as path:line:column: message."""
    from audiocoach.commands.check import check_all

    check_all(_some(paths), _overrides(level, cues, day, fit, None), cache, json=as_json)


@cli.command()
@_PATHS
@click.option(
    "-o", "--output", "folder", type=_PATH, default="handout", show_default=True,
    help="The folder for what you hand over.",
)  # fmt: skip
@click.option(
    "--link", metavar="URL",
    help="Where the session is on the web, for its code; with a slash at its end, the folder that it is in.",
)  # fmt: skip
@click.option(
    "--build", "built", type=_PATH, default="out", show_default=True, help="The folder for the MP3s of build."
)  # fmt: skip
@_LEVEL
@_CUES
@_DAY
@_FIT
@_ENGINE
@_BUDGET
@_JOBS
@_CACHE
def handout(
    paths: tuple[Path, ...],
    folder: Path,
    link: str | None,
    built: Path,
    level: str | None,
    cues: str | None,
    day: int | None,
    fit: str | None,
    engine: str | None,
    jobs: int | None,
    cache: Path | None,
    budget: float | None,
) -> None:
    """Make of each routine a page that plays without a network, a sheet to print, and the MP3."""
    from audiocoach.commands.handout import hand_out

    overrides, workers = _overrides(level, cues, day, fit, engine), jobs or os.cpu_count() or 1
    way_out = "name another folder with --build"
    options = BuildOptions(_some(paths), built, overrides, workers, way_out=way_out, budget=budget)
    hand_out(options, folder, None if link is None else _page_address(link), cache)


@cli.command()
@click.argument("name", required=False)
@click.option(
    "--template", type=click.Choice(_TEMPLATES), default="circuit", show_default=True,
    help="The session that it begins as.",
)  # fmt: skip
@click.option("--list", "listed", is_flag=True, help="Say what each template is, and write nothing.")
def new(name: str | None, template: str, *, listed: bool) -> None:
    """Write a small routine to begin with, NAME.yaml, which is yours to change."""
    from audiocoach.commands.new import list_templates, write_new

    if listed:
        list_templates()
        return
    if name is None:
        raise click.UsageError("expected a name, such as audiocoach new my-morning")
    write_new(name, template)


@cli.command("record-sheet")
@_PATHS
@click.option("--voice", metavar="NAME", help="Leave out what this recorded voice has.")
@click.option(
    "--level", type=click.Choice([*_LEVELS.choices, "all"]),
    help="Do it at this level, or at all of them, whatever the routine says.",
)  # fmt: skip
@_CUES
@_DAY
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@_CACHE
def record_sheet(
    paths: tuple[Path, ...],
    voice: str | None,
    level: str | None,
    cues: str | None,
    day: int | None,
    cache: Path | None,
    *,
    as_json: bool,
) -> None:
    """Print what to read aloud to have the routines in your own voice, most used first."""
    from audiocoach.commands.record_sheet import print_sheet

    levels = _LEVELS.choices if level == "all" else (level,)
    wanted = [_overrides(level, cues, day, None, None) for level in levels]
    print_sheet(_some(paths), wanted, voice, cache, json=as_json)


@cli.command("record-import")
@click.argument("file", type=_PATH)
@click.option(
    "--voice", metavar="NAME", required=True, help="The recorded voice that it becomes, or adds to."
)
@click.option(
    "--sheet", type=_PATH, required=True, help="What was read: the sheet that record-sheet printed."
)
@click.option("--lines", metavar="A-B", help="Only these lines of the sheet were read, such as 31-62.")
@click.option("--cuts", type=_PATH, help="Cut by this list, as an import printed it and you mended it.")
@click.option("--dry-run", is_flag=True, help="Print the cut list and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the cut list as JSON.")
def record_import(
    file: Path,
    voice: str,
    sheet: Path,
    lines: str | None,
    cuts: Path | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Cut one long recording of a sheet into a recorded voice; the last take of each line counts."""
    from audiocoach.commands.record_import import Import, import_recording

    numbers = None if lines is None else _range(lines)
    import_recording(Import(file, voice, sheet, numbers, cuts), dry_run=dry_run, json=as_json)


@cli.command("import")
@click.argument("file", type=_PATH)
@click.option(
    "-o", "--output", "out", type=_PATH, help="Write the routine to this file, not to standard output."
)
@click.option("--force", is_flag=True, help="Write it even where there is a file of this name.")
@click.option("--kind", type=click.Choice(_IMPORTED), help="What the file is (default: what it looks like).")
@click.option(
    "--with",
    "address",
    metavar="URL",
    help="Ask the chat model of this server, such as http://127.0.0.1:8080/v1.",
)
@click.option("--model", metavar="NAME", default="", help="With --with: which of its models.")
@click.option(
    "--key-env",
    metavar="VARIABLE",
    default="",
    help="With --with: the environment variable that holds the key.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the routine, its sources and its gaps as JSON.")
def import_(
    file: Path,
    out: Path | None,
    kind: str | None,
    address: str | None,
    model: str,
    key_env: str,
    *,
    force: bool,
    as_json: bool,
) -> None:
    """Make a routine of a list, an article, a plan or an export; - is standard input.

    What was left out and what the source does not say is told on standard error.
    """
    from audiocoach.commands.bring_in import Import, import_file

    if address is None and (model or key_env):
        raise click.UsageError("--model and --key-env are of a server: say --with URL")
    chat = None
    if address is not None:
        from audiocoach.commands.ask import chat_at

        chat = chat_at(address, model, key_env)
    import_file(Import(file, out, kind, force, as_json), chat)


@cli.command()
def prompt() -> None:
    """Print what to say to a chat model, so that it writes a routine which import takes."""
    from audiocoach.commands.bring_in import print_prompt

    print_prompt()


@cli.command()
@click.argument("kind", type=click.Choice(_SCHEMAS), default="routine")
def schema(kind: str) -> None:
    """Print the JSON Schema of what is written: with it, editors complete and explain fields."""
    from audiocoach.commands.schema import print_schema

    print_schema(kind)


@cli.command()
@click.argument("folder", metavar="[DIR]", type=_PATH, default="out")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(folder: Path, *, as_json: bool) -> None:
    """Prove that an output folder (default: out) holds what was built, sound by sound."""
    from audiocoach.commands.verify import verify_all

    verify_all(folder, json=as_json)


@cli.command()
@click.argument("folder", metavar="[PATH]", type=_PATH, required=False)
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Serve on this port (default: 8000 or the next free)."
)
@click.option(
    "--lan", is_flag=True, help="Serve to your network, and show the address as a code for cameras."
)
@_BUILD
@_LEVEL
@_CUES
@_DAY
@_ENGINE
@_JOBS
@_CACHE
def serve(
    folder: Path | None,
    port: int | None,
    *,
    lan: bool,
    built: Path | None,
    level: str | None,
    cues: str | None,
    day: int | None,
    engine: str | None,
    jobs: int | None,
    cache: Path | None,
) -> None:
    """Serve routines, or one, while you write them (default: routines/), or a finished site, until Ctrl-C.

    Open pages load what is new by themselves.
    """
    from audiocoach.commands.serve import serve_all
    from audiocoach.store.files import folder_of_built

    overrides, found = _overrides(level, cues, day, None, engine), folder or _usual_folder()
    place = built or folder_of_built(found.parent if found.is_file() else found)
    serve_all(BuildOptions((found,), place, overrides, jobs or os.cpu_count() or 1), cache, port, lan=lan)


@cli.command()
@click.argument("folder", metavar="[FOLDER]", type=_PATH, required=False)
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Serve on this port (default: 8000 or the next free)."
)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@_CACHE
def studio(folder: Path | None, port: int | None, cache: Path | None, *, no_open: bool) -> None:
    """Write the routines of a folder (default: routines/) in your browser, and hear them, until Ctrl-C.

    A folder that is not there yet is made, with a first routine.
    """
    from audiocoach.commands.studio import open_studio

    open_studio(folder or Path("routines"), port, cache, opens=not no_open)


@cli.group("voices", invoke_without_command=True)
@click.option("--language", metavar="CODE", help="Those of this language alone, such as de.")
@click.option("--all", "everything", is_flag=True, help="Every voice, also variants and those for tests.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, a record for each.")
@click.option("--sample", is_flag=True, help="Make a short MP3 of each that is installed (default: English).")
@click.option(
    "-o", "--output", "folder", type=_PATH, default="samples", show_default=True,
    help="The folder for samples.",
)  # fmt: skip
@_CACHE
@click.pass_context
def voices_group(
    context: click.Context,
    language: str | None,
    folder: Path,
    cache: Path | None,
    *,
    everything: bool,
    as_json: bool,
    sample: bool,
) -> None:
    """Show the voices by language: which are installed, which speaks, and how to have the others."""
    if context.invoked_subcommand is not None:
        return
    if sample:
        from audiocoach.commands.samples import make_samples

        make_samples(folder, language, cache)
        return
    from audiocoach.commands.voices import Asked, list_voices

    list_voices(Asked(language, everything, as_json))


def _fetchable(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    """What a shell may complete a name to."""
    from audiocoach.commands.get import names

    return [name for name in names() if name.startswith(typed)]


def _usable(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    """What a shell may complete a name to."""
    from audiocoach.commands.use import names

    return [name for name in names() if name.startswith(typed)]


@voices_group.command("get")
@click.argument("name", shell_complete=_fetchable)
@click.option("--yes", is_flag=True, help="Do not ask before.")
def voices_get(name: str, *, yes: bool) -> None:
    """Fetch a Piper or Kokoro voice into your folder for voices, once."""
    from audiocoach.commands.get import get_voice

    def may(question: str) -> bool:
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("there is nobody to ask: say --yes to fetch it")
        return yes or click.confirm(question, err=True)

    get_voice(name, may)


@voices_group.command("use")
@click.argument("name", shell_complete=_usable)
@click.option("--language", metavar="CODE", help="For this language, such as en (default: the voice's own).")
def voices_use(name: str, language: str | None) -> None:
    """Have a voice speak its language wherever a routine names none."""
    from audiocoach.commands.use import use_voice

    use_voice(name, language)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, a record for each.")
@_CACHE
def doctor(cache: Path | None, *, as_json: bool) -> None:
    """Say what is there, what is missing and what to do; libraries and voices are tried for real."""
    from audiocoach.commands.doctor import examine

    examine(cache, json=as_json)


@cli.group("cache", invoke_without_command=True)
@_CACHE
@click.pass_context
def cache_group(context: click.Context, cache: Path | None) -> None:
    """Show what was made once and is kept; prune, verify or clear it."""
    context.obj = cache
    if context.invoked_subcommand is None:
        context.invoke(cache_show)


@cache_group.command("show")
@click.pass_obj
def cache_show(cache: Path | None) -> None:
    """Say how much there is, and where."""
    from audiocoach.commands.cache import show_cache

    click.echo(show_cache(cache))


@cache_group.command("prune")
@click.option("--limit", type=click.IntRange(0), default=2000, metavar="MB", help="How much may stay: 2000.")
@click.pass_obj
def cache_prune(cache: Path | None, limit: int) -> None:
    """Remove what was not used for longest until the rest is within the limit."""
    from audiocoach.commands.cache import prune_cache

    click.echo(prune_cache(cache, limit * 1_000_000))


@cache_group.command("verify")
@click.pass_obj
def cache_verify(cache: Path | None) -> None:
    """Read every entry; damaged ones are removed, and made again when they are needed."""
    from audiocoach.commands.cache import verify_cache

    click.echo(verify_cache(cache))


@cache_group.command("clear")
@click.pass_obj
def cache_clear(cache: Path | None) -> None:
    """Remove everything."""
    from audiocoach.commands.cache import prune_cache

    click.echo(prune_cache(cache, 0))


def _some(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    if paths:
        return paths
    if Path("routines").is_dir():
        return (Path("routines"),)
    raise click.UsageError("there is no folder routines/ here: name a routine, such as my-routine.yaml")


def _usual_folder() -> Path:
    """What is served where nothing is named."""
    return Path("site") if Path("site").is_dir() and not Path("routines").is_dir() else _some(())[0]


def _overrides(
    level: str | None,
    cues: str | None,
    day: int | None,
    fit: str | None,
    engine: str | None,
    variant: str | None = None,
    *,
    loudness_lufs: float | None = None,
    formats: tuple[FormatName, ...] | None = None,
) -> Overrides:
    from audiocoach.api import overrides

    fit_ms, wanted = None if fit is None else _duration_ms(fit), cast("LevelName | None", level)
    said = cast("EditionName | None", cues)
    return overrides(wanted, fit_ms, engine, said, day, variant, loudness_lufs, formats)


def _duration_ms(text: str) -> int:
    from audiocoach.routine.values import parse_ms

    duration_ms = parse_ms(text)
    if not duration_ms:
        hint = f": write {text}m" if text.isdecimal() and parse_ms(f"{text}m") else ""
        raise click.BadParameter(
            f"expected a duration such as 16m or 16:00, found {text!r}{hint}", param_hint="--fit"
        )
    return duration_ms


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 0 < int(first) <= int(last)):
        message = f"expected two numbers of lines such as 31-62, found {text!r}"
        raise click.BadParameter(message, param_hint="--lines")
    return int(first), int(last)


def _address(text: str) -> str:
    from audiocoach.routine.show import base_address

    address = base_address(text)
    if address is None:
        message = f"expected an address such as https://example.org/back/, found {text!r}"
        raise click.BadParameter(message, param_hint="--base-url")
    return address


def _page_address(text: str) -> str:
    from audiocoach.routine.show import page_address

    address = page_address(text)
    if address is None:
        message = f"expected an address such as https://example.org/back/knee.html, found {text!r}"
        raise click.BadParameter(message, param_hint="--link")
    return address


def main() -> NoReturn:
    """The program `audiocoach`: turns every ending into its exit status, and no traceback."""
    _open_missing_streams()
    status = _guarded(lambda: cli.main(standalone_mode=False))
    sys.exit(_flushed(status))


def _open_missing_streams() -> None:
    """A program may be started with its streams closed, as cron does: what it says then goes nowhere."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("r+", encoding="utf-8")  # noqa: SIM115 - open as long as the program
            setattr(sys, name, nowhere)


def _flushed(status: int) -> int:
    """The exit status once everything is written; 1 where the result could not be."""
    problem = _flush(sys.stdout)
    if problem:
        _say(f"the result could not be written: {problem}")
    return status or int(bool(_flush(sys.stderr) or problem))


def _flush(stream: TextIO) -> str:
    """Why a stream could not be written, or nothing."""
    try:
        stream.flush()
    except BrokenPipeError:
        _to_nowhere(stream)
    except OSError as error:
        _to_nowhere(stream)
        return error.strerror or "unknown reason"
    return ""


def _to_nowhere(stream: TextIO) -> None:
    """Whoever read us has gone, or has no room: nothing more may be written, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _guarded(run: Callable[[], object]) -> int:
    """Run a command; whatever ends it becomes an exit status."""
    try:
        _listen_for_ends()
        run()
    except SystemExit:
        # So click ends where a pipe is closed.
        return _ending(BrokenPipeError())
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - told in one line below
        return _ending(error)
    return 0


def _ending(error: BaseException) -> int:
    """Say what ended a command, and with which status."""
    match error:
        case AudiocoachError():
            _say(str(error))
            return error.exit_status
        case click.exceptions.Exit():
            return error.exit_code
        case click.ClickException():
            with contextlib.suppress(OSError):
                error.show()
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            _ignore_signals()
            _say("interrupted")
            return _INTERRUPTED
        case BrokenPipeError():
            _to_nowhere(sys.stdout)
            return 0
        case _:
            return _unforeseen(error)


def _unforeseen(error: BaseException) -> int:
    """A stream that takes nothing, or a defect of ours."""
    if is_for_want_of_memory(error):
        _say(NO_MEMORY)
    elif isinstance(error, FileNotFoundError) and not _is_somewhere():
        _say("the folder that you are in is gone: change to another one")
    elif isinstance(error, OSError) and error.filename is None and error.errno in _NO_ROOM:
        _to_nowhere(sys.stdout)
        _say(f"the result could not be written: {error.strerror}")
    else:
        _say(f"audiocoach: {internal(error)}")
    return 1


def _is_somewhere() -> bool:
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _say(message: str) -> None:
    """One message on standard error, if it takes one."""
    with contextlib.suppress(OSError):
        click.echo(message, err=True)


def _ignore_signals() -> None:
    from audiocoach.workers.stop import endings

    for number in endings():
        signal.signal(number, signal.SIG_IGN)


def _listen_for_ends() -> None:
    """SIGTERM and a closed terminal end the program as Ctrl-C does, so that temporary files go either way."""
    from audiocoach.workers.stop import endings

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    # Ctrl-C raises by itself, unless whoever started the program has it ignored.
    for number in endings():
        if number is not signal.SIGINT:
            signal.signal(number, stop)
