"""How many of our modules one YAML line passes on its way to an MP3: `python -m tests.bench.modules`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT

# Imported by the interpreter, and so known to all its forks: each module that is loaded, each of which a
# function is called, and each of which one is handed the line's own word or hands it on, is a line, process
# by process.
_SITE = """
import os, sys, threading
seen = set()
is_looking = False
def write(what, name):
    with open({log!r}, "a") as file:
        file.write(f"{{os.getpid()}} {{what}} {{name}}\\n")
def note(event, arguments):
    if event == "import" and arguments[0].partition(".")[0] == "audiocoach":
        write("loads", arguments[0])
def once(what, name):
    if (what, name) not in seen:
        seen.add((what, name))
        write(what, name)
def has_word(value):
    try:
        return {word!r}.encode() in value if isinstance(value, bytes) else {word!r} in repr(value)
    except Exception:
        return False
def follow(frame, event, argument):
    global is_looking
    name = frame.f_globals.get("__name__", "")
    if is_looking or event not in ("call", "return") or not name.startswith("audiocoach."):
        return
    if event == "call" and frame.f_code.co_name[0] != "<":
        once("calls", name)
    if ("carries", name) in seen:
        return
    is_looking = True
    if any(map(has_word, list(frame.f_locals.values()) if event == "call" else (argument,))):
        once("carries", name)
    is_looking = False
sys.addaudithook(note)
sys.setprofile(follow)
threading.setprofile(follow)
"""
_WORD = "Quokka"
_ROUTINE = f"title: Hello\nvoice: {{engine: silent}}\nsession: [{{say: {_WORD}.}}]\n"


def count(routine: str = _ROUTINE) -> dict[str, set[str]]:
    """By `loads`, `calls` and `carries`: the modules that a cold build loads, and those of which it calls a
    function; and those through whose hands the line's word goes: an argument or a result has it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sitecustomize.py").write_text(_SITE.format(log=str(folder / "log"), word=_WORD), "utf-8")
        (folder / "hello.yaml").write_text(routine, "utf-8")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
        command = [sys.executable, "-m", "audiocoach", "build", "hello.yaml", "-o", "out", "--cache", "cache"]
        with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as process:
            assert process.wait(60) == 0
        rows = [line.split() for line in (folder / "log").read_text("utf-8").splitlines()]
    modules: dict[str, set[str]] = {}
    for process_id, what, module in rows:
        where = "the process that leads" if int(process_id) == process.pid else "the others"
        modules.setdefault(f"{where} {what}", set()).add(module)
        modules.setdefault(f"all of them {what}", set()).add(module)
    return modules


if __name__ == "__main__":
    for title, names in sorted(count().items()):
        sys.stdout.write(f"{title} {len(names)}:\n  " + "\n  ".join(sorted(names)) + "\n")
