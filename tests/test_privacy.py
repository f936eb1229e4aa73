"""Nothing leaves the machine: a build opens no socket, and writes into its cache and its output alone.

The variable `CI` is not set here: some libraries are silent where it is.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.decoders import lacks, need

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUTINE = """\
title: Squats
voice: {{engine: {engine}}}
moves:
  squat: {{name: Squat, setup: Stand tall.}}
session:
  - {{do: squat, reps: 3}}
"""
# What writes, and what connects: a pair of sockets of our own processes is neither.
CALLS = (
    "trace=socket,connect,bind,open,openat,creat,mkdir,mkdirat,link,linkat,"
    "symlink,symlinkat,rename,renameat,renameat2,memfd_create"
)
WRITES = re.compile(r"\b(?:O_WRONLY|O_RDWR|O_CREAT)\b|\b(?:creat|mkdir|(?:sym)?link|rename)(?:at2?)?\(")
CONNECTS = re.compile(r"\b(?:socket|connect|bind)\(")
# A file that lies in memory alone has no place, and is written to by its number, in the process that made it.
# What another process interrupted in the log is told in two lines.
IN_MEMORY = re.compile(r"^(\d+) (?:memfd_create\(|<\.\.\. memfd_create resumed>).* = (\d+)$", re.MULTILINE)
PATHS = re.compile(r'"((?:[^"\\]|\\.)*)"')
HOOK = """
import os, sys

def note(event, given):
    writes = event == "open" and isinstance(given[0], (str, bytes)) and given[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in {"os.mkdir", "os.rename", "socket.connect", "socket.bind"}:
        with os.fdopen(os.open(os.environ["NOTED"], os.O_APPEND | os.O_WRONLY), "a") as file:
            file.write(f'{event.replace("socket.", "")}( O_CREAT "{given[0]}"\\n')

noted = []
sys.addaudithook(lambda event, given: noted or (noted.append(1), note(event, given), noted.clear()))
"""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A user's, with a home of its own and no `CI`."""
    for name in ("home", "temporary"):
        (folder / name).mkdir()
    own = {key: value for key, value in os.environ.items() if key not in {"CI", "XDG_CACHE_HOME"}}
    places = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary")}
    return {**own, **places, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT), **more}


def build(folder: Path, before: Sequence[str], engine: str, **more: str) -> None:
    """Build a routine in a folder; what stands before the command watches it."""
    (folder / "squats.yaml").write_text(ROUTINE.format(engine=engine), encoding="utf-8")
    command = [*before, sys.executable, "-m", "audiocoach", "build", "squats.yaml", "-o", "out"]
    subprocess.run(
        [*command, "--cache", "cache"],
        cwd=folder, check=True, capture_output=True, timeout=300, env=environment(folder, **more),
    )  # fmt: skip


def outside(log: str, folder: Path) -> list[str]:
    """The lines that connect, or write elsewhere than in these folders."""
    places = tuple(f"{folder / name}{os.sep}" for name in ("cache", "out", "temporary"))
    memory = {(process, f"/proc/self/fd/{number}") for process, number in IN_MEMORY.findall(log)}
    found = []
    for line in log.splitlines():
        paths = [str(folder / path) for path in PATHS.findall(line)]
        nowhere = {path for process, path in memory if line.startswith(f"{process} ")} | {os.devnull}
        elsewhere = [path for path in paths if not f"{path}/".startswith(places) and path not in nowhere]
        if CONNECTS.search(line) or (WRITES.search(line) and elsewhere and "ENOENT" not in line):
            found.append(line)
    return found


def no_network() -> list[str]:
    """The command before a command that leaves it no network, where that can be had."""
    tried = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    return [] if tried.returncode else ["unshare", "-rn"]


@pytest.mark.parametrize("engine", ["hibari", "pyttsx3"])
def test_a_build_connects_to_nobody_and_writes_nowhere_else(engine: str, tmp_path: Path) -> None:
    if sys.platform != "linux":
        lacks("strace is a program of Linux")
    log = tmp_path / "log"
    watch = [*no_network(), need("strace"), "-f", "-qq", "-s", "4096", "-e", CALLS, "-o", str(log)]
    build(tmp_path, watch, engine)
    text = log.read_text(encoding="utf-8", errors="replace")
    assert "squats.mp3" in text
    assert outside(text, tmp_path) == []
    # What was written for a moment has gone.
    assert sorted(path.name for path in (tmp_path / "temporary").iterdir()) == []
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == []


def test_a_build_does_so_by_its_own_word_as_well(tmp_path: Path) -> None:
    hook, log = tmp_path / "hook", tmp_path / "log"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    log.touch()
    build(tmp_path, (), "hibari", PYTHONPATH=f"{hook}{os.pathsep}{ROOT}", NOTED=str(log))
    text = log.read_text(encoding="utf-8")
    assert "squats.mp3" in text
    assert outside(text, tmp_path) == []


@pytest.mark.parametrize(
    ("line", "is_outside"),
    [
        ('7 openat(AT_FDCWD, "out/squats.mp3", O_RDWR|O_CREAT, 0666) = 3', False),
        ('7 openat(AT_FDCWD, "/home/me/.id", O_RDWR|O_CREAT, 0666) = 3', True),
        ('7 openat(AT_FDCWD, "/home/me/.id", O_RDONLY) = 3', False),
        ('7 mkdir("/home/me/.cache", 0777) = 0', True),
        ("7 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3", True),
        ("7 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0", False),
        ('7 openat(AT_FDCWD, "/dev/null", O_RDWR) = 3', False),
        ('7 memfd_create("a", 0) = 5\n7 openat(AT_FDCWD, "/proc/self/fd/5", O_WRONLY|O_CREAT) = 6', False),
        ('7 <... memfd_create resumed>) = 5\n7 openat(AT_FDCWD, "/proc/self/fd/5", O_WRONLY) = 6', False),
        ('7 memfd_create("a", 0) = 5\n8 openat(AT_FDCWD, "/proc/self/fd/5", O_WRONLY|O_CREAT) = 6', True),
    ],
)
def test_the_judge_knows_what_is_outside(line: str, *, is_outside: bool) -> None:
    assert bool(outside(line, Path("/here"))) is is_outside
