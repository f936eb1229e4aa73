"""Runs of the whole program on a stage of its own, with faults where a test wants them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conftest import ROOT
from tests.faulty import VARIABLE

if TYPE_CHECKING:
    from typing_extensions import Self

# Imported by every interpreter that a run starts, since it lies on its import path.
_SITE = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.faulty import install; install()"
HELLO = "title: Hello\nvoice: {engine: silent}\nsession:\n  - {say: Hello.}\n"
_PROGRESS = ("speech ", "sound ", "files ", "spoken by ")


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at which file operations, counted from 1: see `tests.faulty`."""

    action: str
    number: int
    last: int | None = None
    only: tuple[str, ...] | None = None

    @classmethod
    def once(cls, action: str, number: int) -> Fault:
        return cls(action, number, number)


COUNTED = Fault("none", 0)


@dataclass(frozen=True, slots=True)
class Operation:
    """One file operation that was counted."""

    name: str
    path: Path

    @property
    def writes_output(self) -> bool:
        """Whether it is a step of writing into an output folder."""
        writing = {"open to write", "write", "close", "fsync", "replace"}
        return self.name in writing and "out" in self.path.parts and self.path.suffix == ".part"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: a `status` below 0 is a signal; `left` processes did not end by themselves."""

    status: int
    out: str
    err: str
    left: int
    operations: tuple[Operation, ...]

    @property
    def problems(self) -> list[str]:
        """What was said beside progress."""
        return [line for line in self.err.splitlines() if line and not line.startswith(_PROGRESS)]


class Stage:
    """A folder with a routine, where each run has its own output folder and cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tmp = folder / "tmp"
        self._log = folder / "log"
        for path in (self.tmp, self._log, folder / "site"):
            path.mkdir()
        (folder / "site" / "sitecustomize.py").write_text(_SITE, "utf-8")
        self.routine("hello", HELLO)
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
        self.environment = {
            **environment,
            "TMPDIR": str(self.tmp),
            "PYTHONPATH": f"{folder / 'site'}{os.pathsep}{ROOT}",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.faulty import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=self.environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def routine(self, name: str, text: str) -> None:
        (self.folder / f"{name}.yaml").write_text(text, "utf-8")

    def build(
        self, name: str, *more: str, fault: Fault | None = None, limit_bytes: int | None = None
    ) -> Ended:
        """Build `hello.yaml`, or the routines that are named, into `name/out` with the cache `name/cache`."""
        routines = () if any(one.endswith(".yaml") for one in more) else ("hello.yaml",)
        arguments = ("build", *routines, *more, "-o", f"{name}/out", "--cache", f"{name}/cache")
        return self.run(*arguments, watched=("tmp", name), fault=fault, limit_bytes=limit_bytes)

    def run(
        self,
        *arguments: str,
        watched: tuple[str, ...] = (),
        fault: Fault | None = None,
        limit_bytes: int | None = None,
        streams: tuple[str, str] | None = None,
    ) -> Ended:
        """Run the program; with a fault, file operations in the watched folders count."""
        for path in self._log.iterdir():
            path.unlink()
        out, err = streams or (str(self._log / "out"), str(self._log / "err"))
        request = {
            "arguments": arguments,
            "folder": str(self.folder),
            "streams": [os.devnull, out, err],
            "limit_bytes": limit_bytes,
            "faults": self._wish(fault, watched) if fault else None,
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        said = [Path(one).read_text("utf-8") if Path(one).is_file() else "" for one in (out, err)]
        return Ended(answer["status"], said[0], said[1], answer["left"], tuple(self._operations()))

    def _wish(self, fault: Fault, watched: tuple[str, ...]) -> dict[str, Any]:
        return {
            "log": str(self._log),
            "watched": [str(self.folder / name) for name in watched],
            "number": fault.number,
            "last": fault.last,
            "only": fault.only,
            "action": fault.action,
        }

    def _operations(self) -> list[Operation]:
        lines = self._log / "lines"
        rows = lines.read_text("utf-8").splitlines() if lines.exists() else []
        return [Operation(name, Path(path)) for _, name, path in (row.split("\t") for row in rows)]

    def tree(self, name: str) -> dict[str, bytes]:
        """The files in a run's output folder."""
        found = sorted((self.folder / name / "out").glob("*"))
        return {path.name: path.read_bytes() for path in found if path.is_file()}

    def leftovers(self, name: str) -> list[str]:
        """Temporary files, wherever they lie."""
        own = self.folder / name
        found = [*self.tmp.rglob("*"), *own.rglob("*.part"), *own.rglob("*.tmp")]
        return sorted(str(path.relative_to(self.folder)) for path in found)

    def amiss(self, name: str, ended: Ended, whole: dict[str, bytes]) -> list[str]:
        """What must never be, whatever happened to a run: nothing, if all is well."""
        found = self.tree(name)
        torn = [
            file
            for file, content in found.items()
            if not file.startswith(".") and not file.endswith("report.json") and content != whole[file]
        ]
        wrong = {
            f"torn: {torn}": torn,
            f"{ended.left} processes left": ended.left,
            f"said: {ended.err}": "Traceback" in ended.err or "internal error" in ended.err,
            "said nothing": ended.status > 0 and not ended.problems,
            "not whole, and nothing said": ended.status == 0 and found != whole,
        }
        return [sentence for sentence, is_so in wrong.items() if is_so]

    def amiss_later(self, name: str, whole: dict[str, bytes], *more: str) -> list[str]:
        """What is wrong when the run is done again, undisturbed; then everything of it goes."""
        again = self.build(name, *more)
        left = self.leftovers(name)
        wrong = {
            f"again: {again.status} {again.err}": again.status,
            "again: another tree": self.tree(name) != whole,
            f"again: left {left}": left,
        }
        shutil.rmtree(self.folder / name)
        return [sentence for sentence, is_so in wrong.items() if is_so]
