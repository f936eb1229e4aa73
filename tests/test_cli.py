"""The program from the shell: what it prints where, and how it ends."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import pytest

from audiocoach.cli import cli, main
from audiocoach.commands import report
from audiocoach.publish.preview import SHAPES
from audiocoach.store.place import MANIFEST
from tests.builds import files_of
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Program = Callable[..., subprocess.CompletedProcess[str]]

SQUATS = """\
title: Ten squats
voice: {engine: silent}
moves:
  squat: {name: Squat, setup: Stand tall.}
session:
  - {do: squat, reps: 10}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def tree(folder: Path) -> list[str]:
    """Every file but the manifest and the report, which are the folder's own."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(str(path) for path in found if path.name not in {MANIFEST, report.REPORT})


def test_build_writes_the_mp3_and_its_timeline_and_prints_the_table_alone(
    audiocoach: Program, tmp_path: Path
) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    done = audiocoach("build", "squats.yaml", "--cache", "cache")
    assert done.returncode == 0
    assert tree(tmp_path / "out") == files_of("squats")
    head, row, total = done.stdout.splitlines()
    assert head.split() == [
        "routine",
        "length",
        "phrases",
        "new",
        "reused",
        "size",
        "LUFS",
        "dBTP",
        "time",
        "file",
    ]
    assert row.split()[0] == "squats"
    assert total.startswith("1 routine built, ")
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["speech", "sound", "files", "spoken"]


def test_build_without_paths_builds_the_folder_routines(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "routines/a.yaml", SQUATS)
    write(tmp_path, "routines/b.yaml", SQUATS.replace("Ten", "Other"))
    assert audiocoach("build", "--cache", "cache").returncode == 0
    assert tree(tmp_path / "out") == files_of("a", "b")


def test_without_a_folder_routines_a_routine_must_be_named(audiocoach: Program) -> None:
    done = audiocoach("build")
    assert done.returncode == 2
    assert "name a routine, such as my-routine.yaml" in done.stderr


def test_a_bad_routine_is_said_and_the_others_are_built(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "good.yaml", SQUATS)
    write(tmp_path, "bad.yaml", SQUATS.replace("reps: 10", "reps: ten"))
    done = audiocoach("build", "bad.yaml", "good.yaml", "missing.yaml", "--cache", "cache")
    assert done.returncode == 2
    assert "bad.yaml:6:23: expected a whole number" in done.stderr
    assert "missing.yaml:1:1: cannot be read: No such file or directory" in done.stderr
    assert tree(tmp_path / "out") == files_of("good")


def test_what_never_ends_is_no_routine_and_the_others_are_built(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "in/good.yaml", SQUATS)
    os.mkfifo(tmp_path / "in" / "pipe.yaml")
    (tmp_path / "in" / "zero.yaml").symlink_to("/dev/zero")
    # It has a writer, who has nothing to say yet.
    writer = os.open(tmp_path / "in" / "pipe.yaml", os.O_RDWR)
    done = audiocoach("build", "in", "--cache", "cache", timeout=60)
    os.close(writer)
    assert done.stderr.splitlines()[-2:] == [
        "in/pipe.yaml:1:1: expected a YAML file, found something that is no regular file",
        "in/zero.yaml:1:1: this is a link that leads out of its folder: put the file itself there",
    ]
    assert (done.returncode, tree(tmp_path / "out")) == (2, files_of("good"))


@pytest.mark.parametrize("switch", ["crash", "no-file", "empty", "truncated", "silent", "bad-header"])
def test_a_voice_that_fails_is_said_with_its_line_and_the_others_are_built(
    audiocoach: Program, tmp_path: Path, switch: str
) -> None:
    write(tmp_path, "good.yaml", SQUATS)
    write(tmp_path, "bad.yaml", SQUATS.replace("silent", f"fake, name: {switch}@tall"))
    done = audiocoach("build", "bad.yaml", "good.yaml", "--cache", "cache")
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if "bad.yaml" in line]
    assert line.startswith("bad.yaml:4:31: ")
    assert "Traceback" not in done.stderr
    assert tree(tmp_path / "out") == files_of("good")


@pytest.mark.parametrize(
    ("voice", "expected"),
    [
        ("engine: silnt", "there is no engine 'silnt': did you mean silent?"),
        ("engine: pyttsx3, name: en-uz", "en-us"),
    ],
)
def test_an_unknown_voice_is_bad_input_with_near_names(
    audiocoach: Program, tmp_path: Path, voice: str, expected: str
) -> None:
    write(tmp_path, "a.yaml", SQUATS.replace("engine: silent", voice))
    done = audiocoach("build", "a.yaml", "--cache", "cache")
    assert done.returncode == 2
    assert expected in done.stderr
    assert done.stderr.splitlines()[-1].startswith("a.yaml:2:")


NOT_BUILT = {
    "an empty folder": ("build", "--json", "empty"),
    "an output that is no folder": ("build", "--json", "squats.yaml", "-o", "squats.yaml"),
    "a cluster that is none": ("build", "--json", "squats.yaml", "--cluster", "10.0.0.1:1"),
    "an output that is none": ("verify", "--json", "empty"),
}


@pytest.mark.parametrize("arguments", NOT_BUILT.values(), ids=NOT_BUILT)
def test_programs_get_json_where_nothing_could_be_done(
    audiocoach: Program, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path, "squats.yaml", SQUATS)
    done = audiocoach(*arguments)
    said = json.loads(done.stdout)
    places = [one["path"] for one in said["problems"]]
    lines = [f"{place}: " if place else "" for place in places]
    messages = [line + one["message"] for line, one in zip(lines, said["problems"], strict=True)]
    assert (said["routines"], messages) == ([], done.stderr.splitlines())
    assert done.returncode


def test_files_that_went_with_their_routines_are_told(audiocoach: Program, tmp_path: Path) -> None:
    squats = write(tmp_path, "routines/squats.yaml", SQUATS)
    write(tmp_path, "routines/more.yaml", SQUATS)
    audiocoach("build")
    squats.unlink()
    done = audiocoach("build", "--json")
    assert json.loads(done.stdout)["removed"] == ["squats"]
    assert done.stderr == "squats: no routine or variant makes it any more: its files are gone\n"
    assert not (tmp_path / "out" / "squats.mp3").exists()


def test_a_routine_does_not_take_the_place_of_another_that_is_still_there(
    audiocoach: Program, tmp_path: Path
) -> None:
    write(tmp_path, "mine/squats.yaml", SQUATS)
    yours = write(tmp_path, "yours/squats.yaml", SQUATS.replace("Ten", "Your"))
    audiocoach("build", "mine")
    mp3 = (tmp_path / "out" / "squats.mp3").read_bytes()
    done = audiocoach("build", "yours")
    assert done.returncode == 2
    assert "out/squats.mp3 was built from mine/squats.yaml, which is still there" in done.stderr
    assert (tmp_path / "out" / "squats.mp3").read_bytes() == mp3
    (tmp_path / "link").symlink_to("mine")
    assert audiocoach("build", "link").returncode == 0
    assert audiocoach("build", "yours", "--force").returncode == 0
    yours.unlink()
    assert audiocoach("build", "mine").returncode == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("x", "X"), ("stra\u00dfe", "STRASSE"), ("caf\u00e9", "cafe\u0301"), ("caf\u00e9", "CAFE\u0301")],
    ids=["case", "sharp s", "composed", "both"],
)
def test_two_routines_may_not_write_one_file(
    audiocoach: Program, tmp_path: Path, one: str, other: str
) -> None:
    write(tmp_path, f"a/{one}.yaml", SQUATS)
    write(tmp_path, f"b/{other}.yaml", SQUATS)
    done = audiocoach("build", f"a/{one}.yaml", f"b/{other}.yaml", "--cache", "cache")
    assert done.returncode == 2
    assert f"b/{other}.yaml:1:1: both this routine and a/{one}.yaml would be written to" in done.stderr
    assert tree(tmp_path / "out") == files_of(one)


def test_preview_prints_the_timeline_that_build_writes(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    audiocoach("build", "squats.yaml", "--cache", "cache", check=True)
    printed = audiocoach("preview", "squats.yaml", "--format", "json", "--cache", "other").stdout
    assert printed == (tmp_path / "out" / "squats.timeline.json").read_text("utf-8")
    assert json.loads(printed)["title"] == "Ten squats"


STARTS = {
    "text": "Ten squats  ",
    "markdown": "# Ten squats\n",
    "json": '{\n "version": 3,\n "title": "Ten squats"',
    "csv": "start,start_ms,",
    "vtt": "WEBVTT\n",
    "srt": "1\n00:00:01,",
    "lrc": "[ti:Ten squats]\n",
    "svg": "<svg ",
}


def test_preview_has_every_shape() -> None:
    (option,) = (one for one in cli.commands["preview"].params if "--format" in one.opts)
    assert list(cast("click.Choice[str]", option.type).choices) == list(SHAPES) == list(STARTS)


@pytest.mark.parametrize(("shape", "start"), STARTS.items())
def test_preview_prints_the_script(audiocoach: Program, tmp_path: Path, shape: str, start: str) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    done = audiocoach("preview", "squats.yaml", "--format", shape, "--estimate")
    assert done.returncode == 0
    assert done.stdout.startswith(start)
    assert "Stand tall." in done.stdout
    assert done.stderr == ""


def test_preview_folds_repetitions_and_sums_up(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    script, full, short = (
        audiocoach("preview", "squats.yaml", "--estimate", *options, check=True).stdout
        for options in ((), ("--all",), ("--summary",))
    )
    assert script.startswith(short)
    assert full.startswith(short)
    assert "(reps 1 to 10, " in script
    assert "(reps" not in full
    assert len(full.splitlines()) > len(script.splitlines())


def test_preview_tells_what_an_edit_changes(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "old.yaml", SQUATS)
    write(tmp_path, "new.yaml", SQUATS.replace("Stand tall.", "Stand very tall."))
    done = audiocoach("preview", "new.yaml", "--diff", "old.yaml", "--estimate", check=True)
    lines = [line.strip().split("  ", 1)[-1] for line in done.stdout.splitlines()]
    assert "- Stand tall." in lines
    assert "+ Stand very tall." in lines
    missing = audiocoach("preview", "new.yaml", "--diff", "none.yaml", "--estimate")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("none.yaml")


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--summary", "--all"), "--summary and --all do not go together: keep one"),
        (("--all", "--diff", "squats.yaml"), "--all and --diff do not go together: keep one"),
        (("--all", "--format", "json"), "--all is for the formats text and markdown, found json"),
    ],
)
def test_what_preview_cannot_do_is_said(
    audiocoach: Program, tmp_path: Path, options: tuple[str, ...], why: str
) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    done = audiocoach("preview", "squats.yaml", "--estimate", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr


def test_a_glob_builds_the_routines_and_passes_over_their_show(audiocoach: Program, tmp_path: Path) -> None:
    with_show(tmp_path)
    named = sorted(str(path) for path in (tmp_path / "routines").glob("*.yaml"))
    assert len(named) == 2
    for command in ("build", "check"):
        assert audiocoach(command, *named, "--cache", "cache").returncode == 0
    assert tree(tmp_path / "out") == files_of("squats")
    alone = audiocoach("build", "routines/audiocoach.yaml", "--cache", "cache")
    assert alone.returncode == 2
    assert alone.stderr.startswith(
        "routines/audiocoach.yaml: this is no routine, it says what all are together"
    )


def test_preview_of_a_folder_prints_the_script_of_each_routine(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "routines/a.yaml", SQUATS)
    write(tmp_path, "routines/b.yaml", SQUATS.replace("Ten", "More"))
    write(tmp_path, "routines/c.yaml", SQUATS.replace("reps: 10", "reps: ten"))
    done = audiocoach("preview", "routines", "--estimate")
    assert done.returncode == 2
    titles = [line.split("  ")[0] for line in done.stdout.splitlines() if " squats  " in line]
    assert titles == ["Ten squats", "More squats"]
    assert done.stderr.startswith("routines/c.yaml:6:23: expected a whole number")
    refused = audiocoach("preview", "routines", "--format", "csv", "--estimate")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("routines: there are 3 routines in this folder, and csv is for one: ")
    for name in ("b", "c"):
        (tmp_path / "routines" / f"{name}.yaml").unlink()
    alone = audiocoach("preview", "routines", "--format", "json", "--estimate", check=True)
    assert json.loads(alone.stdout)["title"] == "Ten squats"


SHOW = "title: Back\nauthor: Jo Doe\ndescription: At home.\n"
ADDRESS = ("--base-url", "https://example.org/back")


def with_show(folder: Path, text: str = SHOW) -> None:
    write(folder, "routines/squats.yaml", SQUATS)
    write(folder, "routines/audiocoach.yaml", text)


def test_feed_publishes_the_folder_routines_and_prints_where(audiocoach: Program, tmp_path: Path) -> None:
    with_show(tmp_path)
    done = audiocoach("feed", *ADDRESS, "--cache", "cache")
    assert (done.returncode, done.stdout) == (
        0,
        "site: 1 episode, 19 files written, 0 removed\nhttps://example.org/back/feed.xml\n",
    )
    assert [line.split()[0] for line in done.stderr.splitlines()] == ["speech", "sound", "files", "spoken"]
    assert (tmp_path / "out" / "squats.mp3").exists()
    assert (tmp_path / "routines" / "audiocoach.state.json").exists()
    again = audiocoach("feed", *ADDRESS, "--cache", "cache")
    assert (again.stdout.splitlines()[0], again.stderr) == ("site: 1 episode, 0 files written, 0 removed", "")


def test_feed_says_everything_that_does_not_fit_and_publishes_nothing(
    audiocoach: Program, tmp_path: Path
) -> None:
    with_show(tmp_path, f"{SHOW}order: [squat]\nlanguage: english\n")
    done = audiocoach("feed", *ADDRESS, "--cache", "cache")
    assert done.returncode == 2
    assert [line.split(" ")[0] for line in done.stderr.splitlines()] == [
        "routines/audiocoach.yaml:4:9:",
        "routines/audiocoach.yaml:5:11:",
    ]
    assert not (tmp_path / "site").exists()


def test_feed_tells_which_files_went_with_their_routine(audiocoach: Program, tmp_path: Path) -> None:
    with_show(tmp_path)
    more = write(tmp_path, "routines/more.yaml", SQUATS)
    audiocoach("feed", *ADDRESS, "--cache", "cache")
    more.unlink()
    done = audiocoach("feed", *ADDRESS, "--cache", "cache")
    assert done.stderr == "more: no routine or variant makes it any more: its files are gone\n"
    assert done.stdout.startswith("site: 1 episode, ")


def test_feed_builds_nothing_that_build_has_built(audiocoach: Program, tmp_path: Path) -> None:
    with_show(tmp_path)
    assert audiocoach("build", "--cache", "cache").returncode == 0
    done = audiocoach("feed", *ADDRESS, "-o", "public", "--cache", "cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "public" / "feed.xml").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--base-url", "example.org"), "expected an address such as https://example.org/back/"),
        ((), '"base_url" is missing'),
        (
            ("nowhere", *ADDRESS),
            "nowhere: there is nothing of this name: expected a folder with routines and audiocoach.yaml",
        ),
        ((*ADDRESS, "-o", "out"), "each need a folder of their own"),
    ],
)
def test_feed_refuses_what_it_cannot_use(
    audiocoach: Program, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    with_show(tmp_path)
    done = audiocoach("feed", *options, "--cache", "cache")
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "site").exists()


def test_a_second_show_whose_routines_have_the_same_names_just_works(
    audiocoach: Program, tmp_path: Path
) -> None:
    for name in ("anna", "ben"):
        write(tmp_path, f"{name}/day-1.yaml", SQUATS.replace("Ten", name.title()))
        write(tmp_path, f"{name}/audiocoach.yaml", SHOW)
    sites = [
        audiocoach("feed", name, "-o", f"site/{name}", *ADDRESS, "--cache", "cache")
        for name in ("anna", "ben", "anna")
    ]
    assert [(site.returncode, site.stdout.split(":")[0]) for site in sites] == [
        (0, "site/anna"), (0, "site/ben"), (0, "site/anna"),
    ]  # fmt: skip
    assert "0 files written" in sites[2].stdout
    assert sites[2].stderr == ""
    assert "Ben squats" in (tmp_path / "site" / "ben" / "feed.xml").read_text("utf-8")


def test_one_show_never_takes_the_place_of_another(audiocoach: Program, tmp_path: Path) -> None:
    for name in ("anna", "ben"):
        write(tmp_path, f"{name}/day-1.yaml", SQUATS.replace("Ten", name.title()))
        write(tmp_path, f"{name}/audiocoach.yaml", SHOW)
        address = ("--base-url", f"https://example.org/{name}/")
        assert audiocoach("feed", name, "-o", f"site/{name}", *address, "--cache", "cache").returncode == 0
    before = (tmp_path / "site" / "anna" / "feed.xml").read_bytes()
    slip = audiocoach("feed", "ben", "-o", "site/anna", *ADDRESS, "--cache", "cache")
    assert slip.returncode == 2
    assert slip.stderr.endswith("is another show's: publish into another folder with -o\n")
    assert (tmp_path / "site" / "anna" / "feed.xml").read_bytes() == before


def test_what_would_be_built_in_one_place_says_what_the_command_can_do(
    audiocoach: Program, tmp_path: Path
) -> None:
    for name in ("anna", "ben"):
        write(tmp_path, f"{name}/day-1.yaml", SQUATS)
        write(tmp_path, f"{name}/audiocoach.yaml", SHOW)
    both = audiocoach("build", "anna", "ben", "--cache", "cache")
    assert both.stderr.endswith("rename one, or build each folder by itself with -o, such as -o out/ben\n")
    assert audiocoach("build", "ben", "-o", "out/ben", "--cache", "cache").returncode == 0
    named = ("--build", "out", "--cache", "cache")
    refused = audiocoach("feed", "ben", "-o", "site/ben", *ADDRESS, *named)
    assert refused.returncode == 2
    assert refused.stderr.endswith("which is still there: rename one, or name another folder with --build\n")


# Which commands can say what stands in this function.
ADVISED_BY = {
    ("commands/ask.py", "Chat"): ("import",),
    ("commands/bring_in.py", "import_file"): ("import",),
    ("commands/play.py", "place_of"): ("play",),
    ("commands/record_import.py", "_report"): ("record-import",),
    ("commands/use.py", "_own_language"): ("voices",),
    ("commands/voices.py", "_summaries"): ("voices",),
    ("making/speech.py", "_lacking"): ("record-sheet",),
    ("routine/form.py", "meant"): ("build", "feed"),
    ("serve/address.py", "lan_address"): ("serve",),
    ("serve/address.py", "listen_on"): ("serve",),
    ("workers/jobs.py", "_by_itself"): ("build",),
    ("store/options.py", "BuildOptions"): ("build",),
    ("voice/engines/recorded.py", "RecordedEngine"): ("record-sheet",),
    ("workers/podcast.py", "prepare"): ("feed", "serve"),
    ("workers/podcast.py", "_address"): ("feed",),
    ("workers/podcast.py", "_known"): ("feed",),
    ("workers/podcast.py", "_refuse_another_show"): ("feed",),
}


# What stands here is the command line of another program.
OF_OTHERS = {("voice/engines/hibari.py", "_remedy"), ("voice/engines/hibari.py", "_damaged")}


def advice() -> Iterator[tuple[str, str, str]]:
    """Every option that a message names: the file, the outermost function or class, and the option."""
    package = ROOT / "audiocoach"
    for path in sorted(package.rglob("*.py")):
        if path.name == "cli.py":
            continue
        for top in ast.parse(path.read_text("utf-8")).body:
            comments = {node.value for node in ast.walk(top) if isinstance(node, ast.Expr)}
            for node in ast.walk(top):
                if not isinstance(node, ast.Constant) or node in comments:
                    continue
                text = str(node.value).replace("python -m", "").replace(" -m pip", "")
                # What has no space is an argument that a program is started with.
                if " " in text:
                    for option in re.findall(r"(?<![\w\"?-])(?:--[a-z][a-z-]+|-[a-z])(?![\w-])", text):
                        place = path.relative_to(package).as_posix(), getattr(top, "name", "")
                        if place not in OF_OTHERS:
                            yield *place, option


def test_no_message_advises_an_option_that_the_command_does_not_have() -> None:
    options = {
        name: {flag for parameter in command.params for flag in parameter.opts}
        for name, command in cli.commands.items()
    }
    named = list(advice())
    assert len(named) > 5
    assert {(file, function) for file, function, _ in named} >= set(ADVISED_BY)
    for file, function, option in named:
        who = ADVISED_BY.get((file, function))
        assert who, f"{file}: {function} names {option}: say in ADVISED_BY which commands say that"
        for command in who:
            assert option in options[command], f"{file}: {function}: `{command}` has no {option}"


def test_check_says_all_problems_of_all_routines(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", SQUATS.replace("reps: 10", "rep: 10, sides: up"))
    write(tmp_path, "b.yaml", SQUATS + "  - {do: squt, for: 10}\n")
    done = audiocoach("check", "a.yaml", "b.yaml")
    assert done.returncode == 2
    assert [line.split(" ")[0] for line in done.stderr.splitlines()] == [
        *("a.yaml:6:17:", "a.yaml:6:33:", "b.yaml:7:10:", "b.yaml:7:21:"),
    ]
    assert 'unknown field "rep" in do; did you mean "reps"?' in done.stderr
    assert 'unknown move "squt"; did you mean "squat"?' in done.stderr


def test_check_gives_programs_every_problem_as_a_record(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", SQUATS.replace("reps: 10", "rep: 10"))
    write(tmp_path, "b.yaml", SQUATS.replace("reps: 10", "reps: 9, sides: alternate"))
    (tmp_path / "empty").mkdir()
    done = audiocoach("check", "a.yaml", "b.yaml", "--json")
    assert done.returncode == 2
    unknown, advice, note = json.loads(done.stdout)["problems"]
    assert (advice["path"], advice["code"]) == ("b.yaml", "missing-safety")
    assert unknown == {
        "path": "a.yaml",
        "line": 6,
        "column": 17,
        "end": {"line": 6, "column": 20},
        "severity": "error",
        "code": "unknown-field",
        "message": 'unknown field "rep" in do; did you mean "reps"?',
        "fix": "reps",
    }
    assert (note["path"], note["severity"], note["fix"]) == ("b.yaml", "note", None)
    (empty,) = json.loads(audiocoach("check", "empty", "--json").stdout)["problems"]
    assert (empty["path"], empty["line"], empty["column"], empty["code"]) == (
        "empty", None, None, "empty-folder",
    )  # fmt: skip


def test_check_prints_notes_and_ends_well(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", SQUATS.replace("reps: 10", "reps: 9, sides: alternate"))
    done = audiocoach("check", "a.yaml")
    assert done.returncode == 0
    assert done.stdout == (
        "a.yaml:1:1: note: nobody says when to stop: add a line such as "
        "safety: Stop at once if anything feels sharp.\n"
        "a.yaml:6:17: note: 9 repetitions on alternating sides: 10, so that both do as many\n"
    )


def test_a_routine_may_come_from_standard_input(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    write(tmp_path, "moves/squat.yaml", "moves:\n  squat: {name: Squat, setup: Stand tall.}\n")
    included = "include: [moves/squat.yaml]\n"
    own = SQUATS.replace("moves:\n  squat: {name: Squat, setup: Stand tall.}\n", included)
    printed = audiocoach("preview", "-", "--estimate", text=own)
    assert printed.stdout == audiocoach("preview", "squats.yaml", "--estimate").stdout
    wrong = audiocoach("check", "-", text=SQUATS.replace("reps: 10", "reps: ten"))
    assert wrong.stderr.startswith("-:6:23: expected a whole number")
    done = audiocoach("build", "-", "--cache", "cache", text=own)
    assert (done.returncode, tree(tmp_path / "out")) == (0, files_of("stdin"))
    again = audiocoach("build", "-", "--cache", "cache", text=own)
    assert "1 routine, nothing to do" in again.stdout
    # What came from there is never gone: a later build leaves it.
    audiocoach("build", "squats.yaml", "--cache", "cache", check=True)
    assert tree(tmp_path / "out") == files_of("squats", "stdin")
    other = audiocoach("build", "-", "--cache", "cache", "-v", text=own.replace("Ten", "Some"))
    assert "stdin: - has changed" in other.stderr


def test_standard_input_stands_alone(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    done = audiocoach("build", "-", "squats.yaml", text=SQUATS)
    assert (done.returncode, done.stderr) == (
        2,
        "-: standard input is one routine: name no others beside it\n",
    )
    assert audiocoach("check", "-", text="").stderr == "-:1:1: the file is empty: expected a routine\n"


def test_level_and_fit_change_the_session(audiocoach: Program, tmp_path: Path) -> None:
    routine = SQUATS.replace("reps: 10", "for: 20-60s, sets: 3, rest: 30s")
    write(tmp_path, "a.yaml", routine)

    def work_ms(*options: str) -> tuple[int, list[int]]:
        printed = audiocoach("preview", "a.yaml", "--format", "json", "--estimate", *options).stdout
        timeline = json.loads(printed)
        return timeline["duration_ms"], [
            one["duration_ms"] for one in timeline["intervals"] if one["kind"] == "work"
        ]

    assert work_ms("--level", "gentle")[1] == [20_000] * 3
    assert work_ms("--level", "strong")[1] == [60_000] * 3
    # Ranges give before rests do.
    assert work_ms("--fit", "5m") == (300_000, [60_000] * 3)
    length_ms, works_ms = work_ms("--fit", "2m30s")
    assert length_ms == 150_000
    assert max(works_ms) < 40_000


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["preview", "a.yaml", "--fit", "20"], "such as 16m or 16:00, found '20': write 20m"),
        (["preview", "a.yaml", "--fit", "soon"], "expected a duration such as 16m or 16:00, found 'soon'"),
        (["preview", "a.yaml", "--fit", "10s"], "a.yaml:1:1: the session cannot be made to last 0:10"),
        (["preview", "a.yaml", "--fit", "5h"], "a.yaml:1:1: the session cannot be made to last 5:00:00"),
        (["build", "--jobs", "0", "a.yaml"], "--jobs"),
        (["bild"], "No such command 'bild'"),
        (["build", ""], "expected a path, such as routines, found an empty one"),
        (["build", "a.yaml", "-o", ""], "expected a path, such as routines, found an empty one"),
        (["check", "a.yaml", "--cache", ""], "expected a path, such as routines, found an empty one"),
        (["build", "a.yaml", "--cluster", ""], "expected an address, such as tls://10.0.0.5:8786, or local"),
        (["build", "empty"], "empty: there is no routine in this folder"),
    ],
)
def test_bad_usage_is_one_sentence_and_status_2(
    audiocoach: Program, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    write(tmp_path, "a.yaml", SQUATS)
    (tmp_path / "empty").mkdir()
    done = audiocoach(*arguments)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_cache_is_shown_pruned_verified_and_cleared(audiocoach: Program, tmp_path: Path) -> None:
    write(tmp_path, "squats.yaml", SQUATS)
    audiocoach("build", "squats.yaml", "--cache", "cache", check=True)

    def said(*arguments: str) -> str:
        return audiocoach("cache", "--cache", "cache", *arguments, check=True).stdout

    count = len(tree(tmp_path / "cache"))
    assert said().startswith(f"{count} entries (")
    assert said() == said("show")
    assert said("verify").startswith(f"{count} entries (")
    assert said("verify").endswith("whole, removed 0 entries (0.0 MB) damaged\n")
    assert said("prune", "--limit", "100") == "removed 0 entries (0.0 MB)\n"
    assert said("clear").startswith(f"removed {count} entries (")
    assert tree(tmp_path / "cache") == []


def test_a_closed_pipe_ends_quietly(tmp_path: Path) -> None:
    path = write(tmp_path, "squats.yaml", SQUATS)
    command = f"{sys.executable} -m audiocoach preview {path} --estimate | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stderr == ""


@pytest.fixture
def terminal() -> Iterator[None]:
    """As if nobody had started the tests with `nohup`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_build_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    for index in range(3):
        text = SQUATS.replace("engine: silent", "engine: fake, name: hang").replace("Ten", f"{index} times")
        write(tmp_path, f"{index}.yaml", text)
    command = [sys.executable, "-m", "audiocoach", "build", *map(str, sorted(tmp_path.glob("*.yaml")))]
    command += ["-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "AUDIOCOACH_STOP_TEST": str(tmp_path)}
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    # The speech process has made its private folder: speech is under way, and hangs.
    while not list((tmp_path / "tmp").iterdir()) and process.poll() is None:
        os.sched_yield()
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "interrupted"
    assert "Traceback" not in said
    assert tree(tmp_path / "out") == []
    assert tree(tmp_path / "tmp") == []
    assert processes_with("AUDIOCOACH_STOP_TEST", str(tmp_path)) == []


def processes_with(name: str, value: str) -> list[str]:
    """Running processes whose environment says so."""
    wanted = f"{name}={value}\0".encode()
    others = [
        entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and entry.name != str(os.getpid())
    ]
    return [entry.name for entry in others if wanted in _environment(entry)]


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes() + b"\0"
    except OSError:
        return b""


def commands() -> list[str]:
    return sorted(cli.commands)


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_and_is_documented(audiocoach: Program, name: str) -> None:
    done = audiocoach(name, "--help")
    assert done.returncode == 0
    command: Any = cli.commands[name]
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert f"## `audiocoach {name}" in page
    for parameter in command.params:
        for flag in parameter.opts:
            assert not flag.startswith("--") or flag in page, flag


def test_a_defect_of_ours_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(cli, "main", broken)
    with pytest.raises(SystemExit) as ending:
        main()
    assert ending.value.code == 1
    assert capsys.readouterr().err.startswith("audiocoach: internal error: KeyError: 'x' at test_cli.py:")


def test_the_line_of_the_readme_has_a_shell_complete_what_is_typed() -> None:
    (line,) = [row for row in (ROOT / "README.md").read_text("utf-8").splitlines() if row.startswith("eval ")]
    typed = "COMP_WORDS=(audiocoach pre) COMP_CWORD=1"
    script = f"{line}\n{typed}\n_audiocoach_completion audiocoach\necho $COMPREPLY"
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "preview\n"


@pytest.mark.parametrize(
    ("command", "typed", "completed"),
    [
        ("get", "de_DE-thorsten-m", "de_DE-thorsten-medium"),
        ("use", "pyttsx3/en-gb-sc", "pyttsx3/en-gb-scotland"),
    ],
)
def test_a_shell_completes_the_names_of_voices(command: str, typed: str, completed: str) -> None:
    environment = {
        **os.environ,
        "_AUDIOCOACH_COMPLETE": "bash_complete",
        "COMP_WORDS": f"audiocoach voices {command} {typed}",
        "COMP_CWORD": "3",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(["audiocoach"], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == f"plain,{completed}\n"


def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f"cd gone && rmdir ../gone && {sys.executable} -m audiocoach build squats.yaml"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    assert done.returncode == 1
    assert done.stderr == "the folder that you are in is gone: change to another one\n"


def test_too_little_memory_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def greedy(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(cli, "main", greedy)
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err == "there is not enough memory\n"


def test_help_loads_neither_yaml_nor_sound() -> None:
    code = (
        "import sys, audiocoach.cli; print([m for m in ('yaml', 'av', 'pydub', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"


def test_a_note_of_a_librarys_line_is_told_once_with_whose_it_is(audiocoach: Program, tmp_path: Path) -> None:
    bend = "bend: {name: Bend, setup: Kneel., reps: 9, sides: alternate}"
    write(tmp_path, "moves/knee.yaml", f"moves:\n  {bend}\n")
    for name in ("a", "b", "c"):
        session = "safety: Stop at a pain.\nsession: [{do: bend}]\n"
        write(tmp_path, f"{name}.yaml", f"title: {name}\ninclude: [moves/knee.yaml]\n{session}")
    done = audiocoach("check", "a.yaml", "b.yaml", "c.yaml")
    (line,) = done.stdout.splitlines()
    assert line.startswith("moves/knee.yaml:2:")
    assert line.endswith("(in a.yaml and 2 more)")


def test_schema_prints_what_may_be_written(audiocoach: Program) -> None:
    assert json.loads(audiocoach("schema").stdout)["required"] == ["title", "session"]
    assert json.loads(audiocoach("schema", "show").stdout)["title"] == "audiocoach: a show"
    assert audiocoach("schema", "shows").returncode == 2
