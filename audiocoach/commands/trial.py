"""What `doctor` tries for real: whether libraries load, whether a voice speaks, whether a session is built.

Each answers with what went wrong, `""` where nothing did. Libraries and voices are tried in processes of
their own, which may crash.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from audiocoach.errors import AudiocoachError
from audiocoach.start import start
from audiocoach.voice.engines import limits_of
from audiocoach.voice.process.host import EngineProcess
from audiocoach.voice.studio import FORKS
from audiocoach.voice.take import read_take

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.routine.voice import Voice

_PATIENCE_S = 120
_TEXT = "One, two, three."
_ROUTINE = """\
title: Trial
voice: {engine: silent}
moves:
  squat: {name: Squat, setup: Stand tall.}
session:
  - {do: squat, reps: 2}
"""


def load(modules: Sequence[str]) -> dict[str, str]:
    """What hinders each module from being imported; one that takes the process with it has crashed."""
    problems: dict[str, str] = {}
    # Two extras may want one library.
    left = list(dict.fromkeys(modules))
    while left:
        problems |= _loaded(left)
        left = [name for name in left if name not in problems]
        if left:
            problems[left.pop(0)] = "the process that loaded it crashed"
    return problems


def _loaded(modules: Sequence[str]) -> dict[str, str]:
    """As far as one process came."""
    # Some call a collector where nobody has told them not to.
    quiet = {**os.environ, "ORT_DISABLE_TELEMETRY": "1"}
    try:
        with (
            tempfile.TemporaryFile() as said,
            start(
                "audiocoach.commands.trial:tell_loaded",
                *modules,
                stdin=subprocess.DEVNULL,
                stdout=said.fileno(),
                stderr=subprocess.DEVNULL,
                env=quiet,
            ) as process,
        ):
            _wait(process)
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").splitlines()
    except OSError as error:
        return {modules[0]: str(error)}
    told = (line.partition(" ") for line in lines)
    return {name: problem for name, _, problem in told if name in modules}


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Until it ends; one that takes too long is ended."""
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()


def tell_loaded(*modules: str) -> None:
    """In a process of its own: import each module, and write a line with its name and what hinders it."""
    warnings.simplefilter("ignore")
    for name in modules:
        problem = ""
        try:
            importlib.import_module(name)
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is asked for
            problem = f"{type(error).__name__}: {error}".replace("\n", " ")
        sys.stdout.write(f"{name} {problem}\n")
        sys.stdout.flush()


def speak(voice: Voice) -> str:
    """Have a voice say three words in a speech process; its sound is checked and thrown away."""
    try:
        process = EngineProcess(limits_of(voice), forks=FORKS)
    except (AudiocoachError, OSError) as error:
        return str(error)
    try:
        process.set_up(voice)
        read_take(process.say(_TEXT), _TEXT, voice)
    except (AudiocoachError, OSError) as error:
        return str(error)
    finally:
        process.close()
    return ""


def build() -> str:
    """Build a session of two repetitions, with the voice for tests, in a folder that goes again."""
    from audiocoach import api  # noqa: PLC0415 - what is told first need not wait for it

    try:
        with tempfile.TemporaryDirectory(prefix="audiocoach-doctor-") as folder:
            done = api.build(api.load(_ROUTINE), Path(folder) / "out", cache=Path(folder) / "cache", jobs=1)
    except (AudiocoachError, OSError) as error:
        return str(error)
    return "; ".join(str(failed.error) for failed in done.failed)
